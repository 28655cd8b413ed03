//! What no policy can switch off, told as short stories.
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
use changegate::log::{FaultKind, Record, verify};
use changegate::policy::Phase;
use changegate::refusal::Refusal;
use changegate::value::{Digest, Value as FieldValue, Words};
use serde_json::json;
use story::{
    DEFRA, Story, approve, because, but, complete, content, given, scheduled, step, submit,
};

#[test]
fn a_change_goes_from_the_form_to_closed() {
    let mut story = scheduled();
    story
        .at("2026-12-10T09:31:00.000Z")
        .then("e1044", step("start"));
    story.at("2026-12-10T10:00:00.000Z");
    story.then(
        "e1044",
        complete(
            "successful",
            "2026-12-10T09:31:00.000Z",
            "2026-12-10T09:55:00.000Z",
        ),
    );
    story.then("e1012", step("close"));
    let change = story.change();
    assert_eq!(
        (change.phase, change.level.as_str(), change.seq),
        (Phase::Closed, "low", 7)
    );
    assert_eq!(change.number, "CHG-2026-0042");
}

#[test]
fn a_requester_never_approves() {
    let mut story = given(DEFRA);
    // The owner of the service asks for the change herself; her delegate carries her conflict.
    story
        .then("e1030", submit("normal", content()))
        .then("e1012", step("pass"));
    assert_eq!(
        story.when("e1030", approve("service-owner")),
        // She asked and wrote; the policy says the latter once more.
        Err(codes([
            "duty.conflict",
            "duty.conflict",
            "duty.conflict",
            "approval.not-yours"
        ]))
    );
    let report = story.report(&approve("service-owner"));
    let refusals = story.take("e1031", &report).unwrap_err();
    let carried = |refusal: &Refusal| matches!(refusal, Refusal::Duty { person, .. } if person.as_str() == "e1030");
    assert!(refusals.iter().any(carried), "{refusals:?}");
    // So a deputy gives it.
    assert!(story.when("e1032", approve("service-owner")).is_ok());
}

#[test]
fn an_author_never_approves() {
    let mut story = given(DEFRA);
    story
        .then(
            "e1041",
            submit("normal", but(json!({ "authors": ["e1010"] }))),
        )
        .then("e1012", step("pass"));
    story.then("e1030", approve("service-owner"));
    let refusals = story.when("e1010", approve("change-manager")).unwrap_err();
    assert!(
        refusals.contains(&"duty.conflict".to_owned()),
        "{refusals:?}"
    );
    story.then("e1011", approve("change-manager"));
}

#[test]
fn whoever_implements_never_gives_the_final_approval() {
    let mut story = given(DEFRA);
    story
        .then(
            "e1041",
            submit("normal", but(json!({ "implementers": ["e1010"] }))),
        )
        .then("e1012", step("pass"));
    story.then("e1030", approve("service-owner"));
    assert!(
        story
            .when("e1010", approve("change-manager"))
            .unwrap_err()
            .contains(&"duty.conflict".to_owned())
    );
}

fn send_away(story: &mut Story, id: &str) {
    let mut people = story.world.people.iter_mut();
    let person = people.find(|person| person.id.as_str() == id).unwrap();
    person.absent_until = Some(story::instant("2026-12-10T10:00:00.000Z"));
}

#[test]
fn a_delegate_decides_for_the_one_who_is_away() {
    let mut story = given(DEFRA);
    send_away(&mut story, "e1030");
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    story.then("e1031", approve("service-owner"));
    let vote = &story.change().votes[0];
    assert_eq!(
        (
            vote.by.as_str(),
            vote.on_behalf_of.as_ref().map(|of| of.as_str())
        ),
        ("e1031", Some("e1030"))
    );
}

#[test]
fn nothing_is_implemented_before_every_approval_is_there() {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    story.at("2026-12-10T09:31:00.000Z");
    // The way starts at `scheduled`, and the change is not there.
    assert_eq!(
        story.when("e1044", step("start")),
        Err(codes(["lifecycle.not-in-state"]))
    );
    story
        .at("2026-11-23T10:00:00.000Z")
        .then("e1030", approve("service-owner"));
    assert_eq!(story.change().phase, Phase::Authorize);
    // A way that the last approval takes is not there for a hand.
    assert!(
        story
            .when("e1012", step("authorised"))
            .unwrap_err()
            .contains(&"lifecycle.automatic".to_owned())
    );
}

#[test]
fn the_second_stage_waits_for_the_first() {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    assert_eq!(
        story.when("e1010", approve("change-manager")),
        Err(codes(["approval.not-yet"]))
    );
}

