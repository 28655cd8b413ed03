//! Conditions: well formed, in their place, and able to hold.

use super::satisfiable::{Found, satisfiable};
use super::{Checker, PolicyCode};
use crate::policy::condition::{Comparison, Membership};
use crate::policy::{Condition, FreeText, Kind};
use crate::value::Value;

/// Where a condition stands, and so what may be part of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Form,
    Risk,
    Approval,
    Rule,
    Guard,
    Review,
}

pub(super) fn check(checker: &mut Checker<'_>) {
    for (at, place, condition) in all(checker) {
        walk(checker, &at, place, condition);
        match satisfiable(checker.policy, condition) {
            Found::Yes => {}
            Found::No => checker.stop(
                PolicyCode::ConditionNever,
                at,
                "this can never hold, correct or remove it",
            ),
            Found::NotDetermined => {
                checker.warn(
                    PolicyCode::ConditionNotDetermined,
                    at,
                    "whether this can ever hold was not determined, it looks at too much at once",
                );
            }
        }
    }
}

type Placed<'a> = Vec<(String, Place, &'a Condition)>;

/// Every condition of the document.
fn all<'a>(checker: &Checker<'a>) -> Placed<'a> {
    let policy = checker.policy;
    let mut all = Vec::new();
    for (position, field) in policy.fields.iter().enumerate() {
        add(
            &mut all,
            format!("/fields/{position}/visible"),
            Place::Form,
            field.visible.as_ref(),
        );
        add(
            &mut all,
            format!("/fields/{position}/required"),
            Place::Form,
            field.required.as_ref(),
        );
    }
    for (position, rule) in policy.consistency.iter().enumerate() {
        add(
            &mut all,
            format!("/consistency/{position}/when"),
            Place::Rule,
            Some(&rule.when),
        );
    }
    for (position, proposal) in policy.proposals.iter().enumerate() {
        add(
            &mut all,
            format!("/proposals/{position}/when"),
            Place::Form,
            proposal.when.as_ref(),
        );
    }
    for (position, floor) in policy.risk.floors.iter().enumerate() {
        add(
            &mut all,
            format!("/risk/floors/{position}/when"),
            Place::Risk,
            Some(&floor.when),
        );
    }
    for (position, rule) in policy.approvals.iter().enumerate() {
        add(
            &mut all,
            format!("/approvals/{position}/when"),
            Place::Approval,
            rule.when.as_ref(),
        );
    }
    for (position, duty) in policy.duties.iter().enumerate() {
        add(
            &mut all,
            format!("/duties/{position}/when"),
            Place::Rule,
            duty.when.as_ref(),
        );
    }
    for (position, gate) in policy.gates.iter().enumerate() {
        add(
            &mut all,
            format!("/gates/{position}/when"),
            Place::Guard,
            gate.when.as_ref(),
        );
        add(
            &mut all,
            format!("/gates/{position}/needs"),
            Place::Guard,
            Some(&gate.needs),
        );
    }
    for (position, item) in policy.checklist.iter().enumerate() {
        let at = format!("/checklist/{position}/when");
        add(&mut all, at, Place::Rule, item.when.as_ref());
    }
    for (position, trigger) in policy.reviews.iter().enumerate() {
        let at = format!("/reviews/{position}/when");
        add(&mut all, at, Place::Review, Some(&trigger.when));
    }
    for (position, model) in policy.models.iter().enumerate() {
        for (index, way) in model.life_cycle.transitions.iter().enumerate() {
            add(
                &mut all,
                format!("/models/{position}/lifeCycle/transitions/{index}/guard"),
                Place::Guard,
                way.guard.as_ref(),
            );
        }
    }
    all
}

fn add<'a>(all: &mut Placed<'a>, at: String, place: Place, condition: Option<&'a Condition>) {
    all.extend(condition.map(|condition| (at, place, condition)));
}

