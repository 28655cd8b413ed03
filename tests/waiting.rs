//! What waits for whom: the turn of those who take a change on, since when, and what is late.
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

use changegate::command::CommandKind;
use changegate::id::PersonId;
use changegate::meeting::{AgendaCase, agenda};
use changegate::policy::Board;
use changegate::reading::read;
use changegate::waiting::Waiting;
use serde_json::{Value, json};
use story::{
    Story, approve, because, complete, content, department, given, instant, push, scheduled, step,
    submit, text,
};

fn waiting(story: &Story, person: &str) -> Option<Waiting> {
    let person = PersonId::from(person);
    let record = story.record();
    read(&story.policy, &record, &person, story.now, &story.world)?.waiting
}

/// The gestures that are asked of a person, tasks with their step.
fn asked(story: &Story, person: &str) -> Vec<String> {
    let gestures = waiting(story, person).map(|known| known.gestures);
    let said = |gesture: changegate::waiting::Asked| {
        let command = json!(gesture.command).as_str().unwrap().to_owned();
        let step = gesture.step.map(|step| json!(step));
        step.map_or_else(
            || command.clone(),
            |step| format!("{command} {}", step.as_str().unwrap()),
        )
    };
    gestures.into_iter().flatten().map(said).collect()
}

fn nobody(story: &Story, people: &[&str]) {
    for person in people {
        assert_eq!(asked(story, person), [""; 0], "{person}");
    }
}

fn submitted() -> Story {
    let mut story = given(story::DEFRA);
    story.then("e1041", submit("normal", content()));
    story
}

fn in_approval() -> Story {
    let mut story = submitted();
    story.then("e1012", step("pass"));
    story
}

#[test]
fn a_change_waits_for_whoever_takes_it_on_and_for_nobody_else() {
    let mut story = submitted();
    assert_eq!(asked(&story, "e1012"), ["move"]);
    nobody(&story, &["e1041", "e1030", "e1044", "e1070"]);
    story.then("e1012", step("pass"));
    assert_eq!(asked(&story, "e1030"), ["approve"]);
    nobody(&story, &["e1041", "e1012", "e1010", "e1044"]);
    story.then("e1030", approve("service-owner"));
    assert_eq!(asked(&story, "e1010"), ["approve"]);
    nobody(&story, &["e1030"]);
    story.then("e1010", approve("change-manager"));
    nobody(&story, &["e1010", "e1044", "e1012", "e1041"]);
    story.at("2026-12-10T09:30:00.000Z");
    assert_eq!(asked(&story, "e1044"), ["move"]);
    story.then("e1044", step("start"));
    assert!(asked(&story, "e1044").contains(&"complete".to_owned()));
    nobody(&story, &["e1010", "e1030"]);
}

#[test]
fn a_change_that_is_over_waits_for_nobody() {
    let mut story = submitted();
    story.then("e1041", because("withdraw-submitted", "It is not needed."));
    nobody(&story, &["e1041", "e1012", "e1010", "e1060"]);
}

#[test]
fn it_waits_since_it_came_or_since_the_yes_before() {
    let mut story = submitted();
    story
        .at("2026-11-23T11:00:00.000Z")
        .then("e1012", step("pass"))
        .at("2026-11-23T12:00:00.000Z")
        .then(
            "e1041",
            json!({ "type": "comment", "text": "Soon, please." }),
        );
    let since = |story: &Story, person: &str| waiting(story, person).unwrap().since;
    assert_eq!(
        since(&story, "e1030"),
        Some(instant("2026-11-23T11:00:00.000Z"))
    );
    story
        .at("2026-11-23T13:00:00.000Z")
        .then("e1030", approve("service-owner"));
    assert_eq!(
        since(&story, "e1010"),
        Some(instant("2026-11-23T13:00:00.000Z"))
    );
}

#[test]
fn work_is_late_once_its_window_is_open_and_again_once_it_is_over() {
    let mut story = scheduled();
    story.at("2026-12-10T09:40:00.000Z");
    let late = |story: &Story, person: &str| waiting(story, person).unwrap().late_since;
    let opens = Some(instant("2026-12-10T09:30:00.000Z"));
    assert_eq!(late(&story, "e1044"), opens);
    story.then("e1044", step("start"));
    assert_eq!(late(&story, "e1044"), None);
    story.at("2026-12-10T10:31:00.000Z");
    let ends = Some(instant("2026-12-10T10:30:00.000Z"));
    assert_eq!(late(&story, "e1044"), ends);
}

