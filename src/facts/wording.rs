//! What is wrong with texts and ids: seen where they are at hand, before the texts are sealed.

use crate::finding::{Finding, FindingCode, Severity};
use crate::id::{FieldId, OptionId, PersonId};
use crate::policy::{Field, Kind, Meaning, Policy};
use crate::value::Value;
use crate::world::World;

use super::gather::Reading;

/// The most characters of a line and of a long text, where the policy sets no bound.
const LINE: u32 = 200;
const LONG: u32 = 20_000;

/// How many findings about one field an entry names.
const NAMED: usize = 10;

/// Findings about the texts and ids of all fields, those of each field that stop before the others.
pub(super) fn findings(reading: &Reading<'_>, world: &World) -> Vec<Finding> {
    let mut findings = Vec::new();
    let title = title(reading);
    for field in &reading.policy.fields {
        if let Some(value) = reading.content.get(&field.id) {
            let place = Place {
                reading,
                world,
                title,
                field,
                row: None,
                column: None,
            };
            let mut found = Vec::new();
            place.check(&field.kind, value, &mut found);
            findings.extend(named(found));
        }
    }
    findings
}

fn named(found: Vec<Finding>) -> Vec<Finding> {
    if found.len() <= NAMED {
        return found;
    }
    let stops = |finding: &Finding| finding.severity == Severity::Stops;
    let (first, others): (Vec<_>, Vec<_>) = found.into_iter().partition(stops);
    first.into_iter().chain(others).take(NAMED).collect()
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    reading: &'a Reading<'a>,
    world: &'a World,
    /// The field that means the title, and what it holds.
    title: Option<(&'a FieldId, &'a str)>,
    field: &'a Field,
    row: Option<u32>,
    column: Option<&'a OptionId>,
}

impl Place<'_> {
    fn finding(&self, code: FindingCode, severity: Severity) -> Finding {
        Finding {
            row: self.row,
            column: self.column.cloned(),
            ..Finding::of(code, severity, &self.field.id)
        }
    }

    fn check(&self, kind: &Kind, value: &Value, findings: &mut Vec<Finding>) {
        match kind {
            Kind::Text { max_length } => self.text(value, max_length.unwrap_or(LINE), findings),
            Kind::LongText { max_length } => self.text(value, max_length.unwrap_or(LONG), findings),
            Kind::People { groups, .. } => {
                let known = |id: &str| is_person(self.world, id, groups);
                findings.extend(self.unknown_id(kind, value, FindingCode::NoSuchPerson, known));
            }
            Kind::Services { .. } => {
                let known = |id: &str| self.world.service(id).is_some();
                findings.extend(self.unknown_id(kind, value, FindingCode::NoSuchService, known));
            }
            Kind::List { columns, .. } => self.rows(columns, kind.most(), value, findings),
            Kind::Tasks { plans, .. } => {
                self.rows(&crate::task::columns(plans), kind.most(), value, findings);
                self.teams(kind.most(), value, findings);
            }
            Kind::Choice { .. }
            | Kind::Several { .. }
            | Kind::YesNo {}
            | Kind::DateTime {}
            | Kind::Number { .. }
            | Kind::Duration { .. } => {}
        }
    }

    fn rows(
        &self,
        columns: &[crate::policy::Column],
        most: usize,
        value: &Value,
        findings: &mut Vec<Finding>,
    ) {
        let Value::List(rows) = value else { return };
        for (position, row) in rows.iter().enumerate().take(most) {
            let Value::Row(cells) = row else { continue };
            for column in columns {
                if let Some(cell) = cells.get(&column.id) {
                    let place = Place {
                        row: u32::try_from(position).ok(),
                        column: Some(&column.id),
                        ..*self
                    };
                    place.check(&column.kind, cell, findings);
                }
            }
        }
    }

    /// A team is a group that somebody is in.
    fn teams(&self, most: usize, value: &Value, findings: &mut Vec<Finding>) {
        let Value::List(rows) = value else { return };
        let in_group = |team: &str| {
            let mut people = self.world.people.iter();
            people.any(|person| person.groups.iter().any(|group| group.as_str() == team))
        };
        for (position, row) in (0_u32..).zip(rows).take(most) {
            let Value::Row(cells) = row else { continue };
            let team = cells.get("team").and_then(Value::as_text);
            if team.is_some_and(|team| !team.is_empty() && !in_group(team)) {
                findings.push(Finding {
                    row: Some(position),
                    column: Some(OptionId::from("team")),
                    ..self.finding(FindingCode::NoSuchTeam, Severity::Stops)
                });
            }
        }
    }

    fn unknown_id(
        &self,
        kind: &Kind,
        value: &Value,
        code: FindingCode,
        known: impl Fn(&str) -> bool,
    ) -> Option<Finding> {
        let unknown = value.ids().take(kind.most()).any(|id| !known(id));
        unknown.then(|| self.finding(code, Severity::Stops))
    }

    fn text(&self, value: &Value, max_length: u32, findings: &mut Vec<Finding>) {
        let Some(text) = value.as_text() else { return };
        if is_longer(text, max_length) {
            findings.push(
                self.finding(FindingCode::TooLong, Severity::Stops)
                    .with_bound(i64::from(max_length)),
            );
        }
        if !text.is_ascii() && text.chars().any(is_hiding) {
            findings.push(self.finding(FindingCode::HiddenCharacters, Severity::Warns));
        }
        if is_filler(self.reading.policy, text) {
            findings.push(self.finding(FindingCode::Filler, Severity::Warns));
        } else if self.is_title_again(text) {
            findings.push(self.finding(FindingCode::TitleAgain, Severity::Warns));
        }
    }

    fn is_title_again(&self, text: &str) -> bool {
        let other = self.title.filter(|(field, _)| **field != self.field.id);
        other.is_some_and(|(_, title)| title.eq_ignore_ascii_case(text.trim()))
    }
}

/// The field that means the title and what it holds, unless that is blank.
fn title<'a>(reading: &Reading<'a>) -> Option<(&'a FieldId, &'a str)> {
    let field = reading.policy.meaning(Meaning::Title)?;
    let text = reading.content.get(&field.id)?.as_text()?.trim();
    (!text.is_empty()).then_some((&field.id, text))
}

fn is_person(world: &World, id: &str, groups: &[crate::id::GroupId]) -> bool {
    let person = world.person(&PersonId::from(id));
    person.is_some_and(|person| {
        groups.is_empty() || groups.iter().any(|group| person.groups.contains(group))
    })
}

/// Counts characters only where bytes alone do not settle it.
fn is_longer(text: &str, most: u32) -> bool {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    text.len() > most && text.chars().nth(most).is_some()
}

/// Characters that are not seen and change what is read: bidirectional overrides and zero-width marks.
///
/// # Source
/// Unicode Technical Report 36, 2.10; the joiners U+200C and U+200D are left out, scripts need them.
const fn is_hiding(letter: char) -> bool {
    matches!(letter, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A text that is one of the policy's words that say nothing, whatever its case and closing punctuation.
fn is_filler(policy: &Policy, text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', '!', '-', ' ']);
    let words = policy.filler.values().flatten();
    !text.is_empty()
        && words
            .into_iter()
            .any(|word| word.eq_ignore_ascii_case(text))
}
