//! Encodes planes as JPEG: baseline in one interleaved scan, or progressive, with Huffman tables made for the
//! picture.
//!
//! Samples become coefficients, quantized and in zigzag order; each scan turns those into
//! symbols, whose counts make its tables (T.81, K.2), and then into bits. Nothing is written that no decoder
//! needs: of metadata there is the JFIF segment alone.
//!
//! ```
//! use jpeg::encode::{Picture, Plane, Samples, Settings};
//!
//! let samples = [90, 91, 92, 93, 94, 95];
//! let gray = Picture::Gray(Plane { width: 3, height: 2, samples: Samples::Bytes(&samples) });
//! let file = gray.encode(&Settings::default())?;
//! assert_eq!(file[..3], [0xFF, 0xD8, 0xFF]);
//! # Ok::<(), jpeg::encode::Error>(())
//! ```

mod bits;
mod blocks;
mod code;
mod dct;
mod error;
mod picture;
mod pixels;
mod progressive;
mod quantization;
mod script;
mod segments;
mod sequential;
mod tokens;

pub use error::Error;
pub use picture::{Picture, Plane, Samples};
pub use pixels::Planes;

use blocks::Blocks;
use quantization::Quantization;
use script::Scan;
use tokens::Tokens;

/// How to encode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// 1 to 100, by libjpeg's scale: 50 is the tables of T.81, annex K, and 100 hardly quantizes.
    pub quality: u8,
    /// In scans that refine each other. The file is smaller, takes longer to make and to read, and shows
    /// all of the picture sooner.
    pub progressive: bool,
}

impl Default for Settings {
    /// Baseline, of quality 80.
    fn default() -> Self {
        Self {
            quality: 80,
            progressive: false,
        }
    }
}

impl Picture<'_> {
    /// Encodes the picture.
    ///
    /// # Errors
    ///
    /// As [`Error`] lists them: sizes that contradict each other, and settings out of range.
    pub fn encode(&self, settings: &Settings) -> Result<Vec<u8>, Error> {
        self.check()?;
        if !(1..=100).contains(&settings.quality) {
            return Err(Error::Quality(settings.quality));
        }
        let quantization = Quantization::all(settings.quality);
        let planes = self.planes();
        let components: Vec<_> = planes
            .iter()
            .enumerate()
            .map(|(index, plane)| {
                let factor = segments::factor(planes.len(), index);
                Blocks::new(plane, factor, self.mcus(), &quantization[index.min(1)])
            })
            .collect();
        let mut file = Vec::with_capacity(components.iter().map(Blocks::count).sum::<usize>() * 16);
        segments::start(&mut file);
        let quantization = &quantization[..planes.len().min(2)];
        segments::quantization(&mut file, quantization);
        segments::frame(&mut file, self.size(), planes.len(), settings.progressive);
        let mut tokens = Tokens::default();
        for scan in script::scans(planes.len(), settings.progressive) {
            tokens.clear();
            fill(&mut tokens, scan, &components, self.mcus());
            let codes = tokens.codes();
            segments::codes(&mut file, &codes);
            segments::scan(&mut file, scan);
            bits::write(&mut file, &tokens, &codes);
        }
        segments::end(&mut file);
        Ok(file)
    }
}

/// The symbols of a scan.
fn fill(tokens: &mut Tokens, scan: &Scan, components: &[Blocks], mcus: (usize, usize)) {
    match (*scan, scan.components) {
        (Scan { band: (0, 63), .. }, _) => sequential::scan(tokens, components, mcus),
        (Scan { band: (0, _), .. }, _) => progressive::dc(tokens, scan, components, mcus),
        (_, &[index]) if scan.bits.0 == 0 => {
            progressive::first(tokens, scan, index, &components[index]);
        }
        (_, &[index]) => progressive::refine(tokens, scan, index, &components[index]),
        _ => {}
    }
}
