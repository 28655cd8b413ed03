//! Tasks, steps, evidence, waivers and reviews: what a change leaves open, and what another hand could turn around.
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
use changegate::wire::from_str;
use changegate::world::{RelatedChange, Run};
use serde_json::{Value, json};
use story::{
    Story, approve, because, complete, content, department, given, has, push, refused, scheduled,
    step, submit, text,
};

const OTHER: &str = "018f0000-0000-7000-8000-0000000000aa";

fn with_tasks(policy: &mut Value) {
    let plans = ["implementation", "test"].map(|id| json!({ "id": id, "label": text(id) }));
    push(
        &mut policy["fields"],
        json!({ "id": "tasks", "label": text("Tasks"), "means": "tasks", "kind": { "type": "tasks", "plans": plans } }),
    );
    push(&mut policy["sections"][0]["fields"], json!("tasks"));
}

fn rows() -> Value {
    json!([
        { "id": "deploy", "what": "Run the job", "plan": "implementation", "person": ["e1042"], "team": "web-operations" },
        { "id": "smoke", "what": "Try a charge", "plan": "test", "person": ["e1046"] },
        { "id": "watch", "what": "Watch the load", "plan": "implementation", "person": ["e1010"] }
    ])
}

fn planned(rows: Value) -> Value {
    let mut fields = content();
    fields["tasks"] = rows;
    fields
}

fn task(id: &str, step: &str) -> Value {
    json!({ "type": "task", "task": id, "step": step, "note": "Said so." })
}

fn edit(fields: Value) -> Value {
    json!({ "type": "edit", "fields": fields })
}

fn attach(kind: &str) -> Value {
    json!({ "type": "attach", "kind": kind, "name": "Run 118", "result": "passed" })
}

fn review() -> Value {
    json!({ "type": "review", "text": "It went well." })
}

/// Approved by the owner and the change manager, at the beginning of its window.
fn approved(mut story: Story, fields: Value) -> Story {
    story
        .then("e1041", submit("normal", fields))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z");
    story
}

fn done() -> Value {
    complete(
        "successful",
        "2026-12-10T09:30:00.000Z",
        "2026-12-10T10:00:00.000Z",
    )
}

fn offers(story: &Story, person: &str, command: CommandKind, about: Option<&str>) -> Vec<bool> {
    let all = story.permitted(person).into_iter();
    let wanted = all.filter(|one| one.command == command && one.about.as_deref() == about);
    wanted.map(|one| one.allowed).collect()
}

// ---- tasks

#[test]
fn a_button_knows_the_teams_of_a_person_as_the_decision_does() {
    let mut story = department(with_tasks);
    story.then("e1041", submit("normal", planned(rows())));
    let offered = offers(&story, "e1045", CommandKind::Task, Some("deploy"));
    // Accepted, refused, started; not done or failed before it was begun; skipped.
    assert_eq!(offered, [true, true, true, false, false, true]);
    assert!(!offers(&story, "e1070", CommandKind::Task, Some("deploy")).contains(&true));
}

#[test]
fn a_button_knows_the_change_that_comes_first_as_the_decision_does() {
    let mut story = scheduled();
    let other = json!({ "id": OTHER, "phase": "implement" }).to_string();
    story.world.related = vec![from_str::<RelatedChange>(&other).unwrap()];
    story
        .then(
            "e1041",
            json!({ "type": "relate", "relation": "blockedBy", "to": OTHER }),
        )
        .at("2026-12-10T09:30:00.000Z");
    let start = |story: &Story| {
        let all = story.permitted("e1044").into_iter();
        let mut start = all.filter(|one| {
            one.transition
                .as_ref()
                .is_some_and(|id| id.as_str() == "start")
        });
        start.next().unwrap().allowed
    };
    assert!(!start(&story));
    story.world.related[0].phase = changegate::policy::Phase::Closed;
    assert!(start(&story));
}

