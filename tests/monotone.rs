//! More risk never lowers the level and never removes an approval, but for one that gives way to a senior one.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod story;

use changegate::assessment::{Assessment, assess};
use changegate::draft::Draft;
use changegate::id::PersonId;
use changegate::policy::{Policy, RiskQuestion};
use changegate::value::Value;
use changegate::world::World;
use story::{CHANGE, content, instant};

/// A stream of numbers that is the same in every run.
///
/// # Source
/// The multiplier of Knuth's MMIX generator.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

fn value(option: &str) -> Value {
    match option {
        "true" => Value::Flag(true),
        "false" => Value::Flag(false),
        other => Value::Text(other.to_owned()),
    }
}

/// The answers of a question from the mildest to the most severe; no answer comes last.
fn answers(question: &RiskQuestion) -> Vec<Option<Value>> {
    let mut answers: Vec<_> = question.points.iter().collect();
    answers.sort_by_key(|(_, points)| **points);
    answers
        .into_iter()
        .map(|(option, _)| Some(value(option.as_str())))
        .chain([None])
        .collect()
}

fn assessed(policy: &Policy, world: &World, draft: &Draft) -> Assessment {
    assess(
        policy,
        draft,
        &PersonId::from("e1041"),
        instant("2026-11-23T10:00:00.000Z"),
        world,
    )
}

/// Whether each approval of the milder content is still asked, or gave way to a rule senior to it.
fn keeps_approvals(policy: &Policy, milder: &Assessment, worse: &Assessment) -> bool {
    let asked = |rule: &changegate::id::RuleId| {
        worse
            .approvals
            .iter()
            .any(|approval| approval.rule == *rule)
    };
    let gave_way = |rule: &changegate::id::RuleId| {
        policy
            .approvals
            .iter()
            .any(|other| other.senior_to.contains(rule) && asked(&other.id))
    };
    milder
        .approvals
        .iter()
        .all(|approval| asked(&approval.rule) || gave_way(&approval.rule))
}

#[test]
fn a_more_severe_answer_never_lowers_the_level_and_never_removes_an_approval() {
    let story = story::given(story::DEFRA);
    let (policy, world) = (&story.policy, &story.world);
    let mut numbers = Numbers(20_261_123);
    let mut draft = Draft {
        id: CHANGE.into(),
        model: Some("normal".into()),
        template: None,
        language: "en".to_owned(),
        fields: changegate::wire::from_str(&content().to_string()).unwrap(),
    };
    let mut compared = 0;
    for _ in 0..400 {
        for question in &policy.risk.questions {
            let answers = answers(question);
            set(&mut draft, question, &answers[numbers.below(answers.len())]);
        }
        let question = &policy.risk.questions[numbers.below(policy.risk.questions.len())];
        let mut milder: Option<Assessment> = None;
        for answer in answers(question) {
            set(&mut draft, question, &answer);
            let worse = assessed(policy, world, &draft);
            if let Some(milder) = milder {
                assert!(
                    policy.rank(&milder.risk.level) <= policy.rank(&worse.risk.level),
                    "{}: {answer:?}",
                    question.field
                );
                assert!(
                    keeps_approvals(policy, &milder, &worse),
                    "{}: {answer:?}",
                    question.field
                );
                compared += 1;
            }
            milder = Some(worse);
        }
    }
    assert!(compared > 1_000, "{compared}");
}

fn set(draft: &mut Draft, question: &RiskQuestion, answer: &Option<Value>) {
    match answer {
        Some(value) => draft.fields.insert(question.field.clone(), value.clone()),
        None => draft.fields.remove(&question.field),
    };
}
