//! Inks to light.

/// Turns CMYK pixels, as `jpeg-decoder` gives them, into RGB without a profile: what an ink leaves of
/// white, times what black leaves. The decoder gives the amount of ink: Adobe stores it inverted, and
/// every reader takes that for granted.
pub(super) fn into_rgb(cmyk: Vec<u8>) -> Vec<u8> {
    let mut rgb = cmyk;
    let mut written = 0;
    for read in (0..rgb.len() / 4).map(|pixel| pixel * 4) {
        let [cyan, magenta, yellow, black] =
            [rgb[read], rgb[read + 1], rgb[read + 2], rgb[read + 3]];
        for ink in [cyan, magenta, yellow] {
            rgb[written] = product(255 - ink, 255 - black);
            written += 1;
        }
    }
    rgb.truncate(written);
    rgb
}

/// `a * b / 255`, rounded.
fn product(a: u8, b: u8) -> u8 {
    let scaled = (u16::from(a) * u16::from(b) + 127) / 255;
    u8::try_from(scaled).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_inks_leave() {
        let cmyk = vec![
            0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 127, 127, 246, 246, 246, 255,
        ];
        assert_eq!(
            into_rgb(cmyk),
            [255, 255, 255, 0, 255, 255, 128, 0, 64, 0, 0, 0]
        );
    }
}
