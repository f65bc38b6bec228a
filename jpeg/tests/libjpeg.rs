//! Every block at every size, against the coefficients that libjpeg reads.
//!
//! A C program (`support/oracle.c`) prints the coefficients. The samples that the decoder gives are compared with
//! an inverse transform of them in floating point: they may differ by the rounding and by the
//! precision of integers, but one coefficient that is off by one can be seen in them.
#![expect(clippy::cast_precision_loss, reason = "sizes of pictures")]

#[path = "support/oracle.rs"]
mod oracle;
mod support;

use std::path::{Path, PathBuf};

use jpeg::{Decoder, Eighths, Limits, Options, Planes};
use jpeg_encoder::{ColorType, SamplingFactor};
use oracle::{Component, oracle};
use support::Encoding;

/// Half a step of rounding, and a quarter for the precision of the transform.
const TOLERANCE: f64 = 0.75;

/// The samples of a block at some eighths, by the definition.
fn transformed(n: usize, coefficients: &[i16], factors: &[f64], basis: &[[f64; 8]; 8]) -> Vec<f64> {
    let mut rows = [[0.0; 8]; 8];
    for (v, row) in rows.iter_mut().enumerate().take(n) {
        for (x, cell) in row.iter_mut().enumerate().take(n) {
            let at = |u: usize| f64::from(coefficients[8 * v + u]) * factors[8 * v + u];
            *cell = (0..n).map(|u| at(u) * basis[x][u]).sum();
        }
    }
    let sample = |i: usize| {
        let sum: f64 = (0..n).map(|v| rows[v][i % n] * basis[i / n][v]).sum();
        (sum + 128.0).clamp(0.0, 255.0)
    };
    (0..n * n).map(sample).collect()
}

fn basis(n: usize) -> [[f64; 8]; 8] {
    let mut basis = [[0.0; 8]; 8];
    for (x, row) in basis.iter_mut().enumerate().take(n) {
        for (u, cell) in row.iter_mut().enumerate().take(n) {
            let scale = if u == 0 { 0.5_f64.sqrt() } else { 1.0 };
            let angle = ((2 * x + 1) * u) as f64 * std::f64::consts::PI / (2 * n) as f64;
            *cell = scale * angle.cos() / 2.0;
        }
    }
    basis
}

/// Compares all planes at the sizes that `eighths` gives for the components.
fn compare(name: &str, file: &[u8], expected: &[Component], eighths: &[u8]) {
    let decoder = Decoder::new(file, &Limits::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
    let sizes: Vec<_> = eighths.iter().filter_map(|&n| Eighths::new(n)).collect();
    let planes = Planes::of(&decoder, &sizes, Options::default());
    let planes = planes.unwrap_or_else(|error| panic!("{name} at {eighths:?}: {error}"));
    assert_eq!(planes.0.len(), expected.len(), "{name}");
    for (index, (plane, component)) in planes.0.iter().zip(expected).enumerate() {
        let size = sizes[index.min(sizes.len() - 1)];
        let n = usize::from(size.get());
        let shape = decoder.shape(index, size).expect("a component");
        assert_eq!(plane.width, shape.width, "{name}");
        assert_eq!(plane.samples.len(), shape.width * shape.height, "{name}");
        let basis = basis(n);
        for (number, block) in component.coefficients.chunks(64).enumerate() {
            let (left, top) = (
                number % component.blocks.0 * n,
                number / component.blocks.0 * n,
            );
            let exact = transformed(n, block, &component.factors, &basis);
            for (i, exact) in exact.into_iter().enumerate() {
                let (x, y) = (left + i % n, top + i / n);
                if x < shape.width && y < shape.height {
                    let sample = f64::from(plane.samples[y * shape.width + x]);
                    assert!(
                        (sample - exact).abs() < TOLERANCE,
                        "{name}: component {index} at {n} eighths, x {x}, y {y}: {sample} for {exact}"
                    );
                }
            }
        }
    }
}

/// All that the encoder can write, one thing changed at a time.
fn encodings() -> Vec<Encoding> {
    use SamplingFactor::{F_1_1, F_1_2, F_1_4, F_2_1, F_2_2, F_2_4, F_4_1, F_4_2};
    let mut all = Vec::new();
    for sampling in [F_1_1, F_1_2, F_1_4, F_2_1, F_2_2, F_2_4, F_4_1, F_4_2] {
        for scans in [None, Some(4), Some(17)] {
            for restart_interval in [0, 3] {
                all.push(Encoding {
                    sampling,
                    scans,
                    restart_interval,
                    // Together with a restart interval the encoder panics.
                    optimized: restart_interval == 0,
                    ..Encoding::default()
                });
            }
        }
    }
    for color in [ColorType::Luma, ColorType::Cmyk, ColorType::CmykAsYcck] {
        for scans in [None, Some(8)] {
            for quality in [30, 100] {
                all.push(Encoding {
                    color,
                    scans,
                    quality,
                    ..Encoding::default()
                });
            }
        }
    }
    all
}

/// The JPEGs among Pillow's test images. None if they are not there.
fn corpus() -> Option<Vec<PathBuf>> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/corpora/pillow-13.0.0/Tests/images");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .ok()?
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .collect();
    found.sort();
    Some(found)
}

