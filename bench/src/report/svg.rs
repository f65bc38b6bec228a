//! The figures as a picture: CPU with sharp's as 1, and memory in MB.

use std::fmt::Write as _;

use super::Report;
use crate::contender::Contender;
use crate::promises::MEMORY_MB;
use crate::spread::Spread;

const WIDTH: f64 = 880.0;
/// Where bars begin, and how long the longest is.
const LEFT: f64 = 226.0;
const LENGTH: f64 = 430.0;
/// Height of a bar, from bar to bar, and from row to row.
const BAR: f64 = 8.0;
const STEP: f64 = 9.0;
const ROW: f64 = 40.0;

/// Legible on light and on dark: the colours of text follow the reader's, those of bars stand on both.
const STYLE: &str = "\
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.small { font-size: 11px; fill: #59636e }
.engine { fill: #d2601a } .sharp { fill: #4c86b8 } .Pillow { fill: #8f9aa5 }
.limit { stroke: #1f2328; stroke-width: 2 }
.range { stroke: #1f2328; stroke-width: 1 }
.axis { stroke: #59636e; stroke-width: 1; stroke-opacity: .35 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 }
  .limit, .range { stroke: #e6edf3 } .axis { stroke: #9198a1 }
}";

/// A row of bars: what is said left and right of them, the programs' figures, the most that must be.
struct Row {
    title: String,
    said: String,
    bars: [Option<f64>; 3],
    range: Option<Spread>,
    must: f64,
}

/// Draws the picture.
pub fn draw(report: &Report) -> String {
    let mut body = String::new();
    let mut top = 20.0;
    legend(&mut body, top);
    top += 30.0;
    let speed: Vec<Row> = report.speed.iter().map(speed).collect();
    let memory: Vec<Row> = report.memory.iter().map(memory).collect();
    for (title, unit, rows) in [
        (
            "CPU of decode, resize into 720 x 720, encode",
            "of sharp's",
            speed,
        ),
        (
            "Peak memory over the idle process and the file",
            "MB",
            memory,
        ),
    ] {
        if !rows.is_empty() {
            top = panel(&mut body, top, title, unit, &rows);
        }
    }
    let (machine, programs) = (&report.machine, &report.programs);
    let versions: Vec<String> = programs
        .iter()
        .map(|program| format!("{} {}", program.who.name(), program.version))
        .collect();
    let note = format!(
        "{}; {}, {}",
        versions.join(", "),
        machine.processor,
        machine.system
    );
    label(&mut body, "small", "start", (12.0, top + 4.0), &note);
    format!(
        "<!-- Drawn by `bench`, with its option `plot`. -->\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {0}\" width=\"{WIDTH}\" height=\"{0}\" role=\"img\" \
         aria-label=\"CPU and memory of the engine, sharp and Pillow\">\n<style>{STYLE}</style>\n{body}</svg>\n",
        top + 18.0
    )
}

fn speed(row: &crate::measure::speed::Speed) -> Row {
    let sharp = row.cpu_ms[1].map(|ms| ms.median);
    let part = |ms: Option<Spread>| Some(ms?.median / sharp?);
    let said = match (row.cpu_ms[0], row.of_sharp) {
        (Some(ms), Some(ratio)) => format!("{:.0} ms, {:.2} of sharp's", ms.median, ratio.median),
        _ => "refused".to_owned(),
    };
    Row {
        title: row.title.to_owned(),
        said,
        // The ratio of rounds, which the range is about.
        bars: [
            row.of_sharp.map(|ratio| ratio.median),
            part(row.cpu_ms[1]),
            part(row.cpu_ms[2]),
        ],
        range: row.of_sharp,
        must: row.limit.must,
    }
}

fn memory(row: &crate::measure::memory::Memory) -> Row {
    let over = |at: usize| row.programs[at].over_idle_mb;
    Row {
        title: row.title.to_owned(),
        said: over(0).map_or_else(
            || "refused".to_owned(),
            |mb| format!("{mb:.1} MB, {:.1} MB of file", row.file_mb),
        ),
        bars: [over(0), over(1), over(2)],
        range: None,
        must: MEMORY_MB.must,
    }
}

fn legend(body: &mut String, top: f64) {
    let mut left = 12.0;
    for who in Contender::ALL {
        let name = who.name();
        bar(body, name, (left, top - 9.0), 22.0);
        label(body, "name", "start", (left + 28.0, top), name);
        left += 92.0;
    }
    line(body, "limit", (left, top - 12.0), (left, top));
    label(
        body,
        "name",
        "start",
        (left + 8.0, top),
        "the most that the engine must need",
    );
}

/// Draws rows of bars under a title, and gives where they end.
fn panel(body: &mut String, top: f64, title: &str, unit: &str, rows: &[Row]) -> f64 {
    label(body, "title", "start", (12.0, top + 4.0), title);
    let figures = rows.iter().flat_map(|row| {
        let longest = row.range.map(|range| range.max);
        row.bars
            .iter()
            .flatten()
            .copied()
            .chain(longest)
            .chain([row.must])
    });
    let most = figures.fold(0.0, f64::max);
    let step = tick(most);
    let most = (most / step).ceil() * step;
    let at = |figure: f64| LEFT + figure.max(0.0) / most * LENGTH;

    let first = top + 34.0;
    let end = rows.iter().fold(first, |end, _| end + ROW);
    let mut figure = 0.0;
    while figure < most + step / 2.0 {
        let x = at(figure);
        line(body, "axis", (x, first - 8.0), (x, end - 6.0));
        let said = if step < 1.0 {
            format!("{figure:.1}")
        } else {
            format!("{figure:.0}")
        };
        label(body, "small", "middle", (x, first - 12.0), &said);
        figure += step;
    }
    label(
        body,
        "small",
        "start",
        (LEFT + LENGTH + 14.0, first - 12.0),
        unit,
    );

    let mut y = first;
    for row in rows {
        label(body, "name", "end", (LEFT - 10.0, y + 17.0), &row.title);
        let mut under = y;
        for (who, figure) in Contender::ALL.into_iter().zip(row.bars) {
            if let Some(figure) = figure {
                bar(
                    body,
                    who.name(),
                    (LEFT, under),
                    (at(figure) - LEFT).max(1.0),
                );
            }
            under += STEP;
        }
        if let Some(Spread { min, max, .. }) = row.range {
            let middle = y + BAR / 2.0;
            line(body, "range", (at(min), middle), (at(max), middle));
        }
        line(
            body,
            "limit",
            (at(row.must), y - 2.0),
            (at(row.must), y + BAR + 2.0),
        );
        label(
            body,
            "name",
            "start",
            (LEFT + LENGTH + 14.0, y + 17.0),
            &row.said,
        );
        y += ROW;
    }
    end + 20.0
}

/// From tick to tick: 1, 2 or 5 times a power of ten, at most six of them.
fn tick(most: f64) -> f64 {
    let mut step = 10_f64.powf(most.max(1e-3).log10().floor() - 1.0);
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if most / step <= 6.0 {
            break;
        }
        step *= factor;
    }
    step
}

fn bar(body: &mut String, class: &str, (x, y): (f64, f64), length: f64) {
    let _ = writeln!(
        body,
        r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{length:.1}" height="{BAR}" rx="1.5"/>"#
    );
}

fn line(body: &mut String, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
    let _ = writeln!(
        body,
        r#"<line class="{class}" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}"/>"#
    );
}

fn label(body: &mut String, class: &str, anchor: &str, (x, y): (f64, f64), said: &str) {
    let said = said.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(
        body,
        r#"<text class="{class}" text-anchor="{anchor}" x="{x:.1}" y="{y:.1}">{said}</text>"#
    );
}
