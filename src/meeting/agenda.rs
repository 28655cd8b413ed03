//! What a board should look at, the exceptions first: a change about which nothing is out of the ordinary needs no talk.

use std::cmp::Reverse;

use serde::Serialize;

use crate::change::{Answer, Change};
use crate::command::CommandKind;
use crate::decide::asked_now;
use crate::evaluate::{Subject, evaluate};
use crate::facts::Facts;
use crate::finding::FindingCode;
use crate::id::{ChangeId, LevelId, PersonId, RuleId};
use crate::log::Record;
use crate::map::Map;
use crate::permit::permitted;
use crate::policy::{Approvers, Board, Meaning, Policy};
use crate::report::{Desk, of_change, standing_roles};
use crate::time::Instant;
use crate::value::Digest;
use crate::wire::Decode;
use crate::world::World;

use super::since::{SinceMet, since_met};

/// A change that may come before a board, and the policy that it keeps.
#[derive(Clone, Copy, Debug)]
pub struct AgendaCase<'a> {
    /// The policy that it keeps.
    pub policy: &'a Policy,
    /// What is stored of it.
    pub record: &'a Record,
    /// What was stored of it when the board last met, by [`Record::as_of`]; none where that was nothing. It is not looked at
    /// where the change has not been touched since.
    pub before: Option<&'a Record>,
}

/// A change that waits for a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgendaItem {
    /// Which.
    pub change: ChangeId,
    /// Its spoken number.
    pub number: String,
    /// Its title; empty where it was erased.
    pub title: String,
    /// Its risk level.
    pub level: LevelId,
    /// The hash of its content as it stands here: a yes names what was seen.
    pub content_hash: Digest,
    /// The board's rules that are asked for their yes now.
    pub rules: Vec<RuleId>,
    /// Those of them to which the reader may say yes now, also where they put it off before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yours: Vec<RuleId>,
    /// In whose place the reader's yes would be given, where it would not be in their own.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub in_place_of: Map<RuleId, PersonId>,
    /// When the work is planned to start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Instant>,
    /// What is out of the ordinary about it.
    pub exceptions: Vec<Exception>,
    /// What is new about it since the board last met; left out where nothing is, or the board has not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_met: Option<SinceMet>,
}

/// A board, and what a reader has to do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BoardStanding {
    /// Which.
    pub board: RuleId,
    /// Whether the reader is of it, or chairs it.
    pub yours: bool,
    /// How many changes wait for it.
    pub waiting: u32,
    /// Who is of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<PersonId>,
}

/// What is out of the ordinary about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Exception {
    /// Its window collides with something, or it could not be told.
    Conflict,
    /// Its level is the policy's highest.
    HighLevel,
    /// It has less lead time than its model asks.
    ShortNotice,
    /// Somebody put it off before.
    Deferred,
    /// The requester has not answered everything.
    OpenQuestion,
    /// What is to be decided is another than when the board last met.
    Changed,
}

