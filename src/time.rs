//! Instants: RFC 3339 UTC text with milliseconds in JSON, whole milliseconds in memory.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::{self, Decode, Fault, Node};

/// Milliseconds since 1970-01-01T00:00:00Z, from year 0001 to 9999.
///
/// # Source
/// RFC 3339; always written with `Z` and three decimals, so that equal instants are equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

const MS_A_DAY: i64 = 86_400_000;
const EARLIEST: i64 = -62_135_596_800_000;
const LATEST: i64 = 253_402_300_799_999;

impl Instant {
    /// The instant of `milliseconds` since the epoch, if its year has four digits.
    #[must_use]
    pub const fn from_millis(milliseconds: i64) -> Option<Self> {
        if milliseconds < EARLIEST || milliseconds > LATEST {
            None
        } else {
            Some(Self(milliseconds))
        }
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The last instant there is.
    pub const LAST: Self = Self(LATEST);

    /// So many minutes later; the last instant where that lies beyond it.
    #[must_use]
    pub const fn plus_minutes(self, minutes: u32) -> Self {
        // `as` widens: no value is lost.
        let later = self
            .0
            .saturating_add((minutes as i64).saturating_mul(60_000));
        if later > LATEST {
            Self::LAST
        } else {
            Self(later)
        }
    }

    /// Whole minutes from `earlier` to this instant, toward zero; negative if this one is first.
    #[must_use]
    pub const fn minutes_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 60_000
    }
}

/// Days from the epoch to a civil date, and back: the proleptic Gregorian calendar in whole numbers.
///
/// # Source
/// The era arithmetic that C++20 `std::chrono` specifies for `year_month_day`.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "bounded by the years 0 to 9999 of four digits"
)]
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 {
        year.wrapping_sub(1)
    } else {
        year
    };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_index = month.wrapping_add(9).rem_euclid(12);
    let day_of_year = (153 * month_index + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "bounded by the days of `Instant`"
)]
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// Text that is no instant of the accepted form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnInstant;

impl fmt::Display for NotAnInstant {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("not an RFC 3339 instant in UTC, write it like `2026-11-23T09:30:00.000Z`")
    }
}

struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, tail) = self.0.split_at_checked(digits)?;
        self.0 = tail;
        head.iter().try_fold(0_i64, |sum, byte| {
            let digit = byte
                .is_ascii_digit()
                .then(|| i64::from(byte.wrapping_sub(b'0')))?;
            sum.checked_mul(10)?.checked_add(digit)
        })
    }

    fn byte(&mut self, wanted: u8) -> Option<()> {
        let (head, tail) = self.0.split_first()?;
        self.0 = tail;
        (*head == wanted).then_some(())
    }
}

fn scan(text: &str) -> Option<i64> {
    let mut rest = Scan(text.as_bytes());
    let year = rest.number(4)?;
    rest.byte(b'-')?;
    let month = rest.number(2)?;
    rest.byte(b'-')?;
    let day = rest.number(2)?;
    rest.byte(b'T')?;
    let hour = rest.number(2)?;
    rest.byte(b':')?;
    let minute = rest.number(2)?;
    rest.byte(b':')?;
    let second = rest.number(2)?;
    let millis = if rest.0.first() == Some(&b'.') {
        rest.byte(b'.')?;
        rest.number(3)?
    } else {
        0
    };
    rest.byte(b'Z')?;
    let days = days_from_civil(year, month, day);
    let in_range = hour < 24 && minute < 60 && second < 60 && rest.0.is_empty();
    let seconds = hour
        .checked_mul(3_600)?
        .checked_add(minute.checked_mul(60)?)?
        .checked_add(second)?;
    let of_day = seconds.checked_mul(1_000)?.checked_add(millis)?;
    (in_range && civil_from_days(days) == (year, month, day)).then_some(())?;
    days.checked_mul(MS_A_DAY)?.checked_add(of_day)
}

impl FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        scan(text).and_then(Self::from_millis).ok_or(NotAnInstant)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(MS_A_DAY));
        let of_day = self.0.rem_euclid(MS_A_DAY);
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let mut places = text.iter_mut().rev();
        let parts = [
            (of_day % 1_000, 3),
            (of_day / 1_000 % 60, 2),
            (of_day / 60_000 % 60, 2),
            (of_day / 3_600_000, 2),
            (day, 2),
            (month, 2),
            (year, 4),
        ];
        for (mut number, digits) in parts {
            // The letter after it stands already.
            places.next();
            for place in places.by_ref().take(digits) {
                *place = b'0'.wrapping_add(u8::try_from(number % 10).unwrap_or_default());
                number /= 10;
            }
        }
        to.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Decode for Instant {
    fn decode(node: Node) -> Result<Self, Fault> {
        node.into_text()?
            .parse()
            .map_err(|error: NotAnInstant| Fault::here(error.to_string()))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        wire::deserialize(from)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "An instant in UTC, with milliseconds",
            "type": "string",
            "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{3})?Z$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_and_write_the_same_text() {
        for text in [
            "0001-01-01T00:00:00.000Z",
            "1969-12-31T23:59:59.999Z",
            "2000-02-29T12:00:00.000Z",
            "2026-11-23T09:30:00.123Z",
            "9999-12-31T23:59:59.999Z",
        ] {
            let instant: Instant = text.parse().unwrap();
            assert_eq!(instant.to_string(), text);
            assert_eq!(Instant::from_millis(instant.millis()), Some(instant));
        }
        assert_eq!(
            "1970-01-02T00:00:00Z".parse::<Instant>().unwrap().millis(),
            MS_A_DAY
        );
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026-11-23",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T09:30:60Z",
            "2026-11-23T09:30:00+01:00",
            "2026-11-23T09:30:00.1Z",
            "2026-11-23T09:30:00Zx",
            "0000-01-01T00:00:00Z",
            "２026-11-23T09:30:00Z",
        ] {
            assert_eq!(text.parse::<Instant>(), Err(NotAnInstant), "{text}");
        }
    }
}
