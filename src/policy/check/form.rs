//! The form: sections, order, meanings, columns.

use std::collections::BTreeSet;

use super::{Checker, PolicyCode};
use crate::id::FieldId;
use crate::policy::{ApprovalRule, Approvers, Condition, Field, Kind, Meaning, Phase};
use crate::value::COMMITMENT;

pub(super) fn check(checker: &mut Checker<'_>) {
    if checker.policy.ask.len() > 6 {
        checker.stop(
            PolicyCode::AskTooMany,
            "/ask",
            "more than six plain questions, leave the rest to the full form",
        );
    }
    sections(checker);
    meanings(checker);
    let mut before = BTreeSet::new();
    for (position, field) in checker.policy.fields.iter().enumerate() {
        visibility(checker, position, field, &before);
        immaterial(checker, position, field);
        columns(checker, position, field);
        later(checker, position, field);
        before.insert(&field.id);
    }
}

fn sections(checker: &mut Checker<'_>) {
    let mut placed: BTreeSet<&FieldId> = BTreeSet::new();
    for (position, section) in checker.policy.sections.iter().enumerate() {
        for (index, field) in section.fields.iter().enumerate() {
            let at = format!("/sections/{position}/fields/{index}");
            checker.known_field(field.as_str(), &at);
            if !placed.insert(field) {
                checker.stop(
                    PolicyCode::FieldSection,
                    at,
                    format!("`{field}` stands in two sections, leave it in one"),
                );
            }
        }
    }
    for (position, field) in checker.policy.fields.iter().enumerate() {
        if !field.asked.is_request() {
            if placed.contains(&field.id) {
                let message = format!(
                    "`{}` is asked by a later gesture, take it out of its section",
                    field.id
                );
                let at = format!("/fields/{position}/asked");
                checker.stop(PolicyCode::FieldSection, at, message);
            }
            continue;
        }
        if !placed.contains(&field.id) {
            let message = format!(
                "`{}` stands in no section, so nobody could fill it; add it to one",
                field.id
            );
            checker.stop(
                PolicyCode::FieldSection,
                format!("/fields/{position}"),
                message,
            );
        }
    }
}

/// What is asked by a later gesture is no part of the request: it means nothing to the core, and the request does not depend
/// on it.
fn later(checker: &mut Checker<'_>, position: usize, field: &Field) {
    let at = |key: &str| format!("/fields/{position}/{key}");
    let is_later = |id: &FieldId| {
        let field = checker.policy.field(id.as_str());
        field.is_some_and(|field| !field.asked.is_request())
    };
    if field.asked.is_request() {
        let mut seen = Vec::new();
        let conditions = field.visible.iter().chain(&field.required);
        conditions.for_each(|when| fields_of(when, &mut seen));
        if let Some(other) = seen.into_iter().find(|id| is_later(id)) {
            let message = format!(
                "`{}` of the request depends on `{other}`, which is asked only later",
                field.id
            );
            checker.stop(PolicyCode::FieldStage, at("asked"), message);
        }
        let never = matches!(
            field.required_before,
            Phase::Review | Phase::Closed | Phase::Rejected | Phase::Canceled
        );
        if never && field.required.is_some() {
            let message = format!(
                "`{}` of the request cannot be filled any more by then, ask it with `asked`",
                field.id
            );
            checker.stop(PolicyCode::FieldStage, at("requiredBefore"), message);
        }
    } else if field.means.is_some() || checker.policy.ask.contains(&field.id) {
        let message = format!(
            "`{}` is asked by a later gesture, so it means nothing to the core and is no plain question",
            field.id
        );
        checker.stop(PolicyCode::FieldStage, at("asked"), message);
    }
    if let Some(beside) = &field.beside {
        checker.known_field(beside.as_str(), &at("beside"));
        if is_later(beside) || field.asked.is_request() {
            let message = format!(
                "only what is asked later stands beside a field of the request, and `{}` beside `{beside}` does not",
                field.id
            );
            checker.stop(PolicyCode::FieldStage, at("beside"), message);
        }
    }
}

