//! What is learned after a change was closed: an incident that shows a week later is recorded against it, reopens nothing, counts
//! against its template at once, and has a review of its own.
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

use changegate::change::Change;
use changegate::due::{What, due, due_of_host};
use changegate::evidence::Evidence;
use changegate::id::PersonId;
use changegate::log::verify;
use changegate::policy::Phase;
use changegate::reading::{Reading, read};
use changegate::rules::Rules;
use changegate::world::Run;
use serde_json::{Value, json};
use story::{
    Story, approve, because, but, complete, content, department, given, has, instant, push,
    refused, scheduled, step, submit, text,
};

const WEEK_LATER: &str = "2026-12-17T09:00:00.000Z";

/// Done as planned on 10 December and closed on that day.
fn closed() -> Story {
    closed_from(scheduled())
}

fn closed_from(mut story: Story) -> Story {
    reported(&mut story);
    story.then("e1012", step("close"));
    story.at(WEEK_LATER);
    story
}

fn reported(story: &mut Story) {
    let (from, to) = ("2026-12-10T09:31:00.000Z", "2026-12-10T09:55:00.000Z");
    story.at(from).then("e1044", step("start"));
    story
        .at("2026-12-10T10:00:00.000Z")
        .then("e1044", complete("successful", from, to));
}

fn incident(noticed_at: &str) -> Value {
    json!({ "type": "recordIncident", "incident": "INC-4711", "noticedAt": noticed_at, "note": "Exports stay empty." })
}

fn review(number: u32) -> Value {
    json!({ "type": "reviewIncident", "incident": number, "text": "The export was never tested. It is now." })
}

fn seen(story: &Story, person: &str) -> Reading {
    let person = PersonId::from(person);
    read(
        &story.policy,
        &story.record(),
        &person,
        story.now,
        &story.world,
    )
    .unwrap()
}

/// What waits for a person, as kinds of commands.
fn asked(story: &Story, person: &str) -> Vec<String> {
    let gestures = seen(story, person).waiting.map(|waiting| waiting.gestures);
    let kinds = gestures.into_iter().flatten();
    kinds
        .map(|asked| json!(asked.command).as_str().unwrap().to_owned())
        .collect()
}

/// What a change is without what was learned of it.
fn without_what_was_learned(change: Change) -> Change {
    Change {
        seq: 0,
        updated_at: change.submitted_at,
        later_incidents: Vec::new(),
        incident_at: None,
        ..change
    }
}

#[test]
fn an_incident_that_shows_a_week_later_is_recorded_and_reopens_nothing() {
    let mut story = closed();
    let before = story.change();
    let events = story.when("e1012", incident("2026-12-16T15:00:00.000Z"));
    assert_eq!(events.unwrap(), ["incidentRecorded"]);
    let after = story.change();
    let known = &after.later_incidents[0];
    assert_eq!(known.noticed_at, instant("2026-12-16T15:00:00.000Z"));
    assert_eq!(known.recorded.by.as_str(), "e1012");
    assert!(known.after_end && known.review.is_none());
    assert_eq!(after.phase, Phase::Closed);
    assert_eq!(
        without_what_was_learned(after),
        without_what_was_learned(before)
    );
    let policies = [(story.policy.hash(), story.policy.clone())].into();
    assert!(verify(&story.log, &policies).ok);
}

#[test]
fn it_asks_for_a_review_of_its_own_by_somebody_who_did_not_do_the_work() {
    let mut story = closed();
    assert_eq!(asked(&story, "e1010"), [""; 0]);
    story.then("e1012", incident("2026-12-16T15:00:00.000Z"));
    assert_eq!(asked(&story, "e1010"), ["reviewIncident"]);
    let late = "2026-12-22T09:00:00.000Z";
    assert_eq!(asked(&story, "e1044"), [""; 0]);
    assert!(!story.change().is_over());
    let open = due(&story.policy, &story.change(), story.now);
    let what = open.iter().map(|due| (due.what.clone(), due.at));
    let own = (What::ReviewIncident { incident: 1 }, instant(late));
    assert_eq!(what.collect::<Vec<_>>(), [own]);
    story.at(late);
    let waiting = seen(&story, "e1010").waiting.unwrap();
    assert_eq!(waiting.since, Some(instant(WEEK_LATER)));
    assert_eq!(waiting.late_since, Some(instant(late)));
    // There is nothing in it that the host would do.
    let host = due_of_host(&story.policy, &story.record(), &story.world, story.now);
    assert!(host.is_empty(), "{host:?}");
    story.then("e1010", review(1));
    assert!(story.change().is_over());
    assert_eq!(asked(&story, "e1011"), [""; 0]);
    assert_eq!(due(&story.policy, &story.change(), story.now), []);
    let again = refused(&mut story, "e1011", review(1));
    assert_eq!(again, ["incident.reviewed-already"]);
}