#[test]
fn an_edit_of_material_content_voids_the_approvals_in_the_same_step() {
    let mut story = scheduled();
    let edit = json!({ "type": "edit", "fields": { "backoutPlan": "Restore the snapshot of the day before." } });
    assert_eq!(
        story.when("e1041", edit).unwrap(),
        ["edited", "voided", "moved"]
    );
    let change = story.change();
    assert_eq!(
        (change.phase, change.authorized.is_some()),
        (Phase::Authorize, false)
    );
    assert!(change.votes.iter().all(|vote| vote.void));
}

#[test]
fn an_immaterial_edit_leaves_the_approvals() {
    let mut story = scheduled();
    story.then(
        "e1012",
        json!({ "type": "edit", "fields": { "informed": ["press"] } }),
    );
    assert_eq!(story.change().phase, Phase::Scheduled);
}

#[test]
fn an_edit_that_changes_nothing_is_refused() {
    let mut story = scheduled();
    let same =
        json!({ "type": "edit", "fields": { "title": content()["title"], "noticeSent": null } });
    assert_eq!(
        story.when("e1041", same),
        Err(codes(["edit.nothing-changed"]))
    );
}

#[test]
fn an_approval_names_what_was_seen() {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    let other = json!({ "type": "approve", "rule": "service-owner", "contentHash": "00".repeat(32), "level": null });
    assert_eq!(
        story.when("e1030", other),
        Err(codes(["approval.content-changed"]))
    );
    let other = json!({ "type": "approve", "rule": "service-owner", "contentHash": null, "level": "medium" });
    assert_eq!(
        story.when("e1030", other),
        Err(codes(["approval.level-changed"]))
    );
}

#[test]
fn a_no_ends_it_until_it_is_reopened() {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    let no = json!({ "type": "decline", "rule": "service-owner", "contentHash": null, "reason": "Not in this quarter" });
    story.then("e1030", no);
    assert_eq!(story.change().phase, Phase::Rejected);
    story.then("e1041", step("reopen"));
    assert_eq!(story.change().phase, Phase::Assess);
    let blank =
        json!({ "type": "decline", "rule": "service-owner", "contentHash": null, "reason": "  " });
    assert!(
        story
            .when("e1030", blank)
            .unwrap_err()
            .contains(&"reason.missing".to_owned())
    );
}

#[test]
fn work_starts_only_in_its_window_and_in_no_freeze() {
    let mut story = scheduled();
    assert_eq!(
        story.when("e1044", step("start")),
        Err(codes(["window.not-open"]))
    );
    story.at("2026-12-10T10:30:00.000Z");
    assert!(
        story
            .when("e1044", step("start"))
            .unwrap_err()
            .contains(&"window.passed".to_owned())
    );
    let freeze = json!([{ "id": "audit", "name": { "en": "Audit" }, "from": "2026-12-10T00:00:00.000Z", "to": "2026-12-11T00:00:00.000Z" }]);
    story.world.calendar.as_mut().unwrap().freezes = serde_json::from_value(freeze).unwrap();
    story.at("2026-12-10T09:40:00.000Z");
    assert!(
        story
            .when("e1044", step("start"))
            .unwrap_err()
            .contains(&"window.conflict".to_owned())
    );
}

#[test]
fn what_could_not_be_looked_up_keeps_the_work_from_starting() {
    let mut story = scheduled();
    // Unknown counts as the worst: as a collision it also raises the risk, and with it who has to say yes.
    story.world.changes = None;
    story.at("2026-12-10T09:40:00.000Z");
    assert_eq!(
        story.when("e1044", step("start")),
        Err(codes(["approval.missing", "window.conflicts-unknown"]))
    );
}

#[test]
fn a_report_of_work_is_never_refused_for_being_unapproved_or_late() {
    let mut story = given(DEFRA);
    story.then("e1041", submit("normal", content()));
    story.at("2026-12-20T10:00:00.000Z");
    story.then(
        "e1044",
        complete(
            "unsuccessful",
            "2026-12-09T22:00:00.000Z",
            "2026-12-10T23:00:00.000Z",
        ),
    );
    let change = story.change();
    let flags = serde_json::to_value(change.completed.unwrap().flags).unwrap();
    assert_eq!(
        (change.phase, flags),
        (
            Phase::Review,
            json!(["unauthorized", "early", "overrun", "reportedLate"])
        )
    );
    // And it does not close without its review, which is not the implementer's to write.
    assert_eq!(
        story.when("e1012", step("close")),
        Err(codes(["review.missing"]))
    );
    let review = json!({ "type": "review", "text": "Done at night without asking. The team was told how to ask." });
    assert_eq!(
        story.when("e1044", review.clone()),
        Err(codes(["role.missing"]))
    );
    story.then("e1010", review).then("e1012", step("close"));
}

#[test]
fn nothing_closes_without_an_outcome() {
    let mut story = scheduled();
    story
        .at("2026-12-10T09:31:00.000Z")
        .then("e1044", step("start"));
    assert_eq!(
        story.when("e1012", step("close")),
        Err(codes(["lifecycle.not-in-state"]))
    );
    assert_eq!(story.change().phase, Phase::Implement);
}

