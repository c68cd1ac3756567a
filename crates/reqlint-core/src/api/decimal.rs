//! Exact decimal numbers, for the bounds and the multiples of schemas.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// A decimal number: `digits` times ten to the power of `exponent`. No two of them are equal in
/// value without being equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    /// The number in a text, as JSON writes numbers; a sign and zeros before it are fine, since
    /// texts of queries have them. None where it is no number, or has more than 38 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (sign, unsigned) = match mantissa.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (unsigned, ""),
        };
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction}").parse::<i128>().ok()?;
        let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        Some(Decimal { digits: sign * digits, exponent }.normal())
    }

    /// Whether there is nothing behind the point.
    pub fn is_integer(self) -> bool {
        self.exponent >= 0
    }

    /// Whether it is above 0.
    pub fn is_positive(self) -> bool {
        self.digits > 0
    }

    /// Whether it is a whole multiple of `other`; none where that cannot be computed exactly.
    pub fn is_multiple_of(self, other: Decimal) -> Option<bool> {
        if other.digits == 0 {
            return None;
        }
        let (one, two) = aligned(self, other)?;
        Some(one % two == 0)
    }

    /// As near as a floating point number can be.
    pub fn to_f64(self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// It, less `other`, where that can be computed.
    pub fn from_f64(value: f64) -> Option<Self> {
        Decimal::parse(&value.to_string())
    }

    fn normal(mut self) -> Self {
        if self.digits == 0 {
            return Decimal { digits: 0, exponent: 0 };
        }
        while self.digits % 10 == 0 {
            self.digits /= 10;
            self.exponent = self.exponent.saturating_add(1);
        }
        self
    }
}

/// The digits of two numbers with the same exponent.
fn aligned(one: Decimal, two: Decimal) -> Option<(i128, i128)> {
    let least = one.exponent.min(two.exponent);
    let scale = |number: Decimal| {
        let by = u32::try_from(number.exponent.checked_sub(least)?).ok()?;
        number.digits.checked_mul(10_i128.checked_pow(by)?)
    };
    Some((scale(one)?, scale(two)?))
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match aligned(*self, *other) {
            Some((one, two)) => one.cmp(&two),
            // So far apart that the nearest floating point numbers differ.
            None => self.to_f64().total_cmp(&other.to_f64()),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits.unsigned_abs().to_string();
        let sign = if self.digits < 0 { "-" } else { "" };
        match self.exponent {
            0 => write!(formatter, "{sign}{digits}"),
            1..=20 => {
                let zeros = "0".repeat(usize::try_from(self.exponent).unwrap_or_default());
                write!(formatter, "{sign}{digits}{zeros}")
            }
            -20..0 => {
                let places = usize::try_from(-self.exponent).unwrap_or_default();
                let padded = format!("{digits:0>width$}", width = places + 1);
                let (whole, fraction) = padded.split_at(padded.len() - places);
                write!(formatter, "{sign}{whole}.{fraction}")
            }
            exponent => write!(formatter, "{sign}{digits}e{exponent}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).expect("a number")
    }

    #[test]
    fn equal_values_are_equal() {
        for (one, other) in [("1", "1.0"), ("100", "1e2"), ("-0", "0"), ("0.50", "5e-1")] {
            assert_eq!(number(one), number(other), "{one} {other}");
        }
        for text in ["", "-", "1.", ".5", "1e", "0x1", "1_000", "NaN", "1 "] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_compared_and_divided_exactly() {
        assert!(number("0.3") < number("0.30000000000000001"));
        assert!(number("-1e300") < number("1e-300"));
        assert!(number("9007199254740993") > number("9007199254740992"));
        assert_eq!(number("0.3").is_multiple_of(number("0.1")), Some(true));
        assert_eq!(number("7").is_multiple_of(number("2")), Some(false));
        assert!(number("1.0").is_integer() && !number("1.5").is_integer());
    }

    #[test]
    fn numbers_are_written_plainly() {
        for text in ["0", "-12", "0.05", "1200", "-3.25"] {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("1e30").to_string(), "1e30");
    }
}
