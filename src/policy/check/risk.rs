//! Risk and approvals: making one answer more severe never lowers the level, more risk never removes an approval.

use std::collections::BTreeSet;

use super::{Checker, PolicyCode};
use crate::id::{FieldId, OptionId, RuleId};
use crate::policy::condition::Comparison;
use crate::policy::risk::{Matrix, RiskQuestion};
use crate::policy::{
    ApprovalRule, Authorization, Condition, FactName, Kind, Policy, Quorum, RiskDepth,
};
use crate::value::Value;

pub(super) fn check(checker: &mut Checker<'_>) {
    for (position, question) in checker.policy.risk.questions.iter().enumerate() {
        points(checker, position, question);
    }
    bands(checker);
    floors(checker);
    if let Some(matrix) = &checker.policy.risk.matrix {
        check_matrix(checker, matrix);
    }
    hiding(checker);
    templates(checker);
    approvals(checker);
}

/// The level of a template counts where the template carries the change, which then is what was approved.
fn templates(checker: &mut Checker<'_>) {
    for (position, model) in checker.policy.models.iter().enumerate() {
        let carried = matches!(model.authorization, Authorization::PreApproved { .. });
        if model.risk == RiskDepth::Template && !carried {
            checker.stop(
                PolicyCode::NotMonotone,
                format!("/models/{position}/risk"),
                "only a pre-approved model has its level from a template, assess this one in full",
            );
        }
    }
}

/// The answers of the field that a question asks: options in order, or `true` and `false`.
fn answers(kind: &Kind) -> Option<Vec<OptionId>> {
    match kind {
        Kind::Choice { options } => Some(options.iter().map(|option| option.id.clone()).collect()),
        Kind::YesNo {} => Some(vec!["true".into(), "false".into()]),
        Kind::Text { .. }
        | Kind::LongText { .. }
        | Kind::Several { .. }
        | Kind::DateTime {}
        | Kind::Number { .. }
        | Kind::Duration { .. }
        | Kind::People { .. }
        | Kind::Services { .. }
        | Kind::List { .. }
        | Kind::Tasks { .. } => None,
    }
}

fn points(checker: &mut Checker<'_>, position: usize, question: &RiskQuestion) {
    let at = format!("/risk/questions/{position}");
    checker.known_field(question.field.as_str(), &format!("{at}/field"));
    let Some(field) = checker.policy.field(question.field.as_str()) else {
        return;
    };
    let Some(answers) = answers(&field.kind) else {
        checker.stop(
            PolicyCode::Points,
            format!("{at}/field"),
            "a risk question is a choice, or yes or no",
        );
        return;
    };
    for answer in answers
        .iter()
        .filter(|answer| !question.points.contains_key(*answer))
    {
        checker.stop(
            PolicyCode::Points,
            format!("{at}/points"),
            format!("the answer `{answer}` has no points, give it some"),
        );
    }
    for (answer, points) in question.points.iter() {
        if *points < 0 {
            checker.stop(
                PolicyCode::Points,
                format!("{at}/points/{answer}"),
                "points are never negative: an answer cannot take risk away",
            );
        }
        if !answers.contains(answer) {
            checker.stop(
                PolicyCode::UnknownName,
                format!("{at}/points/{answer}"),
                format!("`{answer}` is no answer of `{}`", question.field),
            );
        }
    }
}

fn bands(checker: &mut Checker<'_>) {
    let risk = &checker.policy.risk;
    if !risk.questions.is_empty() && risk.bands.is_empty() {
        checker.stop(
            PolicyCode::Bands,
            "/risk/bands",
            "there are questions but no bands, say which points make which level",
        );
    }
    let mut expected = Some(0);
    let mut lowest = None;
    for (position, band) in risk.bands.iter().enumerate() {
        let at = format!("/risk/bands/{position}");
        checker.known_level(&band.level, &format!("{at}/level"));
        if expected != Some(band.from) {
            let message = format!(
                "this band starts at {}, but the ones before leave off at {expected:?}: no hole and no overlap",
                band.from
            );
            checker.stop(PolicyCode::Bands, format!("{at}/from"), message);
        }
        if band.to.is_some_and(|to| to < band.from) {
            checker.stop(
                PolicyCode::Bands,
                format!("{at}/to"),
                "this band ends before it starts",
            );
        }
        if checker.policy.rank(&band.level) < lowest {
            checker.stop(
                PolicyCode::NotMonotone,
                format!("{at}/level"),
                "more points make a lower level here",
            );
        }
        lowest = checker.policy.rank(&band.level);
        expected = band.to.and_then(|to| to.checked_add(1));
    }
    if expected.is_some() && !risk.bands.is_empty() {
        checker.stop(
            PolicyCode::Bands,
            "/risk/bands",
            "the last band has an end, leave out its `to`",
        );
    }
}

