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

use changegate::adoption::preview;
use changegate::catalogue::{Progress, Standing, TemplateStatus, standing};
use changegate::facts::{Reading, gather};
use changegate::id::PersonId;
use changegate::log::{FaultKind, Record, Stored, verify};
use changegate::meeting::{AgendaCase, AgendaItem, Exception, SinceMet, agenda, boards};
use changegate::other::Other;
use changegate::policy::Policy;
use changegate::policy::difference::difference;
use changegate::time::Instant;
use changegate::world::{Document, Run};
use serde_json::{Value, json};
use story::{DEFRA, Story, approve, content, given, has, instant, refused, step, submit};

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

fn stands(story: &Story) -> Standing {
    let record = other(story);
    let template = record.template().unwrap();
    standing(&story.policy, template, &story.world.runs, story.now)
}

fn status(story: &Story) -> TemplateStatus {
    stands(story).status
}

/// The template was used: the run, reported a day after the story began.
fn used(story: &mut Story, number: u8, outcome: &str) {
    let id = format!("018f0000-0000-7000-8000-0000000000c{number}");
    let mut run = run(&id, outcome, "standard");
    run.template = Some(changegate::event::TemplateUsed {
        id: "ruleset-new-way".into(),
        version: 1,
        on_probation: false,
    });
    run.reported_at = story::instant("2026-11-24T09:00:00.000Z");
    story.world.runs.push(run);
}

fn template_step(step: Value) -> Value {
    json!({ "type": "template", "step": step })
}

