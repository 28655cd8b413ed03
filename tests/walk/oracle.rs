//! The safety rules in other words than the core's: a ledger of what people did, read from the entries of the log alone. It keeps
//! its own votes and voids them itself, counts heads itself, and asks the policy, never the change that the core made of it.

use std::collections::{BTreeMap, BTreeSet};

use changegate::command::{Actor, Command, Outcome};
use changegate::event::{Event, Flag, RequiredApproval};
use changegate::id::{FieldId, PersonId, RuleId};
use changegate::log::Entry;
use changegate::policy::{Authorization, Meaning, Phase, Policy, Quorum};
use changegate::value::Value;
use changegate::world::World;

use crate::organisation::Case;

/// A yes that has not been overtaken by an edit.
#[derive(Clone, Debug)]
struct Yes {
    rule: RuleId,
    human: PersonId,
    /// Whose seat: somebody else's, for a deputy.
    seat: PersonId,
}

/// What people did to one change.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    asked: Option<PersonId>,
    wrote: BTreeSet<PersonId>,
    carried_out: BTreeSet<PersonId>,
    content: BTreeMap<FieldId, Value>,
    asks: Vec<RequiredApproval>,
    yeses: Vec<Yes>,
    phase: Option<Phase>,
    outcome: Option<Outcome>,
    out_of_order: bool,
    reviewed: bool,
    ended: bool,
}

impl Ledger {
    /// Writes an entry down, after each thing that happened in it was held against the rules.
    ///
    /// # Errors
    /// Which rule was broken.
    pub fn follow(&mut self, case: &Case<'_>, entry: &Entry) -> Result<(), String> {
        let policy = &case.organisation.policy;
        if self.ended && !matches!(entry.command, Command::Erase { .. }) {
            self.nothing_more(&entry.events)?;
        }
        if let (Command::HandOn { to, .. }, Actor::Person { person, .. }) =
            (&entry.command, &entry.actor)
        {
            self.serves_nobody(policy, person, to)?;
        }
        for event in &entry.events {
            self.judge(case, event, &entry.actor)?;
            self.write(policy, event);
        }
        Ok(())
    }

    /// After the end nothing moves, and no word of the content or vote becomes another.
    fn nothing_more(&self, events: &[Event]) -> Result<(), String> {
        let later = |event: &Event| {
            matches!(
                event,
                Event::Moved { .. }
                    | Event::Edited { .. }
                    | Event::Approved { .. }
                    | Event::Declined { .. }
                    | Event::Completed { .. }
                    | Event::Reviewed { .. }
                    | Event::Voided { .. }
                    | Event::PolicyAdopted { .. }
            )
        };
        refuse(
            events.iter().any(later),
            "the past was changed after the end",
        )
    }

    /// Who gives a seat away neither takes it nor is a party to the change.
    fn serves_nobody(
        &self,
        policy: &Policy,
        giver: &PersonId,
        to: &PersonId,
    ) -> Result<(), String> {
        refuse(giver == to, "somebody gave a seat to themselves")?;
        let party = self.is_asker_or_author(policy, giver) || self.does(policy, giver);
        refuse(party, "a party to the change gave a seat away")
    }

    fn judge(&self, case: &Case<'_>, event: &Event, actor: &Actor) -> Result<(), String> {
        let policy = &case.organisation.policy;
        match event {
            Event::Approved {
                rule,
                by,
                on_behalf_of,
                ..
            } => {
                for person in std::iter::once(by).chain(on_behalf_of) {
                    refuse(
                        self.is_asker_or_author(policy, person),
                        "who asked or wrote approved",
                    )?;
                    let last = self.is_last(rule) && self.does(policy, person);
                    refuse(last, "who carries it out gave the last approval")?;
                }
                Ok(())
            }
            Event::Reviewed { by, .. } => refuse(self.is_author(policy, by), "an author reviewed"),
            Event::Moved { phase, by, act, .. } => {
                if *act == Some(changegate::policy::Act::Reviewed) {
                    let own = by.as_ref().is_some_and(|by| self.is_author(policy, by));
                    refuse(own, "an author reviewed")?;
                }
                self.enters(case, *phase, by.as_ref().or(actor.person()))
            }
            Event::Completed {
                by: _,
                flags,
                outcome: _,
                ..
            } => {
                let begun = self.phase == Some(Phase::Implement);
                let authorized = self.authorized(case).is_ok();
                let silent = !begun && !authorized && !flags.contains(&Flag::Unauthorized);
                let afterwards =
                    matches!(case.model.authorization, Authorization::Afterwards { .. });
                refuse(
                    silent && !afterwards,
                    "work without approval is not flagged",
                )
            }
            _ => Ok(()),
        }
    }

