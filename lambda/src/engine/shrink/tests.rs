use super::super::fit::Span;
use super::*;

/// A picture in which each row and each column differs from the one before.
fn picture(width: usize, height: usize) -> Vec<u8> {
    (0..width * height)
        .map(|i| {
            let (x, y) = (i % width, i / width);
            (x * x / 3 + y * 31 + x * y % 97) as u8
        })
        .collect()
}

fn axes(
    (width, height): (usize, usize),
    covered: (f64, f64),
    target: (usize, usize),
    odd: bool,
    reversed: bool,
) -> (Axis, Axis) {
    let axis = |samples, covered, target| {
        let target = Target {
            seen: Span::WHOLE,
            samples: target,
            overhangs: odd,
            reversed,
        };
        Axis::new(samples, covered, target)
    };
    (
        axis(width, covered.0, target.0),
        axis(height, covered.1, target.1),
    )
}

fn in_bands(samples: &[u8], across: Axis, down: Axis, rows: usize) -> (Vec<u8>, usize) {
    let mut plane = Shrink::new(Layout::Gray, across, down);
    let mut most = 0;
    for band in samples.chunks(across.samples * rows) {
        plane
            .take(band.chunks(across.samples))
            .expect("valid sizes");
        most = most.max(plane.rows.len() / across.padded());
    }
    (plane.finish(0).expect("valid sizes").pixels, most)
}

fn whole(samples: &[u8], across: Axis, down: Axis) -> Vec<u8> {
    let rows: Vec<&[u8]> = samples.chunks(across.samples).collect();
    let above = std::iter::repeat_n(rows[0], down.before);
    let below = std::iter::repeat_n(rows[rows.len() - 1], down.after);
    let mut padded = Vec::new();
    for row in above.chain(rows.iter().copied()).chain(below) {
        across.extend(&mut padded, row, 1);
    }
    let (width, height) = (across.padded(), down.padded());
    let source =
        ImageRef::new(width as u32, height as u32, &padded, PixelType::U8).expect("whole rows");
    let mut target = Image::new(across.target as u32, down.target as u32, PixelType::U8);
    let options = options().crop(
        across.start,
        down.start,
        span(&across, across.target, across.start, width),
        span(&down, down.target, down.start, height),
    );
    Resizer::new()
        .resize(&source, &mut target, &options)
        .expect("valid sizes");
    target.into_vec()
}

/// Equal, or off by the rounding of a filter that is computed for another place. Where rows are
/// enlarged that can be doubled by the columns.
#[test]
fn bands_make_what_the_whole_makes() {
    for (size, covered, target) in [
        ((251, 331), (250.25, 330.5), (100, 131)),
        ((100, 1000), (99.125, 1000.0), (37, 300)),
        ((64, 2000), (64.0, 1999.5), (7, 219)),
        ((300, 200), (300.0, 199.25), (300, 150)),
        ((300, 200), (300.0, 200.0), (150, 200)),
        ((90, 90), (89.5, 89.5), (90, 90)),
        ((50, 70), (50.0, 70.0), (100, 139)),
        ((1, 500), (0.125, 500.0), (1, 100)),
        ((500, 1), (500.0, 0.125), (100, 1)),
    ] {
        let samples = picture(size.0, size.1);
        for (odd, reversed) in [(false, false), (true, false), (true, true)] {
            let (across, down) = axes(size, covered, target, odd, reversed);
            let expected = whole(&samples, across, down);
            for rows in [1, 4, 17, 1000] {
                let (found, _) = in_bands(&samples, across, down, rows);
                assert_eq!(found.len(), expected.len());
                let off = found
                    .iter()
                    .zip(&expected)
                    .map(|(a, b)| a.abs_diff(*b))
                    .max();
                assert!(
                    off <= Some(1 + u8::from(down.scale < 1.0)),
                    "{size:?} to {target:?} by {rows} rows, {odd} {reversed}: {off:?}"
                );
            }
        }
    }
}

#[test]
fn fine_planes_are_what_the_others_are_before_rounding() {
    let samples = picture(251, 331);
    for (target, reversed) in [((100, 131), false), ((251, 331), true), ((70, 331), false)] {
        let (across, down) = axes((251, 331), (250.25, 330.5), target, true, reversed);
        let (coarse, _) = in_bands(&samples, across, down, 16);
        let mut plane = Shrink::fine(across, down);
        plane.take(samples.chunks(251)).expect("valid sizes");
        let fine = plane.finish_fine(0).expect("valid sizes");
        assert_eq!(fine.samples.len(), coarse.len());
        for (fine, coarse) in fine.samples.iter().zip(coarse) {
            let off = f64::from(*fine) / 256.0 - f64::from(coarse);
            // Rounded twice, the first time before a filter that can enlarge what that did.
            assert!(off.abs() < 1.6, "{fine} / 256 is not {coarse}");
        }
    }
}

#[test]
fn the_rows_that_are_held_do_not_grow_with_the_height() {
    let held = |height: usize| {
        let target = (40, height * 2 / 5);
        let covered = (100.0, height as f64);
        let (across, down) = axes((100, height), covered, target, false, false);
        in_bands(&picture(100, height), across, down, 4).1
    };
    assert_eq!(held(1000), held(20_000));
    assert!(held(1000) < 70, "{}", held(1000));
}

