//! The boxes around the pictures: which one is shown, where its data is, and what belongs to it.
//!
//! Sources: <https://aomediacodec.github.io/av1-avif/>, ISO/IEC 23008-12 (HEIF), ISO/IEC 14496-12, 8.11 (`meta`)

use std::borrow::Cow;

use super::EngineError;
use super::fields::Fields;
use super::properties::{self, Properties};

/// Most items, references and such in a file: each of a few look-ups goes through all.
const MOST_ENTRIES: u32 = 4096;

const ALPHA: &[u8] = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";

/// What is decoded of a file.
#[derive(Debug)]
pub(super) struct Container<'a> {
    /// The picture that is shown; of a sequence the one that stands for it.
    pub(super) color: Item<'a>,
    pub(super) alpha: Option<Item<'a>>,
    /// Whether colours were multiplied by alpha.
    pub(super) premultiplied: bool,
    /// Whether the file is a sequence of pictures.
    pub(super) sequence: bool,
}

/// A coded picture.
#[derive(Debug)]
pub(super) struct Item<'a> {
    /// A run of OBUs.
    pub(super) data: Cow<'a, [u8]>,
    pub(super) properties: Properties<'a>,
}

impl<'a> Container<'a> {
    /// Reads as far as the first `meta`.
    pub(super) fn read(source: &'a [u8]) -> Result<Self, EngineError> {
        let mut file = Fields(source);
        let mut sequence = false;
        let mut meta = loop {
            let part = file.part()?;
            let part = part.ok_or_else(|| {
                if sequence {
                    unsupported("is a sequence without a picture that stands for it")
                } else {
                    corrupt("lacks the box that says what is in it")
                }
            })?;
            match &part.kind {
                // The first, or another one behind its version.
                b"ftyp" => sequence = part.body.0.as_chunks().0.contains(b"avis"),
                b"meta" => break part.body,
                _ => {}
            }
        };
        meta.version()?;
        let meta = Meta::read(meta)?;
        let primary = meta.primary()?;
        let alpha = meta.alpha_of(primary)?;
        let premultiplied = match alpha {
            Some(alpha) => meta.refers(*b"prem", primary, alpha)?,
            None => false,
        };
        Ok(Self {
            color: meta.item(source, primary)?,
            alpha: alpha.map(|alpha| meta.item(source, alpha)).transpose()?,
            premultiplied,
            sequence,
        })
    }
}

/// The boxes in `meta`.
#[derive(Debug)]
struct Meta<'a> {
    pitm: Fields<'a>,
    iinf: Fields<'a>,
    iloc: Fields<'a>,
    ipco: Fields<'a>,
    ipma: Vec<Fields<'a>>,
    iref: Option<Fields<'a>>,
    idat: &'a [u8],
}

impl<'a> Meta<'a> {
    fn read(meta: Fields<'a>) -> Result<Self, EngineError> {
        let needed = |kind| meta.find(kind)?.ok_or_else(|| lacks(kind));
        let mut iprp = needed(*b"iprp")?;
        let ipco = iprp.find(*b"ipco")?.ok_or_else(|| lacks(*b"ipco"))?;
        let mut ipma = Vec::new();
        while let Some(part) = iprp.part()? {
            if part.kind == *b"ipma" {
                ipma.push(part.body);
            }
        }
        Ok(Self {
            pitm: needed(*b"pitm")?,
            iinf: needed(*b"iinf")?,
            iloc: needed(*b"iloc")?,
            ipco,
            ipma,
            iref: meta.find(*b"iref")?,
            idat: meta.find(*b"idat")?.map_or(&[], |idat| idat.0),
        })
    }

    /// The item that is shown.
    fn primary(&self) -> Result<u32, EngineError> {
        let mut pitm = self.pitm;
        let (version, _) = pitm.version()?;
        pitm.id(version > 0)
    }

    /// What kind of item it is.
    fn kind(&self, id: u32) -> Result<[u8; 4], EngineError> {
        let mut iinf = self.iinf;
        let (version, _) = iinf.version()?;
        counted(iinf.id(version > 0)?)?;
        let mut entries = 0;
        while let Some(mut infe) = iinf.part()? {
            entries += 1;
            counted(entries)?;
            if infe.kind != *b"infe" {
                continue;
            }
            let (version, _) = infe.body.version()?;
            if version < 2 {
                return Err(unsupported("has items of a kind from before AV1"));
            }
            if infe.body.id(version > 2)? == id {
                let _protection = infe.body.u16()?;
                return infe.body.array();
            }
        }
        Err(corrupt("names a picture that is not in it"))
    }

