//! Whose yes a content needs, and whether it is there.

use crate::change::{Answer, Change, Vote};
use crate::event::{Candidate, RequiredApproval};
use crate::id::{LevelId, PersonId};
use crate::policy::{Act, ApprovalRule, Authorization, Meaning, Policy, Quorum};
use crate::rules::Rules;
use crate::sorted::{distinct, sort_short};

use super::{Progress, Scene, Subject};

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
    // Who has said yes does not get rid of a conflict by being away, or by the end of their delegation.
    let said_yes = subject
        .change
        .map(|change| change.said_yes(&rule.id))
        .unwrap_or_default();
    let asked = Asked {
        rules: subject.rules,
        quorum: rule.quorum,
        free: &free,
    };
    let (eligible, needed, by_deputies) = asked.of(principals, deputies, &said_yes);
    let stand_ins = if by_deputies || eligible.is_empty() {
        deputies
    } else {
        &[]
    };
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
    let above = above.iter().filter(|candidate| {
        escalated && free(candidate) && asked.may_decide_alone(candidate, above, &eligible)
    });
    RequiredApproval {
        rule: rule.id.clone(),
        stage: rule.stage,
        quorum: rule.quorum,
        above: above.cloned().collect(),
        eligible,
        needed,
        conflicted,
        away: known.map(|known| known.away.clone()).unwrap_or_default(),
        by_deputies,
    }
}

/// Whom a rule asks, of those whom it names.
struct Asked<'a> {
    rules: Rules,
    quorum: Quorum,
    free: &'a dyn Fn(&Candidate) -> bool,
}

impl Asked<'_> {
    /// Those who are asked; how many yeses that takes, where it is not worked out of them; and whether deputies stand in: where
    /// those whom the rule names are too few to give as many.
    fn of(
        &self,
        principals: &[Candidate],
        deputies: &[Candidate],
        said_yes: &[Candidate],
    ) -> (Vec<Candidate>, Option<u32>, bool) {
        let mut eligible = self.among(principals);
        let stand_in = self.among(deputies);
        let own = !eligible.is_empty();
        let few = if self.rules.since(Rules::V3) {
            let said_yes = said_yes.iter().filter(|candidate| (self.free)(candidate));
            let all: Vec<_> = eligible.iter().chain(said_yes).collect();
            let needed = quorum_of(self.quorum, &eligible);
            own && self.quorum != (Quorum::All {}) && reach(&all, needed) < needed
        } else {
            false
        };
        let by_deputies = (!own || few) && !stand_in.is_empty();
        let counts_own = few && matches!(self.quorum, Quorum::Percent { .. });
        let needed = (by_deputies && counts_own)
            .then(|| u32::try_from(quorum_of(self.quorum, &eligible)).unwrap_or(u32::MAX));
        if by_deputies {
            let more = stand_in.into_iter().filter(|one| !eligible.contains(one));
            let more: Vec<_> = more.collect();
            eligible.extend(more);
            sort_short(&mut eligible, Candidate::cmp);
        }
        (eligible, needed, by_deputies)
    }

    fn among(&self, named: &[Candidate]) -> Vec<Candidate> {
        let all = self.rules.since(Rules::V3) && self.quorum == Quorum::All {};
        let asked = named.iter().filter(|candidate| {
            (self.free)(candidate) && !(all && stands_for_somebody_there(candidate, named))
        });
        let mut asked: Vec<_> = asked.cloned().collect();
        sort_short(&mut asked, Candidate::cmp);
        asked
    }

    /// Those above decide for themselves. A delegate of one who is away does so only who is not asked anyway: else one of the
    /// group would be enough where several are needed.
    fn may_decide_alone(
        &self,
        candidate: &Candidate,
        above: &[Candidate],
        eligible: &[Candidate],
    ) -> bool {
        if !self.rules.since(Rules::V3) || candidate.on_behalf_of.is_none() {
            return true;
        }
        let mut asked = eligible.iter().map(|one| &one.person);
        !stands_for_somebody_there(candidate, above) && !asked.any(|one| *one == candidate.person)
    }
}

/// Whether a candidate would answer in place of somebody who is at work and can answer themselves.
fn stands_for_somebody_there(candidate: &Candidate, named: &[Candidate]) -> bool {
    let there = |giver: &PersonId| {
        let mut own = named.iter().filter(|one| one.on_behalf_of.is_none());
        own.any(|one| one.person == *giver)
    };
    candidate.on_behalf_of.as_ref().is_some_and(there)
}

/// How many different people can each answer for another of those who are asked, up to as many as are needed.
fn reach(asked: &[&Candidate], needed: usize) -> usize {
    let mut seats = Seats {
        asked,
        taken: Vec::new(),
    };
    for person in distinct(asked.iter().map(|candidate| &candidate.person)) {
        if seats.taken.len() >= needed {
            break;
        }
        seats.seat(person, &mut Vec::new());
    }
    seats.taken.len()
}

/// Who answers for whom: each person for one, and for each one person.
struct Seats<'a> {
    asked: &'a [&'a Candidate],
    taken: Vec<(&'a PersonId, &'a PersonId)>,
}

