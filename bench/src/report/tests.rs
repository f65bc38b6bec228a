//! A report as a run makes it, told in each way.

use super::{Machine, Program, Report, svg, text};
use crate::contender::Contender;
use crate::measure::fixed::Fixed;
use crate::measure::memory::{Memory, Peak};
use crate::measure::photos::Photo;
use crate::measure::speed::Speed;
use crate::promises::Class;
use crate::quality::Quality;
use crate::spread::Spread;
use crate::verdict::{Verdict, Verdicts};

const HELD: Verdicts = Verdicts {
    must: Verdict::Held,
    aim: Verdict::NotHeld,
};

fn spread(median: f64, off: f64) -> Option<Spread> {
    Spread::of(&[median - off, median, median + off])
}

fn report() -> Report {
    let peak = |over: f64| Peak {
        idle_mb: Some(5.0),
        peak_mb: Some(over + 8.6),
        over_idle_mb: Some(over),
        refused: None,
    };
    let quality = |psnr_y| {
        Some(Quality {
            psnr_y,
            ssim_y: 0.9559,
            bytes: 95_000,
        })
    };
    Report {
        machine: Machine {
            processor: "A <fast> processor".to_owned(),
            threads: 2,
            system: "linux x86_64".to_owned(),
        },
        programs: vec![Program {
            who: Contender::Sharp,
            version: "0.35.5".to_owned(),
            library: "libvips 8.18.7".to_owned(),
        }],
        rounds: 5,
        speed: vec![Speed {
            name: "speed/jpeg-420-12mp",
            title: "baseline JPEG 4:2:0, 12 MP",
            class: Class::Baseline,
            limit: Class::Baseline.limit(),
            cpu_ms: [spread(27.0, 1.0), spread(58.0, 2.0), spread(90.0, 2.0)],
            of_sharp: spread(0.47, 0.02),
            of_pillow: spread(0.3, 0.01),
            refused: None,
            verdicts: HELD,
        }],
        memory: vec![Memory {
            name: "memory/jpeg-12mp",
            title: "baseline JPEG, 12 MP",
            file_mb: 3.6,
            programs: [peak(8.9), peak(12.0), peak(22.0)],
            verdicts: HELD,
        }],
        function: None,
        quality: vec![Photo {
            name: "quality/path".to_owned(),
            width: 2560,
            height: 1600,
            programs: [quality(36.5), quality(36.2), quality(36.4)],
            bytes_of_sharp: Some(1.004),
            refused: None,
            verdicts: HELD,
        }],
        start: None,
        zip: Some(Fixed {
            name: "zip",
            title: "the function's zip for arm64",
            figure: None,
            unit: "MB",
            why: Some("make build makes it".to_owned()),
            verdicts: Verdicts::UNKNOWN,
        }),
    }
}

fn told(report: &Report) -> String {
    let mut lines = Vec::new();
    text::write(report, &mut lines).expect("memory takes it");
    String::from_utf8(lines).expect("text")
}

#[test]
fn the_text_has_every_figure_and_verdict() {
    let text = told(&report());
    for line in [
        "  baseline JPEG 4:2:0, 12 MP  27.0    58.0   90.0    0.47 (0.45-0.49)  0.30 (0.29-0.31)  0.60 held  0.40 NOT HELD",
        "  baseline JPEG, 12 MP  8.9 (18)  12.0 (21)  22.0 (31)  3.6   held  NOT HELD",
        "  quality/path, 2560 x 1600  36.50 0.9559  36.20 0.9559  36.40 0.9559  1.004  held  NOT HELD",
        "zip: the function's zip for arm64: make build makes it",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    let zip = text.lines().last().expect("lines");
    assert!(zip.starts_with("  the function's zip for arm64"), "{zip}");
    assert!(
        zip.contains("at most 6 MB") && zip.contains("not measured"),
        "{zip}"
    );
}

#[test]
fn what_was_not_measured_keeps_the_whole_from_being_held() {
    let mut report = report();
    assert_eq!(report.must(), Verdict::NotMeasured);
    report.zip = None;
    assert_eq!(report.must(), Verdict::Held);
    report.memory[0].verdicts = Verdicts::FAILED;
    assert_eq!(report.must(), Verdict::NotHeld);
}

#[test]
fn a_refusal_is_told_where_its_figure_would_be() {
    let mut report = report();
    let why = "ImageTooLarge: the image has 12000 x 9000 pixels";
    report.memory[0].programs[0] = Peak {
        idle_mb: Some(5.0),
        refused: Some(why.to_owned()),
        ..Peak::default()
    };
    report.memory[0].verdicts = Verdicts::FAILED;
    let text = told(&report);
    assert!(text.contains("12 MP  ImageTooLarge  12.0 (21)"), "{text}");
    let promise = text.lines().find(|line| line.starts_with("  peak memory"));
    let promise = promise.expect("a line");
    assert!(promise.contains("  refused: ImageTooLarge  "), "{promise}");
    assert!(svg::draw(&report).contains(">refused<"));
}

#[test]
fn the_picture_shows_each_program_to_scale() {
    let picture = svg::draw(&report());
    let width = |class: &str, nth: usize| -> f64 {
        let bars = picture
            .lines()
            .filter(|line| line.contains(&format!("<rect class=\"{class}\"")));
        // The first is in the legend.
        let bar = bars.skip(1).nth(nth).expect("a bar");
        let (_, after) = bar.split_once("width=\"").expect("a width");
        after
            .split('"')
            .next()
            .expect("a number")
            .parse()
            .expect("a number")
    };
    assert!((width("engine", 0) / width("sharp", 0) - 0.47).abs() < 0.01);
    assert!((width("Pillow", 0) / width("sharp", 0) - 90.0 / 58.0).abs() < 0.01);
    assert!((width("engine", 1) / width("Pillow", 1) - 8.9 / 22.0).abs() < 0.01);
    assert!(picture.contains("A &lt;fast> processor"), "escaped");
    // Two hyphens in a comment are an error to every parser of XML.
    let comment = picture.split("-->").next().expect("a comment");
    assert!(
        !comment.trim_start_matches("<!--").contains("--"),
        "{comment}"
    );
    assert_eq!(
        picture.matches("class=\"limit\"").count(),
        3,
        "one a row and the legend's"
    );
}
