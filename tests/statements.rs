//! What a record says of itself, while it is open and once it has ended: worked out by the core, once.
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

use changegate::event::{Flag, Moot};
use changegate::id::PersonId;
use changegate::reading::read;
use changegate::statement::{ApprovalStands, CheckStands, Ratification, ReviewStands, Statements};
use serde_json::{Value, json};
use story::{
    Story, approve, because, complete, content, department, done_at_once, given, push, scheduled,
    step, submit, text,
};

fn says(story: &Story) -> Statements {
    let person = PersonId::from("e1041");
    let record = story.record();
    read(&story.policy, &record, &person, story.now, &story.world)
        .unwrap()
        .says
}

fn item(id: &str, before: &str, when: Value) -> Value {
    json!({ "id": id, "name": text(id), "before": before, "by": ["change-manager"], "when": when })
}

/// One item is asked of every normal change, one only of those at the highest level, one only before a phase that an emergency
/// does not come to.
fn with_checklist(policy: &mut Value) {
    for item in [
        item("told", "implement", json!({ "model": ["normal"] })),
        item(
            "executive",
            "implement",
            json!({ "level": { "atLeast": "high" } }),
        ),
    ] {
        push(&mut policy["checklist"], item);
    }
}

fn carried_to_its_window(mut story: Story) -> Story {
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    story
}

fn checklist(story: &Story) -> Vec<(String, CheckStands)> {
    let all = says(story).checklist.into_iter();
    all.map(|known| (known.item.0, known.stands)).collect()
}

fn go(item: &str, answer: &str) -> Value {
    json!({ "type": "check", "item": item, "answer": answer, "note": "Looked at." })
}

fn worked(story: &mut Story) {
    let (from, to) = ("2026-12-10T09:31:00.000Z", "2026-12-10T09:55:00.000Z");
    story.at(from).then("e1044", step("start"));
    story
        .at("2026-12-10T10:00:00.000Z")
        .then("e1044", complete("successful", from, to));
}

#[test]
fn an_item_that_never_applied_is_not_told_of_while_it_is_open_nor_once_it_has_ended() {
    let mut story = carried_to_its_window(department(with_checklist));
    let told = |stands| vec![("told".to_owned(), stands)];
    assert_eq!(checklist(&story), told(CheckStands::Open));
    story.then("e1010", go("told", "no"));
    assert_eq!(checklist(&story), told(CheckStands::NoGo));
    story.then("e1010", go("told", "yes"));
    assert_eq!(checklist(&story), told(CheckStands::Go));
    worked(&mut story);
    assert_eq!(checklist(&story), told(CheckStands::Go));
    story.then("e1012", step("close"));
    assert_eq!(checklist(&story), told(CheckStands::Go));
}

#[test]
fn an_item_that_is_asked_no_more_is_told_of_only_where_it_was_answered() {
    let mut story = carried_to_its_window(department(with_checklist));
    story.then("e1041", because("withdraw-scheduled", "Not needed."));
    assert_eq!(checklist(&story), []);
    let mut story = carried_to_its_window(department(with_checklist));
    story.then("e1010", go("told", "yes"));
    story.then("e1041", because("withdraw-scheduled", "Not needed."));
    assert_eq!(checklist(&story), [("told".to_owned(), CheckStands::Go)]);
}

#[test]
fn a_go_for_another_content_is_none() {
    let mut story = carried_to_its_window(department(with_checklist));
    story.then("e1010", go("told", "yes"));
    let edit = json!({ "type": "edit", "fields": { "backoutPlan": "By hand, from the copy." } });
    story.then("e1041", edit);
    let other = ("told".to_owned(), CheckStands::OtherContent);
    assert_eq!(checklist(&story), [other]);
}

fn ratification(story: &Story) -> Option<Ratification> {
    let told = says(story);
    let said = told.flags.iter();
    let is_told_twice = |flag: &Flag| matches!(flag, Flag::Ratified | Flag::AwaitingRatification);
    assert!(!said.clone().any(is_told_twice), "it is told by itself");
    told.ratification
}

#[test]
fn emergency_work_waits_for_its_ratification_until_everybody_has_agreed() {
    let mut story = done_at_once();
    assert_eq!(ratification(&story), Some(Ratification::Waiting));
    story
        .then("e1030", approve("service-owner"))
        .then("e1020", approve("emergency-board"));
    assert_eq!(ratification(&story), Some(Ratification::Waiting));
    story.then("e1002", approve("emergency-board"));
    assert_eq!(ratification(&story), Some(Ratification::Ratified));
    let look = json!({ "type": "review", "text": "It was right not to wait." });
    story.then("e1010", look).then("e1012", step("close"));
    assert_eq!(ratification(&story), Some(Ratification::Ratified));
}