#[test]
fn only_its_person_and_its_team_take_a_task_on() {
    let mut story = department(with_tasks);
    story.then("e1041", submit("normal", planned(rows())));
    assert_eq!(
        refused(&mut story, "e1044", task("smoke", "accepted")),
        ["task.not-yours"]
    );
    assert_eq!(
        refused(&mut story, "e1044", task("smoke", "refused")),
        ["task.not-yours"]
    );
    // Whoever carries the change out may still say how it goes.
    story
        .then("e1046", task("smoke", "accepted"))
        .then("e1044", task("smoke", "started"));
}

#[test]
fn a_task_of_another_plan_is_taken_on_anew() {
    let mut story = department(with_tasks);
    story
        .then("e1041", submit("normal", planned(rows())))
        .then("e1045", task("deploy", "refused"))
        .then("e1046", task("smoke", "started"));
    let mut other = rows();
    other[0]["person"] = json!(["e1041"]);
    other[0].as_object_mut().unwrap().remove("team");
    story.then("e1041", edit(json!({ "tasks": other })));
    let tasks = story.change().tasks;
    // The refusal was of another plan. What was begun was begun.
    assert!(!tasks.contains_key("deploy"));
    assert!(tasks.contains_key("smoke"));
    // An edit of something else leaves it as it was.
    story
        .then("e1041", task("deploy", "accepted"))
        .then("e1041", edit(json!({ "justification": "It is due." })));
    assert!(story.change().tasks.contains_key("deploy"));
}

#[test]
fn whoever_gave_the_final_approval_begins_no_task_of_the_work() {
    let mut story = approved(department(with_tasks), planned(rows()));
    // What comes before the work is no part of it.
    story.then("e1010", task("watch", "accepted"));
    assert_eq!(
        refused(&mut story, "e1010", task("watch", "started")),
        ["duty.conflict"],
        "not while it waits for its window either"
    );
    story.then("e1044", step("start"));
    assert_eq!(
        refused(&mut story, "e1010", task("watch", "started")),
        ["duty.conflict"]
    );
    story.then("e1044", task("watch", "started"));
}

