//! Rows of a decoded picture in RGB or gray, 8 bits a sample, with alpha if there is any.
//!
//! Chroma that has fewer samples than luma is interpolated linearly, its samples being taken as in the middle of
//! those they are for, as in a JPEG: where a file says that they are elsewhere is left out of account.
//!
//! Source: <https://www.itu.int/rec/T-REC-H.273> (8.3, the matrices)

use super::EngineError;
use super::container::unsupported;
use super::frame::Frame;
use crate::engine::raster::Layout;

/// Makes rows.
pub(super) struct Rows<'a> {
    color: &'a Frame,
    alpha: Option<&'a Frame>,
    premultiplied: bool,
    matrix: Matrix,
    layout: Layout,
    luma: Vec<f32>,
    chroma: [Vec<f32>; 2],
    /// Rows of chroma before they are as wide as luma.
    near: Vec<f32>,
    far: Vec<f32>,
    pixels: Vec<u8>,
}

/// From what is coded to red, green and blue.
#[derive(Debug, Clone, Copy)]
enum Matrix {
    /// Green, blue and red themselves.
    Identity,
    /// By the share of red and blue in luma.
    Luma { red: f32, blue: f32 },
}

impl Matrix {
    fn of(frame: &Frame) -> Result<Self, EngineError> {
        let luma = |red, blue| Ok(Self::Luma { red, blue });
        match frame.colors.matrix {
            _ if frame.is_gray() => Ok(Self::Identity),
            0 if frame.halved == (false, false) => Ok(Self::Identity),
            1 => luma(0.2126, 0.0722),
            // Unspecified, which everyone takes for BT.601.
            2 | 5 | 6 => luma(0.299, 0.114),
            9 => luma(0.2627, 0.0593),
            other => Err(unsupported(&format!(
                "has its colours by the matrix {other} of ITU-T H.273"
            ))),
        }
    }
}

/// How samples become 0 to 255.
#[derive(Debug, Clone, Copy)]
struct Scale {
    zero: f32,
    factor: f32,
}

impl Scale {
    /// For luma, alpha and what is coded as itself.
    fn luma(frame: &Frame) -> Self {
        let unit = f32::from(1_u8 << (frame.bits - 8));
        if frame.colors.full_range {
            let factor = 255.0 / (256.0 * unit - 1.0);
            Self { zero: 0.0, factor }
        } else {
            let factor = 255.0 / (219.0 * unit);
            Self {
                zero: 16.0 * unit,
                factor,
            }
        }
    }

    /// For chroma, which is -127.5 to 127.5.
    fn chroma(frame: &Frame) -> Self {
        let unit = f32::from(1_u8 << (frame.bits - 8));
        let range = if frame.colors.full_range {
            256.0 * unit - 1.0
        } else {
            224.0 * unit
        };
        Self {
            zero: 128.0 * unit,
            factor: 255.0 / range,
        }
    }

    fn of(self, sample: f32) -> f32 {
        (sample - self.zero) * self.factor
    }
}

impl<'a> Rows<'a> {
    /// In the layout that the planes are for.
    pub(super) fn new(
        color: &'a Frame,
        alpha: Option<&'a Frame>,
        premultiplied: bool,
        layout: Layout,
    ) -> Result<Self, EngineError> {
        Ok(Self {
            color,
            alpha,
            premultiplied,
            matrix: Matrix::of(color)?,
            layout,
            luma: Vec::new(),
            chroma: [Vec::new(), Vec::new()],
            near: Vec::new(),
            far: Vec::new(),
            pixels: vec![0; color.size.0 * 4],
        })
    }

    /// The pixels of a row.
    pub(super) fn row(&mut self, y: usize) -> &[u8] {
        let channels = self.layout.channels();
        self.color.read(0, y, &mut self.luma);
        if self.color.is_gray() {
            let scale = Scale::luma(self.color);
            let pixels = self.pixels.chunks_exact_mut(channels);
            for (pixel, &sample) in pixels.zip(&self.luma) {
                pixel[0] = byte(scale.of(sample));
            }
        } else {
            for plane in 0..2 {
                self.read_chroma(plane, y);
            }
            self.colors(channels);
        }
        if let Some(alpha) = self.alpha {
            alpha.read(0, y, &mut self.luma);
            self.blend(Scale::luma(alpha), channels);
        }
        &self.pixels[..self.color.size.0 * channels]
    }

    fn colors(&mut self, channels: usize) {
        let scale = Scale::luma(self.color);
        let [first, second] = &self.chroma;
        let samples = self.luma.iter().zip(first.iter().zip(second));
        let pixels = self.pixels.chunks_exact_mut(channels).zip(samples);
        match self.matrix {
            Matrix::Identity => {
                for (pixel, (&green, (&blue, &red))) in pixels {
                    pixel[0] = byte(scale.of(red));
                    pixel[1] = byte(scale.of(green));
                    pixel[2] = byte(scale.of(blue));
                }
            }
            Matrix::Luma { red, blue } => {
                let of_chroma = Scale::chroma(self.color);
                let green = 1.0 - red - blue;
                let (to_red, to_blue) = (2.0 * (1.0 - red), 2.0 * (1.0 - blue));
                let (from_v, from_u) = (to_red * red / green, to_blue * blue / green);
                for (pixel, (&y, (&u, &v))) in pixels {
                    let (y, u, v) = (scale.of(y), of_chroma.of(u), of_chroma.of(v));
                    pixel[0] = byte(y + to_red * v);
                    pixel[1] = byte(y - from_v * v - from_u * u);
                    pixel[2] = byte(y + to_blue * u);
                }
            }
        }
    }

    /// Puts alpha into the pixels, and takes it out of the colours.
    fn blend(&mut self, scale: Scale, channels: usize) {
        let pixels = self.pixels.chunks_exact_mut(channels);
        for (pixel, &sample) in pixels.zip(&self.luma) {
            let alpha = byte(scale.of(sample));
            pixel[channels - 1] = alpha;
            if self.premultiplied && alpha < u8::MAX {
                for color in &mut pixel[..channels - 1] {
                    let whole = f32::from(*color) * 255.0 / f32::from(alpha.max(1));
                    *color = if alpha == 0 { 0 } else { byte(whole) };
                }
            }
        }
    }

    /// The chroma of a row of luma.
    fn read_chroma(&mut self, plane: usize, y: usize) {
        let frame = self.color;
        if frame.halved.1 {
            let near = y / 2;
            let last = frame.chroma_height() - 1;
            let far = if y.is_multiple_of(2) {
                near.saturating_sub(1)
            } else {
                (near + 1).min(last)
            };
            frame.read(1 + plane, near, &mut self.near);
            frame.read(1 + plane, far, &mut self.far);
            for (near, far) in self.near.iter_mut().zip(&self.far) {
                *near = between(*near, *far);
            }
        } else {
            frame.read(1 + plane, y, &mut self.near);
        }
        let wide = &mut self.chroma[plane];
        if !frame.halved.0 {
            std::mem::swap(wide, &mut self.near);
            return;
        }
        wide.clear();
        let last = self.near.len() - 1;
        for (x, &sample) in self.near.iter().enumerate() {
            wide.push(between(sample, self.near[x.saturating_sub(1)]));
            wide.push(between(sample, self.near[(x + 1).min(last)]));
        }
    }
}

/// At a quarter of the way from one sample to another.
fn between(near: f32, far: f32) -> f32 {
    near * 0.75 + far * 0.25
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a byte after the clamp"
)]
fn byte(value: f32) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}
