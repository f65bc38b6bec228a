//! What a result says of the original it was made from and of how, in its `x-amz-meta-` headers. With it an
//! event or a request that comes again is recognised, and a record that was not written can be.

use std::collections::HashMap;

use super::record::{Facts, from_words, in_words};
use crate::ResizeResult;
use crate::function::storage::Head;
use crate::result::Status;

const ETAG: &str = "source-etag";
const VERSION: &str = "source-version";
const SEQUENCER: &str = "source-sequencer";
const MODIFIED: &str = "source-modified";
const SOURCE_BYTES: &str = "source-bytes";
const SOURCE_WIDTH: &str = "source-width";
const SOURCE_HEIGHT: &str = "source-height";
const SOURCE_FORMAT: &str = "source-format";
const ANIMATED: &str = "source-animated";
const SHARE: &str = "source-share";
const FORMAT: &str = "format";
const WIDTH: &str = "width";
const HEIGHT: &str = "height";
/// A [`Target::digest`](super::target::Target::digest).
const DIGEST: &str = "digest";

/// What to write with a result.
pub(super) fn notes(facts: &Facts, result: &ResizeResult, digest: &str) -> HashMap<String, String> {
    let known = [
        (ETAG, facts.etag.clone()),
        (VERSION, facts.version.clone()),
        (SEQUENCER, facts.sequencer.clone()),
        (MODIFIED, facts.uploaded.map(in_words)),
        (SOURCE_BYTES, Some(result.source_bytes.to_string())),
        (SOURCE_WIDTH, Some(result.source_width.to_string())),
        (SOURCE_HEIGHT, Some(result.source_height.to_string())),
        (SOURCE_FORMAT, Some(result.source_format.clone())),
        (ANIMATED, Some(result.animated.to_string())),
        (SHARE, Some(result.share.to_string())),
        (FORMAT, Some(result.format.clone())),
        (WIDTH, Some(result.width.to_string())),
        (HEIGHT, Some(result.height.to_string())),
        (DIGEST, Some(digest.to_owned())),
    ];
    known
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// What the result under this key says, or nothing if it lacks a note or was made in another way than this
/// digest's: then it is as if there were none.
pub(super) fn read(
    head: &Head,
    digest: &str,
    bucket: &str,
    key: &str,
) -> Option<(Facts, ResizeResult)> {
    let note = |name: &str| head.metadata.get(name);
    if note(DIGEST)? != digest {
        return None;
    }
    let source_bytes = note(SOURCE_BYTES)?.parse().ok()?;
    let facts = Facts {
        etag: Some(note(ETAG)?.clone()),
        version: note(VERSION).cloned(),
        sequencer: note(SEQUENCER).cloned(),
        bytes: Some(source_bytes),
        uploaded: note(MODIFIED).and_then(|text| from_words(text)),
    };
    let result = ResizeResult {
        status: Status::Success,
        bucket: bucket.to_owned(),
        image_key: key.to_owned(),
        format: note(FORMAT)?.clone(),
        content_type: head.content_type.clone()?,
        width: note(WIDTH)?.parse().ok()?,
        height: note(HEIGHT)?.parse().ok()?,
        bytes: head.bytes?,
        computed: false,
        source_format: note(SOURCE_FORMAT)?.clone(),
        source_width: note(SOURCE_WIDTH)?.parse().ok()?,
        source_height: note(SOURCE_HEIGHT)?.parse().ok()?,
        source_bytes,
        animated: note(ANIMATED)?.parse().ok()?,
        share: note(SHARE)?.parse().ok()?,
    };
    Some((facts, result))
}

/// Whether these are about the same original. A version that only one of them knows tells nothing.
pub(super) fn same(known: &Facts, told: &Facts) -> bool {
    let versions_differ =
        known.version.is_some() && told.version.is_some() && known.version != told.version;
    known.etag.is_some() && known.etag == told.etag && !versions_differ
}
