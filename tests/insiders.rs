//! What somebody who knows the process well could try, and what must not be held against the honest.
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

use changegate::due::{What, due};
use changegate::policy::Policy;
use changegate::time::Instant;
use changegate::world::Delegation;
use serde_json::{Value, json};
use story::{
    DEFRA, Story, approve, but, complete, content, department, given, has, push, refused,
    scheduled, step, submit, text,
};

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

fn edit(fields: Value) -> Value {
    json!({ "type": "edit", "fields": fields })
}

fn field<'a>(policy: &'a mut Value, id: &str) -> &'a mut Value {
    let mut fields = policy["fields"].as_array_mut().unwrap().iter_mut();
    fields.find(|field| field["id"] == id).unwrap()
}

/// Approved, and who carries it out may still change, without another approval.
fn with_others_to_do_it() -> Story {
    department(|policy| field(policy, "implementers")["immaterial"] = json!(true))
}

fn approved_by(mut story: Story, manager: &str) -> Story {
    let fields = but(json!({ "implementers": ["e1044", "e1045"], "riskParties": "oneTeam" }));
    story
        .then("e1041", submit("normal", fields))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then(manager, approve("change-manager"));
    story
}

fn is_not_approved_any_more(story: &mut Story) {
    story.at("2026-12-10T09:30:00.000Z");
    let codes = refused(story, "e1044", step("start"));
    assert_eq!(codes, ["approval.missing"]);
}

#[test]
fn a_yes_lost_by_a_conflict_does_not_come_back_with_a_holiday() {
    let mut story = approved_by(with_others_to_do_it(), "e1010");
    story.then("e1041", edit(json!({ "implementers": ["e1044", "e1010"] })));
    is_not_approved_any_more(&mut story);
    known(&mut story, "e1010").absent_until = Some(story::instant("2027-01-01T00:00:00.000Z"));
    is_not_approved_any_more(&mut story);
}

#[test]
fn a_yes_lost_by_a_conflict_does_not_come_back_with_the_end_of_a_delegation() {
    for implements in ["e1010", "e1020"] {
        let mut story = with_others_to_do_it();
        let delegation = json!({ "of": "e1010", "to": "e1020", "from": "2026-11-01T00:00:00.000Z", "until": "2026-12-01T00:00:00.000Z" });
        let delegation: Delegation = changegate::wire::from_str(&delegation.to_string()).unwrap();
        story.world.delegations.push(delegation);
        let mut story = approved_by(story, "e1020");
        story.then(
            "e1041",
            edit(json!({ "implementers": ["e1044", implements] })),
        );
        is_not_approved_any_more(&mut story);
    }
}

#[test]
fn a_yes_of_somebody_whom_the_newer_policy_does_not_ask_is_given_anew() {
    let mut story = scheduled();
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    policy["version"] = json!("2027-01");
    policy["approvals"][1]["from"] = json!({ "type": "group", "group": "directors" });
    story.policy = Policy::from_json(&policy.to_string()).unwrap();
    let adopt =
        json!({ "type": "adoptPolicy", "policy": story.policy.hash(), "state": "scheduled" });
    let events = story.when("e1010", adopt).unwrap();
    assert!(has(&events, "voided"), "{events:?}");
    story
        .then("e1030", approve("service-owner"))
        .then("e1001", approve("change-manager"));
}

#[test]
fn work_goes_on_from_step_to_step_after_its_window_has_ended() {
    let mut story = department(|policy| {
        let cycle = &mut policy["models"][0]["lifeCycle"];
        push(
            &mut cycle["states"],
            json!({ "id": "testing", "name": text("Testing"), "phase": "implement" }),
        );
        for way in [
            json!({ "id": "test", "name": text("Test"), "from": "implementing", "to": "testing", "by": ["implementer"] }),
            json!({ "id": "tested", "name": text("Tested"), "from": "testing", "to": "review", "on": "completed" }),
        ] {
            push(&mut cycle["transitions"], way);
        }
    });
    story = approved_by(story, "e1010");
    let more = json!({ "type": "extend", "until": "2026-12-10T12:00:00.000Z", "reason": "The copy is slow." });
    story
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"))
        .then("e1044", more)
        .then(
            "e1010",
            json!({ "type": "decideExtension", "answer": "yes" }),
        )
        .at("2026-12-10T10:45:00.000Z")
        .then("e1044", step("test"));
}

