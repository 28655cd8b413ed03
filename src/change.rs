//! A change: what its events have made of it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::canonical;
use crate::command::Outcome;
use crate::draft::Content;
use crate::event::{Event, Flag, RequiredApproval, TemplateUsed};
use crate::id::{ChangeId, FieldId, LevelId, ModelId, PersonId, RuleId, StateId};
use crate::map::Map;
use crate::policy::{Act, Phase, Policy};
use crate::time::Instant;
use crate::value::{Digest, Value, Words};
use crate::wire::Decode;

/// One change, from submission on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// Its uuid.
    pub id: ChangeId,
    /// How many commands were accepted: the `expectedSeq` of the next report.
    pub seq: u64,
    /// Its spoken number.
    pub number: String,
    /// Its model.
    pub model: ModelId,
    /// The template used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateUsed>,
    /// The policy it keeps.
    pub policy_hash: Digest,
    /// The language shown at submission.
    pub language: String,
    /// Who asked.
    pub requester: PersonId,
    /// When it was submitted.
    pub submitted_at: Instant,
    /// When the planned start that stands was given.
    pub planned_at: Instant,
    /// When anything last happened.
    pub updated_at: Instant,
    /// Its state.
    pub state: StateId,
    /// The phase of that state.
    pub phase: Phase,
    /// Its content. Texts are sealed until the values beside the log are put back.
    pub fields: Content,
    /// The hash of the material content.
    pub content_hash: Digest,
    /// Its risk level.
    pub level: LevelId,
    /// The points of the weighted questions.
    pub points: i64,
    /// Whose yes it needs.
    pub approvals: Vec<RequiredApproval>,
    /// Every yes and no so far, those that count no more among them.
    pub votes: Vec<Vote>,
    /// When and for what it was authorized; none while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorized: Option<Authorized>,
    /// Who did what, as far as duties are kept apart.
    pub acts: Vec<(Act, PersonId)>,
    /// What was reported of the work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<Completed>,
    /// When the work was started by a move into `Implement`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Instant>,
    /// The review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Said>,
    /// What was said about it.
    pub comments: Vec<Said>,
    /// Commitments whose values were erased.
    pub erased: BTreeSet<Digest>,
}

/// A yes or a no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vote {
    /// To which rule.
    pub rule: RuleId,
    /// Who.
    pub by: PersonId,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// What was said.
    pub answer: Answer,
    /// The content it was said to.
    pub content_hash: Digest,
    /// The level it was said to.
    pub level: LevelId,
    /// The remark or reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
    /// Whether it counts no more.
    pub void: bool,
}

impl Vote {
    /// Whose vote it is: the delegator's, where there is one.
    #[must_use]
    pub fn principal(&self) -> &PersonId {
        self.on_behalf_of.as_ref().unwrap_or(&self.by)
    }
}

/// What a vote says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// The outcome of all approvals together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authorized {
    /// When.
    pub at: Instant,
    /// For what content.
    pub content_hash: Digest,
    /// At what level.
    pub level: LevelId,
    /// The template that carried it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateUsed>,
}

/// What was reported of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Completed {
    /// Who reported it.
    pub by: PersonId,
    /// When, by the host's clock.
    pub at: Instant,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began, as claimed.
    pub started_at: Instant,
    /// When it ended, as claimed.
    pub ended_at: Instant,
    /// For how many minutes users noticed an interruption.
    pub downtime_min: u32,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Words>,
    /// What was out of order.
    pub flags: BTreeSet<Flag>,
}

/// Something that somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Said {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// What.
    pub text: Words,
}

/// The hash of what an approval binds: model, template version and every field that the policy does not mark immaterial.
#[must_use]
pub fn content_hash(
    policy: &Policy,
    model: &ModelId,
    template: Option<&TemplateUsed>,
    fields: &Content,
) -> Digest {
    #[derive(Serialize)]
    struct Bound<'a> {
        model: &'a ModelId,
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<&'a TemplateUsed>,
        fields: Map<&'a FieldId, &'a Value>,
    }
    let is_material = |id: &FieldId| {
        policy
            .field(id.as_str())
            .is_none_or(|field| !field.immaterial)
    };
    let fields = fields.iter().filter(|(id, _)| is_material(id)).collect();
    canonical::hash(&Bound {
        model,
        template,
        fields,
    })
}

/// What a first event makes of nothing, and any event of a change. Total: an event that does not fit changes nothing.
#[must_use]
pub fn evolve(id: &ChangeId, change: Option<Change>, event: &Event) -> Option<Change> {
    match (change, event) {
        (None, Event::Submitted { .. }) => submitted(id, event),
        (change, _) => change.map(|change| change.after(event)),
    }
}

fn submitted(id: &ChangeId, event: &Event) -> Option<Change> {
    let Event::Submitted {
        number,
        by,
        at,
        model,
        template,
        language,
        fields,
        content_hash,
        policy_hash,
    } = event
    else {
        return None;
    };
    Some(Change {
        id: id.clone(),
        seq: 0,
        number: number.clone(),
        model: model.clone(),
        template: template.clone(),
        policy_hash: *policy_hash,
        language: language.clone(),
        requester: by.clone(),
        submitted_at: *at,
        planned_at: *at,
        updated_at: *at,
        state: StateId(String::new()),
        phase: Phase::Draft,
        fields: fields.clone(),
        content_hash: *content_hash,
        level: LevelId(String::new()),
        points: 0,
        approvals: Vec::new(),
        votes: Vec::new(),
        authorized: None,
        acts: crate::decide::acts_of_submission(by),
        completed: None,
        started_at: None,
        review: None,
        comments: Vec::new(),
        erased: BTreeSet::new(),
    })
}