/// The first floor that matches counts, so a later one must not be higher.
fn floors(checker: &mut Checker<'_>) {
    let mut before = None;
    for (position, floor) in checker.policy.risk.floors.iter().enumerate() {
        let at = format!("/risk/floors/{position}");
        checker.known_level(&floor.level, &format!("{at}/level"));
        let rank = checker.policy.rank(&floor.level);
        if before.is_some_and(|before| before < rank) {
            checker.stop(PolicyCode::NotMonotone, format!("{at}/level"), "this floor is higher than one before it, which would hide it; put the highest first");
        }
        before = Some(rank);
        monotone(
            checker,
            &format!("{at}/when"),
            &floor.when,
            PolicyCode::NotMonotone,
        );
    }
}

fn check_matrix(checker: &mut Checker<'_>, matrix: &Matrix) {
    let options = |field: &crate::id::FieldId| match checker
        .policy
        .field(field.as_str())
        .map(|field| &field.kind)
    {
        Some(Kind::Choice { options }) => Some(options.len()),
        Some(_) | None => None,
    };
    let (rows, columns) = (options(&matrix.impact), options(&matrix.likelihood));
    let fits =
        Some(matrix.rows.len()) == rows && matrix.rows.iter().all(|row| Some(row.len()) == columns);
    if !fits {
        checker.stop(
            PolicyCode::NotMonotone,
            "/risk/matrix",
            "a row an option of impact, in it a level an option of likelihood; both are choices",
        );
    }
    let mut above: Option<&Vec<crate::id::LevelId>> = None;
    for (position, row) in matrix.rows.iter().enumerate() {
        for (index, level) in row.iter().enumerate() {
            let at = format!("/risk/matrix/rows/{position}/{index}");
            checker.known_level(level, &at);
            let left = index.checked_sub(1).and_then(|index| row.get(index));
            let up = above.and_then(|row| row.get(index));
            let falls = [left, up]
                .into_iter()
                .flatten()
                .any(|milder| checker.policy.rank(milder) > checker.policy.rank(level));
            if falls {
                checker.stop(
                    PolicyCode::NotMonotone,
                    at,
                    "a worse answer gives a lower level here",
                );
            }
        }
        above = Some(row);
    }
}

/// A risk question must not vanish because another answer became more severe.
fn hiding(checker: &mut Checker<'_>) {
    let asked: BTreeSet<_> = checker
        .policy
        .risk
        .questions
        .iter()
        .map(|question| &question.field)
        .collect();
    for (position, field) in checker
        .policy
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| asked.contains(&field.id))
    {
        if let Some(when) = &field.visible {
            monotone(
                checker,
                &format!("/fields/{position}/visible"),
                when,
                PolicyCode::NotMonotone,
            );
        }
    }
}

fn approvals(checker: &mut Checker<'_>) {
    for (position, rule) in checker.policy.approvals.iter().enumerate() {
        let at = format!("/approvals/{position}");
        if let Some(when) = &rule.when {
            monotone(
                checker,
                &format!("{at}/when"),
                when,
                PolicyCode::ApprovalNotMonotone,
            );
        }
        let sensible = match rule.quorum {
            Quorum::Any {} | Quorum::All {} => true,
            Quorum::AtLeast { number } => number > 0,
            Quorum::Percent { percent } => (1..=100).contains(&percent),
        };
        if !sensible {
            checker.stop(
                PolicyCode::Quorum,
                format!("{at}/quorum"),
                "at least one yes, at most 100 percent",
            );
        }
        if juniors(checker.policy, rule).contains(&&rule.id) {
            checker.stop(
                PolicyCode::Quorum,
                format!("{at}/seniorTo"),
                "rules are senior to each other in a ring, so that none of them would be asked",
            );
        }
    }
}

/// The rules that a rule is senior to, at any remove.
fn juniors<'a>(policy: &'a Policy, rule: &'a ApprovalRule) -> BTreeSet<&'a RuleId> {
    let mut found = BTreeSet::new();
    let mut ahead: Vec<&RuleId> = rule.senior_to.iter().collect();
    while let Some(id) = ahead.pop() {
        if found.insert(id) {
            let next = policy.approval(id.as_str());
            ahead.extend(next.into_iter().flat_map(|rule| &rule.senior_to));
        }
    }
    found
}