/// The department where whoever does the work may review, and no duty of the policy forbids it.
fn lenient() -> Story {
    department(|policy| {
        push(&mut policy["may"]["review"], json!("implementer"));
        policy["may"]["recordIncident"] = json!(["implementer"]);
        policy["duties"] = json!([]);
        policy["controls"] = json!([]);
    })
}

/// The same with a change that waits for its window.
fn scheduled_in(mut story: Story, fields: Value) -> Story {
    story
        .then("e1041", submit("normal", fields))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    story
}

#[test]
fn who_did_the_work_never_reviews_its_incident_whatever_the_policy_says() {
    let named = but(json!({ "implementers": ["e1044", "e1045"], "riskParties": "oneTeam" }));
    let mut story = closed_from(scheduled_in(lenient(), named));
    story.then("e1045", incident("2026-12-16T15:00:00.000Z"));
    // The one did it, the other is named to have done it.
    for person in ["e1044", "e1045"] {
        assert_eq!(refused(&mut story, person, review(1)), ["duty.conflict"]);
        assert_eq!(asked(&story, person), [""; 0]);
    }
    story.then("e1010", review(1));
}

#[test]
fn who_wrote_it_does_not_review_its_incident_either() {
    let mut story = closed_from(scheduled_in(
        given(story::DEFRA),
        but(json!({ "authors": ["e1011"] })),
    ));
    story.then("e1012", incident("2026-12-16T15:00:00.000Z"));
    let codes = refused(&mut story, "e1011", review(1));
    assert!(has(&codes, "duty.conflict"), "{codes:?}");
}

#[test]
fn who_records_one_the_policy_says_and_else_whoever_looks_after_changes() {
    let mut story = closed();
    for person in ["e1012", "e1010", "e1030"] {
        story.then(person, incident("2026-12-16T15:00:00.000Z"));
    }
    assert_eq!(
        refused(&mut story, "e1041", incident("2026-12-16T15:00:00.000Z")),
        ["role.missing"]
    );
    let nobody = department(|policy| policy["may"]["recordIncident"] = json!(["data-protection"]));
    let mut story = closed_from(scheduled_in(nobody, content()));
    let codes = refused(&mut story, "e1012", incident("2026-12-16T15:00:00.000Z"));
    assert_eq!(codes, ["role.missing"]);
}

#[test]
fn an_incident_is_noticed_after_the_work_began_and_not_in_the_future() {
    let mut story = closed();
    let early = refused(&mut story, "e1012", incident("2026-12-10T09:30:00.000Z"));
    assert_eq!(early, ["incident.before-work"]);
    let late = refused(&mut story, "e1012", incident("2026-12-17T09:06:00.000Z"));
    assert_eq!(late, ["incident.in-future"]);
    let mut blank = incident(WEEK_LATER);
    blank["incident"] = json!(" \n");
    assert_eq!(refused(&mut story, "e1012", blank), ["text.missing"]);
    assert_eq!(
        refused(&mut story, "e1010", review(1)),
        ["incident.unknown"]
    );
    story.then("e1012", incident("2026-12-10T09:31:00.000Z"));
    let mut blank = review(1);
    blank["text"] = json!("");
    assert_eq!(refused(&mut story, "e1010", blank), ["text.missing"]);
}

#[test]
fn nothing_is_recorded_against_work_that_was_not_reported() {
    let mut story = scheduled();
    let early = refused(&mut story, "e1012", incident("2026-11-23T10:00:00.000Z"));
    assert_eq!(early, ["lifecycle.not-in-phase"]);
    story.then(
        "e1041",
        because("withdraw-scheduled", "Not needed any more"),
    );
    let canceled = refused(&mut story, "e1012", incident("2026-11-23T10:00:00.000Z"));
    assert_eq!(canceled, ["lifecycle.terminal"]);
}

