//! Everything before the picture data: the segments up to the first scan and, of a picture in several
//! scans, the headers of all of them.

use crate::Error;
use crate::color::{Color, Signs};
use crate::frame::{self, Frame};
use crate::icc;
use crate::limits::{self, Limits};
use crate::scan::Scan;
use crate::segment::{self, Segment, marker};
use crate::tables::Tables;

/// What a JPEG says about itself.
#[derive(Debug, Clone)]
pub struct Header<'a> {
    /// Size, kind and components.
    pub frame: Frame,
    /// What the components mean.
    pub color: Color,
    /// The transform of the Adobe marker, if there is one. It says whether inks are inverted.
    pub adobe: Option<u8>,
    /// The first APP1 segment that starts with `Exif\0\0`, with that start. Where a file has two, the
    /// second is often that of a thumbnail or of an earlier version.
    pub exif: Option<&'a [u8]>,
    /// The ICC profile, if it is whole and within the limit.
    pub icc: Option<Vec<u8>>,
    /// MCUs between restart markers in the first scan; 0 if there are none.
    pub restart_interval: u32,
    /// Blocks visited in all scans.
    pub block_visits: u64,
    /// Where the file ends, if it ends before its end marker. Nobody looks for the end of a picture in
    /// one scan before it is decoded, so of such a one it is always `None`.
    pub breaks_off_at: Option<usize>,
    /// The tables at the first scan.
    pub(crate) tables: Tables,
    pub(crate) scans: Vec<Scan>,
}

impl<'a> Header<'a> {
    /// Reads the headers of a file and holds them against the limits.
    ///
    /// # Errors
    ///
    /// All kinds of [`Error`] but [`Error::Truncated`]: a file that ends within its headers is corrupt.
    pub fn read(file: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        if !file.starts_with(&[0xFF, marker::SOI]) {
            return Err(Error::corrupt("there is no start of image", 0));
        }
        let mut signs = Signs::default();
        let mut tables = Tables::default();
        let mut profile = icc::Chunks::default();
        let mut exif = None;
        let mut found_frame: Option<Frame> = None;
        let mut walk = Walk::new(file, limits);
        let start_of_scan = loop {
            let Some(segment) = walk.next()? else {
                return Err(Error::corrupt("there is no picture", walk.at));
            };
            signs.note(&segment);
            tables.note(&segment)?;
            match segment.marker {
                marker::SOS => break segment,
                marker::EOI => return Err(Error::corrupt("there is no picture", segment.at)),
                marker if frame::is_frame(marker) => {
                    once(found_frame.as_ref(), segment.at)?;
                    found_frame = Some(Frame::read(&segment, limits)?);
                }
                marker::APP1 if exif.is_none() && segment.body.starts_with(b"Exif\0\0") => {
                    exif = Some(segment.body);
                }
                marker::APP2 => profile.note(segment.body),
                _ => {}
            }
        };
        let Some(frame) = found_frame else {
            return Err(Error::corrupt("there is no frame header", start_of_scan.at));
        };
        let ids: Vec<_> = frame.components.iter().map(|c| c.id).collect();
        let mut header = Self {
            color: signs.color(&ids)?,
            frame,
            adobe: signs.adobe,
            exif,
            icc: profile.join(limits.max_icc_bytes),
            restart_interval: tables.restart_interval,
            block_visits: 0,
            breaks_off_at: None,
            tables,
            scans: Vec::new(),
        };
        header.add_scan(&start_of_scan, file, limits)?;
        if header.frame.progressive || header.is_partial() {
            header.read_scans(walk, limits)?;
        }
        Ok(header)
    }

    /// Number of scans that make up the picture.
    pub fn scans(&self) -> usize {
        self.scans.len()
    }

    /// Whether some component has no scan yet.
    fn is_partial(&self) -> bool {
        let members = || self.scans.iter().flat_map(|scan| &scan.members);
        let missing = |component| !members().any(|member| member.component == component);
        (0..self.frame.components.len()).any(missing)
    }

    /// Finds the end of the first scan, and the scans behind it.
    fn read_scans(&mut self, mut walk: Walk<'a, '_>, limits: &Limits) -> Result<(), Error> {
        let file = walk.file;
        loop {
            if let Some(scan) = self.scans.last_mut() {
                let end = segment::entropy_end(file, scan.data.start);
                scan.data.end = end;
                // A byte 0xFF at the end may be one of data as well as the first of a marker.
                scan.breaks_off = file[end..].iter().all(|&byte| byte == 0xFF);
                walk.at = end;
            }
            if !self.frame.progressive && !self.is_partial() {
                return Ok(());
            }
            let segment = loop {
                match walk.next() {
                    // A segment that the file ends in belongs to a scan that is not there.
                    Ok(None) | Err(Error::Corrupt { .. }) => {
                        self.breaks_off_at = Some(file.len());
                        return Ok(());
                    }
                    Err(error) => return Err(error),
                    Ok(Some(segment)) => match segment.marker {
                        marker::EOI => return Ok(()),
                        marker::SOS => break segment,
                        marker if frame::is_frame(marker) => once(Some(&self.frame), segment.at)?,
                        _ => {}
                    },
                }
            };
            self.add_scan(&segment, file, limits)?;
        }
    }

    fn add_scan(
        &mut self,
        segment: &Segment<'_>,
        file: &[u8],
        limits: &Limits,
    ) -> Result<(), Error> {
        let scan = Scan::read(segment, &self.frame, file.len())?;
        let again = |scan: &Scan| {
            let taken = self.scans.iter().flat_map(|earlier| &earlier.members);
            let mut taken = taken.map(|member| member.component);
            taken.any(|component| scan.members.iter().any(|m| m.component == component))
        };
        if !self.frame.progressive && again(&scan) {
            let what = "a sequential JPEG has a component in two scans";
            return Err(Error::corrupt(what, scan.at));
        }
        self.block_visits = self.block_visits.saturating_add(scan.blocks(&self.frame));
        self.scans.push(scan);
        limits::check(
            "scans",
            self.scans.len() as u64,
            u64::from(limits.max_scans),
        )?;
        limits::check("block visits", self.block_visits, limits.max_block_visits)
    }
}

fn once(frame: Option<&Frame>, at: usize) -> Result<(), Error> {
    match frame {
        Some(_) => Err(Error::corrupt("there are two frame headers", at)),
        None => Ok(()),
    }
}

/// A walk over the segments that counts them.
struct Walk<'a, 'l> {
    file: &'a [u8],
    at: usize,
    segments: u64,
    limits: &'l Limits,
}

impl<'a, 'l> Walk<'a, 'l> {
    fn new(file: &'a [u8], limits: &'l Limits) -> Self {
        Self {
            file,
            at: 2,
            segments: 0,
            limits,
        }
    }

    fn next(&mut self) -> Result<Option<Segment<'a>>, Error> {
        let segment = segment::next(self.file, self.at)?;
        if let Some(segment) = segment {
            self.at = segment.end;
            self.segments += 1;
            limits::check(
                "segments",
                self.segments,
                u64::from(self.limits.max_segments),
            )?;
        }
        Ok(segment)
    }
}