    fn enters(&self, case: &Case<'_>, phase: Phase, by: Option<&PersonId>) -> Result<(), String> {
        match phase {
            Phase::Implement if self.phase != Some(Phase::Implement) => {
                self.authorized(case)?;
                let last = |yes: &&Yes| self.is_last(&yes.rule);
                let own = self
                    .yeses
                    .iter()
                    .filter(last)
                    .any(|yes| Some(&yes.human) == by || Some(&yes.seat) == by);
                let afterwards =
                    matches!(case.model.authorization, Authorization::Afterwards { .. });
                refuse(
                    own && !afterwards,
                    "who gave the last approval started the work",
                )
            }
            Phase::Closed if self.phase != Some(Phase::Closed) => {
                refuse(self.outcome.is_none(), "closed without an outcome")?;
                let bad = matches!(
                    self.outcome,
                    Some(Outcome::Unsuccessful | Outcome::BackedOut)
                );
                let owed = (bad || self.out_of_order) && !self.reviewed;
                refuse(owed, "closed without the review that is owed")
            }
            Phase::Draft
            | Phase::Assess
            | Phase::Authorize
            | Phase::Scheduled
            | Phase::Implement
            | Phase::Review
            | Phase::Closed
            | Phase::Rejected
            | Phase::Canceled => Ok(()),
        }
    }

    /// Whether everything that is asked was answered with yes, by enough heads, for the content as it stands.
    fn authorized(&self, case: &Case<'_>) -> Result<(), String> {
        let (policy, world) = (&case.organisation.policy, &case.organisation.world);
        match case.model.authorization {
            Authorization::Afterwards { .. } => Ok(()),
            Authorization::PreApproved { .. } => {
                self.carried(case, world)?;
                self.all_answered(policy, world)
            }
            Authorization::Rules {} => {
                refuse(self.asks.is_empty(), "nobody was ever asked")?;
                self.all_answered(policy, world)
            }
        }
    }

    fn all_answered(&self, policy: &Policy, world: &World) -> Result<(), String> {
        let mut asks = self.asks.iter();
        let short = asks.find(|ask| !self.is_answered(policy, world, ask));
        short.map_or(Ok(()), |ask| Err(format!("`{}` is not answered", ask.rule)))
    }

    /// A template carries what it fixes, as it fixes it.
    fn carried(&self, case: &Case<'_>, world: &World) -> Result<(), String> {
        let template = case.template.as_ref().and_then(|id| world.template(id));
        let template = template.ok_or("there is no template")?;
        refuse(!template.active, "the template is not in use")?;
        let other = template.fields.iter().any(|(field, value)| {
            self.content.get(field).is_some_and(|stands| {
                !matches!(stands, Value::Sealed(_)) && !holds_seal(stands) && stands != value
            })
        });
        refuse(other, "what the template fixes is otherwise")
    }

    fn is_answered(&self, policy: &Policy, world: &World, ask: &RequiredApproval) -> bool {
        let free = |yes: &&Yes| {
            yes.rule == ask.rule
                && !self.is_asker_or_author(policy, &yes.human)
                && !self.is_asker_or_author(policy, &yes.seat)
        };
        let yeses: Vec<_> = self.yeses.iter().filter(free).collect();
        let seats: BTreeSet<_> = ask
            .eligible
            .iter()
            .map(|one| one.on_behalf_of.as_ref().unwrap_or(&one.person))
            .collect();
        let answered: BTreeSet<_> = yeses.iter().map(|yes| &yes.seat).collect();
        let heads: BTreeSet<_> = yeses.iter().map(|yes| &yes.human).collect();
        let many = |number: usize| number <= answered.len() && number <= heads.len();
        match ask.quorum {
            Quorum::Any {} => many(1),
            Quorum::AtLeast { number } => many(usize::try_from(number).unwrap()),
            Quorum::Percent { percent } => {
                many((seats.len() * usize::from(percent)).div_ceil(100).max(1))
            }
            Quorum::All {} => {
                let there = |person: &PersonId| {
                    world
                        .person(person)
                        .is_some_and(|known| known.absent_until.is_none() && !known.left)
                };
                let stolen = yeses.iter().any(|yes| {
                    let several = yeses
                        .iter()
                        .filter(|other| other.human == yes.human)
                        .count()
                        > 1;
                    several && yes.human != yes.seat && there(&yes.seat)
                });
                !answered.is_empty() && seats.is_subset(&answered) && !stolen
            }
        }
    }

