//! What a person may do with a change next, or every reason why not.
//!
//! Each gesture is tried on the one function that decides, so that buttons and decisions cannot disagree.

use serde::Serialize;

use crate::change::{Change, YesNo};
use crate::command::{
    Actor, Asked, Command, CommandKind, ErasureGround, Outcome, Relationship, TaskStep,
};
use crate::decide::{needs_reason, open_rules};
use crate::draft::Content;
use crate::event::Event;
use crate::evidence::{FileRef, TestResult};
use crate::facts::{Facts, beside, uses_time};
use crate::id::{ChangeId, PersonId, RuleId, TransitionId};
use crate::log::Record;
use crate::map::Map;
use crate::policy::{ChangeModel, Meaning, Phase, Policy, Trigger};
use crate::refusal::Refusal;
use crate::report::{Desk, of_change, read, roles};
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
    /// In whose place a vote would be given; left out, in one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// What it is about: a question, condition, waiver, evidence or incident by its number, a task, an item of the checklist, a state,
    /// a kind of evidence, a measure, or a duty by its id, a link as `blockedBy` and the other change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// To what a task would come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<TaskStep>,
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
    let facts = beside(facts, policy, change, &NOTHING, person, world);
    let roles = roles(policy, world, person, Some(&readable), &facts);
    let actor = Actor::Person {
        person: person.clone(),
        roles,
        on_behalf_of: None,
    };
    let attempt = Attempt {
        policy,
        record,
        change,
        readable: &readable,
        model,
        person,
        actor: &actor,
        now,
        world,
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

impl Gesture {
    const fn of(command: Command) -> Self {
        Self {
            command,
            name: None,
            into: None,
            reason: false,
        }
    }
}

/// The numbers, counted from 1, of those for which something holds.
fn numbered<T>(items: &[T], holds: impl Fn(&T) -> bool) -> impl Iterator<Item = u32> {
    let numbers = (1_u32..).zip(items);
    numbers
        .filter(move |(_, item)| holds(item))
        .map(|(number, _)| number)
}

const STEPS: [TaskStep; 6] = [
    TaskStep::Accepted,
    TaskStep::Refused,
    TaskStep::Started,
    TaskStep::Done,
    TaskStep::Failed,
    TaskStep::Skipped,
];

struct Attempt<'a> {
    policy: &'a Policy,
    record: &'a Record,
    change: &'a Change,
    readable: &'a Change,
    model: &'a ChangeModel,
    person: &'a PersonId,
    actor: &'a Actor,
    now: Instant,
    world: &'a World,
    facts: &'a Facts,
}

/// Names nobody and nothing, so that what is read is what every gesture reads.
const NOTHING: Command = Command::Resume { note: None };
/// Stands for words that would be written.
const WORDS: Words = Words::Sealed(Digest::ZERO);
/// Stands for a question that would be asked.
const QUESTION: Asked = Asked {
    field: None,
    text: WORDS,
};

