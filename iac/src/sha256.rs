//! SHA-256, in bytes and as people write it.

use sha2::{Digest as _, Sha256};

/// The hash of some bytes.
#[must_use]
pub fn of(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A hash in lower-case hexadecimal.
#[must_use]
pub fn hex(hash: &[u8; 32]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15];
    let digits = hash.iter().flat_map(digits);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{hex, of};

    #[test]
    fn it_is_what_sha256sum_says() {
        assert_eq!(
            hex(&of("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
