//! The only place that says yes or no, and every reason why not.
//!
//! A decision reads policy, change, command, actor, time and facts, and nothing else; so it can be made again from an
//! entry, anywhere, and must come to the same events.

mod content;
mod duty;
mod life_cycle;
mod vote;
mod words;
mod work;

pub(crate) use content::{edited_in, patched};
pub(crate) use life_cycle::needs_reason;

use crate::change::Change;
use crate::command::{Actor, Command, CommandKind};
use crate::draft::Content;
use crate::evaluate::{Evaluation, Subject, evaluate};
use crate::event::{Event, RequiredApproval, TemplateUsed};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::id::{LevelId, PersonId, RoleId, RuleId};
use crate::non_empty::NonEmpty;
use crate::policy::{Act, Authorization, ChangeModel, Phase, Policy};
use crate::refusal::Refusal;
use crate::sorted::distinct;
use crate::time::Instant;

/// What a command comes to: at least one event, or at least one reason why not.
pub type Decision = Result<NonEmpty<Event>, NonEmpty<Refusal>>;

/// Decides a command. Its texts are sealed, and so are the change's.
///
/// # Errors
/// Every refusal that applies.
pub fn decide(
    policy: &Policy,
    change: Option<&Change>,
    command: &Command,
    actor: &Actor,
    now: Instant,
    facts: &Facts,
) -> Decision {
    let Actor::Person { person, roles, .. } = actor else {
        return Err(NonEmpty::one(Refusal::NotAPerson {}));
    };
    let by = By {
        policy,
        person,
        roles,
        now,
        facts,
    };
    if let Some(refusals) = NonEmpty::of(by.unreadable().collect()) {
        return Err(refusals);
    }
    match (command, change) {
        (Command::Submit { .. }, Some(_)) => Err(NonEmpty::one(Refusal::ChangeExists {})),
        (Command::Submit { .. }, None) => content::submit(&by, command),
        (_, None) => Err(NonEmpty::one(Refusal::ChangeUnknown {})),
        (_, Some(change)) => {
            let Some(model) = policy.model(change.model.as_str()) else {
                return Err(NonEmpty::one(Refusal::ModelUnknown {
                    model: change.model.clone(),
                }));
            };
            Case { by, change, model }.decide(command)
        }
    }
}

/// Who wants it, when, under which policy and with which facts.
#[derive(Clone, Copy)]
struct By<'a> {
    policy: &'a Policy,
    person: &'a PersonId,
    roles: &'a [RoleId],
    now: Instant,
    facts: &'a Facts,
}

impl By<'_> {
    /// Findings about the command as a whole, not about a field of the content.
    fn unreadable(&self) -> impl Iterator<Item = Refusal> {
        let whole = self
            .facts
            .findings
            .iter()
            .filter(|finding| finding.fields.is_empty());
        whole.map(|finding| Refusal::Content {
            finding: finding.clone(),
        })
    }

    /// The refusal, unless the actor holds one of these roles. An empty list is nobody.
    fn lacks(&self, roles: &[RoleId]) -> Option<Refusal> {
        let holds = roles.iter().any(|role| self.roles.contains(role));
        (!holds).then(|| Refusal::RoleMissing {
            roles: roles.to_vec(),
        })
    }
}

/// A command on a change that exists.
#[derive(Clone, Copy)]
struct Case<'a> {
    by: By<'a>,
    change: &'a Change,
    model: &'a ChangeModel,
}

impl<'a> Case<'a> {
    fn decide(&self, command: &Command) -> Decision {
        if let Some(refusal) = self.ended(command.kind()) {
            return Err(NonEmpty::one(refusal));
        }
        match command {
            Command::Submit { .. } => Err(NonEmpty::one(Refusal::ChangeExists {})),
            Command::Edit { fields } => self.edit(fields),
            Command::Comment { text } => self.comment(text),
            Command::Approve {
                rule,
                content_hash,
                level,
                comment,
            } => self.approve(rule, *content_hash, level, comment.as_ref()),
            Command::Decline {
                rule,
                content_hash,
                reason,
            } => self.decline(rule, *content_hash, reason),
            Command::Move { transition, reason } => self.take(transition, reason.as_ref()),
            Command::Complete {
                outcome,
                started_at,
                ended_at,
                downtime_min,
                note,
            } => {
                let work = work::Work {
                    outcome: *outcome,
                    started_at: *started_at,
                    ended_at: *ended_at,
                    downtime_min: *downtime_min,
                };
                self.complete(&work, note.as_ref())
            }
            Command::Review { text } => self.review(text),
            Command::Erase {
                commitments,
                ground,
            } => self.erase(commitments, *ground),
        }
    }

