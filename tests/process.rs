//! The whole process as short stories: each guard in its own words, on a department that asks for everything.
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
use serde_json::{Value, json};
use story::{
    DEFRA, Story, approve, because, complete, content, department, given, has, push, refused,
    scheduled, step, submit, text,
};

fn implementing() -> Story {
    let mut story = scheduled();
    story
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"));
    story
}

fn done(outcome: &str) -> Value {
    complete(
        outcome,
        "2026-12-10T09:30:00.000Z",
        "2026-12-10T10:00:00.000Z",
    )
}

fn reviewing() -> Story {
    let mut story = implementing();
    story
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done("successful"));
    story
}

// ---- evaluation and questions

/// A normal change is judged first: whether it is feasible, and what it will cost.
fn judged(policy: &mut Value) {
    let criterion = |id: &str| json!({ "id": id, "label": text(id), "kind": { "type": "yesNo" }, "required": { "all": [] }, "asked": "evaluation" });
    push(&mut policy["fields"], criterion("feasible"));
    push(&mut policy["fields"], criterion("worthIt"));
    let model = &mut policy["models"][0]["lifeCycle"]["transitions"];
    let good = json!({ "all": [
        { "is": { "field": "feasible", "value": true } },
        { "is": { "field": "worthIt", "value": true } }
    ] });
    push(
        model,
        json!({ "id": "good", "name": text("Judged good"), "from": "submitted", "to": "approval", "on": "evaluated", "guard": good }),
    );
    let bad = json!({ "is": { "field": "feasible", "value": false } });
    push(
        model,
        json!({ "id": "bad", "name": text("Not feasible"), "from": "submitted", "to": "rejected", "on": "evaluated", "guard": bad }),
    );
}

fn evaluate(feasible: bool, worth_it: bool) -> Value {
    json!({ "type": "evaluate", "fields": { "feasible": feasible, "worthIt": worth_it } })
}

#[test]
fn criteria_accept_by_themselves_or_send_on() {
    let mut story = department(judged);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", evaluate(true, true));
    assert_eq!(story.change().state.as_str(), "approval");
    let mut story = department(judged);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", evaluate(false, true));
    assert_eq!(story.change().state.as_str(), "rejected");
    let mut story = department(judged);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", evaluate(true, false));
    assert_eq!(
        story.change().state.as_str(),
        "submitted",
        "a person looks at it"
    );
    story.then("e1012", step("pass"));
}

#[test]
fn nothing_is_asked_for_approval_before_it_was_evaluated() {
    let mut story = department(judged);
    story.then("e1041", submit("normal", content()));
    let codes = refused(&mut story, "e1012", step("pass"));
    assert!(has(&codes, "evaluation.missing"), "{codes:?}");
}

#[test]
fn what_was_sent_back_is_evaluated_anew() {
    let mut story = department(judged);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", evaluate(true, true))
        .at("2026-11-23T11:00:00.000Z")
        .then("e1012", because("send-back", "The window is too short."));
    let codes = refused(&mut story, "e1012", step("pass"));
    assert!(has(&codes, "evaluation.missing"), "{codes:?}");
}

#[test]
fn who_wrote_it_does_not_evaluate_it() {
    let mut story = department(judged);
    story.then("e1012", submit("normal", content()));
    let codes = refused(&mut story, "e1012", evaluate(true, true));
    assert!(has(&codes, "duty.conflict"), "{codes:?}");
}

#[test]
fn only_evaluators_evaluate_and_answer_every_criterion() {
    let mut story = department(judged);
    story.then("e1041", submit("normal", content()));
    let codes = refused(&mut story, "e1030", evaluate(true, true));
    assert!(has(&codes, "role.missing"), "{codes:?}");
    let half = json!({ "type": "evaluate", "fields": { "feasible": true } });
    assert!(has(&refused(&mut story, "e1012", half), "content.finding"));
    let strange = json!({ "type": "evaluate", "fields": { "feasible": true, "worthIt": true, "title": "Another" } });
    assert!(has(
        &refused(&mut story, "e1012", strange),
        "content.finding"
    ));
}

#[test]
fn a_criterion_is_no_part_of_the_request() {
    let mut story = department(judged);
    let mut fields = content();
    fields["feasible"] = json!(true);
    let codes = refused(&mut story, "e1041", submit("normal", fields));
    assert!(has(&codes, "content.finding"), "{codes:?}");
}

fn ask(text: &str) -> Value {
    json!({ "type": "ask", "questions": [{ "field": "backoutPlan", "text": text }] })
}

fn answer(question: u32) -> Value {
    json!({ "type": "answer", "question": question, "text": "Five minutes." })
}

#[test]
fn open_questions_are_answered_before_it_goes_on() {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", ask("How long does that take?"));
    let codes = refused(&mut story, "e1012", step("pass"));
    assert_eq!(codes, ["question.open"]);
    assert!(has(
        &refused(&mut story, "e1044", answer(1)),
        "role.missing"
    ));
    assert!(has(
        &refused(&mut story, "e1041", answer(2)),
        "question.unknown"
    ));
    story.then("e1041", answer(1));
    assert!(has(
        &refused(&mut story, "e1041", answer(1)),
        "question.answered-already"
    ));
    story.then("e1012", step("pass"));
}

#[test]
fn it_is_sent_back_with_its_questions_in_one_step() {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    let mut back = ask("Where was it tested?");
    back["transition"] = json!("send-back");
    story.then("e1012", back);
    assert_eq!(story.change().state.as_str(), "submitted");
    assert_eq!(story.change().questions.len(), 1);
}

#[test]
fn nothing_is_asked_without_words() {
    let mut story = given(DEFRA);
    story.then("e1041", submit("normal", content()));
    let nothing = json!({ "type": "ask", "questions": [] });
    assert!(has(
        &refused(&mut story, "e1012", nothing),
        "question.missing"
    ));
    assert!(has(
        &refused(&mut story, "e1012", ask("  ")),
        "text.missing"
    ));
}

