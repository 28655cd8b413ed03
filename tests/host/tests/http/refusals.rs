//! What may not be done: every reason is named, and the change stays as it was.

use std::fs;

use changegate_host_tests::{Change, Folder, Host, Person, later};
use serde_json::{Value, json};

/// Sends a command that is refused for exactly these reasons, and looks that nothing came of it.
fn refused(change: &Change, person: &Person, command: Value, reasons: &[&str]) {
    let before = (person.log(&change.id), person.reading(&change.id));
    let answer = change.sent(person, command.clone());
    assert_eq!(answer.status, 422, "{command}: {}", answer.text);
    assert_eq!(answer.refusals(), reasons, "{} wants {command}", person.id);
    let after = (person.log(&change.id), person.reading(&change.id));
    assert_eq!(before.0, after.0, "{command}");
    assert_eq!(before.1["change"], after.1["change"], "{command}");
}

fn begin() -> Value {
    json!({ "type": "move", "transition": "begin" })
}

/// Each of the gestures out of its place, and why it is not taken of somebody who will only do the work.
fn out_of_place() -> Vec<(Value, &'static [&'static str])> {
    let digest = "0".repeat(64);
    vec![
        (
            json!({ "type": "evaluate", "fields": {} }),
            &["role.missing", "lifecycle.not-in-phase"],
        ),
        (
            json!({ "type": "ask", "questions": [{ "text": "Why?" }] }),
            &["role.missing"],
        ),
        (
            json!({ "type": "answer", "question": 1, "text": "So." }),
            &["question.unknown"],
        ),
        (
            json!({ "type": "approve", "rule": "nobody", "contentHash": digest, "level": "low" }),
            &["approval.content-changed", "approval.not-needed"],
        ),
        (
            json!({ "type": "approve", "rule": "lead", "contentHash": digest, "level": "low" }),
            &["approval.content-changed", "approval.not-yours"],
        ),
        (
            json!({ "type": "defer", "rule": "lead", "contentHash": digest, "reason": "Later." }),
            &["approval.content-changed", "approval.not-yours"],
        ),
        (
            json!({ "type": "fulfill", "condition": 1 }),
            &["condition.unknown"],
        ),
        (
            json!({ "type": "decline", "rule": "lead", "contentHash": digest, "reason": "No." }),
            &["approval.content-changed", "approval.not-yours"],
        ),
        (
            json!({ "type": "move", "transition": "begin" }),
            &["lifecycle.not-in-state"],
        ),
        (
            json!({ "type": "move", "transition": "nowhere" }),
            &["lifecycle.not-in-state"],
        ),
        (
            json!({ "type": "move", "transition": "yes" }),
            &["role.missing", "lifecycle.automatic", "approval.missing"],
        ),
        (
            json!({ "type": "assign", "state": "working", "person": "zed" }),
            &["role.missing", "assign.unknown-person"],
        ),
        (json!({ "type": "resume" }), &["role.missing", "hold.off"]),
        (
            json!({ "type": "task", "task": "t1", "step": "done" }),
            &["task.unknown"],
        ),
        (
            json!({ "type": "check", "item": "i1", "answer": "yes" }),
            &["check.unknown"],
        ),
        (
            json!({ "type": "relate", "relation": "partOf", "to": "01900000-0000-7000-8000-000000000000" }),
            &["role.missing", "relation.unknown-change"],
        ),
        (
            json!({ "type": "unrelate", "relation": "partOf", "to": "01900000-0000-7000-8000-000000000000" }),
            &["role.missing", "relation.none"],
        ),
        (
            json!({ "type": "attach", "kind": "rumor", "name": "Heard" }),
            &["evidence.unknown-kind"],
        ),
        (
            json!({ "type": "attach", "kind": "photo", "name": "Seen" }),
            &["evidence.file-missing"],
        ),
        (
            json!({ "type": "attach", "kind": "trial", "name": " " }),
            &["text.missing", "evidence.result-missing"],
        ),
        (
            json!({ "type": "retract", "evidence": 1, "reason": "Wrong." }),
            &["evidence.unknown"],
        ),
        (
            json!({ "type": "waive", "duty": "d", "person": "ada", "until": "2030-01-01T00:00:00.000Z", "reason": "So." }),
            &["role.missing", "waiver.unknown-duty", "waiver.period"],
        ),
        (
            json!({ "type": "reviewWaiver", "waiver": 1, "text": "Fine." }),
            &["waiver.unknown"],
        ),
        (
            json!({ "type": "extend", "until": "2030-01-01T00:00:00.000Z", "reason": "More." }),
            &["lifecycle.not-in-phase", "extension.nobody"],
        ),
        (
            json!({ "type": "decideExtension", "answer": "yes" }),
            &["extension.none"],
        ),
        (
            json!({ "type": "observe", "measure": "m", "answer": "yes" }),
            &["observation.none"],
        ),
        (
            json!({ "type": "endObservation", "reason": "Enough." }),
            &["observation.none"],
        ),
        (
            json!({ "type": "announce", "text": " " }),
            &["text.missing"],
        ),
        (
            json!({ "type": "adoptPolicy", "policy": digest, "state": "asked" }),
            &["role.missing", "policy.unknown"],
        ),
        (
            json!({ "type": "escalate", "rule": "lead" }),
            &["actor.only-host"],
        ),
        (
            json!({ "type": "handOn", "from": "ben", "to": "zed" }),
            &[
                "role.missing",
                "hand-on.not-left",
                "assign.unknown-person",
                "hand-on.nothing",
            ],
        ),
        (
            json!({ "type": "review", "text": "Fine." }),
            &["role.missing", "lifecycle.not-in-phase"],
        ),
        (
            json!({ "type": "edit", "fields": {} }),
            &["role.missing", "edit.nothing-changed"],
        ),
        (
            json!({ "type": "erase", "commitments": [digest], "ground": "personAsked" }),
            &["role.missing", "erase.unknown-commitment"],
        ),
        (
            json!({ "type": "template", "step": { "type": "promote" } }),
            &["record.other-kind"],
        ),
        (
            json!({ "type": "meeting", "step": { "type": "close" } }),
            &["record.other-kind"],
        ),
        (
            json!({ "type": "submit", "model": "planned", "language": "en", "fields": {} }),
            &["change.exists"],
        ),
    ]
}

