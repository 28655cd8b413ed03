//! Whose yes a content needs, and whether it is there.

use crate::change::{Answer, Change, Vote};
use crate::event::{Candidate, RequiredApproval};
use crate::id::{LevelId, PersonId};
use crate::policy::{Act, ApprovalRule, Authorization, Meaning, Policy, Quorum};
use crate::rules::Rules;
use crate::sorted::{distinct, sort_short};

use super::{Scene, Subject};

/// The approvals that a content needs. A rule whose condition cannot be told applies: more risk never removes one.
pub(super) fn required(
    subject: &Subject<'_>,
    scene: &Scene<'_>,
    level: &LevelId,
) -> Vec<RequiredApproval> {
    let matching = matching(subject, scene, level);
    let gives_way = |rule: &ApprovalRule| {
        matching
            .iter()
            .any(|other| other.senior_to.contains(&rule.id))
    };
    let rules: Vec<_> = matching
        .iter()
        .copied()
        .filter(|rule| !gives_way(rule))
        .collect();
    let last = rules.iter().map(|rule| rule.stage).max().unwrap_or(0);
    let mut approvals: Vec<_> = rules
        .iter()
        .map(|rule| approval(rule, subject, &barred(subject, scene, rule.stage == last)))
        .collect();
    sort_short(&mut approvals, |one, other| one.stage.cmp(&other.stage));
    approvals
}

/// The rules that ask. One that matches asks over a template too; a change above the level of its template is asked of whom it
/// would be without one. Before version 3 a template was never asked about.
fn matching<'a>(
    subject: &Subject<'a>,
    scene: &Scene<'_>,
    level: &LevelId,
) -> Vec<&'a ApprovalRule> {
    let Subject {
        rules,
        policy,
        model,
        ..
    } = *subject;
    let carried = matches!(model.authorization, Authorization::PreApproved { .. });
    if carried && !rules.since(Rules::V3) {
        return Vec::new();
    }
    let above = super::is_above_template(subject, level);
    let above = above.then(|| policy.model_above(model)).flatten();
    // Judged as of the other model: what that one asks and this one does not is not answered.
    let other = above.map(|model| Subject { model, ..*subject });
    let unasked = other.as_ref().map(super::unasked);
    let other = other.as_ref().zip(unasked.as_ref());
    let other = other.map(|(subject, unasked)| Scene::of(subject, unasked).at_level(level));
    let applies = |rule: &&ApprovalRule| {
        let asks = |scene: &Scene<'_>| {
            let when = rule.when.as_ref();
            when.is_none_or(|when| scene.holds(when) != Some(false))
        };
        asks(scene) || other.as_ref().is_some_and(asks)
    };
    policy.approvals.iter().filter(applies).collect()
}

/// Who may give none of these approvals.
///
/// # Source
/// NIST SP 800-53 AC-5: the person who asked or wrote never approves, nor does the implementer give the final approval.
/// Persons are compared, not roles.
fn barred(subject: &Subject<'_>, scene: &Scene<'_>, is_final: bool) -> Vec<PersonId> {
    let named = |meaning| named_in(subject.policy, scene, meaning);
    let did = |act: Act| {
        act == Act::Requested || act == Act::Wrote || is_final && act == Act::Implemented
    };
    let acted = subject
        .acts
        .iter()
        .filter(|(act, _)| did(*act))
        .map(|(_, person)| person.clone());
    let implementers = if is_final {
        named(Meaning::Implementers)
    } else {
        Vec::new()
    };
    acted
        .chain(named(Meaning::Authors))
        .chain(implementers)
        .collect()
}

fn named_in(policy: &Policy, scene: &Scene<'_>, meaning: Meaning) -> Vec<PersonId> {
    let value = policy
        .meaning(meaning)
        .and_then(|field| scene.value(&field.id));
    value
        .map(|value| value.ids().map(PersonId::from).collect())
        .unwrap_or_default()
}

fn approval(rule: &ApprovalRule, subject: &Subject<'_>, barred: &[PersonId]) -> RequiredApproval {
    let free = |candidate: &Candidate| {
        !barred.contains(&candidate.person) && !barred.contains(candidate.principal())
    };
    let known = subject
        .facts
        .approvers
        .iter()
        .find(|known| known.rule == rule.id);
    let principals = known.map_or(&[][..], |known| &known.principals);
    let deputies = known.map_or(&[][..], |known| &known.deputies);
    let mut eligible: Vec<_> = principals
        .iter()
        .filter(|candidate| free(candidate))
        .cloned()
        .collect();
    let by_deputies = eligible.is_empty() && deputies.iter().any(free);
    if by_deputies {
        eligible = deputies
            .iter()
            .filter(|candidate| free(candidate))
            .cloned()
            .collect();
    }
    sort_short(&mut eligible, Candidate::cmp);
    let stand_ins = if by_deputies || eligible.is_empty() {
        deputies
    } else {
        &[]
    };
    // Who has said yes does not get rid of a conflict by being away, or by the end of their delegation.
    let said_yes = subject
        .change
        .map(|change| change.said_yes(&rule.id))
        .unwrap_or_default();
    let conflicted = principals
        .iter()
        .chain(stand_ins)
        .chain(&said_yes)
        .filter(|candidate| !free(candidate))
        .map(|candidate| candidate.person.clone());
    let mut conflicted = distinct(conflicted);
    sort_short(&mut conflicted, PersonId::cmp);
    let escalated = subject
        .change
        .is_some_and(|change| change.is_escalated(&rule.id));
    let above = known.map_or(&[][..], |known| &known.above);
    let above = above
        .iter()
        .filter(|candidate| escalated && free(candidate));
    RequiredApproval {
        rule: rule.id.clone(),
        stage: rule.stage,
        quorum: rule.quorum,
        eligible,
        conflicted,
        away: known.map(|known| known.away.clone()).unwrap_or_default(),
        above: above.cloned().collect(),
        by_deputies,
    }
}

