//! CPU of decode, resize and encode.

use serde::Serialize;

use super::{Bench, progress};
use crate::contender::Contender;
use crate::error::BenchError;
use crate::promises::Class;
use crate::spread::Spread;
use crate::verdict::{Limit, Verdicts};

/// Images of one turn, at least.
const LEAST: usize = 3;

/// Name, what is in it, file, and what is promised of it.
const ROWS: [(&str, &str, &str, Class); 12] = [
    (
        "speed/jpeg-420-8mp",
        "baseline JPEG 4:2:0, 8 MP",
        "8mp-420.jpg",
        Class::Baseline,
    ),
    (
        "speed/jpeg-420-12mp",
        "baseline JPEG 4:2:0, 12 MP",
        "12mp-420.jpg",
        Class::Baseline,
    ),
    (
        "speed/jpeg-420-24mp",
        "baseline JPEG 4:2:0, 24 MP",
        "24mp-420.jpg",
        Class::Baseline,
    ),
    (
        "speed/jpeg-444-8mp",
        "baseline JPEG 4:4:4, 8 MP",
        "8mp-444.jpg",
        Class::Baseline,
    ),
    (
        "speed/jpeg-444-12mp",
        "baseline JPEG 4:4:4, 12 MP",
        "12mp-444.jpg",
        Class::Baseline,
    ),
    (
        "speed/jpeg-444-24mp",
        "baseline JPEG 4:4:4, 24 MP",
        "24mp-444.jpg",
        Class::Baseline,
    ),
    (
        "speed/progressive-8mp",
        "progressive JPEG, 8 MP",
        "8mp-progressive.jpg",
        Class::Progressive,
    ),
    (
        "speed/progressive-12mp",
        "progressive JPEG, 12 MP",
        "12mp-progressive.jpg",
        Class::Progressive,
    ),
    (
        "speed/progressive-24mp",
        "progressive JPEG, 24 MP",
        "24mp-progressive.jpg",
        Class::Progressive,
    ),
    (
        "speed/png-rgb-12mp",
        "PNG RGB, 12 MP",
        "12mp-rgb.png",
        Class::Png,
    ),
    (
        "speed/png-rgba-12mp",
        "PNG RGBA, 12 MP",
        "12mp-rgba.png",
        Class::Png,
    ),
    (
        "speed/webp-12mp",
        "WebP lossy, 12 MP",
        "12mp-lossy.webp",
        Class::WebP,
    ),
];

/// The speed with one image.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Speed {
    /// The row's name.
    pub name: &'static str,
    /// What the image is.
    pub title: &'static str,
    /// What is promised of it.
    #[serde(skip)]
    pub class: Class,
    /// The most, as a part of the peers' CPU.
    pub limit: Limit,
    /// CPU milliseconds of one image, a median for each round; in the order of [`Contender::ALL`].
    pub cpu_ms: [Option<Spread>; 3],
    /// The engine's CPU as a part of sharp's.
    pub of_sharp: Option<Spread>,
    /// The engine's CPU as a part of Pillow's.
    pub of_pillow: Option<Spread>,
    /// Why the engine gave no result.
    pub refused: Option<String>,
    /// By the medians.
    pub verdicts: Verdicts,
}

/// A row's medians, a round each, of each program.
#[derive(Default)]
struct Turns {
    ms: [Vec<f64>; 3],
    refused: Option<String>,
}

/// Measures the rows that were asked for. Every program takes its turn at an image in a fresh process, in
/// turns one way round and the other, so that neither the first nor the last is favoured.
pub(super) fn measure(bench: &Bench) -> Result<Vec<Speed>, BenchError> {
    let rows: Vec<_> = ROWS.iter().filter(|row| bench.wants(row.0)).collect();
    let mut turns: Vec<Turns> = rows.iter().map(|_| Turns::default()).collect();
    for round in 0..bench.rounds {
        for ((name, _, file, _), turns) in rows.iter().zip(&mut turns) {
            progress(&format!("{name}: round {} of {}", round + 1, bench.rounds));
            let (_, path) = bench.images.image(file)?;
            let mut order = [0, 1, 2];
            if round % 2 == 1 {
                order.reverse();
            }
            for at in order {
                let who = Contender::ALL[at];
                let sample = bench.workers.repeat(who, &path, bench.turn, LEAST)?;
                match Spread::of(&sample.cpu_ms) {
                    Some(turn) => turns.ms[at].push(turn.median),
                    None => turns.refused = sample.refused,
                }
            }
        }
    }
    Ok(rows
        .iter()
        .zip(turns)
        .map(|(row, turns)| speed(row, turns))
        .collect())
}

fn speed(
    &(name, title, _, class): &(&'static str, &'static str, &str, Class),
    turns: Turns,
) -> Speed {
    let [engine, sharp, pillow] = &turns.ms;
    let of_sharp = Spread::of_ratios(engine, sharp);
    let of_pillow = Spread::of_ratios(engine, pillow);
    let mut figures = vec![of_sharp];
    if class.is_of_pillow_too() {
        figures.push(of_pillow);
    }
    let judge = |figure: &Option<Spread>| {
        figure.map_or(Verdicts::FAILED, |ratio| class.limit().judge(ratio.median))
    };
    Speed {
        name,
        title,
        class,
        limit: class.limit(),
        verdicts: Verdicts::all(&figures.iter().map(judge).collect::<Vec<_>>()),
        cpu_ms: turns.ms.each_ref().map(|ms| Spread::of(ms)),
        of_sharp,
        of_pillow,
        refused: turns.refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Verdict;

    fn judged(class: Class, ms: [f64; 3]) -> Verdicts {
        let turns = Turns {
            ms: ms.map(|ms| vec![ms, ms, ms]),
            refused: None,
        };
        speed(&("name", "title", "file", class), turns).verdicts
    }

    #[test]
    fn a_baseline_jpeg_is_held_against_both_and_others_against_sharp_alone() {
        assert_eq!(
            judged(Class::Baseline, [50.0, 100.0, 100.0]).must,
            Verdict::Held
        );
        assert_eq!(
            judged(Class::Baseline, [50.0, 100.0, 70.0]).must,
            Verdict::NotHeld
        );
        assert_eq!(
            judged(Class::Baseline, [50.0, 70.0, 100.0]).must,
            Verdict::NotHeld
        );
        assert_eq!(
            judged(Class::Baseline, [50.0, 100.0, 100.0]).aim,
            Verdict::NotHeld
        );
        assert_eq!(judged(Class::WebP, [79.0, 100.0, 10.0]).aim, Verdict::Held);
    }

    #[test]
    fn an_image_that_is_refused_holds_nothing() {
        let turns = Turns {
            ms: [vec![], vec![1.0], vec![1.0]],
            refused: Some("ImageTooLarge".to_owned()),
        };
        let row = speed(&("name", "title", "file", Class::Png), turns);
        assert_eq!((row.of_sharp, row.verdicts), (None, Verdicts::FAILED));
    }
}