// ---- votes

fn in_approval() -> Story {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    story
}

fn with_condition(rule: &str) -> Value {
    let mut yes = approve(rule);
    yes["conditions"] = json!(["The service desk is told the day before."]);
    yes
}

#[test]
fn the_conditions_of_a_yes_are_met_before_the_work_starts() {
    let mut story = in_approval();
    story
        .then("e1030", with_condition("service-owner"))
        .then("e1010", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z");
    let codes = refused(&mut story, "e1044", step("start"));
    assert_eq!(codes, ["condition.open"]);
    let met = json!({ "type": "fulfill", "condition": 1 });
    assert!(has(
        &refused(&mut story, "e1030", met.clone()),
        "role.missing"
    ));
    let strange = json!({ "type": "fulfill", "condition": 7 });
    assert!(has(
        &refused(&mut story, "e1044", strange),
        "condition.unknown"
    ));
    story.then("e1044", met.clone());
    assert!(has(
        &refused(&mut story, "e1044", met),
        "condition.met-already"
    ));
    story.then("e1044", step("start"));
}

#[test]
fn the_conditions_of_a_voided_yes_ask_for_nothing() {
    let mut story = in_approval();
    story.then("e1030", with_condition("service-owner"));
    story.then(
        "e1041",
        json!({ "type": "edit", "fields": { "backoutPlan": "Another way back." } }),
    );
    assert!(story.change().conditions[0].void);
    let met = json!({ "type": "fulfill", "condition": 1 });
    assert!(has(&refused(&mut story, "e1044", met), "condition.unknown"));
}

fn defer(rule: &str, until: Value) -> Value {
    json!({ "type": "defer", "rule": rule, "contentHash": null, "until": until, "reason": "After the audit." })
}

#[test]
fn a_vote_put_off_is_neither_yes_nor_no_and_can_be_given_later() {
    let mut story = in_approval();
    story.then(
        "e1030",
        defer("service-owner", json!("2026-11-25T09:00:00.000Z")),
    );
    assert_eq!(story.change().state.as_str(), "approval");
    let codes = refused(&mut story, "e1010", approve("change-manager"));
    assert!(has(&codes, "approval.not-yet"), "{codes:?}");
    story.then("e1030", approve("service-owner"));
    let past = defer("change-manager", json!("2026-11-01T09:00:00.000Z"));
    assert!(has(
        &refused(&mut story, "e1010", past),
        "approval.deferred-to-past"
    ));
}

#[test]
fn an_approver_asks_for_more_and_decides_when_it_is_answered() {
    let mut story = in_approval();
    let mut more = ask("Who is on call?");
    more["rule"] = json!("service-owner");
    assert!(has(
        &refused(&mut story, "e1020", more.clone()),
        "approval.not-yours"
    ));
    story.then("e1030", more).then("e1041", answer(1));
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    assert_eq!(story.change().state.as_str(), "scheduled");
}

#[test]
fn a_no_is_not_masked_by_a_later_yes() {
    let mut story = department(|policy| {
        let emergency = &mut policy["models"][2];
        emergency["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
        emergency["submitters"] = json!(["staff"]);
    });
    story
        .then("e1041", submit("emergency", content()))
        .at("2026-12-10T09:30:00.000Z");
    story.then(
        "e1044",
        done_at(
            "successful",
            "2026-12-10T09:20:00.000Z",
            "2026-12-10T09:30:00.000Z",
        ),
    );
    assert_eq!(story.change().state.as_str(), "review");
    let no = json!({ "type": "decline", "rule": "service-owner", "contentHash": null, "reason": "It should not have been done." });
    story.then("e1030", no);
    assert!(story.change().unauthorized);
    let codes = refused(&mut story, "e1030", approve("service-owner"));
    assert!(has(&codes, "lifecycle.not-in-phase"), "{codes:?}");
    let codes = refused(&mut story, "e1012", step("close"));
    assert_eq!(codes, ["review.missing"]);
    story
        .then(
            "e1010",
            json!({ "type": "review", "text": "The emergency board was not called." }),
        )
        .then("e1012", step("close"));
}

fn done_at(outcome: &str, from: &str, to: &str) -> Value {
    complete(outcome, from, to)
}

#[test]
fn work_done_before_its_approval_does_not_close_unratified() {
    let mut story = department(|policy| {
        let emergency = &mut policy["models"][2];
        emergency["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
        emergency["submitters"] = json!(["staff"]);
    });
    story
        .then("e1041", submit("emergency", content()))
        .at("2026-12-10T09:40:00.000Z")
        .then(
            "e1044",
            done_at(
                "successful",
                "2026-12-10T09:30:00.000Z",
                "2026-12-10T09:40:00.000Z",
            ),
        )
        .then(
            "e1010",
            json!({ "type": "review", "text": "It was needed." }),
        );
    let codes = refused(&mut story, "e1012", step("close"));
    assert_eq!(codes, ["ratification.missing"]);
    story
        .then("e1030", approve("service-owner"))
        .then("e1020", approve("emergency-board"))
        .then("e1022", approve("emergency-board"))
        .then("e1012", step("close"));
}

#[test]
fn requests_that_do_not_matter_any_more_are_withdrawn_at_once() {
    let mut story = in_approval();
    story.then("e1030", approve("service-owner"));
    let events = story.when("e1010", approve("change-manager")).unwrap();
    assert!(
        has(&events, "withdrawn"),
        "the deputy is asked no more: {events:?}"
    );
    let mut story = in_approval();
    let no = json!({ "type": "decline", "rule": "service-owner", "contentHash": null, "reason": "Not now." });
    let events = story.when("e1030", no).unwrap();
    assert!(has(&events, "withdrawn"), "{events:?}");
    let mut story = in_approval();
    let events = story
        .when(
            "e1041",
            because("withdraw-approval", "Not needed any more."),
        )
        .unwrap();
    assert!(has(&events, "withdrawn"), "{events:?}");
}

// ---- hold

fn hold() -> Value {
    json!({ "type": "hold", "reason": "The supplier has not delivered." })
}

#[test]
fn on_hold_nothing_goes_on_and_everything_comes_back() {
    let mut story = in_approval();
    story
        .then("e1030", approve("service-owner"))
        .then("e1012", hold());
    assert_eq!(
        refused(&mut story, "e1010", approve("change-manager")),
        ["hold.on"]
    );
    assert_eq!(refused(&mut story, "e1012", hold()), ["hold.on"]);
    story
        .then(
            "e1041",
            json!({ "type": "comment", "text": "It should come on Monday." }),
        )
        .then("e1012", json!({ "type": "resume" }))
        .then("e1010", approve("change-manager"));
    assert_eq!(
        story.change().state.as_str(),
        "scheduled",
        "the first yes still counts"
    );
    assert_eq!(
        refused(&mut story, "e1012", json!({ "type": "resume" })),
        ["hold.off"]
    );
}

#[test]
fn on_hold_it_can_be_dropped_and_work_can_be_reported() {
    let mut story = in_approval();
    story.then("e1012", hold()).then(
        "e1041",
        because("withdraw-approval", "Nobody needs it now."),
    );
    let mut story = implementing();
    story
        .then("e1012", hold())
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done("backedOut"));
    assert!(story.change().hold.is_none());
}

#[test]
fn only_some_put_it_on_hold_and_with_a_reason() {
    let mut story = in_approval();
    assert!(has(&refused(&mut story, "e1044", hold()), "role.missing"));
    let why = json!({ "type": "hold", "reason": " " });
    assert!(has(&refused(&mut story, "e1012", why), "reason.missing"));
    let mut story = reviewing();
    assert!(has(
        &refused(&mut story, "e1012", hold()),
        "lifecycle.not-in-phase"
    ));
}

// ---- evidence

fn attach(kind: &str) -> Value {
    json!({ "type": "attach", "kind": kind, "name": "Run 118", "result": "passed" })
}

fn asks_for_review(policy: &mut Value) {
    push(
        &mut policy["gates"],
        json!({ "id": "code-reviewed", "name": text("The code was reviewed"), "into": "implement", "needs": { "evidence": { "kind": "code-review" } } }),
    );
}

fn scheduled_in(mut story: Story) -> Story {
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z");
    story
}

#[test]
fn work_waits_for_the_evidence_that_a_gate_asks_for() {
    let mut story = scheduled_in(department(asks_for_review));
    assert_eq!(refused(&mut story, "e1044", step("start")), ["gate.shut"]);
    story.then("e1042", attach("code-review"));
    story.then("e1044", step("start"));
}

#[test]
fn what_failed_or_was_taken_back_is_no_evidence() {
    let mut story = scheduled_in(department(asks_for_review));
    let mut failed = attach("code-review");
    failed["result"] = json!("failed");
    story
        .then("e1042", attach("code-review"))
        .then("e1042", failed);
    assert_eq!(refused(&mut story, "e1044", step("start")), ["gate.shut"]);
    story.then("e1042", attach("code-review"));
    story.then(
        "e1042",
        json!({ "type": "retract", "evidence": 3, "reason": "Of another version." }),
    );
    assert_eq!(refused(&mut story, "e1044", step("start")), ["gate.shut"]);
    let again = json!({ "type": "retract", "evidence": 3, "reason": "Twice." });
    assert!(has(
        &refused(&mut story, "e1042", again),
        "evidence.retracted-already"
    ));
    let strange = json!({ "type": "retract", "evidence": 9, "reason": "None." });
    assert!(has(
        &refused(&mut story, "e1042", strange),
        "evidence.unknown"
    ));
}

#[test]
fn a_review_counts_for_the_content_that_was_reviewed() {
    let mut story = department(asks_for_review);
    story
        .then("e1041", submit("normal", content()))
        .then("e1042", attach("code-review"))
        .then(
            "e1041",
            json!({ "type": "edit", "fields": { "implementationPlan": "Copy by copy, with a pause." } }),
        )
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z");
    assert_eq!(refused(&mut story, "e1044", step("start")), ["gate.shut"]);
}

#[test]
fn an_author_never_reviews_the_code() {
    let mut story = scheduled();
    let codes = refused(&mut story, "e1041", attach("code-review"));
    assert_eq!(codes, ["duty.conflict"]);
}

#[test]
fn evidence_is_of_a_known_kind_and_says_what_its_kind_asks() {
    let mut story = department(|policy| policy["evidence"][0]["file"] = json!(true));
    story.then("e1041", submit("normal", content()));
    assert_eq!(
        refused(&mut story, "e1042", attach("rumor")),
        ["evidence.unknown-kind"]
    );
    let silent = json!({ "type": "attach", "kind": "code-review", "name": "Run" });
    assert_eq!(
        refused(&mut story, "e1042", silent),
        ["evidence.result-missing"]
    );
    assert_eq!(
        refused(&mut story, "e1042", attach("test-report")),
        ["evidence.file-missing"]
    );
    let mut with_file = attach("test-report");
    with_file["file"] = json!({ "sha256": "a".repeat(64), "bytes": 12 });
    assert_eq!(
        refused(&mut story, "e1042", with_file.clone()),
        ["evidence.file-unknown"]
    );
    story.world.files.push("a".repeat(64).parse().unwrap());
    story.then("e1042", with_file);
}

// ---- tasks, checklist, relations, accountable persons

fn with_tasks(policy: &mut Value) {
    let plans = ["implementation", "test"].map(|id| json!({ "id": id, "label": text(id) }));
    push(
        &mut policy["fields"],
        json!({ "id": "tasks", "label": text("Tasks"), "means": "tasks", "kind": { "type": "tasks", "plans": plans } }),
    );
    push(&mut policy["sections"][0]["fields"], json!("tasks"));
}

fn tasks() -> Value {
    let mut fields = content();
    fields["tasks"] = json!([
        { "id": "deploy", "what": "Run the job", "plan": "implementation", "person": ["e1044"], "team": "web-operations" },
        { "id": "smoke", "what": "Try a charge", "plan": "test", "person": ["e1046"], "after": ["deploy"] }
    ]);
    fields
}

fn task(id: &str, step: &str) -> Value {
    json!({ "type": "task", "task": id, "step": step, "note": "Said so." })
}

#[test]
fn a_task_is_its_persons_or_its_teams_and_goes_step_by_step() {
    let mut story = department(with_tasks);
    story.then("e1041", submit("normal", tasks()));
    assert!(has(
        &refused(&mut story, "e1030", task("deploy", "accepted")),
        "task.not-yours"
    ));
    assert!(has(
        &refused(&mut story, "e1044", task("paint", "accepted")),
        "task.unknown"
    ));
    story.then("e1045", task("deploy", "accepted"));
    assert!(has(
        &refused(&mut story, "e1044", task("deploy", "done")),
        "task.step"
    ));
    assert!(has(
        &refused(&mut story, "e1046", task("smoke", "started")),
        "task.waits"
    ));
    story
        .then("e1044", task("deploy", "started"))
        .then("e1044", task("deploy", "done"))
        .then("e1046", task("smoke", "started"));
    let silent = json!({ "type": "task", "task": "smoke", "step": "failed" });
    assert!(has(&refused(&mut story, "e1046", silent), "reason.missing"));
}

#[test]
fn a_refused_task_keeps_the_work_from_starting_and_an_open_one_from_closing() {
    let mut story = department(with_tasks);
    story
        .then("e1041", submit("normal", tasks()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .then("e1045", task("deploy", "refused"))
        .at("2026-12-10T09:30:00.000Z");
    assert_eq!(refused(&mut story, "e1044", step("start")), ["task.open"]);
    story
        .then("e1044", task("deploy", "accepted"))
        .then("e1044", step("start"))
        .then("e1044", task("deploy", "started"))
        .then("e1044", task("deploy", "done"))
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done("successful"));
    assert_eq!(refused(&mut story, "e1012", step("close")), ["task.open"]);
    story
        .then("e1046", task("smoke", "skipped"))
        .then("e1012", step("close"));
}

fn with_checklist(policy: &mut Value) {
    policy["checklist"] = json!([{ "id": "backup", "name": text("A backup was made"), "before": "implement", "by": ["implementer"] }]);
}

fn check(answer: &str) -> Value {
    json!({ "type": "check", "item": "backup", "answer": answer, "note": "Read back." })
}

#[test]
fn nothing_starts_before_the_checklist_is_go() {
    let mut story = scheduled_in(department(with_checklist));
    assert_eq!(
        refused(&mut story, "e1044", step("start")),
        ["check.not-go"]
    );
    assert!(has(
        &refused(&mut story, "e1030", check("yes")),
        "role.missing"
    ));
    let strange = json!({ "type": "check", "item": "weather", "answer": "yes" });
    assert_eq!(refused(&mut story, "e1044", strange), ["check.unknown"]);
    story.then("e1044", check("no"));
    assert_eq!(
        refused(&mut story, "e1044", step("start")),
        ["check.not-go"]
    );
    story
        .then("e1044", check("yes"))
        .then("e1044", step("start"));
    assert!(has(
        &refused(&mut story, "e1044", check("no")),
        "lifecycle.not-in-phase"
    ));
}

const OTHER: &str = "018f0000-0000-7000-8000-0000000000aa";

fn relate(to: &str) -> Value {
    json!({ "type": "relate", "relation": "blockedBy", "to": to })
}

fn other(phase: &str, blocked_by: Value) -> changegate::world::RelatedChange {
    changegate::wire::from_str(
        &json!({ "id": OTHER, "phase": phase, "blockedBy": blocked_by }).to_string(),
    )
    .unwrap()
}

#[test]
fn a_change_waits_for_the_one_that_must_be_done_first() {
    let mut story = scheduled();
    assert_eq!(
        refused(&mut story, "e1041", relate(OTHER)),
        ["relation.unknown-change"]
    );
    assert_eq!(
        refused(&mut story, "e1041", relate(story::CHANGE)),
        ["relation.self"]
    );
    story.world.related = vec![other("scheduled", json!([]))];
    assert!(has(
        &refused(&mut story, "e1044", relate(OTHER)),
        "role.missing"
    ));
    story.then("e1041", relate(OTHER));
    assert_eq!(
        refused(&mut story, "e1041", relate(OTHER)),
        ["relation.exists"]
    );
    story.at("2026-12-10T09:30:00.000Z");
    assert_eq!(
        refused(&mut story, "e1044", step("start")),
        ["relation.blocked"]
    );
    story.world.related = Vec::new();
    assert_eq!(
        refused(&mut story, "e1044", step("start")),
        ["relation.blocked"],
        "not known is not done"
    );
    story.world.related = vec![other("closed", json!([]))];
    story.then("e1044", step("start"));
    let back = json!({ "type": "unrelate", "relation": "partOf", "to": OTHER });
    assert_eq!(refused(&mut story, "e1041", back), ["relation.none"]);
}

#[test]
fn each_relation_is_said_shown_and_taken_back_and_only_one_keeps_the_work() {
    for relation in ["partOf", "supersedes", "causedBy", "blockedBy"] {
        let mut story = scheduled();
        story.world.related = vec![other("scheduled", json!([]))];
        let said = |command: &str| json!({ "type": command, "relation": relation, "to": OTHER });
        story.then("e1041", said("relate"));
        assert_eq!(
            json!(story.change().relations),
            json!([{ "relation": relation, "to": OTHER, "by": "e1041" }])
        );
        story.at("2026-12-10T09:30:00.000Z");
        let start = story
            .permitted("e1044")
            .into_iter()
            .find(|known| known.into == Some(changegate::policy::Phase::Implement))
            .unwrap();
        assert_eq!(start.allowed, relation != "blockedBy", "{relation}");
        story.then("e1041", said("unrelate"));
        assert_eq!(json!(story.change().relations), json!([]));
        story.then("e1044", step("start"));
    }
}

#[test]
fn who_asked_for_a_change_does_not_take_out_of_its_way_what_somebody_else_put_there() {
    let mut story = scheduled();
    story.world.related = vec![other("scheduled", json!([]))];
    story.then("e1012", relate(OTHER));
    let back = json!({ "type": "unrelate", "relation": "blockedBy", "to": OTHER });
    assert_eq!(refused(&mut story, "e1041", back.clone()), ["role.missing"]);
    let offered = |story: &Story, person: &str| {
        let permissions = story.permitted(person).into_iter();
        let mut own = permissions.filter(|known| known.command == CommandKind::Unrelate);
        own.any(|known| known.allowed && known.about == Some(format!("blockedBy {OTHER}")))
    };
    assert!(!offered(&story, "e1041") && offered(&story, "e1013"));
    story.then("e1013", back.clone());
    // Their own link, they do.
    story.then("e1041", relate(OTHER));
    assert!(offered(&story, "e1041"));
    story.then("e1041", back);
}

#[test]
fn two_changes_never_wait_for_each_other() {
    let mut story = scheduled();
    story.world.related = vec![other("scheduled", json!([story::CHANGE]))];
    assert_eq!(
        refused(&mut story, "e1041", relate(OTHER)),
        ["relation.ring"]
    );
}

#[test]
fn a_step_is_not_left_before_somebody_is_accountable_for_it() {
    let mut story = department(|policy| {
        policy["models"][0]["lifeCycle"]["states"][0]["accountable"] =
            json!({ "type": "assigned", "by": ["coordinator"] });
    });
    story.then("e1041", submit("normal", content()));
    assert_eq!(
        refused(&mut story, "e1012", step("pass")),
        ["accountable.missing"]
    );
    let assign = |person: &str| json!({ "type": "assign", "state": "submitted", "person": person });
    assert!(has(
        &refused(&mut story, "e1044", assign("e1012")),
        "role.missing"
    ));
    assert!(has(
        &refused(&mut story, "e1012", assign("e9999")),
        "assign.unknown-person"
    ));
    let nowhere = json!({ "type": "assign", "state": "limbo", "person": "e1012" });
    assert_eq!(
        refused(&mut story, "e1012", nowhere),
        ["assign.unknown-state"]
    );
    story
        .then("e1012", assign("e1013"))
        .then("e1012", step("pass"));
}

// ---- duties

fn waive(duty: &str, person: &str, until: &str) -> Value {
    json!({ "type": "waive", "duty": duty, "person": person, "until": until, "reason": "Nobody else is there tonight." })
}

/// Who tested it does not carry it out, as this department adds.
fn testers_do_not_deploy(policy: &mut Value) {
    push(
        &mut policy["duties"],
        json!({ "id": "tester-does-not-deploy", "one": "tested", "other": "implemented" }),
    );
    push(&mut policy["may"]["waive"], json!("director"));
}

#[test]
fn a_waived_duty_holds_no_longer_for_that_person_and_time() {
    let mut story = scheduled_in(department(testers_do_not_deploy));
    let bring = attach("test-report");
    assert_eq!(
        refused(&mut story, "e1044", bring.clone()),
        ["duty.conflict"]
    );
    let duty = "tester-does-not-deploy";
    let other = waive(duty, "e1045", "2026-12-10T12:00:00.000Z");
    story.then("e1010", other);
    assert_eq!(
        refused(&mut story, "e1044", bring.clone()),
        ["duty.conflict"]
    );
    story.then("e1010", waive(duty, "e1044", "2026-12-10T12:00:00.000Z"));
    story
        .then("e1044", bring)
        .then("e1044", step("start"))
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done("successful"))
        .then(
            "e1010",
            json!({ "type": "review", "text": "It went well." }),
        );
    assert!(has(
        &refused(&mut story, "e1012", step("close")),
        "waiver.not-reviewed"
    ));
    let look =
        |waiver: u32| json!({ "type": "reviewWaiver", "waiver": waiver, "text": "It was right." });
    assert!(has(&refused(&mut story, "e1010", look(1)), "waiver.own"));
    assert!(has(
        &refused(&mut story, "e1002", look(9)),
        "waiver.unknown"
    ));
    story.then("e1002", look(1)).then("e1002", look(2));
    assert!(has(
        &refused(&mut story, "e1002", look(2)),
        "waiver.reviewed-already"
    ));
    story.then("e1012", step("close"));
}

#[test]
fn the_minimum_is_never_waived_and_nobody_waives_for_themselves() {
    let mut story = in_approval();
    let duty = "author-does-not-approve";
    let minimum = waive(
        "requester-does-not-approve",
        "e1041",
        "2026-11-24T12:00:00.000Z",
    );
    assert_eq!(
        refused(&mut story, "e1010", minimum),
        ["waiver.unknown-duty"]
    );
    story.then("e1010", waive(duty, "e1030", "2026-11-24T12:00:00.000Z"));
    let own = waive(duty, "e1010", "2026-11-24T12:00:00.000Z");
    assert_eq!(refused(&mut story, "e1010", own), ["waiver.own"]);
    let long = waive(duty, "e1030", "2027-11-24T12:00:00.000Z");
    assert_eq!(refused(&mut story, "e1010", long), ["waiver.period"]);
    let mut story = given(DEFRA);
    story
        .then("e1030", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1010", waive(duty, "e1030", "2026-11-24T12:00:00.000Z"));
    assert!(has(
        &refused(&mut story, "e1030", approve("service-owner")),
        "duty.conflict"
    ));
}

// ---- more time

fn extend(until: &str) -> Value {
    json!({ "type": "extend", "until": until, "reason": "The copy takes longer." })
}

fn decide(answer: &str) -> Value {
    json!({ "type": "decideExtension", "answer": answer, "reason": "The desk knows." })
}

#[test]
fn work_that_ends_in_the_time_granted_is_extended_and_not_an_overrun() {
    let mut story = implementing();
    story
        .at("2026-12-10T10:20:00.000Z")
        .then("e1044", extend("2026-12-10T11:30:00.000Z"));
    assert!(has(
        &refused(&mut story, "e1044", extend("2026-12-10T12:30:00.000Z")),
        "extension.open"
    ));
    story
        .then("e1010", decide("yes"))
        .at("2026-12-10T11:10:00.000Z")
        .then(
            "e1044",
            complete(
                "successful",
                "2026-12-10T09:30:00.000Z",
                "2026-12-10T11:10:00.000Z",
            ),
        );
    let flags = story.change().completed.unwrap().flags;
    assert!(flags.contains(&changegate::event::Flag::Extended));
    assert!(!flags.contains(&changegate::event::Flag::Overrun));
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["review.missing"]
    );
}

#[test]
fn work_that_goes_on_without_leave_is_an_overrun() {
    let mut story = implementing();
    story
        .then("e1044", extend("2026-12-10T11:30:00.000Z"))
        .then("e1010", decide("no"))
        .at("2026-12-10T11:10:00.000Z")
        .then(
            "e1044",
            complete(
                "successful",
                "2026-12-10T09:30:00.000Z",
                "2026-12-10T11:10:00.000Z",
            ),
        );
    let flags = story.change().completed.unwrap().flags;
    assert!(flags.contains(&changegate::event::Flag::Overrun));
}

#[test]
fn more_time_is_asked_for_only_where_somebody_decides_on_it() {
    let nobody = |policy: &mut Value| policy["may"]["extend"] = json!([]);
    let mut story = scheduled_in(department(nobody));
    story.then("e1044", step("start"));
    let codes = refused(&mut story, "e1044", extend("2026-12-10T11:30:00.000Z"));
    assert_eq!(codes, ["extension.nobody"]);
}

#[test]
fn a_role_that_may_by_two_rules_is_named_once() {
    let mut story = department(|policy| policy["may"]["edit"] = json!(["change-manager"]));
    story.then("e1041", submit("normal", content()));
    let ask = json!({ "type": "ask", "questions": [{ "text": "Why now?" }] });
    let report = story.report(&ask);
    let refusals = serde_json::to_value(story.take("e1044", &report).unwrap_err()).unwrap();
    let roles = refusals[0]["roles"].as_array().unwrap();
    let named: std::collections::BTreeSet<_> = roles.iter().map(Value::to_string).collect();
    assert_eq!(named.len(), roles.len(), "{roles:?}");
    assert!(named.contains("\"change-manager\""));
}

#[test]
fn nobody_grants_their_own_work_more_time() {
    let mut story = department(|policy| push(&mut policy["may"]["extend"], json!("implementer")));
    story = scheduled_in(story);
    story.then("e1044", step("start"));
    assert_eq!(
        refused(&mut story, "e1010", decide("yes")),
        ["extension.none"]
    );
    assert!(has(
        &refused(&mut story, "e1044", extend("2026-12-10T10:00:00.000Z")),
        "extension.too-early"
    ));
    assert!(has(
        &refused(&mut story, "e1070", extend("2026-12-10T11:00:00.000Z")),
        "role.missing"
    ));
    story.then("e1044", extend("2026-12-10T11:00:00.000Z"));
    assert_eq!(
        refused(&mut story, "e1044", decide("yes")),
        ["extension.own"]
    );
    assert!(has(
        &refused(&mut story, "e1012", decide("yes")),
        "role.missing"
    ));
}

// ---- observation and review

fn observed(policy: &mut Value) {
    policy["models"][0]["observe"] = json!({ "minutes": 1440, "by": ["change-manager"], "measures": [{ "id": "errors", "name": text("No more errors than before") }] });
}

#[test]
fn it_is_observed_before_it_closes() {
    let mut story = scheduled_in(department(observed));
    let look = |measure: &str, answer: &str| json!({ "type": "observe", "measure": measure, "answer": answer });
    assert!(has(
        &refused(&mut story, "e1044", look("errors", "yes")),
        "lifecycle.not-in-phase"
    ));
    story
        .then("e1044", step("start"))
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done("successful"));
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["observation.running", "observation.unseen"]
    );
    assert!(has(
        &refused(&mut story, "e1044", look("mood", "yes")),
        "observation.unknown-measure"
    ));
    assert!(has(
        &refused(&mut story, "e1030", look("errors", "yes")),
        "role.missing"
    ));
    story.then("e1044", look("errors", "yes"));
    let end = json!({ "type": "endObservation", "reason": "The old version comes back tonight." });
    assert_eq!(
        refused(&mut story, "e1044", end.clone()),
        ["observation.own"]
    );
    story.then("e1010", end.clone());
    assert_eq!(refused(&mut story, "e1010", end), ["observation.over"]);
    story.then("e1012", step("close"));
    let mut story = reviewing();
    assert_eq!(
        refused(&mut story, "e1044", look("errors", "yes")),
        ["observation.none"]
    );
}

