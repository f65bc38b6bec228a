//! The figures for people.

use std::io::{self, Write};

use super::Report;
use crate::measure::fixed::Fixed;
use crate::quality::Quality;
use crate::spread::Spread;

/// Writes the figures and the table of promises.
///
/// # Errors
///
/// The output cannot be written.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let machine = &report.machine;
    writeln!(
        out,
        "{} ({} threads, {})",
        machine.processor, machine.threads, machine.system
    )?;
    let programs = report.programs.iter().map(|program| {
        let name = program.who.name();
        format!("{name} {} ({})", program.version, program.library)
    });
    writeln!(out, "{}", programs.collect::<Vec<_>>().join(", "))?;
    table(
        out,
        "Speed: CPU ms of decode, resize into 720 x 720, encode at quality 80; median and range of rounds",
        &speed(report),
    )?;
    table(
        out,
        "Memory: peak MB over the idle process and the file; with them in brackets",
        &memory(report),
    )?;
    table(
        out,
        "Quality: PSNR-Y in dB and SSIM-Y against Lanczos3 in floats, bytes as a part of sharp's",
        &quality(report),
    )?;
    for fixed in [&report.function, &report.start, &report.zip]
        .into_iter()
        .flatten()
    {
        alone(out, fixed)?;
    }
    table(out, "What is promised", &promises(report))
}

/// Rows of cells, the first one a head; nothing where there is only that.
fn table(out: &mut dyn Write, title: &str, rows: &[Vec<String>]) -> io::Result<()> {
    if rows.len() < 2 {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    for row in rows {
        let cells = row.iter().enumerate();
        let line: Vec<String> = cells
            .map(|(column, cell)| format!("{cell:<0$}", width(column)))
            .collect();
        writeln!(out, "  {}", line.join("  ").trim_end())?;
    }
    Ok(())
}

fn head(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn ranged(spread: Option<Spread>, digits: usize) -> String {
    let Some(Spread { median, min, max }) = spread else {
        return String::new();
    };
    if min < max {
        format!("{median:.digits$} ({min:.digits$}-{max:.digits$})")
    } else {
        format!("{median:.digits$}")
    }
}

fn speed(report: &Report) -> Vec<Vec<String>> {
    let mut rows = vec![head(&[
        "",
        "engine",
        "sharp",
        "Pillow",
        "of sharp's",
        "of Pillow's",
        "must",
        "aim",
    ])];
    for row in &report.speed {
        let mut cells = vec![row.title.to_owned()];
        cells.extend(
            row.cpu_ms.map(|ms| {
                ms.map_or_else(|| "refused".to_owned(), |ms| format!("{:.1}", ms.median))
            }),
        );
        cells.extend([ranged(row.of_sharp, 2), ranged(row.of_pillow, 2)]);
        cells.push(format!(
            "{:.2} {}",
            row.limit.must,
            row.verdicts.must.text()
        ));
        cells.push(format!("{:.2} {}", row.limit.aim, row.verdicts.aim.text()));
        rows.push(cells);
    }
    rows
}

fn memory(report: &Report) -> Vec<Vec<String>> {
    let mut rows = vec![head(&[
        "", "engine", "sharp", "Pillow", "file", "must", "aim",
    ])];
    for row in &report.memory {
        let mut cells = vec![row.title.to_owned()];
        cells.extend(
            row.programs
                .iter()
                .map(|peak| match (peak.over_idle_mb, peak.peak_mb) {
                    (Some(over), Some(all)) => format!("{over:.1} ({all:.0})"),
                    _ => peak.refused.as_ref().map_or_else(
                        || "not measured".to_owned(),
                        |why| why.split(':').next().unwrap_or(why).to_owned(),
                    ),
                }),
        );
        cells.push(format!("{:.1}", row.file_mb));
        cells.push(row.verdicts.must.text().to_owned());
        cells.push(row.verdicts.aim.text().to_owned());
        rows.push(cells);
    }
    rows
}

fn quality(report: &Report) -> Vec<Vec<String>> {
    let mut rows = vec![head(&[
        "", "engine", "sharp", "Pillow", "bytes", "must", "aim",
    ])];
    for row in &report.quality {
        let mut cells = vec![format!("{}, {} x {}", row.name, row.width, row.height)];
        cells.extend(row.programs.map(|quality| {
            quality.map_or_else(
                || "no result".to_owned(),
                |Quality { psnr_y, ssim_y, .. }| format!("{psnr_y:.2} {ssim_y:.4}"),
            )
        }));
        let ratio = row.bytes_of_sharp;
        cells.push(ratio.map_or_else(String::new, |ratio| format!("{ratio:.3}")));
        cells.push(row.verdicts.must.text().to_owned());
        cells.push(row.verdicts.aim.text().to_owned());
        rows.push(cells);
    }
    rows
}

fn alone(out: &mut dyn Write, row: &Fixed) -> io::Result<()> {
    let figure = row
        .figure
        .map(|_| format!("{} {}", ranged(row.figure, 2), row.unit));
    let said = figure.or_else(|| row.why.clone()).unwrap_or_default();
    writeln!(out, "\n{}: {}: {said}", row.name, row.title)
}

fn promises(report: &Report) -> Vec<Vec<String>> {
    let mut rows = vec![head(&["", "found", "must", "", "aim", ""])];
    for promise in report.promises() {
        rows.push(vec![
            promise.input,
            promise.found,
            promise.must,
            promise.verdicts.must.text().to_owned(),
            promise.aim,
            promise.verdicts.aim.text().to_owned(),
        ]);
    }
    rows
}
