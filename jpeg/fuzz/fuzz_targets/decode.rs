//! `.ci/fuzz 60 jpeg/decode` runs it; the seeds are `fuzz/seeds`.
//!
//! The first byte says at how many eighths to decode, and how strictly; the rest is the file.
#![no_main]

use jpeg::{Band, Decoder, Eighths, Limits, Options, Sink};
use libfuzzer_sys::fuzz_target;

struct Rows([usize; 4]);

impl Sink for Rows {
    fn band(&mut self, band: Band<'_>) {
        assert_eq!(band.first, self.0[band.component]);
        self.0[band.component] += band.rows().len();
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((how, file)) = input.split_first() else {
        return;
    };
    let limits = Limits {
        max_pixels: 1 << 20,
        max_scans: 20,
        max_block_visits: 1 << 18,
        ..Limits::default()
    };
    let Ok(decoder) = Decoder::new(file, &limits) else {
        return;
    };
    let sizes: Vec<_> = [how & 7, how >> 3 & 7]
        .into_iter()
        .filter_map(|eighths| Eighths::new(eighths + 1))
        .collect();
    let options = Options {
        allow_truncated: how & 64 != 0,
    };
    let mut rows = Rows([0; 4]);
    if let Ok(outcome) = decoder.decode(&sizes, options, &mut rows) {
        assert!((0.0..=1.0).contains(&outcome.share));
        for index in 0..decoder.header().frame.components.len() {
            let size = sizes[index.min(1)];
            let shape = decoder.shape(index, size).expect("a component");
            assert_eq!(rows.0[index], shape.height);
        }
    }
});