/// The stage that comes last: the final approval.
#[must_use]
pub fn final_stage(approvals: &[RequiredApproval]) -> u8 {
    approvals
        .iter()
        .map(|approval| approval.stage)
        .max()
        .unwrap_or(0)
}

/// Those whose yes an approval asks for. A delegate stands for the delegator: both together count once.
#[must_use]
pub fn principals(approval: &RequiredApproval) -> Vec<&PersonId> {
    distinct(approval.eligible.iter().map(Candidate::principal))
}

/// How many yeses an approval needs, at least one.
#[must_use]
pub fn needed(approval: &RequiredApproval) -> usize {
    let people = principals(approval);
    let needed = match approval.quorum {
        Quorum::Any {} => 1,
        Quorum::All {} => people.len(),
        Quorum::AtLeast { number } => usize::try_from(number).unwrap_or(usize::MAX),
        Quorum::Percent { percent } => people
            .len()
            .saturating_mul(usize::from(percent))
            .div_ceil(100),
    };
    needed.max(1)
}

/// Whether enough people have said yes to this content at this level or a higher one, and nobody who is asked has said no.
/// Distinct people are counted, a delegate as the one they stand for, and of each the last word. Where everybody is asked,
/// nobody stands in for one who has not answered, whoever else did. Those above decide alone.
#[must_use]
pub fn is_met(
    policy: &Policy,
    change: &Change,
    approval: &RequiredApproval,
    level: &LevelId,
    also: Option<&PersonId>,
) -> bool {
    if noes(change, approval).any(|principal| Some(principal) != also) {
        return false;
    }
    let given = distinct(yeses(policy, change, approval, level).chain(also));
    let is_above = |principal: &&PersonId| {
        let mut above = approval.above.iter().map(Candidate::principal);
        above.any(|person| person == *principal)
    };
    let everybody = || {
        principals(approval)
            .into_iter()
            .all(|asked| given.contains(&asked))
    };
    let enough =
        given.len() >= needed(approval) && (approval.quorum != Quorum::All {} || everybody());
    enough || given.iter().any(is_above)
}

/// The votes that say so to what stands; of each who votes only the last word is not void.
fn said<'a>(
    change: &'a Change,
    approval: &'a RequiredApproval,
    answer: Answer,
) -> impl Iterator<Item = &'a Vote> {
    let votes = change.votes.iter().filter(|vote| !vote.void);
    votes.filter(move |vote| {
        vote.rule == approval.rule
            && vote.answer == answer
            && vote.content_hash == change.content_hash
    })
}

/// Who has said yes at this level or a higher one, and still may: a conflict that arose since takes a yes away.
fn yeses<'a>(
    policy: &'a Policy,
    change: &'a Change,
    approval: &'a RequiredApproval,
    level: &'a LevelId,
) -> impl Iterator<Item = &'a PersonId> {
    let high_enough = move |vote: &&Vote| policy.rank(&vote.level) >= policy.rank(level);
    said(change, approval, Answer::Yes)
        .filter(high_enough)
        .filter(|vote| !is_conflicted(approval, vote))
        .map(Vote::principal)
}

/// Who has said no and is asked still. It stands while they are away, and where a conflict arose since: neither a holiday nor
/// being named as an implementer takes a no away. Of somebody whom the rule asks no more it stands no more, since nobody
/// could take it back.
fn noes<'a>(
    change: &'a Change,
    approval: &'a RequiredApproval,
) -> impl Iterator<Item = &'a PersonId> {
    let is_asked = |vote: &&Vote| {
        let principal = vote.principal();
        let mut candidates = approval.eligible.iter().chain(&approval.above);
        candidates.any(|candidate| candidate.principal() == principal)
            || approval.away.contains(principal)
            || approval.conflicted.contains(principal)
            || approval.conflicted.contains(&vote.by)
    };
    said(change, approval, Answer::No)
        .filter(is_asked)
        .map(Vote::principal)
}

fn is_conflicted(approval: &RequiredApproval, vote: &Vote) -> bool {
    let still = |candidate: &Candidate| {
        candidate.person == vote.by && candidate.on_behalf_of == vote.on_behalf_of
    };
    approval.conflicted.contains(&vote.by) && !approval.eligible.iter().any(still)
}
