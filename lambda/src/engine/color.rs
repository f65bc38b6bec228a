//! ICC profiles to sRGB, which is what a picture without a profile is taken for. Pictures are converted
//! when they are small.
//!
//! A profile that is broken, or of another colour model than its picture, is no reason to refuse the
//! picture: it is left out, and a note says so.
//!
//! Source: <https://www.color.org/specification/ICC.1-2022-05.pdf>

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, DataColorSpace, Layout as Samples,
    MatrixCoefficients, TransferCharacteristics, Transform8BitExecutor, TransformOptions,
};

use super::raster::{Layout, Raster};
use crate::causes::panic_text;

/// Largest difference, of 255, at which a profile is taken for sRGB itself: what the rounding of a
/// conversion makes of the same profile as different programs write it.
const SAME: u8 = 1;

/// What a profile has to be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    Gray,
    Rgb,
    /// Amounts of ink, cyan first.
    Cmyk,
}

/// The profile of colours that are as in sRGB but for their primaries, which are numbered; none if those are sRGB's
/// or are not known.
///
/// Source: <https://www.itu.int/rec/T-REC-H.273> (8.1)
pub(super) fn profile_of_primaries(number: u8) -> Option<Vec<u8>> {
    let color_primaries = CicpColorPrimaries::try_from(number).ok()?;
    let unknown = matches!(
        color_primaries,
        CicpColorPrimaries::Reserved | CicpColorPrimaries::Unspecified | CicpColorPrimaries::Bt709
    );
    if unknown {
        return None;
    }
    let profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics: TransferCharacteristics::Srgb,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    });
    profile.encode().ok()
}

/// A way from a profile's colours to sRGB.
#[derive(Clone)]
pub(super) struct Conversion {
    model: Model,
    /// Of gray: whether the profile is one for gray. Else it is for RGB, of which gray is a part.
    gray: bool,
    transform: Arc<Transform8BitExecutor>,
}

impl fmt::Debug for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversion")
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl Conversion {
    /// The conversion that a picture with this profile needs; none if it is in sRGB.
    ///
    /// # Errors
    ///
    /// Why the profile is left out.
    pub(super) fn of(icc: &[u8], model: Model) -> Result<Option<Self>, String> {
        // Whatever a profile does to its reader, the picture is another matter.
        let made = catch_unwind(AssertUnwindSafe(|| Self::read(icc, model)));
        let conversion = made.unwrap_or_else(|panic| Err(panic_text(&*panic).to_owned()))?;
        Ok(Some(conversion).filter(|conversion| !conversion.changes_nothing()))
    }

    fn read(icc: &[u8], model: Model) -> Result<Self, String> {
        let profile = ColorProfile::new_from_slice(icc).map_err(|error| error.to_string())?;
        let samples = match (model, profile.color_space) {
            (Model::Gray, DataColorSpace::Gray) => Samples::Gray,
            (Model::Gray | Model::Rgb, DataColorSpace::Rgb) => Samples::Rgb,
            (Model::Cmyk, DataColorSpace::Cmyk) => Samples::Rgba,
            (_, other) => return Err(format!("it is for {other:?}, and the picture is not")),
        };
        let transform = profile
            .create_transform_8bit(
                samples,
                &ColorProfile::new_srgb(),
                Samples::Rgb,
                TransformOptions::default(),
            )
            .map_err(|error| error.to_string())?;
        let conversion = Self {
            model,
            gray: samples == Samples::Gray,
            transform,
        };
        // What fails does so here, where the profile can still be left out.
        conversion
            .convert(&[128; 4 * 3])
            .ok_or("it cannot be used")?;
        Ok(conversion)
    }

    /// Samples of the picture's model in sRGB: three for each of its pixels.
    fn convert(&self, samples: &[u8]) -> Option<Vec<u8>> {
        let channels = match self.model {
            Model::Gray if self.gray => 1,
            Model::Gray | Model::Rgb => 3,
            Model::Cmyk => 4,
        };
        let mut converted = vec![0; samples.len() / channels * 3];
        self.transform.transform(samples, &mut converted).ok()?;
        Some(converted)
    }

    fn changes_nothing(&self) -> bool {
        if self.model == Model::Cmyk {
            return false;
        }
        let levels = [0_u8, 51, 102, 153, 204, 255];
        let colors: Vec<u8> = if self.model == Model::Rgb {
            let green = |r: u8| {
                levels
                    .into_iter()
                    .flat_map(move |g| levels.map(|b| [r, g, b]))
            };
            levels.into_iter().flat_map(green).flatten().collect()
        } else {
            (0..=u8::MAX).flat_map(|value| [value; 3]).collect()
        };
        let samples: Vec<u8> = if self.gray {
            (0..=u8::MAX).collect()
        } else {
            colors.clone()
        };
        let near = |converted: Vec<u8>| {
            let mut pairs = converted.iter().zip(&colors);
            pairs.all(|(a, b)| a.abs_diff(*b) <= SAME)
        };
        self.convert(&samples).is_some_and(near)
    }

    /// A gray or RGB picture in sRGB. Gray stays gray.
    pub(super) fn apply(&self, mut raster: Raster) -> Raster {
        let channels = raster.layout.channels();
        let colors = channels - usize::from(raster.layout.has_alpha());
        let spread = if self.model == Model::Gray && !self.gray {
            3
        } else {
            1
        };
        let samples: Vec<u8> = raster
            .pixels
            .chunks_exact(channels)
            .flat_map(|pixel| pixel[..colors].iter())
            .flat_map(|&sample| std::iter::repeat_n(sample, spread))
            .collect();
        if let Some(converted) = self.convert(&samples) {
            let pixels = raster.pixels.chunks_exact_mut(channels);
            for (pixel, converted) in pixels.zip(converted.chunks_exact(3)) {
                if colors == 1 {
                    // What is neutral has three equal values, but for rounding.
                    pixel[0] = converted[1];
                } else {
                    pixel[..3].copy_from_slice(converted);
                }
            }
        }
        raster
    }

    /// Amounts of ink in sRGB.
    pub(super) fn light(&self, inks: &[u8]) -> Option<Vec<u8>> {
        self.convert(inks)
    }
}