#[test]
fn a_plane_that_fits_is_not_changed() {
    let samples = picture(33, 70);
    let (across, down) = axes((33, 70), (32.5, 69.5), (33, 70), true, false);
    assert_eq!(in_bands(&samples, across, down, 8).0, samples);
}

fn resized(source: &Raster, size: (u32, u32)) -> Raster {
    let stored = Placement {
        seen: (Span::WHOLE, Span::WHOLE),
        size,
        canvas: size,
    };
    let mut shrink = Shrink::of_picture(source.layout, (source.width, source.height), &stored);
    let row = source.width as usize * source.layout.channels();
    shrink.take(source.pixels.chunks(row)).expect("valid sizes");
    shrink.finish(0).expect("valid sizes")
}

#[test]
fn transparent_pixels_lend_no_colour() {
    // Opaque red beside green that nobody sees.
    let pixels = (0..64 * 64).flat_map(|i| {
        if i % 64 < 32 {
            [255, 0, 0, 255]
        } else {
            [0, 255, 0, 0]
        }
    });
    let source = Raster {
        width: 64,
        height: 64,
        layout: Layout::Rgba,
        pixels: pixels.collect(),
    };
    let small = resized(&source, (9, 9));
    for pixel in small.pixels.chunks_exact(4).filter(|pixel| pixel[3] > 0) {
        assert!(pixel[0] >= 250 && pixel[1] <= 5, "a fringe: {pixel:?}");
    }
    assert!(small.pixels.chunks_exact(4).any(|pixel| pixel[3] == 255));
    assert!(small.pixels.chunks_exact(4).any(|pixel| pixel[3] == 0));
}

#[test]
fn a_flat_picture_stays_flat() {
    for layout in [Layout::Gray, Layout::GrayAlpha, Layout::Rgb, Layout::Rgba] {
        let pixels = vec![200; 50 * 40 * layout.channels()];
        let source = Raster {
            width: 50,
            height: 40,
            layout,
            pixels,
        };
        let small = resized(&source, (13, 10));
        assert_eq!(small.pixels.len(), 13 * 10 * layout.channels());
        assert!(
            small.pixels.iter().all(|v| v.abs_diff(200) <= 1),
            "{layout:?}"
        );
    }
}

#[test]
fn what_is_not_mixed_keeps_its_colour_whatever_its_alpha() {
    let source = Raster {
        width: 3,
        height: 2,
        layout: Layout::Rgba,
        pixels: (0..24).map(|i| i * 9 % 7).collect(),
    };
    assert_eq!(resized(&source, (3, 2)).pixels, source.pixels);
}

#[test]
fn a_part_is_what_the_whole_shows_there() {
    let (width, height) = (301, 1203);
    let samples = picture(width, height);
    let target = |seen, samples| Target {
        seen,
        samples,
        overhangs: false,
        reversed: false,
    };
    let part = |start: f64, length: f64| Span { start, length };
    let axes = |across, down| {
        (
            Axis::new(width, width as f64, target(across, 60)),
            Axis::new(height, height as f64, target(down, 100)),
        )
    };
    let (across, down) = axes(part(0.2, 0.5), part(0.4, 0.25));
    let whole = whole_of(&samples, width, [(0.2, 0.5), (0.4, 0.25)], (60, 100));
    for rows in [1, 7, 2000] {
        let mut plane = Shrink::new(Layout::Gray, across, down);
        let mut most = 0;
        for band in samples.chunks(width * rows) {
            plane.take(band.chunks(width)).expect("valid sizes");
            most = most.max(plane.rows.len() / across.padded());
        }
        let found = plane.finish(0).expect("valid sizes").pixels;
        let off = found.iter().zip(&whole).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(off <= Some(1), "{rows}: {off:?}");
        assert!(rows > 7 || most < 80, "{most} rows are held");
    }
}

/// What the resizer makes of a part of a whole picture.
fn whole_of(
    samples: &[u8],
    width: usize,
    [(left, across), (top, down)]: [(f64, f64); 2],
    target: (u32, u32),
) -> Vec<u8> {
    let height = samples.len() / width;
    let source = ImageRef::new(width as u32, height as u32, samples, PixelType::U8);
    let mut target = Image::new(target.0, target.1, PixelType::U8);
    let (width, height) = (width as f64, height as f64);
    let part = (left * width, top * height, across * width, down * height);
    let options = options().crop(part.0, part.1, part.2, part.3);
    Resizer::new()
        .resize(&source.expect("whole rows"), &mut target, &options)
        .expect("valid sizes");
    target.into_vec()
}

#[test]
fn what_does_not_come_is_missing() {
    let mut shrink = Shrink::of_picture(
        Layout::Gray,
        (8, 64),
        &Placement {
            seen: (Span::WHOLE, Span::WHOLE),
            size: (2, 16),
            canvas: (2, 16),
        },
    );
    shrink
        .take([[200; 8]; 32].iter().map(<[u8; 8]>::as_slice))
        .expect("valid sizes");
    let small = shrink.finish(128).expect("valid sizes");
    assert_eq!((small.pixels[0], small.pixels[31]), (200, 128));
}