#[test]
fn what_is_out_of_place_is_refused_with_every_reason_and_changes_nothing() {
    let host = Host::start();
    let (ada, cyn) = (host.sign_in("ada"), host.sign_in("cyn"));
    let change = Change::submitted(&host, &ada);
    for (command, reasons) in out_of_place() {
        refused(&change, &cyn, command, reasons);
    }
}

#[test]
fn a_yes_to_what_is_no_longer_so_is_refused_and_so_is_a_second_yes() {
    let host = Host::start();
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let mut change = Change::submitted(&host, &ada);
    let seen = change.approval(&ben);
    change.accepted(
        &ada,
        json!({ "type": "edit", "fields": { "why": "Its teeth are bent." } }),
    );
    refused(&change, &ben, seen, &["approval.content-changed"]);
    change.accepted(&ben, change.approval(&ben));
    let again = change.approval(&ben);
    refused(
        &change,
        &ben,
        again,
        &["approval.not-needed", "approval.given-already"],
    );
}

#[test]
fn work_starts_neither_before_its_window_nor_after_it_nor_twice() {
    let host = Host::start();
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let (mut change, mut late) = (
        Change::submitted(&host, &ada),
        Change::submitted(&host, &ada),
    );
    refused(&change, &cyn, begin(), &["lifecycle.not-in-state"]);
    change.accepted(&ben, change.approval(&ben));
    late.accepted(&ben, late.approval(&ben));
    refused(&change, &cyn, begin(), &["window.not-open"]);
    refused(&change, &ada, begin(), &["role.missing", "window.not-open"]);
    host.move_clock(&later(&change.start, 1));
    change.accepted(&cyn, begin());
    refused(&change, &cyn, begin(), &["lifecycle.not-in-state"]);
    host.move_clock(&later(&late.start, 24 * 60));
    refused(&late, &cyn, begin(), &["window.passed"]);
}

