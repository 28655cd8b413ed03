//! Records that are no changes, as short stories: templates that earn and lose trust, policies in force, meetings; and the
//! moving of open changes to a newer policy.
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

use changegate::catalogue::{TemplateStatus, standing};
use changegate::log::verify;
use changegate::other::Other;
use changegate::policy::Policy;
use changegate::world::{Document, Run};
use serde_json::{Value, json};
use story::{DEFRA, Story, approve, content, given, step, submit};

fn refused(story: &mut Story, person: &str, command: Value) -> Vec<String> {
    story.when(person, command).unwrap_err()
}

fn has(codes: &[String], code: &str) -> bool {
    codes.iter().any(|known| known == code)
}

fn other(story: &Story) -> Other {
    story.record().readable_other().unwrap()
}

// ---- templates

/// What the department fixes of a ruleset update, and what is left to whoever uses it.
fn ruleset() -> Value {
    let mut fields = content();
    for risk in fields
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect::<Vec<_>>()
    {
        if risk.starts_with("risk") {
            fields.as_object_mut().unwrap().remove(&risk);
        }
    }
    for open in ["start", "end", "implementers", "sponsor", "department"] {
        fields.as_object_mut().unwrap().remove(open);
    }
    json!({
        "name": { "en": "Ruleset update, new way" }, "model": "standard", "fields": fields,
        "open": ["start", "end", "implementers", "sponsor", "department"]
    })
}

fn propose(samples: &[&str]) -> Value {
    json!({ "type": "template", "step": {
        "type": "propose", "template": "ruleset-new-way", "language": "en", "content": ruleset(), "samples": samples
    } })
}

const SAMPLES: [&str; 3] = [
    "018f0000-0000-7000-8000-0000000000b1",
    "018f0000-0000-7000-8000-0000000000b2",
    "018f0000-0000-7000-8000-0000000000b3",
];

fn run(change: &str, outcome: &str, model: &str) -> Run {
    changegate::wire::from_str(
        &json!({
            "change": change, "number": "CHG-2026-0001", "model": model, "services": ["charging-module"],
            "outcome": outcome, "reportedAt": "2026-10-01T09:00:00.000Z", "closedAt": "2026-10-02T09:00:00.000Z"
        })
        .to_string(),
    )
    .unwrap()
}

/// A department with three changes of the kind that went well.
fn experienced() -> Story {
    let mut story = given(DEFRA);
    story.world.runs = SAMPLES.map(|id| run(id, "successful", "normal")).to_vec();
    story
}

fn agree(story: &Story) -> Value {
    let Other::Template { template } = other(story) else {
        panic!("it is a template");
    };
    let proposed = template.proposed.unwrap();
    json!({ "type": "template", "step": { "type": "agree", "version": proposed.version, "contentHash": proposed.content_hash } })
}

fn agreed() -> Story {
    let mut story = experienced();
    story.then("e1041", propose(&SAMPLES));
    let yes = agree(&story);
    story.then("e1010", yes);
    story
}

fn status(story: &Story) -> TemplateStatus {
    let record = other(story);
    standing(
        &story.policy,
        record.template().unwrap(),
        &story.world.runs,
        story.now,
    )
    .status
}

#[test]
fn a_template_is_earned_by_three_successes_and_takes_two_people() {
    let mut story = experienced();
    story.world.runs.pop();
    story.then("e1041", propose(&SAMPLES[..2]));
    let yes = agree(&story);
    assert!(
        has(&refused(&mut story, "e1010", yes), "template.samples"),
        "two of three"
    );
    let mut story = experienced();
    story.then("e1010", propose(&SAMPLES));
    let yes = agree(&story);
    assert!(has(
        &refused(&mut story, "e1010", yes.clone()),
        "proposal.own"
    ));
    assert!(has(
        &refused(&mut story, "e1044", yes.clone()),
        "role.missing"
    ));
    story.then("e1011", yes);
    assert_eq!(status(&story), TemplateStatus::Probation);
}

#[test]
fn what_did_not_go_well_is_no_sample() {
    let mut story = experienced();
    story.world.runs[0].outcome = changegate::command::Outcome::BackedOut;
    assert!(has(
        &refused(&mut story, "e1041", propose(&SAMPLES)),
        "template.sample"
    ));
}