#[test]
fn work_that_was_not_ratified_is_told_so_and_stays_so() {
    let mut story = done_at_once();
    let content = json!(story.change().content_hash);
    let no = json!({ "type": "decline", "rule": "service-owner", "contentHash": content, "reason": "It was no emergency." });
    story.then("e1030", no);
    assert_eq!(ratification(&story), Some(Ratification::Refused));
    assert_eq!(says(&story).flags, [Flag::Unauthorized]);
    let look = json!({ "type": "review", "text": "It should have waited." });
    story.then("e1010", look).then("e1012", step("close"));
    assert_eq!(ratification(&story), Some(Ratification::Refused));
}

#[test]
fn work_that_was_approved_before_it_began_has_no_ratification() {
    let mut story = scheduled();
    worked(&mut story);
    assert_eq!(ratification(&story), None);
}

#[test]
fn an_entry_of_earlier_rules_is_not_read_as_ratified_before_it_was() {
    let story = done_at_once();
    let mut record = story.record();
    let change = record.change.as_mut().unwrap();
    change.completed.as_mut().unwrap().flags = [Flag::Ratified].into();
    let person = PersonId::from("e1041");
    let reading = read(&story.policy, &record, &person, story.now, &story.world);
    let told = reading.unwrap().says;
    assert_eq!(told.ratification, Some(Ratification::Waiting));
    assert_eq!(told.flags, []);
}

fn approvals(story: &Story) -> Vec<(String, ApprovalStands)> {
    let all = says(story).approvals.into_iter();
    all.map(|known| (known.rule.0, known.stands)).collect()
}

#[test]
fn each_approval_is_told_as_it_stands_while_it_is_open_and_once_it_has_ended() {
    use ApprovalStands::{Asked, Given, Later, Refused, Withdrawn};
    let both = |owner, manager| {
        let owner = ("service-owner".to_owned(), owner);
        vec![owner, ("change-manager".to_owned(), manager)]
    };
    let mut story = given(story::DEFRA);
    story.then("e1041", submit("normal", content()));
    assert_eq!(approvals(&story), both(Later {}, Later {}));
    assert_eq!(says(&story).asked, []);
    story.then("e1012", step("pass"));
    assert_eq!(approvals(&story), both(Asked {}, Later {}));
    assert_eq!(json!(says(&story).asked), json!(["service-owner"]));
    story.then("e1030", approve("service-owner"));
    assert_eq!(approvals(&story), both(Given {}, Asked {}));
    let mut refused = given(story::DEFRA);
    refused
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"));
    let content = json!(refused.change().content_hash);
    refused.then(
        "e1010",
        json!({ "type": "decline", "rule": "change-manager", "contentHash": content, "reason": "Not now." }),
    );
    let manager = approvals(&refused)[1].1;
    assert!(
        matches!(manager, Refused {} | Withdrawn { .. }),
        "{manager:?}"
    );
    story.then("e1010", approve("change-manager"));
    worked(&mut story);
    assert_eq!(approvals(&story), both(Given {}, Given {}));
    story.then("e1012", step("close"));
    assert_eq!(approvals(&story), both(Given {}, Given {}));
    // Somebody leaves afterwards: what was given was given.
    let owner = story.world.people.iter_mut();
    owner
        .filter(|person| person.id.as_str() == "e1030")
        .for_each(|person| person.left = true);
    assert_eq!(approvals(&story), both(Given {}, Given {}));
}

#[test]
fn what_was_canceled_asks_nobody_and_says_why() {
    let mut story = given(story::DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    let ask = json!({ "type": "ask", "questions": [{ "text": "Which desk is told?" }] });
    story.then("e1012", ask);
    assert_eq!(says(&story).open.questions, [1]);
    story.then("e1041", because("withdraw-approval", "Not needed."));
    let told = says(&story);
    assert_eq!((told.open.questions, told.over), (Vec::new(), true));
    let because = Moot::Ended;
    let stands: Vec<_> = approvals(&story)
        .into_iter()
        .map(|(_, stands)| stands)
        .collect();
    assert_eq!(stands, [ApprovalStands::Withdrawn { because }; 2]);
}

#[test]
fn a_review_that_did_not_know_of_everything_is_none() {
    let mut story = scheduled();
    worked(&mut story);
    assert_eq!(says(&story).review, ReviewStands::NotNeeded);
    let look = json!({ "type": "review", "text": "All well." });
    story.then("e1010", look.clone());
    assert_eq!(says(&story).review, ReviewStands::Recorded);
    let incident = json!({ "type": "recordIncident", "incident": "INC-4711", "noticedAt": "2026-12-10T10:00:00.000Z" });
    story
        .at("2026-12-10T10:05:00.000Z")
        .then("e1012", incident.clone());
    assert_eq!(says(&story).review, ReviewStands::Needed);
    let waiting = {
        let person = PersonId::from("e1010");
        let record = story.record();
        read(&story.policy, &record, &person, story.now, &story.world)
    };
    let gestures = waiting.unwrap().waiting.unwrap().gestures;
    assert!(json!(gestures).to_string().contains("\"review\""));
    story.then("e1010", look).then("e1012", step("close"));
    // What shows after the end has a review of its own.
    story.at("2026-12-11T10:05:00.000Z").then("e1012", incident);
    assert_eq!(says(&story).review, ReviewStands::Recorded);
}
