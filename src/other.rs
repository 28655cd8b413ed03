//! Records beside those of changes: a template of the catalogue, the publication of a policy, a meeting of a board.
//!
//! They share the log of changes: sealed entries, one an accepted command, replayed and verified alike. What a record is
//! of, its first entry says.

use serde::Serialize;

use crate::catalogue::{self, TemplateEvent, TemplateRecord};
use crate::command::{Actor, Command};
use crate::decide::Decision;
use crate::event::Event;
use crate::facts::{CatalogueFact, Facts};
use crate::id::{ChangeId, PersonId, RoleId};
use crate::meeting::{self, Meeting, MeetingEvent};
use crate::non_empty::NonEmpty;
use crate::policy::Policy;
use crate::publication::{self, PolicyEvent, Publication};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::sorted::distinct;
use crate::time::Instant;
use crate::value::{Digest, Value, Words};
use crate::wire::Decode;

/// What a record is of, where it is not of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
#[expect(
    clippy::large_enum_variant,
    reason = "a record holds one of them, and is not kept in long lists"
)]
pub enum Other {
    /// A template of the catalogue.
    Template {
        /// It.
        template: TemplateRecord,
    },
    /// The publication of a policy.
    Publication {
        /// It.
        publication: Publication,
    },
    /// A meeting of a board.
    Meeting {
        /// It.
        meeting: Meeting,
    },
}

impl Other {
    /// The id of its record.
    #[must_use]
    pub const fn id(&self) -> &ChangeId {
        match self {
            Self::Template { template } => &template.id,
            Self::Publication { publication } => &publication.id,
            Self::Meeting { meeting } => &meeting.id,
        }
    }

    /// The template, where it is one.
    #[must_use]
    pub const fn template(&self) -> Option<&TemplateRecord> {
        match self {
            Self::Template { template } => Some(template),
            Self::Publication { .. } | Self::Meeting { .. } => None,
        }
    }

    /// The publication, where it is one.
    #[must_use]
    pub const fn publication(&self) -> Option<&Publication> {
        match self {
            Self::Publication { publication } => Some(publication),
            Self::Template { .. } | Self::Meeting { .. } => None,
        }
    }

    /// The meeting, where it is one.
    #[must_use]
    pub const fn meeting(&self) -> Option<&Meeting> {
        match self {
            Self::Meeting { meeting } => Some(meeting),
            Self::Template { .. } | Self::Publication { .. } => None,
        }
    }

    /// The policy under which its next entry must be decided, where it says so itself.
    pub(crate) fn keeps(&self) -> Option<Digest> {
        self.publication()
            .and_then(|publication| publication.in_force.as_ref())
            .map(|in_force| in_force.hash)
    }

    /// Everything that was said in it, its fields aside.
    pub(crate) fn words_mut(&mut self) -> Vec<&mut Words> {
        match self {
            Self::Template { template } => template.words_mut(),
            Self::Publication { publication } => publication.words_mut(),
            Self::Meeting { meeting } => meeting.words_mut(),
        }
    }

    /// Every field that it holds.
    pub(crate) fn values_mut(&mut self) -> Vec<&mut Value> {
        match self {
            Self::Template { template } => template
                .versions_mut()
                .flat_map(|version| version.content.fields.values_mut())
                .collect(),
            Self::Publication { .. } | Self::Meeting { .. } => Vec::new(),
        }
    }
}

