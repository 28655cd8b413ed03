//! Whether a condition can ever hold: tried on every combination of answers, up to a bound.

use std::collections::BTreeMap;

use crate::id::FieldId;
use crate::policy::{Condition, Kind, Policy};
use crate::value::Value;

/// How many combinations are tried; beyond that it is not determined.
const MOST: usize = 20_000;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Yes,
    No,
    NotDetermined,
}

/// Something a condition looks at whose answers are few: a choice, yes or no; or a part that is taken as free.
struct Variable<'a> {
    key: Key<'a>,
    answers: Vec<Answer<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Field(&'a FieldId),
    /// The model, which is one at a time.
    Model,
    /// Any other part, by its place in memory: it may hold or not, whatever the others do.
    Part(*const Condition),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer<'a> {
    Option(&'a str),
    Flag(bool),
}

type Assignment<'a> = BTreeMap<Key<'a>, Answer<'a>>;

/// Whether some combination of answers lets the condition hold.
pub(super) fn satisfiable(policy: &Policy, condition: &Condition) -> Found {
    let mut variables = Vec::new();
    collect(policy, condition, &mut variables);
    let count = variables.iter().try_fold(1_usize, |count, variable| {
        count.checked_mul(variable.answers.len())
    });
    match count.filter(|count| *count <= MOST) {
        None => Found::NotDetermined,
        Some(_) if some(&variables, &mut BTreeMap::new(), condition) => Found::Yes,
        Some(_) => Found::No,
    }
}

fn some<'a>(
    variables: &[Variable<'a>],
    assignment: &mut Assignment<'a>,
    condition: &Condition,
) -> bool {
    let Some((variable, rest)) = variables.split_first() else {
        return holds(condition, assignment);
    };
    variable.answers.iter().any(|answer| {
        assignment.insert(variable.key, *answer);
        some(rest, assignment, condition)
    })
}

fn collect<'a>(policy: &'a Policy, condition: &'a Condition, variables: &mut Vec<Variable<'a>>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts
            .iter()
            .for_each(|part| collect(policy, part, variables)),
        Condition::Not(part) => collect(policy, part, variables),
        Condition::Is(_)
        | Condition::In(_)
        | Condition::AtLeast(_)
        | Condition::AtMost(_)
        | Condition::Before(_)
        | Condition::After(_)
        | Condition::Filled(_)
        | Condition::Count(_)
        | Condition::LeadTime(_)
        | Condition::Fact(_)
        | Condition::Level(_)
        | Condition::Model(_)
        | Condition::Phase(_)
        | Condition::Actor(_)
        | Condition::Evidence(_)
        | Condition::Tasks(_)
        | Condition::Checked(_)
        | Condition::Outcome(_)
        | Condition::Flag(_) => {
            let variable = variable(policy, condition);
            if variables.iter().all(|known| known.key != variable.key) {
                variables.push(variable);
            }
        }
    }
}

fn variable<'a>(policy: &'a Policy, part: &'a Condition) -> Variable<'a> {
    let free = || Variable {
        key: Key::Part(part),
        answers: vec![Answer::Flag(true), Answer::Flag(false)],
    };
    let of_field = |id: &'a FieldId| match policy.field(id.as_str()).map(|field| &field.kind) {
        Some(Kind::Choice { options }) => Variable {
            key: Key::Field(id),
            answers: options
                .iter()
                .map(|option| Answer::Option(option.id.as_str()))
                .collect(),
        },
        Some(Kind::YesNo {}) => Variable {
            key: Key::Field(id),
            answers: vec![Answer::Flag(true), Answer::Flag(false)],
        },
        Some(_) | None => free(),
    };
    match part {
        Condition::Is(test) if test.value.is_some() => of_field(&test.field),
        Condition::In(test) => of_field(&test.field),
        Condition::Model(_) => Variable {
            key: Key::Model,
            answers: policy
                .models
                .iter()
                .map(|model| Answer::Option(model.id.as_str()))
                .collect(),
        },
        Condition::Is(_)
        | Condition::All(_)
        | Condition::Any(_)
        | Condition::Not(_)
        | Condition::AtLeast(_)
        | Condition::AtMost(_)
        | Condition::Before(_)
        | Condition::After(_)
        | Condition::Filled(_)
        | Condition::Count(_)
        | Condition::LeadTime(_)
        | Condition::Fact(_)
        | Condition::Level(_)
        | Condition::Phase(_)
        | Condition::Actor(_)
        | Condition::Evidence(_)
        | Condition::Tasks(_)
        | Condition::Checked(_)
        | Condition::Outcome(_)
        | Condition::Flag(_) => free(),
    }
}

fn holds(condition: &Condition, assignment: &Assignment<'_>) -> bool {
    let equals = |answer: &Answer<'_>, value: &Value| match answer {
        Answer::Option(option) => value.as_text() == Some(*option),
        Answer::Flag(flag) => *value == Value::Flag(*flag),
    };
    let field = |id: &FieldId| {
        assignment
            .iter()
            .find(|(key, _)| matches!(key, Key::Field(field) if *field == id))
            .map(|(_, answer)| answer)
    };
    let free = || assignment.get(&Key::Part(condition)) == Some(&Answer::Flag(true));
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, assignment)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, assignment)),
        Condition::Not(part) => !holds(part, assignment),
        Condition::Is(test) => field(&test.field)
            .zip(test.value.as_ref())
            .map_or_else(free, |(answer, value)| equals(answer, value)),
        Condition::In(test) => field(&test.field).map_or_else(free, |answer| {
            test.values.iter().any(|value| equals(answer, value))
        }),
        Condition::Model(models) => match assignment.get(&Key::Model) {
            Some(Answer::Option(model)) => models.iter().any(|id| id.as_str() == *model),
            Some(Answer::Flag(_)) | None => false,
        },
        Condition::AtLeast(_)
        | Condition::AtMost(_)
        | Condition::Before(_)
        | Condition::After(_)
        | Condition::Filled(_)
        | Condition::Count(_)
        | Condition::LeadTime(_)
        | Condition::Fact(_)
        | Condition::Level(_)
        | Condition::Phase(_)
        | Condition::Actor(_)
        | Condition::Evidence(_)
        | Condition::Tasks(_)
        | Condition::Checked(_)
        | Condition::Outcome(_)
        | Condition::Flag(_) => free(),
    }
}
