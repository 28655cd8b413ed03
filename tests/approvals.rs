//! Evaluation and approvals as short stories: what counts, who is asked, and what comes of it.
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

use changegate::command::{Command, CommandKind};
use changegate::due::due_of_host;
use changegate::event::{Flag, Moot};
use changegate::id::{PersonId, RuleId};
use changegate::reading::read;
use serde_json::{Value, json};
use story::{
    DEFRA, Story, approve, because, but, complete, content, department, given, has, instant, push,
    refused, scheduled, step, submit, text,
};

fn state(story: &Story) -> String {
    story.change().state.to_string()
}

fn edit(fields: Value) -> Value {
    json!({ "type": "edit", "fields": fields })
}

fn decline(rule: &str) -> Value {
    json!({ "type": "decline", "rule": rule, "contentHash": null, "reason": "Not at the end of the year." })
}

fn ask(rule: &str) -> Value {
    json!({ "type": "ask", "rule": rule, "questions": [{ "text": "Who is on call?" }] })
}

fn answer(question: u32) -> Value {
    json!({ "type": "answer", "question": question, "text": "The team of web operations." })
}

fn rule<'a>(policy: &'a mut Value, id: &str) -> &'a mut Value {
    let mut rules = policy["approvals"].as_array_mut().unwrap().iter_mut();
    rules.find(|rule| rule["id"] == id).unwrap()
}

fn in_approval_of(mut story: Story) -> Story {
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    story
}

fn in_approval() -> Story {
    in_approval_of(given(DEFRA))
}

fn person(story: &mut Story, id: &str) -> &'static str {
    let leaked: &'static str = Box::leak(id.to_owned().into_boxed_str());
    let person = json!({ "id": id, "name": "M", "groups": ["change-managers"] });
    story
        .world
        .people
        .push(changegate::wire::from_str(&person.to_string()).unwrap());
    leaked
}

fn known<'a>(story: &'a mut Story, id: &str) -> &'a mut changegate::world::Person {
    let mut people = story.world.people.iter_mut();
    people.find(|person| person.id.as_str() == id).unwrap()
}