#[test]
fn a_terminal_phase_accepts_nothing_that_changes_the_past() {
    let mut story = scheduled();
    story.then(
        "e1041",
        because("withdraw-scheduled", "Not needed any more"),
    );
    for command in [
        json!({ "type": "comment", "text": "and yet" }),
        json!({ "type": "edit", "fields": { "title": "Another" } }),
        approve("service-owner"),
        step("start"),
        complete(
            "successful",
            "2026-11-23T09:00:00.000Z",
            "2026-11-23T09:30:00.000Z",
        ),
    ] {
        assert_eq!(
            story.when("e1041", command),
            Err(codes(["lifecycle.terminal"]))
        );
    }
}

#[test]
fn canceling_asks_for_a_reason() {
    let mut story = scheduled();
    assert_eq!(
        story.when("e1041", step("withdraw-scheduled")),
        Err(codes(["reason.missing"]))
    );
    assert_eq!(
        story.when("e1041", because("withdraw-scheduled", " \n")),
        Err(codes(["reason.missing"]))
    );
}

#[test]
fn a_standard_change_is_carried_by_its_template_and_nothing_else() {
    let fixed = given(DEFRA).world.templates[0].fields.clone();
    let mut fields = serde_json::to_value(fixed).unwrap();
    for (field, value) in [
        ("start", json!("2026-11-24T09:30:00.000Z")),
        ("end", json!("2026-11-24T10:30:00.000Z")),
        ("department", json!("core")),
        ("sponsor", json!(["e1051"])),
        ("implementers", json!(["e1044"])),
    ] {
        fields[field] = value;
    }
    let with = |template: &str, fields: &serde_json::Value| json!({ "type": "submit", "model": "standard", "template": template, "language": "en", "fields": fields });
    let mut story = given(DEFRA);
    let refused = story
        .when("e1041", submit("standard", fields.clone()))
        .unwrap_err();
    assert!(
        refused.contains(&"content.finding".to_owned()),
        "{refused:?}"
    );
    let mut spread = fields.clone();
    spread["services"] = json!(["charging-rules", "payments"]);
    assert_eq!(
        story.when("e1041", with("charging-rules-update", &spread)),
        Err(codes(["content.finding"]))
    );
    assert_eq!(
        story
            .when("e1041", with("charging-rules-update", &fields))
            .unwrap(),
        ["submitted", "assessed", "authorized", "moved"]
    );
    assert_eq!(story.change().phase, Phase::Scheduled);
}

#[test]
fn what_a_change_is_not_asked_for_is_refused() {
    let mut story = given(DEFRA);
    let hidden = but(json!({ "downtimeStart": "2026-12-10T09:30:00.000Z" }));
    assert_eq!(
        story.when("e1041", submit("normal", hidden)),
        Err(codes(["content.finding"]))
    );
    assert_eq!(
        story.when(
            "e1041",
            submit("normal", but(json!({ "status": "approved" })))
        ),
        Err(codes(["content.finding"]))
    );
}

#[test]
fn unanswered_counts_as_its_worst() {
    let mut story = given(DEFRA);
    let without = but(json!({ "riskEffect": null, "riskUsers": null, "riskFrequency": null }));
    story.then("e1041", submit("normal", without));
    let change = story.change();
    // 3 points of the mildest answers, and the worst of three: 8, 7 and 6. The service is critical, so an effect that is
    // not told may be an outage of it: that floor is higher than what the points make.
    assert_eq!((change.points, change.level.as_str()), (24, "veryHigh"));
}

#[test]
fn somebody_else_moved_first() {
    let mut story = scheduled();
    let mut report = story.report(&json!({ "type": "comment", "text": "hello" }));
    report.expected_seq = 2;
    let refusals = story.take("e1041", &report).unwrap_err();
    assert_eq!(
        serde_json::to_value(refusals).unwrap(),
        json!([{ "code": "report.sequence", "expected": 2, "actual": 4 }])
    );
}

#[test]
fn only_the_core_seals() {
    let mut story = scheduled();
    let sealed = json!({ "type": "comment", "text": { "commitment": "11".repeat(32) } });
    assert_eq!(
        story.when("e1041", sealed),
        Err(codes(["report.sealed-value"]))
    );
}

#[test]
fn the_log_holds_no_free_text() {
    let story = scheduled();
    let entries: Vec<_> = story.log.iter().map(|stored| &stored.entry).collect();
    let log = serde_json::to_string(&entries).unwrap();
    for text in [
        "Release 0.11.1",
        "previous version",
        "signed off",
        "in stages",
        "latest version",
        "secure and reliable",
    ] {
        assert!(!log.contains(text), "{text}");
    }
    let Some(FieldValue::Text(title)) = story.change().fields.get("title").cloned() else {
        panic!("no title")
    };
    assert_eq!(title, "Release 0.11.1 of the Charging Module");
}