impl Change {
    /// Notes who did what, each once.
    fn did(&mut self, act: (Act, PersonId)) {
        if !self.acts.contains(&act) {
            self.acts.push(act);
        }
    }

    /// This change after an event.
    fn after(mut self, event: &Event) -> Self {
        match event {
            Event::Submitted { .. } => {}
            Event::Edited {
                by,
                at,
                fields,
                content_hash,
                material,
                rescheduled,
            } => {
                if *rescheduled {
                    self.planned_at = *at;
                }
                self.fields = crate::decide::patched(&self.fields, fields);
                self.content_hash = *content_hash;
                if *material {
                    self.did((Act::Wrote, by.clone()));
                }
                self.updated_at = *at;
            }
            Event::Assessed {
                level,
                points,
                approvals,
            } => {
                self.level = level.clone();
                self.points = *points;
                self.approvals.clone_from(approvals);
            }
            Event::Moved { .. } => self.moved(event),
            Event::Approved { .. } | Event::Declined { .. } => self.voted(event),
            Event::Authorized {
                at,
                content_hash,
                level,
                template,
            } => {
                let template = template.clone();
                self.authorized = Some(Authorized {
                    at: *at,
                    content_hash: *content_hash,
                    level: level.clone(),
                    template,
                });
                self.updated_at = *at;
            }
            Event::Voided { at, rules } => {
                self.authorized = None;
                self.votes
                    .iter_mut()
                    .filter(|vote| rules.contains(&vote.rule))
                    .for_each(|vote| vote.void = true);
                self.updated_at = *at;
            }
            Event::Commented { by, at, text } => {
                self.comments.push(Said {
                    by: by.clone(),
                    at: *at,
                    text: text.clone(),
                });
                self.updated_at = *at;
            }
            Event::Completed { .. } => self.complete(event),
            Event::Reviewed { by, at, text } => {
                self.review = Some(Said {
                    by: by.clone(),
                    at: *at,
                    text: text.clone(),
                });
                self.did((Act::Reviewed, by.clone()));
                self.updated_at = *at;
            }
            Event::Erased {
                at, commitments, ..
            } => {
                self.erased.extend(commitments);
                self.updated_at = *at;
            }
        }
        self
    }

    fn moved(&mut self, event: &Event) {
        let Event::Moved {
            to,
            phase,
            by,
            act,
            at,
            ..
        } = event
        else {
            return;
        };
        if *phase == Phase::Implement && self.phase != Phase::Implement {
            self.started_at = Some(*at);
        }
        self.state = to.clone();
        self.phase = *phase;
        act.zip(by.clone())
            .into_iter()
            .for_each(|act| self.did(act));
        self.updated_at = *at;
    }

    fn voted(&mut self, event: &Event) {
        let vote = match event {
            Event::Approved {
                rule,
                by,
                on_behalf_of,
                at,
                content_hash,
                level,
                comment,
            } => Vote {
                rule: rule.clone(),
                by: by.clone(),
                on_behalf_of: on_behalf_of.clone(),
                at: *at,
                answer: Answer::Yes,
                content_hash: *content_hash,
                level: level.clone(),
                words: comment.clone(),
                void: false,
            },
            Event::Declined {
                rule,
                by,
                on_behalf_of,
                at,
                reason,
            } => Vote {
                rule: rule.clone(),
                by: by.clone(),
                on_behalf_of: on_behalf_of.clone(),
                at: *at,
                answer: Answer::No,
                content_hash: self.content_hash,
                level: self.level.clone(),
                words: Some(reason.clone()),
                void: false,
            },
            Event::Submitted { .. }
            | Event::Edited { .. }
            | Event::Assessed { .. }
            | Event::Moved { .. }
            | Event::Authorized { .. }
            | Event::Voided { .. }
            | Event::Commented { .. }
            | Event::Completed { .. }
            | Event::Reviewed { .. }
            | Event::Erased { .. } => return,
        };
        if vote.answer == Answer::Yes {
            // A delegate's yes is also the delegator's.
            let persons = std::iter::once(&vote.by).chain(&vote.on_behalf_of);
            persons.for_each(|person| self.did((Act::Approved, person.clone())));
        }
        self.updated_at = vote.at;
        self.votes.push(vote);
    }

    fn complete(&mut self, event: &Event) {
        let Event::Completed {
            by,
            at,
            outcome,
            started_at,
            ended_at,
            downtime_min,
            note,
            flags,
        } = event
        else {
            return;
        };
        self.completed = Some(Completed {
            by: by.clone(),
            at: *at,
            outcome: *outcome,
            started_at: *started_at,
            ended_at: *ended_at,
            downtime_min: *downtime_min,
            note: note.clone(),
            flags: flags.clone(),
        });
        self.did((Act::Implemented, by.clone()));
        self.updated_at = *at;
    }
}