fn delegates(story: &mut Story, of: &str, to: &str) {
    let delegation = json!({ "of": of, "to": to, "from": "2026-11-01T00:00:00.000Z", "until": "2027-11-01T00:00:00.000Z" });
    story
        .world
        .delegations
        .push(changegate::wire::from_str(&delegation.to_string()).unwrap());
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

// ---- evaluation

/// A normal change is judged first: whether it is worth it.
fn judged(policy: &mut Value) {
    push(
        &mut policy["fields"],
        json!({ "id": "worthIt", "label": text("Worth it"), "kind": { "type": "yesNo" }, "required": { "all": [] }, "asked": "evaluation" }),
    );
    let good = json!({ "is": { "field": "worthIt", "value": true } });
    push(
        &mut policy["models"][0]["lifeCycle"]["transitions"],
        json!({ "id": "good", "name": text("Judged good"), "from": "submitted", "to": "approval", "on": "evaluated", "guard": good }),
    );
}

fn evaluate(worth_it: bool) -> Value {
    json!({ "type": "evaluate", "fields": { "worthIt": worth_it } })
}

#[test]
fn an_edit_after_the_evaluation_asks_for_another() {
    let mut story = department(judged);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", evaluate(false))
        .then(
            "e1041",
            edit(json!({ "backoutPlan": "Another way back, by hand." })),
        );
    assert_eq!(
        refused(&mut story, "e1012", step("pass")),
        ["evaluation.missing"]
    );
    story
        .then("e1012", evaluate(false))
        .then("e1012", step("pass"));
    // What is edited while its approvals are asked for is judged by those who give them.
    story
        .then(
            "e1041",
            edit(json!({ "backoutPlan": "The first way, after all." })),
        )
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
}

#[test]
fn what_is_immaterial_needs_no_second_evaluation() {
    let mut story = department(judged);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", evaluate(false))
        .at("2026-11-23T11:00:00.000Z")
        .then("e1041", edit(json!({ "informed": [] })))
        .then("e1012", step("pass"));
}

#[test]
fn an_evaluation_does_not_lean_on_the_answers_of_the_last_one() {
    let mut story = department(judged);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", evaluate(true))
        .then("e1012", because("send-back", "The window is too short."));
    let silent = json!({ "type": "evaluate", "fields": {} });
    assert_eq!(refused(&mut story, "e1012", silent), ["content.finding"]);
}

#[test]
fn what_was_answered_once_is_not_taken_for_an_answer_later() {
    let mut story = department(|policy| {
        judged(policy);
        let criterion = &mut policy["fields"].as_array_mut().unwrap();
        criterion.last_mut().unwrap()["required"] = Value::Null;
    });
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", evaluate(true))
        .then("e1012", because("send-back", "The window is too short."))
        .then("e1012", json!({ "type": "evaluate", "fields": {} }));
    assert_eq!(
        state(&story),
        "submitted",
        "nobody called it good this time"
    );
}

#[test]
fn an_evaluation_takes_on_what_everybody_has_said_yes_to_already() {
    let mut story = department(|policy| {
        judged(policy);
        push(
            &mut policy["gates"],
            json!({ "id": "told", "name": text("Told"), "into": "scheduled", "needs": { "filled": "informed" } }),
        );
        // A way that a gate can shut names who may take it by hand.
        for model in policy["models"].as_array_mut().unwrap() {
            for way in model["lifeCycle"]["transitions"].as_array_mut().unwrap() {
                if way["on"] == "authorized" && way["to"] == "scheduled" {
                    way["by"] = json!(["change-manager"]);
                }
            }
        }
    });
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", evaluate(true))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    assert_eq!(state(&story), "approval", "the gate is shut");
    let informed = story.policy.field("informed").unwrap().clone();
    let changegate::policy::Kind::Several { options } = informed.kind else {
        panic!("several")
    };
    story
        .then("e1012", because("send-back", "Tell the desk first."))
        .then("e1041", edit(json!({ "informed": [options[0].id] })))
        .then("e1012", evaluate(true));
    assert_eq!(state(&story), "scheduled", "no vote is left to set it off");
}

#[test]
fn a_change_is_not_passed_on_with_the_question_that_it_raises() {
    let mut story = given(DEFRA);
    story.then("e1041", submit("normal", content()));
    let forward = json!({ "type": "ask", "transition": "pass", "questions": [{ "text": "Where was it tested?" }] });
    assert_eq!(refused(&mut story, "e1012", forward), ["question.open"]);
}

// ---- votes

#[test]
fn an_approver_whose_question_was_answered_is_asked_again() {
    let mut story = in_approval();
    story
        .then("e1030", ask("service-owner"))
        .at("2026-11-24T11:00:00.000Z");
    assert_eq!(due(&story), ["answer", "later escalate"]);
    story.then("e1041", answer(1));
    assert!(story.change().votes[0].void);
    assert_eq!(due(&story), ["remind", "later escalate"]);
}

fn all_managers(policy: &mut Value) {
    rule(policy, "change-manager")["quorum"] = json!({ "type": "all" });
}

#[test]
fn a_yes_that_gave_way_to_a_question_does_not_come_back_with_its_answer() {
    let mut story = in_approval_of(department(all_managers));
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .then("e1010", ask("change-manager"))
        .then("e1041", answer(1))
        .then("e1011", approve("change-manager"));
    assert_eq!(state(&story), "approval");
    story.then("e1010", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
}

#[test]
fn neither_a_question_nor_a_deferral_is_a_yes() {
    let mut story = in_approval_of(department(all_managers));
    let later = json!({ "type": "defer", "rule": "change-manager", "contentHash": null, "reason": "After the audit." });
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .then("e1010", later)
        .then("e1011", approve("change-manager"));
    assert_eq!(state(&story), "approval");
}

#[test]
fn a_yes_takes_its_conditions_with_it_when_it_is_taken_back() {
    let mut story = in_approval_of(department(all_managers));
    let mut yes = approve("change-manager");
    yes["conditions"] = json!(["The desk is told."]);
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", yes)
        .then("e1010", ask("change-manager"))
        .then("e1041", answer(1))
        .then("e1010", approve("change-manager"))
        .then("e1011", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"));
}

#[test]
fn a_delegates_conditions_stay_with_the_one_they_stand_for() {
    let mut story = department(all_managers);
    for id in ["e1010", "e1011"] {
        known(&mut story, id).absent_until = Some(instant("2027-11-01T00:00:00.000Z"));
        delegates(&mut story, id, "e1020");
    }
    let mut story = in_approval_of(story);
    let mut yes = approve("change-manager");
    yes["conditions"] = json!(["The desk is told."]);
    story
        .then("e1030", approve("service-owner"))
        .then("e1020", yes)
        .then("e1020", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z");
    assert_eq!(
        refused(&mut story, "e1044", step("start")),
        ["condition.open"]
    );
}

#[test]
fn who_comes_back_may_replace_what_a_delegate_said() {
    let mut story = department(all_managers);
    known(&mut story, "e1010").absent_until = Some(instant("2026-11-25T00:00:00.000Z"));
    delegates(&mut story, "e1010", "e1020");
    let mut story = in_approval_of(story);
    let mut yes = approve("change-manager");
    yes["conditions"] = json!(["The desk is told."]);
    story
        .then("e1030", approve("service-owner"))
        .then("e1020", yes)
        .at("2026-11-25T10:00:00.000Z")
        .then("e1010", approve("change-manager"))
        .then("e1011", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"));
}

#[test]
fn who_said_yes_may_think_again_until_the_work_starts() {
    let mut story = scheduled();
    story.then("e1030", ask("service-owner"));
    assert_eq!(state(&story), "approval");
    assert!(story.change().authorized.is_none());
    story
        .then("e1041", answer(1))
        .then("e1030", approve("service-owner"));
    assert_eq!(state(&story), "scheduled", "the other yes still counts");
    // Who was not asked any more has no say.
    assert!(has(
        &refused(&mut story, "e1011", decline("change-manager")),
        "approval.not-needed"
    ));
    story.then("e1010", decline("change-manager"));
    assert_eq!(state(&story), "approval");
    story.at("2026-12-10T09:30:00.000Z");
    assert!(has(
        &refused(&mut story, "e1044", step("start")),
        "lifecycle.not-in-state"
    ));
}

#[test]
fn who_stands_for_another_as_well_takes_back_their_own_yes() {
    let mut story = given(DEFRA);
    delegates(&mut story, "e1011", "e1010");
    let mut story = in_approval_of(story);
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
    story.then("e1010", decline("change-manager"));
    assert_eq!(state(&story), "approval");
    assert!(story.change().authorized.is_none());
}

#[test]
fn a_yes_may_be_taken_back_while_others_are_still_asked() {
    let mut story = in_approval();
    story
        .then("e1030", approve("service-owner"))
        .then("e1030", decline("service-owner"));
    assert_eq!(state(&story), "rejected");
}

/// An emergency may start at once, and a no before it started does not end it.
fn at_once(policy: &mut Value) {
    let emergency = &mut policy["models"][2];
    emergency["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
    emergency["submitters"] = json!(["staff"]);
    let ways = emergency["lifeCycle"]["transitions"]
        .as_array_mut()
        .unwrap();
    ways.retain(|way| way["id"] != "declined");
    ways.push(json!({ "id": "start-at-once", "name": text("Start"), "from": "approval", "to": "implementing", "by": ["implementer"] }));
    ways.push(json!({ "id": "on", "name": text("On"), "from": "rejected", "to": "approval", "by": ["coordinator"] }));
}

fn urgent() -> Value {
    but(
        json!({ "urgency": "Charges were wrong from one hour to the next.", "attending": ["e1044"] }),
    )
}

fn emergency(mut story: Story) -> Story {
    story
        .then("e1041", submit("emergency", urgent()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"));
    story
}

#[test]
fn a_no_is_not_masked_by_the_yes_of_others() {
    let mut story = emergency(department(at_once));
    story
        .then("e1022", decline("emergency-board"))
        .then("e1020", approve("emergency-board"))
        .then("e1010", approve("emergency-board"));
    assert_eq!(state(&story), "approval");
    story.then("e1022", approve("emergency-board"));
    assert_eq!(state(&story), "scheduled", "their own later word counts");
}

#[test]
fn a_no_stands_while_its_giver_is_away_and_falls_when_nobody_could_take_it_back() {
    let mut story = emergency(department(at_once));
    story.then("e1022", decline("emergency-board"));
    known(&mut story, "e1022").absent_until = Some(instant("2026-12-24T00:00:00.000Z"));
    story
        .then("e1020", approve("emergency-board"))
        .then("e1010", approve("emergency-board"));
    assert_eq!(state(&story), "approval");
    known(&mut story, "e1022").left = true;
    // No vote is left to set it off.
    let may_go_on = |person: &str| {
        let mut permitted = story.permitted(person).into_iter();
        permitted.any(|may| may.allowed && may.transition == Some("authorised".into()))
    };
    assert!(may_go_on("e1012") && !may_go_on("e1044"));
    story.then("e1012", step("authorised"));
    assert_eq!(state(&story), "scheduled");
}

#[test]
fn nobody_takes_on_by_hand_what_still_waits_for_a_yes() {
    let mut story = in_approval();
    let codes = refused(&mut story, "e1012", step("authorised"));
    assert!(has(&codes, "role.missing") && has(&codes, "approval.missing"));
    assert!(
        story
            .permitted("e1012")
            .iter()
            .all(|may| may.transition != Some("authorised".into()))
    );
}

#[test]
fn nobody_loses_their_no_by_being_named_as_an_implementer() {
    let mut story = department(|policy| {
        at_once(policy);
        let mut fields = policy["fields"].as_array_mut().unwrap().iter_mut();
        let implementers = fields.find(|field| field["id"] == "implementers").unwrap();
        implementers["immaterial"] = json!(true);
    });
    story = emergency(story);
    story
        .then("e1022", decline("emergency-board"))
        .then("e1041", edit(json!({ "implementers": ["e1022"] })))
        .then("e1020", approve("emergency-board"))
        .then("e1010", approve("emergency-board"));
    assert_eq!(state(&story), "approval");
}

#[test]
fn a_no_counts_however_large_the_group_is() {
    let mut story = department(|policy| {
        at_once(policy);
        rule(policy, "emergency-board")["from"] =
            json!({ "type": "group", "group": "change-managers" });
    });
    let many: Vec<_> = (0..80)
        .map(|number| person(&mut story, &format!("m{number}")))
        .collect();
    let mut story = emergency(story);
    story
        .then(many[79], decline("emergency-board"))
        .then(many[0], approve("emergency-board"))
        .then(many[1], approve("emergency-board"));
    assert_eq!(state(&story), "approval");
}

#[test]
fn all_deputies_are_counted_however_many_there_are() {
    let mut story = department(|policy| {
        rule(policy, "service-owner")["deputies"] =
            json!({ "type": "group", "group": "change-managers" });
    });
    known(&mut story, "e1030").absent_until = Some(instant("2027-11-01T00:00:00.000Z"));
    story.world.delegations.clear();
    (0..80).for_each(|number| {
        person(&mut story, &format!("m{number}"));
    });
    let story = in_approval_of(story);
    let approvals = story.change().approvals;
    assert_eq!(approvals[0].eligible.len(), 82);
}

#[test]
fn who_stands_for_several_votes_first_for_who_has_not_answered() {
    let mut story = department(all_managers);
    known(&mut story, "e1011").absent_until = Some(instant("2027-11-01T00:00:00.000Z"));
    for id in ["e1010", "e1011"] {
        delegates(&mut story, id, "e1020");
    }
    let mut story = in_approval_of(story);
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .then("e1020", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
}

#[test]
fn a_delegate_who_is_away_is_not_offered() {
    let mut story = given(DEFRA);
    known(&mut story, "e1031").absent_until = Some(instant("2027-11-01T00:00:00.000Z"));
    let mut story = in_approval_of(story);
    assert!(has(
        &refused(&mut story, "e1031", approve("service-owner")),
        "approval.not-yours"
    ));
}

#[test]
fn a_delegation_counts_from_its_first_day_to_its_last() {
    let mut story = in_approval();
    known(&mut story, "e1030").absent_until = Some(instant("2027-11-01T00:00:00.000Z"));
    story.at("2026-12-31T00:00:00.000Z");
    assert!(has(
        &refused(&mut story, "e1031", approve("service-owner")),
        "approval.not-yours"
    ));
    story.at("2026-12-30T23:59:00.000Z");
    assert!(story.when("e1031", approve("service-owner")).is_ok());
}

#[test]
fn who_set_a_condition_does_not_say_that_it_is_met() {
    let mut story = department(|policy| push(&mut policy["may"]["edit"], json!("change-manager")));
    story = in_approval_of(story);
    let mut yes = approve("change-manager");
    yes["conditions"] = json!(["The desk is told."]);
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", yes);
    let met = json!({ "type": "fulfill", "condition": 1 });
    assert_eq!(refused(&mut story, "e1010", met.clone()), ["condition.own"]);
    story.then("e1011", met);
}

#[test]
fn the_conditions_of_a_ratification_are_met_before_it_closes() {
    let mut story = emergency(department(at_once));
    let mut yes = approve("emergency-board");
    yes["conditions"] = json!(["The log of the night is sent round."]);
    story
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start-at-once"))
        .at("2026-12-10T10:00:00.000Z")
        .then("e1044", done())
        .then("e1020", yes)
        .then("e1022", approve("emergency-board"))
        .then(
            "e1010",
            json!({ "type": "review", "text": "It was needed." }),
        );
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["condition.open"]
    );
    story
        .then("e1041", json!({ "type": "fulfill", "condition": 1 }))
        .then("e1012", step("close"));
}

fn done() -> Value {
    complete(
        "successful",
        "2026-12-10T09:30:00.000Z",
        "2026-12-10T09:55:00.000Z",
    )
}

#[test]
fn work_whose_ratification_was_refused_is_recorded_as_unauthorized() {
    let started = || {
        let mut story = emergency(department(at_once));
        story
            .at("2026-12-10T09:30:00.000Z")
            .then("e1044", step("start-at-once"));
        story
    };
    // While it runs.
    let mut story = started();
    let events = story.when("e1020", decline("emergency-board")).unwrap();
    assert_eq!(events, ["declined", "ratificationRefused", "withdrawn"]);
    story.at("2026-12-10T10:00:00.000Z").then("e1044", done());
    let flags = story.change().completed.unwrap().flags;
    assert!(flags.contains(&Flag::Unauthorized) && !flags.contains(&Flag::Ratified));
    // After it was reported.
    let mut story = started();
    story
        .at("2026-12-10T10:00:00.000Z")
        .then("e1044", done())
        .then("e1020", decline("emergency-board"));
    let flags = story.change().completed.unwrap().flags;
    assert!(flags.contains(&Flag::Unauthorized) && !flags.contains(&Flag::Ratified));
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["review.missing"]
    );
}

#[test]
fn an_edit_that_leaves_nothing_to_ask_takes_the_change_on() {
    let mut story = department(|policy| {
        rule(policy, "change-manager")["when"] =
            json!({ "all": [{ "model": ["normal"] }, { "not": { "filled": "informed" } }] });
    });
    let informed = story.policy.field("informed").unwrap().clone();
    let changegate::policy::Kind::Several { options } = informed.kind else {
        panic!("several")
    };
    story = in_approval_of(story);
    story.then("e1030", approve("service-owner"));
    let told = edit(json!({ "informed": [options[0].id] }));
    let events = story.when("e1041", told).unwrap();
    assert_eq!(
        events,
        ["edited", "assessed", "withdrawn", "authorized", "moved"]
    );
    assert_eq!(state(&story), "scheduled");
}

// ---- withdrawn

fn withdrawn(story: &Story) -> Vec<(String, Moot)> {
    let withdrawn = story.change().withdrawn.into_iter();
    withdrawn
        .map(|(rule, because)| (rule.to_string(), because))
        .collect()
}

#[test]
fn turned_down_by_hand_it_asks_nobody_any_more() {
    let mut story = department(|policy| {
        push(
            &mut policy["models"][0]["lifeCycle"]["transitions"],
            json!({ "id": "refuse-late", "name": text("Turn down"), "from": "approval", "to": "rejected", "by": ["coordinator"] }),
        );
    });
    story = in_approval_of(story);
    story.then("e1012", because("refuse-late", "The budget is gone."));
    assert_eq!(
        withdrawn(&story),
        [
            ("service-owner".to_owned(), Moot::Ended),
            ("change-manager".to_owned(), Moot::Ended)
        ]
    );
}

#[test]
fn what_is_needed_again_is_asked_for_again() {
    let mut story = in_approval();
    let high = edit(json!({ "riskUsers": "public", "riskFrequency": "never" }));
    let low = edit(json!({ "riskUsers": "ten", "riskFrequency": "regular" }));
    story.then("e1041", high.clone()).then("e1041", low.clone());
    assert_eq!(withdrawn(&story), [("cab".to_owned(), Moot::NotNeeded)]);
    story.then("e1041", high);
    assert_eq!(
        withdrawn(&story),
        [("change-manager".to_owned(), Moot::NotNeeded)]
    );
}

#[test]
fn who_was_not_asked_any_more_is_asked_again_when_the_yes_is_taken_back() {
    let mut story = scheduled();
    assert_eq!(
        withdrawn(&story),
        [("change-manager".to_owned(), Moot::QuorumReached)]
    );
    story.then("e1010", ask("change-manager"));
    assert_eq!(withdrawn(&story), []);
    story.then("e1011", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
}

#[test]
fn a_no_that_ends_nothing_withdraws_nothing() {
    let mut story = emergency(department(at_once));
    let events = story.when("e1022", decline("emergency-board")).unwrap();
    assert_eq!(events, ["declined"]);
}

// ---- what the host does, and when

fn remind(rule: &str) -> Value {
    json!({ "type": "remind", "rule": rule })
}

fn people(named: &[&str]) -> Vec<PersonId> {
    named.iter().copied().map(PersonId::from).collect()
}

#[test]
fn who_has_not_answered_is_reminded_by_the_host_and_again_after_its_time() {
    let mut story = in_approval();
    let not_due = |story: &mut Story| {
        assert_eq!(
            story.when_host(remind("service-owner")).unwrap_err(),
            ["reminder.not-due"]
        );
    };
    not_due(&mut story);
    assert_eq!(
        refused(&mut story, "e1012", remind("service-owner")),
        ["actor.only-host"]
    );
    story.at("2026-11-24T10:00:00.000Z");
    assert_eq!(
        story.when_host(remind("service-owner")).unwrap(),
        ["reminded"]
    );
    assert_eq!(
        story.change().reminded[0].people,
        people(&["e1030"]),
        "the owner, who is there; of their delegate nothing is asked then"
    );
    not_due(&mut story);
    assert_eq!(due(&story), ["later remind", "later escalate"]);
    story.at("2026-11-26T09:59:00.000Z");
    not_due(&mut story);
    story.at("2026-11-26T10:00:00.000Z");
    story.when_host(remind("service-owner")).unwrap();
    story.then("e1030", approve("service-owner"));
    story.at("2026-12-01T10:00:00.000Z");
    not_due(&mut story);
    assert_eq!(
        story.when_host(remind("no-such-rule")).unwrap_err(),
        ["reminder.not-due"]
    );
}

#[test]
fn a_rule_without_every_reminds_once_and_one_without_a_reminder_never() {
    let mut story = in_approval_of(department(|policy| {
        rule(policy, "service-owner")["remind"] = json!({ "afterMin": 60 });
        let manager = rule(policy, "change-manager").as_object_mut().unwrap();
        manager.remove("remind").unwrap();
    }));
    story.at("2026-11-24T10:00:00.000Z");
    story.when_host(remind("service-owner")).unwrap();
    story.at("2026-12-20T10:00:00.000Z");
    assert_eq!(
        story.when_host(remind("service-owner")).unwrap_err(),
        ["reminder.not-due"]
    );
    story.then("e1030", approve("service-owner"));
    story.at("2027-01-20T10:00:00.000Z");
    assert_eq!(
        story.when_host(remind("change-manager")).unwrap_err(),
        ["reminder.not-due"]
    );
}

#[test]
fn a_change_that_everybody_forgot_is_reminded_of_thirty_times() {
    let mut story = in_approval();
    let mut at = story.now;
    let mut given = 0;
    for _ in 0..100 {
        at = at.plus_minutes(2 * 1440);
        story.now = at;
        let wanted = due_of_host(&story.policy, &story.record(), &story.world, story.now);
        if wanted.contains(&Command::Remind {
            rule: RuleId::from("service-owner"),
        }) {
            story.when_host(remind("service-owner")).unwrap();
            given += 1;
        }
    }
    assert_eq!(given, 30);
    assert_eq!(story.change().reminded.len(), 30);
}

#[test]
fn only_who_is_asked_and_silent_is_reminded() {
    let mut story = in_approval_of(department(all_managers));
    story.at("2026-11-24T10:00:00.000Z");
    assert_eq!(
        story.when_host(remind("change-manager")).unwrap_err(),
        ["reminder.not-due"],
        "the service owner comes first"
    );
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .at("2026-11-25T10:00:00.000Z");
    story.when_host(remind("change-manager")).unwrap();
    let reminded = &story.change().reminded[0];
    assert!(!reminded.people.contains(&"e1010".into()), "{reminded:?}");
    assert!(reminded.people.contains(&"e1011".into()), "{reminded:?}");
}

#[test]
fn who_put_it_off_is_reminded_when_that_is_over_and_nobody_while_it_rests() {
    let mut story = in_approval();
    story
        .then(
            "e1030",
            json!({ "type": "defer", "rule": "service-owner", "contentHash": null, "until": "2026-11-26T10:00:00.000Z", "reason": "The owner is asked." }),
        )
        .at("2026-11-26T09:00:00.000Z");
    assert_eq!(
        story.when_host(remind("service-owner")).unwrap_err(),
        ["reminder.not-due"]
    );
    story.at("2026-11-26T10:00:00.000Z");
    story.then(
        "e1012",
        json!({ "type": "hold", "reason": "The supplier." }),
    );
    assert_eq!(
        story.when_host(remind("service-owner")).unwrap_err(),
        ["hold.on"]
    );
    story.then("e1012", json!({ "type": "resume" }));
    assert_eq!(
        story.when_host(remind("service-owner")).unwrap_err(),
        ["reminder.not-due"],
        "they have their time again"
    );
    story.at("2026-11-27T10:00:00.000Z");
    story.when_host(remind("service-owner")).unwrap();
}

/// Whom the host reminds by its own hand now.
fn reminded_now(story: &mut Story) -> Vec<PersonId> {
    let wanted = due_of_host(&story.policy, &story.record(), &story.world, story.now);
    let reminders = wanted
        .iter()
        .filter(|command| matches!(command, Command::Remind { .. }));
    for command in reminders {
        story.when_host(json!(command)).unwrap();
    }
    let change = story.change();
    let given = change.reminded.iter();
    let given = given.filter(|known| known.at == story.now);
    given.flat_map(|known| known.people.clone()).collect()
}

#[test]
fn who_came_back_since_the_last_step_is_reminded() {
    let mut story = given(DEFRA);
    for id in ["e1030", "e1031", "e1032", "e1033"] {
        known(&mut story, id).absent_until = Some(instant("2026-11-24T00:00:00.000Z"));
    }
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .at("2026-11-24T10:00:00.000Z");
    let people = people(&["e1030"]);
    assert_eq!(reminded_now(&mut story), people);
}

#[test]
fn those_above_are_reminded_where_the_one_below_put_it_off_for_good() {
    let mut story = in_approval();
    story
        .then(
            "e1030",
            json!({ "type": "defer", "rule": "service-owner", "contentHash": null, "reason": "After the audit." }),
        )
        .at("2026-11-25T10:00:00.000Z");
    story.when_host(escalate("service-owner")).unwrap_err();
    assert_eq!(reminded_now(&mut story), [], "they said so themselves");
    story.at("2026-11-27T10:00:00.000Z");
    story.when_host(escalate("service-owner")).unwrap();
    let people = people(&["e1032", "e1033"]);
    assert_eq!(reminded_now(&mut story), people);
}

#[test]
fn who_may_not_approve_by_their_duties_is_not_reminded() {
    let mut story = given(DEFRA);
    let both = json!({ "implementers": ["e1030"] });
    story
        .then("e1041", submit("normal", but(both)))
        .then("e1012", step("pass"))
        .at("2026-11-27T10:00:00.000Z");
    assert!(has(
        &refused(&mut story, "e1030", approve("service-owner")),
        "duty.conflict"
    ));
    assert_eq!(reminded_now(&mut story), []);
    story.when_host(escalate("service-owner")).unwrap();
    story.at("2026-11-28T10:00:00.000Z");
    let people = people(&["e1032", "e1033"]);
    assert_eq!(reminded_now(&mut story), people);
}

#[test]
fn a_reminder_does_not_count_as_touching_the_change() {
    let mut story = in_approval();
    let before = story.change().updated_at;
    story.at("2026-11-24T10:00:00.000Z");
    story.when_host(remind("service-owner")).unwrap();
    assert_eq!(story.change().updated_at, before);
}

#[test]
fn those_above_who_were_asked_are_reminded_as_well() {
    let mut story = in_approval();
    story.at("2026-11-27T10:00:00.000Z");
    story.when_host(escalate("service-owner")).unwrap();
    story.when_host(remind("service-owner")).unwrap();
    let reminded = &story.change().reminded[0].people;
    assert_eq!(reminded, &people(&["e1030", "e1032", "e1033"]));
}

fn escalate(rule: &str) -> Value {
    json!({ "type": "escalate", "rule": rule })
}

fn escalates_managers(policy: &mut Value) {
    rule(policy, "change-manager")["escalate"] =
        json!({ "afterMin": 60, "to": { "type": "group", "group": "change-board" } });
}

#[test]
fn only_what_is_asked_now_is_escalated() {
    let mut story = in_approval_of(department(escalates_managers));
    story.at("2026-12-01T10:00:00.000Z");
    assert_eq!(
        story.when_host(escalate("change-manager")).unwrap_err(),
        ["escalation.not-due"],
        "the service owner comes first"
    );
    story
        .then("e1030", approve("service-owner"))
        .at("2026-12-01T10:30:00.000Z");
    assert_eq!(
        story.when_host(escalate("change-manager")).unwrap_err(),
        ["escalation.not-due"],
        "it is asked since the service owner said yes"
    );
    story.at("2026-12-01T11:00:00.000Z");
    story.when_host(escalate("change-manager")).unwrap();
}

#[test]
fn what_was_sent_back_asks_nobody_above() {
    let mut story = in_approval();
    story
        .then("e1012", because("send-back", "Tell us more."))
        .at("2026-12-01T10:00:00.000Z");
    assert_eq!(
        story.when_host(escalate("service-owner")).unwrap_err(),
        ["escalation.not-due"]
    );
    story.then("e1012", step("pass"));
    assert!(
        has(
            &refused(&mut story, "e1032", approve("service-owner")),
            "approval.not-yours"
        ),
        "nor are those above asked from an earlier time"
    );
}

#[test]
fn those_above_who_have_a_part_in_it_are_not_asked() {
    let mut story = given(DEFRA);
    story
        .then(
            "e1041",
            submit("normal", but(json!({ "authors": ["e1032"] }))),
        )
        .then("e1012", step("pass"))
        .at("2026-11-27T10:00:00.000Z");
    story.when_host(escalate("service-owner")).unwrap();
    let change = story.change();
    assert_eq!(change.escalated[0].to, [PersonId::from("e1033")]);
}

#[test]
fn those_above_whom_a_duty_keeps_from_it_are_not_asked_either() {
    let mut story = given(DEFRA);
    let both = json!({ "implementers": ["e1032"] });
    story
        .then("e1041", submit("normal", but(both)))
        .then("e1012", step("pass"))
        .at("2026-11-27T10:00:00.000Z");
    story.when_host(escalate("service-owner")).unwrap();
    assert_eq!(story.change().escalated[0].to, people(&["e1033"]));
}

#[test]
fn nobody_is_reminded_of_what_others_have_decided() {
    let mut story = in_approval();
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .at("2026-11-27T10:00:00.000Z");
    assert_eq!(story.change().state.as_str(), "scheduled");
    assert_eq!(
        story.when_host(remind("change-manager")).unwrap_err(),
        ["reminder.not-due"]
    );
}

#[test]
fn who_was_asked_above_is_not_asked_of_the_next_time() {
    let mut story = in_approval();
    story.at("2026-11-27T10:00:00.000Z");
    story.when_host(escalate("service-owner")).unwrap();
    story
        .then("e1012", because("send-back", "Tell us more."))
        .at("2026-11-27T11:00:00.000Z")
        .then("e1012", step("pass"));
    assert!(has(
        &refused(&mut story, "e1032", approve("service-owner")),
        "approval.not-yours"
    ));
}

#[test]
fn after_an_edit_those_who_decide_again_have_their_time_again() {
    let mut story = in_approval_of(department(all_managers));
    story
        .then("e1030", approve("service-owner"))
        .at("2026-11-25T12:00:00.000Z");
    assert_eq!(due(&story), ["remind"]);
    story.then(
        "e1041",
        edit(json!({ "backoutPlan": "By hand, from the copy." })),
    );
    assert_eq!(due(&story), ["later remind", "later escalate"]);
}

#[test]
fn work_reported_without_approval_asks_nobody_for_one() {
    let mut story = in_approval();
    story.at("2026-12-10T10:00:00.000Z").then("e1044", done());
    assert_eq!(due(&story), ["later review"], "it is looked back at");
    assert_eq!(
        story.when_host(escalate("service-owner")).unwrap_err(),
        ["escalation.not-due"]
    );
}

#[test]
fn who_ratifies_is_reminded_as_well() {
    let mut story = department(|policy| {
        at_once(policy);
        let ways = &mut policy["models"][2]["lifeCycle"]["transitions"];
        push(
            ways,
            json!({ "id": "begin", "name": text("Begin"), "from": "submitted", "to": "implementing", "by": ["implementer"] }),
        );
    });
    story
        .then("e1041", submit("emergency", urgent()))
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("begin"));
    assert_eq!(
        due(&story),
        [
            "later end",
            "later remind",
            "later ratify",
            "later escalate"
        ]
    );
    story.at("2026-12-11T09:30:00.000Z");
    assert!(has(&due(&story), "ratify") && has(&due(&story), "remind"));
}

#[test]
fn who_is_left_of_a_group_decides_without_the_one_who_is_gone() {
    let mut story = in_approval();
    for id in ["e1011", "e1030", "e1032", "e1033"] {
        known(&mut story, id).left = true;
    }
    story.world.delegations.clear();
    let wanted = due_of_host(&story.policy, &story.record(), &story.world, story.now);
    let wanted: Vec<_> = wanted.iter().map(|command| json!(command)).collect();
    assert_eq!(
        wanted,
        [json!({ "type": "handOn", "from": "e1030", "to": "e1003" })]
    );
}

#[test]
fn the_host_wants_nothing_that_would_be_refused() {
    let above = |world: &changegate::world::World| {
        let mut story = in_approval();
        story.at("2026-12-01T10:00:00.000Z");
        due_of_host(&story.policy, &story.record(), world, story.now)
    };
    let mut story = given(DEFRA);
    let rule = RuleId::from("service-owner");
    let remind = Command::Remind { rule: rule.clone() };
    let escalate = Command::Escalate { rule };
    assert_eq!(above(&story.world), [remind.clone(), escalate]);
    for id in ["e1032", "e1033"] {
        known(&mut story, id).left = true;
    }
    assert_eq!(above(&story.world), [remind], "nobody is there to be asked");
}

#[test]
fn what_is_decided_already_is_not_given_on() {
    let mut story = in_approval();
    story.then("e1030", approve("service-owner"));
    known(&mut story, "e1030").left = true;
    let given = json!({ "type": "handOn", "from": "e1030", "to": "e1003" });
    assert_eq!(refused(&mut story, "e1012", given), ["hand-on.nothing"]);
}

// ---- people are counted

fn asks(kind: Value) -> impl Fn(&mut Value) {
    move |policy: &mut Value| rule(policy, "change-manager")["quorum"] = kind.clone()
}

fn two(policy: &mut Value) {
    asks(json!({ "type": "atLeast", "number": 2 }))(policy);
}

fn owned(mut story: Story) -> Story {
    story.then("e1030", approve("service-owner"));
    story
}

#[test]
fn one_person_is_one_however_many_they_stand_for() {
    let percent = json!({ "type": "percent", "percent": 100 });
    let policies = [department(two), department(asks(percent))];
    for mut story in policies {
        delegates(&mut story, "e1010", "e1011");
        let mut story = owned(in_approval_of(story));
        story.then("e1011", approve("change-manager"));
        assert_eq!(state(&story), "approval");
        let codes = refused(&mut story, "e1011", approve("change-manager"));
        assert_eq!(codes, ["approval.given-already"]);
        story.then("e1010", approve("change-manager"));
        assert_eq!(state(&story), "scheduled");
    }
}

#[test]
fn a_delegate_of_two_waits_for_a_second_person_and_the_button_says_in_whose_place() {
    let mut story = department(two);
    delegates(&mut story, "e1010", "e1020");
    delegates(&mut story, "e1011", "e1020");
    let mut story = owned(in_approval_of(story));
    let offered = |story: &Story| {
        let mut known = story.permitted("e1020").into_iter();
        let vote = known.find(|known| {
            let rule = known.rule.as_ref().map(RuleId::as_str);
            known.command == CommandKind::Approve && rule == Some("change-manager")
        });
        let vote = vote.unwrap();
        (vote.allowed, vote.on_behalf_of)
    };
    assert_eq!(offered(&story), (true, Some(PersonId::from("e1010"))));
    story.then("e1020", approve("change-manager"));
    let vote = story.change().votes.pop().unwrap();
    assert_eq!(vote.on_behalf_of.unwrap().as_str(), "e1010");
    assert_eq!(offered(&story), (false, None));
    let codes = refused(&mut story, "e1020", approve("change-manager"));
    assert_eq!(codes, ["approval.given-already"]);
    story.then("e1011", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
}

#[test]
fn a_yes_of_an_ended_delegation_is_still_the_one_of_its_giver() {
    let mut story = department(two);
    known(&mut story, "e1010").absent_until = Some(instant("2027-06-01T00:00:00.000Z"));
    delegates(&mut story, "e1010", "e1020");
    let mut story = owned(in_approval_of(story));
    story.then("e1020", approve("change-manager"));
    story.world.delegations.clear();
    delegates(&mut story, "e1011", "e1020");
    let codes = refused(&mut story, "e1020", approve("change-manager"));
    assert_eq!(codes, ["approval.given-already"]);
    story.then("e1011", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
}

#[test]
fn where_all_are_asked_nobody_answers_for_who_is_there() {
    let mut story = department(all_managers);
    delegates(&mut story, "e1010", "e1011");
    let mut story = owned(in_approval_of(story));
    story.then("e1011", approve("change-manager"));
    let codes = refused(&mut story, "e1011", approve("change-manager"));
    assert_eq!(codes, ["approval.given-already"]);
    assert_eq!(state(&story), "approval");
    known(&mut story, "e1010").absent_until = Some(instant("2027-06-01T00:00:00.000Z"));
    story.then("e1011", approve("change-manager"));
    assert_eq!(state(&story), "scheduled", "for who is away they may");
}

#[test]
fn deputies_are_asked_where_too_few_others_are_left() {
    let mut story = department(|policy| {
        two(policy);
        rule(policy, "change-manager")["deputies"] =
            json!({ "type": "group", "group": "directors" });
    });
    known(&mut story, "e1011").left = true;
    let mut story = owned(in_approval_of(story));
    let asked = story.change().approvals[1].clone();
    assert!(asked.by_deputies && asked.eligible.len() > 2, "{asked:?}");
    story
        .then("e1010", approve("change-manager"))
        .then("e1001", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
}

#[test]
fn a_share_is_of_those_who_are_asked_and_not_of_the_deputies_who_stand_in() {
    let percent = json!({ "type": "percent", "percent": 100 });
    let mut story = department(|policy| {
        asks(percent.clone())(policy);
        rule(policy, "change-manager")["deputies"] =
            json!({ "type": "group", "group": "directors" });
    });
    known(&mut story, "e1010").absent_until = Some(instant("2027-06-01T00:00:00.000Z"));
    delegates(&mut story, "e1010", "e1011");
    let mut story = owned(in_approval_of(story));
    assert_eq!(story.change().approvals[1].needed, Some(2));
    story.then("e1011", approve("change-manager"));
    assert_eq!(state(&story), "approval");
    story.then("e1001", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
}

/// What the form says of who can approve.
fn said_before(story: &Story) -> Vec<(String, Option<i64>)> {
    let draft = json!({ "id": "018f0000-0000-7000-8000-000000000009", "model": "normal", "language": "en", "fields": content() });
    let draft: changegate::draft::Draft = serde_json::from_value(draft).unwrap();
    let person = PersonId::from("e1041");
    let assessed =
        changegate::assessment::assess(&story.policy, &draft, &person, story.now, &story.world);
    story::provoked::note(&assessed.findings);
    let about = assessed.findings.iter().map(|finding| {
        let code = json!(finding.code).as_str().unwrap().to_owned();
        (code, finding.bound)
    });
    about
        .filter(|(code, _)| code.starts_with("approval."))
        .collect()
}

#[test]
fn the_form_says_that_too_few_are_there_and_those_above_are_asked_at_once() {
    let mut story = department(|policy| {
        two(policy);
        rule(policy, "change-manager")["escalate"] =
            json!({ "afterMin": 4320, "to": { "type": "group", "group": "directors" } });
    });
    assert_eq!(said_before(&story), []);
    delegates(&mut story, "e1011", "e1010");
    known(&mut story, "e1011").absent_until = Some(instant("2027-06-01T00:00:00.000Z"));
    assert_eq!(
        said_before(&story),
        [("approval.too-few".to_owned(), Some(2))]
    );
    let mut story = owned(in_approval_of(story));
    let wanted = due_of_host(&story.policy, &story.record(), &story.world, story.now);
    let wanted: Vec<_> = wanted.iter().map(|command| json!(command)).collect();
    assert_eq!(wanted, [escalate("change-manager")]);
    story.when_host(escalate("change-manager")).unwrap();
    story.then("e1001", approve("change-manager"));
    assert_eq!(state(&story), "scheduled");
}

#[test]
fn a_member_does_not_decide_alone_as_the_delegate_of_who_stands_above() {
    let mut story = department(|policy| {
        two(policy);
        rule(policy, "change-manager")["escalate"] =
            json!({ "afterMin": 60, "to": { "type": "group", "group": "directors" } });
    });
    let away = Some(instant("2027-06-01T00:00:00.000Z"));
    for director in ["e1001", "e1002", "e1003"] {
        known(&mut story, director).absent_until = away;
    }
    delegates(&mut story, "e1001", "e1010");
    delegates(&mut story, "e1002", "e1021");
    let mut story = owned(in_approval_of(story));
    story.at("2026-11-23T12:00:00.000Z");
    story.when_host(escalate("change-manager")).unwrap();
    story.then("e1010", approve("change-manager"));
    let codes = refused(&mut story, "e1010", approve("change-manager"));
    assert_eq!(codes, ["approval.given-already"]);
    assert_eq!(state(&story), "approval");
    story.then("e1021", approve("change-manager"));
    assert_eq!(state(&story), "scheduled", "somebody else may");
}

#[test]
fn who_has_answered_is_not_reminded_for_another() {
    let mut story = department(|policy| {
        two(policy);
        rule(policy, "change-manager")["remind"] = json!({ "afterMin": 60 });
    });
    known(&mut story, "e1010").absent_until = Some(instant("2027-06-01T00:00:00.000Z"));
    delegates(&mut story, "e1010", "e1011");
    delegates(&mut story, "e1010", "e1020");
    let mut story = owned(in_approval_of(story));
    story
        .then("e1011", approve("change-manager"))
        .at("2026-11-23T12:00:00.000Z");
    let remind = json!({ "type": "remind", "rule": "change-manager" });
    story.when_host(remind).unwrap();
    let reminded = story.change().reminded.pop().unwrap();
    assert_eq!(reminded.people, [PersonId::from("e1020")]);
}

// ---- what is shown

#[test]
fn each_is_told_what_changed_since_their_own_yes() {
    let mut story = in_approval_of(department(all_managers));
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .then(
            "e1041",
            edit(json!({ "backoutPlan": "By hand, from the copy." })),
        )
        .then("e1030", approve("service-owner"));
    let changed = |person: &str| {
        let person = PersonId::from(person);
        let reading = read(
            &story.policy,
            &story.record(),
            &person,
            story.now,
            &story.world,
        );
        serde_json::to_value(reading.unwrap().changed_since).unwrap()
    };
    let before = content()["backoutPlan"].clone();
    assert_eq!(
        changed("e1010"),
        json!([{ "field": "backoutPlan", "before": before, "after": "By hand, from the copy." }])
    );
    assert_eq!(changed("e1030"), json!([]), "this is what they said yes to");
}

#[test]
fn the_whole_chain_is_shown_before_it_is_submitted() {
    let mut story = given(DEFRA);
    known(&mut story, "e1010").absent_until = Some(instant("2027-11-01T00:00:00.000Z"));
    known(&mut story, "e1011").left = true;
    let draft =
        json!({ "id": story::CHANGE, "model": "normal", "language": "en", "fields": content() });
    let draft = changegate::wire::from_str(&draft.to_string()).unwrap();
    let assessment = changegate::assessment::assess(
        &story.policy,
        &draft,
        &PersonId::from("e1041"),
        story.now,
        &story.world,
    );
    let chain: Vec<_> = assessment
        .approvals
        .iter()
        .map(|approval| {
            (
                approval.rule.as_str(),
                approval.stage,
                approval.eligible.len(),
            )
        })
        .collect();
    assert_eq!(chain, [("service-owner", 1, 1), ("change-manager", 2, 0)]);
    let nobody: Vec<_> = assessment
        .findings
        .iter()
        .filter(|finding| finding.code == changegate::finding::FindingCode::NobodyToApprove)
        .map(|finding| finding.rule.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(nobody, ["change-manager"]);
}

#[test]
fn the_name_of_a_field_that_is_too_long_is_not_repeated() {
    let mut story = in_approval();
    let long = "x".repeat(300);
    assert_eq!(
        refused(&mut story, "e1041", edit(json!({ long.clone(): "y" }))),
        ["report.malformed-id"]
    );
    let row = edit(json!({ "steps": [{ long: "y" }] }));
    assert_eq!(refused(&mut story, "e1041", row), ["report.malformed-id"]);
}