#[test]
fn an_erased_text_is_gone_and_the_log_still_verifies() {
    let mut story = scheduled();
    story.then(
        "e1042",
        json!({ "type": "comment", "text": "Call me at home" }),
    );
    let commitment = *story.log[4].values.keys().next().unwrap();
    let erase = json!({ "type": "erase", "commitments": [commitment], "ground": "personAsked" });
    assert_eq!(
        story.when("e1041", erase.clone()),
        Err(codes(["role.missing"]))
    );
    story.then("e1060", erase);
    story.log[4].values.clear();
    let policies = [(story.policy.hash(), story.policy.clone())].into();
    let verdict = verify(&story.log, &policies);
    assert!(verdict.ok, "{verdict:?}");
    assert_eq!(verdict.erased, [commitment]);
    assert_eq!(story.change().comments[0].text, Words::Sealed(commitment));
    let unknown =
        json!({ "type": "erase", "commitments": [Digest::ZERO], "ground": "personAsked" });
    assert_eq!(
        story.when("e1060", unknown),
        Err(codes(["erase.unknown-commitment"]))
    );
}

#[test]
fn a_text_that_is_gone_without_a_word_is_said_to_be_missing() {
    let mut story = scheduled();
    story.then(
        "e1042",
        json!({ "type": "comment", "text": "Call me at home" }),
    );
    let (commitment, _) = story.log[4].values.pop_first().unwrap();
    let verdict = verify(
        &story.log,
        &[(story.policy.hash(), story.policy.clone())].into(),
    );
    assert_eq!((verdict.ok, verdict.missing), (false, vec![commitment]));
}

#[test]
fn any_flipped_byte_of_a_log_is_found() {
    let story = scheduled();
    let policies = [(story.policy.hash(), story.policy.clone())].into();
    assert!(verify(&story.log, &policies).ok);
    let text = serde_json::to_string(&story.log).unwrap();
    let mut tried = 0;
    // Every 13th byte, which is prime to the lengths that recur: a fixed sample of the whole.
    for position in (0..text.len()).step_by(13) {
        let mut bytes = text.clone().into_bytes();
        bytes[position] ^= 1;
        let Ok(log) = serde_json::from_slice::<Vec<changegate::log::Stored>>(&bytes) else {
            continue;
        };
        if log == story.log {
            continue;
        }
        tried += 1;
        assert!(
            !verify(&log, &policies).ok,
            "byte {position}: {}",
            &text[position.saturating_sub(40)..position + 20]
        );
    }
    assert!(tried > 300, "{tried}");
}

#[test]
fn a_decision_that_does_not_follow_from_its_facts_is_found() {
    let mut story = scheduled();
    let last = story.log.pop().unwrap();
    let mut entry = last.entry;
    let moved = entry.events.pop().unwrap();
    entry.events.push(moved.clone());
    entry.events.push(moved);
    story
        .log
        .push(changegate::log::Stored::of(entry, last.values));
    let verdict = verify(
        &story.log,
        &[(story.policy.hash(), story.policy.clone())].into(),
    );
    assert_eq!(
        verdict
            .faults
            .iter()
            .map(|fault| fault.kind)
            .collect::<Vec<_>>(),
        [FaultKind::Decision]
    );
    // The chain alone holds: whoever made it up knew how to hash.
    assert!(Record::replay(&story.log).is_ok());
}

#[test]
fn buttons_and_decisions_agree() {
    let story = scheduled();
    for person in [
        "e1041", "e1012", "e1030", "e1010", "e1044", "e1060", "e1070",
    ] {
        for permission in story.permitted(person) {
            assert_eq!(
                permission.allowed,
                permission.refusals.is_empty(),
                "{person}: {permission:?}"
            );
        }
    }
    let may = |person: &str| -> Vec<String> {
        let allowed = story
            .permitted(person)
            .into_iter()
            .filter(|permission| permission.allowed && permission.command != CommandKind::Attach);
        allowed
            .map(|permission| {
                permission
                    .transition
                    .map_or_else(|| format!("{:?}", permission.command), |way| way.0)
            })
            .collect()
    };
    assert_eq!(
        may("e1041"),
        [
            "withdraw-scheduled",
            "Hold",
            "Edit",
            "Relate",
            "Announce",
            "Comment"
        ]
    );
    assert_eq!(may("e1044"), ["Complete", "Announce", "Comment"]);
    assert_eq!(may("e1060"), ["Comment", "Erase"]);
}