/// What an event makes of a record that is not of a change. Total: an event that does not fit changes nothing.
#[must_use]
pub fn evolve(id: &ChangeId, other: Option<Other>, event: &Event) -> Option<Other> {
    match event {
        Event::Template { event } => with_template(id, other, event),
        Event::Policy { event } => with_publication(id, other, event),
        Event::Meeting { event } => with_meeting(id, other, event),
        Event::Submitted { .. }
        | Event::Edited { .. }
        | Event::Assessed { .. }
        | Event::Moved { .. }
        | Event::Approved { .. }
        | Event::Declined { .. }
        | Event::Authorized { .. }
        | Event::Voided { .. }
        | Event::Commented { .. }
        | Event::Completed { .. }
        | Event::Reviewed { .. }
        | Event::Evaluated { .. }
        | Event::Asked { .. }
        | Event::Answered { .. }
        | Event::Deferred { .. }
        | Event::Fulfilled { .. }
        | Event::Withdrawn { .. }
        | Event::Assigned { .. }
        | Event::Held { .. }
        | Event::Resumed { .. }
        | Event::TaskReported { .. }
        | Event::Checked { .. }
        | Event::Related { .. }
        | Event::Unrelated { .. }
        | Event::Attached { .. }
        | Event::Retracted { .. }
        | Event::Waived { .. }
        | Event::WaiverReviewed { .. }
        | Event::ExtensionAsked { .. }
        | Event::ExtensionDecided { .. }
        | Event::Observed { .. }
        | Event::ObservationEnded { .. }
        | Event::Announced { .. }
        | Event::RatificationRefused { .. }
        | Event::PolicyAdopted { .. }
        | Event::Reminded { .. }
        | Event::Escalated { .. }
        | Event::HandedOn { .. }
        | Event::IncidentRecorded { .. }
        | Event::IncidentReviewed { .. }
        | Event::Erased { .. } => other,
    }
}

fn with_template(id: &ChangeId, other: Option<Other>, event: &TemplateEvent) -> Option<Other> {
    let stands = match other {
        None => None,
        Some(Other::Template { template }) => Some(template),
        Some(other @ (Other::Publication { .. } | Other::Meeting { .. })) => return Some(other),
    };
    catalogue::evolve(id, stands, event).map(|template| Other::Template { template })
}

fn with_publication(id: &ChangeId, other: Option<Other>, event: &PolicyEvent) -> Option<Other> {
    let stands = match other {
        None => None,
        Some(Other::Publication { publication }) => Some(publication),
        Some(other @ (Other::Template { .. } | Other::Meeting { .. })) => return Some(other),
    };
    publication::evolve(id, stands, event).map(|publication| Other::Publication { publication })
}

fn with_meeting(id: &ChangeId, other: Option<Other>, event: &MeetingEvent) -> Option<Other> {
    let stands = match other {
        None => None,
        Some(Other::Meeting { meeting }) => Some(meeting),
        Some(other @ (Other::Template { .. } | Other::Publication { .. })) => return Some(other),
    };
    meeting::evolve(id, stands, event).map(|meeting| Other::Meeting { meeting })
}

/// Either events, or every reason why not.
pub(crate) type Ruling<E> = Result<Vec<E>, Vec<Refusal>>;

/// Who wants something of such a record, when, under which policy and with which facts.
#[derive(Clone, Copy)]
pub(crate) struct Hand<'a> {
    /// By the rules of which version.
    pub rules: Rules,
    /// The policy in force.
    pub policy: &'a Policy,
    /// Who, with the roles held at the decision.
    pub actor: &'a Actor,
    /// When.
    pub now: Instant,
    /// What was read.
    pub facts: &'a Facts,
}

impl<'a> Hand<'a> {
    /// The person, or the refusal that it takes one.
    pub(crate) fn person(&self) -> Result<&'a PersonId, Vec<Refusal>> {
        self.actor
            .person()
            .ok_or_else(|| vec![Refusal::NotAPerson {}])
    }

    /// The refusal, unless it is the host.
    pub(crate) fn not_host(&self) -> Option<Refusal> {
        self.actor.person().map(|_| Refusal::OnlyHost {})
    }

    /// The refusal, unless the actor holds one of these roles. An empty list is nobody.
    pub(crate) fn lacks(&self, roles: &[RoleId]) -> Option<Refusal> {
        let holds = match self.actor {
            Actor::Person { roles: held, .. } => roles.iter().any(|role| held.contains(role)),
            Actor::Host {} => false,
        };
        (!holds).then(|| Refusal::RoleMissing {
            roles: roles.to_vec(),
        })
    }

    /// What was read of the catalogue.
    pub(crate) const fn catalogue(&self) -> Option<&'a CatalogueFact> {
        self.facts.catalogue.as_ref()
    }
}

