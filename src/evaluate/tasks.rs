//! What is wrong with the tasks of a plan, beyond each cell's own kind.

use crate::finding::{Finding, FindingCode, Severity};
use crate::id::{FieldId, OptionId, TaskId};
use crate::map::Map;
use crate::policy::{Choice, Column};
use crate::task::{self, Task};
use crate::value::Value;

/// The longest id of a task.
const LONGEST_ID: usize = 40;
/// The cells of a row that are ids and never free text.
pub(super) const IDS: [&str; 3] = ["id", "team", "after"];

/// The columns of a row that are like those of a list, and the row without the others.
pub(super) fn ordinary(plans: &[Choice], row: &Value) -> (Vec<Column>, Value) {
    let row = if let Value::Row(cells) = row {
        let ordinary = cells.iter().filter(|(id, _)| !IDS.contains(&id.as_str()));
        Value::Row(
            ordinary
                .map(|(id, value)| (id.clone(), value.clone()))
                .collect(),
        )
    } else {
        row.clone()
    };
    (task::columns(plans), row)
}

/// Everything wrong with the ids, the order and the times of tasks.
pub(super) fn findings(field: &FieldId, rows: &[Value]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tasks: Vec<_> = (0_u32..)
        .zip(rows)
        .map(|(row, value)| (row, read(value)))
        .collect();
    let ids: Vec<_> = tasks
        .iter()
        .filter_map(|(_, task)| Some(&task.as_ref()?.id))
        .collect();
    for ((row, task), value) in tasks.iter().zip(rows) {
        let finding = |code: FindingCode, column: &str| Finding {
            row: Some(*row),
            column: Some(OptionId::from(column)),
            ..Finding::of(code, Severity::Stops, field)
        };
        findings.extend(of_wrong_kind(value).map(|column| finding(FindingCode::WrongKind, column)));
        let Some(task) = task.as_ref().filter(|task| is_short(&task.id)) else {
            findings.push(finding(FindingCode::TaskId, "id"));
            continue;
        };
        if ids.iter().filter(|id| **id == &task.id).count() > 1 {
            findings.push(finding(FindingCode::TaskTwice, "id"));
        }
        let strange = |before: &TaskId| *before == task.id || !ids.contains(&before);
        if task.after.iter().any(strange) {
            findings.push(finding(FindingCode::TaskAfter, "after"));
        } else if waits_for_itself(task, &tasks) {
            findings.push(finding(FindingCode::TaskRing, "after"));
        }
        if task.from.zip(task.to).is_some_and(|(from, to)| to <= from) {
            findings.push(finding(FindingCode::TaskEndsBeforeStart, "to"));
        }
    }
    findings
}

fn read(value: &Value) -> Option<Task> {
    let empty = Map::new();
    let cells = if let Value::Row(cells) = value {
        cells
    } else {
        &empty
    };
    task::read(cells)
}

/// The cells of ids that hold something else. What is no id would stand in the log as it was typed.
fn of_wrong_kind(row: &Value) -> impl Iterator<Item = &'static str> {
    let is_text = |value: &Value| value.as_text().is_some();
    let fits = move |column: &str, value: &Value| match value {
        Value::List(items) => column == "after" && items.iter().all(is_text),
        Value::Text(_) => column != "after",
        Value::Flag(_) | Value::Number(_) | Value::Row(_) | Value::Sealed(_) => false,
    };
    let cells = if let Value::Row(cells) = row {
        Some(cells)
    } else {
        None
    };
    let wrong = move |column: &&str| {
        let cell = cells.and_then(|cells| cells.get(*column));
        cell.is_some_and(|cell| !fits(column, cell))
    };
    IDS.into_iter().filter(wrong)
}

fn is_short(id: &TaskId) -> bool {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    id.0.len() <= LONGEST_ID && id.0.bytes().all(fits)
}

fn waits_for_itself(task: &Task, tasks: &[(u32, Option<Task>)]) -> bool {
    let of = |id: &TaskId| {
        let mut known = tasks.iter().filter_map(|(_, task)| task.as_ref());
        known.find(|known| known.id == *id)
    };
    let mut reached: Vec<&TaskId> = Vec::new();
    let mut ahead: Vec<&TaskId> = task.after.iter().collect();
    while let Some(next) = ahead.pop() {
        if *next == task.id {
            return true;
        }
        if !reached.contains(&next) {
            reached.push(next);
            ahead.extend(of(next).into_iter().flat_map(|known| &known.after));
        }
    }
    false
}
