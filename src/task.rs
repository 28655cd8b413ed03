//! The tasks of the work: rows of a field of kind [`Kind::Tasks`], each with the same columns.

use crate::draft::Content;
use crate::id::{GroupId, OptionId, PersonId, TaskId};
use crate::map::Map;
use crate::policy::{Choice, Column, Field, Kind, Policy};
use crate::text::Text;
use crate::time::Instant;
use crate::value::Value;

/// The columns of a row of tasks that are like those of a list.
///
/// `what` says it; `plan` is the plan that it belongs to; `person` is the one person accountable for it; `from` and `to` are
/// its window. Beside them stand ids that are never free text: `id` names the task among the others, `team` is the group
/// that takes it on, and `after` lists the tasks that must be done before it.
#[must_use]
pub fn columns(plans: &[Choice]) -> Vec<Column> {
    let column = |id: &str, kind: Kind, required: bool| Column {
        id: OptionId::from(id),
        label: Text::default(),
        kind,
        required,
    };
    let what = Kind::Text {
        max_length: Some(500),
    };
    let plan = Kind::Choice {
        options: plans.to_vec(),
    };
    let person = Kind::People {
        most: None,
        groups: Vec::new(),
    };
    vec![
        column("what", what, true),
        column("plan", plan, true),
        column("person", person, true),
        column("from", Kind::DateTime {}, false),
        column("to", Kind::DateTime {}, false),
    ]
}

/// A planned task, as far as it was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Names it among the others.
    pub id: TaskId,
    /// The plan that it belongs to.
    pub plan: Option<OptionId>,
    /// Who is accountable for it.
    pub person: Option<PersonId>,
    /// The group that takes it on.
    pub team: Option<GroupId>,
    /// When it starts.
    pub from: Option<Instant>,
    /// When it ends.
    pub to: Option<Instant>,
    /// The tasks that must be done before it.
    pub after: Vec<TaskId>,
}

/// The tasks of a content, in order; those without an id left out.
#[must_use]
pub fn of(policy: &Policy, content: &Content) -> Vec<Task> {
    let is_tasks = |field: &&Field| matches!(field.kind, Kind::Tasks { .. });
    let rows = policy
        .fields
        .iter()
        .filter(is_tasks)
        .filter_map(|field| content.get(&field.id))
        .filter_map(|value| {
            if let Value::List(rows) = value {
                Some(rows)
            } else {
                None
            }
        })
        .flatten();
    rows.filter_map(|row| {
        if let Value::Row(cells) = row {
            read(cells)
        } else {
            None
        }
    })
    .collect()
}

/// A task as its row says; none without an id.
pub(crate) fn read(cells: &Map<OptionId, Value>) -> Option<Task> {
    let text = |key: &str| {
        cells
            .get(key)
            .and_then(Value::as_text)
            .filter(|text| !text.is_empty())
    };
    let ids = |key: &str| cells.get(key).into_iter().flat_map(Value::ids);
    let instant = |key: &str| text(key)?.parse().ok();
    Some(Task {
        id: TaskId::from(text("id")?),
        plan: text("plan").map(OptionId::from),
        person: ids("person").next().map(PersonId::from),
        team: text("team").map(GroupId::from),
        from: instant("from"),
        to: instant("to"),
        after: ids("after").map(TaskId::from).collect(),
    })
}
