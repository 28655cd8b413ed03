//! Risk and approvals: making one answer more severe never lowers the level, more risk never removes an approval.

use std::collections::BTreeSet;

use super::{Checker, PolicyCode};
use crate::id::OptionId;
use crate::policy::risk::{Matrix, RiskQuestion};
use crate::policy::{Condition, Kind, Quorum};
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
    approvals(checker);
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
        | Kind::List { .. } => None,
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
        let mutual = rule
            .senior_to
            .iter()
            .filter_map(|id| checker.policy.approval(id.as_str()))
            .any(|other| other.senior_to.contains(&rule.id));
        if mutual || rule.senior_to.contains(&rule.id) {
            checker.stop(
                PolicyCode::Quorum,
                format!("{at}/seniorTo"),
                "two rules are senior to each other, so that neither would be asked",
            );
        }
    }
}

/// Each look at a risk question, and at the level, may only hold more, never less, as the answer becomes more severe.
fn monotone(checker: &mut Checker<'_>, at: &str, condition: &Condition, code: PolicyCode) {
    if !rises(checker, condition, true) {
        checker.stop(code, at, "a more severe answer, or a higher level, could make this hold no more; word it the other way round");
    }
}

/// Whether a condition, taken as it is or negated, holds for every answer more severe than one for which it holds.
fn rises(checker: &Checker<'_>, condition: &Condition, affirmed: bool) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().all(|part| rises(checker, part, affirmed))
        }
        Condition::Not(part) => rises(checker, part, !affirmed),
        Condition::Is(test) => match &test.value {
            Some(value) => upward(checker, &test.field, std::slice::from_ref(value), affirmed),
            None => question(checker, &test.field).is_none(),
        },
        Condition::In(test) => upward(checker, &test.field, &test.values, affirmed),
        Condition::Level(_) => affirmed,
        Condition::AtLeast(_)
        | Condition::AtMost(_)
        | Condition::Before(_)
        | Condition::After(_)
        | Condition::Filled(_)
        | Condition::Count(_)
        | Condition::LeadTime(_)
        | Condition::Fact(_)
        | Condition::Model(_)
        | Condition::Phase(_)
        | Condition::Actor(_) => true,
    }
}

fn question<'a>(checker: &Checker<'a>, field: &crate::id::FieldId) -> Option<&'a RiskQuestion> {
    checker
        .policy
        .risk
        .questions
        .iter()
        .find(|question| question.field == *field)
}

/// Whether the answers named (or, negated, the others) are the most severe ones of the question.
fn upward(
    checker: &Checker<'_>,
    field: &crate::id::FieldId,
    values: &[Value],
    affirmed: bool,
) -> bool {
    let Some(question) = question(checker, field) else {
        return true;
    };
    let named = |answer: &OptionId| {
        values.iter().any(|value| match value {
            Value::Text(text) => text == answer.as_str(),
            Value::Flag(flag) => flag.to_string() == answer.as_str(),
            Value::Number(_) | Value::List(_) | Value::Row(_) | Value::Sealed(_) => false,
        })
    };
    let held = |answer: &OptionId| named(answer) == affirmed;
    let least_held = question
        .points
        .iter()
        .filter(|(answer, _)| held(answer))
        .map(|(_, points)| *points)
        .min();
    let others = question.points.iter().filter(|(answer, _)| !held(answer));
    least_held.is_none_or(|least| others.into_iter().all(|(_, points)| *points <= least))
}
