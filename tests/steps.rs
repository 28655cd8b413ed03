//! What is offered of templates and policies, and what is decided: the two never disagree.
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

use changegate::id::PersonId;
use changegate::log::Record;
use changegate::other::Other;
use changegate::policy::Policy;
use changegate::refusal::Refusal;
use changegate::report::Desk;
use changegate::steps::{
    Proposable, StepKind, StepPermission, callable, proposable, samples_named, steps,
};
use changegate::world::{Document, Run};
use serde_json::{Value, json};
use story::{DEFRA, Story, content, given};

const SAMPLES: [&str; 3] = [
    "018f0000-0000-7000-8000-0000000000b1",
    "018f0000-0000-7000-8000-0000000000b2",
    "018f0000-0000-7000-8000-0000000000b3",
];
const EVERYBODY: [&str; 4] = ["e1041", "e1010", "e1011", "e1002"];

fn run(change: &str, outcome: &str) -> Run {
    let run = json!({
        "change": change, "number": "CHG-2026-0001", "model": "normal", "services": ["charging-module"],
        "outcome": outcome, "reportedAt": "2026-10-01T09:00:00.000Z", "closedAt": "2026-10-02T09:00:00.000Z"
    });
    changegate::wire::from_str(&run.to_string()).unwrap()
}

fn experienced() -> Story {
    let mut story = given(DEFRA);
    story.world.runs = SAMPLES.map(|id| run(id, "successful")).to_vec();
    story
}

fn ruleset() -> Value {
    let mut fields = content();
    let is_left = |id: &String| {
        let open = ["start", "end", "implementers", "sponsor", "department"].contains(&id.as_str());
        !open && !id.starts_with("risk")
    };
    fields.as_object_mut().unwrap().retain(|id, _| is_left(id));
    json!({
        "name": { "en": "Ruleset update" }, "model": "standard", "fields": fields,
        "open": ["start", "end", "implementers", "sponsor", "department"]
    })
}

fn template(step: Value) -> Value {
    json!({ "type": "template", "step": step })
}

fn meeting(step: Value) -> Value {
    json!({ "type": "meeting", "step": step })
}

fn call() -> Value {
    meeting(json!({
        "type": "call", "board": "change-approval-board", "at": "2026-11-24T10:00:00.000Z", "agenda": []
    }))
}

fn propose() -> Value {
    template(json!({
        "type": "propose", "template": "ruleset", "language": "en", "content": ruleset(), "samples": SAMPLES
    }))
}

fn desk<'a>(story: &'a Story, record: &'a Record, person: &'a PersonId) -> Desk<'a> {
    Desk {
        policy: &story.policy,
        record,
        person,
        now: story.now,
        world: &story.world,
        number: None,
    }
}

fn offered(story: &Story, person: &str) -> Vec<StepPermission> {
    let (record, person) = (story.record(), PersonId::from(person));
    steps(&desk(story, &record, &person))
}

fn proposable_to(story: &Story, person: &str) -> Vec<Proposable> {
    let (record, person) = (Record::empty(), PersonId::from(person));
    proposable(&desk(story, &record, &person))
}

/// The command of a step, with words where it asks for some.
fn command(story: &Story, kind: StepKind) -> Value {
    let other = story.record().readable_other().unwrap();
    match other {
        Other::Template { template: known } => {
            let waits = known.proposed.as_ref();
            let version = waits.map_or(0, |waits| waits.version);
            let hash = waits.map(|waits| waits.content_hash);
            template(match kind {
                StepKind::Propose => panic!("a template that there is is not proposed"),
                StepKind::Revise => {
                    json!({ "type": "revise", "language": "en", "content": ruleset() })
                }
                StepKind::Agree => {
                    json!({ "type": "agree", "version": version, "contentHash": hash })
                }
                StepKind::Decline => {
                    json!({ "type": "decline", "version": version, "reason": "Too wide." })
                }
                StepKind::Suspend => json!({ "type": "suspend", "reason": "It broke." }),
                StepKind::Reinstate => json!({ "type": "reinstate", "reason": "Mended." }),
                StepKind::Retire => json!({ "type": "retire", "reason": "Not needed." }),
                StepKind::Call
                | StepKind::Attend
                | StepKind::Minute
                | StepKind::Close
                | StepKind::CallOff => panic!("no step of a template"),
            })
        }
        Other::Publication { publication } => {
            let hash = publication.proposed.map(|waits| waits.hash);
            let step = match kind {
                StepKind::Propose => json!({ "type": "propose", "hash": newer().hash() }),
                StepKind::Agree => json!({ "type": "agree", "hash": hash }),
                StepKind::Decline => json!({ "type": "decline", "hash": hash, "reason": "No." }),
                StepKind::Revise
                | StepKind::Suspend
                | StepKind::Reinstate
                | StepKind::Retire
                | StepKind::Call
                | StepKind::Attend
                | StepKind::Minute
                | StepKind::Close
                | StepKind::CallOff => panic!("no step of a policy"),
            };
            json!({ "type": "policy", "step": step })
        }
        Other::Meeting { .. } => meeting(match kind {
            StepKind::Attend => json!({ "type": "attend", "person": "e1020", "present": true }),
            StepKind::Minute => json!({ "type": "minute", "text": "The backup comes first." }),
            StepKind::Close => json!({ "type": "close" }),
            StepKind::CallOff => json!({ "type": "callOff", "reason": "Nobody has time." }),
            StepKind::Propose
            | StepKind::Revise
            | StepKind::Agree
            | StepKind::Decline
            | StepKind::Suspend
            | StepKind::Reinstate
            | StepKind::Retire
            | StepKind::Call => panic!("no step of a meeting that there is"),
        }),
    }
}