impl<'a> Seats<'a> {
    /// Finds somebody for whom this person can answer, where others can answer for somebody else instead.
    ///
    /// # Source
    /// Kuhn's method for the assignment of two sides to each other.
    fn seat(&mut self, person: &'a PersonId, tried: &mut Vec<&'a PersonId>) -> bool {
        let own = self.asked.iter().filter(|one| one.person == *person);
        let own: Vec<_> = own.map(|one| one.principal()).collect();
        for principal in own {
            if tried.contains(&principal) {
                continue;
            }
            tried.push(principal);
            let holder = self.taken.iter().find(|(seat, _)| *seat == principal);
            let holder = holder.map(|(_, holder)| *holder);
            if holder.is_none_or(|holder| self.seat(holder, tried)) {
                self.taken
                    .retain(|(seat, who)| *seat != principal && *who != person);
                self.taken.push((principal, person));
                return true;
            }
        }
        false
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
    match approval.needed {
        Some(needed) => usize::try_from(needed).unwrap_or(usize::MAX),
        None => quorum_of(approval.quorum, &approval.eligible),
    }
}

fn quorum_of(quorum: Quorum, eligible: &[Candidate]) -> usize {
    let people = distinct(eligible.iter().map(Candidate::principal)).len();
    let needed = match quorum {
        Quorum::Any {} => 1,
        Quorum::All {} => people,
        Quorum::AtLeast { number } => usize::try_from(number).unwrap_or(usize::MAX),
        Quorum::Percent { percent } => people.saturating_mul(usize::from(percent)).div_ceil(100),
    };
    needed.max(1)
}

/// Whether those who are asked are too few to give as many yeses as are needed, each of another person. Who has said yes and is
/// away counts.
#[must_use]
pub fn too_few(change: Option<&Change>, approval: &RequiredApproval) -> bool {
    if approval.quorum == (Quorum::All {}) {
        return approval.eligible.is_empty();
    }
    let given = change.map(|change| change.said_yes(&approval.rule));
    let given = given.unwrap_or_default();
    let given = given
        .iter()
        .filter(|known| !approval.conflicted.contains(&known.person));
    let asked: Vec<_> = approval.eligible.iter().chain(given).collect();
    let needed = needed(approval);
    reach(&asked, needed) < needed
}

/// Whether a person's word on a rule is given: where people are counted, nobody answers twice. Where everybody is asked, one
/// person may answer for several who are away.
#[must_use]
pub fn has_spoken(change: &Change, approval: &RequiredApproval, person: &PersonId) -> bool {
    let own = |vote: &&Vote| {
        let answered = matches!(vote.answer, Answer::Yes | Answer::No);
        vote.rule == approval.rule && vote.by == *person && !vote.void && answered
    };
    approval.quorum != (Quorum::All {}) && change.votes.iter().any(|vote| own(&vote))
}

/// Whether enough people have said yes to this content at this level or a higher one, and nobody who is asked has said no.
/// Those for whom a yes is given are counted, and those who give it: both must be as many as the quorum asks. Of each the last
/// word counts. Where everybody is asked, nobody stands in for one who has not answered, whoever else did. Those above decide
/// alone.
///
/// # Source
/// NIST SP 800-53 AC-5: two yeses of one person are no separation of duties.
#[must_use]
pub fn is_met(
    rules: Rules,
    policy: &Policy,
    change: &Change,
    approval: &RequiredApproval,
    level: &LevelId,
    also: Option<&Candidate>,
) -> bool {
    let again = |principal: &PersonId| also.is_some_and(|also| also.principal() == principal);
    if noes(change, approval).any(|principal| !again(principal)) {
        return false;
    }
    let stands = yeses(policy, change, approval, level).filter(|vote| !again(vote.principal()));
    let stands = stands.map(|vote| (&vote.by, vote.principal()));
    let also = also.map(|also| (&also.person, also.principal()));
    let given: Vec<_> = stands.chain(also).collect();
    let above = approval.above.iter().map(Candidate::principal);
    let above: Vec<_> = above.collect();
    is_enough(rules, approval, &given) || given.iter().any(|(_, for_whom)| above.contains(for_whom))
}

/// Whether one more yes could count: not where people are counted and one of this person does already, unless it is one of
/// those above.
#[must_use]
pub fn could_count(
    rules: Rules,
    policy: &Policy,
    change: &Change,
    approval: &RequiredApproval,
    level: &LevelId,
    yes: &Candidate,
) -> bool {
    let mut given = yeses(policy, change, approval, level);
    let counts = given.any(|vote| vote.by == yes.person && vote.principal() != yes.principal());
    let counted = rules.since(Rules::V3) && approval.quorum != (Quorum::All {});
    !(counts && counted) || is_met(rules, policy, change, approval, level, Some(yes))
}

/// Whether yeses, each by whom and for whom, make the quorum.
fn is_enough(rules: Rules, approval: &RequiredApproval, given: &[(&PersonId, &PersonId)]) -> bool {
    let needed = needed(approval);
    let answered = distinct(given.iter().map(|(_, for_whom)| *for_whom));
    let people = distinct(given.iter().map(|(by, _)| *by));
    let everybody = || {
        let mut asked = principals(approval).into_iter();
        asked.all(|asked| answered.contains(&asked))
    };
    let enough_people = || !rules.since(Rules::V3) || people.len() >= needed;
    answered.len() >= needed
        && match approval.quorum {
            Quorum::All {} => everybody(),
            Quorum::Any {} | Quorum::AtLeast { .. } | Quorum::Percent { .. } => enough_people(),
        }
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
) -> impl Iterator<Item = &'a Vote> {
    let high_enough = move |vote: &&Vote| policy.rank(&vote.level) >= policy.rank(level);
    said(change, approval, Answer::Yes)
        .filter(high_enough)
        .filter(|vote| !is_conflicted(approval, vote))
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
