//! Times that are told against times that the host recorded, freezes and second ways round them, and how far a calendar is known.

use changegate_host_tests::{Change, Folder, Host, START, later, new_id};
use serde_json::{Value, json};

/// The workshop with a freeze of everything from so many minutes after the host begins, for a day.
fn frozen_after(minutes: i64) -> Folder {
    let folder = Folder::of_workshop();
    let (from, to) = (later(START, minutes), later(START, minutes + 24 * 60));
    let freeze = format!(
        r#""freezes": [{{ "id": "audit", "name": {{ "en": "Audit" }}, "from": "{from}", "to": "{to}" }}]"#
    );
    folder.spoil("calendar.json", r#""freezes": []"#, &freeze);
    folder.spoil(
        "policy.json",
        r#""review": ["lead"]"#,
        r#""review": ["lead"], "extend": ["lead"], "hold": ["lead"]"#,
    );
    folder
}

fn complete(from: &str, to: &str) -> Value {
    json!({ "type": "complete", "outcome": "successful", "startedAt": from, "endedAt": to, "downtimeMin": 0 })
}

fn flags(entry: &Value) -> &Value {
    &entry["entry"]["events"][0]["flags"]
}

fn begin() -> Value {
    json!({ "type": "move", "transition": "begin" })
}

#[test]
fn what_was_recorded_bounds_what_is_told() {
    let host = Host::start();
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let mut change = Change::submitted(&host, &ada);
    change.accepted(&ben, change.approval(&ben));
    host.move_clock(&change.start.clone());
    change.accepted(&cyn, begin());
    // Twenty hours later, as done within half an hour a day before anybody asked for it.
    let told = later(&change.start, -3 * 24 * 60);
    host.move_clock(&later(&change.start, 20 * 60));
    let entry = change.accepted(&cyn, complete(&told, &later(&told, 30)));
    assert_eq!(
        flags(&entry),
        &json!([
            "unauthorized",
            "early",
            "overrun",
            "reportedLate",
            "timesDiffer"
        ])
    );
    let verdict = ada.get(&format!("/api/changes/{}/verdict", change.id)).json;
    assert_eq!(verdict["ok"], true);
    assert_eq!(
        change
            .sent(&ben, json!({ "type": "move", "transition": "close" }))
            .refusals(),
        ["review.missing"]
    );
}

#[test]
fn more_time_is_no_way_into_a_freeze_and_leave_after_the_end_is_none() {
    // The window is from two days after the start of the host on, for two hours.
    let opens = 2 * 24 * 60;
    let host = Host::start_with(frozen_after(opens + 180), &[]);
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let mut change = Change::submitted(&host, &ada);
    change.accepted(&ben, change.approval(&ben));
    let start = change.start.clone();
    host.move_clock(&start);
    change.accepted(&cyn, begin());
    let extend = |minutes| {
        let until = later(&start, minutes);
        json!({ "type": "extend", "until": until, "reason": "The blade is stuck." })
    };
    assert_eq!(
        change.sent(&cyn, extend(200)).refusals(),
        ["window.conflict"]
    );
    host.move_clock(&later(&start, 130));
    change.accepted(&cyn, extend(150));
    change.accepted(&ben, json!({ "type": "decideExtension", "answer": "yes" }));
    host.move_clock(&later(&start, 140));
    let entry = change.accepted(&cyn, complete(&start, &later(&start, 140)));
    assert_eq!(flags(&entry), &json!(["overrun"]));
}

#[test]
fn work_without_a_window_does_not_start_in_a_freeze() {
    let folder = frozen_after(60);
    for id in ["start", "end"] {
        let named = format!(
            r#""kind": {{ "type": "dateTime" }}, "means": "window{}""#,
            if id == "start" { "Start" } else { "End" }
        );
        folder.spoil(
            "policy.json",
            &format!(r#"{named}, "required": {{ "all": [] }}, "requiredBefore": "assess""#),
            &named,
        );
    }
    let host = Host::start_with(folder, &[]);
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let fields = json!({ "title": "Sharpen the saw", "why": "The cuts of the table saw have become ragged.",
        "machines": ["saw"], "doers": ["cyn"], "impact": "little" });
    let mut change = Change {
        id: new_id(),
        start: String::new(),
        seq: 0,
    };
    change.accepted(
        &ada,
        json!({ "type": "submit", "model": "planned", "language": "en", "fields": fields }),
    );
    change.accepted(&ben, change.approval(&ben));
    host.move_clock(&later(START, 61));
    assert_eq!(change.sent(&cyn, begin()).refusals(), ["window.conflict"]);
    host.move_clock(&later(START, 60 + 24 * 60));
    change.accepted(&cyn, begin());
}

#[test]
fn a_freeze_of_next_year_is_told_and_beyond_the_calendar_nothing_is_told_as_certain() {
    let host = Host::start_with(Folder::of_organisation("defra"), &[]);
    let person = host.sign_in("e1041");
    let conflicts = |from: &str, to: &str| {
        let fields = json!({ "title": "Release of the Charging Module", "services": ["charging-module"], "start": from, "end": to });
        let draft =
            json!({ "id": new_id(), "model": "normal", "language": "en", "fields": fields });
        person.post("/api/assess", &json!({ "draft": draft })).json["conflicts"].clone()
    };
    let christmas = conflicts("2027-12-20T09:00:00.000Z", "2027-12-20T10:00:00.000Z");
    let first = &christmas["first"][0];
    assert_eq!(
        (&first["with"], &first["stops"]),
        (&json!("christmas-2027"), &json!(true)),
        "{christmas}"
    );
    let beyond = conflicts("2029-06-05T09:00:00.000Z", "2029-06-05T10:00:00.000Z");
    assert!(beyond["onlyKnown"]["to"].is_string(), "{beyond}");
    let within = conflicts("2027-11-02T09:00:00.000Z", "2027-11-02T10:00:00.000Z");
    assert_eq!(within, json!({ "total": 0, "first": [] }));
}