#[test]
fn whoever_began_a_task_does_not_ratify_the_work() {
    let mut story = department(|policy| {
        with_tasks(policy);
        let normal = &mut policy["models"][0];
        normal["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
        normal["submitters"] = json!(["staff"]);
        normal["lifeCycle"]["start"] = json!("scheduled");
    });
    story
        .then("e1041", submit("normal", planned(rows())))
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"))
        .then("e1010", task("watch", "started"))
        .then("e1030", approve("service-owner"));
    assert!(has(
        &refused(&mut story, "e1010", approve("change-manager")),
        "duty.conflict"
    ));
    story.then("e1011", approve("change-manager"));
}

#[test]
fn a_plan_of_tasks_is_in_order() {
    let plan = |change: &dyn Fn(&mut Value)| {
        let mut rows = rows();
        change(&mut rows);
        let mut story = department(with_tasks);
        let report = story.report(&submit("normal", planned(rows)));
        let refusals = story.take("e1041", &report).unwrap_err();
        let found = serde_json::to_value(&refusals[0]).unwrap()["finding"].clone();
        let part = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        (part("code"), found["row"].as_u64().unwrap(), part("column"))
    };
    let at = |code: &str, row: u64, column: &str| (code.to_owned(), row, column.to_owned());
    assert_eq!(
        plan(&|rows| rows[1]["id"] = json!("deploy")),
        at("task.twice", 0, "id")
    );
    assert_eq!(
        plan(&|rows| rows[1]["id"] = json!("The Smoke")),
        at("task.id", 1, "id")
    );
    assert_eq!(
        plan(&|rows| rows[1]["after"] = json!(["paint"])),
        at("task.after", 1, "after")
    );
    assert_eq!(
        plan(&|rows| rows[1]["person"] = json!([])),
        at("field.required", 1, "person")
    );
    assert_eq!(
        plan(&|rows| rows[1]["person"] = json!(["e1046", "e1044"])),
        at("field.too-many", 1, "person")
    );
    assert_eq!(
        plan(&|rows| rows[1]["team"] = json!("nobody")),
        at("field.no-such-team", 1, "team")
    );
    // Nothing stands in the place of an id that would not be sealed.
    assert_eq!(
        plan(&|rows| rows[1]["team"] = json!(3)),
        at("field.wrong-kind", 1, "team")
    );
    let hidden = json!([{ "note": "Priya is ill" }]);
    assert_eq!(
        plan(&|rows| rows[1]["after"] = hidden.clone()),
        at("field.wrong-kind", 1, "after")
    );
    let ring = |rows: &mut Value| {
        rows[0]["after"] = json!(["smoke"]);
        rows[1]["after"] = json!(["deploy"]);
    };
    assert_eq!(plan(&ring), at("task.ring", 0, "after"));
    let backwards = |rows: &mut Value| {
        rows[0]["from"] = json!("2026-12-10T10:00:00.000Z");
        rows[0]["to"] = json!("2026-12-10T09:40:00.000Z");
    };
    assert_eq!(plan(&backwards), at("task.ends-before-start", 0, "to"));
}

#[test]
fn planning_is_complete_before_approval_is_asked_where_the_policy_says_so() {
    let gated = |start: &'static str| {
        move |policy: &mut Value| {
            with_tasks(policy);
            policy["models"][0]["lifeCycle"]["start"] = json!(start);
            let needs = json!({ "all": [
                { "tasks": { "plan": "test", "are": "planned" } },
                { "not": { "evidence": { "kind": "test-report" } } }
            ] });
            push(
                &mut policy["gates"],
                json!({ "id": "test-planned", "name": text("Its test is planned"), "into": "authorize", "needs": needs }),
            );
        }
    };
    let bare = json!([rows()[0]]);
    // A way into the phase, and a submission into it, ask alike.
    let mut story = department(gated("submitted"));
    story.then("e1041", submit("normal", planned(bare.clone())));
    assert_eq!(refused(&mut story, "e1012", step("pass")), ["gate.shut"]);
    story
        .then("e1041", edit(json!({ "tasks": rows() })))
        .then("e1012", step("pass"));
    let mut story = department(gated("approval"));
    assert_eq!(
        refused(&mut story, "e1041", submit("normal", planned(bare))),
        ["gate.shut"]
    );
    story.then("e1041", submit("normal", planned(rows())));
}

// ---- steps within a phase, checklist at once, hold

#[test]
fn a_step_within_a_phase_is_guarded_by_its_own_way() {
    let mut story = department(|policy| {
        let cycle = &mut policy["models"][0]["lifeCycle"];
        push(
            &mut cycle["states"],
            json!({ "id": "tested", "name": text("Tested"), "phase": "scheduled" }),
        );
        let ways = cycle["transitions"].as_array_mut().unwrap();
        for way in ways.iter_mut().filter(|way| way["id"] == "start") {
            way["from"] = json!("tested");
        }
        let guard = json!({ "evidence": { "kind": "test-report" } });
        push(
            &mut cycle["transitions"],
            json!({ "id": "test", "name": text("Tested"), "from": "scheduled", "to": "tested", "by": ["staff"], "guard": guard }),
        );
        push(
            &mut cycle["transitions"],
            json!({ "id": "void-tested", "name": text("Again"), "from": "tested", "to": "approval", "on": "voided" }),
        );
        // A gate into the phase is passed once, on the way into it.
        push(
            &mut policy["gates"],
            json!({ "id": "by-the-phase", "name": text("Only before"), "into": "scheduled", "when": { "model": ["normal"] }, "needs": { "not": { "evidence": { "kind": "test-report" } } } }),
        );
        let ways = policy["models"][0]["lifeCycle"]["transitions"]
            .as_array_mut()
            .unwrap();
        for way in ways.iter_mut().filter(|way| way["on"] == "authorized") {
            way["by"] = json!(["coordinator"]);
        }
    });
    story = approved(story, content());
    assert_eq!(
        refused(&mut story, "e1044", step("start")),
        ["lifecycle.not-in-state"]
    );
    assert_eq!(
        refused(&mut story, "e1044", step("test")),
        ["guard.not-met"]
    );
    story
        .then("e1046", attach("test-report"))
        .then("e1044", step("test"))
        .then("e1044", step("start"));
}