/// The process of the organisation, spoiled in one place.
fn spoiled(spoil: impl Fn(&mut serde_json::Value)) -> String {
    let mut policy = serde_json::from_str(DEFRA).unwrap();
    spoil(&mut policy);
    policy.to_string()
}

fn part<'a>(list: &'a mut serde_json::Value, id: &str) -> &'a mut serde_json::Value {
    let mut parts = list.as_array_mut().unwrap().iter_mut();
    parts.find(|part| part["id"] == id).unwrap()
}

fn field<'a>(policy: &'a mut serde_json::Value, id: &str) -> &'a mut serde_json::Value {
    part(&mut policy["fields"], id)
}

fn way<'a>(policy: &'a mut serde_json::Value, model: &str, id: &str) -> &'a mut serde_json::Value {
    part(
        &mut part(&mut policy["models"], model)["lifeCycle"]["transitions"],
        id,
    )
}

#[test]
fn what_is_blank_must_still_be_of_its_kind() {
    for odd in [
        json!({ "a colleague is ill": "" }),
        json!([{ "a colleague is ill": "" }]),
        json!([[[]]]),
    ] {
        for field in ["related", "backoutTakes", "steps", "noticeSent", "informed"] {
            let mut story = given(DEFRA);
            assert_eq!(
                story.when("e1041", submit("normal", but(json!({ field: odd })))),
                Err(codes(["content.finding"])),
                "{field}: {odd}"
            );
        }
    }
    // What a control holds that nothing was put into is no more than that.
    let mut story = given(DEFRA);
    story.then(
        "e1041",
        submit("normal", but(json!({ "related": "", "steps": [] }))),
    );
}

#[test]
fn a_flood_of_warnings_hides_no_finding_that_stops() {
    let policy = spoiled(|policy| {
        field(policy, "steps")["kind"]["most"] = json!(300);
        let fields = policy["fields"].as_array_mut().unwrap();
        let steps = fields.iter().position(|field| field["id"] == "steps");
        let steps = fields.remove(steps.unwrap());
        fields.insert(0, steps);
    });
    let mut story = given(&policy);
    let steps: Vec<_> = (0..250).map(|_| json!({ "step": "n/a" })).collect();
    let flood = but(json!({ "steps": steps, "implementers": ["a colleague who is ill"] }));
    assert_eq!(
        story.when("e1041", submit("normal", flood)),
        Err(codes(["content.finding"]))
    );
}

#[test]
fn a_large_report_is_refused_in_time() {
    let mut story = given(DEFRA);
    let ids: Vec<_> = (0..50_000).map(|id| format!("s{id}")).collect();
    let rows: Vec<_> = (0..50_000).map(|id| json!({ "x": id })).collect();
    let large =
        but(json!({ "services": ids, "implementers": ids, "informed": ids, "steps": rows }));
    let report = story.report(&submit("normal", large));
    // Each row and id once looked at would be a billion comparisons and fifty thousand refusals.
    let refusals = story.take("e1041", &report).unwrap_err();
    assert!(refusals.len() < 1_000, "{}", refusals.len());
    let fields: serde_json::Map<_, _> = (0..2_000).map(|id| (format!("f{id}"), json!(0))).collect();
    let read = changegate::wire::from_str::<changegate::draft::Content>(&json!(fields).to_string());
    assert_eq!(read.unwrap_err().message, "more than 1000 members");
}

#[test]
fn an_answer_chosen_many_times_over_is_refused() {
    let mut story = given(DEFRA);
    let often = vec!["press"; 1_000];
    assert_eq!(
        story.when("e1041", submit("normal", but(json!({ "informed": often })))),
        Err(codes(["content.finding"]))
    );
}

#[test]
fn an_entry_is_bound_by_its_hash_however_many_points_it_has() {
    let policy = spoiled(|policy| {
        for question in policy["risk"]["questions"].as_array_mut().unwrap() {
            for points in question["points"].as_object_mut().unwrap().values_mut() {
                *points = json!(9_007_199_254_740_991_i64);
            }
        }
    });
    let mut story = given(&policy);
    story.then("e1041", submit("normal", content()));
    assert_eq!(story.change().points, 9_007_199_254_740_991);
    assert_ne!(story.log[0].hash, changegate::canonical::sha256(b""));
    // And what had no canonical form would still not be nothing.
    let mut deep = FieldValue::List(Vec::new());
    for _ in 0..200 {
        deep = FieldValue::List(vec![deep]);
    }
    assert_ne!(changegate::canonical::to_string(&deep), "");
}