#[test]
fn before_the_end_the_review_of_the_change_answers_for_an_incident() {
    let mut story = scheduled();
    reported(&mut story);
    let now = "2026-12-10T10:00:00.000Z";
    let look = json!({ "type": "review", "text": "All well." });
    story.then("e1010", look.clone());
    story
        .at("2026-12-10T10:05:00.000Z")
        .then("e1012", incident(now));
    // What was looked back at before it was known does not answer for it.
    let early = refused(&mut story, "e1012", step("close"));
    assert_eq!(early, ["review.missing"]);
    assert_eq!(
        refused(&mut story, "e1010", review(1)),
        ["lifecycle.not-in-phase"]
    );
    story.then("e1010", look).then("e1012", step("close"));
    assert!(story.change().is_over());
    assert_eq!(
        refused(&mut story, "e1010", review(1)),
        ["lifecycle.not-in-phase"]
    );
}

#[test]
fn the_review_is_due_when_the_policy_asks_for_one_of_what_caused_an_incident() {
    let quick = json!({ "id": "incident", "because": text("It broke something."),
                        "when": { "flag": ["causedIncident"] }, "withinMin": 720 });
    let mut story = department(|policy| push(&mut policy["reviews"], quick.clone()));
    story = closed_from(scheduled_in(story, content()));
    story.then("e1012", incident("2026-12-16T15:00:00.000Z"));
    let open = due(&story.policy, &story.change(), story.now);
    assert_eq!(open[0].at, instant("2026-12-17T21:00:00.000Z"));
}

fn runs(story: &Story) -> Vec<Run> {
    Run::of(&story.policy, &story.change())
        .into_iter()
        .collect()
}

#[test]
fn a_run_with_a_later_incident_is_one_that_caused_an_incident_and_was_closed_when_it_was() {
    let mut story = closed();
    let before = runs(&story);
    assert!(!before[0].incident);
    story.then("e1012", incident("2026-12-16T15:00:00.000Z"));
    let after = runs(&story);
    assert!(after[0].incident);
    assert_eq!(after[0].incident_at, Some(instant(WEEK_LATER)));
    assert_eq!(after[0].closed_at, before[0].closed_at);
    story
        .at("2026-12-20T09:00:00.000Z")
        .then("e1010", review(1));
    assert_eq!(runs(&story)[0].closed_at, before[0].closed_at);
}

#[test]
fn what_an_auditor_asks_for_later_is_added_to_a_closed_change_and_counts_for_nothing() {
    let mut story = closed();
    let acts = story.change().acts;
    let said = json!({ "type": "comment", "text": "The auditor asked for the report." });
    assert_eq!(refused(&mut story, "e1041", said), ["lifecycle.terminal"]);
    let test = json!({ "type": "attach", "kind": "test-report", "name": "Report of 9 December", "result": "passed" });
    story.then("e1044", test.clone());
    let shown = |story: &Story| -> Evidence { story.change().evidence[0].clone() };
    assert!(shown(&story).after_end);
    // It shows what is known now: nobody tested it by that.
    assert_eq!(story.change().acts, acts);
    let back = json!({ "type": "retract", "evidence": 1, "reason": "The wrong report." });
    story.then("e1044", back);
    assert!(shown(&story).retracted.is_some());
}

#[test]
fn evidence_that_was_there_at_the_end_is_not_taken_back_after_it() {
    let mut story = scheduled();
    let test = json!({ "type": "attach", "kind": "test-report", "name": "Report of 9 December", "result": "passed" });
    story.then("e1044", test);
    let mut story = closed_from(story);
    let back = json!({ "type": "retract", "evidence": 1, "reason": "It was another one." });
    assert_eq!(refused(&mut story, "e1044", back), ["lifecycle.terminal"]);
}

#[test]
fn by_the_rules_of_their_time_older_entries_add_nothing_after_the_end() {
    let story = closed();
    let record = story.record();
    for command in [
        json!({ "type": "attach", "kind": "linked-record", "name": "PRB-12" }),
        incident(WEEK_LATER),
    ] {
        let command = serde_json::from_value(command).unwrap();
        let person = PersonId::from("e1012");
        let roles = vec!["coordinator".into()];
        let actor = changegate::command::Actor::Person {
            person,
            roles,
            on_behalf_of: None,
        };
        let decide = |rules| {
            let facts = changegate::facts::Facts::default();
            record
                .decide_under(rules, &story.policy, &command, &actor, story.now, &facts)
                .is_ok()
        };
        assert!(!decide(Rules::V2) && decide(Rules::V3), "{command:?}");
    }
}