/// A condition of visibility sees only fields before its own, so that one pass decides and no two fields wait for each other.
fn visibility(
    checker: &mut Checker<'_>,
    position: usize,
    field: &Field,
    before: &BTreeSet<&FieldId>,
) {
    let Some(when) = &field.visible else { return };
    let mut seen = Vec::new();
    fields_of(when, &mut seen);
    for other in seen.into_iter().filter(|other| !before.contains(other)) {
        let message = format!(
            "`{}` is shown depending on `{other}`, which does not come before it; move it up",
            field.id
        );
        checker.stop(
            PolicyCode::VisibilityOrder,
            format!("/fields/{position}/visible"),
            message,
        );
    }
}

/// The fields that a condition looks at.
pub(super) fn fields_of<'a>(condition: &'a Condition, seen: &mut Vec<&'a FieldId>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| fields_of(part, seen))
        }
        Condition::Not(part) => fields_of(part, seen),
        Condition::Is(test)
        | Condition::AtLeast(test)
        | Condition::AtMost(test)
        | Condition::Before(test)
        | Condition::After(test) => {
            seen.push(&test.field);
            seen.extend(&test.other);
        }
        Condition::In(test) => seen.push(&test.field),
        Condition::Filled(field) => seen.push(field),
        Condition::Count(test) => seen.push(&test.field),
        Condition::LeadTime(_)
        | Condition::Fact(_)
        | Condition::Level(_)
        | Condition::Model(_)
        | Condition::Phase(_)
        | Condition::Actor(_)
        | Condition::Evidence(_)
        | Condition::Tasks(_)
        | Condition::Checked(_)
        | Condition::Outcome(_)
        | Condition::Flag(_) => {}
    }
}

fn meanings(checker: &mut Checker<'_>) {
    let mut seen = BTreeSet::new();
    for (position, field) in checker.policy.fields.iter().enumerate() {
        let Some(meaning) = field.means else { continue };
        let at = format!("/fields/{position}/means");
        if !seen.insert(meaning) {
            checker.stop(
                PolicyCode::FieldMeaning,
                at,
                format!("another field has the meaning of `{}` already", field.id),
            );
        } else if !fits(meaning, &field.kind) {
            checker.stop(
                PolicyCode::FieldMeaning,
                at,
                format!("`{}` is not of the kind that its meaning needs", field.id),
            );
        }
    }
    if !seen.contains(&Meaning::Title) {
        checker.stop(
            PolicyCode::FieldMeaning,
            "/fields",
            "no field means `title`, so lists could not name a change",
        );
    }
    window(checker, &seen);
}

/// Freezes, maintenance windows and other changes are compared with the planned window; where the form asks for none, they are met
/// only when the work starts.
fn window(checker: &mut Checker<'_>, seen: &BTreeSet<Meaning>) {
    let ends = [Meaning::WindowStart, Meaning::WindowEnd];
    if !ends.iter().all(|end| seen.contains(end)) {
        checker.warn(
            PolicyCode::NoWindow,
            "/fields",
            "no fields mean `windowStart` and `windowEnd`, so freezes and other changes are never compared before the work starts",
        );
    }
}

/// What an approval is bound to whatever the policy says: when, where and how. By whom, duties see to.
fn immaterial(checker: &mut Checker<'_>, position: usize, field: &Field) {
    let bound = match field.means {
        None
        | Some(Meaning::Title | Meaning::Description | Meaning::Implementers | Meaning::Authors) => {
            false
        }
        Some(
            Meaning::WindowStart
            | Meaning::WindowEnd
            | Meaning::Services
            | Meaning::Downtime
            | Meaning::DowntimeStart
            | Meaning::DowntimeEnd
            | Meaning::ImplementationPlan
            | Meaning::BackoutPlan
            | Meaning::TestPlan
            | Meaning::Tasks,
        ) => true,
    };
    if field.immaterial && bound {
        let message = format!(
            "`{}` says when, where or how, and cannot change behind an approval; take this out",
            field.id
        );
        checker.stop(
            PolicyCode::FieldMeaning,
            format!("/fields/{position}/immaterial"),
            message,
        );
    }
    approvers(checker, position, field);
}

