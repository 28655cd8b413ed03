//! No text that somebody typed stands in an entry of the log: each place of each command and of each kind of field is tried.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod story;
mod vector;

use changegate::log::Stored;
use changegate::policy::Kind;
use serde_json::{Value, json};
use story::{but, department, push, submit, text};

/// What nobody else would write.
const SECRET: &str = "Zebra 4711 crosses at night";

/// The value with one text or one name in it otherwise, for each that there is; the tag of a command or a step aside.
fn with_secret(value: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    match value {
        Value::String(_) => all.push((String::new(), json!(SECRET))),
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                for (place, item) in with_secret(item) {
                    let mut value = value.clone();
                    value[position] = item;
                    all.push((format!("/{position}{place}"), value));
                }
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let mut renamed = members.clone();
                renamed.remove(key);
                renamed.insert(SECRET.to_owned(), member.clone());
                all.push((format!("/{key} (its name)"), Value::Object(renamed)));
                for (place, member) in with_secret(member) {
                    let mut value = value.clone();
                    value[key] = member;
                    all.push((format!("/{key}{place}"), value));
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    all
}

fn tells(stored: &Stored) -> bool {
    serde_json::to_string(&stored.entry)
        .unwrap()
        .contains("Zebra")
}

/// How often a text was taken and sealed; the places where it stands in the entry.
fn tried(command: &Value, attempt: &dyn Fn(Value) -> Option<Stored>) -> (usize, Vec<String>) {
    let (mut sealed, mut told) = (0, Vec::new());
    for (place, command) in with_secret(command) {
        let Some(stored) = attempt(command) else {
            continue;
        };
        if tells(&stored) {
            told.push(place);
        } else if stored.values.values().any(|value| value.text == SECRET) {
            sealed += 1;
        }
    }
    (sealed, told)
}

#[test]
fn no_text_of_any_command_stands_in_its_entry() {
    let (mut sealed, mut open) = (0, Vec::new());
    for (name, text) in vector::VECTORS {
        let vector = serde_json::from_str(text).unwrap();
        vector::tell_trying(&vector, |command, attempt| {
            let (taken, told) = tried(command, attempt);
            open.extend(
                told.into_iter()
                    .map(|place| format!("{name}: {place} of {command}")),
            );
            sealed += taken;
        });
    }
    assert!(open.is_empty(), "{open:#?}");
    assert!(sealed > 100, "{sealed}");
}

/// The kind that comes after another, until each was given: a kind that is added has its place here, or this does not compile.
fn next(kind: Option<&Kind>) -> Option<(Value, Value)> {
    let options =
        json!([{ "id": "one", "label": text("One") }, { "id": "two", "label": text("Two") }]);
    Some(match kind {
        None => (json!({ "type": "text" }), json!("Said")),
        Some(Kind::Text { .. }) => (json!({ "type": "longText" }), json!("Said at length")),
        Some(Kind::LongText { .. }) => (
            json!({ "type": "choice", "options": options }),
            json!("one"),
        ),
        Some(Kind::Choice { .. }) => (
            json!({ "type": "several", "options": options }),
            json!(["one", "two"]),
        ),
        Some(Kind::Several { .. }) => (json!({ "type": "yesNo" }), json!(true)),
        Some(Kind::YesNo {}) => (
            json!({ "type": "dateTime" }),
            json!("2026-12-10T09:30:00.000Z"),
        ),
        Some(Kind::DateTime {}) => (json!({ "type": "number" }), json!(3)),
        Some(Kind::Number { .. }) => (json!({ "type": "duration" }), json!(20)),
        Some(Kind::Duration { .. }) => (
            json!({ "type": "people", "most": 2 }),
            json!(["e1044", "e1045"]),
        ),
        Some(Kind::People { .. }) => (json!({ "type": "services" }), json!(["payments"])),
        Some(Kind::Services { .. }) => (
            json!({ "type": "tasks", "plans": options, "most": 80 }),
            tasks(),
        ),
        Some(Kind::Tasks { .. }) => (json!({ "type": "list", "columns": columns() }), rows()),
        Some(Kind::List { .. }) => return None,
    })
}

/// More tasks than a field takes where its policy does not say.
fn tasks() -> Value {
    let task = |number: usize| {
        json!({ "id": format!("t{number}"), "what": "Deploy", "plan": "one", "person": ["e1044"], "team": "delivery",
            "from": "2026-12-10T09:30:00.000Z", "to": "2026-12-10T10:00:00.000Z" })
    };
    (0..55).map(task).collect()
}

fn all_kinds() -> Vec<(Value, Value)> {
    let mut kinds: Vec<(Value, Value)> = Vec::new();
    loop {
        let last = kinds
            .last()
            .map(|(kind, _)| serde_json::from_value(kind.clone()).unwrap());
        let Some(kind) = next(last.as_ref()) else {
            return kinds;
        };
        kinds.push(kind);
    }
}

/// The kinds that a column can be of: all that come before lists.
fn of_columns() -> Vec<(Value, Value)> {
    let mut kinds = Vec::new();
    let mut last: Option<Kind> = None;
    while !matches!(last, Some(Kind::Services { .. })) {
        let kind = next(last.as_ref()).unwrap();
        last = Some(serde_json::from_value(kind.0.clone()).unwrap());
        kinds.push(kind);
    }
    kinds
}

fn columns() -> Value {
    let columns = of_columns().into_iter().enumerate();
    columns
        .map(|(position, (kind, _))| json!({ "id": format!("c{position}"), "label": text("Column"), "kind": kind }))
        .collect()
}

fn rows() -> Value {
    let mut row = json!({});
    for (position, (_, value)) in of_columns().into_iter().enumerate() {
        row[format!("c{position}")] = value;
    }
    json!([row])
}

#[test]
fn no_text_of_any_kind_of_field_stands_in_its_entry() {
    let kinds = all_kinds();
    let known = include_str!("../src/policy/field.rs");
    let (_, known) = known.split_once("pub enum Kind {").unwrap();
    let (known, _) = known.split_once("\n}\n").unwrap();
    let known = known.lines().filter_map(|line| line.strip_prefix("    "));
    let known = known.filter(|line| line.starts_with(char::is_uppercase));
    assert_eq!(kinds.len(), known.count(), "a kind is left out");
    let mut free = Vec::new();
    for (kind, value) in kinds {
        let means = if kind["type"] == "tasks" {
            json!("tasks")
        } else {
            Value::Null
        };
        let story = department(|policy| {
            let mut field = json!({ "id": "probe", "label": text("Probe"), "kind": kind });
            if !means.is_null() {
                field["means"] = means.clone();
            }
            push(&mut policy["fields"], field);
            push(&mut policy["sections"][0]["fields"], json!("probe"));
        });
        let attempt = |value: Value| {
            let mut story = story.fresh();
            let report = story.report(&submit("normal", but(json!({ "probe": value }))));
            story.take("e1041", &report).ok().cloned()
        };
        assert!(
            attempt(value.clone()).is_some(),
            "{kind}: {value} is not taken"
        );
        let (sealed, told) = tried(&value, &attempt);
        assert!(told.is_empty(), "{kind}: {told:?}");
        if sealed > 0 {
            free.push(kind["type"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(free, ["text", "longText", "tasks", "list"]);
}

#[test]
fn what_somebody_makes_up_is_a_name_and_no_text() {
    for place in ["/step/template", "/step/language"] {
        let vector = serde_json::from_str(include_str!("vectors/template.json")).unwrap();
        let mut taken = 0;
        vector::tell_trying(&vector, |command, attempt| {
            if command["step"]["type"] == "propose" && command["type"] == "template" {
                let mut command = command.clone();
                taken += usize::from(attempt(command.clone()).is_some());
                *command.pointer_mut(place).unwrap() = json!(SECRET);
                assert!(attempt(command).is_none(), "{place}");
            }
        });
        assert_eq!(taken, 1);
    }
}