#[test]
fn what_is_late_for_another_is_not_late_for_the_reader() {
    let mut story = in_approval();
    story.then(
        "e1012",
        json!({ "type": "ask", "questions": [{ "text": "Which desk is told?" }] }),
    );
    story.at("2026-11-25T10:01:00.000Z");
    assert!(waiting(&story, "e1041").unwrap().late_since.is_some());
    assert_eq!(waiting(&story, "e1030").unwrap().late_since, None);
}

#[test]
fn a_question_waits_for_who_asked_for_the_change_and_not_for_who_may_answer_in_their_place() {
    let mut story = submitted();
    story.then(
        "e1012",
        json!({ "type": "ask", "questions": [{ "text": "Which desk is told?" }] }),
    );
    assert_eq!(asked(&story, "e1041"), ["answer"]);
    assert!(!asked(&story, "e1012").contains(&"answer".to_owned()));
    let may = story.permitted("e1012");
    let answer = may
        .iter()
        .find(|known| known.command == CommandKind::Answer);
    assert!(answer.unwrap().allowed);
    story.then(
        "e1041",
        json!({ "type": "answer", "question": 1, "text": "The north one." }),
    );
    nobody(&story, &["e1041"]);
}

#[test]
fn a_vote_put_off_waits_again_when_its_time_has_come() {
    let mut story = in_approval();
    story.then(
        "e1030",
        json!({ "type": "defer", "rule": "service-owner", "contentHash": null, "until": "2026-11-26T10:00:00.000Z", "reason": "The owner is asked." }),
    );
    nobody(&story, &["e1030"]);
    story.at("2026-11-26T10:00:00.000Z");
    assert_eq!(asked(&story, "e1030"), ["approve"]);
}

#[test]
fn who_was_reminded_reads_how_often_since_they_are_asked() {
    let mut story = in_approval();
    let reminded = |story: &Story, person: &str| {
        let reminded = waiting(story, person)?.reminded?;
        Some((reminded.times, reminded.last.to_string()))
    };
    let remind = json!({ "type": "remind", "rule": "service-owner" });
    assert_eq!(reminded(&story, "e1030"), None);
    for at in ["2026-11-24T10:00:00.000Z", "2026-11-26T10:00:00.000Z"] {
        story.at(at).when_host(remind.clone()).unwrap();
    }
    let twice = Some((2, "2026-11-26T10:00:00.000Z".to_owned()));
    assert_eq!(reminded(&story, "e1030"), twice);
    assert_eq!(
        reminded(&story, "e1012"),
        None,
        "asked, if for other things"
    );
    story.then("e1012", because("send-back", "Tell us more."));
    story
        .at("2026-11-26T11:00:00.000Z")
        .then("e1012", step("pass"));
    assert_eq!(reminded(&story, "e1030"), None, "they are asked anew");
}

#[test]
fn at_a_meeting_a_vote_that_was_put_off_can_be_given() {
    let mut story = in_approval();
    story.then(
        "e1030",
        json!({ "type": "defer", "rule": "service-owner", "contentHash": null, "until": "2026-11-26T10:00:00.000Z", "reason": "The owner is asked." }),
    );
    let board: Board = changegate::wire::from_str(
        &json!({ "id": "owners", "name": text("Owners"), "rules": ["service-owner"], "chairs": ["change-manager"] }).to_string(),
    )
    .unwrap();
    let record = story.record();
    let case = AgendaCase {
        policy: &story.policy,
        record: &record,
        before: None,
    };
    let yours = |person: &str| {
        let person = PersonId::from(person);
        let items = agenda(&board, None, &[case], &person, story.now, &story.world);
        items[0].yours.len()
    };
    assert_eq!([yours("e1030"), yours("e1041")], [1, 0]);
}

#[test]
fn who_asks_in_place_of_a_vote_waits_for_the_answer() {
    let mut story = in_approval();
    story.then(
        "e1030",
        json!({ "type": "ask", "rule": "service-owner", "questions": [{ "text": "Who is on call?" }] }),
    );
    nobody(&story, &["e1030"]);
    assert_eq!(asked(&story, "e1041"), ["answer"]);
    story.then(
        "e1041",
        json!({ "type": "answer", "question": 1, "text": "The web team." }),
    );
    assert_eq!(asked(&story, "e1030"), ["approve"]);
}

#[test]
fn what_rests_waits_for_who_let_it_rest() {
    let mut story = in_approval();
    story.then(
        "e1012",
        json!({ "type": "hold", "reason": "The supplier." }),
    );
    assert_eq!(asked(&story, "e1012"), ["resume"]);
    nobody(&story, &["e1010", "e1030", "e1041"]);
}