/// Whose yes is asked for is not changed behind it.
fn approvers(checker: &mut Checker<'_>, position: usize, field: &Field) {
    let names =
        |from: &Approvers| matches!(from, Approvers::Field { field: named } if *named == field.id);
    let asks = |rule: &ApprovalRule| {
        let above = rule.escalate.as_ref().map(|escalate| &escalate.to);
        let mut from = std::iter::once(&rule.from).chain(&rule.deputies);
        from.any(names) || above.is_some_and(names)
    };
    if field.immaterial && checker.policy.approvals.iter().any(asks) {
        let message = format!(
            "`{}` says whose yes is asked for, and cannot change behind it; take this out",
            field.id
        );
        checker.stop(
            PolicyCode::FieldMeaning,
            format!("/fields/{position}/immaterial"),
            message,
        );
    }
}

const fn fits(meaning: Meaning, kind: &Kind) -> bool {
    match meaning {
        Meaning::Title => matches!(kind, Kind::Text { .. }),
        Meaning::Description
        | Meaning::ImplementationPlan
        | Meaning::BackoutPlan
        | Meaning::TestPlan => {
            matches!(
                kind,
                Kind::Text { .. } | Kind::LongText { .. } | Kind::List { .. }
            )
        }
        Meaning::WindowStart
        | Meaning::WindowEnd
        | Meaning::DowntimeStart
        | Meaning::DowntimeEnd => matches!(kind, Kind::DateTime {}),
        Meaning::Services => matches!(kind, Kind::Services { .. }),
        Meaning::Implementers | Meaning::Authors => matches!(kind, Kind::People { .. }),
        Meaning::Downtime => matches!(kind, Kind::YesNo {}),
        Meaning::Tasks => matches!(kind, Kind::Tasks { .. }),
    }
}

/// Two answers of one id would be one.
fn options(checker: &mut Checker<'_>, at: &str, kind: &Kind) {
    let (Kind::Choice { options } | Kind::Several { options } | Kind::Tasks { plans: options, .. }) =
        kind
    else {
        return;
    };
    let mut seen = BTreeSet::new();
    for option in options.iter().filter(|option| !seen.insert(&option.id)) {
        let message = format!(
            "the answer `{}` is declared twice, give one another id",
            option.id
        );
        checker.stop(PolicyCode::NameTwice, at, message);
    }
}

fn columns(checker: &mut Checker<'_>, position: usize, field: &Field) {
    options(checker, &format!("/fields/{position}/kind"), &field.kind);
    let Kind::List { columns, .. } = &field.kind else {
        return;
    };
    let mut seen = BTreeSet::new();
    for column in columns {
        let at = format!("/fields/{position}/kind/columns");
        if !seen.insert(&column.id) {
            let message = format!(
                "the column `{}` is declared twice, give one another id",
                column.id
            );
            checker.stop(PolicyCode::NameTwice, at.clone(), message);
        }
        options(checker, &at, &column.kind);
    }
    for (index, column) in columns.iter().enumerate() {
        let at = format!("/fields/{position}/kind/columns/{index}");
        if matches!(column.kind, Kind::List { .. }) {
            checker.stop(
                PolicyCode::FieldColumn,
                at.clone(),
                "a list within a list, use another kind",
            );
        }
        if column.id.as_str() == COMMITMENT {
            checker.stop(
                PolicyCode::FieldColumn,
                at,
                format!("`{COMMITMENT}` is reserved, give the column another id"),
            );
        }
    }
}