    /// The item with the alpha of another.
    fn alpha_of(&self, id: u32) -> Result<Option<u32>, EngineError> {
        let mut found = None;
        self.references(|kind, from, to| {
            if kind == *b"auxl" && to == id && from != id && found.is_none() {
                let auxiliary = properties::auxiliary(&self.associated(from)?)?;
                // A suffix is about depth and such.
                found = (auxiliary == Some(ALPHA)).then_some(from);
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn refers(&self, kind: [u8; 4], from: u32, to: u32) -> Result<bool, EngineError> {
        let mut refers = false;
        self.references(|it, its_from, its_to| {
            refers |= (it, its_from, its_to) == (kind, from, to);
            Ok(())
        })?;
        Ok(refers)
    }

    /// Every reference of an item to another.
    fn references(
        &self,
        mut each: impl FnMut([u8; 4], u32, u32) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let Some(mut iref) = self.iref else {
            return Ok(());
        };
        let (version, _) = iref.version()?;
        let mut entries = 0;
        while let Some(mut part) = iref.part()? {
            let from = part.body.id(version > 0)?;
            for _ in 0..part.body.u16()? {
                entries += 1;
                counted(entries)?;
                each(part.kind, from, part.body.id(version > 0)?)?;
            }
        }
        Ok(())
    }

    fn item(&self, source: &'a [u8], id: u32) -> Result<Item<'a>, EngineError> {
        match &self.kind(id)? {
            b"av01" => {}
            b"grid" => return Err(unsupported("is put together from tiles (a grid)")),
            b"iovl" => return Err(unsupported("lays pictures over each other")),
            b"tmap" => return Err(unsupported("is a tone map")),
            other => {
                let kind = other.escape_ascii();
                return Err(unsupported(&format!(
                    "has a picture of the kind \"{kind}\""
                )));
            }
        }
        Ok(Item {
            data: self.data(source, id)?,
            properties: Properties::of(&self.associated(id)?)?,
        })
    }

    /// The properties of an item, in their order, with whether it must not be shown without them.
    fn associated(&self, id: u32) -> Result<Vec<(bool, properties::Property<'a>)>, EngineError> {
        let mut indices = Vec::new();
        let mut entries = 0;
        for mut ipma in self.ipma.iter().copied() {
            let (version, flags) = ipma.version()?;
            entries += 1;
            counted(entries)?;
            for _ in 0..ipma.u32()? {
                entries += 1;
                counted(entries)?;
                let item = ipma.id(version > 0)?;
                for _ in 0..ipma.u8()? {
                    entries += 1;
                    let wide = flags & 1 != 0;
                    let entry = if wide { ipma.u16()? } else { ipma.u8()?.into() };
                    let essential = if wide { 1 << 15 } else { 1 << 7 };
                    if item == id {
                        indices.push((entry & essential != 0, usize::from(entry & !essential)));
                    }
                }
            }
        }
        let mut all = Vec::new();
        let mut ipco = self.ipco;
        while let Some(part) = ipco.part()? {
            all.push(part);
            counted(u32::try_from(all.len()).unwrap_or(u32::MAX))?;
        }
        // They are counted from 1, and 0 is none.
        let indices = indices.into_iter().filter(|(_, index)| *index > 0);
        indices
            .map(|(essential, index)| {
                let part = all.get(index - 1).copied();
                let part = part.ok_or_else(|| corrupt("names a property that is not in it"))?;
                Ok((essential, part))
            })
            .collect()
    }

    /// The bytes of an item: of the file, or of `idat`.
    fn data(&self, source: &'a [u8], id: u32) -> Result<Cow<'a, [u8]>, EngineError> {
        let mut iloc = self.iloc;
        let (version, _) = iloc.version()?;
        let [sizes, more] = iloc.array()?;
        let [offset_size, length_size, base_size, index_size] =
            [sizes >> 4, sizes & 15, more >> 4, more & 15].map(usize::from);
        let index_size = if version > 0 { index_size } else { 0 };
        if [offset_size, length_size, base_size, index_size]
            .iter()
            .any(|size| !matches!(size, 0 | 4 | 8))
        {
            return Err(corrupt("has numbers that are not of 0, 4 or 8 bytes"));
        }
        let items = iloc.id(version > 1)?;
        let mut extents = 0;
        for _ in 0..counted(items)? {
            let item = iloc.id(version > 1)?;
            let method = if version > 0 { iloc.u16()? & 15 } else { 0 };
            let _file = iloc.u16()?;
            let base = iloc.number(base_size)?;
            let mut data = Cow::Borrowed([].as_slice());
            for _ in 0..iloc.u16()? {
                extents += 1;
                counted(extents)?;
                iloc.number(index_size)?;
                let offset = base.saturating_add(iloc.number(offset_size)?);
                let length = iloc.number(length_size)?;
                if item != id {
                    continue;
                }
                let all = match method {
                    0 => source,
                    1 => self.idat,
                    _ => return Err(unsupported("has its data in another item")),
                };
                let extent = extent(all, offset, length)?;
                if data.is_empty() {
                    data = Cow::Borrowed(extent);
                } else if data.len() + extent.len() > source.len() {
                    return Err(corrupt("has a picture that is longer than the file"));
                } else {
                    data.to_mut().extend(extent);
                }
            }
            if item == id {
                return Ok(data);
            }
        }
        Err(corrupt("does not say where its picture is"))
    }
}

/// A run of bytes; without a length all that follow.
fn extent(all: &[u8], offset: u64, length: u64) -> Result<&[u8], EngineError> {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let found = all.get(offset..);
    let found = match length {
        0 => found,
        _ => found.and_then(|rest| rest.get(..length)),
    };
    found.ok_or_else(|| corrupt("is not whole: it ends before its picture does"))
}

fn counted(entries: u32) -> Result<u32, EngineError> {
    if entries > MOST_ENTRIES {
        return Err(unsupported(&format!(
            "has a table with more than {MOST_ENTRIES} entries"
        )));
    }
    Ok(entries)
}

fn lacks(kind: [u8; 4]) -> EngineError {
    corrupt(&format!("lacks its box \"{}\"", kind.escape_ascii()))
}

pub(super) fn corrupt(what: &str) -> EngineError {
    EngineError::corrupt(format!("the AVIF {what}"))
}

pub(super) fn unsupported(what: &str) -> EngineError {
    EngineError::Unsupported(format!("the AVIF {what}, which is not supported"))
}
