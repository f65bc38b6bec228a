//! Quality on photographs as they were published.

use serde::Serialize;

use super::{Bench, progress};
use crate::contender::Contender;
use crate::error::BenchError;
use crate::promises::LARGER;
use crate::quality::{self, Quality};
use crate::verdict::{Verdict, Verdicts};

/// The quality of one photograph's results.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Photo {
    /// The row's name.
    pub name: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Each program, in the order of [`Contender::ALL`]; nothing where the result has another size or there is
    /// none.
    pub programs: [Option<Quality>; 3],
    /// The engine's bytes as a part of sharp's.
    pub bytes_of_sharp: Option<f64>,
    /// Why the engine gave no result.
    pub refused: Option<String>,
    /// Must: not below sharp, and hardly larger. Aim: above Pillow as well.
    pub verdicts: Verdicts,
}

pub(super) fn measure(bench: &Bench) -> Result<Vec<Photo>, BenchError> {
    let scratch = tempfile::tempdir().map_err(|source| BenchError::Write {
        path: std::env::temp_dir(),
        source,
    })?;
    let mut rows = Vec::new();
    for photo in bench.images.photos() {
        let name = format!("quality/{}", photo.name);
        if !bench.wants(&name) {
            continue;
        }
        progress(&name);
        let (photo, path) = bench.images.photo(photo)?;
        let reference = quality::reference(&path)?;
        let mut programs = [None; 3];
        let mut refused = None;
        for (who, quality) in Contender::ALL.into_iter().zip(&mut programs) {
            let out = scratch.path().join(format!("{}.jpg", who.name()));
            let sample = bench.workers.once(who, &path, Some(&out))?;
            if sample.refused.is_some() {
                refused = sample.refused;
            } else {
                *quality = quality::judge(&reference, &out, sample.bytes)?;
            }
        }
        rows.push(Photo {
            name,
            width: photo.width,
            height: photo.height,
            bytes_of_sharp: bytes_of_sharp(&programs),
            verdicts: judge(&programs),
            programs,
            refused,
        });
    }
    Ok(rows)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "results have far less than 9 PB"
)]
fn bytes_of_sharp(programs: &[Option<Quality>; 3]) -> Option<f64> {
    let [engine, sharp, _] = programs;
    engine
        .zip(*sharp)
        .map(|(engine, sharp)| engine.bytes as f64 / sharp.bytes as f64)
}

fn judge(programs: &[Option<Quality>; 3]) -> Verdicts {
    let [Some(engine), Some(sharp), Some(pillow)] = programs else {
        // A peer always gives one, so it is the engine that did not, or in another size.
        return Verdicts::FAILED;
    };
    let not_below =
        |other: &Quality| engine.psnr_y >= other.psnr_y && engine.ssim_y >= other.ssim_y;
    // In hundredths and ten-thousandths, two good results often tie on one of the two.
    let above = |other: &Quality| {
        not_below(other) && (engine.psnr_y > other.psnr_y || engine.ssim_y > other.ssim_y)
    };
    let small = bytes_of_sharp(programs).is_some_and(|ratio| ratio <= LARGER);
    let must = not_below(sharp) && small;
    Verdicts {
        must: Verdict::of(must),
        aim: Verdict::of(must && above(pillow)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(engine: (f64, f64, u64)) -> (Verdict, Verdict) {
        let quality = |(psnr_y, ssim_y, bytes)| {
            Some(Quality {
                psnr_y,
                ssim_y,
                bytes,
            })
        };
        let sharp = quality((36.0, 0.95, 1000));
        let pillow = quality((37.0, 0.96, 1000));
        let verdicts = judge(&[quality(engine), sharp, pillow]);
        (verdicts.must, verdicts.aim)
    }

    #[test]
    fn both_measures_count_and_so_does_the_size() {
        use Verdict::{Held, NotHeld};
        assert_eq!(judged((36.0, 0.95, 1030)), (Held, NotHeld));
        assert_eq!(judged((36.0, 0.95, 1031)), (NotHeld, NotHeld));
        assert_eq!(judged((38.0, 0.949, 1000)), (NotHeld, NotHeld));
        assert_eq!(judged((35.9, 0.97, 1000)), (NotHeld, NotHeld));
        assert_eq!(judged((37.1, 0.961, 900)), (Held, Held));
        assert_eq!(judged((37.1, 0.96, 900)), (Held, Held));
        assert_eq!(judged((37.0, 0.96, 900)), (Held, NotHeld));
        assert_eq!(judged((37.1, 0.959, 900)), (Held, NotHeld));
        assert_eq!(judge(&[None; 3]), Verdicts::FAILED);
    }
}
