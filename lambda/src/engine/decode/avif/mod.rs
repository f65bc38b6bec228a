//! AVIF; of a sequence the picture that stands for it.
//!
//! The orientation is that of `irot` and `imir`; Exif has none to say in an AVIF. A file that is not whole is
//! refused, [`Options::allow_truncated`](crate::engine::Options::allow_truncated) or not: AV1 codes the picture
//! in one piece. What is put together from tiles (`grid`) is not supported.
//!
//! rav1d's functions call each other as those of C do: a panic in one of them is not caught, but ends the process.
//! A [worker](crate::worker) is a process for that.

mod container;
mod fields;
mod frame;
mod properties;
mod rows;
mod sequence;

use super::{
    Decoded, EngineError, Limits, Orientation, Placement, Task, check_memory, check_size, in_srgb,
};
use crate::engine::color;
use crate::engine::raster::Layout;
use crate::engine::shrink::Shrink;
use container::{Container, Item, corrupt, unsupported};
use frame::Frame;
use properties::{Colors, Crop};
use rows::Rows;
use sequence::Sequence;

pub(super) fn decode(source: &[u8], task: &Task<'_>) -> Result<Decoded, EngineError> {
    let limits = task.limits();
    let container = Container::read(source)?;
    let color = &container.color;
    let sequence = described(color, limits)?;
    let alpha = container.alpha.as_ref();
    let alpha = alpha.map(|item| described(item, limits).map(|sequence| (item, sequence)));
    let alpha = alpha.transpose()?;
    let size = color.properties.size;
    if alpha.is_some_and(|(item, _)| item.properties.size != size) {
        return Err(unsupported("has alpha of another size than its colours"));
    }
    let colors = color.properties.colors.unwrap_or(sequence.colors);
    let profile = profile(color.properties.icc, colors, limits)?;

    let crop = color.properties.crop.unwrap_or(Crop {
        left: 0,
        top: 0,
        width: size.0,
        height: size.1,
    });
    let stored = (crop.width, crop.height);
    let orientation = color.properties.orientation;
    let placements = task.placements(orientation, stored)?;
    let of_alpha = alpha.map_or(0, |(_, sequence)| sequence.memory());
    let planes = sequence.memory().saturating_add(of_alpha);
    let layout = match (sequence.gray, alpha.is_some()) {
        (true, false) => Layout::Gray,
        (true, true) => Layout::GrayAlpha,
        (false, false) => Layout::Rgb,
        (false, true) => Layout::Rgba,
    };
    let shrink = |placement: &Placement| Shrink::of_picture(layout, stored, placement);
    let mut shrinks: Vec<_> = placements.iter().map(shrink).collect();
    let results = shrinks.iter().map(Shrink::bytes).sum();
    check_memory(planes.saturating_add(results), limits)?;

    let frame = Frame::decode(color, &sequence, colors)?;
    // Numbers beside it are about colours, and it has none.
    let alpha = alpha.map(|(item, sequence)| Frame::decode(item, &sequence, sequence.colors));
    let alpha = alpha.transpose()?;
    let mut rows = Rows::new(&frame, alpha.as_ref(), container.premultiplied, layout)?;
    let channels = layout.channels();
    let columns = crop.left as usize * channels..(crop.left + crop.width) as usize * channels;
    for y in crop.top..crop.top + crop.height {
        let row = &rows.row(y as usize)[columns.clone()];
        for shrink in &mut shrinks {
            shrink.take(std::iter::once(row))?;
        }
    }
    let rasters = shrinks.into_iter().map(|shrink| shrink.finish(0));
    let rasters = rasters.collect::<Result<_, _>>()?;
    let mut notes = Vec::new();
    Ok(Decoded {
        pictures: in_srgb(profile.as_deref(), rasters, &mut notes),
        stored,
        orientation,
        lossless: false,
        animated: container.sequence,
        share: 1.0,
        notes,
    })
}

/// What a picture says of itself, once its size has passed.
fn described(item: &Item<'_>, limits: &Limits) -> Result<Sequence, EngineError> {
    let (width, height) = item.properties.size;
    check_size(width, height, limits)?;
    let sequence = Sequence::read(&item.data)?;
    if sequence.size != (width, height) {
        let (codes, and) = sequence.size;
        return Err(corrupt(&format!(
            "declares {width} x {height} pixels and codes {codes} x {and}"
        )));
    }
    Ok(sequence)
}

/// The profile of a picture's colours, if they are not sRGB: its own, or one that is made of the numbers.
fn profile(
    icc: Option<&[u8]>,
    colors: Colors,
    limits: &Limits,
) -> Result<Option<Vec<u8>>, EngineError> {
    if let Some(icc) = icc {
        let taken = icc.len() <= limits.max_icc_bytes;
        return Ok(taken.then(|| icc.to_vec()));
    }
    let Colors {
        primaries,
        transfer,
        ..
    } = colors;
    match transfer {
        // Unspecified, and the curves of cameras, which everyone shows as sRGB.
        1 | 2 | 6 | 7 | 11..=15 => Ok(color::profile_of_primaries(primaries)),
        16 => Err(unsupported("has colours of a high dynamic range (PQ)")),
        18 => Err(unsupported("has colours of a high dynamic range (HLG)")),
        other => Err(unsupported(&format!(
            "has colours on the curve {other} of ITU-T H.273"
        ))),
    }
}
