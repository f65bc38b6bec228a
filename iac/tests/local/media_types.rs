//! The types of what is put through an API straight into a bucket: the same for every upload stack.

use image::ImageFormat;

use crate::events::outcomes;
use crate::gateway::says;
use crate::picture;
use crate::system::{System, call};
use crate::uploads::{keys, object, result_place, source_bucket, wait};

/// Types that are no image's, not one of the eight, or not said exactly as API Gateway takes it for bytes.
const OTHER_TYPES: [&str; 10] = [
    "text/plain",
    "application/octet-stream",
    "application/json",
    "image/svg+xml",
    "image/*",
    "image/jpegs",
    "IMAGE/JPEG",
    "image/jpeg; charset=utf-8",
    "text/plain, image/jpeg",
    "Mozilla/5.0",
];

/// Uploads of other types are told which ones are taken, and leave neither an object nor an event; an image
/// of each of these is taken. `request` gives method and path of an upload under a name.
pub(crate) fn assert_only_images_are_taken(
    system: &System,
    request: impl Fn(&str) -> (&'static str, String),
) {
    let photo = picture::jpeg(40, 30);
    for (number, other) in OTHER_TYPES.iter().enumerate() {
        let (method, path) = request(&format!("other-{number}.jpg"));
        // A client that would rather have an image is told as well.
        for accept in ["*/*", "image/*"] {
            let headers = [
                ("content-type", *other),
                ("accept", accept),
                ("user-agent", "image/jpeg"),
            ];
            let reply = call(system, method, &path, &headers, &photo);
            let types = "exactly one of image/jpeg, image/png, image/webp, image/gif, image/bmp,";
            says(&reply, 415, &["UnsupportedMediaType", types, "requestId"]);
        }
    }
    for (kind, format) in [
        ("image/jpeg", ImageFormat::Jpeg),
        ("image/png", ImageFormat::Png),
        ("image/webp", ImageFormat::WebP),
        ("image/gif", ImageFormat::Gif),
    ] {
        let name = kind.replace('/', ".");
        let (method, path) = request(&name);
        let image = picture::of(format, 40, 30);
        let reply = call(system, method, &path, &[("content-type", kind)], &image);
        assert_eq!(reply.status, 200, "{kind}: {reply:?}");
        let (results, key) = result_place(system, &format!("uploads/{name}"));
        let made = wait("the result", || object(system, &results, &key));
        assert_eq!(made["content-type"], kind, "{key}");
    }
    // By now an event of those before would have run.
    let bucket = source_bucket(system);
    assert_eq!(
        keys(system, &bucket, "uploads/other-"),
        Vec::<String>::new()
    );
    for number in 0..OTHER_TYPES.len() {
        let key = format!("uploads/other-{number}.jpg");
        assert_eq!(outcomes(system, &key), Vec::<String>::new(), "{key}");
    }
}