fn code(refusal: &Refusal) -> Value {
    serde_json::to_value(refusal).unwrap()["code"].clone()
}

fn newer() -> Policy {
    let mut document: Value = serde_json::from_str(DEFRA).unwrap();
    document["version"] = json!("next");
    Policy::from_json(&document.to_string()).unwrap()
}

/// A story, told anew for each try.
type Tell = fn() -> Story;

fn proposed() -> Story {
    let mut story = experienced();
    story.then("e1041", propose());
    story
}

fn proposed_by_a_manager() -> Story {
    let mut story = experienced();
    story.then("e1010", propose());
    story
}

fn agreed() -> Story {
    let mut story = proposed();
    let yes = command(&story, StepKind::Agree);
    story.then("e1010", yes);
    story
}

fn revised() -> Story {
    let mut story = agreed();
    let revise = command(&story, StepKind::Revise);
    story.then("e1041", revise);
    story
}

fn suspended() -> Story {
    let mut story = agreed();
    let suspend = command(&story, StepKind::Suspend);
    story.then("e1010", suspend);
    story
}

fn lapsed() -> Story {
    let mut story = agreed();
    let mut run = run("018f0000-0000-7000-8000-0000000000c1", "unsuccessful");
    run.incident = true;
    run.template = Some(changegate::event::TemplateUsed {
        id: "ruleset".into(),
        version: 1,
        on_probation: false,
    });
    run.reported_at = story.now;
    story.world.runs.push(run);
    story
}

fn declined() -> Story {
    let mut story = proposed();
    let decline = command(&story, StepKind::Decline);
    story.then("e1010", decline);
    story
}

fn too_few_samples() -> Story {
    let mut story = proposed();
    story.world.runs[0].incident = true;
    story
}

fn in_force() -> Story {
    let mut story = given(DEFRA);
    story.world.documents = vec![Document::of(&story.policy)];
    let hash = story.policy.hash();
    let initial = json!({ "type": "policy", "step": { "type": "initial", "hash": hash } });
    story.when_host(initial).unwrap();
    story.world.documents = vec![Document::of(&newer())];
    story
}

fn meeting_called() -> Story {
    let mut story = given(DEFRA);
    story.then("e1010", call());
    story
}

fn meeting_attended() -> Story {
    let mut story = meeting_called();
    let there = json!({ "type": "attend", "person": "e1021", "present": true });
    story.then("e1010", meeting(there));
    story
}

fn meeting_called_off() -> Story {
    let mut story = meeting_called();
    let off = json!({ "type": "callOff", "reason": "Nobody has time." });
    story.then("e1010", meeting(off));
    story
}

fn meeting_ended() -> Story {
    let mut story = meeting_attended();
    story.then("e1010", meeting(json!({ "type": "close" })));
    story
}

fn policy_proposed() -> Story {
    let mut story = in_force();
    let propose = command(&story, StepKind::Propose);
    story.then("e1010", propose);
    story
}

