//! How things stand with a change, by the guards that decide on it: what readings, agendas and lists tell.

use crate::change::{Answer, Change, YesNo};
use crate::evaluate::{evidence_stands, is_met};
use crate::event::{Flag, Moot, RequiredApproval};
use crate::facts::Facts;
use crate::id::{PersonId, RuleId};
use crate::policy::{Authorization, CheckItem, Phase, Policy};
use crate::review::{is_reviewed, review_reasons};
use crate::rules::Rules;
use crate::statement::{
    ApprovalStands, ApprovalStatement, CheckStands, CheckStatement, Ratification, ReviewStands,
    Statements, StillOpen,
};
use crate::time::Instant;

use super::{By, Case};

/// What a change says of itself, at a moment.
pub(crate) fn statements(
    policy: &Policy,
    change: &Change,
    person: &PersonId,
    now: Instant,
    facts: &Facts,
) -> Statements {
    let Some(model) = policy.model(change.model.as_str()) else {
        return Statements::default();
    };
    let by = By {
        rules: Rules::CURRENT,
        policy,
        person,
        roles: &[],
        now,
        facts,
        is_host: false,
    };
    let case = Case { by, change, model };
    let asked = case.asked_now();
    Statements {
        over: change.is_over(),
        approvals: case.approvals_stand(&asked),
        asked,
        ratification: case.ratification(),
        flags: flags(change),
        checklist: case.checklist_stands(),
        evidence: change
            .evidence
            .iter()
            .map(|known| evidence_stands(Rules::CURRENT, policy, change, known))
            .collect(),
        review: case.review_stands(),
        open: still_open(change),
    }
}

/// The rules that are asked for their yes now.
pub(crate) fn asked_now(
    policy: &Policy,
    change: &Change,
    person: &PersonId,
    now: Instant,
    facts: &Facts,
) -> Vec<RuleId> {
    statements(policy, change, person, now, facts).asked
}