impl Attempt<'_> {
    fn moves(&self) -> Vec<Gesture> {
        let here = self
            .model
            .life_cycle
            .transitions
            .iter()
            .filter(|way| way.from == self.change.state);
        let waits = self.change.phase == Phase::Authorize && !self.change.approvals.is_empty();
        let is_stuck = waits && self.open_rules().is_empty();
        let by_hand = here.filter(|way| {
            let carried_on = is_stuck && way.on == Some(Trigger::Authorized);
            way.on.is_none() || !way.by.is_empty() || carried_on
        });
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

    fn open_rules(&self) -> Vec<RuleId> {
        open_rules(self.policy, self.change, self.person, self.now, self.facts)
    }

    fn votes(&self) -> Vec<Gesture> {
        let rules = self.change.approvals.iter().map(|approval| &approval.rule);
        rules.flat_map(|rule| self.votes_on(rule)).collect()
    }

    fn votes_on(&self, rule: &RuleId) -> Vec<Gesture> {
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
            conditions: Vec::new(),
        };
        let no = Command::Decline {
            rule: rule.clone(),
            content_hash,
            reason: WORDS,
        };
        let later = Command::Defer {
            rule: rule.clone(),
            content_hash,
            until: None,
            reason: WORDS,
        };
        let more = Command::Ask {
            questions: vec![QUESTION],
            rule: Some(rule.clone()),
            transition: None,
        };
        [yes, no, later, more]
            .map(|command| Gesture {
                name: name.clone(),
                ..Gesture::of(command)
            })
            .into()
    }

    fn others(&self) -> Vec<Gesture> {
        let mut gestures = self.work();
        gestures.extend(self.judging());
        gestures.extend(self.preparing());
        gestures.extend(self.proving());
        gestures.extend(self.duties());
        gestures.extend(self.learning());
        gestures.extend(self.unlinking());
        gestures.extend(self.always());
        gestures
    }

    /// Gestures of the work and after it.
    fn work(&self) -> Vec<Gesture> {
        let complete = Command::Complete {
            outcome: Outcome::Successful,
            started_at: self.now,
            ended_at: self.now,
            downtime_min: 0,
            note: None,
            fields: Content::new(),
        };
        let review = Command::Review {
            text: WORDS,
            fields: Content::new(),
            incidents: Vec::new(),
        };
        let mut commands = vec![complete, review];
        if self.change.phase == Phase::Implement {
            commands.push(Command::Extend {
                until: self.soonest(),
                reason: WORDS,
            });
            commands.push(Command::DecideExtension {
                answer: YesNo::Yes,
                reason: None,
            });
        }
        let mut gestures: Vec<_> = commands.into_iter().map(Gesture::of).collect();
        for measure in self
            .model
            .observe
            .iter()
            .flat_map(|observe| &observe.measures)
        {
            let observe = Command::Observe {
                measure: measure.id.clone(),
                answer: YesNo::Yes,
                note: None,
            };
            gestures.push(Gesture {
                name: Some(measure.name.clone()),
                ..Gesture::of(observe)
            });
        }
        if self.model.observe.is_some() {
            gestures.push(Gesture::of(Command::EndObservation { reason: WORDS }));
        }
        gestures
    }

    /// Judging it, asking the requester, and what was asked.
    fn judging(&self) -> Vec<Gesture> {
        let evaluate = Command::Evaluate {
            fields: Content::new(),
            note: None,
        };
        let ask = Command::Ask {
            questions: vec![QUESTION],
            rule: None,
            transition: None,
        };
        let open = numbered(&self.change.questions, |question| question.answer.is_none());
        let answers = open.map(|question| Command::Answer {
            question,
            text: WORDS,
        });
        let open = numbered(&self.change.conditions, |condition| {
            condition.met.is_none() && !condition.void
        });
        let fulfilled = open.map(|condition| Command::Fulfill {
            condition,
            note: None,
        });
        let commands = [evaluate, ask].into_iter().chain(answers).chain(fulfilled);
        commands.map(Gesture::of).collect()
    }

    /// Who is accountable, tasks, checklist.
    fn preparing(&self) -> Vec<Gesture> {
        let states = self.model.life_cycle.states.iter();
        let assign = states
            .filter(|state| state.accountable.is_some())
            .map(|state| Gesture {
                name: Some(state.name.clone()),
                ..Gesture::of(Command::Assign {
                    state: state.id.clone(),
                    person: self.person.clone(),
                })
            });
        let tasks = crate::task::of(self.policy, &self.change.fields);
        let steps = tasks.iter().flat_map(|task| {
            STEPS.map(|step| {
                Gesture::of(Command::Task {
                    task: task.id.clone(),
                    step,
                    note: Some(WORDS),
                })
            })
        });
        let checks = self.policy.checklist.iter().map(|item| Gesture {
            name: Some(item.name.clone()),
            ..Gesture::of(Command::Check {
                item: item.id.clone(),
                answer: YesNo::Yes,
                note: None,
            })
        });
        assign.chain(steps).chain(checks).collect()
    }

    fn proving(&self) -> Vec<Gesture> {
        let attach = self.policy.evidence.iter().map(|kind| Gesture {
            name: Some(kind.name.clone()),
            ..Gesture::of(Command::Attach {
                kind: kind.id.clone(),
                name: WORDS,
                file: kind.file.then_some(FileRef {
                    sha256: Digest::ZERO,
                    bytes: 0,
                }),
                link: None,
                result: kind.result.then_some(TestResult::Passed),
                note: None,
            })
        });
        let standing = numbered(&self.change.evidence, |known| known.retracted.is_none());
        let retract = standing.map(|evidence| {
            Gesture::of(Command::Retract {
                evidence,
                reason: WORDS,
            })
        });
        attach.chain(retract).collect()
    }

    fn duties(&self) -> Vec<Gesture> {
        let waive = self.policy.duties.iter().map(|duty| {
            Gesture::of(Command::Waive {
                duty: duty.id.clone(),
                person: self.change.requester.clone(),
                until: self.now.plus_minutes(60),
                reason: WORDS,
            })
        });
        let open = numbered(&self.change.waivers, |waiver| waiver.review.is_none());
        let reviewed = open.map(|waiver| {
            Gesture::of(Command::ReviewWaiver {
                waiver,
                text: WORDS,
            })
        });
        waive.chain(reviewed).collect()
    }

    /// What is learned once the work was reported.
    fn learning(&self) -> Vec<Gesture> {
        let record = self
            .change
            .completed
            .iter()
            .map(|_| Command::RecordIncident {
                incident: WORDS,
                noticed_at: self.now,
                note: None,
            });
        let open = self.change.unreviewed_incidents();
        let reviews = open.map(|(incident, _)| Command::ReviewIncident {
            incident,
            text: WORDS,
        });
        record.chain(reviews).map(Gesture::of).collect()
    }

    fn unlinking(&self) -> Vec<Gesture> {
        let links = self.change.relations.iter();
        let taken = links.map(|known| Command::Unrelate {
            relation: known.relation,
            to: known.to.clone(),
        });
        taken.map(Gesture::of).collect()
    }

    /// What does not depend on where it stands.
    fn always(&self) -> Vec<Gesture> {
        let pause = if self.change.hold.is_some() {
            Command::Resume { note: None }
        } else {
            Command::Hold { reason: WORDS }
        };
        let commands = [
            pause,
            Command::Edit { fields: Map::new() },
            Command::Relate {
                relation: Relationship::PartOf,
                to: ChangeId(String::new()),
            },
            Command::Announce { text: WORDS },
            Command::Comment {
                text: WORDS,
                mentions: Vec::new(),
            },
            Command::Erase {
                commitments: vec![Digest::ZERO],
                ground: ErasureGround::PersonAsked,
            },
        ];
        commands.into_iter().map(Gesture::of).collect()
    }

    fn permission(&self, gesture: Gesture) -> Permission {
        let Gesture {
            command,
            name,
            into,
            reason,
        } = gesture;
        let Self {
            policy,
            actor,
            now,
            facts,
            ..
        } = *self;
        let of_time = uses_time(policy, self.readable, &command, now).map(|_| self.read(&command));
        let facts = of_time.as_ref().unwrap_or(facts);
        let decision = self.record.decide(policy, &command, actor, now, facts);
        let given = decision.as_ref().ok().and_then(|events| events.first());
        let on_behalf_of = given.and_then(given_for);
        let refusals = decision.map_or_else(
            |refusals| self.without_stand_in(&command, refusals.into_vec()),
            |_| Vec::new(),
        );
        let (transition, rule) = way_or_rule(&command);
        let (about, step) = about(&command);
        Permission {
            command: command.kind(),
            transition,
            into,
            rule,
            on_behalf_of,
            about,
            step,
            name,
            reason: reason || needs_words(&command),
            allowed: refusals.is_empty(),
            refusals,
        }
    }

    /// The facts of a command that uses a time: whether work may be done then is asked of each anew.
    fn read(&self, command: &Command) -> Facts {
        let desk = Desk {
            policy: self.policy,
            record: self.record,
            person: self.person,
            now: self.now,
            world: self.world,
            number: None,
        };
        read(&desk, Some(self.readable), &self.change.id, command)
    }

    /// The least more time that could be asked for: stands for what a person would write.
    fn soonest(&self) -> Instant {
        let end = self.policy.meaning(Meaning::WindowEnd);
        let end = end.and_then(|end| self.change.fields.get(&end.id)?.as_text()?.parse().ok());
        let granted = self.change.extension.as_ref();
        let granted = granted.and_then(|extension| extension.granted_until);
        let known = end.into_iter().chain(granted).chain([self.now]);
        known.max().unwrap_or(self.now).plus_minutes(1)
    }

    /// A gesture is tried without what only its form asks: that the form is not filled yet does not speak against it.
    fn without_stand_in(&self, command: &Command, mut refusals: Vec<Refusal>) -> Vec<Refusal> {
        let kind = command.kind();
        refusals.retain(|refusal| !is_of_stand_in(kind, refusal));
        refusals
    }
}

