//! What can be said of web/index.html without a browser.

use std::fmt::Write as _;

use lambda::Format;
use lambda::upload::MAX_UPLOAD_BYTES;
use sha2::{Digest as _, Sha256};

fn page() -> String {
    String::from_utf8(crate::stub::project("web/index.html")).expect("UTF-8")
}

/// What is between the only tags of this name.
fn inside(page: &str, tag: &str) -> String {
    let opening = format!("<{tag}");
    assert_eq!(page.matches(&opening).count(), 1, "one {tag}");
    let (_, rest) = page.split_once(&opening).expect("counted");
    let (_, rest) = rest.split_once('>').expect("an opening tag");
    let (text, _) = rest
        .split_once(&format!("</{tag}>"))
        .expect("a closing tag");
    text.to_owned()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=three.len()].copy_from_slice(three);
        let bits = u32::from_be_bytes(bits);
        for digit in 0..4 {
            text.push(if digit <= three.len() {
                char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63])
            } else {
                '='
            });
        }
    }
    text
}

#[test]
fn the_policy_has_the_hashes_of_the_script_and_the_style() {
    let page = page();
    let mut wrong = String::new();
    for (directive, tag) in [("script-src", "script"), ("style-src", "style")] {
        let hash = base64(&Sha256::digest(inside(&page, tag).as_bytes()));
        let source = format!("{directive} 'sha256-{hash}';");
        if !page.contains(&source) {
            let _ = writeln!(wrong, "the policy must say: {source}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn nothing_comes_from_elsewhere_and_no_data_becomes_markup() {
    let page = page();
    for part in [
        " src=",
        "@import",
        "url(",
        "import ",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "localStorage",
        "sessionStorage",
        "cookie",
        " style=",
        " onclick",
    ] {
        assert!(!page.contains(part), "{part}");
    }
    for (at, _) in page.match_indices(" href=") {
        assert!(
            page[at..].starts_with(" href=\"data:"),
            "{}",
            &page[at..at + 40]
        );
    }
    for directive in [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ] {
        assert!(page.contains(directive), "{directive}");
    }
    assert!(!page.contains("unsafe-"));
}

#[test]
fn the_page_refuses_what_the_stack_refuses() {
    let page = page();
    // The stack reads more, which not every browser can show or name.
    let types = Format::WRITTEN.map(Format::content_type);
    let quoted = types.map(|it| format!("'{it}'")).join(", ");
    for part in [
        format!("const TYPES = [{quoted}];"),
        format!("accept=\"{}\"", types.join(",")),
        format!(
            "const MAX_BYTES = {} * 1024 * 1024;",
            MAX_UPLOAD_BYTES >> 20
        ),
        format!("up to {} MiB each", MAX_UPLOAD_BYTES >> 20),
    ] {
        assert!(page.contains(&part), "{part}");
    }
    assert_eq!(MAX_UPLOAD_BYTES % (1 << 20), 0);
}