#[test]
fn a_no_or_an_edit_never_starts_the_work() {
    let policy = spoiled(|policy| {
        way(policy, "normal", "declined")["to"] = json!("implementing");
        way(policy, "normal", "approve-again")["to"] = json!("implementing");
    });
    let mut story = given(&policy);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    let no =
        json!({ "type": "decline", "rule": "service-owner", "contentHash": null, "reason": "No" });
    story.then("e1030", no);
    assert_eq!(story.change().phase, Phase::Authorize);
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    let edit = json!({ "type": "edit", "fields": { "backoutPlan": "Something quite else." } });
    assert_eq!(story.when("e1041", edit).unwrap(), ["edited", "voided"]);
    assert_eq!(story.change().phase, Phase::Scheduled);
    story.at("2026-12-10T09:31:00.000Z");
    assert_eq!(
        story.when("e1044", step("start")),
        Err(codes(["approval.missing"]))
    );
}

#[test]
fn the_last_yes_never_starts_the_work() {
    let policy =
        spoiled(|policy| way(policy, "normal", "authorised")["to"] = json!("implementing"));
    let mut story = given(&policy);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    // Nobody starts by it, and nobody looked at window and freezes.
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    assert_eq!(story.change().phase, Phase::Authorize);
}

#[test]
fn nobody_edits_by_a_service_that_the_edit_brings_in() {
    let policy = spoiled(|policy| policy["may"]["edit"] = json!(["service-owner"]));
    let mut story = given(&policy);
    story.then("e1041", submit("normal", content()));
    // The owner of another service.
    let edit = |services: serde_json::Value| json!({ "type": "edit", "fields": { "services": services, "riskServices": "few" } });
    assert_eq!(
        story.when("e1033", edit(json!(["charging-module", "notifications"]))),
        Err(codes(["role.missing"]))
    );
    story.then("e1030", edit(json!(["charging-module", "notifications"])));
    story.then(
        "e1033",
        json!({ "type": "edit", "fields": { "related": "see the other" } }),
    );
}

#[test]
fn a_template_authorizes_no_change_that_asks_for_approvals() {
    let mut story = given(DEFRA);
    story.world.templates[0].model = "normal".into();
    let mut command = submit("normal", content());
    command["template"] = json!("charging-rules-update");
    assert_eq!(
        story.when("e1041", command).unwrap(),
        ["submitted", "assessed", "moved"]
    );
    assert_eq!(story.change().authorized, None);
}

#[test]
fn whoever_starts_the_work_implements_it_whatever_the_policy_calls_it() {
    let policy = spoiled(|policy| {
        way(policy, "normal", "start")["act"] = json!("requested");
        way(policy, "normal", "start")["by"] = json!(["staff"]);
        policy["duties"] = json!([]);
    });
    let mut story = given(&policy);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    story.at("2026-12-10T09:31:00.000Z");
    assert_eq!(
        story.when("e1010", step("start")),
        Err(codes(["duty.conflict"]))
    );
}

#[test]
fn what_must_be_there_before_scheduling_is_there_when_the_last_yes_schedules() {
    let policy = spoiled(|policy| {
        let related = field(policy, "related");
        related["required"] = json!({ "all": [] });
        related["requiredBefore"] = json!("scheduled");
    });
    let mut story = given(&policy);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    assert_eq!(story.change().phase, Phase::Authorize);
}

#[test]
fn the_lead_time_is_not_escaped_by_an_edit_once_scheduled() {
    let mut story = scheduled();
    let sooner = json!({ "type": "edit", "fields": { "start": "2026-11-24T09:30:00.000Z", "end": "2026-11-24T10:30:00.000Z" } });
    assert_eq!(story.when("e1041", sooner), Err(codes(["content.finding"])));
}

#[test]
fn work_that_was_started_is_not_given_up_without_an_outcome() {
    let policy = spoiled(|policy| way(policy, "normal", "not-started")["to"] = json!("withdrawn"));
    let mut story = given(&policy);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    story
        .at("2026-12-10T09:31:00.000Z")
        .then("e1044", step("start"));
    assert_eq!(
        story.when("e1044", because("not-started", "Never mind")),
        Err(codes(["lifecycle.not-in-state"]))
    );
}

#[test]
fn a_change_is_not_stuck_when_the_yes_it_waits_for_is_needed_no_more() {
    let mut story = given(DEFRA);
    let critical = |story: &mut story::Story, importance: u8| {
        for service in story.world.services.iter_mut().flatten() {
            service.importance = Some(importance);
        }
    };
    critical(&mut story, 4);
    let down = but(
        json!({ "riskEffect": "outage", "downtime": true, "downtimeStart": "2026-12-10T09:30:00.000Z", "downtimeEnd": "2026-12-10T09:40:00.000Z" }),
    );
    story
        .then("e1041", submit("normal", down))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1020", approve("cab"))
        .then("e1021", approve("cab"));
    // The director's yes is open when the service turns out to matter less: no vote is left that could schedule it.
    critical(&mut story, 1);
    story.then("e1012", because("send-back", "Look again"));
    assert_eq!(
        story.when("e1012", step("pass")).unwrap(),
        ["moved", "authorized", "moved"]
    );
    assert_eq!(story.change().phase, Phase::Scheduled);
}

