//! The only place that says yes or no, and every reason why not.
//!
//! A decision reads policy, change, command, actor, time and facts, and nothing else; so it can be made again from an
//! entry, anywhere, and must come to the same events.

mod adopt;
mod afterwards;
mod content;
mod duty;
mod evaluation;
mod evidence;
mod life_cycle;
mod pause;
mod prepare;
mod prompting;
mod statements;
mod vote;
mod waiver;
mod words;
mod work;

pub(crate) use content::{edited_in, patched};
pub(crate) use life_cycle::needs_reason;
pub use prepare::accountable;
pub(crate) use statements::{asked_now, statements};

use crate::change::Change;
use crate::command::{Actor, Command};
use crate::draft::Content;
use crate::evaluate::{Evaluation, Subject, evaluate, is_above_template};
use crate::event::{Candidate, Event, RequiredApproval, TemplateUsed};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::id::{LevelId, PersonId, RoleId, RuleId};
use crate::non_empty::NonEmpty;
use crate::policy::{Act, Authorization, ChangeModel, FactName, Phase, Policy};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::sorted::distinct;
use crate::time::Instant;

/// What a command comes to: at least one event, or at least one reason why not.
pub type Decision = Result<NonEmpty<Event>, NonEmpty<Refusal>>;

/// Decides a command by the rules of today. Its texts are sealed, and so are the change's.
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
    decide_under(Rules::CURRENT, policy, change, command, actor, now, facts)
}