/// The policy with something else in it.
fn with(policy: &Policy, change: impl Fn(&mut Value)) -> Policy {
    let mut document = serde_json::to_value(policy).unwrap();
    change(&mut document);
    Policy::from_json(&document.to_string()).unwrap()
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
        on_probation: false,
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

#[test]
fn an_incident_suspends_a_template_at_once() {
    let mut story = agreed();
    used(&mut story, 1, "successful");
    assert_eq!(status(&story), TemplateStatus::Probation);
    story.world.runs.last_mut().unwrap().incident = true;
    let found = stands(&story);
    assert_eq!(found.status, TemplateStatus::Suspended);
    let cause = found.because[0].change.as_str();
    assert_eq!(cause, "018f0000-0000-7000-8000-0000000000c1");
    // Time does not take it back.
    story.at("2027-10-01T09:00:00.000Z");
    assert_eq!(status(&story), TemplateStatus::Suspended);
}

#[test]
fn an_incident_that_shows_after_people_trusted_the_template_again_suspends_it_again() {
    let mut story = agreed();
    used(&mut story, 1, "successful");
    story.at("2026-12-01T09:00:00.000Z");
    let look = |kind: &str| template_step(json!({ "type": kind, "reason": "Looked at." }));
    story
        .then("e1010", look("suspend"))
        .then("e1010", look("reinstate"));
    assert!(status(&story).is_usable());
    // The run was reported before they looked at it; what it broke was recorded afterwards.
    let run = story.world.runs.last_mut().unwrap();
    run.incident = true;
    run.incident_at = Some(story::instant("2026-12-02T09:00:00.000Z"));
    assert_eq!(status(&story), TemplateStatus::Suspended);
    // What they could know of, they knew.
    story.world.runs.last_mut().unwrap().incident_at =
        Some(story::instant("2026-11-30T09:00:00.000Z"));
    assert!(status(&story).is_usable());
}

#[test]
fn the_first_runs_are_on_probation_and_the_host_records_its_end() {
    let mut story = agreed();
    let promote = template_step(json!({ "type": "promote" }));
    for number in 1..=3 {
        let early = story.when_host(promote.clone()).unwrap_err();
        assert_eq!(early, ["template.as-recorded"]);
        let next = stands(&story).next.unwrap();
        let far = (next.needs, next.have, next.need);
        assert_eq!(far, (Progress::Probation, u32::from(number) - 1, 3));
        used(&mut story, number, "successful");
    }
    assert_eq!(status(&story), TemplateStatus::Active);
    assert_eq!(stands(&story).successes, 3);
    let person = refused(&mut story, "e1010", promote.clone());
    assert!(has(&person, "actor.only-host"));
    assert_eq!(story.when_host(promote.clone()).unwrap(), ["template"]);
    let again = story.when_host(promote).unwrap_err();
    assert_eq!(again, ["template.as-recorded"]);
}

#[test]
fn how_far_a_proposal_has_come_is_said() {
    let mut story = experienced();
    story.then("e1041", propose(&SAMPLES[..1]));
    let next = stands(&story).next.unwrap();
    let far = (next.needs, next.have, next.need);
    assert_eq!(far, (Progress::Samples, 1, 3));
    let mut story = experienced();
    story.then("e1041", propose(&SAMPLES));
    let next = stands(&story).next.unwrap();
    assert_eq!((next.needs, next.have, next.need), (Progress::Yeses, 0, 1));
}

#[test]
fn as_many_agree_to_a_template_as_the_policy_asks_each_once() {
    let mut story = experienced();
    let two = |policy: &mut Value| policy["trust"][0]["yeses"] = json!(2);
    story.policy = with(&story.policy, two);
    story.then("e1041", propose(&SAMPLES));
    let yes = agree(&story);
    story.then("e1010", yes.clone());
    assert_eq!(status(&story), TemplateStatus::Proposed);
    let twice = refused(&mut story, "e1010", yes.clone());
    assert!(has(&twice, "proposal.agreed-already"));
    story.then("e1011", yes);
    assert_eq!(status(&story), TemplateStatus::Probation);
}

#[test]
fn a_yes_names_the_version_and_content_that_were_seen() {
    let mut story = experienced();
    story.then("e1041", propose(&SAMPLES));
    let mut seen = agree(&story);
    seen["step"]["version"] = json!(2);
    assert!(has(&refused(&mut story, "e1010", seen), "proposal.none"));
    let mut seen = agree(&story);
    seen["step"]["contentHash"] = json!("0".repeat(64));
    let codes = refused(&mut story, "e1010", seen.clone());
    assert!(has(&codes, "proposal.changed"));
    let decline = json!({ "type": "decline", "version": 1, "reason": "Too wide." });
    story.then("e1010", template_step(decline));
    assert!(has(&refused(&mut story, "e1010", seen), "proposal.none"));
}

#[test]
fn a_new_version_for_other_work_is_earned_anew() {
    let mut story = agreed();
    let mut content = ruleset();
    content["fields"]["services"] = json!(["charging-rules"]);
    let revise = json!({ "type": "revise", "language": "en", "content": content });
    story.then("e1041", template_step(revise));
    let yes = agree(&story);
    assert!(has(&refused(&mut story, "e1010", yes), "template.samples"));
}

#[test]
fn the_level_of_a_template_is_stated_and_agreed_to() {
    let mut story = experienced();
    let mut wrong = propose(&SAMPLES);
    wrong["step"]["level"] = json!("none");
    assert!(has(&refused(&mut story, "e1041", wrong), "template.level"));
    let mut medium = propose(&SAMPLES);
    medium["step"]["level"] = json!("medium");
    story.then("e1041", medium);
    let yes = agree(&story);
    story.then("e1010", yes);
    let record = other(&story);
    let shown = record.template().unwrap().shown(stands(&story)).unwrap();
    assert_eq!((shown.level.as_str(), shown.active), ("medium", true));
    // Left out, it is what the conditions set, not the worst that the questions could come to.
    let story = agreed();
    let record = other(&story);
    let shown = record.template().unwrap().shown(stands(&story)).unwrap();
    assert_eq!(shown.level.as_str(), "low");
}

#[test]
fn what_a_template_fixes_is_the_policys_and_in_order() {
    let mut story = experienced();
    for (spoil, code) in [
        (json!({ "open": ["title"] }), "template.fixed-and-open"),
        (json!({ "open": ["nonsense"] }), "content.finding"),
        (json!({ "model": "normal" }), "template.no-rule"),
        (json!({ "name": {} }), "text.missing"),
    ] {
        let mut command = propose(&SAMPLES);
        for (key, value) in spoil.as_object().unwrap() {
            command["step"]["content"][key] = value.clone();
        }
        let codes = refused(&mut story, "e1041", command);
        assert!(has(&codes, code), "{spoil}: {codes:?}");
    }
}

#[test]
fn people_suspend_a_template_and_give_it_up_with_a_reason() {
    let mut story = agreed();
    let step = |kind: &str, reason: &str| template_step(json!({ "type": kind, "reason": reason }));
    let codes = refused(&mut story, "e1010", step("suspend", " "));
    assert!(has(&codes, "reason.missing"));
    let codes = refused(&mut story, "e1044", step("suspend", "It broke."));
    assert!(has(&codes, "role.missing"));
    story.then("e1010", step("suspend", "It broke."));
    assert_eq!(status(&story), TemplateStatus::Suspended);
    let codes = refused(&mut story, "e1010", step("suspend", "Again."));
    assert!(has(&codes, "template.suspended-already"));
    story.then("e1010", step("reinstate", "Mended."));
    let codes = refused(&mut story, "e1010", step("reinstate", "Mended."));
    assert!(has(&codes, "template.not-suspended"));
    let alone = ["template.retire-takes-two"];
    assert_eq!(
        refused(&mut story, "e1010", step("retire", "Not needed.")),
        alone
    );
    assert_eq!(
        refused(&mut story, "e1041", step("retire", "Not needed.")),
        alone
    );
    story.then("e1010", step("suspend", "Not needed."));
    assert_eq!(
        refused(&mut story, "e1010", step("retire", "Not needed.")),
        alone
    );
    story.then("e1041", step("retire", "Not needed."));
    assert_eq!(status(&story), TemplateStatus::Retired);
    let codes = refused(&mut story, "e1010", step("retire", "Not needed."));
    assert!(has(&codes, "template.retired"));
}

#[test]
fn a_template_is_used_only_for_the_services_and_windows_it_covers() {
    let mut story = experienced();
    let mut command = propose(&SAMPLES);
    let content = &mut command["step"]["content"];
    let fields = content["fields"].as_object_mut().unwrap();
    fields.remove("services");
    let open = content["open"].as_array_mut().unwrap();
    open.push(json!("services"));
    content["covers"] = json!({ "services": ["charging-module"], "windowMin": 60 });
    story.then("e1041", command);
    let yes = agree(&story);
    story.then("e1010", yes);
    let record = other(&story);
    let template = record.template().unwrap().shown(stands(&story)).unwrap();
    story.world.templates = vec![template.clone()];
    let covers = |services: &[&str], end: &str| {
        let mut fields = template.fields.clone();
        let filled =
            json!({ "services": services, "start": "2026-12-10T09:30:00.000Z", "end": end });
        for (field, value) in filled.as_object().unwrap() {
            let value = serde_json::from_value(value.clone()).unwrap();
            fields.insert(field.as_str().into(), value);
        }
        let person = PersonId::from("e1041");
        let reading = Reading {
            policy: &story.policy,
            model: story.policy.model("standard").unwrap(),
            template: Some(&template.id),
            id: None,
            content: &fields,
            planned: None,
            requester: &person,
            actor: &person,
            handed_on: &[],
            voters: &[],
        };
        let fact = gather(&reading, story.now, &story.world).template.unwrap();
        let watched = fact.used.on_probation;
        assert!(watched, "each of its first runs is reviewed");
        fact.covers
    };
    assert!(covers(&["charging-module"], "2026-12-10T10:30:00.000Z"));
    assert!(!covers(&["charging-module"], "2026-12-10T10:31:00.000Z"));
    let both = ["charging-module", "charging-rules"];
    assert!(!covers(&both, "2026-12-10T10:30:00.000Z"));
}

#[test]
fn each_run_on_probation_is_reviewed_before_it_closes() {
    let mut story = experienced();
    let mut proposal = propose(&SAMPLES);
    let analysis = content()["riskAnalysis"].clone();
    proposal["step"]["content"]["fields"]["riskAnalysis"] = analysis;
    story.then("e1041", proposal);
    let yes = agree(&story);
    story.then("e1010", yes);
    let record = other(&story);
    let shown = record.template().unwrap().shown(stands(&story));
    let mut template = shown.unwrap();
    let mut fields = json!(template.fields);
    let filled = [
        ("start", json!("2026-11-24T09:30:00.000Z")),
        ("end", json!("2026-11-24T10:30:00.000Z")),
        ("department", json!("core")),
        ("sponsor", json!(["e1051"])),
        ("implementers", json!(["e1044"])),
    ];
    for (field, value) in filled {
        fields[field] = value;
    }
    let mut use_of = submit("standard", fields);
    use_of["template"] = json!("ruleset-new-way");
    let closing = |template: &changegate::world::Template| {
        let mut change = given(DEFRA);
        change.world.templates = vec![template.clone()];
        change
            .then("e1041", use_of.clone())
            .at("2026-11-24T09:31:00.000Z");
        // By then the runs of others have ended the probation.
        let standing = &mut change.world.templates[0].standing;
        standing.as_mut().unwrap().status = TemplateStatus::Active;
        change.then("e1044", step("start"));
        let done = story::complete(
            "successful",
            "2026-11-24T09:31:00.000Z",
            "2026-11-24T10:00:00.000Z",
        );
        change.at("2026-11-24T10:00:00.000Z").then("e1044", done);
        change.when("e1012", step("close"))
    };
    assert_eq!(closing(&template).unwrap_err(), ["review.missing"]);
    template.standing.as_mut().unwrap().status = TemplateStatus::Active;
    assert!(closing(&template).is_ok());
}

// ---- all kinds

/// A log of each kind, decided under the department's policy.
fn logs() -> [(&'static str, Story); 3] {
    let mut publication = published();
    let hash = json!(newer().hash());
    let mut proposal = policy_step("propose", hash.clone());
    proposal["step"]["note"] = json!("The freeze begins earlier.");
    publication.then("e1010", proposal);
    publication.then("e1001", policy_step("agree", hash));
    let mut board = given(DEFRA);
    let call = json!({ "type": "call", "board": "change-approval-board", "at": "2026-11-24T10:00:00.000Z" });
    let minute = json!({ "type": "minute", "text": "The freeze is moved by a day." });
    board
        .then("e1010", meeting(call))
        .then("e1010", meeting(minute));
    [
        ("template", agreed()),
        ("publication", publication),
        ("meeting", board),
    ]
}

fn verdict(story: &Story, log: &[Stored]) -> changegate::log::Verdict {
    let policy = story.policy.clone();
    verify(log, &[(policy.hash(), policy)].into())
}

#[test]
fn records_of_every_kind_verify_and_hold_no_free_text() {
    for (kind, story) in logs() {
        let found = verdict(&story, &story.log);
        assert!(found.ok && found.chain_only.is_empty(), "{kind}: {found:?}");
        let entries: Vec<_> = story.log.iter().map(|stored| &stored.entry).collect();
        let entries = serde_json::to_string(&entries).unwrap();
        for text in ["Ruleset update", "The freeze", "Charging Module"] {
            assert!(!entries.contains(text), "{kind}: {entries}");
        }
        assert!(entries.contains("commitment"), "{kind}: {entries}");
    }
}

#[test]
fn a_record_of_any_kind_that_was_altered_is_found() {
    for (kind, story) in logs() {
        let last = story.log.len() - 1;
        for spoil in [
            |entry: &mut Value| entry["at"] = json!("2026-11-23T10:00:01.000Z"),
            |entry: &mut Value| entry["actor"]["roles"] = json!([]),
            |entry: &mut Value| entry["events"] = json!([]),
        ] {
            let mut entry = serde_json::to_value(&story.log[last].entry).unwrap();
            spoil(&mut entry);
            let mut log = story.log.clone();
            log[last].entry = serde_json::from_value(entry).unwrap();
            let kinds = |log: &[Stored]| -> Vec<FaultKind> {
                let faults = verdict(&story, log).faults.into_iter();
                faults.map(|fault| fault.kind).collect()
            };
            let (hash, decision) = (FaultKind::Hash, FaultKind::Decision);
            assert_eq!(kinds(&log), [hash, decision], "{kind}");
            // Hashed anew it follows, but the decision is not the one that its facts lead to.
            log[last] = Stored::of(log[last].entry.clone(), log[last].values.clone());
            assert_eq!(kinds(&log), [decision], "{kind}");
        }
    }
}

#[test]
fn texts_of_a_meeting_are_erased_like_those_of_a_change() {
    let [_, _, (_, mut story)] = logs();
    let commitment = *story.log[1].values.keys().next().unwrap();
    let erase = |commitment: &str| json!({ "type": "erase", "commitments": [commitment], "ground": "personAsked" });
    let named = erase(&commitment.to_string());
    assert!(has(
        &refused(&mut story, "e1010", named.clone()),
        "role.missing"
    ));
    let strange = refused(&mut story, "e1060", erase(&"0".repeat(64)));
    assert!(has(&strange, "erase.unknown-commitment"));
    story.then("e1060", named);
    for stored in &mut story.log {
        stored.values.remove(&commitment);
    }
    let found = verdict(&story, &story.log);
    assert!(found.ok, "{found:?}");
    assert_eq!(found.erased, [commitment]);
}

#[test]
fn a_policy_is_published_only_under_the_policy_in_force() {
    let [_, (_, mut story), _] = logs();
    let third = with(&newer(), |policy| policy["version"] = json!("2027-02"));
    story.world.documents.push(Document::of(&third));
    // The newer one is in force: what the older one decides does not stand.
    story.then("e1010", policy_step("propose", json!(third.hash())));
    let kinds: Vec<_> = verdict(&story, &story.log)
        .faults
        .into_iter()
        .map(|fault| fault.kind)
        .collect();
    assert_eq!(kinds, [FaultKind::Policy]);
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

#[test]
fn a_file_puts_no_policy_of_another_name_in_force_either() {
    let mut story = given(DEFRA);
    let other = with(&story.policy, |policy| policy["id"] = json!("else"));
    story.world.documents = vec![Document::of(&other)];
    let initial = policy_step("initial", json!(other.hash()));
    assert_eq!(story.when_host(initial).unwrap_err(), ["policy.takes-two"]);
}

#[test]
fn where_nobody_may_publish_only_the_file_replaces_a_policy() {
    let mut story = given(DEFRA);
    let first = with(&story.policy, |policy| {
        policy.as_object_mut().unwrap().remove("publishing");
    });
    let second = with(&first, |policy| policy["version"] = json!("2027-01"));
    story.policy = first.clone();
    story.world.documents = vec![Document::of(&first), Document::of(&second)];
    for policy in [&first, &second] {
        let initial = policy_step("initial", json!(policy.hash()));
        let person = refused(&mut story, "e1010", initial.clone());
        assert!(has(&person, "actor.only-host"));
        story.when_host(initial).unwrap();
    }
    let propose = policy_step("propose", json!(first.hash()));
    let codes = refused(&mut story, "e1010", propose);
    assert!(has(&codes, "policy.no-publishing"));
}

#[test]
fn a_document_that_the_host_does_not_keep_or_that_is_in_force_is_not_proposed() {
    let mut story = published();
    let other = with(&newer(), |policy| policy["id"] = json!("else"));
    story.world.documents.push(Document::of(&other));
    for (hash, code) in [
        (json!("0".repeat(64)), "policy.unknown"),
        (json!(story.policy.hash()), "policy.same"),
        (json!(other.hash()), "policy.other-id"),
    ] {
        let codes = refused(&mut story, "e1010", policy_step("propose", hash));
        assert!(has(&codes, code), "{code}: {codes:?}");
    }
}

#[test]
fn who_agrees_to_a_policy_sees_what_is_otherwise_in_it() {
    let old = Policy::from_json(DEFRA).unwrap();
    assert!(difference(&old, &old).unwrap().parts.is_empty());
    let new = with(&old, |policy| {
        policy["version"] = json!("2027-01");
        policy["approvals"][1]["quorum"] = json!({ "type": "all" });
        let roles = policy["roles"].as_array_mut().unwrap();
        let staff = roles.remove(0);
        roles.push(staff);
        roles.retain(|role| role["id"] != "auditor");
    });
    let found = difference(&old, &new).unwrap();
    let parts = found.parts.iter();
    let parts: Vec<_> = parts
        .map(|part| (part.at.as_str(), part.within.join("/")))
        .collect();
    let expected = [
        ("/approvals/1/quorum/type", "change-manager"),
        ("/roles/11", "auditor"),
        ("/roles", ""),
        ("/version", ""),
    ];
    assert_eq!(parts, expected.map(|(at, within)| (at, within.to_owned())));
    assert!(found.parts[1].after.is_none(), "it was taken out");
    assert_eq!(found.parts[3].after.as_deref(), Some("\"2027-01\""));
    assert_eq!(found.more, 0);
}

#[test]
fn a_difference_without_end_is_cut_and_counted() {
    let old = Policy::from_json(DEFRA).unwrap();
    let new = with(&old, |policy| {
        let fields = policy["fields"].as_array_mut().unwrap();
        for number in 0..300 {
            let mut field = fields[0].clone();
            field["id"] = json!(format!("more-{number}"));
            fields.push(field);
        }
    });
    let found = difference(&old, &new).unwrap();
    assert_eq!((found.parts.len(), found.more), (200, 100));
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

#[test]
fn work_that_was_started_ends_under_the_policy_that_let_it_start() {
    let mut story = story::scheduled();
    story.at("2026-12-10T09:31:00.000Z");
    story.then("e1044", step("start"));
    story.policy = newer();
    let adopt = adopt(&newer(), "implementing");
    let codes = refused(&mut story, "e1010", adopt);
    assert_eq!(codes, ["lifecycle.not-in-phase"]);
}

#[test]
fn what_a_newer_policy_does_not_ask_leaves_the_content_and_approvals_are_given_anew() {
    let mut story = story::scheduled();
    story.policy = with(&newer(), |policy| {
        let fields = policy["fields"].as_array_mut().unwrap().iter_mut();
        for field in fields.filter(|field| field["id"] == "riskAnalysis") {
            field["visible"] = json!({ "model": ["emergency"] });
        }
    });
    let next = story.policy.clone();
    let manager = PersonId::from("e1010");
    let shown = preview(&next, &story.record(), &manager, story.now, &story.world).unwrap();
    assert!(shown.allowed, "{:?}", shown.refusals);
    assert_eq!(shown.left_out, ["riskAnalysis".into()]);
    let voided = ["service-owner".into(), "change-manager".into()];
    assert_eq!(shown.voided, voided);
    assert_eq!(shown.states[0].id.as_str(), "scheduled");
    let stays = story.change().policy_hash;
    assert_eq!(stays, shown.from, "looking changes nothing");
    let events = story.when("e1010", adopt(&next, "scheduled")).unwrap();
    assert!(
        has(&events, "voided") && has(&events, "moved"),
        "{events:?}"
    );
    assert!(!story.change().fields.contains_key("riskAnalysis"));
    assert_eq!(story.change().state.as_str(), "approval");
}

#[test]
fn who_may_not_move_a_change_is_told_before() {
    let mut story = story::scheduled();
    story.policy = newer();
    let requester = PersonId::from("e1041");
    let next = story.policy.clone();
    let shown = preview(&next, &story.record(), &requester, story.now, &story.world).unwrap();
    assert!(!shown.allowed && !shown.refusals.is_empty());
    let nothing = Record::empty();
    assert!(preview(&next, &nothing, &requester, story.now, &story.world).is_none());
}

#[test]
fn a_change_stays_where_the_newer_policy_cannot_read_it() {
    let mut story = story::scheduled();
    let number = with(&newer(), |policy| {
        let fields = policy["fields"].as_array_mut().unwrap().iter_mut();
        for field in fields.filter(|field| field["id"] == "funding") {
            field["kind"] = json!({ "type": "number" });
        }
    });
    let without = with(&newer(), |policy| {
        let models = policy["models"].as_array_mut().unwrap();
        models.retain(|model| model["id"] != "normal");
    });
    for (next, code) in [(number, "content.finding"), (without, "model.unknown")] {
        story.policy = next.clone();
        let codes = refused(&mut story, "e1010", adopt(&next, "scheduled"));
        assert!(has(&codes, code), "{code}: {codes:?}");
    }
}

#[test]
fn who_is_away_today_voids_no_approval_of_a_change_that_is_moved() {
    let mut story = story::scheduled();
    let mut people = story.world.people.iter_mut();
    let deputy = people.find(|person| person.id.as_str() == "e1011").unwrap();
    deputy.absent_until = Some(story::instant("2026-12-01T09:00:00.000Z"));
    story.policy = newer();
    story.then("e1010", adopt(&newer(), "scheduled"));
    assert!(story.change().authorized.is_some());
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

#[test]
fn the_agenda_has_the_exceptions_first() {
    let waiting = |title: &str, otherwise: Value| {
        let mut story = given(DEFRA);
        let mut fields = story::but(otherwise);
        fields["title"] = json!(title);
        story.then("e1041", submit("normal", fields));
        story.then("e1012", step("pass"));
        story.then("e1030", approve("service-owner"));
        story
    };
    let wide = json!({ "riskSystems": "many", "riskServices": "many" });
    let outage = json!({
        "riskEffect": "outage", "downtime": true, "downtimeStart": "2026-12-10T09:30:00.000Z",
        "downtimeEnd": "2026-12-10T09:40:00.000Z"
    });
    let ordinary = waiting("Ordinary", wide.clone());
    let mut put_off = waiting("Put off", wide);
    let defer =
        json!({ "type": "defer", "rule": "cab", "contentHash": null, "reason": "Next week." });
    put_off.then("e1020", defer);
    let severe = waiting("Severe", outage);
    let no_board = waiting("No board", json!({}));
    let stories = [&ordinary, &put_off, &severe, &no_board];
    let records = stories.map(Story::record);
    let cases: Vec<_> = records
        .iter()
        .map(|record| AgendaCase {
            policy: &ordinary.policy,
            record,
            before: None,
        })
        .collect();
    let board = &ordinary.policy.boards[0];
    let chair = PersonId::from("e1010");
    let items = agenda(board, None, &cases, &chair, ordinary.now, &ordinary.world);
    let found: Vec<_> = items
        .iter()
        .map(|item| (item.title.as_str(), item.exceptions.as_slice()))
        .collect();
    assert_eq!(
        found,
        [
            ("Severe", &[Exception::HighLevel][..]),
            ("Put off", &[Exception::Deferred]),
            ("Ordinary", &[]),
        ]
    );
}

/// What a board reads of a change, where it last met at a moment.
fn on_agenda(story: &Story, last: Option<Instant>) -> AgendaItem {
    let before = last.and_then(|last| Record::as_of(&story.log, last).unwrap());
    on_agenda_after(story, last, before)
}

fn on_agenda_after(story: &Story, last: Option<Instant>, before: Option<Record>) -> AgendaItem {
    let record = story.record();
    let case = AgendaCase {
        policy: &story.policy,
        record: &record,
        before: before.as_ref(),
    };
    let chair = PersonId::from("e1010");
    let board = &story.policy.boards[0];
    let mut items = agenda(board, last, &[case], &chair, story.now, &story.world);
    assert_eq!(items.len(), 1);
    items.remove(0)
}

#[test]
fn a_board_reads_what_has_changed_since_it_last_met() {
    let mut story = given(DEFRA);
    let medium = json!({ "riskSystems": "many", "riskServices": "many" });
    story
        .then("e1041", submit("normal", story::but(medium)))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"));
    assert_eq!(on_agenda(&story, None).since_met, None, "it never met");
    let before_it = Some(instant("2026-11-23T09:00:00.000Z"));
    assert_eq!(
        on_agenda(&story, before_it).since_met,
        Some(SinceMet::Submitted {})
    );
    let met = Some(story.now);
    assert_eq!(on_agenda(&story, met).since_met, None);

    story.at("2026-11-24T10:00:00.000Z");
    story.then(
        "e1044",
        json!({ "type": "comment", "text": "The team is ready." }),
    );
    let item = on_agenda(&story, met);
    let said = json!(item.since_met);
    assert_eq!(
        said,
        json!({ "type": "touched", "answered": 0, "evidence": 0, "comments": 1 })
    );
    assert_eq!(item.exceptions, [], "it is the same change");

    story.then(
        "e1041",
        json!({ "type": "edit", "fields": { "backoutPlan": "By hand.", "riskEffect": "outage",
            "downtime": true, "downtimeStart": "2026-12-10T09:30:00.000Z",
            "downtimeEnd": "2026-12-10T09:40:00.000Z" } }),
    );
    story.then("e1030", approve("service-owner"));
    let item = on_agenda(&story, met);
    let said = json!(item.since_met);
    let fields = said["fields"].as_array().unwrap();
    let plan = fields.iter().find(|known| known["field"] == "backoutPlan");
    assert_eq!(plan.unwrap()["after"], "By hand.");
    assert_eq!(plan.unwrap()["before"], content()["backoutPlan"]);
    assert_eq!(said["level"], "medium");
    assert_eq!(said["asked"], json!(["director"]));
    assert_eq!(said["dropped"], Value::Null);
    assert_eq!(
        said["votes"],
        json!([{ "rule": "service-owner", "by": "e1030", "at": "2026-11-24T10:00:00.000Z", "answer": "yes", "void": false }])
    );
    assert!(item.exceptions.contains(&Exception::Changed));
    let now = Some(story.now);
    assert_eq!(on_agenda(&story, now).since_met, None, "it met again");
    assert_eq!(
        on_agenda_after(&story, now, None).since_met,
        None,
        "a host need not look up what was not touched"
    );
    story.at("2026-11-25T10:00:00.000Z");
    story.then(
        "e1044",
        json!({ "type": "comment", "text": "Still ready." }),
    );
    assert_eq!(
        json!(on_agenda(&story, now).since_met),
        json!({ "type": "touched", "answered": 0, "evidence": 0, "comments": 1 }),
        "what the board knew is not told again"
    );
}

/// The numbers of changes on the agenda of a board of the department.
fn looked_at(story: &Story, board: &str) -> Vec<String> {
    let record = story.record();
    let case = AgendaCase {
        policy: &story.policy,
        record: &record,
        before: None,
    };
    let board = story
        .policy
        .boards
        .iter()
        .find(|known| known.id.as_str() == board);
    let chair = PersonId::from("e1010");
    let items = agenda(
        board.unwrap(),
        None,
        &[case],
        &chair,
        story.now,
        &story.world,
    );
    items.into_iter().map(|item| item.number).collect()
}

const BOARD: &str = "change-approval-board";
const OF_EMERGENCIES: &str = "board-for-emergencies";

#[test]
fn a_board_looks_at_what_waits_for_it_and_at_nothing_that_waits_for_others() {
    let medium = json!({ "riskSystems": "many", "riskServices": "many" });
    let mut story = given(DEFRA);
    story.then("e1041", submit("normal", story::but(medium)));
    assert_eq!(looked_at(&story, BOARD), [""; 0], "votes are not taken yet");
    story.then("e1012", step("pass"));
    assert_eq!(looked_at(&story, BOARD), [""; 0], "it waits for the owner");
    story.then("e1030", approve("service-owner"));
    assert_eq!(looked_at(&story, BOARD), ["CHG-2026-0042"]);
    assert_eq!(looked_at(&story, OF_EMERGENCIES), [""; 0]);
    let hold = json!({ "type": "hold", "reason": "The supplier has to answer first." });
    story.then("e1012", hold);
    assert_eq!(looked_at(&story, BOARD), [""; 0], "it rests");
    story.then("e1012", json!({ "type": "resume" }));
    assert_eq!(looked_at(&story, BOARD), ["CHG-2026-0042"]);
    for member in ["e1020", "e1021"] {
        story.then(member, approve("cab"));
    }
    assert_eq!(looked_at(&story, BOARD), [""; 0], "it has its yeses");
    story.then("e1041", story::because("withdraw-scheduled", "Not needed."));
    assert_eq!(looked_at(&story, BOARD), [""; 0], "it has ended");
}

#[test]
fn a_board_does_not_look_at_work_whose_ratification_was_refused() {
    let mut story = story::done_at_once();
    story.then("e1030", approve("service-owner"));
    assert_eq!(looked_at(&story, OF_EMERGENCIES), ["CHG-2026-0042"]);
    let content = json!(story.change().content_hash);
    let no = json!({ "type": "decline", "rule": "emergency-board", "contentHash": content, "reason": "It was no emergency." });
    story.then("e1020", no);
    assert!(story.change().unauthorized);
    assert_eq!(looked_at(&story, OF_EMERGENCIES), [""; 0]);
}

#[test]
fn whoever_opens_the_boards_finds_one_of_their_own_first_and_of_those_the_one_for_which_most_waits()
{
    let mut emergency = story::done_at_once();
    emergency.then("e1030", approve("service-owner"));
    let record = emergency.record();
    let cases = [AgendaCase {
        policy: &emergency.policy,
        record: &record,
        before: None,
    }];
    let first = |person: &str| {
        let person = PersonId::from(person);
        let found = boards(
            &emergency.policy,
            &cases,
            &person,
            emergency.now,
            &emergency.world,
        );
        let first = &found[0];
        (first.board.0.clone(), first.yours, first.waiting)
    };
    // Of both boards; of the one for which nothing waits; of none.
    assert_eq!(first("e1020"), (OF_EMERGENCIES.into(), true, 1));
    assert_eq!(first("e1021"), (BOARD.into(), true, 0));
    assert_eq!(first("e1070"), (OF_EMERGENCIES.into(), false, 1));
    // Who chairs it is of it, without a vote there.
    assert_eq!(first("e1011"), (OF_EMERGENCIES.into(), true, 1));
    let of = |id: &str| {
        let chair = PersonId::from("e1010");
        let found = boards(
            &emergency.policy,
            &cases,
            &chair,
            emergency.now,
            &emergency.world,
        );
        let board = found.into_iter().find(|known| known.board.as_str() == id);
        board.unwrap().members
    };
    let board: Vec<_> = of(BOARD).into_iter().map(|person| person.0).collect();
    assert_eq!(board, ["e1020", "e1021", "e1022", "e1023"]);
}

#[test]
fn a_chair_calls_a_meeting_off_before_it_has_begun() {
    let call = meeting(json!({
        "type": "call", "board": BOARD, "at": "2026-11-24T10:00:00.000Z", "place": "Room 4, or the link of the board"
    }));
    let off = |reason: &str| meeting(json!({ "type": "callOff", "reason": reason }));
    let there = meeting(json!({ "type": "attend", "person": "e1020", "present": true }));
    let called = || {
        let mut story = given(DEFRA);
        story.then("e1010", call.clone());
        story
    };
    let mut story = called();
    let Some(Other::Meeting { meeting: known }) = story.record().readable_other() else {
        panic!("it is a meeting");
    };
    assert_eq!(json!(known.place), "Room 4, or the link of the board");
    assert_eq!(
        refused(&mut story, "e1020", off("No time.")),
        ["role.missing"]
    );
    assert_eq!(refused(&mut story, "e1010", off(" ")), ["reason.missing"]);
    let mut begun = called();
    begun.then("e1010", there.clone());
    assert_eq!(
        refused(&mut begun, "e1010", off("No time.")),
        ["meeting.begun"]
    );
    story.then("e1011", off("Nobody has time."));
    let Some(Other::Meeting { meeting: known }) = story.record().readable_other() else {
        panic!("it is a meeting");
    };
    assert!(!known.is_open() && known.closed.is_none());
    assert_eq!(json!(known.called_off.unwrap().text), "Nobody has time.");
    for step in [there, off("Again."), meeting(json!({ "type": "close" }))] {
        assert_eq!(refused(&mut story, "e1010", step), ["meeting.called-off"]);
    }
    let entries: Vec<_> = story.log.iter().map(|stored| &stored.entry).collect();
    let entries = serde_json::to_string(&entries).unwrap();
    assert!(!entries.contains("Room 4") && !entries.contains("Nobody has"));
}

#[test]
fn a_meeting_keeps_to_its_agenda_and_ends_with_somebody_there() {
    let mut story = given(DEFRA);
    let strange = "018f0000-0000-7000-8000-0000000000ff";
    let call = |agenda: Value| {
        meeting(
            json!({ "type": "call", "board": "change-approval-board", "at": "2026-11-24T10:00:00.000Z", "agenda": agenda }),
        )
    };
    let codes = refused(&mut story, "e1010", call(json!([strange])));
    assert!(has(&codes, "meeting.unknown-change"));
    story.then("e1010", call(json!([])));
    for (step, code) in [
        (
            json!({ "type": "minute", "change": strange, "text": "Yes." }),
            "meeting.not-on-agenda",
        ),
        (json!({ "type": "minute", "text": " " }), "text.missing"),
        (
            json!({ "type": "attend", "person": "nobody", "present": true }),
            "assign.unknown-person",
        ),
        (
            json!({ "type": "agenda", "agenda": [] }),
            "edit.nothing-changed",
        ),
        (json!({ "type": "close" }), "meeting.nobody-present"),
    ] {
        let codes = refused(&mut story, "e1010", meeting(step));
        assert!(has(&codes, code), "{code}: {codes:?}");
    }
}
