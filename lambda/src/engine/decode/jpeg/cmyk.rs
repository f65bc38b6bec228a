//! Inks to light.

/// Turns CMYK pixels, as `jpeg-decoder` gives them, into RGB without a profile: what an ink
/// leaves of white, times what black leaves. The decoder gives the remaining light already (Adobe
/// writes inks inverted, and it inverts the others), so that 255 is no ink.
pub(super) fn into_rgb(cmyk: Vec<u8>) -> Vec<u8> {
    let mut rgb = cmyk;
    let mut written = 0;
    for read in (0..rgb.len() / 4).map(|pixel| pixel * 4) {
        let [cyan, magenta, yellow, black] =
            [rgb[read], rgb[read + 1], rgb[read + 2], rgb[read + 3]];
        for light in [cyan, magenta, yellow] {
            rgb[written] = product(light, black);
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
    fn light_times_black() {
        let cmyk = vec![
            255, 255, 255, 255, 0, 255, 255, 255, 255, 0, 128, 128, 9, 9, 9, 0,
        ];
        assert_eq!(
            into_rgb(cmyk),
            [255, 255, 255, 0, 255, 255, 128, 0, 64, 0, 0, 0]
        );
    }
}