/// Decides a command by the rules of a version: what an entry of that version was decided by.
///
/// # Errors
/// Every refusal that applied then.
pub fn decide_under(
    rules: Rules,
    policy: &Policy,
    change: Option<&Change>,
    command: &Command,
    actor: &Actor,
    now: Instant,
    facts: &Facts,
) -> Decision {
    let nobody = PersonId(String::new());
    let (person, roles) = match actor {
        Actor::Person { person, roles, .. } => (person, roles.as_slice()),
        Actor::Host {} => (&nobody, &[][..]),
    };
    if let Some(refusal) = other_hand(command, actor) {
        return Err(NonEmpty::one(refusal));
    }
    let by = By {
        rules,
        policy,
        person,
        roles,
        now,
        facts,
        is_host: matches!(actor, Actor::Host {}),
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

/// What the host does, no person asks for, and the other way round; giving on what waits is done by either.
fn other_hand(command: &Command, actor: &Actor) -> Option<Refusal> {
    let host = matches!(actor, Actor::Host {});
    match command {
        Command::HandOn { .. } => None,
        Command::Remind { .. } | Command::Escalate { .. } => {
            (!host).then_some(Refusal::OnlyHost {})
        }
        Command::Submit { .. }
        | Command::Edit { .. }
        | Command::Comment { .. }
        | Command::Evaluate { .. }
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
        | Command::Extend { .. }
        | Command::DecideExtension { .. }
        | Command::Observe { .. }
        | Command::EndObservation { .. }
        | Command::Announce { .. }
        | Command::AdoptPolicy { .. }
        | Command::Complete { .. }
        | Command::Review { .. }
        | Command::RecordIncident { .. }
        | Command::ReviewIncident { .. }
        | Command::Erase { .. }
        | Command::Template { .. }
        | Command::Policy { .. }
        | Command::Meeting { .. } => host.then_some(Refusal::NotAPerson {}),
    }
}

/// Who wants it, when, under which policy and with which facts.
#[derive(Clone, Copy)]
struct By<'a> {
    /// By the rules of which version.
    rules: Rules,
    policy: &'a Policy,
    person: &'a PersonId,
    roles: &'a [RoleId],
    now: Instant,
    facts: &'a Facts,
    is_host: bool,
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

    /// Whether a request for an approval that is not needed any more is recorded as withdrawn.
    fn withdraws(&self) -> bool {
        self.rules.since(Rules::V2)
    }

    /// Whether this host never has a fact.
    fn never_knows(&self, fact: FactName) -> bool {
        let mut absent = self.policy.absent_facts.iter();
        absent.any(|absent| absent.fact == fact)
    }

    /// The refusal, unless the actor holds one of these roles. An empty list is nobody.
    fn lacks(&self, roles: &[RoleId]) -> Option<Refusal> {
        let holds = roles.iter().any(|role| self.roles.contains(role));
        (!holds).then(|| Refusal::RoleMissing {
            roles: distinct(roles.iter().cloned()),
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
        let barred = self.ended(command).or_else(|| self.rests(command));
        if let Some(refusal) = barred {
            return Err(NonEmpty::one(refusal));
        }
        match command {
            Command::Submit { .. } => Err(NonEmpty::one(Refusal::ChangeExists {})),
            Command::Edit { fields } => self.edit(fields),
            Command::Comment { text, mentions } => self.comment(text, mentions),
            Command::Announce { text } => self.announce(text),
            Command::Evaluate { .. } | Command::Ask { .. } | Command::Answer { .. } => {
                self.evaluation(command)
            }
            Command::Approve { .. } | Command::Decline { .. } | Command::Defer { .. } => {
                self.vote(command)
            }
            Command::Fulfill { condition, note } => self.fulfill(*condition, note.as_ref()),
            Command::Remind { rule } => self.remind(rule),
            Command::Escalate { rule } => self.escalate(rule),
            Command::HandOn { from, to } => self.hand_on(from, to),
            Command::Move { transition, reason } => self.take(transition, reason.as_ref()),
            Command::Hold { reason } => self.hold(reason),
            Command::Resume { note } => self.resume(note.as_ref()),
            Command::Assign { .. }
            | Command::Task { .. }
            | Command::Check { .. }
            | Command::Relate { .. }
            | Command::Unrelate { .. } => self.prepare(command),
            Command::Attach { .. } | Command::Retract { .. } => self.prove(command),
            Command::Waive { .. } | Command::ReviewWaiver { .. } => self.waiver(command),
            Command::Extend { until, reason } => self.extend(*until, reason),
            Command::DecideExtension { answer, reason } => {
                self.decide_extension(*answer, reason.as_ref())
            }
            Command::Complete { .. } => self.complete(command),
            Command::Observe { .. } | Command::EndObservation { .. } => self.observation(command),
            Command::Review { .. } => self.review(command),
            Command::RecordIncident { .. } | Command::ReviewIncident { .. } => self.learn(command),
            Command::AdoptPolicy { policy, state } => self.adopt(policy, state),
            Command::Erase {
                commitments,
                ground,
            } => self.erase(commitments, *ground),
            Command::Template { .. } | Command::Policy { .. } | Command::Meeting { .. } => {
                Err(NonEmpty::one(Refusal::OtherKind {}))
            }
        }
    }

    /// A content of this change in a phase, as things stand now.
    const fn subject<'c>(&self, content: &'c Content, phase: Phase) -> Subject<'c>
    where
        'a: 'c,
    {
        let Self { by, change, model } = *self;
        Subject {
            rules: by.rules,
            policy: by.policy,
            model,
            content,
            phase,
            facts: by.facts,
            acts: change.acts.as_slice(),
            change: Some(change),
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
        also: Option<(&RuleId, &Candidate)>,
    ) -> Vec<RuleId> {
        let By { rules, policy, .. } = self.by;
        let met = |approval: &&RequiredApproval| {
            let also = also
                .filter(|(rule, _)| **rule == approval.rule)
                .map(|(_, candidate)| candidate);
            crate::evaluate::is_met(rules, policy, self.change, approval, level, also)
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
            Authorization::PreApproved { .. } => {
                if !self.template_holds() || self.lacks_rules_above(standing) {
                    return Some(Refusal::NoApprovalRule {});
                }
                self.approval_missing(standing)
            }
            Authorization::Rules {} | Authorization::Afterwards { .. } => {
                if standing.approvals.is_empty() {
                    return Some(Refusal::NoApprovalRule {});
                }
                self.approval_missing(standing)
            }
        }
    }

    /// Why the change may not be booked. One that a template carries waits for rules that ask all the same where it is booked,
    /// since its life cycle has no state for that; its work does not start before.
    fn not_schedulable(&self, standing: &Evaluation<'_>) -> Option<Refusal> {
        let refusal = self.not_authorized(standing)?;
        let waits = matches!(refusal, Refusal::ApprovalMissing { .. });
        (!(waits && self.is_asked_where_booked())).then_some(refusal)
    }

    /// Whether rules that ask over a template are answered while the change is booked.
    fn is_asked_where_booked(&self) -> bool {
        let carried = matches!(self.model.authorization, Authorization::PreApproved { .. });
        let mut states = self.model.life_cycle.states.iter();
        carried
            && self.by.rules.since(Rules::V3)
            && !states.any(|state| state.phase == Phase::Authorize)
    }

    fn approval_missing(&self, standing: &Evaluation<'_>) -> Option<Refusal> {
        let rules = self.open_rules(&standing.approvals, &standing.risk.level, None);
        (!rules.is_empty()).then_some(Refusal::ApprovalMissing { rules })
    }

    /// Whether a change is above the level of its template, and no rule says who decides then: nobody is no approval.
    fn lacks_rules_above(&self, standing: &Evaluation<'_>) -> bool {
        let subject = self.subject(&self.change.fields, self.change.phase);
        standing.approvals.is_empty() && is_above_template(&subject, &standing.risk.level)
    }

    fn template_holds(&self) -> bool {
        let holds = self
            .by
            .facts
            .template
            .as_ref()
            .filter(|template| template.active && template.covers);
        let used = self.change.template.as_ref();
        holds
            .zip(used)
            .is_some_and(|(template, used)| template.used.is_same(used))
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
        rules: Rules::CURRENT,
        policy,
        person,
        roles: &[],
        now,
        facts,
        is_host: false,
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
