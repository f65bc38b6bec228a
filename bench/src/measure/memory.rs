//! Peak memory of one image, each in a process of its own.

use serde::Serialize;

use super::{Bench, progress};
use crate::contender::Contender;
use crate::error::BenchError;
use crate::promises::MEMORY_MB;
use crate::verdict::Verdicts;

/// Name, what is in it, and file.
const ROWS: [(&str, &str, &str); 10] = [
    ("memory/jpeg-12mp", "baseline JPEG, 12 MP", "12mp-420.jpg"),
    ("memory/jpeg-24mp", "baseline JPEG, 24 MP", "24mp-420.jpg"),
    ("memory/jpeg-50mp", "baseline JPEG, 50 MP", "50mp-420.jpg"),
    (
        "memory/jpeg-108mp",
        "baseline JPEG, 108 MP",
        "108mp-420.jpg",
    ),
    (
        "memory/jpeg-108mp-tall",
        "baseline JPEG, 2,400 x 45,000",
        "108mp-tall-420.jpg",
    ),
    ("memory/png-12mp", "PNG, 12 MP", "12mp-rgb.png"),
    ("memory/png-24mp", "PNG, 24 MP", "24mp-drawn.png"),
    ("memory/png-50mp", "PNG, 50 MP", "50mp-drawn.png"),
    ("memory/png-108mp", "PNG, 108 MP", "108mp-drawn.png"),
    (
        "memory/png-108mp-tall",
        "PNG, 2,400 x 45,000",
        "108mp-tall-drawn.png",
    ),
];

/// Times that each is measured: the least counts, since what else the system does only adds.
const TIMES: u32 = 2;

/// The memory with one image.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Memory {
    /// The row's name.
    pub name: &'static str,
    /// What the image is.
    pub title: &'static str,
    /// The image's file, which every program holds in memory, in MB.
    pub file_mb: f64,
    /// Each program, in the order of [`Contender::ALL`].
    pub programs: [Peak; 3],
    /// Of the engine's memory over the idle process and the file.
    pub verdicts: Verdicts,
}

/// Memory of one program, in MB of 1,000,000 bytes; nothing where the system does not tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Peak {
    /// The process without an image.
    pub idle_mb: Option<f64>,
    /// The process with one.
    pub peak_mb: Option<f64>,
    /// What the image took: the peak without the idle process and the file.
    pub over_idle_mb: Option<f64>,
    /// Why there is no result.
    pub refused: Option<String>,
}

pub(super) fn measure(bench: &Bench) -> Result<Vec<Memory>, BenchError> {
    let rows = ROWS.iter().filter(|row| bench.wants(row.0));
    rows.map(|(name, title, file)| {
        progress(name);
        let (image, path) = bench.images.image(file)?;
        let file_mb = megabytes(image.bytes);
        let mut programs: [Peak; 3] = std::array::from_fn(|_| Peak::default());
        for (who, peak) in Contender::ALL.into_iter().zip(&mut programs) {
            let (mut idle, mut most) = (Vec::new(), Vec::new());
            for _ in 0..TIMES {
                idle.push(bench.workers.idle(who)?.peak_kib);
                let sample = bench.workers.once(who, &path, None)?;
                most.push(sample.peak_kib);
                peak.refused = sample.refused;
            }
            let least = |kib: Vec<Option<u64>>| kib.into_iter().flatten().min();
            peak.set(least(idle), least(most), file_mb);
        }
        let verdicts = judge(&programs[0]);
        Ok(Memory {
            name,
            title,
            file_mb,
            programs,
            verdicts,
        })
    })
    .collect()
}

impl Peak {
    fn set(&mut self, idle_kib: Option<u64>, peak_kib: Option<u64>, file_mb: f64) {
        self.idle_mb = idle_kib.map(|kib| megabytes(kib * 1024));
        if self.refused.is_some() {
            return;
        }
        self.peak_mb = peak_kib.map(|kib| megabytes(kib * 1024));
        self.over_idle_mb = self
            .peak_mb
            .zip(self.idle_mb)
            .map(|(peak, idle)| peak - idle - file_mb);
    }
}

fn judge(engine: &Peak) -> Verdicts {
    match engine {
        Peak {
            refused: Some(_), ..
        } => Verdicts::FAILED,
        Peak {
            over_idle_mb: Some(mb),
            ..
        } => MEMORY_MB.judge(*mb),
        _ => Verdicts::UNKNOWN,
    }
}

/// MB of 1,000,000 bytes.
#[expect(
    clippy::cast_precision_loss,
    reason = "files and processes are far below 9 PB"
)]
pub(super) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Verdict;

    #[test]
    fn the_file_and_the_idle_process_do_not_count() {
        let mut peak = Peak::default();
        peak.set(Some(10_000), Some(40_000), 10.0);
        let over = peak.over_idle_mb.expect("both are known");
        assert!((over - 20.72).abs() < 1e-9, "{over}");
        assert_eq!(judge(&peak).must, Verdict::Held);
        assert_eq!(judge(&peak).aim, Verdict::NotHeld);
    }

    #[test]
    fn what_is_refused_takes_little_memory_and_holds_nothing() {
        let mut peak = Peak {
            refused: Some("ImageTooLarge".to_owned()),
            ..Peak::default()
        };
        peak.set(Some(10_000), Some(12_000), 1.0);
        assert_eq!((peak.over_idle_mb, judge(&peak)), (None, Verdicts::FAILED));
        assert_eq!(judge(&Peak::default()), Verdicts::UNKNOWN);
    }
}