    fn is_last(&self, rule: &RuleId) -> bool {
        let last = self.asks.iter().map(|ask| ask.stage).max();
        self.asks
            .iter()
            .any(|ask| ask.rule == *rule && Some(ask.stage) == last)
    }

    fn is_author(&self, policy: &Policy, person: &PersonId) -> bool {
        self.wrote.contains(person) || self.names(policy, Meaning::Authors, person)
    }

    fn is_asker_or_author(&self, policy: &Policy, person: &PersonId) -> bool {
        self.asked.as_ref() == Some(person) || self.is_author(policy, person)
    }

    fn does(&self, policy: &Policy, person: &PersonId) -> bool {
        self.carried_out.contains(person) || self.names(policy, Meaning::Implementers, person)
    }

    fn names(&self, policy: &Policy, meaning: Meaning, person: &PersonId) -> bool {
        let field = policy
            .fields
            .iter()
            .find(|field| field.means == Some(meaning));
        let named = field.and_then(|field| self.content.get(&field.id));
        named.is_some_and(|named| named.ids().any(|id| id == person.as_str()))
    }

    fn write(&mut self, policy: &Policy, event: &Event) {
        match event {
            Event::Submitted { by, fields, .. } => {
                self.asked = Some(by.clone());
                self.wrote.insert(by.clone());
                self.content = fields
                    .iter()
                    .map(|(id, value)| (id.clone(), value.clone()))
                    .collect();
            }
            Event::Edited { by, fields, .. } => self.edit(policy, by, fields.iter()),
            Event::Assessed { approvals, .. } => self.asks.clone_from(approvals),
            Event::Approved {
                rule,
                by,
                on_behalf_of,
                ..
            } => self.yeses.push(Yes {
                rule: rule.clone(),
                human: by.clone(),
                seat: on_behalf_of.clone().unwrap_or_else(|| by.clone()),
            }),
            Event::Declined { rule, by, .. } => {
                self.yeses
                    .retain(|yes| yes.rule != *rule || yes.human != *by);
            }
            Event::Moved { phase, by, .. } => {
                if *phase == Phase::Implement {
                    self.carried_out.extend(by.clone());
                }
                if matches!(phase, Phase::Closed | Phase::Canceled) {
                    self.ended = true;
                }
                self.phase = Some(*phase);
            }
            Event::Completed {
                by, outcome, flags, ..
            } => {
                self.carried_out.insert(by.clone());
                self.outcome = Some(*outcome);
                self.out_of_order |=
                    flags.contains(&Flag::Unauthorized) || flags.contains(&Flag::Overrun);
            }
            Event::Reviewed { .. } => self.reviewed = true,
            _ => {}
        }
    }

    /// A word of what was agreed to becomes another: nobody has said yes to that.
    fn edit<'a>(
        &mut self,
        policy: &Policy,
        by: &PersonId,
        fields: impl Iterator<Item = (&'a FieldId, &'a Option<Value>)>,
    ) {
        let mut overtaken = false;
        for (id, value) in fields {
            overtaken |= !policy.field(id.as_str()).unwrap().immaterial;
            match value {
                Some(value) => drop(self.content.insert(id.clone(), value.clone())),
                None => drop(self.content.remove(id)),
            }
        }
        if overtaken {
            self.yeses.clear();
            self.wrote.insert(by.clone());
        }
    }
}

/// A value with something in it that only its reader can compare.
fn holds_seal(value: &Value) -> bool {
    match value {
        Value::Sealed(_) => true,
        Value::List(items) => items.iter().any(holds_seal),
        Value::Row(cells) => cells.values().any(holds_seal),
        Value::Flag(_) | Value::Number(_) | Value::Text(_) => false,
    }
}

fn refuse(broken: bool, rule: &str) -> Result<(), String> {
    if broken { Err(rule.to_owned()) } else { Ok(()) }
}

/// What may never speak against a report of work that was done.
pub fn is_no_excuse(code: &str) -> bool {
    [
        "approval.",
        "window.",
        "gate.",
        "guard.",
        "checklist.",
        "ratification.",
    ]
    .iter()
    .any(|family| code.starts_with(family))
}
