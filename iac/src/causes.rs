//! Why an error came about.

use std::error::Error;

/// What is behind an error, the nearest cause first. Our own errors leave their causes out of their
/// text; those of other libraries may repeat theirs, and a text that was told is not told again.
#[must_use]
pub fn causes(error: &dyn Error) -> Vec<String> {
    let mut told = error.to_string();
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !told.contains(&text) {
            told = format!("{told}\n{text}");
            causes.push(text);
        }
        cause = error.source();
    }
    causes
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::causes;
    use crate::file_error::FileError;

    #[derive(Debug, thiserror::Error)]
    #[error("{source}, it says")]
    struct Wrapper {
        source: io::Error,
    }

    #[test]
    fn each_is_told_once() {
        let source = io::Error::other("no space left");
        assert_eq!(causes(&Wrapper { source }), Vec::<String>::new());
        let path = "thumb.jpg".into();
        let source = io::Error::other(Wrapper {
            source: io::Error::other("no space left"),
        });
        let error = FileError::Write { path, source };
        assert_eq!(causes(&error), ["no space left, it says"]);
    }
}
