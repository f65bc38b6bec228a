//! Cursors: where a page ended, in a form that says nothing and that only its own listing takes.
//!
//! There is nothing secret in one and nothing to gain by making one up: its check only tells a copy that went
//! wrong, or a cursor of another listing, from a good one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::function::table::Item;
use crate::metadata::attribute::{IMAGE_ID, UPLOAD_TIME};

/// Bytes of the check.
const CHECK: usize = 8;

/// The last image of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) id: String,
    pub(super) upload_time: String,
}

impl Cursor {
    /// Of an item, or of a key of the index.
    pub(super) fn of(item: &Item) -> Option<Self> {
        let text = |name: &str| item.get(name)?.as_s().ok().cloned();
        Some(Self {
            id: text(IMAGE_ID)?,
            upload_time: text(UPLOAD_TIME)?,
        })
    }
}

/// What a cursor belongs to.
#[derive(Debug, Clone)]
pub(super) struct Listing {
    start: Sha256,
}

impl Listing {
    /// A listing, by everything that makes it another one.
    pub(super) fn new(parts: &[&str]) -> Self {
        let mut start = Sha256::new();
        for part in parts {
            start.update(part.len().to_le_bytes());
            start.update(part.as_bytes());
        }
        Self { start }
    }

    fn check(&self, place: &[u8]) -> [u8; CHECK] {
        let digest = self.start.clone().chain_update(place).finalize();
        std::array::from_fn(|i| digest[i])
    }

    /// A cursor in letters, digits, `-` and `_`.
    pub(super) fn write(&self, cursor: &Cursor) -> String {
        let place = format!("{} {}", cursor.upload_time, cursor.id).into_bytes();
        let check = self.check(&place);
        URL_SAFE_NO_PAD.encode([check.as_slice(), &place].concat())
    }

    /// The cursor, if it is one of this listing.
    pub(super) fn read(&self, text: &str) -> Option<Cursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (check, place) = bytes.split_at_checked(CHECK)?;
        if *check != self.check(place) {
            return None;
        }
        let (upload_time, id) = std::str::from_utf8(place).ok()?.split_once(' ')?;
        // The check keeps out accidents, not a person who makes one up; DynamoDB refuses empty keys.
        let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_id && !upload_time.is_empty()).then(|| Cursor {
            id: id.to_owned(),
            upload_time: upload_time.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cursor() -> Cursor {
        Cursor {
            id: "0123456789abcdef0123456789abcdef".to_owned(),
            upload_time: "2025-01-02T03:04:05Z".to_owned(),
        }
    }

    #[test]
    fn a_cursor_comes_back_and_goes_into_a_url() {
        let listing = Listing::new(&["table", "index"]);
        let text = listing.write(&cursor());
        assert_eq!(listing.read(&text), Some(cursor()));
        assert!(
            text.chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)),
            "{text}"
        );
    }

    #[test]
    fn another_listing_does_not_take_it() {
        let text = Listing::new(&["table", "index"]).write(&cursor());
        for other in [&["table"][..], &["tablei", "ndex"], &["other", "index"]] {
            assert_eq!(Listing::new(other).read(&text), None, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_cursor_is_none(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
            let listing = Listing::new(&["table", "index"]);
            let text = listing.write(&cursor());
            let at = at.index(text.len());
            let changed = format!("{}{to}{}", &text[..at], &text[at + 1..]);
            prop_assert!(changed == text || listing.read(&changed).is_none(), "{changed}");
            prop_assert_eq!(listing.read(&text[..at]), None);
        }

        #[test]
        fn nonsense_is_none(text in any::<String>()) {
            prop_assert_eq!(Listing::new(&["table"]).read(&text), None);
        }
    }
}