#[test]
fn failures_suspend_a_template_and_people_reinstate_it() {
    let mut story = agreed();
    let version = changegate::event::TemplateUsed {
        id: "ruleset-new-way".into(),
        version: 1,
    };
    for (number, outcome) in [(1, "successful"), (2, "unsuccessful"), (3, "backedOut")] {
        let mut run = run(
            &format!("018f0000-0000-7000-8000-0000000000c{number}"),
            outcome,
            "standard",
        );
        run.template = Some(version.clone());
        run.reported_at = story::instant("2026-11-24T09:00:00.000Z");
        story.world.runs.push(run);
    }
    story.at("2026-11-25T09:00:00.000Z");
    assert_eq!(
        status(&story),
        TemplateStatus::Suspended,
        "two of the last twenty failed"
    );
    let lapse = json!({ "type": "template", "step": { "type": "lapse" } });
    assert!(has(
        &refused(&mut story, "e1010", lapse.clone()),
        "actor.only-host"
    ));
    story.when_host(lapse.clone()).unwrap();
    let Other::Template { template } = other(&story) else {
        panic!("it is a template")
    };
    assert_eq!(
        template.lapsed.unwrap().because.len(),
        2,
        "the very runs that caused it"
    );
    assert_eq!(
        story.when_host(lapse).unwrap_err(),
        ["template.as-recorded"]
    );
    story.then("e1010", json!({ "type": "template", "step": { "type": "reinstate", "reason": "The job was mended." } }));
    assert_eq!(status(&story), TemplateStatus::Probation);
}

#[test]
fn a_template_that_nobody_uses_expires() {
    let mut story = agreed();
    story.at("2027-12-01T09:00:00.000Z");
    assert_eq!(status(&story), TemplateStatus::Expired);
}

#[test]
fn a_new_version_is_agreed_to_anew_and_the_old_one_serves_until_then() {
    let mut story = agreed();
    let mut content = ruleset();
    content["fields"]["backoutPlan"] = json!("The version before is made active again.");
    story.then("e1041", json!({ "type": "template", "step": { "type": "revise", "language": "en", "content": content } }));
    let version = |story: &Story| {
        other(story)
            .template()
            .unwrap()
            .agreed
            .as_ref()
            .unwrap()
            .version
    };
    assert_eq!(version(&story), 1);
    let yes = agree(&story);
    story.then("e1010", yes);
    assert_eq!(version(&story), 2);
}

#[test]
fn the_host_takes_no_template_from_a_file_where_people_agree_to_them() {
    let mut story = given(DEFRA);
    let import = json!({ "type": "template", "step": {
        "type": "import", "template": "t", "version": 1, "content": ruleset(), "level": "low", "active": true,
        "successes": 14, "failures": 0
    } });
    assert!(has(
        &refused(&mut story, "e1010", import),
        "actor.only-host"
    ));
}

// ---- policies in force

/// The department with a newer version of its process.
fn newer() -> Policy {
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    policy["version"] = json!("2027-01");
    Policy::from_json(&policy.to_string()).unwrap()
}

fn published() -> Story {
    let mut story = given(DEFRA);
    let (current, next) = (Document::of(&story.policy), Document::of(&newer()));
    story.world.documents = vec![current.clone(), next];
    story
        .when_host(policy_step("initial", json!(current.hash)))
        .unwrap();
    story
}

fn policy_step(kind: &str, hash: Value) -> Value {
    json!({ "type": "policy", "step": { "type": kind, "hash": hash } })
}

#[test]
fn a_policy_takes_two_people() {
    let mut story = published();
    let hash = json!(newer().hash());
    assert!(has(
        &refused(&mut story, "e1041", policy_step("propose", hash.clone())),
        "role.missing"
    ));
    story.then("e1010", policy_step("propose", hash.clone()));
    assert!(has(
        &refused(&mut story, "e1010", policy_step("agree", hash.clone())),
        "proposal.own"
    ));
    story.then("e1001", policy_step("agree", hash.clone()));
    let Other::Publication { publication } = other(&story) else {
        panic!("it is a publication")
    };
    assert_eq!(json!(publication.in_force.unwrap().hash), hash);
    assert_eq!(publication.earlier.len(), 1);
}