impl Case<'_> {
    /// Those that are open and of the stage that is next, while votes are taken: by the guards of a vote.
    fn asked_now(&self) -> Vec<RuleId> {
        if !self.is_open_to_votes() || self.change.hold.is_some() {
            return Vec::new();
        }
        let standing = self.standing();
        let open = self.open_rules(&standing.approvals, &standing.risk.level, None);
        let next = |approval: &&RequiredApproval| {
            open.contains(&approval.rule) && self.earlier_stages(approval, &standing).is_none()
        };
        let asked = standing.approvals.iter().filter(next);
        asked.map(|approval| approval.rule.clone()).collect()
    }

    fn approvals_stand(&self, asked: &[RuleId]) -> Vec<ApprovalStatement> {
        let all = self.change.approvals.iter();
        all.map(|approval| ApprovalStatement {
            rule: approval.rule.clone(),
            stands: self.approval_stands(approval, asked.contains(&approval.rule)),
        })
        .collect()
    }

    fn approval_stands(&self, approval: &RequiredApproval, is_asked: bool) -> ApprovalStands {
        let change = self.change;
        let mut withdrawn = change.withdrawn.iter();
        // Where enough others have said yes, it has its yes.
        let withdrawn = withdrawn
            .find(|(rule, because)| *rule == approval.rule && *because != Moot::QuorumReached);
        let mut votes = change.votes.iter();
        let is_refused =
            votes.any(|vote| vote.rule == approval.rule && !vote.void && vote.answer == Answer::No);
        if let Some((_, because)) = withdrawn {
            ApprovalStands::Withdrawn { because: *because }
        } else if is_refused {
            ApprovalStands::Refused {}
        } else if is_asked {
            ApprovalStands::Asked {}
        } else if change.authorized.is_some() || self.is_given(approval) {
            ApprovalStands::Given {}
        } else if self.comes_to_votes() {
            ApprovalStands::Later {}
        } else {
            ApprovalStands::Missing {}
        }
    }

    /// Whether it has its yeses as it was written down last. Of a change that was authorized, by the rules of its time, each has.
    fn is_given(&self, approval: &RequiredApproval) -> bool {
        let Self { by, change, .. } = self;
        is_met(by.rules, by.policy, change, approval, &change.level, None)
    }

    /// Whether votes are taken, or will be.
    fn comes_to_votes(&self) -> bool {
        let before = matches!(
            self.change.phase,
            Phase::Draft | Phase::Assess | Phase::Rejected
        );
        before || self.is_open_to_votes()
    }

    /// Of work that began before everybody who was needed had agreed: as it stands, and never before it is so.
    fn ratification(&self) -> Option<Ratification> {
        let change = self.change;
        if change.unauthorized {
            return Some(Ratification::Refused);
        }
        let afterwards = matches!(self.model.authorization, Authorization::Afterwards { .. });
        (afterwards && self.began_before_approval()).then(|| {
            if change.authorized.is_some() {
                Ratification::Ratified
            } else if change.phase.is_terminal() {
                Ratification::Refused
            } else {
                Ratification::Waiting
            }
        })
    }

    fn began_before_approval(&self) -> bool {
        let change = self.change;
        if let Some(completed) = &change.completed {
            let mut flags = completed.flags.iter();
            return flags.any(|flag| is_of_ratification(*flag));
        }
        let authorized = change.authorized.as_ref().map(|authorized| authorized.at);
        change
            .started_at
            .is_some_and(|started| authorized.is_none_or(|authorized| started < authorized))
    }

    /// An item is told of where it was answered, or is still to be: one that never applied is not, whether the change is open or
    /// has ended.
    fn checklist_stands(&self) -> Vec<CheckStatement> {
        let applying: Vec<&RuleId> = self
            .applying(&self.by.policy.checklist)
            .filter(|item| self.is_before(item))
            .map(|item| &item.id)
            .collect();
        let items = self.by.policy.checklist.iter().map(|item| &item.id);
        let told = items.filter_map(|item| {
            let stands = self.check_stands(item, applying.contains(&item))?;
            Some(CheckStatement {
                item: item.clone(),
                stands,
            })
        });
        told.collect()
    }

    /// Whether an item guards a phase that is still to come.
    pub(super) fn is_before(&self, item: &CheckItem) -> bool {
        self.change.phase < item.before && self.change.phase != Phase::Rejected
    }

    fn check_stands(&self, item: &RuleId, is_open: bool) -> Option<CheckStands> {
        let Some(checked) = self.change.checks.get(item) else {
            return is_open.then_some(CheckStands::Open);
        };
        let answered_for = checked.content_hash;
        if answered_for.is_some_and(|hash| hash != self.change.content_hash) {
            return Some(CheckStands::OtherContent);
        }
        Some(match checked.answer {
            YesNo::Yes => CheckStands::Go,
            YesNo::No => CheckStands::NoGo,
        })
    }

    fn review_stands(&self) -> ReviewStands {
        let change = self.change;
        let needed = || {
            let reasons = review_reasons(self.by.policy, change, self.by.facts);
            !reasons.is_empty() && !is_reviewed(self.by.rules, change)
        };
        // What has ended had the review that it needed; an incident that showed later has its own.
        if !change.phase.is_terminal() && needed() {
            ReviewStands::Needed
        } else if change.review.is_some() {
            ReviewStands::Recorded
        } else {
            ReviewStands::NotNeeded
        }
    }
}

const fn is_of_ratification(flag: Flag) -> bool {
    matches!(flag, Flag::Ratified | Flag::AwaitingRatification)
}

/// What was out of order with the work. How its ratification stands is told by itself, and what it caused as it is known now.
fn flags(change: &Change) -> Vec<Flag> {
    let recorded = change.completed.iter().flat_map(|known| &known.flags);
    let recorded = recorded.copied().filter(|flag| !is_of_ratification(*flag));
    let caused = change.caused_incident().then_some(Flag::CausedIncident);
    recorded.chain(caused).collect()
}

fn still_open(change: &Change) -> StillOpen {
    let ended = change.phase.is_terminal();
    let questions = numbered(&change.questions, |known| known.answer.is_none());
    let conditions = numbered(&change.conditions, |known| {
        known.met.is_none() && !known.void
    });
    let waivers = numbered(&change.waivers, |known| known.review.is_none());
    let of_open = |all: Vec<u32>| if ended { Vec::new() } else { all };
    StillOpen {
        questions: of_open(questions),
        conditions: of_open(conditions),
        waivers: of_open(waivers),
        incidents: change
            .unreviewed_incidents()
            .map(|(number, _)| number)
            .collect(),
    }
}

/// The numbers, counted from 1, of those for which something holds.
fn numbered<T>(all: &[T], holds: impl Fn(&T) -> bool) -> Vec<u32> {
    let numbered = (1_u32..).zip(all);
    numbered
        .filter(|(_, known)| holds(known))
        .map(|(number, _)| number)
        .collect()
}