#[test]
fn a_submission_does_not_pass_by_the_checklist() {
    let mut policy: Value = serde_json::from_str(story::DEFRA).unwrap();
    policy["models"][0]["lifeCycle"]["start"] = json!("approval");
    let answered = json!({ "is": { "field": "downtime", "value": false } });
    policy["checklist"] = json!([{ "id": "backup", "name": text("A backup was made"), "before": "authorize",
        "when": { "all": [answered, { "model": ["normal"] }] }, "by": ["staff"] }]);
    // The check of a policy says so too; a host that took it all the same decides alike.
    let mut story = given(&policy.to_string());
    assert_eq!(
        refused(&mut story, "e1041", submit("normal", content())),
        ["check.not-go"]
    );
    let mut felt = content();
    felt["downtime"] = json!(true);
    felt["downtimeStart"] = json!("2026-12-10T09:40:00.000Z");
    felt["downtimeEnd"] = json!("2026-12-10T09:50:00.000Z");
    assert!(!has(
        &story
            .when("e1041", submit("normal", felt))
            .err()
            .unwrap_or_default(),
        "check.not-go"
    ));
}

#[test]
fn what_is_given_up_rests_no_more() {
    let mut story = scheduled();
    story
        .then(
            "e1012",
            json!({ "type": "hold", "reason": "The supplier is late." }),
        )
        .then(
            "e1041",
            because("withdraw-scheduled", "It will never come."),
        );
    assert_eq!(story.change().hold, None);
}

// ---- evidence

#[test]
fn a_review_by_one_who_has_written_since_counts_no_more() {
    let asks = |policy: &mut Value| {
        let kinds = policy["evidence"].as_array_mut().unwrap();
        let kind = kinds.iter_mut().find(|kind| kind["id"] == "code-review");
        kind.unwrap()["bound"] = json!(false);
        push(
            &mut policy["gates"],
            json!({ "id": "code-reviewed", "name": text("The code was reviewed"), "into": "implement", "needs": { "evidence": { "kind": "code-review" } } }),
        );
    };
    let reviewed = || {
        let mut story = department(asks);
        story
            .then("e1041", submit("normal", content()))
            .then("e1013", attach("code-review"));
        story
    };
    let onward = |mut story: Story| {
        story
            .then("e1012", step("pass"))
            .then("e1030", approve("service-owner"))
            .then("e1010", approve("change-manager"))
            .at("2026-12-10T09:30:00.000Z");
        story
    };
    onward(reviewed()).then("e1044", step("start"));
    // The coordinator who reviewed the code goes on to change the plan; or is named as its author.
    let mut story = reviewed();
    story.then(
        "e1013",
        edit(json!({ "backoutPlan": "By hand, copy by copy." })),
    );
    let mut story = onward(story);
    assert_eq!(refused(&mut story, "e1044", step("start")), ["gate.shut"]);
    story
        .then("e1042", attach("code-review"))
        .then("e1044", step("start"));
    let mut story = reviewed();
    story.then("e1041", edit(json!({ "authors": ["e1013"] })));
    assert_eq!(
        refused(&mut onward(story), "e1044", step("start")),
        ["gate.shut"]
    );
}

// ---- waivers

fn waive(person: &str) -> Value {
    json!({ "type": "waive", "duty": "author-does-not-approve", "person": person, "until": "2026-12-20T12:00:00.000Z",
        "reason": "Nobody else is there tonight." })
}

#[test]
fn a_waiver_is_for_somebody_who_is_there_and_is_over_once_it_was_looked_back_at() {
    let mut story = scheduled();
    assert_eq!(
        refused(&mut story, "e1010", waive("e9999")),
        ["assign.unknown-person"]
    );
    story.then("e1010", waive("e1030"));
    let look = json!({ "type": "reviewWaiver", "waiver": 1, "text": "It was right." });
    // While it may still be used there is nothing to look back at.
    assert_eq!(
        refused(&mut story, "e1011", look.clone()),
        ["lifecycle.not-in-phase"]
    );
    story.at("2026-12-20T12:00:00.000Z").then("e1011", look);
}

