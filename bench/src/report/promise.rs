//! The table of promises.

use serde::Serialize;

use super::Report;
use crate::measure::fixed::Fixed;
use crate::measure::memory::Memory;
use crate::measure::photos::Photo;
use crate::measure::speed::Speed;
use crate::promises::{Class, FUNCTION_MB, LARGER, MEMORY_MB, START_MS, ZIP_MB};
use crate::spread::Spread;
use crate::verdict::{Limit, Verdict, Verdicts};

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// What is promised something.
    pub input: String,
    /// What must be.
    pub must: String,
    /// What is aimed at.
    pub aim: String,
    /// What was found: of several rows the worst.
    pub found: String,
    /// Whether it is held.
    pub verdicts: Verdicts,
}

pub(super) fn of(report: &Report) -> Vec<Promise> {
    let mut promises = Vec::new();
    for class in Class::ALL {
        let rows = report.speed.iter().filter(|row| row.class == class);
        promises.extend(speed(class, &rows.collect::<Vec<_>>()));
    }
    promises.extend(memory(&report.memory));
    let limit = |limit: Limit, unit: &str| {
        let most = |figure| format!("at most {figure} {unit}");
        (most(limit.must), most(limit.aim))
    };
    promises.extend(fixed(report.function.as_ref(), limit(FUNCTION_MB, "MB")));
    promises.extend(quality(&report.quality));
    promises.extend(fixed(report.start.as_ref(), limit(START_MS, "ms")));
    promises.extend(fixed(report.zip.as_ref(), limit(ZIP_MB, "MB")));
    promises
}

fn speed(class: Class, rows: &[&Speed]) -> Option<Promise> {
    if rows.is_empty() {
        return None;
    }
    let Limit { must, aim } = class.limit();
    let whose = if class.is_of_pillow_too() {
        "sharp's and Pillow's CPU"
    } else {
        "sharp's CPU"
    };
    let worst = |of: fn(&Speed) -> Option<Spread>| {
        let ratios = rows.iter().filter_map(|row| of(row));
        ratios.map(|ratio| ratio.median).max_by(f64::total_cmp)
    };
    let mut found = Vec::new();
    if let Some(ratio) = worst(|row| row.of_sharp) {
        found.push(format!("{ratio:.2} of sharp's"));
    }
    if class.is_of_pillow_too()
        && let Some(ratio) = worst(|row| row.of_pillow)
    {
        found.push(format!("{ratio:.2} of Pillow's"));
    }
    found.extend(rows.iter().find_map(|row| refusal(row.refused.as_deref())));
    Some(Promise {
        input: class.title().to_owned(),
        must: format!("at most {must:.2} of {whose}"),
        aim: format!("{aim:.2}"),
        found: found.join(", "),
        verdicts: Verdicts::all(&rows.iter().map(|row| row.verdicts).collect::<Vec<_>>()),
    })
}

fn memory(rows: &[Memory]) -> Option<Promise> {
    if rows.is_empty() {
        return None;
    }
    let over = rows.iter().filter_map(|row| row.programs[0].over_idle_mb);
    let mut found: Vec<String> = over
        .max_by(f64::total_cmp)
        .map(|mb| format!("{mb:.1} MB"))
        .into_iter()
        .collect();
    let refused = |row: &Memory| refusal(row.programs[0].refused.as_deref());
    found.extend(rows.iter().find_map(refused));
    Some(Promise {
        input: "peak memory, JPEG and PNG up to 108 MP".to_owned(),
        must: format!("at most {} MB over idle and file", MEMORY_MB.must),
        aim: format!("{} MB", MEMORY_MB.aim),
        found: found.join(", "),
        verdicts: Verdicts::all(&rows.iter().map(|row| row.verdicts).collect::<Vec<_>>()),
    })
}

fn quality(rows: &[Photo]) -> Option<Promise> {
    if rows.is_empty() {
        return None;
    }
    let held =
        |of: fn(&Photo) -> Verdict| rows.iter().filter(|row| of(row) == Verdict::Held).count();
    let (must, aim) = (held(|row| row.verdicts.must), held(|row| row.verdicts.aim));
    let all = rows.len();
    Some(Promise {
        input: format!("quality of {all} photographs"),
        must: format!(
            "PSNR-Y and SSIM-Y not below sharp's, at most {:.0} % larger",
            (LARGER - 1.0) * 100.0
        ),
        aim: "above Pillow's".to_owned(),
        found: format!("must {must} of {all}, aim {aim} of {all}"),
        verdicts: Verdicts::all(&rows.iter().map(|row| row.verdicts).collect::<Vec<_>>()),
    })
}

/// The name of a refusal: its sentence is in the row.
fn refusal(why: Option<&str>) -> Option<String> {
    let name = why?.split(':').next()?;
    Some(format!("refused: {name}"))
}

fn fixed(row: Option<&Fixed>, (must, aim): (String, String)) -> Option<Promise> {
    let row = row?;
    let found = row.figure.map(|figure| {
        let Spread { median, min, max } = figure;
        let unit = row.unit;
        if min < max {
            format!("{median:.1} {unit} ({min:.1} to {max:.1})")
        } else {
            format!("{median:.1} {unit}")
        }
    });
    Some(Promise {
        input: row.title.to_owned(),
        must,
        aim: aim.trim_start_matches("at most ").to_owned(),
        found: found
            .or_else(|| refusal(row.why.as_deref()).filter(|_| row.verdicts == Verdicts::FAILED))
            .unwrap_or_else(|| "see above".to_owned()),
        verdicts: row.verdicts,
    })
}
