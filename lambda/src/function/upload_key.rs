//! Keys of uploads: `uploads/0198c0ffee.../cat-photo.jpg`.

use uuid::Uuid;

use super::api::Refusal;
use crate::Format;

/// Longest file name, in characters.
const MAX_FILENAME: usize = 255;

/// Longest readable part, in bytes. With it a key stays far below S3's 1,024.
const MAX_NAME_BYTES: usize = 200;

/// What a file without a usable name is called.
const NAMELESS: &str = "image";

/// Refuses what is no name of a file: API Gateway's model did not have to look.
///
/// # Errors
///
/// It is empty or too long.
pub fn check_filename(filename: &str) -> Result<(), Refusal> {
    let characters = filename.chars().count();
    if (1..=MAX_FILENAME).contains(&characters) {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "filename: it has {characters} characters; send 1 to {MAX_FILENAME}"
    )))
}

/// A key that nothing else has: the prefix, a random id that sorts by time, and a readable form of the file's
/// name.
pub fn new_key(prefix: &str, filename: &str, format: Format) -> String {
    let id = Uuid::now_v7().simple();
    format!("{prefix}{id}/{}", safe_name(filename, format))
}

/// A file's name in letters and digits of any script, `-`, `_` and `.`: safe in a path, in a URL, in a shell
/// and in a log. Its extension is one of the format's.
fn safe_name(filename: &str, format: Format) -> String {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut clean = String::with_capacity(name.len());
    for c in name.chars().filter(|&c| !is_accent(c)) {
        let c = if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
            c
        } else {
            '-'
        };
        if !(matches!(c, '-' | '.') && clean.ends_with(c)) {
            clean.push(c);
        }
    }
    let (stem, extension) = split_extension(&clean, format);
    let room = MAX_NAME_BYTES - 1 - extension.len();
    let stem = trim(&stem[..stem.floor_char_boundary(room)]);
    let stem = if stem.is_empty() { NAMELESS } else { stem };
    format!("{stem}.{extension}")
}

/// The name without the extension of an image, and the extension that it should have.
fn split_extension(name: &str, format: Format) -> (&str, &'static str) {
    let usual = format.extensions()[0];
    let name = trim(name);
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return (name, usual);
    };
    let is = |known: &&&str| known.eq_ignore_ascii_case(extension);
    if let Some(extension) = format.extensions().iter().find(is) {
        (stem, extension)
    } else if Format::ALL
        .iter()
        .any(|other| other.extensions().iter().any(|known| is(&known)))
    {
        (stem, usual)
    } else {
        (name, usual)
    }
}

/// Without what would hide a file, or look like an option.
fn trim(name: &str) -> &str {
    name.trim_matches(['.', '-'])
}

/// The accents that some systems write behind their letters.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&c)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stay_readable() {
        for (filename, format, name) in [
            ("cat photo.jpg", Format::Jpeg, "cat-photo.jpg"),
            ("IMG_0042.JPEG", Format::Jpeg, "IMG_0042.jpeg"),
            (
                "Urlaub in K\u{f6}ln (2).png",
                Format::Png,
                "Urlaub-in-K\u{f6}ln-2.png",
            ),
            (
                "\u{732b}\u{306e}\u{5199}\u{771f}.webp",
                Format::WebP,
                "\u{732b}\u{306e}\u{5199}\u{771f}.webp",
            ),
            ("caf\u{65}\u{301}.gif", Format::Gif, "cafe.gif"),
            ("photo.png", Format::Jpeg, "photo.jpg"),
            ("photo.tiff", Format::Jpeg, "photo.jpg"),
            ("photo.heic", Format::Jpeg, "photo.heic.jpg"),
            ("v1.2", Format::Gif, "v1.2.gif"),
            ("a+b%2F?c=d&e#f.jpg", Format::Jpeg, "a-b-2F-c-d-e-f.jpg"),
            (r"C:\fakepath\cat.jpg", Format::Jpeg, "cat.jpg"),
            ("../../etc/passwd", Format::Png, "passwd.png"),
            ("..", Format::Png, "image.png"),
            (".htaccess", Format::Png, "htaccess.png"),
            ("-rf.jpg", Format::Jpeg, "rf.jpg"),
            ("a\u{0}\n\u{202E}b.jpg", Format::Jpeg, "a-b.jpg"),
            (".jpg", Format::Jpeg, "jpg.jpg"),
            ("\u{1F4F7}", Format::Jpeg, "image.jpg"),
            ("", Format::Jpeg, "image.jpg"),
        ] {
            assert_eq!(safe_name(filename, format), name, "{filename:?}");
        }
    }

    fn formats() -> impl Strategy<Value = Format> {
        proptest::sample::select(Format::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn no_name_is_dangerous(filename in any::<String>(), format in formats()) {
            let name = safe_name(&filename, format);
            prop_assert!(name.len() <= MAX_NAME_BYTES);
            prop_assert!(!name.starts_with(['.', '-']) && !name.contains(".."));
            prop_assert!(name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)), "{name:?}");
            let (stem, extension) = name.rsplit_once('.').expect("an extension");
            prop_assert!(!stem.is_empty());
            prop_assert!(format.extensions().contains(&extension));
            prop_assert_eq!(&safe_name(&name, format), &name, "a safe name stays");
        }

        #[test]
        fn long_names_are_cut_between_characters(length in 0..400_usize, format in formats()) {
            let name = safe_name(&"\u{20AC}uro\u{e9}".repeat(length), format);
            prop_assert!(name.len() <= MAX_NAME_BYTES);
        }
    }

    #[test]
    fn keys_do_not_collide_and_sort_by_time() {
        let keys: Vec<_> = (0..1000)
            .map(|_| new_key("uploads/", "a.jpg", Format::Jpeg))
            .collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), 1000);
        for key in &keys {
            let id = key
                .strip_prefix("uploads/")
                .and_then(|rest| rest.strip_suffix("/a.jpg"));
            let id = id.expect("prefix, id and name");
            assert!(
                id.len() == 32 && id.chars().all(|c| c.is_ascii_hexdigit()),
                "{id}"
            );
        }
        assert!(keys.is_sorted());
    }
}
