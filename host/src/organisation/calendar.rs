//! `calendar.json`: working days, freezes and maintenance windows as local rules, expanded to instants.

use std::path::Path;

use changegate::id::{ModelId, ServiceId};
use changegate::text::Text;
use changegate::time::Instant;
use changegate::world::{Calendar, Freeze, MaintenanceWindow, Period};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde::Deserialize;

use super::local_time;
use super::table::read_text;
use crate::fault::{Fault, Faults};

/// How far back periods are expanded: a change that waited for a season still has the working days since it was planned.
const DAYS_BACK: i32 = 100;
/// How far ahead: thirteen months. Of what is planned beyond that, nothing is told as certain.
const DAYS_AHEAD: i32 = 400;

/// The rules of a calendar.
#[derive(Debug)]
pub struct Rules {
    zone: TimeZone,
    written: Written,
    freezes: Vec<Freeze>,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    zone: String,
    working_days: WorkingDays,
    #[serde(default)]
    freezes: Vec<FreezeRule>,
    #[serde(default)]
    windows: Vec<WindowRule>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WorkingDays {
    weekdays: Vec<i8>,
    from: Time,
    to: Time,
    #[serde(default)]
    holidays: Vec<Date>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FreezeRule {
    id: String,
    name: Text,
    from: String,
    to: String,
    #[serde(default)]
    services: Vec<ServiceId>,
    #[serde(default)]
    except: Vec<ModelId>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WindowRule {
    id: String,
    name: Text,
    services: Vec<ServiceId>,
    weekdays: Vec<i8>,
    from: Time,
    to: Time,
}

/// Reads the file.
///
/// # Errors
/// What is wrong with it, each with its key.
pub fn read(path: &Path) -> Result<Rules, Fault> {
    let written: Written = serde_json::from_str(&read_text(path)?)
        .map_err(|error| Fault::about(path, format!("{error}, mend it there")))?;
    Rules::of(written).map_err(|fault| fault.within(format!("{}, ", path.display())))
}

impl Rules {
    fn of(written: Written) -> Result<Self, Fault> {
        let zone = local_time::zone(&written.zone).map_err(|fault| fault.within("key `zone`: "))?;
        let mut faults = Faults::default();
        check_weekdays("workingDays", &written.working_days.weekdays, &mut faults);
        if written.working_days.from >= written.working_days.to {
            faults.note(
                "key `workingDays`: the day ends before it begins, make `to` later than `from`",
            );
        }
        for rule in &written.windows {
            check_weekdays(&format!("windows/{}", rule.id), &rule.weekdays, &mut faults);
        }
        let freezes = written
            .freezes
            .iter()
            .filter_map(|rule| faults.take(freeze(rule, &zone)))
            .collect();
        faults.or(Self {
            zone,
            written,
            freezes,
        })
    }

    /// The zone of the organisation.
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The services that a rule names, with the key where it does.
    pub fn services(&self) -> impl Iterator<Item = (String, &ServiceId)> {
        let freezes = self
            .written
            .freezes
            .iter()
            .map(|rule| ("freezes", &rule.id, &rule.services));
        let windows = self
            .written
            .windows
            .iter()
            .map(|rule| ("windows", &rule.id, &rule.services));
        freezes.chain(windows).flat_map(|(key, id, services)| {
            services
                .iter()
                .map(move |service| (format!("{key}/{id}/services"), service))
        })
    }

    /// The models that a freeze lets pass, with the key where it does.
    pub fn models(&self) -> impl Iterator<Item = (String, &ModelId)> {
        self.written.freezes.iter().flat_map(|rule| {
            rule.except
                .iter()
                .map(move |model| (format!("freezes/{}/except", rule.id), model))
        })
    }

    /// The instants of these rules around `now`, and from when to when they are known. A freeze that the file names is told
    /// however far ahead it lies.
    pub fn expand(&self, now: Instant) -> Calendar {
        let days = self.days(now);
        let horizon = Period {
            from: self.start(days.first()),
            to: self.start(days.last()),
        };
        Calendar {
            zone: self.written.zone.clone(),
            known: Some(horizon),
            working_days: self.working_days(&days),
            freezes: self
                .freezes
                .iter()
                .filter(|freeze| freeze.to > horizon.from)
                .cloned()
                .collect(),
            windows: self
                .written
                .windows
                .iter()
                .map(|rule| self.window(rule, &days))
                .collect(),
        }
    }

    /// The local dates of the horizon.
    fn days(&self, now: Instant) -> Vec<Date> {
        let Some(today) = local_time::local(now, &self.zone).map(DateTime::date) else {
            return Vec::new();
        };
        (-DAYS_BACK..=DAYS_AHEAD)
            .filter_map(|days| today.checked_add(days.days()).ok())
            .collect()
    }

    fn start(&self, day: Option<&Date>) -> Instant {
        let start = day.and_then(|day| local_time::resolve(day.at(0, 0, 0, 0), &self.zone));
        start.unwrap_or(LAST)
    }

    fn working_days(&self, days: &[Date]) -> Vec<Period> {
        let rule = &self.written.working_days;
        days.iter()
            .filter(|day| rule.weekdays.contains(&weekday(**day)) && !rule.holidays.contains(day))
            .filter_map(|day| self.period(*day, rule.from, rule.to))
            .collect()
    }

    fn window(&self, rule: &WindowRule, days: &[Date]) -> MaintenanceWindow {
        let open = days
            .iter()
            .filter(|day| rule.weekdays.contains(&weekday(**day)));
        MaintenanceWindow {
            id: rule.id.clone(),
            name: rule.name.clone(),
            services: rule.services.clone(),
            periods: open
                .filter_map(|day| self.period(*day, rule.from, rule.to))
                .collect(),
        }
    }

    /// From one local time to another; past midnight where the end is not after the start.
    fn period(&self, day: Date, from: Time, to: Time) -> Option<Period> {
        let overnight: Span = if to > from { 0.days() } else { 1.day() };
        let last = day.checked_add(overnight).ok()?;
        let from = local_time::resolve(day.to_datetime(from), &self.zone)?;
        let to = local_time::resolve(last.to_datetime(to), &self.zone)?;
        Some(Period { from, to })
    }
}

const LAST: Instant = match Instant::from_millis(253_402_300_799_999) {
    Some(last) => last,
    None => unreachable!(),
};

/// 1 is Monday, 7 Sunday.
///
/// # Source
/// ISO 8601.
fn weekday(day: Date) -> i8 {
    day.weekday().to_monday_one_offset()
}

fn check_weekdays(key: &str, weekdays: &[i8], faults: &mut Faults) {
    if weekdays.iter().any(|day| !(1..=7).contains(day)) {
        faults.note(format!(
            "key `{key}`: weekdays are 1 (Monday) to 7 (Sunday)"
        ));
    }
}

fn freeze(rule: &FreezeRule, zone: &TimeZone) -> Result<Freeze, Fault> {
    let place = format!("key `freezes/{}`: ", rule.id);
    let from = local_time::instant(&rule.from, zone).map_err(|fault| fault.within(&place))?;
    let to = local_time::instant(&rule.to, zone).map_err(|fault| fault.within(&place))?;
    if from >= to {
        return Err(Fault::new(format!(
            "{place}it ends before it begins, make `to` later than `from`"
        )));
    }
    Ok(Freeze {
        id: rule.id.clone(),
        name: rule.name.clone(),
        from,
        to,
        services: rule.services.clone(),
        except: rule.except.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Result<Rules, Fault> {
        Rules::of(serde_json::from_str(text).unwrap())
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    const LONDON: &str = r#"{
        "zone": "Europe/London",
        "workingDays": { "weekdays": [1, 2, 3, 4, 5], "from": "09:00", "to": "17:00", "holidays": ["2026-12-25"] },
        "freezes": [{ "id": "yearEnd", "name": { "en": "Year end" }, "from": "2026-12-18T17:00", "to": "2027-01-04" }],
        "windows": [{ "id": "night", "name": { "en": "Night" }, "services": ["mail"], "weekdays": [6], "from": "22:00", "to": "02:00" }]
    }"#;

    #[test]
    fn working_days_follow_local_time_through_the_change_of_clocks() {
        let calendar = rules(LONDON).unwrap().expand(at("2026-10-23T12:00:00Z"));
        let froms: Vec<String> = calendar
            .working_days
            .iter()
            .map(|day| day.from.to_string())
            .collect();
        assert!(
            froms.contains(&"2026-10-23T08:00:00.000Z".to_owned()),
            "in summer time"
        );
        assert!(
            froms.contains(&"2026-10-26T09:00:00.000Z".to_owned()),
            "in winter time"
        );
        assert!(
            !froms.iter().any(|from| from.starts_with("2026-10-24")),
            "no Saturday"
        );
        assert!(
            !froms.iter().any(|from| from.starts_with("2026-12-25")),
            "no holiday"
        );
    }

    #[test]
    fn a_window_past_midnight_ends_on_the_next_day() {
        let calendar = rules(LONDON).unwrap().expand(at("2026-11-23T12:00:00Z"));
        let mut nights = calendar.windows[0].periods.iter();
        let night = nights.find(|night| night.from == at("2026-11-21T22:00:00Z"));
        assert_eq!(night.unwrap().to, at("2026-11-22T02:00:00Z"));
    }

    #[test]
    fn freezes_are_given_however_far_ahead_and_not_once_they_are_long_over() {
        let rules = rules(LONDON).unwrap();
        for now in ["2024-11-23T12:00:00Z", "2026-11-23T12:00:00Z"] {
            assert_eq!(
                rules.expand(at(now)).freezes[0].from,
                at("2026-12-18T17:00:00Z")
            );
        }
        assert!(rules.expand(at("2027-06-01T12:00:00Z")).freezes.is_empty());
    }

    #[test]
    fn a_calendar_says_from_when_to_when_it_is_known() {
        let rules = rules(LONDON).unwrap();
        let now = at("2026-11-23T12:00:00Z");
        let days = rules.days(now);
        assert_eq!(
            (days.len(), days[0].to_string()),
            (501, "2026-08-15".to_owned())
        );
        let known = rules.expand(now).known.unwrap();
        assert_eq!(known.from, at("2026-08-14T23:00:00Z"), "in summer time");
        assert_eq!(known.to, at("2027-12-28T00:00:00Z"));
    }

    #[test]
    fn what_is_wrong_names_its_key() {
        for (from, to, said) in [
            (
                "Europe/London",
                "Europe/Londn",
                "key `zone`: there is no time zone `Europe/Londn`",
            ),
            (
                "\"2027-01-04\"",
                "\"2026-01-04\"",
                "key `freezes/yearEnd`: it ends before it begins",
            ),
            (
                "\"2027-01-04\"",
                "\"soon\"",
                "key `freezes/yearEnd`: `soon` is no date",
            ),
            (
                "[6]",
                "[0]",
                "key `windows/night`: weekdays are 1 (Monday) to 7 (Sunday)",
            ),
            (
                "\"17:00\", \"holi",
                "\"08:00\", \"holi",
                "key `workingDays`: the day ends before it begins",
            ),
        ] {
            let fault = rules(&LONDON.replace(from, to)).unwrap_err().to_string();
            assert!(fault.contains(said), "{fault}");
        }
    }
}