fn walk(checker: &mut Checker<'_>, at: &str, place: Place, condition: &Condition) {
    match condition {
        Condition::All(parts) => parts.iter().enumerate().for_each(|(position, part)| {
            walk(checker, &format!("{at}/all/{position}"), place, part)
        }),
        Condition::Any(parts) => parts.iter().enumerate().for_each(|(position, part)| {
            walk(checker, &format!("{at}/any/{position}"), place, part)
        }),
        Condition::Not(part) => {
            if place == Place::Risk {
                out_of_place(
                    checker,
                    at,
                    "a risk condition has no `not`: more evidence could lower the risk",
                );
            }
            walk(checker, &format!("{at}/not"), place, part);
        }
        Condition::Is(test) => comparison(checker, &format!("{at}/is"), test, Operand::Any),
        Condition::AtLeast(test) => {
            comparison(checker, &format!("{at}/atLeast"), test, Operand::Number)
        }
        Condition::AtMost(test) => {
            comparison(checker, &format!("{at}/atMost"), test, Operand::Number)
        }
        Condition::Before(test) => {
            comparison(checker, &format!("{at}/before"), test, Operand::Instant)
        }
        Condition::After(test) => {
            comparison(checker, &format!("{at}/after"), test, Operand::Instant)
        }
        Condition::In(test) => membership(checker, &format!("{at}/in"), test),
        Condition::Filled(field) => checker.known_field(field.as_str(), &format!("{at}/filled")),
        Condition::Count(test) => {
            checker.known_field(test.field.as_str(), &format!("{at}/count/field"))
        }
        Condition::LeadTime(test) => {
            if test.less_than.working_days.is_some() == test.less_than.minutes.is_some() {
                checker.stop(
                    PolicyCode::ConditionMalformed,
                    format!("{at}/leadTime/lessThan"),
                    "give either workingDays or minutes",
                );
            }
        }
        Condition::Fact(_) => {}
        Condition::Level(test) => {
            checker.known_level(&test.at_least, &format!("{at}/level/atLeast"));
            if matches!(place, Place::Risk | Place::Form) {
                out_of_place(
                    checker,
                    at,
                    "the risk level is not known here yet, use the answers it comes from",
                );
            }
        }
        Condition::Model(models) => {
            models.iter().enumerate().for_each(|(position, model)| {
                checker.known_model(model.as_str(), &format!("{at}/model/{position}"))
            });
        }
        Condition::Phase(_) => {
            if matches!(place, Place::Risk | Place::Approval) {
                out_of_place(
                    checker,
                    at,
                    "risk and approvals are the same in every phase, or a change could move out of them",
                );
            }
        }
        Condition::Evidence(test) => {
            progress(checker, at, place);
            checker.known_evidence(test.kind.as_str(), &format!("{at}/evidence/kind"));
        }
        Condition::Checked(items) => {
            progress(checker, at, place);
            items.iter().enumerate().for_each(|(position, item)| {
                checker.known_check(item.as_str(), &format!("{at}/checked/{position}"));
            });
        }
        Condition::Tasks(test) => {
            progress(checker, at, place);
            if let Some(plan) = &test.plan {
                checker.known_plan(plan, &format!("{at}/tasks/plan"));
            }
        }
        Condition::Outcome(_) | Condition::Flag(_) => {
            progress(checker, at, place);
        }
        Condition::Actor(roles) => {
            if place != Place::Guard {
                out_of_place(
                    checker,
                    at,
                    "the actor is looked at in guards and gates only",
                );
            }
            roles.iter().enumerate().for_each(|(position, role)| {
                checker.known_role(role.as_str(), &format!("{at}/actor/{position}"))
            });
        }
    }
}

/// What became of a change is known only once there is one.
fn progress(checker: &mut Checker<'_>, at: &str, place: Place) {
    if !matches!(place, Place::Guard | Place::Review) {
        let message =
            "what became of a change is looked at in guards, gates and review triggers only";
        out_of_place(checker, at, message);
    }
}

