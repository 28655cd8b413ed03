//! What a command holds, whatever it wants: its free words, the fields that it fills, and the ids that it names.

use super::Command;
use crate::id::{FieldId, PersonId, RuleId, TemplateId, TransitionId};
use crate::value::{Value, Words};

/// The free words of a command beside its fields, shared or to be changed.
macro_rules! words_of {
    ($command:expr, $iter:ident) => {
        match $command {
            Command::Comment { text, .. }
            | Command::Answer { text, .. }
            | Command::ReviewWaiver { text, .. }
            | Command::ReviewIncident { text, .. }
            | Command::Announce { text }
            | Command::Decline { reason: text, .. }
            | Command::Defer { reason: text, .. }
            | Command::Hold { reason: text }
            | Command::Retract { reason: text, .. }
            | Command::Waive { reason: text, .. }
            | Command::Extend { reason: text, .. }
            | Command::EndObservation { reason: text } => vec![text],
            Command::Evaluate { note: words, .. }
            | Command::Fulfill { note: words, .. }
            | Command::Move { reason: words, .. }
            | Command::Resume { note: words }
            | Command::Task { note: words, .. }
            | Command::Check { note: words, .. }
            | Command::DecideExtension { reason: words, .. }
            | Command::Observe { note: words, .. }
            | Command::Complete { note: words, .. } => words.$iter().collect(),
            Command::Approve {
                comment,
                conditions,
                ..
            } => comment.$iter().chain(conditions.$iter()).collect(),
            Command::Ask { questions, .. } => questions
                .$iter()
                .map(|asked| words_in!($iter, asked))
                .collect(),
            Command::Attach {
                name, link, note, ..
            } => std::iter::once(name)
                .chain(link.$iter())
                .chain(note.$iter())
                .collect(),
            Command::Review {
                text, incidents, ..
            } => std::iter::once(text).chain(incidents.$iter()).collect(),
            Command::RecordIncident { incident, note, .. } => {
                std::iter::once(incident).chain(note.$iter()).collect()
            }
            Command::Submit { .. }
            | Command::Edit { .. }
            | Command::Assign { .. }
            | Command::Relate { .. }
            | Command::Unrelate { .. }
            | Command::AdoptPolicy { .. }
            | Command::Remind { .. }
            | Command::Escalate { .. }
            | Command::HandOn { .. }
            | Command::Erase { .. } => Vec::new(),
            Command::Template { step } => words_within!($iter, step),
            Command::Policy { step } => words_within!($iter, step),
            Command::Meeting { step } => words_within!($iter, step),
        }
    };
}

macro_rules! words_within {
    (iter, $step:ident) => {
        $step.words()
    };
    (iter_mut, $step:ident) => {
        $step.words_mut()
    };
}

macro_rules! words_in {
    (iter, $asked:ident) => {
        &$asked.text
    };
    (iter_mut, $asked:ident) => {
        &mut $asked.text
    };
}

/// The fields that a command fills, shared or to be changed.
macro_rules! values_of {
    ($command:expr, $iter:ident, $as:ident, $values:ident) => {
        match $command {
            Command::Submit { fields, .. }
            | Command::Evaluate { fields, .. }
            | Command::Complete { fields, .. }
            | Command::Review { fields, .. } => fields.$iter().collect(),
            Command::Edit { fields } => fields
                .$iter()
                .filter_map(|(field, value)| Some((field, value.$as()?)))
                .collect(),
            Command::Template { step } => step.$values(),
            Command::Comment { .. }
            | Command::Ask { .. }
            | Command::Answer { .. }
            | Command::Approve { .. }
            | Command::Defer { .. }
            | Command::Fulfill { .. }
            | Command::Decline { .. }
            | Command::Move { .. }
            | Command::Assign { .. }
            | Command::Hold { .. }
            | Command::Resume { .. }
            | Command::Task { .. }
            | Command::Check { .. }
            | Command::Relate { .. }
            | Command::Unrelate { .. }
            | Command::Attach { .. }
            | Command::Retract { .. }
            | Command::Waive { .. }
            | Command::ReviewWaiver { .. }
            | Command::RecordIncident { .. }
            | Command::ReviewIncident { .. }
            | Command::Extend { .. }
            | Command::DecideExtension { .. }
            | Command::Observe { .. }
            | Command::EndObservation { .. }
            | Command::Announce { .. }
            | Command::AdoptPolicy { .. }
            | Command::Remind { .. }
            | Command::Escalate { .. }
            | Command::HandOn { .. }
            | Command::Policy { .. }
            | Command::Meeting { .. }
            | Command::Erase { .. } => Vec::new(),
        }
    };
}

