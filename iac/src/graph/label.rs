//! Long words in short lines.

/// Breaks a text into lines of at most so many characters, as even as they come: where words end, else behind a
/// colon, a slash or a hyphen, else before a capital that follows a small letter. What has no such place stays
/// whole.
pub(super) fn wrap(text: &str, most: usize) -> Vec<String> {
    if length(text) <= most {
        return vec![text.to_owned()];
    }
    let breaks: [fn(char, char) -> bool; 4] = [
        |last, _| last == ' ',
        |last, _| last == ':',
        |last, _| matches!(last, '/' | '-'),
        |last, next| next.is_uppercase() && last.is_lowercase(),
    ];
    for is_break in breaks {
        let parts = parts(text, is_break);
        if parts.len() > 1 {
            let lines = even(&parts, most);
            return lines
                .iter()
                .flat_map(|line| wrap(line.trim_end(), most))
                .collect();
        }
    }
    vec![text.to_owned()]
}

fn length(text: &str) -> usize {
    text.trim_end().chars().count()
}

/// Lines of whole parts: as few as there can be, and then none longer than it must be.
fn even(parts: &[String], most: usize) -> Vec<String> {
    let mut lines = fill(parts, most);
    for shorter in (1..most).rev() {
        let next = fill(parts, shorter);
        if next.len() > lines.len() {
            break;
        }
        lines = next;
    }
    lines
}

fn fill(parts: &[String], most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line.chars().count() + length(part) <= most => line.push_str(part),
            _ => lines.push(part.clone()),
        }
    }
    lines
}

fn parts(text: &str, is_break: fn(char, char) -> bool) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut last = None;
    for c in text.chars() {
        if last.is_some_and(|last| is_break(last, c)) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        last = Some(c);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_end_where_words_do() {
        for (text, most, lines) in [
            ("s3:GetObject", 14, &["s3:GetObject"][..]),
            ("states:StartExecution", 16, &["states:", "StartExecution"]),
            (
                "ResizeImageStateMachine",
                14,
                &["ResizeImage", "StateMachine"],
            ),
            ("BackfillStateMachine", 14, &["Backfill", "StateMachine"]),
            ("POST /prod/resize", 16, &["POST", "/prod/resize"]),
            ("s3:ObjectCreated:*", 16, &["s3:", "ObjectCreated:*"]),
            ("resize-image", 14, &["resize-image"]),
            (
                "upload-metadata-images",
                14,
                &["upload-", "metadata-", "images"],
            ),
            ("Abcdefghijklmnop", 4, &["Abcdefghijklmnop"]),
            ("", 4, &[""]),
        ] {
            assert_eq!(wrap(text, most), lines, "{text}");
        }
    }
}