#[test]
fn what_was_refused_waits_for_who_asked_for_it() {
    let mut story = in_approval();
    story.then(
        "e1030",
        json!({ "type": "decline", "rule": "service-owner", "contentHash": null, "reason": "Not in December." }),
    );
    assert_eq!(asked(&story, "e1041"), ["move"]);
    nobody(&story, &["e1030", "e1012"]);
}

fn with_tasks(policy: &mut Value) {
    let plans = json!([{ "id": "implementation", "label": text("implementation") }]);
    push(
        &mut policy["fields"],
        json!({ "id": "tasks", "label": text("Tasks"), "means": "tasks", "kind": { "type": "tasks", "plans": plans } }),
    );
    push(&mut policy["sections"][0]["fields"], json!("tasks"));
}

#[test]
fn a_task_waits_for_whom_the_plan_names_step_by_step() {
    let mut story = department(with_tasks);
    let mut fields = content();
    fields["tasks"] = json!([
        { "id": "copy", "what": "Copy the data", "plan": "implementation", "person": ["e1046"], "from": "2026-12-01T09:00:00.000Z" }
    ]);
    story.then("e1041", submit("normal", fields));
    assert_eq!(asked(&story, "e1046"), ["task accepted"]);
    nobody(&story, &["e1044"]);
    let task = |step: &str| json!({ "type": "task", "task": "copy", "step": step });
    story.then("e1046", task("accepted"));
    nobody(&story, &["e1046"]);
    story.at("2026-12-01T09:00:00.000Z");
    assert_eq!(asked(&story, "e1046"), ["task started"]);
    story.then("e1046", task("started"));
    assert_eq!(asked(&story, "e1046"), ["task done"]);
    story.then("e1046", task("done"));
    nobody(&story, &["e1046"]);
}

#[test]
fn an_item_of_the_checklist_waits_in_the_step_before_what_it_guards_until_it_is_answered() {
    let mut story = department(|policy| {
        policy["checklist"] = json!([{ "id": "backup", "name": text("A backup was made"), "before": "implement", "by": ["implementer"] }]);
    });
    story.then("e1041", submit("normal", content()));
    nobody(&story, &["e1044"]);
    story
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    assert_eq!(asked(&story, "e1044"), ["check"]);
    story.then(
        "e1044",
        json!({ "type": "check", "item": "backup", "answer": "yes" }),
    );
    nobody(&story, &["e1044"]);
}

#[test]
fn a_step_that_nobody_is_accountable_for_waits_for_who_may_assign() {
    let mut story = department(|policy| {
        policy["models"][0]["lifeCycle"]["states"][0]["accountable"] =
            json!({ "type": "assigned", "by": ["coordinator"] });
    });
    story.then("e1041", submit("normal", content()));
    assert_eq!(asked(&story, "e1012"), ["assign"]);
    story.then(
        "e1012",
        json!({ "type": "assign", "state": "submitted", "person": "e1013" }),
    );
    assert_eq!(asked(&story, "e1012"), ["move"]);
}

#[test]
fn a_measure_waits_until_it_was_seen_and_a_review_only_where_one_is_needed() {
    let mut story = department(|policy| {
        policy["models"][0]["observe"] = json!({ "minutes": 1440, "measures": [{ "id": "errors", "name": text("No more errors than before") }] });
        policy["reviews"] = json!([]);
    });
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"))
        .at("2026-12-10T10:05:00.000Z")
        .then(
            "e1044",
            complete(
                "successful",
                "2026-12-10T09:30:00.000Z",
                "2026-12-10T10:00:00.000Z",
            ),
        );
    assert_eq!(asked(&story, "e1044"), ["observe"]);
    nobody(&story, &["e1010"]);
    let seen = |answer: &str| json!({ "type": "observe", "measure": "errors", "answer": answer });
    story.then("e1044", seen("no"));
    nobody(&story, &["e1044"]);
    assert_eq!(asked(&story, "e1010"), ["review"]);
}

#[test]
fn more_time_waits_for_who_decides_on_it() {
    let mut story = scheduled();
    story
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"))
        .at("2026-12-10T10:20:00.000Z")
        .then(
            "e1044",
            json!({ "type": "extend", "until": "2026-12-10T11:30:00.000Z", "reason": "The copy takes longer." }),
        );
    assert_eq!(asked(&story, "e1010"), ["decideExtension"]);
    story.then(
        "e1010",
        json!({ "type": "decideExtension", "answer": "yes" }),
    );
    nobody(&story, &["e1010"]);
}