/// The changes that wait for a board: those with exceptions first, by level and by planned start.
///
/// `last` is when the board last met.
#[must_use]
pub fn agenda(
    board: &Board,
    last: Option<Instant>,
    cases: &[AgendaCase<'_>],
    reader: &PersonId,
    now: Instant,
    world: &World,
) -> Vec<AgendaItem> {
    let mut items: Vec<(usize, AgendaItem)> = cases
        .iter()
        .filter_map(|case| item(board, last, case, reader, now, world))
        .collect();
    items.sort_by_cached_key(|(rank, item)| {
        (
            item.exceptions.is_empty(),
            Reverse(*rank),
            item.starts.unwrap_or(Instant::LAST),
            item.number.clone(),
        )
    });
    items.into_iter().map(|(_, item)| item).collect()
}

fn item(
    board: &Board,
    last: Option<Instant>,
    case: &AgendaCase<'_>,
    reader: &PersonId,
    now: Instant,
    world: &World,
) -> Option<(usize, AgendaItem)> {
    let AgendaCase {
        policy,
        record,
        before,
    } = *case;
    let change = record.readable()?;
    let facts = facts_of(case, &change, reader, now, world);
    let mut rules = asked_now(policy, &change, reader, now, &facts);
    rules.retain(|rule| board.rules.contains(rule));
    if rules.is_empty() {
        return None;
    }
    let text = |meaning| {
        let field = policy.meaning(meaning)?;
        change.fields.get(&field.id)?.as_text()
    };
    let since_met = last.and_then(|last| since_met(policy, &change, before, last));
    let yours = yours(case, &rules, reader, now, world);
    let in_place_of = yours
        .iter()
        .filter_map(|(rule, of)| Some((rule.clone(), of.clone()?)));
    let item = AgendaItem {
        in_place_of: in_place_of.collect(),
        number: change.number.clone(),
        title: text(Meaning::Title).unwrap_or_default().to_owned(),
        level: change.level.clone(),
        content_hash: change.content_hash,
        yours: yours.into_iter().map(|(rule, _)| rule).collect(),
        rules,
        starts: text(Meaning::WindowStart).and_then(|start| start.parse().ok()),
        exceptions: exceptions(policy, &change, &facts, since_met.as_ref()),
        since_met,
        change: change.id.clone(),
    };
    Some((policy.rank(&change.level).unwrap_or(usize::MAX), item))
}

fn facts_of(
    case: &AgendaCase<'_>,
    change: &Change,
    reader: &PersonId,
    now: Instant,
    world: &World,
) -> Facts {
    let desk = Desk {
        policy: case.policy,
        record: case.record,
        person: reader,
        now,
        world,
        number: None,
    };
    of_change(&desk, change, &change.fields)
}

/// Every board of a policy as a reader has to do with it: their own first, then those for which most changes wait.
#[must_use]
pub fn boards(
    policy: &Policy,
    cases: &[AgendaCase<'_>],
    reader: &PersonId,
    now: Instant,
    world: &World,
) -> Vec<BoardStanding> {
    let asked: Vec<Vec<RuleId>> = cases
        .iter()
        .filter_map(|case| {
            let change = case.record.readable()?;
            let facts = facts_of(case, &change, reader, now, world);
            Some(asked_now(case.policy, &change, reader, now, &facts))
        })
        .collect();
    let roles = standing_roles(policy, world, reader);
    let of_board = |board: &Board| {
        let concerns = |rules: &&Vec<RuleId>| rules.iter().any(|rule| board.rules.contains(rule));
        let waiting = asked.iter().filter(concerns).count();
        let members = members(policy, board, world);
        let chairs = board.chairs.iter().any(|role| roles.contains(role));
        BoardStanding {
            board: board.id.clone(),
            yours: chairs || members.contains(reader),
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            members,
        }
    };
    let mut all: Vec<_> = policy.boards.iter().map(of_board).collect();
    all.sort_by_key(|known| (!known.yours, Reverse(known.waiting)));
    all
}

/// Those who can give the yeses that a board is asked for, as far as they are of a group.
fn members(policy: &Policy, board: &Board, world: &World) -> Vec<PersonId> {
    let rules = policy.approvals.iter();
    let groups: Vec<_> = rules
        .filter(|rule| board.rules.contains(&rule.id))
        .filter_map(|rule| match &rule.from {
            Approvers::Group { group } => Some(group),
            Approvers::RequesterManager {}
            | Approvers::ServiceOwners {}
            | Approvers::Field { .. } => None,
        })
        .collect();
    let people = world.people.iter().filter(|person| !person.left);
    let of_group = people.filter(|person| groups.iter().any(|group| person.groups.contains(group)));
    of_group.map(|person| person.id.clone()).collect()
}

/// The rules to which the reader may say yes, and in whose place.
fn yours(
    case: &AgendaCase<'_>,
    rules: &[RuleId],
    reader: &PersonId,
    now: Instant,
    world: &World,
) -> Vec<(RuleId, Option<PersonId>)> {
    let permissions = permitted(case.policy, case.record, reader, now, world).into_iter();
    let votes = permissions.filter(|known| known.allowed && known.command == CommandKind::Approve);
    votes
        .filter_map(|known| Some((known.rule?, known.on_behalf_of)))
        .filter(|(rule, _)| rules.contains(rule))
        .collect()
}

fn exceptions(
    policy: &Policy,
    change: &Change,
    facts: &Facts,
    since_met: Option<&SinceMet>,
) -> Vec<Exception> {
    let highest = policy.risk.levels.last().map(|level| &level.id);
    let conflict = facts
        .conflicts
        .as_ref()
        .is_none_or(|conflicts| conflicts.total > 0 || conflicts.only_known.is_some());
    let deferred = change
        .votes
        .iter()
        .any(|vote| vote.answer == Answer::Deferred);
    let open = change
        .questions
        .iter()
        .any(|question| question.answer.is_none());
    let all = [
        (Exception::Conflict, conflict),
        (Exception::HighLevel, highest == Some(&change.level)),
        (Exception::ShortNotice, short_notice(policy, change, facts)),
        (Exception::Deferred, deferred),
        (Exception::OpenQuestion, open),
        (
            Exception::Changed,
            since_met.is_some_and(SinceMet::is_another),
        ),
    ];
    let found = all.into_iter().filter(|(_, found)| *found);
    found.map(|(exception, _)| exception).collect()
}

fn short_notice(policy: &Policy, change: &Change, facts: &Facts) -> bool {
    let Some(subject) = Subject::of(policy, change, facts) else {
        return false;
    };
    let evaluation = evaluate(&subject);
    let mut findings = evaluation.findings.iter();
    findings.any(|finding| finding.code == FindingCode::ShortLeadTime)
}