#[test]
fn where_everybody_is_asked_nobody_answers_for_another() {
    let policy = spoiled(|policy| {
        part(&mut policy["approvals"], "change-manager")["quorum"] = json!({ "type": "all" })
    });
    let mut story = given(&policy);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    // One who said yes leaves the group, another joins: two are asked, and one of those has answered.
    for person in &mut story.world.people {
        match person.id.as_str() {
            "e1010" => person.groups.clear(),
            "e1043" => person.groups.push("change-managers".into()),
            _ => {}
        }
    }
    story.then("e1011", approve("change-manager"));
    assert_eq!(story.change().phase, Phase::Authorize);
    story.then("e1043", approve("change-manager"));
    assert_eq!(story.change().phase, Phase::Scheduled);
}

#[test]
fn a_yes_counts_no_more_once_its_giver_is_to_do_the_work() {
    let policy = spoiled(|policy| field(policy, "implementers")["immaterial"] = json!(true));
    let mut story = given(&policy);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    story.then(
        "e1041",
        json!({ "type": "edit", "fields": { "implementers": ["e1010"] } }),
    );
    story.at("2026-12-10T09:31:00.000Z");
    assert_eq!(
        story.when("e1010", step("start")),
        Err(codes([
            "duty.conflict",
            "duty.conflict",
            "approval.missing"
        ]))
    );
}

#[test]
fn a_delegator_did_what_the_delegate_did_for_them() {
    let policy = spoiled(|policy| {
        policy["duties"] = json!([{ "id": "apart", "one": "approved", "other": "reviewed" }])
    });
    let mut story = given(&policy);
    send_away(&mut story, "e1030");
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"))
        .then("e1031", approve("service-owner"));
    story.at("2026-12-10T10:00:00.000Z").then(
        "e1044",
        complete(
            "unsuccessful",
            "2026-12-10T09:31:00.000Z",
            "2026-12-10T09:55:00.000Z",
        ),
    );
    assert_eq!(
        story.when("e1030", json!({ "type": "review", "text": "All is well" })),
        Err(codes(["duty.conflict"]))
    );
}

#[test]
fn an_immaterial_edit_makes_no_author() {
    let policy = spoiled(|policy| policy["may"]["edit"] = json!(["change-manager"]));
    let mut story = given(&policy);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    let edit = json!({ "type": "edit", "fields": { "informed": ["press"] } });
    assert_eq!(story.when("e1010", edit).unwrap(), ["edited"]);
}

#[test]
fn a_gate_stands_before_a_submission_too() {
    let policy = spoiled(|policy| {
        policy["gates"][0]["into"] = json!("assess");
        policy["gates"][0]["needs"] = json!({ "filled": "related" });
    });
    let mut story = given(&policy);
    assert_eq!(
        story.when("e1041", submit("normal", content())),
        Err(codes(["gate.shut"]))
    );
}

#[test]
fn a_gate_stands_where_it_cannot_be_told_whether_it_does() {
    let policy = spoiled(|policy| {
        policy["gates"][0]["into"] = json!("assess");
        policy["gates"][0]["when"] = json!({ "is": { "field": "backoutTakes", "value": 5 } });
        policy["gates"][0]["needs"] = json!({ "filled": "related" });
    });
    let mut story = given(&policy);
    assert_eq!(
        story.when("e1041", submit("normal", content())),
        Err(codes(["gate.shut"]))
    );
    let told = but(json!({ "backoutTakes": 6 }));
    story.then("e1041", submit("normal", told));
}

#[test]
fn a_question_that_an_unanswered_one_hides_counts_as_its_worst() {
    let policy = spoiled(|policy| {
        field(policy, "riskFrequency")["visible"] =
            json!({ "is": { "field": "riskDatacentre", "value": true } })
    });
    let points = |answers: serde_json::Value| {
        let mut story = given(&policy);
        story.then("e1041", submit("normal", but(answers)));
        story.change().points
    };
    let honest = points(json!({ "riskDatacentre": true, "riskFrequency": "never" }));
    let silent = points(json!({ "riskDatacentre": null, "riskFrequency": null }));
    assert!(silent >= honest, "{silent} {honest}");
}

#[test]
fn a_text_beside_the_log_that_nothing_sealed_is_found() {
    let mut story = scheduled();
    let smuggled = changegate::log::Sealed {
        salt: "00".repeat(16),
        text: "smuggled".to_owned(),
        by: "e1012".into(),
    };
    let digest = changegate::log::commitment([0; 16], "smuggled");
    story.log[1].values.insert(digest, smuggled);
    let verdict = verify(
        &story.log,
        &[(story.policy.hash(), story.policy.clone())].into(),
    );
    assert_eq!(
        verdict
            .faults
            .iter()
            .map(|fault| fault.kind)
            .collect::<Vec<_>>(),
        [FaultKind::Value]
    );
}