    /// A terminal phase accepts nothing that changes the past. Erasing personal data does not: the chain stays.
    fn ended(&self, wanted: CommandKind) -> Option<Refusal> {
        let ended = self.change.phase.is_terminal() && wanted != CommandKind::Erase;
        ended.then_some(Refusal::Terminal {
            phase: self.change.phase,
        })
    }

    /// A content of this change in a phase, as things stand now.
    const fn subject<'c>(&self, content: &'c Content, phase: Phase) -> Subject<'c>
    where
        'a: 'c,
    {
        let Self { by, change, model } = *self;
        Subject {
            policy: by.policy,
            model,
            content,
            phase,
            facts: by.facts,
            acts: change.acts.as_slice(),
        }
    }

    /// What the content comes to in a phase.
    fn standing_in(&self, phase: Phase) -> Evaluation<'a> {
        evaluate(&self.subject(&self.change.fields, phase))
    }

    /// What the content comes to as it stands.
    fn standing(&self) -> Evaluation<'a> {
        self.standing_in(self.change.phase)
    }

    /// The rules that still ask for a yes.
    fn open_rules(
        &self,
        approvals: &[RequiredApproval],
        level: &LevelId,
        also: Option<(&RuleId, &PersonId)>,
    ) -> Vec<RuleId> {
        let met = |approval: &&RequiredApproval| {
            let also = also
                .filter(|(rule, _)| **rule == approval.rule)
                .map(|(_, person)| person);
            crate::evaluate::is_met(self.by.policy, self.change, approval, level, also)
        };
        approvals
            .iter()
            .filter(|approval| !met(approval))
            .map(|approval| approval.rule.clone())
            .collect()
    }

    /// Why the change, as it stands, is not authorized.
    ///
    /// # Source
    /// NIST SP 800-53 CM-3 b and e: only approved changes are carried out.
    fn not_authorized(&self, standing: &Evaluation<'_>) -> Option<Refusal> {
        match self.model.authorization {
            Authorization::PreApproved {} => {
                (!self.template_holds()).then_some(Refusal::NoApprovalRule {})
            }
            Authorization::Rules {} | Authorization::Afterwards { .. } => {
                if standing.approvals.is_empty() {
                    return Some(Refusal::NoApprovalRule {});
                }
                let rules = self.open_rules(&standing.approvals, &standing.risk.level, None);
                (!rules.is_empty()).then_some(Refusal::ApprovalMissing { rules })
            }
        }
    }

    fn template_holds(&self) -> bool {
        let holds = self
            .by
            .facts
            .template
            .as_ref()
            .filter(|template| template.active && template.covers);
        holds.is_some_and(|template| Some(&template.used) == self.change.template.as_ref())
    }

    /// The event that the risk and approvals were worked out anew, where they came out otherwise.
    fn reassessed(&self, evaluation: &Evaluation<'_>) -> Option<Event> {
        let same = evaluation.risk.level == self.change.level
            && evaluation.risk.points == self.change.points
            && evaluation.approvals == self.change.approvals;
        (!same).then(|| assessed(evaluation))
    }
}

/// The rules that still ask for a yes to the change as it stands.
pub(crate) fn open_rules(
    policy: &Policy,
    change: &Change,
    person: &PersonId,
    now: Instant,
    facts: &Facts,
) -> Vec<RuleId> {
    let by = By {
        policy,
        person,
        roles: &[],
        now,
        facts,
    };
    let model = policy.model(change.model.as_str());
    model.map_or_else(Vec::new, |model| {
        let case = Case { by, change, model };
        let standing = case.standing();
        case.open_rules(&standing.approvals, &standing.risk.level, None)
    })
}

fn assessed(evaluation: &Evaluation<'_>) -> Event {
    Event::Assessed {
        level: evaluation.risk.level.clone(),
        points: evaluation.risk.points,
        approvals: evaluation.approvals.clone(),
    }
}

/// The findings that stop, as refusals.
fn stopping(findings: &[Finding]) -> impl Iterator<Item = Refusal> {
    let stops = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Stops);
    stops.map(|finding| Refusal::Content {
        finding: finding.clone(),
    })
}

/// The template in use, as the facts have it.
fn template_used(facts: &Facts) -> Option<TemplateUsed> {
    facts
        .template
        .as_ref()
        .map(|template| template.used.clone())
}

/// The events, unless something speaks against it.
fn unless(refusals: Vec<Refusal>, events: impl FnOnce() -> NonEmpty<Event>) -> Decision {
    NonEmpty::of(distinct(refusals)).map_or_else(|| Ok(events()), Err)
}

/// The acts that a submission is.
pub(crate) fn acts_of_submission(requester: &PersonId) -> Vec<(Act, PersonId)> {
    [Act::Requested, Act::Wrote]
        .map(|act| (act, requester.clone()))
        .to_vec()
}