#[test]
fn a_waiver_that_was_looked_back_at_waives_no_more() {
    let mut story = department(|policy| {
        push(
            &mut policy["duties"],
            json!({ "id": "tester-does-not-deploy", "one": "tested", "other": "implemented" }),
        );
    });
    story = approved(story, content());
    let mut waiver = waive("e1044");
    waiver["duty"] = json!("tester-does-not-deploy");
    story
        .then("e1011", waiver)
        .then("e1044", step("start"))
        .then("e1044", attach("test-report"))
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done())
        .then("e1044", attach("test-report"))
        .then(
            "e1010",
            json!({ "type": "reviewWaiver", "waiver": 1, "text": "It was right." }),
        );
    assert_eq!(
        refused(&mut story, "e1044", attach("test-report")),
        ["duty.conflict"]
    );
}

// ---- reviews

#[test]
fn nothing_is_looked_back_at_before_it_was_told() {
    let mut story = department(|policy| {
        let normal = &mut policy["models"][0];
        normal["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
        normal["submitters"] = json!(["staff"]);
        normal["lifeCycle"]["start"] = json!("review");
        let states = ["review", "closed"];
        let cycle = &mut normal["lifeCycle"];
        cycle["states"]
            .as_array_mut()
            .unwrap()
            .retain(|state| states.contains(&state["id"].as_str().unwrap()));
        cycle["transitions"]
            .as_array_mut()
            .unwrap()
            .retain(|way| way["id"] == "close");
    });
    story.then("e1041", submit("normal", content()));
    assert_eq!(refused(&mut story, "e1010", review()), ["outcome.missing"]);
    story
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done())
        .then("e1010", review());
}

#[test]
fn a_review_does_not_answer_for_what_was_seen_after_it() {
    let mut story = department(|policy| {
        policy["models"][0]["observe"] = json!({ "minutes": 60, "measures": [{ "id": "errors", "name": text("No more errors than before") }] });
    });
    story = approved(story, content());
    let look = |answer: &str| json!({ "type": "observe", "measure": "errors", "answer": answer });
    story
        .then("e1044", step("start"))
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done())
        .then("e1010", review())
        .at("2026-12-10T12:00:00.000Z")
        .then("e1044", look("no"));
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["review.missing"]
    );
    story
        .at("2026-12-10T12:05:00.000Z")
        .then("e1010", review())
        .then("e1012", step("close"));
}

#[test]
fn a_review_does_not_answer_for_a_ratification_that_was_refused_after_it() {
    let mut story = department(|policy| {
        let normal = &mut policy["models"][0];
        normal["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
        normal["submitters"] = json!(["staff"]);
        normal["lifeCycle"]["start"] = json!("scheduled");
    });
    story
        .then("e1041", submit("normal", content()))
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"))
        .at("2026-12-10T10:05:00.000Z")
        .then("e1044", done())
        .then("e1010", review())
        .at("2026-12-10T10:10:00.000Z")
        .then(
            "e1030",
            json!({ "type": "decline", "rule": "service-owner", "contentHash": null, "reason": "Nobody asked me." }),
        );
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["review.missing"]
    );
    story.then("e1011", review()).then("e1012", step("close"));
}

#[test]
fn the_first_run_of_a_model_is_looked_back_at() {
    let first = |runs: Vec<Value>| {
        let mut story = department(|policy| {
            push(
                &mut policy["reviews"],
                json!({ "id": "first-run", "because": text("It was the first of its kind."),
                    "when": { "not": { "fact": { "name": "runs", "atLeast": 1 } } } }),
            );
        });
        story.world.runs = runs
            .into_iter()
            .map(|run| from_str::<Run>(&run.to_string()).unwrap())
            .collect();
        story = approved(story, content());
        story
            .then("e1044", step("start"))
            .at("2026-12-10T10:05:00.000Z")
            .then("e1044", done());
        story.when("e1012", step("close"))
    };
    let run = |change: &str, model: &str| {
        json!({ "change": change, "number": "CHG-1", "model": model, "outcome": "successful",
        "reportedAt": "2026-11-01T10:00:00.000Z" })
    };
    let missing = Err(vec!["review.missing".to_owned()]);
    // Of nothing told, of another model, and of itself nothing follows.
    assert_eq!(first(vec![]), missing);
    assert_eq!(first(vec![run(OTHER, "expedited")]), missing);
    assert_eq!(first(vec![run(story::CHANGE, "normal")]), missing);
    assert_eq!(
        first(vec![run(OTHER, "normal")]),
        Ok(vec!["moved".to_owned()])
    );
}