/// Each look at a risk question, at a fact and at the level may only hold more, never less, as things become more severe.
fn monotone(checker: &mut Checker<'_>, at: &str, condition: &Condition, code: PolicyCode) {
    let mut direction = Direction {
        policy: checker.policy,
        seen: BTreeSet::new(),
    };
    if !direction.rises(condition, true) {
        checker.stop(code, at, "a more severe answer, or a higher level, could make this hold no more; word it the other way round");
    }
}

/// Which way conditions turn as answers become more severe.
struct Direction<'a> {
    policy: &'a Policy,
    /// The fields whose visibility was looked at, and taken which way.
    seen: BTreeSet<(&'a FieldId, bool)>,
}

impl<'a> Direction<'a> {
    /// Whether a condition, taken as it is or negated, holds for every answer more severe than one for which it holds.
    fn rises(&mut self, condition: &'a Condition, affirmed: bool) -> bool {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().all(|part| self.rises(part, affirmed))
            }
            Condition::Not(part) => self.rises(part, !affirmed),
            Condition::Is(test) => {
                let upward = match &test.value {
                    Some(value) => self.upward(&test.field, std::slice::from_ref(value), affirmed),
                    None => self.orders(&test.field).is_empty(),
                };
                upward && self.compared(test, affirmed)
            }
            Condition::In(test) => {
                self.upward(&test.field, &test.values, affirmed)
                    && self.shows(&test.field, affirmed)
            }
            Condition::AtLeast(test)
            | Condition::AtMost(test)
            | Condition::Before(test)
            | Condition::After(test) => self.compared(test, affirmed),
            Condition::Filled(field) => self.shows(field, affirmed),
            Condition::Count(test) => self.shows(&test.field, affirmed),
            Condition::Level(_) => affirmed,
            // Of successes alone, more is better.
            Condition::Fact(test) => {
                affirmed != matches!(test.name, FactName::Successes | FactName::Runs)
            }
            Condition::LeadTime(_)
            | Condition::Model(_)
            | Condition::Phase(_)
            | Condition::Actor(_)
            | Condition::Evidence(_)
            | Condition::Tasks(_)
            | Condition::Checked(_)
            | Condition::Outcome(_)
            | Condition::Flag(_) => true,
        }
    }

    fn compared(&mut self, test: &'a Comparison, affirmed: bool) -> bool {
        self.shows(&test.field, affirmed)
            && test
                .other
                .as_ref()
                .is_none_or(|other| self.shows(other, affirmed))
    }

    /// Whether no more severe answer takes away a field on which a condition stands, or puts in one by which it falls.
    fn shows(&mut self, field: &'a FieldId, affirmed: bool) -> bool {
        let visible = self
            .policy
            .field(field.as_str())
            .and_then(|field| field.visible.as_ref());
        visible
            .is_none_or(|when| !self.seen.insert((field, affirmed)) || self.rises(when, affirmed))
    }

    /// How severe the answers of a field are: as a risk question, and as an axis of the matrix.
    fn orders(&self, field: &FieldId) -> Vec<Vec<(&'a OptionId, i64)>> {
        let risk = &self.policy.risk;
        let questions = risk
            .questions
            .iter()
            .filter(|question| question.field == *field);
        let points = questions.map(|question| {
            let points = question.points.iter();
            points.map(|(answer, points)| (answer, *points)).collect()
        });
        let is_axis = risk
            .matrix
            .iter()
            .any(|matrix| matrix.impact == *field || matrix.likelihood == *field);
        let options = match self.policy.field(field.as_str()).map(|field| &field.kind) {
            Some(Kind::Choice { options }) if is_axis => Some(options),
            Some(_) | None => None,
        };
        let axis =
            options.map(|options| options.iter().map(|option| &option.id).zip(0..).collect());
        points.chain(axis).collect()
    }

    /// Whether the answers named (or, negated, the others) are the most severe ones.
    fn upward(&self, field: &FieldId, values: &[Value], affirmed: bool) -> bool {
        let held = |answer: &OptionId| is_named(values, answer) == affirmed;
        self.orders(field).into_iter().all(|order| {
            let (on, off): (Vec<_>, Vec<_>) =
                order.into_iter().partition(|(answer, _)| held(answer));
            let least = on.into_iter().map(|(_, points)| points).min();
            least.is_none_or(|least| off.into_iter().all(|(_, points)| points <= least))
        })
    }
}

fn is_named(values: &[Value], answer: &OptionId) -> bool {
    values.iter().any(|value| match value {
        Value::Text(text) => text == answer.as_str(),
        Value::Flag(flag) => flag.to_string() == answer.as_str(),
        Value::Number(_) | Value::List(_) | Value::Row(_) | Value::Sealed(_) => false,
    })
}
