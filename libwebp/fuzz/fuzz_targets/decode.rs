//! `cargo +nightly fuzz run decode` in `libwebp/`; the seeds are `fuzz/seeds`. `CFLAGS=-fsanitize=address` watches
//! the code in C as well.
//!
//! The first two bytes say to which size to scale, and the highest bit how strictly to decode; the rest is the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use libwebp::{Coding, Options, decode, encode, header};

fuzz_target!(|input: &[u8]| {
    let [across, down, file @ ..] = input else {
        return;
    };
    // A header may declare any size.
    if header(file).is_ok_and(|header| header.memory((1, 1)) > 16 << 20) {
        return;
    }
    let options = Options {
        allow_truncated: across & 128 != 0,
    };
    let size = (u32::from(across & 127), u32::from(*down));
    let Ok(decoded) = decode(file, size, options) else {
        return;
    };
    assert!((0.0..=1.0).contains(&decoded.share));
    let size = (decoded.width, decoded.height);
    let coding = Coding::Lossy {
        quality: f32::from(down % 101),
    };
    encode(&decoded.pixels, decoded.layout, size, coding).expect("a valid picture");
});