#[test]
fn a_measure_that_is_not_as_expected_asks_for_a_review() {
    let mut story = scheduled_in(department(observed));
    story
        .then("e1044", step("start"))
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done("successful"))
        .then(
            "e1044",
            json!({ "type": "observe", "measure": "errors", "answer": "no" }),
        )
        .at("2026-12-12T10:05:00.000Z");
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["review.missing"]
    );
}

/// What it cost in the end is asked at the review, how many copies were replaced with the report of work.
fn asks_afterwards(policy: &mut Value) {
    let number = |id: &str, asked: &str| json!({ "id": id, "label": text(id), "kind": { "type": "number", "min": 0 }, "required": { "all": [] }, "asked": asked });
    push(&mut policy["fields"], number("copies", "completion"));
    push(&mut policy["fields"], number("cost", "review"));
}

#[test]
fn a_report_of_work_is_not_refused_for_what_it_leaves_out_but_closing_is() {
    let mut story = scheduled_in(department(asks_afterwards));
    story
        .then("e1044", step("start"))
        .at("2026-12-10T10:05:00.000Z");
    let mut strange = done("successful");
    strange["fields"] = json!({ "copies": -1 });
    assert!(has(
        &refused(&mut story, "e1044", strange),
        "content.finding"
    ));
    story.then("e1044", done("successful"));
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["content.finding"]
    );
    let bare = json!({ "type": "review", "text": "Well.", "fields": { "cost": 3 } });
    assert!(has(&refused(&mut story, "e1010", bare), "content.finding"));
    let whole = json!({ "type": "review", "text": "Well.", "fields": { "cost": 3, "copies": 4 }, "incidents": ["INC-4711"] });
    story.then("e1010", whole).then("e1012", step("close"));
    assert_eq!(story.change().incidents.len(), 1);
}

