//! The chunks around the pictures, read without decoding anything.
//!
//! Source: <https://developers.google.com/speed/webp/docs/riff_container>

/// `RIFF`, a length, `WEBP`.
const RIFF_HEADER: usize = 12;
/// In the first byte of `VP8X`: the file is an animation.
const ANIMATION: u8 = 1 << 1;

/// What a file has beside its pictures, and how large those are.
#[derive(Debug, Default)]
pub(super) struct Container<'a> {
    /// Width and height of the canvas and of every picture, those in the frames of an animation included.
    pub(super) sizes: Vec<(u32, u32)>,
    /// The first block, with or without the `Exif\0\0` that some writers put before it.
    pub(super) exif: Option<&'a [u8]>,
    /// The first profile.
    pub(super) icc: Option<&'a [u8]>,
    pub(super) animation: Option<Animation<'a>>,
}

#[derive(Debug)]
pub(super) struct Animation<'a> {
    /// Width and height in pixels.
    pub(super) canvas: (u32, u32),
    /// None if the file has no frame, or not even the head of one.
    pub(super) first: Option<Frame<'a>>,
}

/// A frame of an animation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    /// Columns and rows of the canvas before it.
    pub(super) offset: (u32, u32),
    /// Width and height in pixels.
    pub(super) size: (u32, u32),
    /// Its chunks: alpha and a picture, or a picture.
    chunks: &'a [u8],
    /// How many bytes of chunks there should be.
    declared: u32,
}

impl<'a> Container<'a> {
    /// Reads as far as the file goes. A picture that is not there or not whole is the decoder's to refuse.
    pub(super) fn read(source: &'a [u8]) -> Self {
        let mut found = Self::default();
        let mut extended = false;
        for (index, chunk) in Chunks(source.get(RIFF_HEADER..).unwrap_or_default()).enumerate() {
            found.sizes.extend(chunk.picture_size());
            match &chunk.kind {
                b"VP8X" if index == 0 => {
                    extended = true;
                    found.extended(&chunk);
                }
                b"ANMF" => found.frame(&chunk),
                // Only the extended layout has metadata.
                b"EXIF" if extended && found.exif.is_none() => found.exif = chunk.whole(),
                b"ICCP" if extended && found.icc.is_none() => found.icc = chunk.whole(),
                _ => {}
            }
        }
        found
    }

    fn extended(&mut self, chunk: &Chunk<'_>) {
        let Some(&[flags, _, _, _, w0, w1, w2, h0, h1, h2]) = chunk.body.first_chunk() else {
            return;
        };
        let canvas = (number([w0, w1, w2]) + 1, number([h0, h1, h2]) + 1);
        self.sizes.push(canvas);
        if flags & ANIMATION != 0 {
            self.animation = Some(Animation {
                canvas,
                first: None,
            });
        }
    }

    fn frame(&mut self, chunk: &Chunk<'a>) {
        let Some((head, chunks)) = chunk.body.split_first_chunk::<16>() else {
            return;
        };
        self.sizes
            .extend(Chunks(chunks).filter_map(|chunk| chunk.picture_size()));
        let Some(animation) = &mut self.animation else {
            return;
        };
        let &[x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, ..] = head;
        animation.first.get_or_insert(Frame {
            offset: (number([x0, x1, x2]) * 2, number([y0, y1, y2]) * 2),
            size: (number([w0, w1, w2]) + 1, number([h0, h1, h2]) + 1),
            chunks,
            declared: chunk.declared.saturating_sub(16),
        });
    }
}

impl Frame<'_> {
    /// The frame as a file of its own: a header that says how large it is, and its chunks. If some of its bytes are
    /// missing, they are missing there as well.
    pub(super) fn into_still(self) -> Vec<u8> {
        const EXTENDED: u32 = 10;
        const BEFORE_CHUNKS: u32 = 4 + 8 + EXTENDED;
        let side = |side: u32| (side - 1).to_le_bytes();
        let ([w0, w1, w2, _], [h0, h1, h2, _]) = (side(self.size.0), side(self.size.1));
        let length = self.declared.saturating_add(BEFORE_CHUNKS);
        [
            b"RIFF".as_slice(),
            &length.to_le_bytes(),
            b"WEBPVP8X",
            &EXTENDED.to_le_bytes(),
            // libwebp looks for alpha itself: no flags.
            &[0, 0, 0, 0, w0, w1, w2, h0, h1, h2],
            self.chunks,
        ]
        .concat()
    }
}

/// 24 bits.
fn number([b0, b1, b2]: [u8; 3]) -> u32 {
    u32::from_le_bytes([b0, b1, b2, 0])
}

#[derive(Debug)]
struct Chunk<'a> {
    kind: [u8; 4],
    /// As many of its bytes as there are.
    body: &'a [u8],
    /// How many there should be.
    declared: u32,
}

impl<'a> Chunk<'a> {
    fn whole(&self) -> Option<&'a [u8]> {
        (self.body.len() as u64 == u64::from(self.declared)).then_some(self.body)
    }

    /// Width and height of a picture. Sources: <https://www.rfc-editor.org/rfc/rfc6386#section-9.1> (`VP8 `, 14
    /// bits a side behind a tag and a start code),
    /// <https://developers.google.com/speed/webp/docs/webp_lossless_bitstream_specification> (`VP8L`, 14 bits
    /// less one a side behind a signature)
    fn picture_size(&self) -> Option<(u32, u32)> {
        match &self.kind {
            b"VP8 " => {
                let &[w0, w1, h0, h1] = self.body.get(6..)?.first_chunk()?;
                let side = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3FFF);
                Some((side([w0, w1]), side([h0, h1])))
            }
            b"VP8L" => {
                let bits = u32::from_le_bytes(*self.body.get(1..)?.first_chunk()?);
                Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
            }
            _ => None,
        }
    }
}

/// The chunks in a run of bytes. The last one may break off.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (head, rest) = self.0.split_first_chunk::<8>()?;
        let [k0, k1, k2, k3, length @ ..] = *head;
        let declared = u32::from_le_bytes(length);
        let length = usize::try_from(declared).unwrap_or(usize::MAX);
        let padded = length.saturating_add(length & 1);
        self.0 = rest.get(padded..).unwrap_or_default();
        Some(Chunk {
            kind: [k0, k1, k2, k3],
            body: rest.get(..length).unwrap_or(rest),
            declared,
        })
    }
}
