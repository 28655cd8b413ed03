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

// ---- whoever gains by giving authority

fn leaves(story: &mut Story, id: &str) {
    known(story, id).left = true;
}

fn hand_on(from: &str, to: &str) -> Value {
    json!({ "type": "handOn", "from": from, "to": to })
}

fn waits_for_approval(mut story: Story, requester: &str) -> Story {
    story
        .then(requester, submit("normal", content()))
        .then("e1012", step("pass"));
    story
}

/// Asked for by somebody; the owner of the service has left, and their deputies with them.
fn without_owner(requester: &str) -> Story {
    let mut story = waits_for_approval(given(DEFRA), requester);
    for id in ["e1030", "e1032", "e1033"] {
        leaves(&mut story, id);
    }
    story.world.delegations.clear();
    story
}

#[test]
fn nobody_gives_what_waits_to_themselves_to_a_party_or_where_others_decide() {
    let mut story = without_owner("e1041");
    known(&mut story, "e1030").manager = Some("e1012".into());
    assert_eq!(
        refused(&mut story, "e1012", hand_on("e1030", "e1012")),
        ["authority.gains"]
    );
    story.then("e1013", hand_on("e1030", "e1012"));
    assert!(has(
        &refused(&mut story, "e1013", hand_on("e1030", "e1003")),
        "hand-on.not-missing"
    ));
}

#[test]
fn a_member_of_a_group_who_left_has_no_seat_to_give_while_others_are_there() {
    let mut story = waits_for_approval(given(DEFRA), "e1041");
    story.then("e1030", approve("service-owner"));
    leaves(&mut story, "e1011");
    let codes = refused(&mut story, "e1012", hand_on("e1011", "e1012"));
    assert!(has(&codes, "hand-on.not-missing") && has(&codes, "authority.gains"));
    assert_eq!(
        refused(&mut story, "e1012", hand_on("e1011", "e1002")),
        ["hand-on.not-missing"]
    );
    assert_eq!(
        story.when_host(hand_on("e1011", "e1010")).unwrap_err(),
        ["hand-on.not-missing"]
    );
    leaves(&mut story, "e1010");
    story.then("e1012", hand_on("e1011", "e1002"));
}

#[test]
fn who_asked_for_a_change_gives_nobody_a_decision_on_it() {
    let mut story = without_owner("e1013");
    assert_eq!(
        refused(&mut story, "e1013", hand_on("e1030", "e1003")),
        ["authority.party"]
    );
    let mut story = without_owner("e1041");
    known(&mut story, "e1030").manager = Some("e1041".into());
    assert_eq!(
        story.when_host(hand_on("e1030", "e1041")).unwrap_err(),
        ["authority.party"]
    );
    let wanted =
        changegate::due::due_of_host(&story.policy, &story.record(), &story.world, story.now);
    let wanted: Vec<_> = wanted.iter().map(|command| json!(command)).collect();
    let [wanted] = wanted.as_slice() else {
        panic!("{wanted:?}");
    };
    assert!(
        wanted["from"] == "e1030" && wanted["to"] != "e1041",
        "{wanted}"
    );
    story.when_host(wanted.clone()).unwrap();
}

#[test]
fn while_deputies_can_decide_nobody_takes_over_for_who_left() {
    let mut story = waits_for_approval(given(DEFRA), "e1041");
    leaves(&mut story, "e1030");
    story.world.delegations.clear();
    let codes = refused(&mut story, "e1012", hand_on("e1030", "e1003"));
    assert_eq!(codes, ["hand-on.not-missing"]);
    assert_eq!(
        story.when_host(hand_on("e1030", "e1003")).unwrap_err(),
        ["hand-on.not-missing"]
    );
    story.then("e1032", approve("service-owner"));
}

#[test]
fn a_party_waives_no_duty_and_grants_no_time() {
    let waive = json!({ "type": "waive", "duty": "no-self-test", "person": "e1020", "until": "2026-12-01T10:00:00.000Z", "reason": "Nobody else is there." });
    let with_duty = |policy: &mut Value| {
        push(
            &mut policy["duties"],
            json!({ "id": "no-self-test", "one": "tested", "other": "accepted" }),
        );
        policy["may"]["waive"] = json!(["change-manager", "coordinator"]);
        policy["may"]["extend"] = json!(["change-manager", "coordinator"]);
    };
    let mut story = waits_for_approval(department(with_duty), "e1013");
    assert_eq!(
        refused(&mut story, "e1013", waive.clone()),
        ["authority.party"]
    );
    story.then("e1011", waive);
    let more = json!({ "type": "extend", "until": "2026-12-10T12:00:00.000Z", "reason": "The copy is slow." });
    let grant = json!({ "type": "decideExtension", "answer": "yes" });
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .at("2026-12-10T09:30:00.000Z")
        .then("e1044", step("start"))
        .then("e1044", more);
    assert_eq!(
        refused(&mut story, "e1013", grant.clone()),
        ["extension.own"]
    );
    story.then("e1010", grant);
}

#[test]
fn a_party_that_holds_the_role_does_not_set_going_again_what_others_let_rest() {
    let mut story = waits_for_approval(
        department(|policy| policy["may"]["hold"] = json!(["coordinator", "change-manager"])),
        "e1013",
    );
    story.then(
        "e1010",
        json!({ "type": "hold", "reason": "The supplier has not delivered." }),
    );
    let resume = json!({ "type": "resume" });
    assert_eq!(
        refused(&mut story, "e1013", resume.clone()),
        ["authority.party"]
    );
    story.then("e1012", resume);
}