fn out_of_place(checker: &mut Checker<'_>, at: &str, message: &str) {
    checker.stop(PolicyCode::ConditionOutOfPlace, at, message);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operand {
    Any,
    Number,
    Instant,
}

fn comparison(checker: &mut Checker<'_>, at: &str, test: &Comparison, operand: Operand) {
    checker.known_field(test.field.as_str(), &format!("{at}/field"));
    if let Some(other) = &test.other {
        checker.known_field(other.as_str(), &format!("{at}/other"));
    }
    if test.value.is_some() == test.other.is_some() {
        checker.stop(
            PolicyCode::ConditionMalformed,
            at,
            "compare with either a value or another field",
        );
    }
    let Some(field) = checker.policy.field(test.field.as_str()) else {
        return;
    };
    let kind_fits = match operand {
        Operand::Any => true,
        Operand::Number => matches!(field.kind, Kind::Number { .. } | Kind::Duration { .. }),
        Operand::Instant => matches!(field.kind, Kind::DateTime {}),
    };
    let value_fits = test
        .value
        .as_ref()
        .is_none_or(|value| fits(&field.kind, value));
    // Texts are sealed, each with a salt of its own: two of them never look equal to whoever decides.
    let other = test
        .other
        .as_ref()
        .and_then(|other| checker.policy.field(other.as_str()));
    let other_fits = other.is_none_or(|other| comparable(&field.kind, &other.kind));
    if !kind_fits || !value_fits || !other_fits {
        checker.stop(
            PolicyCode::ConditionMalformed,
            at,
            format!(
                "`{}` cannot be compared so, see its kind and options",
                test.field
            ),
        );
    }
}

fn membership(checker: &mut Checker<'_>, at: &str, test: &Membership) {
    checker.known_field(test.field.as_str(), &format!("{at}/field"));
    let Some(field) = checker.policy.field(test.field.as_str()) else {
        return;
    };
    for (position, value) in test
        .values
        .iter()
        .enumerate()
        .filter(|(_, value)| !fits_item(&field.kind, value))
    {
        let message = format!(
            "`{}` never holds {value:?}, see its kind and options",
            test.field
        );
        checker.stop(
            PolicyCode::ConditionMalformed,
            format!("{at}/values/{position}"),
            message,
        );
    }
}

/// Whether a field of a kind can hold a constant.
fn fits(kind: &Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Choice { options }, Value::Text(chosen)) => {
            options.iter().any(|option| option.id.as_str() == chosen)
        }
        (Kind::YesNo {}, Value::Flag(_))
        | (Kind::Number { .. } | Kind::Duration { .. }, Value::Number(_)) => true,
        (Kind::DateTime {}, Value::Text(text)) => text.parse::<crate::time::Instant>().is_ok(),
        // Free text is sealed in the log, so that no rule can depend on its wording; what holds several is compared item by item.
        (
            Kind::Text { .. }
            | Kind::LongText { .. }
            | Kind::Choice { .. }
            | Kind::Several { .. }
            | Kind::YesNo {}
            | Kind::DateTime {}
            | Kind::Number { .. }
            | Kind::Duration { .. }
            | Kind::People { .. }
            | Kind::Services { .. }
            | Kind::List { .. }
            | Kind::Tasks { .. },
            _,
        ) => false,
    }
}

/// The same, of one item where the field holds several.
fn fits_item(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::Several { options } => {
            let chosen = value.as_text();
            options
                .iter()
                .any(|option| Some(option.id.as_str()) == chosen)
        }
        Kind::People { .. } | Kind::Services { .. } => value.as_text().is_some(),
        Kind::Text { .. }
        | Kind::LongText { .. }
        | Kind::Choice { .. }
        | Kind::YesNo {}
        | Kind::DateTime {}
        | Kind::Number { .. }
        | Kind::Duration { .. }
        | Kind::List { .. }
        | Kind::Tasks { .. } => fits(kind, value),
    }
}

/// Whether two fields can be compared with each other: of one kind, and not of a kind that holds free text.
fn comparable(one: &Kind, other: &Kind) -> bool {
    one.free_text() == FreeText::Nowhere
        && std::mem::discriminant(one) == std::mem::discriminant(other)
}
