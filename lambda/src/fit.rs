//! How large a result may be asked for, and how a picture goes into a box.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Largest width and height a result can be asked for, in pixels: what fits in a WebP.
///
/// Source: <https://developers.google.com/speed/webp/faq#what_is_the_maximum_size_a_webp_image_can_be>
pub const MAX_RESULT_SIDE: u32 = 16_383;

/// How a picture goes into a box. Nothing is ever enlarged: where a picture is smaller than the box, so is
/// its result, except for the canvas of [`Fit::Contain`].
///
/// The names are those of CSS and of sharp:
/// <https://developer.mozilla.org/docs/Web/CSS/object-fit>,
/// <https://sharp.pixelplumbing.com/api-resize>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(with = "String", extend("enum" = ["inside", "cover", "contain", "fill"]))]
pub enum Fit {
    /// The whole picture, as large as the box allows.
    #[default]
    Inside,
    /// The box is full: what sticks out on two opposite sides is cut off, as much on one as on the other.
    Cover,
    /// The whole picture in the middle of a canvas of the box's size: transparent, in a JPEG white.
    Contain,
    /// The whole picture, stretched to the box.
    Fill,
}