/// Whether a refusal speaks only against what stands in for the person's own words and choices.
const fn is_of_stand_in(kind: CommandKind, refusal: &Refusal) -> bool {
    use CommandKind::{Assign, Attach, Complete, Edit, Evaluate, Relate, Review};
    matches!(
        (kind, refusal),
        (Edit, Refusal::NothingChanged {})
            | (Edit | Evaluate | Complete | Review, Refusal::Content { .. })
            | (Relate, Refusal::RelatedUnknown { .. })
            | (Attach, Refusal::EvidenceFileUnknown { .. })
            | (Assign, Refusal::UnknownPerson { .. })
    )
}

/// In whose place a vote is given.
fn given_for(event: &Event) -> Option<PersonId> {
    if let Event::Approved { on_behalf_of, .. }
    | Event::Declined { on_behalf_of, .. }
    | Event::Deferred { on_behalf_of, .. }
    | Event::Asked { on_behalf_of, .. } = event
    {
        return on_behalf_of.clone();
    }
    None
}

fn way_or_rule(command: &Command) -> (Option<TransitionId>, Option<RuleId>) {
    if let Command::Move { transition, .. } = command {
        return (Some(transition.clone()), None);
    }
    if let Command::Approve { rule, .. }
    | Command::Decline { rule, .. }
    | Command::Defer { rule, .. }
    | Command::Ask {
        rule: Some(rule), ..
    } = command
    {
        return (None, Some(rule.clone()));
    }
    (None, None)
}

