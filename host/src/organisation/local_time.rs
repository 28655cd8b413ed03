//! Local time of the organisation's zone, as people write it, made into instants.

use changegate::time::Instant;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::fault::Fault;

/// The zone of that IANA name.
///
/// # Errors
/// That there is none.
pub fn zone(name: &str) -> Result<TimeZone, Fault> {
    TimeZone::get(name).map_err(|_| {
        Fault::new(format!(
            "there is no time zone `{name}`, write an IANA name like `Europe/London`"
        ))
    })
}

/// Reads `2026-12-24`, `2026-12-24T09:00` (both local) or an instant that ends with `Z`.
///
/// # Errors
/// That it is none of these.
pub fn instant(text: &str, zone: &TimeZone) -> Result<Instant, Fault> {
    if let Ok(instant) = text.parse() {
        return Ok(instant);
    }
    let local: DateTime = text.parse().map_err(|_| {
        Fault::new(format!(
            "`{text}` is no date, write it like `2026-12-24` or `2026-12-24T09:00`"
        ))
    })?;
    resolve(local, zone)
        .ok_or_else(|| Fault::new(format!("`{text}` lies outside the years 1 to 9999")))
}

/// The instant of a local time. Where clocks jump, it is the one that the same wall time had before the jump.
pub fn resolve(local: DateTime, zone: &TimeZone) -> Option<Instant> {
    let zoned = zone.to_zoned(local).ok()?;
    Instant::from_millis(zoned.timestamp().as_millisecond())
}

/// The local date and time of an instant.
pub fn local(instant: Instant, zone: &TimeZone) -> Option<DateTime> {
    let timestamp = jiff::Timestamp::from_millisecond(instant.millis()).ok()?;
    Some(zone.to_datetime(timestamp))
}