impl Command {
    /// Its free words, those of its fields aside.
    #[must_use]
    pub fn words(&self) -> Vec<&Words> {
        words_of!(self, iter)
    }

    /// The same, to be changed.
    pub fn words_mut(&mut self) -> Vec<&mut Words> {
        words_of!(self, iter_mut)
    }

    /// The fields that it fills.
    #[must_use]
    pub fn values(&self) -> Vec<(&FieldId, &Value)> {
        values_of!(self, iter, as_ref, values)
    }

    /// The same, to be changed.
    pub fn values_mut(&mut self) -> Vec<(&FieldId, &mut Value)> {
        values_of!(self, iter_mut, as_mut, values_mut)
    }

    /// How long the longest id is that it names, in bytes. Ids in the content are judged with the content.
    #[must_use]
    pub fn longest_id(&self) -> usize {
        let ids: Vec<&str> = match self {
            Self::Submit {
                model, template, ..
            } => std::iter::once(model.as_str())
                .chain(template.iter().map(TemplateId::as_str))
                .collect(),
            Self::Comment { mentions, .. } => mentions.iter().map(PersonId::as_str).collect(),
            Self::Ask {
                questions,
                rule,
                transition,
            } => questions
                .iter()
                .filter_map(|asked| asked.field.as_ref().map(FieldId::as_str))
                .chain(rule.iter().map(RuleId::as_str))
                .chain(transition.iter().map(TransitionId::as_str))
                .collect(),
            Self::Approve { rule, level, .. } => vec![rule.as_str(), level.as_str()],
            Self::Decline { rule, .. }
            | Self::Defer { rule, .. }
            | Self::Remind { rule }
            | Self::Escalate { rule } => {
                vec![rule.as_str()]
            }
            Self::Move { transition, .. } => vec![transition.as_str()],
            Self::Assign { state, person } => vec![state.as_str(), person.as_str()],
            Self::Task { task, .. } => vec![task.as_str()],
            Self::Check { item: id, .. }
            | Self::Attach { kind: id, .. }
            | Self::Observe { measure: id, .. } => vec![id.as_str()],
            Self::Relate { to, .. } | Self::Unrelate { to, .. } => vec![to.as_str()],
            Self::Waive { duty, person, .. } => vec![duty.as_str(), person.as_str()],
            Self::AdoptPolicy { state, .. } => vec![state.as_str()],
            Self::HandOn { from, to } => vec![from.as_str(), to.as_str()],
            Self::Template { step } => step.ids(),
            Self::Meeting { step } => step.ids(),
            Self::Policy { .. }
            | Self::Edit { .. }
            | Self::Evaluate { .. }
            | Self::Answer { .. }
            | Self::Fulfill { .. }
            | Self::Hold { .. }
            | Self::Resume { .. }
            | Self::Retract { .. }
            | Self::ReviewWaiver { .. }
            | Self::RecordIncident { .. }
            | Self::ReviewIncident { .. }
            | Self::Extend { .. }
            | Self::DecideExtension { .. }
            | Self::EndObservation { .. }
            | Self::Announce { .. }
            | Self::Complete { .. }
            | Self::Review { .. }
            | Self::Erase { .. } => Vec::new(),
        };
        let named = self.values().into_iter();
        let named = named.map(|(field, value)| field.as_str().len().max(longest_column(value)));
        let emptied = if let Self::Edit { fields } = self {
            fields.keys().map(|field| field.as_str().len()).max()
        } else {
            None
        };
        let ids = ids.into_iter().map(str::len);
        ids.chain(named).chain(emptied).max().unwrap_or(0)
    }
}

/// The length of the longest column that a value names.
fn longest_column(value: &Value) -> usize {
    match value {
        Value::List(items) => items.iter().map(longest_column).max().unwrap_or(0),
        Value::Row(cells) => cells
            .iter()
            .map(|(column, cell)| column.as_str().len().max(longest_column(cell)))
            .max()
            .unwrap_or(0),
        Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::Sealed(_) => 0,
    }
}