#[test]
fn what_is_offered_is_taken_and_what_is_not_is_refused_for_the_reasons_told() {
    use StepKind::{
        Agree, Attend, CallOff, Close, Decline, Minute, Propose, Reinstate, Retire, Revise, Suspend,
    };
    let stories: [(Tell, &[StepKind]); 14] = [
        (proposed, &[Agree, Decline, Revise, Retire]),
        (proposed_by_a_manager, &[Agree, Decline, Revise, Retire]),
        (agreed, &[Revise, Suspend, Retire]),
        (revised, &[Agree, Decline, Revise, Suspend, Retire]),
        (suspended, &[Revise, Reinstate, Retire]),
        (lapsed, &[Revise, Reinstate, Retire]),
        (too_few_samples, &[Agree, Decline, Revise, Retire]),
        (declined, &[Revise, Retire]),
        (in_force, &[Propose]),
        (policy_proposed, &[Agree, Decline, Propose]),
        (meeting_called, &[Attend, Minute, Close, CallOff]),
        (meeting_attended, &[Attend, Minute, Close, CallOff]),
        (meeting_called_off, &[]),
        (meeting_ended, &[]),
    ];
    for (tell, known) in stories {
        for person in EVERYBODY {
            let offers = offered(&tell(), person);
            let kinds: Vec<_> = offers.iter().map(|offer| offer.step).collect();
            assert_eq!(kinds, known, "each step that the state knows");
            for offer in offers {
                let mut story = tell();
                let command = command(&story, offer.step);
                let codes: Vec<Value> = offer.refusals.iter().map(code).collect();
                let outcome = story.when(person, command);
                assert_eq!(outcome.is_ok(), offer.allowed, "{person}: {offer:?}");
                if let Err(reasons) = outcome {
                    assert_eq!(reasons, codes, "{person}: {:?}", offer.step);
                }
            }
        }
    }
}

#[test]
fn only_the_chair_is_told_that_they_may_call_a_meeting() {
    for person in EVERYBODY {
        let mut story = given(DEFRA);
        let (record, reader) = (Record::empty(), PersonId::from(person));
        let boards = callable(&desk(&story, &record, &reader));
        let names: Vec<_> = boards.iter().map(|known| known.board.as_str()).collect();
        assert_eq!(names, ["change-approval-board", "board-for-emergencies"]);
        let board = &boards[0];
        let codes: Vec<Value> = board.refusals.iter().map(code).collect();
        let outcome = story.when(person, call());
        assert_eq!(outcome.is_ok(), board.allowed, "{person}: {board:?}");
        assert_eq!(outcome.err().unwrap_or_default(), codes, "{person}");
    }
}

#[test]
fn whoever_may_propose_is_told_by_which_samples() {
    let mut story = experienced();
    story.world.runs[1].incident = true;
    let [rule] = proposable_to(&story, "e1041").try_into().unwrap();
    assert!(rule.allowed, "{rule:?}");
    assert_eq!((rule.successes, rule.yeses), (3, 1));
    let named: Vec<_> = rule.samples.iter().map(|run| run.change.as_str()).collect();
    assert_eq!(
        named,
        [SAMPLES[2], SAMPLES[0]],
        "the one with an incident is none"
    );
}

#[test]
fn whoever_decides_is_told_which_samples_no_longer_hold() {
    let story = too_few_samples();
    let (record, person) = (story.record(), PersonId::from("e1010"));
    let judged = samples_named(&desk(&story, &record, &person));
    let faults: Vec<_> = judged.iter().map(|sample| sample.fault.is_some()).collect();
    assert_eq!(faults, [true, false, false]);
}

#[test]
fn of_a_template_that_was_declined_nobody_takes_the_name_twice() {
    let mut story = declined();
    let other = json!("018f0000-0000-7000-8000-0000000000d1");
    let mut known = serde_json::to_value(&story.world).unwrap();
    let template = json!({
        "id": "ruleset", "version": 1, "name": { "en": "Another" }, "model": "standard", "active": true, "successes": 0,
        "failures": 0, "level": "low", "fields": {}, "open": [], "record": other
    });
    known["templates"] = json!([template]);
    story.world = serde_json::from_value(known).unwrap();
    let offers = offered(&story, "e1041");
    let offer = offers.iter().find(|offer| offer.step == StepKind::Revise);
    assert!(!offer.unwrap().allowed, "it is not offered either");
    let revise = command(&story, StepKind::Revise);
    let codes = story.when("e1041", revise).unwrap_err();
    assert_eq!(codes, ["template.exists"]);
}

#[test]
fn a_template_that_was_declined_is_given_up_only_by_those_who_could_propose_or_agree() {
    let mut story = declined();
    let nobody = |policy: &mut Value| policy["trust"][0]["propose"] = json!(["coordinator"]);
    let mut document = serde_json::to_value(&story.policy).unwrap();
    nobody(&mut document);
    story.policy = Policy::from_json(&document.to_string()).unwrap();
    let retire = command(&story, StepKind::Retire);
    let codes = story.when("e1041", retire.clone()).unwrap_err();
    assert_eq!(codes, ["role.missing"]);
    story.then("e1012", retire);
}
