//! How Java prints a `double`.

/// Writes a number as `Double.toString` does: at least one digit after the point, and an exponent
/// outside 0.001 to 10,000,000. It is how `1763682891.421` becomes `1.763682891421E9` in a response.
///
/// Source: <https://docs.oracle.com/javase/8/docs/api/java/lang/Double.html#toString-double->
pub(super) fn print(number: f64) -> String {
    if number == 0.0 {
        return if number.is_sign_negative() {
            "-0.0"
        } else {
            "0.0"
        }
        .to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    if (1e-3..1e7).contains(&number.abs()) {
        with_point(&number.to_string())
    } else {
        format!("{}E{exponent}", with_point(mantissa))
    }
}

fn with_point(digits: &str) -> String {
    if digits.contains('.') {
        digits.to_owned()
    } else {
        format!("{digits}.0")
    }
}

#[cfg(test)]
mod tests {
    use super::print;

    #[test]
    fn prints_as_java_does() {
        let cases = [
            (1_763_682_891.421, "1.763682891421E9"),
            (1.0, "1.0"),
            (0.5, "0.5"),
            (1e7, "1.0E7"),
            (9_999_999.5, "9999999.5"),
            (0.0001, "1.0E-4"),
            (-2.5e-10, "-2.5E-10"),
            (0.0, "0.0"),
        ];
        for (number, expected) in cases {
            assert_eq!(print(number), expected);
        }
    }
}
