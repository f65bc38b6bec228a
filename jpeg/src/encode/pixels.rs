//! From red, green and blue to planes (ITU-T T.871, clause 7; the weights are those of BT.601).

use super::error::Error;
use super::picture::{Picture, Plane, check_samples, check_size};

/// Bits behind the binary point of the weights.
const PRECISION: u32 = 16;

/// Weights of red, green and blue, times 65536. Those of luma add up to one, those of chroma to nothing.
const LUMA: [i32; 3] = [19595, 38470, 7471];
const BLUE: [i32; 3] = [-11058, -21710, 32768];
const RED: [i32; 3] = [32768, -27439, -5329];

/// Planes made of pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planes {
    size: (u32, u32),
    luma: Vec<u8>,
    chroma: [Vec<u8>; 2],
}

impl Planes {
    /// The planes of pixels of three bytes: red, green and blue. A sample of chroma is that of the mean of
    /// the two by two pixels around it, or of those that there are.
    ///
    /// # Errors
    ///
    /// [`Error::Size`], and [`Error::Samples`] for any other number of bytes than three a pixel.
    pub fn of_rgb(pixels: &[u8], width: u32, height: u32) -> Result<Self, Error> {
        check_size(width, height)?;
        check_samples("a picture of RGB", pixels, (width, height), 3)?;
        let (pixels, _) = pixels.as_chunks::<3>();
        let rounding = 1 << (PRECISION - 1);
        let luma = |pixel: &[u8; 3]| {
            let sum = weighted(LUMA, pixel.map(i32::from));
            sample((sum + rounding) >> PRECISION)
        };
        let half = |side: u32| side.div_ceil(2) as usize;
        let mut chroma = [BLUE, RED].map(|_| Vec::with_capacity(half(width) * half(height)));
        for rows in pixels.chunks(2 * width as usize) {
            let (top, bottom) = rows.split_at(width as usize);
            // The picture goes on beyond its edges as it ends there.
            let bottom = if bottom.is_empty() { top } else { bottom };
            for (top, bottom) in top.chunks(2).zip(bottom.chunks(2)) {
                let pair = |row: &[[u8; 3]], channel: usize| {
                    let last = row[row.len() - 1][channel];
                    i32::from(row[0][channel]) + i32::from(last)
                };
                let four = [0, 1, 2].map(|channel| pair(top, channel) + pair(bottom, channel));
                for (plane, weights) in chroma.iter_mut().zip([BLUE, RED]) {
                    let sum = weighted(weights, four) + (rounding << 2);
                    plane.push(sample((sum >> (PRECISION + 2)) + 128));
                }
            }
        }
        Ok(Self {
            size: (width, height),
            luma: pixels.iter().map(luma).collect(),
            chroma,
        })
    }

    /// The picture that they are.
    pub fn picture(&self) -> Picture<'_> {
        let (width, height) = self.size;
        let chroma = |samples| Plane {
            width: width.div_ceil(2),
            height: height.div_ceil(2),
            samples,
        };
        let [blue, red] = &self.chroma;
        Picture::YCbCr {
            luma: Plane {
                width,
                height,
                samples: &self.luma,
            },
            chroma: [chroma(blue), chroma(red)],
        }
    }
}

fn weighted(weights: [i32; 3], pixel: [i32; 3]) -> i32 {
    weights.iter().zip(pixel).map(|(w, value)| w * value).sum()
}

fn sample(value: i32) -> u8 {
    value.clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_standard() {
        // By T.871's formulas, with a blue difference of 255.5 cut off at 255.
        for (pixel, expected) in [
            ([0, 0, 0], [0, 128, 128]),
            ([255, 255, 255], [255, 128, 128]),
            ([255, 0, 0], [76, 85, 255]),
            ([0, 255, 0], [150, 44, 21]),
            ([0, 0, 255], [29, 255, 107]),
            ([200, 60, 90], [105, 119, 196]),
        ] {
            let planes = Planes::of_rgb(&pixel, 1, 1).expect("a pixel");
            let [blue, red] = &planes.chroma;
            assert_eq!([planes.luma[0], blue[0], red[0]], expected, "{pixel:?}");
        }
    }

    #[test]
    fn chroma_is_that_of_the_mean() {
        // Three by three pixels, of which the last column and row are pairs with themselves.
        let value = |i: u8| [i * 28, 100, 250 - i * 28];
        let pixels: Vec<u8> = (0..9).flat_map(value).collect();
        let planes = Planes::of_rgb(&pixels, 3, 3).expect("nine pixels");
        let mean = |of: [u8; 4]| {
            let red = of.map(|i| f64::from(value(i)[0])).iter().sum::<f64>() / 4.0;
            let blue = of.map(|i| f64::from(value(i)[2])).iter().sum::<f64>() / 4.0;
            let luma = 0.299 * red + 58.7 + 0.114 * blue;
            [
                ((blue - luma) / 1.772 + 128.0).round() as u8,
                ((red - luma) / 1.402 + 128.0).round() as u8,
            ]
        };
        let fours = [[0, 1, 3, 4], [2, 2, 5, 5], [6, 7, 6, 7], [8; 4]].map(mean);
        assert_eq!(planes.chroma, [0, 1].map(|i| fours.map(|f| f[i]).to_vec()));
    }

    #[test]
    fn sizes_that_are_none_are_refused() {
        assert!(matches!(Planes::of_rgb(&[], 0, 4), Err(Error::Size { .. })));
        assert!(matches!(
            Planes::of_rgb(&[], 65_536, 4),
            Err(Error::Size { .. })
        ));
        assert!(matches!(
            Planes::of_rgb(&[0; 5], 2, 1),
            Err(Error::Samples {
                found: 5,
                expected: 6,
                ..
            })
        ));
    }
}