#[test]
fn a_trigger_of_the_policy_asks_for_a_review() {
    let mut story = department(|policy| {
        policy["reviews"][0]["when"] = json!({ "model": ["normal"] });
    });
    story = scheduled_in(story);
    story
        .then("e1044", step("start"))
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done("successful"));
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["review.missing"]
    );
    story
        .then(
            "e1010",
            json!({ "type": "review", "text": "As it should be." }),
        )
        .then("e1012", step("close"));
}

fn urgent() -> Value {
    let mut fields = content();
    fields["urgency"] = json!("Charges were wrong from one hour to the next.");
    fields["attending"] = json!(["e1044"]);
    fields
}

/// Whatever is asked of an emergency is asked of what was done already.
fn also_latent(value: &mut Value) {
    match value {
        Value::Array(items) if items.contains(&json!("emergency")) => items.push(json!("latent")),
        Value::Array(items) => items.iter_mut().for_each(also_latent),
        Value::Object(members) => members.values_mut().for_each(also_latent),
        _ => {}
    }
}

#[test]
fn what_was_done_before_it_was_recorded_is_a_case_of_its_own() {
    let mut story = department(|policy| {
        also_latent(&mut policy["fields"]);
        let mut latent = policy["models"][2].clone();
        latent["id"] = json!("latent");
        latent["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
        latent["submitters"] = json!(["staff"]);
        latent["lifeCycle"] = json!({
            "start": "done",
            "states": [
                { "id": "done", "name": text("Done already"), "phase": "review" },
                { "id": "closed", "name": text("Closed"), "phase": "closed" }
            ],
            "transitions": [
                { "id": "close", "name": text("Close"), "from": "done", "to": "closed", "by": ["coordinator"] }
            ]
        });
        push(&mut policy["models"], latent);
        push(
            &mut policy["approvals"],
            json!({
                "id": "afterwards", "name": text("Change manager, afterwards"), "because": text("It was done already."),
                "when": { "model": ["latent"] }, "from": { "type": "group", "group": "change-managers" },
                "quorum": { "type": "any" }, "stage": 2
            }),
        );
    });
    story
        .at("2026-12-11T09:00:00.000Z")
        .then("e1041", submit("latent", urgent()));
    assert_eq!(story.change().phase, changegate::policy::Phase::Review);
    assert!(has(
        &refused(&mut story, "e1012", step("close")),
        "outcome.missing"
    ));
    story.then("e1044", done("successful"));
    let flags = story.change().completed.unwrap().flags;
    assert!(flags.contains(&changegate::event::Flag::Latent));
    let codes = refused(&mut story, "e1012", step("close"));
    assert_eq!(codes, ["review.missing", "ratification.missing"]);
    story
        .then("e1010", approve("afterwards"))
        .then(
            "e1011",
            json!({ "type": "review", "text": "It should have been asked for before." }),
        )
        .then("e1012", step("close"));
}

// ---- what the host does

fn escalate(rule: &str) -> Value {
    json!({ "type": "escalate", "rule": rule })
}

#[test]
fn an_approval_that_waits_too_long_goes_to_those_above() {
    let mut story = in_approval();
    assert_eq!(
        story.when_host(escalate("service-owner")).unwrap_err(),
        ["escalation.not-due"]
    );
    assert_eq!(
        refused(&mut story, "e1012", escalate("service-owner")),
        ["actor.only-host"]
    );
    assert!(has(
        &refused(&mut story, "e1032", approve("service-owner")),
        "approval.not-yours"
    ));
    story.at("2026-11-27T10:00:00.000Z");
    assert_eq!(
        story.when_host(escalate("service-owner")).unwrap(),
        ["escalated"]
    );
    assert_eq!(
        story.when_host(escalate("service-owner")).unwrap_err(),
        ["escalation.not-due"]
    );
    story.then("e1032", approve("service-owner"));
    story.then("e1010", approve("change-manager"));
    assert_eq!(story.change().state.as_str(), "scheduled");
}

#[test]
fn the_host_wants_only_what_is_the_hosts() {
    let mut story = in_approval();
    assert_eq!(
        story.when_host(approve("service-owner")).unwrap_err(),
        ["actor.not-a-person"]
    );
}

fn leaves(story: &mut Story, id: &str) {
    let mut people = story.world.people.iter_mut();
    people.find(|person| person.id.as_str() == id).unwrap().left = true;
}

fn hand_on(from: &str, to: &str) -> Value {
    json!({ "type": "handOn", "from": from, "to": to })
}

#[test]
fn what_waits_for_somebody_who_left_is_given_on_visibly() {
    let mut story = in_approval();
    assert!(has(
        &refused(&mut story, "e1012", hand_on("e1030", "e1033")),
        "hand-on.not-left"
    ));
    for id in ["e1030", "e1032", "e1033"] {
        leaves(&mut story, id);
    }
    story.world.delegations.clear();
    assert!(has(
        &refused(&mut story, "e1030", approve("service-owner")),
        "approval.not-yours"
    ));
    assert!(has(
        &refused(&mut story, "e1070", hand_on("e1030", "e1040")),
        "role.missing"
    ));
    let nowhere = hand_on("e1030", "e9999");
    assert!(has(
        &refused(&mut story, "e1012", nowhere),
        "assign.unknown-person"
    ));
    let other = hand_on("e8888", "e1040");
    assert!(has(&refused(&mut story, "e1012", other), "hand-on.nothing"));
    let stranger = hand_on("e1030", "e1040");
    assert_eq!(
        refused(&mut story, "e1012", stranger.clone()),
        ["hand-on.not-named"]
    );
    assert_eq!(
        story.when_host(stranger).unwrap_err(),
        ["hand-on.not-named"]
    );
    assert_eq!(
        story.when_host(hand_on("e1030", "e1003")).unwrap(),
        ["handedOn"]
    );
    story.then("e1003", approve("service-owner"));
    let vote = story.change().votes.pop().unwrap();
    assert_eq!(vote.on_behalf_of.unwrap().as_str(), "e1030");
}

#[test]
fn who_takes_on_decisions_inherits_the_conflicts() {
    let mut story = in_approval();
    for id in ["e1030", "e1032", "e1033"] {
        leaves(&mut story, id);
    }
    story.world.delegations.clear();
    for (to, manager) in [("e1041", "e1041"), ("e1044", "e1044")] {
        let mut people = story.world.people.iter_mut();
        let leaver = people.find(|person| person.id.as_str() == "e1030").unwrap();
        leaver.manager = Some(PersonId::from(manager));
        let codes = story.when_host(hand_on("e1030", to)).unwrap_err();
        assert_eq!(codes, ["authority.party"], "{to}");
    }
}

#[test]
fn one_delegate_of_two_absent_members_votes_for_both() {
    let mut story = department(|policy| {
        let rule = &mut policy["approvals"][1];
        rule["quorum"] = json!({ "type": "all" });
    });
    let delegation = |of: &str| {
        changegate::wire::from_str::<changegate::world::Delegation>(
            &json!({ "of": of, "to": "e1020", "from": "2026-11-01T00:00:00.000Z", "until": "2027-11-01T00:00:00.000Z" }).to_string(),
        )
        .unwrap()
    };
    for id in ["e1010", "e1011"] {
        let mut people = story.world.people.iter_mut();
        let person = people.find(|person| person.id.as_str() == id).unwrap();
        person.absent_until = Some(story::instant("2027-11-01T00:00:00.000Z"));
        story.world.delegations.push(delegation(id));
    }
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1020", approve("change-manager"));
    assert_eq!(story.change().state.as_str(), "approval", "one of two");
    story.then("e1020", approve("change-manager"));
    assert_eq!(story.change().state.as_str(), "scheduled");
    assert!(has(
        &refused(&mut story, "e1020", approve("change-manager")),
        "approval.not-needed"
    ));
}

#[test]
fn where_all_are_asked_a_large_group_is_counted_whole() {
    let mut story = department(|policy| {
        policy["approvals"][1]["quorum"] = json!({ "type": "percent", "percent": 50 });
    });
    for number in 0..80 {
        let person =
            json!({ "id": format!("m{number}"), "name": "M", "groups": ["change-managers"] });
        story
            .world
            .people
            .push(changegate::wire::from_str(&person.to_string()).unwrap());
    }
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"));
    for number in 0..40 {
        story.then(&format!("m{number}"), approve("change-manager"));
    }
    assert_eq!(
        story.change().state.as_str(),
        "approval",
        "40 of 82 are not half"
    );
    story.then("m41", approve("change-manager"));
    assert_eq!(story.change().state.as_str(), "scheduled");
}

fn due(story: &Story) -> Vec<String> {
    let due = changegate::due::due(&story.policy, &story.change(), story.now);
    let named = due.iter().map(|due| {
        let what = serde_json::to_value(&due.what).unwrap();
        let name = what["type"].as_str().unwrap().to_owned();
        if due.overdue {
            name
        } else {
            format!("later {name}")
        }
    });
    named.collect()
}

#[test]
fn what_is_due_is_told_by_the_change_alone() {
    let mut story = in_approval();
    assert_eq!(due(&story), ["later remind", "later escalate"]);
    story.at("2026-11-24T10:30:00.000Z");
    assert_eq!(due(&story), ["remind", "later escalate"]);
    story.then(
        "e1030",
        defer("service-owner", json!("2026-11-25T09:00:00.000Z")),
    );
    assert_eq!(due(&story), ["later deferred", "later escalate"]);
    let mut more = ask("Who is on call?");
    more["rule"] = json!("service-owner");
    story.then("e1030", more);
    assert_eq!(due(&story), ["later answer", "later escalate"]);
    story.then("e1012", hold());
    assert!(due(&story).is_empty(), "on hold nothing is late");
    let mut story = scheduled();
    assert_eq!(due(&story), ["later start"]);
    story
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"));
    assert_eq!(due(&story), ["later end"]);
    story.at("2026-12-10T10:40:00.000Z");
    assert_eq!(due(&story), ["end"], "the window is over");
    story
        .then("e1044", extend("2026-12-10T11:30:00.000Z"))
        .then("e1010", decide("yes"));
    assert_eq!(due(&story), ["later end"]);
}

#[test]
fn an_id_that_is_too_long_is_not_repeated() {
    let mut story = in_approval();
    let long = json!({ "type": "move", "transition": "x".repeat(300) });
    assert_eq!(refused(&mut story, "e1012", long), ["report.malformed-id"]);
}