#[test]
fn who_writes_themselves_into_the_approvers_or_owners_has_written_and_does_not_approve() {
    let mut story = department(|policy| {
        policy["approvals"][1]["from"] = json!({ "type": "field", "field": "sponsor" });
    });
    story.world.people.iter_mut().for_each(|person| {
        if person.id.as_str() == "e1012" {
            person.groups.push("sponsors".into());
        }
    });
    let mut service = story.world.service("charging-module").unwrap().clone();
    service.id = "own-service".into();
    service.owner = Some("e1012".into());
    story.world.services.as_mut().unwrap().push(service);
    let mut story = waits_for_approval(story, "e1041");
    story.then(
        "e1012",
        edit(json!({ "sponsor": ["e1012"], "services": ["own-service"] })),
    );
    for rule in ["service-owner", "change-manager"] {
        let codes = refused(&mut story, "e1012", approve(rule));
        assert!(has(&codes, "duty.conflict"), "{rule}: {codes:?}");
    }
}

/// The same rules in another version, with a part otherwise.
fn newer_with(change: impl Fn(&mut Value)) -> Policy {
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    policy["version"] = json!("2027-01");
    change(&mut policy);
    Policy::from_json(&policy.to_string()).unwrap()
}

fn adopt(story: &Story) -> Value {
    json!({ "type": "adoptPolicy", "policy": story.policy.hash(), "state": "scheduled" })
}

#[test]
fn a_change_is_moved_only_by_whom_both_rules_let_and_by_no_party() {
    let mut story = scheduled();
    story.policy = newer_with(|policy| policy["may"]["adopt"] = json!(["staff", "coordinator"]));
    let moved = adopt(&story);
    let codes = refused(&mut story, "e1041", moved.clone());
    assert_eq!(codes, ["authority.party", "policy.kept-by-other"]);
    assert_eq!(
        refused(&mut story, "e1012", moved.clone()),
        ["policy.kept-by-other"]
    );
    story.world.kept = None;
    assert_eq!(
        refused(&mut story, "e1011", moved),
        ["policy.kept-by-other"],
        "what is not known is no"
    );
}

#[test]
fn who_would_approve_by_the_newer_rules_alone_does_not_move_a_change_to_them() {
    let mut story = scheduled();
    story.policy = newer_with(|policy| {
        policy["approvals"][0]["from"] = json!({ "type": "group", "group": "change-managers" });
    });
    let moved = adopt(&story);
    assert_eq!(refused(&mut story, "e1010", moved), ["authority.gains"]);
}

#[test]
fn who_does_the_work_does_not_end_its_observation() {
    let mut story = department(|policy| {
        policy["models"][0]["observe"] =
            json!({ "minutes": 1440, "by": ["coordinator", "implementer"], "measures": [] });
        policy["may"]["complete"] = json!(["coordinator"]);
    });
    story = approved_by(story, "e1010");
    let report = complete(
        "successful",
        "2026-12-10T09:30:00.000Z",
        "2026-12-10T10:00:00.000Z",
    );
    story.at("2026-12-10T10:05:00.000Z").then("e1012", report);
    let end = json!({ "type": "endObservation", "reason": "It runs." });
    for own in ["e1044", "e1012"] {
        assert_eq!(refused(&mut story, own, end.clone()), ["observation.own"]);
    }
    story.then("e1013", end);
}

// ---- crowding out

fn booked(id: &str, requester: &str, phase: &str, service: &str) -> changegate::world::Booking {
    let booking = json!({ "id": id, "services": [service], "requester": requester, "phase": phase,
        "from": "2026-12-10T09:00:00.000Z", "to": "2026-12-10T11:00:00.000Z" });
    serde_json::from_value(booking).unwrap()
}

/// What a change of one service collides with, by the form: how many, and which are named.
fn collisions(bookings: Vec<changegate::world::Booking>) -> (u32, Vec<String>) {
    let mut story = given(DEFRA);
    story.world.changes = Some(bookings);
    let draft =
        json!({ "id": story::CHANGE, "model": "normal", "language": "en", "fields": content() });
    let draft: changegate::draft::Draft = serde_json::from_value(draft).unwrap();
    let person = "e1041".into();
    let assessed =
        changegate::assessment::assess(&story.policy, &draft, &person, story.now, &story.world);
    let conflicts = assessed.conflicts.unwrap();
    let named = conflicts.first.into_iter().map(|conflict| conflict.with);
    (conflicts.total, named.collect())
}

#[test]
fn nobody_crowds_a_collision_out_by_asking_for_many_changes() {
    let many = |phase: &str| -> Vec<_> {
        let number = |number| booked(&format!("a{number:02}"), "e1042", phase, "charging-module");
        (0..30).map(number).collect()
    };
    for (own, real) in [
        ("assess", "scheduled"),
        ("scheduled", "scheduled"),
        ("authorize", "authorize"),
    ] {
        let mut bookings = many(own);
        bookings.push(booked("z", "e1046", real, "charging-module"));
        let (total, named) = collisions(bookings);
        assert_eq!((total, named.len()), (31, 20));
        assert!(has(&named, "z"), "{own} before {real}: {named:?}");
    }
    let mut bookings = many("assess");
    bookings.push(booked("z", "e1042", "implement", "charging-module"));
    let (_, named) = collisions(bookings);
    assert_eq!(named[0], "z", "what runs comes first, whoever asked for it");
}