/// The colour model of pixels.
impl From<Layout> for Model {
    fn from(layout: Layout) -> Self {
        if layout.is_gray() {
            Self::Gray
        } else {
            Self::Rgb
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(profile: &ColorProfile) -> Vec<u8> {
        profile.encode().expect("a profile that can be written")
    }

    fn pixels(layout: Layout, pixels: &[u8]) -> Raster {
        Raster {
            width: u32::try_from(pixels.len() / layout.channels()).expect("few"),
            height: 1,
            layout,
            pixels: pixels.to_vec(),
        }
    }

    #[test]
    fn srgb_needs_no_conversion() {
        let icc = encoded(&ColorProfile::new_srgb());
        for model in [Model::Rgb, Model::Gray] {
            assert!(Conversion::of(&icc, model).expect("valid").is_none());
        }
    }

    #[test]
    fn wide_gamuts_become_srgb() {
        // By the primaries and curves of Adobe RGB (1998), Display P3 and IEC 61966-2-1.
        let icc = encoded(&ColorProfile::new_adobe_rgb());
        let conversion = Conversion::of(&icc, Model::Rgb).expect("valid");
        let conversion = conversion.expect("not sRGB");
        let found = conversion.apply(pixels(Layout::Rgb, &[200, 100, 50, 128, 128, 128]));
        let near = |found: &[u8], expected: [u8; 3]| {
            assert!(
                found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1),
                "{found:?} is not {expected:?}"
            );
        };
        near(&found.pixels[..3], [227, 100, 42]);
        near(&found.pixels[3..], [128, 128, 128]);
        let p3 = profile_of_primaries(12).expect("not sRGB's");
        let conversion = Conversion::of(&p3, Model::Rgb).expect("valid");
        let found = conversion
            .expect("not sRGB")
            .apply(pixels(Layout::Rgb, &[200, 100, 50]));
        near(&found.pixels, [215, 93, 30]);
        let p3 = encoded(&ColorProfile::new_display_p3());
        let conversion = Conversion::of(&p3, Model::Rgb)
            .expect("valid")
            .expect("not sRGB");
        let found = conversion.apply(pixels(Layout::Rgba, &[200, 100, 50, 77]));
        near(&found.pixels[..3], [215, 93, 31]);
        assert_eq!(found.pixels[3], 77);
    }

    #[test]
    fn gray_stays_gray() {
        let icc = encoded(&ColorProfile::new_gray_with_gamma(1.8));
        let conversion = Conversion::of(&icc, Model::Gray)
            .expect("valid")
            .expect("not sRGB's");
        let found = conversion.apply(pixels(Layout::GrayAlpha, &[0, 1, 128, 2, 255, 3]));
        assert_eq!(found.layout, Layout::GrayAlpha);
        assert_eq!((found.pixels[0], found.pixels[4]), (0, 255));
        // 0.5 to the power of 1.8 is .289 of the light, for which sRGB has 147.
        assert!(found.pixels[2].abs_diff(147) <= 2, "{:?}", found.pixels);
        assert_eq!(
            [found.pixels[1], found.pixels[3], found.pixels[5]],
            [1, 2, 3]
        );
    }

    #[test]
    fn what_is_no_profile_is_told() {
        let mut cut = encoded(&ColorProfile::new_adobe_rgb());
        cut.truncate(200);
        for icc in [b"".as_slice(), b"profile", &[0; 128], &[0xFF; 4096], &cut] {
            assert!(Conversion::of(icc, Model::Rgb).is_err());
        }
        let gray = encoded(&ColorProfile::new_gray_with_gamma(2.2));
        let error = Conversion::of(&gray, Model::Rgb).expect_err("for another model");
        assert!(error.contains("Gray"), "{error}");
    }
}