fn codes<const N: usize>(codes: [&str; N]) -> Vec<String> {
    codes.map(str::to_owned).to_vec()
}

/// The department's process, where an emergency may start before anybody said yes.
fn where_emergencies_start_at_once() -> String {
    let mut policy: serde_json::Value = serde_json::from_str(DEFRA).unwrap();
    let emergency = &mut policy["models"][2];
    emergency["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
    let ways = emergency["lifeCycle"]["transitions"]
        .as_array_mut()
        .unwrap();
    ways.push(json!({ "id": "at-once", "name": { "en": "Start at once" }, "from": "submitted", "to": "implementing", "by": ["implementer"] }));
    policy.to_string()
}

#[test]
fn what_may_start_before_its_approval_closes_only_when_it_is_ratified_and_reviewed() {
    let mut story = given(&where_emergencies_start_at_once());
    let urgent = but(
        json!({ "start": "2026-11-23T10:00:00.000Z", "end": "2026-11-23T12:00:00.000Z",
        "urgency": "The public cannot be warned of floods.", "attending": ["e1044"] }),
    );
    story
        .then("e1041", submit("emergency", urgent))
        .then("e1044", step("at-once"));
    story.at("2026-11-23T11:00:00.000Z");
    story.then(
        "e1044",
        complete(
            "successful",
            "2026-11-23T10:00:00.000Z",
            "2026-11-23T10:50:00.000Z",
        ),
    );
    let flags = serde_json::to_value(story.change().completed.unwrap().flags).unwrap();
    assert_eq!(flags, json!(["awaitingRatification"]));
    assert_eq!(
        story.when("e1012", step("close")),
        Err(codes(["review.missing", "ratification.missing"]))
    );
    story
        .then("e1030", approve("service-owner"))
        .then("e1020", approve("emergency-board"));
    story.then("e1002", approve("emergency-board"));
    let flags = serde_json::to_value(story.change().completed.unwrap().flags).unwrap();
    assert_eq!(flags, json!(["ratified"]));
    assert_eq!(
        story.when("e1012", step("close")),
        Err(codes(["review.missing"]))
    );
    story
        .then(
            "e1010",
            json!({ "type": "review", "text": "It was right not to wait." }),
        )
        .then("e1012", step("close"));
    assert_eq!(story.change().phase, Phase::Closed);
}

#[test]
fn words_that_say_nothing_fill_no_required_field() {
    let mut story = given(DEFRA);
    story.then(
        "e1041",
        submit(
            "normal",
            but(json!({ "backoutPlan": "n/a", "testPlan": content()["title"] })),
        ),
    );
    assert_eq!(
        story.when("e1012", step("pass")),
        Err(codes(["content.finding", "content.finding"]))
    );
    // At submission the same words stop what must be there from the start.
    let mut story = given(DEFRA);
    assert_eq!(
        story.when(
            "e1041",
            submit("normal", but(json!({ "justification": "TBC." })))
        ),
        Err(codes(["content.finding"]))
    );
}

#[test]
fn what_the_page_made_of_it_is_kept_as_a_claim_and_decides_nothing() {
    let mut story = given(DEFRA);
    let mut report = story.report(&submit("normal", but(json!({ "riskUsers": null }))));
    let claim = json!({ "coreVersion": 1, "policyHash": "00".repeat(32), "worldAsOf": "2026-11-23T10:00:00.000Z", "level": "low", "approvals": [] });
    report.claim = Some(serde_json::from_value(claim).unwrap());
    let stored = story.take("e1041", &report).unwrap();
    assert_eq!(
        stored
            .entry
            .claim
            .as_ref()
            .map(|claim| claim.level.as_str()),
        Some("low")
    );
    assert_eq!(story.change().level.as_str(), "medium");
}

#[test]
fn two_delegates_of_one_approver_count_once() {
    let mut story = given(DEFRA);
    let more = json!({ "of": "e1020", "to": "e1070", "from": "2026-11-20T00:00:00.000Z", "until": "2026-12-31T00:00:00.000Z" });
    story
        .world
        .delegations
        .push(serde_json::from_value(more).unwrap());
    story
        .then(
            "e1041",
            submit(
                "normal",
                but(json!({ "riskUsers": "public", "riskFrequency": "never" })),
            ),
        )
        .then("e1012", step("pass"));
    story.then("e1030", approve("service-owner"));
    story
        .then("e1020", approve("cab"))
        .then("e1070", approve("cab"));
    assert_eq!(
        story.change().phase,
        Phase::Authorize,
        "a member and the member's delegate are one of the two who are asked"
    );
    story.then("e1021", approve("cab"));
    assert_eq!(story.change().phase, Phase::Scheduled);
}