fn about(command: &Command) -> (Option<String>, Option<TaskStep>) {
    if let Command::Answer {
        question: number, ..
    }
    | Command::Fulfill {
        condition: number, ..
    }
    | Command::Retract {
        evidence: number, ..
    }
    | Command::ReviewWaiver { waiver: number, .. }
    | Command::ReviewIncident {
        incident: number, ..
    } = command
    {
        return (Some(number.to_string()), None);
    }
    if let Command::Check { item: id, .. }
    | Command::Attach { kind: id, .. }
    | Command::Observe { measure: id, .. }
    | Command::Waive { duty: id, .. } = command
    {
        return (Some(id.0.clone()), None);
    }
    if let Command::Task { task, step, .. } = command {
        return (Some(task.0.clone()), Some(*step));
    }
    if let Command::Assign { state, .. } = command {
        return (Some(state.0.clone()), None);
    }
    if let Command::Unrelate { relation, to } = command {
        return (Some(format!("{} {to}", relation.as_str())), None);
    }
    (None, None)
}

/// Whether the person must write something, whatever the policy says.
const fn needs_words(command: &Command) -> bool {
    matches!(
        command,
        Command::Task {
            step: TaskStep::Refused | TaskStep::Failed | TaskStep::Skipped,
            ..
        }
    )
}