#[test]
fn one_who_saw_less_than_there_is_is_shown_the_rest_and_nothing_is_taken() {
    let host = Host::start();
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let mut change = Change::submitted(&host, &ada);
    let early = change.report(change.approval(&ben));
    change.accepted(&ada, json!({ "type": "comment", "text": "Soon, please." }));
    let answer = ben.report(&early);
    assert_eq!(
        (answer.status, answer.problem()),
        (409, "conflict"),
        "{}",
        answer.text
    );
    assert_eq!(answer.json["log"].as_array().unwrap().len(), 2);
    assert_eq!(ada.log(&change.id).len(), 2);
}

/// The workshop, in which Ben alone leads, and Eve decides for him until that time.
fn with_delegate(until: &str) -> Folder {
    let folder = Folder::of_workshop();
    folder.spoil(
        "people.csv",
        "eve,Eve Lindgren,Lead,leads",
        "eve,Eve Lindgren,Fitter,staff",
    );
    let delegations = format!("of,to,from,until\nben,eve,2020-01-01T00:00:00.000Z,{until}\n");
    fs::write(folder.organisation().join("delegations.csv"), delegations).unwrap();
    folder
}

#[test]
fn a_delegate_who_asked_for_it_does_not_decide_and_neither_does_one_for_whom_asked() {
    let host = Host::start_with(with_delegate("2090-01-01T00:00:00.000Z"), &[]);
    let (ada, ben, eve) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("eve"),
    );
    for requester in [&eve, &ben] {
        let change = Change::submitted(&host, requester);
        let answer = change.sent(&eve, change.approval(&eve));
        let reasons = answer.refusals();
        assert!(
            reasons.contains(&"duty.conflict"),
            "{} asked: {}",
            requester.id,
            answer.text
        );
        assert_eq!(ada.log(&change.id).len(), 1);
    }
    let mut change = Change::submitted(&host, &ada);
    let entry = change.accepted(&eve, change.approval(&eve));
    assert_eq!(
        entry["entry"]["events"][0]["onBehalfOf"], "ben",
        "of another it is theirs to decide"
    );
}

#[test]
fn somebody_whose_role_ended_yesterday_may_not_any_more() {
    let machine = Host::start().now();
    let tomorrow = later(&machine, 24 * 60);
    let host = Host::start_with(with_delegate(&tomorrow), &[]);
    let (ada, eve) = (host.sign_in("ada"), host.sign_in("eve"));
    let mut before = Change::submitted(&host, &ada);
    let after = Change::submitted(&host, &ada);
    before.accepted(&eve, before.approval(&eve));
    host.move_clock(&later(&tomorrow, 24 * 60));
    let yes = after.approval(&eve);
    refused(&after, &eve, yes, &["approval.not-yours"]);
}

#[test]
fn somebody_who_is_in_no_group_any_more_may_not_what_it_gave_them() {
    let host = Host::start();
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let change = Change::submitted(&host, &ada);
    let yes = change.approval(&ben);
    let (folder, _) = host.stop();
    folder.spoil(
        "people.csv",
        "ben,Ben Okonjo,Lead,leads",
        "ben,Ben Okonjo,Fitter,staff",
    );
    fs::remove_file(folder.organisation().join("delegations.csv")).unwrap();
    let host = Host::start_with(folder, &[]);
    let ben = ben.moved_to(&host);
    refused(&change, &ben, yes, &["approval.not-yours"]);
    let edit = json!({ "type": "edit", "fields": { "why": "Because I say so." } });
    refused(&change, &ben, edit, &["role.missing"]);
}