/// The events, unless something speaks against it.
pub(crate) fn unless<E>(refusals: Vec<Refusal>, events: impl FnOnce() -> Vec<E>) -> Ruling<E> {
    if refusals.is_empty() {
        Ok(events())
    } else {
        Err(refusals)
    }
}

/// Decides a command on a record that is of no change, or is not begun.
pub(crate) fn decide(
    hand: &Hand<'_>,
    other: Option<&Other>,
    erased: &std::collections::BTreeSet<Digest>,
    command: &Command,
) -> Decision {
    let unreadable = unreadable(hand.facts);
    if !unreadable.is_empty() {
        return settled(Err(unreadable));
    }
    match (command, other) {
        (Command::Template { step }, other) => match other {
            Some(Other::Publication { .. } | Other::Meeting { .. }) => other_kind(),
            Some(Other::Template { template }) => {
                settled(catalogue::decide(hand, Some(template), step).map(templates))
            }
            None => settled(catalogue::decide(hand, None, step).map(templates)),
        },
        (Command::Policy { step }, other) => match other {
            Some(Other::Template { .. } | Other::Meeting { .. }) => other_kind(),
            Some(Other::Publication { publication }) => {
                settled(publication::decide(hand, Some(publication), step).map(policies))
            }
            None => settled(publication::decide(hand, None, step).map(policies)),
        },
        (Command::Meeting { step }, other) => match other {
            Some(Other::Template { .. } | Other::Publication { .. }) => other_kind(),
            Some(Other::Meeting { meeting }) => {
                settled(meeting::decide(hand, Some(meeting), step).map(meetings))
            }
            None => settled(meeting::decide(hand, None, step).map(meetings)),
        },
        (Command::Erase { .. }, Some(_)) => settled(erase(hand, erased, command)),
        (_, _) => other_kind(),
    }
}

fn other_kind() -> Decision {
    Err(NonEmpty::one(Refusal::OtherKind {}))
}

fn templates(events: Vec<catalogue::TemplateEvent>) -> Vec<Event> {
    let events = events.into_iter();
    events.map(|event| Event::Template { event }).collect()
}

fn policies(events: Vec<publication::PolicyEvent>) -> Vec<Event> {
    let events = events.into_iter();
    events.map(|event| Event::Policy { event }).collect()
}

fn meetings(events: Vec<meeting::MeetingEvent>) -> Vec<Event> {
    let events = events.into_iter();
    events.map(|event| Event::Meeting { event }).collect()
}

/// Findings about the command as a whole, not about a field of the content.
fn unreadable(facts: &Facts) -> Vec<Refusal> {
    let whole = facts.findings.iter();
    whole
        .filter(|finding| finding.fields.is_empty())
        .map(|finding| Refusal::Content {
            finding: finding.clone(),
        })
        .collect()
}

/// A yes has events, a no has reasons.
fn settled(ruling: Ruling<Event>) -> Decision {
    match ruling {
        Ok(events) => NonEmpty::of(events).ok_or_else(|| NonEmpty::one(Refusal::NothingChanged {})),
        Err(refusals) => Err(NonEmpty::of(distinct(refusals))
            .unwrap_or_else(|| NonEmpty::one(Refusal::NothingChanged {}))),
    }
}

/// Erases personal data: the host deletes values and salts, the chain stays and says so.
fn erase(
    hand: &Hand<'_>,
    erased: &std::collections::BTreeSet<Digest>,
    command: &Command,
) -> Ruling<Event> {
    let Command::Erase {
        commitments,
        ground,
    } = command
    else {
        return Err(vec![Refusal::OtherKind {}]);
    };
    let person = hand.person()?;
    let mut refusals: Vec<Refusal> = hand.lacks(&hand.policy.may.erase).into_iter().collect();
    let unknown = hand.facts.unknown_commitments.iter();
    refusals.extend(unknown.map(|commitment| Refusal::UnknownCommitment {
        commitment: *commitment,
    }));
    let gone = commitments
        .iter()
        .all(|commitment| erased.contains(commitment));
    if gone {
        refusals.push(Refusal::NothingChanged {});
    }
    unless(refusals, || {
        vec![Event::Erased {
            by: person.clone(),
            at: hand.now,
            commitments: commitments.clone(),
            ground: *ground,
        }]
    })
}