// ---- reasons, roles, and ways that are taken by themselves

#[test]
fn the_last_approval_does_not_pass_by_the_checklist() {
    let mut story = department(|policy| {
        policy["checklist"] = json!([{ "id": "backup", "name": text("A backup was made"), "before": "scheduled",
            "when": { "model": ["normal"] }, "by": ["staff"] }]);
        let ways = policy["models"][0]["lifeCycle"]["transitions"]
            .as_array_mut()
            .unwrap();
        for way in ways.iter_mut().filter(|way| way["on"] == "authorized") {
            way["by"] = json!(["coordinator"]);
        }
    });
    story = approved(story, content());
    assert_eq!(story.change().state.as_str(), "approval");
    assert_eq!(
        refused(&mut story, "e1012", step("authorised")),
        ["check.not-go"]
    );
    let check = |answer: &str| json!({ "type": "check", "item": "backup", "answer": answer });
    // A no is said with its reason.
    assert_eq!(
        refused(&mut story, "e1044", check("no")),
        ["reason.missing"]
    );
    story
        .then("e1044", check("yes"))
        .then("e1012", step("authorised"));
}

#[test]
fn a_go_counts_for_the_content_to_which_it_was_said() {
    let mut story = department(|policy| {
        policy["checklist"] = json!([{ "id": "backup", "name": text("A backup was made"), "before": "implement", "by": ["staff"] }]);
    });
    let check = json!({ "type": "check", "item": "backup", "answer": "yes" });
    story
        .then("e1041", submit("normal", content()))
        .then("e1044", check.clone())
        .then(
            "e1041",
            edit(json!({ "backoutPlan": "By hand, copy by copy." })),
        )
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z");
    assert_eq!(
        refused(&mut story, "e1044", step("start")),
        ["check.not-go"]
    );
    story.then("e1044", check).then("e1044", step("start"));
}

#[test]
fn no_task_is_worked_on_while_the_change_is_rejected() {
    let mut story = department(with_tasks);
    story
        .then("e1041", submit("normal", planned(rows())))
        .then("e1012", because("refuse", "Not now."));
    assert_eq!(
        refused(&mut story, "e1046", task("smoke", "accepted")),
        ["lifecycle.not-in-phase"]
    );
}

#[test]
fn evidence_is_brought_and_taken_back_by_those_who_may() {
    let mut story = department(|policy| {
        policy["evidence"][0]["by"] = json!(["board-member"]);
    });
    story.then("e1041", submit("normal", content()));
    assert_eq!(
        refused(&mut story, "e1046", attach("test-report")),
        ["role.missing"]
    );
    story.then("e1023", attach("test-report"));
    let back = json!({ "type": "retract", "evidence": 1, "reason": "It was of another version." });
    assert_eq!(refused(&mut story, "e1046", back.clone()), ["role.missing"]);
    story.then("e1012", back);
}

#[test]
fn more_time_is_denied_with_a_reason() {
    let mut story = approved(department(|_| {}), content());
    let ask = json!({ "type": "extend", "until": "2026-12-10T12:00:00.000Z", "reason": "The copy takes longer." });
    let deny = json!({ "type": "decideExtension", "answer": "no" });
    story.then("e1044", step("start")).then("e1044", ask);
    assert_eq!(refused(&mut story, "e1011", deny), ["reason.missing"]);
    let why =
        json!({ "type": "decideExtension", "answer": "no", "reason": "Users need it at eleven." });
    story.then("e1011", why);
}