#[test]
fn a_policy_with_faults_or_of_the_same_version_is_not_proposed() {
    let mut story = published();
    story.world.documents[1].stops = 2;
    let hash = json!(newer().hash());
    assert!(has(
        &refused(&mut story, "e1010", policy_step("propose", hash.clone())),
        "policy.stops"
    ));
    story.world.documents[1].stops = 0;
    story.world.documents[1].version = story.policy.version.clone();
    assert!(has(
        &refused(&mut story, "e1010", policy_step("propose", hash)),
        "policy.same-version"
    ));
}

#[test]
fn a_file_does_not_replace_what_two_people_agreed_to() {
    let mut story = published();
    let hash = json!(newer().hash());
    assert_eq!(
        story.when_host(policy_step("initial", hash)).unwrap_err(),
        ["policy.takes-two"]
    );
}

// ---- open changes under a newer policy

fn adopt(policy: &Policy, state: &str) -> Value {
    json!({ "type": "adoptPolicy", "policy": policy.hash(), "state": state })
}

#[test]
fn an_open_change_stays_on_its_policy_until_it_is_moved() {
    let mut story = story::scheduled();
    let before = story.policy.clone();
    story.policy = newer();
    let next = story.policy.clone();
    assert!(has(
        &refused(&mut story, "e1041", adopt(&next, "scheduled")),
        "role.missing"
    ));
    assert!(has(
        &refused(&mut story, "e1010", adopt(&next, "review")),
        "policy.other-phase"
    ));
    assert!(has(
        &refused(&mut story, "e1010", adopt(&before, "scheduled")),
        "policy.unknown"
    ));
    story.then("e1010", adopt(&next, "scheduled"));
    assert_eq!(story.change().policy_hash, next.hash());
    assert!(
        story.change().authorized.is_some(),
        "nothing that was agreed to is otherwise"
    );
    assert!(has(
        &refused(&mut story, "e1010", adopt(&next, "scheduled")),
        "policy.same"
    ));
    let policies = [(before.hash(), before), (next.hash(), next)].into();
    let verdict = verify(&story.log, &policies);
    assert!(verdict.ok && verdict.chain_only.is_empty(), "{verdict:?}");
}

#[test]
fn approvals_that_a_newer_policy_asks_for_otherwise_are_given_anew() {
    let mut story = story::scheduled();
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    policy["version"] = json!("2027-01");
    policy["approvals"][1]["quorum"] = json!({ "type": "all" });
    story.policy = Policy::from_json(&policy.to_string()).unwrap();
    let next = story.policy.clone();
    let events = story.when("e1010", adopt(&next, "scheduled")).unwrap();
    assert!(has(&events, "voided"), "{events:?}");
    assert_eq!(story.change().state.as_str(), "approval");
    story.then("e1030", approve("service-owner"));
}

// ---- meetings

fn meeting(step: Value) -> Value {
    json!({ "type": "meeting", "step": step })
}

#[test]
fn a_chair_calls_a_board_and_keeps_its_minutes() {
    let mut story = given(DEFRA);
    let call = meeting(
        json!({ "type": "call", "board": "change-approval-board", "at": "2026-11-24T10:00:00.000Z" }),
    );
    assert!(has(
        &refused(&mut story, "e1020", call.clone()),
        "role.missing"
    ));
    let nowhere =
        meeting(json!({ "type": "call", "board": "tea", "at": "2026-11-24T10:00:00.000Z" }));
    assert!(has(
        &refused(&mut story, "e1010", nowhere),
        "meeting.unknown-board"
    ));
    story
        .then("e1010", call)
        .then(
            "e1010",
            meeting(json!({ "type": "attend", "person": "e1020", "present": true })),
        )
        .then(
            "e1010",
            meeting(json!({ "type": "minute", "text": "The freeze is moved by a day." })),
        )
        .then("e1010", meeting(json!({ "type": "close" })));
    let late = meeting(json!({ "type": "minute", "text": "One more thing." }));
    assert!(has(&refused(&mut story, "e1010", late), "meeting.closed"));
}

#[test]
fn a_record_is_of_one_kind() {
    let mut story = given(DEFRA);
    story.then("e1041", submit("normal", content()));
    let call = meeting(
        json!({ "type": "call", "board": "change-approval-board", "at": "2026-11-24T10:00:00.000Z" }),
    );
    assert!(has(
        &refused(&mut story, "e1010", call),
        "record.other-kind"
    ));
    let mut story = published();
    assert!(has(
        &refused(&mut story, "e1012", step("pass")),
        "record.other-kind"
    ));
}
