//! Amounts without surprises: decimals as integers, rounded once, half up.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::{Serialize, Serializer};

/// Millionths in one.
const MILLION: u128 = 1_000_000;

/// How much of something there is, in millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(u128);

impl Quantity {
    /// A whole number.
    #[must_use]
    pub const fn of(number: u64) -> Self {
        Self(number as u128 * MILLION)
    }

    /// A fraction, rounded to a millionth.
    #[must_use]
    pub const fn ratio(numerator: u128, denominator: u128) -> Self {
        Self(rounded(numerator * MILLION, denominator))
    }

    /// Whether there is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Quantity {
    /// With commas, and two decimals where it is no whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(MILLION) {
            return f.write_str(&grouped(self.0 / MILLION));
        }
        f.write_str(&hundredths(rounded(self.0, MILLION / 100)))
    }
}

impl Serialize for Quantity {
    /// The whole decimal, as text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&decimal(self.0, 6))
    }
}

/// What something costs, in millionths of a dollar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dollars(u64);

impl Dollars {
    /// Millionths of a dollar.
    #[must_use]
    pub const fn micro(micro: u64) -> Self {
        Self(micro)
    }

    /// In millionths of a dollar.
    #[must_use]
    pub const fn as_micro(self) -> u64 {
        self.0
    }

    /// The share of a total, in percent, rounded.
    #[must_use]
    pub const fn percent_of(self, total: Self) -> u128 {
        if total.0 == 0 {
            return 0;
        }
        rounded(self.0 as u128 * 100, total.0 as u128)
    }
}

impl Add for Dollars {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Dollars {
    type Output = Self;

    /// Never less than nothing.
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Dollars {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Dollars {
    /// In cents; what is less than half a cent and more than nothing is `< $0.01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = rounded(u128::from(self.0), MILLION / 100);
        if cents == 0 && self.0 > 0 {
            return f.write_str("< $0.01");
        }
        write!(f, "${}", hundredths(cents))
    }
}

/// The price of a unit, in millionths of a millionth of a dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitPrice(u64);

/// Decimals of a [`UnitPrice`].
const PRICE_DECIMALS: u32 = 12;

impl UnitPrice {
    /// A price as it is published: `0.0000133334`.
    ///
    /// # Panics
    /// A text that is no decimal with up to 12 digits behind the point. The prices are constants, so that
    /// this is an error of the compiler.
    #[must_use]
    pub const fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut value = 0_u64;
        let mut decimals = 0;
        let mut behind_the_point = false;
        let mut index = 0;
        while index < bytes.len() {
            match bytes[index] {
                b'.' if !behind_the_point => behind_the_point = true,
                digit @ b'0'..=b'9' => {
                    value = value * 10 + (digit - b'0') as u64;
                    if behind_the_point {
                        decimals += 1;
                    }
                }
                _ => panic!("a price is a decimal number"),
            }
            index += 1;
        }
        assert!(decimals <= PRICE_DECIMALS, "a price has up to 12 decimals");
        Self(value * 10_u64.pow(PRICE_DECIMALS - decimals))
    }

    /// What a quantity costs where `per` units cost this.
    #[must_use]
    pub fn times(self, quantity: Quantity, per: u64) -> Dollars {
        let exact = quantity.0 * u128::from(self.0);
        let micro = rounded(exact, u128::from(per) * MILLION * MILLION);
        Dollars(u64::try_from(micro).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for UnitPrice {
    /// With two decimals at least: `$3.50`, `$0.0000133334`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = decimal(u128::from(self.0), PRICE_DECIMALS as usize);
        let decimals = text.split_once('.').map_or(0, |(_, behind)| behind.len());
        match decimals {
            0 => write!(f, "${text}.00"),
            1 => write!(f, "${text}0"),
            _ => write!(f, "${text}"),
        }
    }
}

/// Division that rounds half up.
const fn rounded(numerator: u128, denominator: u128) -> u128 {
    (numerator + denominator / 2) / denominator
}

/// A whole number with commas.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of hundredths with commas and two decimals.
fn hundredths(number: u128) -> String {
    format!("{}.{:02}", grouped(number / 100), number % 100)
}

/// A number of `10^-decimals` without what does not count.
fn decimal(number: u128, decimals: usize) -> String {
    let one = 10_u128.pow(u32::try_from(decimals).unwrap_or_default());
    let text = format!("{}.{:0decimals$}", number / one, number % one);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact_and_rounded_once() {
        let arm = UnitPrice::of("0.0000133334");
        assert_eq!(arm.to_string(), "$0.0000133334");
        // 1769 MB x 100 ms x 1,000,000 = 172,753.90625 GB-seconds; x 0.0000133334 = 2.30339693...
        let seconds = Quantity::ratio(1769 * 100 * 1_000_000, 1024 * 1000);
        assert_eq!(seconds.to_string(), "172,753.91");
        assert_eq!(serde_json::to_value(seconds).expect("text"), "172753.90625");
        assert_eq!(arm.times(seconds, 1), Dollars::micro(2_303_397));
        assert_eq!(arm.times(seconds, 1).to_string(), "$2.30");
    }

    #[test]
    fn half_a_cent_is_rounded_up_and_less_is_said() {
        for (micro, text) in [
            (0, "$0.00"),
            (1, "< $0.01"),
            (4_999, "< $0.01"),
            (5_000, "$0.01"),
            (1_004_999, "$1.00"),
            (1_005_000, "$1.01"),
            (1_234_567_890_000, "$1,234,567.89"),
        ] {
            assert_eq!(Dollars::micro(micro).to_string(), text);
        }
    }

    #[test]
    fn prices_are_written_as_people_write_them() {
        for (text, shown) in [
            ("3.50", "$3.50"),
            ("25", "$25.00"),
            ("0.4", "$0.40"),
            ("0.0004", "$0.0004"),
        ] {
            assert_eq!(UnitPrice::of(text).to_string(), shown);
        }
    }
}