#[test]
fn all_encodings_at_all_sizes() {
    let Some(oracle) = oracle() else { return };
    for encoding in encodings() {
        let file = encoding.encode(211, 135);
        let expected = oracle.coefficients(&file).expect("a valid file");
        for n in 1..=8 {
            compare(&format!("{encoding:?}"), &file, &expected, &[n]);
        }
        compare(&format!("{encoding:?}"), &file, &expected, &[2, 4]);
        compare(&format!("{encoding:?}"), &file, &expected, &[3, 7, 1, 5]);
    }
}

#[test]
fn large_pictures_skip_symbols() {
    let Some(oracle) = oracle() else { return };
    for scans in [None, Some(9)] {
        for quality in [50, 85, 97] {
            let encoding = Encoding {
                scans,
                quality,
                ..Encoding::default()
            };
            let file = encoding.encode(700, 600);
            let expected = oracle.coefficients(&file).expect("a valid file");
            for n in 1..=8 {
                compare(&format!("{encoding:?}"), &file, &expected, &[n]);
            }
        }
    }
}

#[test]
fn scans_divided_in_other_ways() {
    let Some(oracle) = oracle() else { return };
    let photo = support::photo();
    for quality in [60, 95] {
        let small = Encoding {
            quality,
            ..Encoding::default()
        }
        .encode(333, 217);
        for source in [&small, &photo] {
            for script in ["apart", "pair", "bands", "bits", "restarts"] {
                let file = oracle
                    .run(&["rescan", script], source)
                    .expect("a written file");
                let expected = oracle.coefficients(&file).expect("a valid file");
                for n in 1..=8 {
                    compare(script, &file, &expected, &[n]);
                }
                compare(script, &file, &expected, &[2, 4]);
                compare(script, &file, &expected, &[4, 1, 2]);
            }
        }
    }
}

#[test]
fn odd_sampling_factors() {
    let Some(oracle) = oracle() else { return };
    let photo = Encoding::default().encode(171, 99);
    for factors in [
        "311111", "133111", "321211", "111122", "112111", "411111", "221221",
    ] {
        let file = oracle
            .run(&["sample", factors], &photo)
            .expect("a written file");
        let expected = oracle.coefficients(&file).expect("a valid file");
        for n in [1, 2, 3, 4, 8] {
            compare(factors, &file, &expected, &[n]);
        }
    }
}

/// What both read they read alike. What libjpeg reads without a warning is read here, except for what is
/// named.
#[test]
fn pillows_pictures() {
    let Some(oracle) = oracle() else { return };
    let Some(corpus) = corpus() else {
        println!(
            "SKIPPED: Pillow's test images are not there: make target/corpora/pillow-13.0.0/PKG-INFO"
        );
        return;
    };
    let mut compared = 0;
    for path in corpus {
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let file = std::fs::read(&path).expect("a readable file");
        let decoder = Decoder::new(&file, &Limits::default());
        let planes = match &decoder {
            Ok(decoder) => Planes::of(decoder, &[Eighths::ALL], Options::default()),
            Err(error) => Err(error.clone()),
        };
        let expected = oracle.coefficients(&file);
        let sound = expected
            .as_ref()
            .is_some_and(|all| all.iter().all(|c| !c.warned));
        match (planes, expected) {
            (Ok(_), Some(expected)) => {
                compared += 1;
                for n in [1, 2, 3, 4, 5, 8] {
                    compare(&name, &file, &expected, &[n]);
                }
            }
            (Err(error), Some(_)) if sound => panic!("{name}: {error}"),
            (planes, expected) => {
                let theirs = expected.map_or("refused", |_| "read with warnings");
                println!("{name}: {:?}, and by libjpeg {theirs}", planes.err());
            }
        }
    }
    assert!(compared >= 50, "only {compared} were compared");
}