#[test]
fn what_others_let_rest_the_requester_does_not_set_going_again() {
    let hold = json!({ "type": "hold", "reason": "The supplier has not delivered." });
    let resume = json!({ "type": "resume" });
    let mut story = scheduled();
    story.then("e1010", hold.clone());
    assert_eq!(
        refused(&mut story, "e1041", resume.clone()),
        ["role.missing"]
    );
    story
        .then("e1012", resume.clone())
        .then("e1041", hold)
        .then("e1041", resume);
}

/// By when the work is ratified.
fn ratified_by(story: &Story) -> Instant {
    let mut due = due(&story.policy, &story.change(), story.now).into_iter();
    due.find(|due| due.what == What::Ratify {}).unwrap().at
}

#[test]
fn a_report_does_not_put_off_the_ratification() {
    let mut story = department(|policy| {
        let normal = &mut policy["models"][0];
        normal["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
        normal["submitters"] = json!(["staff"]);
        normal["lifeCycle"]["start"] = json!("scheduled");
    });
    story
        .then("e1041", submit("normal", content()))
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"));
    let before = ratified_by(&story);
    let report = complete(
        "successful",
        "2026-12-11T08:50:00.000Z",
        "2026-12-11T09:00:00.000Z",
    );
    story.at("2026-12-11T09:00:00.000Z").then("e1044", report);
    assert_eq!(ratified_by(&story), before);
}

#[test]
fn whoever_is_named_as_an_author_since_has_not_evaluated_it() {
    let mut story = department(|policy| {
        field(policy, "authors")["immaterial"] = json!(true);
        push(
            &mut policy["fields"],
            json!({ "id": "worthIt", "label": text("Worth it"), "kind": { "type": "yesNo" }, "required": { "all": [] }, "asked": "evaluation" }),
        );
        let good = json!({ "is": { "field": "worthIt", "value": true } });
        push(
            &mut policy["models"][0]["lifeCycle"]["transitions"],
            json!({ "id": "good", "name": text("Judged good"), "from": "submitted", "to": "approval", "on": "evaluated", "guard": good }),
        );
    });
    let judged = json!({ "type": "evaluate", "fields": { "worthIt": false } });
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", judged.clone())
        .then("e1041", edit(json!({ "authors": ["e1012"] })));
    assert_eq!(
        refused(&mut story, "e1013", step("pass")),
        ["evaluation.missing"]
    );
    story.then("e1013", judged).then("e1013", step("pass"));
}

#[test]
fn whoever_has_written_since_has_not_reviewed_it() {
    let mut story = department(|policy| {
        push(
            &mut policy["evidence"],
            json!({ "id": "patch", "name": text("Patch"), "act": "wrote" }),
        );
    });
    story = approved_by(story, "e1010");
    let report = complete(
        "backedOut",
        "2026-12-10T09:30:00.000Z",
        "2026-12-10T10:00:00.000Z",
    );
    let review = json!({ "type": "review", "text": "It went well." });
    story
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", report)
        .then("e1011", review.clone())
        .then(
            "e1011",
            json!({ "type": "attach", "kind": "patch", "name": "Patch 7" }),
        );
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["review.missing"]
    );
    story.then("e1010", review).then("e1012", step("close"));
}

#[test]
fn a_field_that_names_who_approves_is_not_immaterial() {
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    field(&mut policy, "sponsor")["immaterial"] = json!(true);
    let stops = |policy: &Value| {
        let findings = changegate::policy::check::check_text(&policy.to_string()).into_iter();
        let stops = findings.filter(|one| one.severity == changegate::finding::Severity::Stops);
        stops.map(|one| one.at).collect::<Vec<_>>()
    };
    assert!(stops(&policy).is_empty());
    policy["approvals"][1]["from"] = json!({ "type": "field", "field": "sponsor" });
    let at = stops(&policy);
    assert!(
        matches!(at.as_slice(), [at] if at.ends_with("/immaterial")),
        "{at:?}"
    );
}

#[test]
fn after_a_hold_those_who_are_asked_have_their_time_again() {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then(
            "e1012",
            json!({ "type": "hold", "reason": "The supplier has not delivered." }),
        )
        .at("2026-12-01T10:00:00.000Z")
        .then("e1012", json!({ "type": "resume" }));
    let is_overdue = |story: &Story| {
        let due = due(&story.policy, &story.change(), story.now);
        due.iter().any(|due| due.overdue)
    };
    assert!(!is_overdue(&story));
    story.at("2026-12-02T10:00:00.000Z");
    assert!(is_overdue(&story), "a reminder after a day");
}
