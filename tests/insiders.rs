//! What somebody who knows the process well could try, and what must not be held against the honest.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod story;

use serde_json::{Value, json};
use story::{DEFRA, Story, complete, content, department, given, push, refused, step, submit, text};

/// A release by template, in a department that asks with the report of work how many copies there were.
fn released() -> Story {
    let mut story = department(|policy| {
        push(
            &mut policy["fields"],
            json!({ "id": "copies", "label": text("Copies"), "kind": { "type": "number", "min": 0 }, "asked": "completion" }),
        );
    });
    let template = story
        .world
        .template(&"water-licensing-release".into())
        .unwrap();
    let fixed = template.fields.iter();
    let mut fields: serde_json::Map<String, Value> = fixed
        .map(|(field, value)| (field.0.clone(), json!(value)))
        .collect();
    let open = json!({ "department": "water", "sponsor": ["e1052"], "funding": "bau", "implementers": ["e1045"],
        "start": "2026-11-24T09:00:00.000Z", "end": "2026-11-24T10:00:00.000Z" });
    fields.extend(open.as_object().unwrap().clone());
    story.then(
        "e1042",
        json!({ "type": "submit", "model": "standard", "template": "water-licensing-release", "language": "en", "fields": fields }),
    );
    story
}

#[test]
fn what_is_answered_with_the_report_does_not_make_the_work_unauthorized() {
    let mut story = released();
    let mut report = complete(
        "successful",
        "2026-11-24T09:10:00.000Z",
        "2026-11-24T09:40:00.000Z",
    );
    report["fields"] = json!({ "copies": 3 });
    story.at("2026-11-24T10:00:00.000Z").then("e1045", report);
    assert!(story.change().completed.unwrap().flags.is_empty());
}

fn known<'a>(story: &'a mut Story, id: &str) -> &'a mut changegate::world::Person {
    let mut people = story.world.people.iter_mut();
    people.find(|person| person.id.as_str() == id).unwrap()
}

#[test]
fn whoever_left_holds_no_role_any_more() {
    let mut story = given(DEFRA);
    story.then("e1041", submit("normal", content()));
    known(&mut story, "e1012").left = true;
    assert_eq!(refused(&mut story, "e1012", step("pass")), ["role.missing"]);
    story.then("e1013", step("pass"));
}
