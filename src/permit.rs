//! What a person may do with a change next, or every reason why not.
//!
//! Each gesture is tried on the one function that decides, so that buttons and decisions cannot disagree.

use serde::Serialize;

use crate::change::Change;
use crate::command::{Actor, Command, CommandKind, ErasureGround, Outcome};
use crate::decide::{decide, needs_reason, open_rules};
use crate::facts::Facts;
use crate::id::{PersonId, RuleId, TransitionId};
use crate::log::Record;
use crate::map::Map;
use crate::policy::{ChangeModel, Phase, Policy};
use crate::refusal::Refusal;
use crate::report::{Desk, of_change, roles};
use crate::text::Text;
use crate::time::Instant;
use crate::value::{Digest, Words};
use crate::wire::Decode;
use crate::world::World;

/// One gesture, and whether it would be accepted now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Permission {
    /// What kind of command.
    pub command: CommandKind,
    /// Which transition, for a move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transition: Option<TransitionId>,
    /// The phase it leads to, for a move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<Phase>,
    /// Which rule, for a vote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// The policy's name for it, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Whether a reason must be given.
    pub reason: bool,
    /// Whether it would be accepted.
    pub allowed: bool,
    /// Every reason why not.
    pub refusals: Vec<Refusal>,
}

/// Every gesture that this state of the change knows, for this person, now.
#[must_use]
pub fn permitted(
    policy: &Policy,
    record: &Record,
    person: &PersonId,
    now: Instant,
    world: &World,
) -> Vec<Permission> {
    let readable = record.readable();
    let (Some(change), Some(readable)) = (&record.change, readable) else {
        return Vec::new();
    };
    let Some(model) = policy.model(change.model.as_str()) else {
        return Vec::new();
    };
    let desk = Desk {
        policy,
        record,
        person,
        now,
        world,
        number: None,
    };
    let facts = of_change(&desk, &readable, &readable.fields);
    let roles = roles(policy, world, person, Some(&readable), &facts);
    let actor = Actor::Person {
        person: person.clone(),
        roles,
        on_behalf_of: None,
    };
    let attempt = Attempt {
        policy,
        change,
        model,
        actor: &actor,
        now,
        facts: &facts,
    };
    let gestures = attempt
        .moves()
        .into_iter()
        .chain(attempt.votes())
        .chain(attempt.others());
    gestures
        .map(|gesture| attempt.permission(gesture))
        .collect()
}

/// The rules that still ask for a yes to the change as it stands, in order of stage.
#[must_use]
pub fn waits_for(
    policy: &Policy,
    record: &Record,
    person: &PersonId,
    now: Instant,
    world: &World,
) -> Vec<RuleId> {
    let (Some(change), Some(readable)) = (&record.change, record.readable()) else {
        return Vec::new();
    };
    let desk = Desk {
        policy,
        record,
        person,
        now,
        world,
        number: None,
    };
    open_rules(
        policy,
        change,
        person,
        now,
        &of_change(&desk, &readable, &readable.fields),
    )
}

/// A gesture with stand-ins for what the person would write.
struct Gesture {
    command: Command,
    name: Option<Text>,
    into: Option<Phase>,
    reason: bool,
}

struct Attempt<'a> {
    policy: &'a Policy,
    change: &'a Change,
    model: &'a ChangeModel,
    actor: &'a Actor,
    now: Instant,
    facts: &'a Facts,
}

/// Stands for words that would be written.
const WORDS: Words = Words::Sealed(Digest::ZERO);

impl Attempt<'_> {
    fn moves(&self) -> Vec<Gesture> {
        let here = self
            .model
            .life_cycle
            .transitions
            .iter()
            .filter(|way| way.from == self.change.state);
        let by_hand = here.filter(|way| way.on.is_none() || !way.by.is_empty());
        let gesture = |way: &crate::policy::Transition| {
            let to = self
                .model
                .life_cycle
                .states
                .iter()
                .find(|state| state.id == way.to)?;
            let command = Command::Move {
                transition: way.id.clone(),
                reason: Some(WORDS),
            };
            let reason = needs_reason(way, to.phase);
            Some(Gesture {
                command,
                name: Some(way.name.clone()),
                into: Some(to.phase),
                reason,
            })
        };
        by_hand.filter_map(gesture).collect()
    }

    fn votes(&self) -> Vec<Gesture> {
        let rules = self.change.approvals.iter().map(|approval| &approval.rule);
        rules.flat_map(|rule| self.votes_on(rule)).collect()
    }

    fn votes_on(&self, rule: &RuleId) -> [Gesture; 2] {
        let name = self
            .policy
            .approval(rule.as_str())
            .map(|rule| rule.name.clone());
        let (content_hash, level) = (self.change.content_hash, self.change.level.clone());
        let yes = Command::Approve {
            rule: rule.clone(),
            content_hash,
            level,
            comment: None,
        };
        let no = Command::Decline {
            rule: rule.clone(),
            content_hash,
            reason: WORDS,
        };
        [
            Gesture {
                command: yes,
                name: name.clone(),
                into: None,
                reason: false,
            },
            Gesture {
                command: no,
                name,
                into: None,
                reason: true,
            },
        ]
    }

    fn others(&self) -> Vec<Gesture> {
        let complete = Command::Complete {
            outcome: Outcome::Successful,
            started_at: self.now,
            ended_at: self.now,
            downtime_min: 0,
            note: None,
        };
        let erase = Command::Erase {
            commitments: vec![Digest::ZERO],
            ground: ErasureGround::PersonAsked,
        };
        let commands = [
            complete,
            Command::Review { text: WORDS },
            Command::Edit { fields: Map::new() },
            Command::Comment { text: WORDS },
            erase,
        ];
        commands
            .into_iter()
            .map(|command| Gesture {
                command,
                name: None,
                into: None,
                reason: false,
            })
            .collect()
    }

    fn permission(&self, gesture: Gesture) -> Permission {
        let Gesture {
            command,
            name,
            into,
            reason,
        } = gesture;
        let decision = decide(
            self.policy,
            Some(self.change),
            &command,
            self.actor,
            self.now,
            self.facts,
        );
        let refusals = decision.map_or_else(
            |refusals| self.without_stand_in(&command, refusals.into_vec()),
            |_| Vec::new(),
        );
        let (transition, rule) = match &command {
            Command::Move { transition, .. } => (Some(transition.clone()), None),
            Command::Approve { rule, .. } | Command::Decline { rule, .. } => {
                (None, Some(rule.clone()))
            }
            Command::Submit { .. }
            | Command::Edit { .. }
            | Command::Comment { .. }
            | Command::Complete { .. }
            | Command::Review { .. }
            | Command::Erase { .. } => (None, None),
        };
        Permission {
            command: command.kind(),
            transition,
            into,
            rule,
            name,
            reason,
            allowed: refusals.is_empty(),
            refusals,
        }
    }

    /// An edit is tried without changes, and mends findings: neither speaks against it.
    fn without_stand_in(&self, command: &Command, mut refusals: Vec<Refusal>) -> Vec<Refusal> {
        if command.kind() == CommandKind::Edit {
            refusals.retain(|refusal| {
                !matches!(
                    refusal,
                    Refusal::NothingChanged {} | Refusal::Content { .. }
                )
            });
        }
        refusals
    }
}
