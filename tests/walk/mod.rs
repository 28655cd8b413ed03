//! What people can try on a change, and the safety rules that hold after each thing that was accepted.
#![allow(dead_code, reason = "each suite uses what it needs")]

pub mod oracle;

use std::collections::BTreeSet;

use changegate::change::{Answer, Change, YesNo};
use changegate::command::{Asked, Command, Outcome};
use changegate::draft::Content;
use changegate::evaluate::needed;
use changegate::event::{Event, RequiredApproval};
use changegate::evidence::TestResult;
use changegate::id::{PersonId, StateId};
use changegate::log::{Record, Stored};
use changegate::policy::{Field, Kind, Meaning, Phase, Stage};
use changegate::refusal::Refusal;
use changegate::time::Instant;
use changegate::value::{Value, Words};

use crate::chance::Chance;
use crate::organisation::{ASKED, CLOSES, Case, OPENS, Organisation, instant};
use oracle::{Ledger, is_no_excuse};

/// The moments at which things are tried: while it is planned, within its window, two days after it, two months after it, and
/// once everything that was begun then must be over.
pub fn moments() -> [Instant; 5] {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let after = |days: i64| Instant::from_millis(instant(CLOSES).millis() + days * DAY).unwrap();
    let within = Instant::from_millis(instant(OPENS).millis() + 600_000).unwrap();
    [instant(ASKED), within, after(2), after(60), after(120)]
}

/// The first of the moments that are there only to come to an end.
const LAST: usize = 3;

/// A change at a moment.
#[derive(Clone)]
pub struct Node {
    pub record: Record,
    pub moment: usize,
    pub ledger: Ledger,
}

impl Node {
    /// A change right after its submission.
    pub fn submitted(case: &Case<'_>) -> Self {
        let stored = case.take(
            &Record::empty(),
            &case.requester,
            &case.submission(),
            instant(ASKED),
        );
        let empty = Self {
            record: Record::empty(),
            moment: 0,
            ledger: Ledger::default(),
        };
        empty.after(case, &stored.unwrap())
    }

    /// What an entry makes of it, after the safety rules were held against the entry.
    pub fn after(&self, case: &Case<'_>, stored: &Stored) -> Self {
        let mut next = Self {
            record: self.record.clone().with(stored),
            ..self.clone()
        };
        if let Err(broken) = next.ledger.follow(case, &stored.entry) {
            let (organisation, model) = (case.organisation.id, &case.model.id);
            let (entry, before) = (&stored.entry, &self.record.change);
            panic!(
                "{broken}: {organisation}, {model}: {:?} by {:?}\n{:?}\nbefore: {before:?}\nthe ledger: {:?}",
                entry.command, entry.actor, entry.events, self.ledger
            );
        }
        next
    }

    pub fn change(&self) -> &Change {
        self.record.change.as_ref().unwrap()
    }

    pub fn now(&self) -> Instant {
        moments()[self.moment]
    }

    /// Where it stands, and when.
    pub fn place(&self) -> (usize, bool, StateId) {
        let change = self.change();
        (self.moment, change.hold.is_some(), change.state.clone())
    }

    /// How much is there of what leads on.
    pub fn prepared(&self) -> usize {
        let change = self.change();
        let yeses = change
            .votes
            .iter()
            .filter(|vote| !vote.void && vote.answer == Answer::Yes);
        let open = change
            .questions
            .iter()
            .filter(|question| question.answer.is_none());
        let whole = [
            open.count() == 0,
            change.accountable.contains_key(change.state.as_str()),
            change.completed.is_some(),
            change.review.is_some(),
        ];
        10 * whole.into_iter().filter(|there| *there).count()
            + 5 * yeses.count()
            + change.evidence.len()
            + change.checks.iter().count()
            + change.observations.len()
    }

    /// What tells it from others: everything but when things happened, what was said, and what no longer counts.
    pub fn key(&self) -> String {
        let mut change = serde_json::to_value(self.change()).unwrap();
        let members = change.as_object_mut().unwrap();
        for passing in ["seq", "comments", "announcements", "path", "erased", "seen"] {
            members.remove(passing);
        }
        if let Some(votes) = members
            .get_mut("votes")
            .and_then(|votes| votes.as_array_mut())
        {
            votes.retain(|vote| vote["void"] == false);
        }
        without_times(&mut change);
        format!("{} {change}", self.moment)
    }
}

fn without_times(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => {
            members.retain(|key, _| !key.ends_with("At") && key != "at" && key != "askedSince");
            members.values_mut().for_each(without_times);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}

pub fn said() -> Words {
    Words::Plain("Said while walking".to_owned())
}

/// Who walks: who asks and carries out, beside them somebody of each role, as many approvers as each rule needs, and a deputy.
pub fn cast(case: &Case<'_>, change: &Change) -> Vec<PersonId> {
    let mut cast = vec![case.requester.clone(), case.implementer.clone()];
    for approval in &change.approvals {
        let there = approval
            .eligible
            .iter()
            .filter(|one| cast.contains(&one.person))
            .count();
        let missing = needed(approval).saturating_sub(there);
        let more = approval
            .eligible
            .iter()
            .filter(|one| !cast.contains(&one.person));
        let more: Vec<_> = more.take(missing).map(|one| one.person.clone()).collect();
        cast.extend(more);
    }
    let facts = case.facts(&case.content, &case.requester, instant(ASKED));
    for known in facts.approvers {
        let other = |one: &changegate::event::Candidate| !cast.contains(&one.person);
        let deputy = known.deputies.into_iter().find(other);
        cast.extend(deputy.map(|deputy| deputy.person));
    }
    for role in &case.organisation.policy.roles {
        let holds = |person: &PersonId| case.roles_of(person).contains(&role.id);
        let beside = cast.iter().skip(2).any(holds);
        if !role.groups.is_empty() && !beside {
            let people = case
                .organisation
                .world
                .people
                .iter()
                .map(|person| &person.id);
            let other = |person: &&PersonId| holds(person) && !cast.contains(person);
            cast.extend(people.into_iter().find(other).cloned());
        }
    }
    cast
}

/// A content for the fields that a later gesture fills: every one, by the mildest answer, but yes to what is asked yes or no.
pub fn given(case: &Case<'_>, stage: Stage, yes: bool) -> Content {
    let visible = |field: &&Field| {
        field.visible.as_ref().is_none_or(|visible| match visible {
            changegate::policy::Condition::Model(models) => models.contains(&case.model.id),
            _ => true,
        })
    };
    let fields = case.organisation.policy.fields.iter();
    let fields = fields.filter(|field| field.asked == stage).filter(visible);
    fields
        .filter_map(|field| {
            let answer = case.answer(field)?;
            let flag = matches!(answer, Value::Flag(_));
            Some((
                field.id.clone(),
                if flag { Value::Flag(yes) } else { answer },
            ))
        })
        .collect()
}

/// Everything worth trying on a change as it stands, whoever tries it. Nearest to its end come first.
pub fn gestures(case: &Case<'_>, node: &Node) -> Vec<Command> {
    let change = node.change();
    let ways = case.model.life_cycle.transitions.iter();
    let moves = ways
        .filter(|way| way.from == change.state)
        .map(|way| Command::Move {
            transition: way.id.clone(),
            reason: Some(said()),
        });
    let votes = change
        .approvals
        .iter()
        .flat_map(|approval| votes(change, approval));
    moves
        .chain(votes)
        .chain(work(case, node))
        .chain(judging(case, change))
        .chain(preparing(case, change))
        .chain(edits(case, change))
        .collect()
}

/// Judging it, asking, answering, and letting it rest.
fn judging(case: &Case<'_>, change: &Change) -> Vec<Command> {
    let evaluate = |yes: bool| Command::Evaluate {
        fields: given(case, Stage::Evaluation, yes),
        note: None,
    };
    let mut all = vec![evaluate(true), evaluate(false)];
    if change.questions.is_empty() {
        all.push(Command::Ask {
            questions: vec![Asked {
                field: None,
                text: said(),
            }],
            rule: None,
            transition: None,
        });
    }
    let open = (1_u32..)
        .zip(&change.questions)
        .filter(|(_, question)| question.answer.is_none());
    all.extend(open.map(|(question, _)| Command::Answer {
        question,
        text: said(),
    }));
    all.push(match change.hold {
        Some(_) => Command::Resume { note: None },
        None => Command::Hold { reason: said() },
    });
    all
}

/// What gates and checklists ask for.
fn preparing(case: &Case<'_>, change: &Change) -> Vec<Command> {
    let policy = &case.organisation.policy;
    let missing = policy
        .evidence
        .iter()
        .filter(|kind| !change.evidence.iter().any(|known| known.kind == kind.id));
    let attach = missing
        .filter(|kind| !kind.file)
        .map(|kind| Command::Attach {
            kind: kind.id.clone(),
            name: said(),
            file: None,
            link: None,
            result: kind.result.then_some(TestResult::Passed),
            note: None,
        });
    let open = policy
        .checklist
        .iter()
        .filter(|item| change.checks.get(item.id.as_str()).is_none());
    let check = open.map(|item| Command::Check {
        item: item.id.clone(),
        answer: YesNo::Yes,
        note: None,
    });
    let observe = case
        .model
        .observe
        .iter()
        .flat_map(|observe| &observe.measures);
    let observe = observe.filter(|measure| {
        !change
            .observations
            .iter()
            .any(|seen| seen.measure == measure.id)
    });
    let observe = observe.map(|measure| Command::Observe {
        measure: measure.id.clone(),
        answer: YesNo::Yes,
        note: None,
    });
    let states = case
        .model
        .life_cycle
        .states
        .iter()
        .filter(|state| state.accountable.is_some());
    let assign = states.filter(|state| change.accountable.get(state.id.as_str()).is_none());
    let assign = assign.map(|state| Command::Assign {
        state: state.id.clone(),
        person: case.implementer.clone(),
    });
    attach.chain(check).chain(observe).chain(assign).collect()
}

fn votes(change: &Change, approval: &RequiredApproval) -> [Command; 2] {
    let yes = Command::Approve {
        rule: approval.rule.clone(),
        content_hash: change.content_hash,
        level: change.level.clone(),
        comment: None,
        conditions: Vec::new(),
    };
    let no = Command::Decline {
        rule: approval.rule.clone(),
        content_hash: change.content_hash,
        reason: said(),
    };
    [yes, no]
}

fn work(case: &Case<'_>, node: &Node) -> Vec<Command> {
    let complete = |outcome: Outcome| Command::Complete {
        outcome,
        started_at: node.now(),
        ended_at: node.now(),
        downtime_min: 0,
        note: Some(said()),
        fields: given(case, Stage::Completion, true),
    };
    let review = Command::Review {
        text: said(),
        fields: given(case, Stage::Review, true),
        incidents: Vec::new(),
    };
    vec![
        complete(Outcome::Successful),
        complete(Outcome::BackedOut),
        review,
    ]
}

/// A material text said otherwise; somebody who may approve named as one who carries it out; and a worse answer.
fn edits(case: &Case<'_>, change: &Change) -> Vec<Command> {
    let fields = || case.organisation.policy.fields.iter();
    let edit = |field: &Field, value: Value| Command::Edit {
        fields: [(field.id.clone(), Some(value))].into_iter().collect(),
    };
    let answered = |field: &&Field| change.fields.contains_key(&field.id);
    let mut texts = fields().filter(answered);
    let text = texts.find(|field| matches!(field.kind, Kind::LongText { .. }) && !field.immaterial);
    let said = text.map(|field| edit(field, Value::Text("Said otherwise now".to_owned())));
    let carries_out = fields().find(|field| field.means == Some(Meaning::Implementers));
    let asked = change
        .approvals
        .last()
        .and_then(|approval| approval.eligible.first());
    let named = carries_out.zip(asked).map(|(field, asked)| {
        let asked = Value::Text(asked.person.0.clone());
        edit(field, Value::List(vec![asked]))
    });
    let worse = fields()
        .filter(answered)
        .find_map(|field| match &field.kind {
            Kind::Choice { options } => {
                let worst = options.last()?;
                Some(edit(field, Value::Text(worst.id.0.clone())))
            }
            _ => None,
        });
    said.into_iter().chain(named).chain(worse).collect()
}

/// Tries a command; where it is accepted, what the record then is, after the safety rules were held against it.
pub fn attempt(
    case: &Case<'_>,
    node: &Node,
    person: &PersonId,
    command: &Command,
) -> Result<(Node, Stored), Vec<Refusal>> {
    match case.take(&node.record, person, command, node.now()) {
        Ok(stored) => Ok((node.after(case, &stored), stored)),
        Err(refusals) => {
            if matches!(command, Command::Complete { .. }) {
                hold_to_the_truth(case, node, &refusals);
            }
            Err(refusals)
        }
    }
}

/// A report of work that was done is never refused for being late, out of its window or unapproved.
fn hold_to_the_truth(case: &Case<'_>, node: &Node, refusals: &[Refusal]) {
    let code = |refusal: &Refusal| serde_json::to_value(refusal).unwrap()["code"].clone();
    let excuse = refusals
        .iter()
        .map(code)
        .find(|code| is_no_excuse(code.as_str().unwrap()));
    let state = &node.change().state;
    let (organisation, model) = (case.organisation.id, &case.model.id);
    assert!(
        excuse.is_none(),
        "{organisation}, {model}, `{state}`: {refusals:?}"
    );
}

/// The moves of an entry: from where to where.
pub fn moves(before: &Change, stored: &Stored) -> Vec<(StateId, StateId)> {
    let mut from = before.state.clone();
    let mut moves = Vec::new();
    for event in &stored.entry.events {
        if let Event::Moved { to, .. } = event {
            moves.push((std::mem::replace(&mut from, to.clone()), to.clone()));
        }
    }
    moves
}

/// Goes wherever a change can go, and looks at no more than `each` changes of one state at one moment: at those first for which
/// most is prepared. Tells each command that was accepted: from where, by whom, what, and the entry.
pub fn roam(
    case: &Case<'_>,
    each: usize,
    mut told: impl FnMut(&Node, &PersonId, &Command, &Stored),
) -> Vec<Node> {
    let start = Node::submitted(case);
    let cast = cast(case, start.change());
    let mut seen = BTreeSet::from([start.key()]);
    let mut places = std::collections::BTreeMap::from([(start.place(), (0, vec![start]))]);
    let mut met = Vec::new();
    while let Some(node) = least_known(&mut places, each) {
        let mut nodes = later(&node);
        nodes.retain(|next| next.moment < LAST);
        for gesture in gestures(case, &node) {
            for person in &cast {
                if let Ok((next, stored)) = attempt(case, &node, person, &gesture) {
                    told(&node, person, &gesture, &stored);
                    nodes.push(next);
                }
            }
        }
        for next in nodes {
            if seen.insert(next.key()) {
                places.entry(next.place()).or_default().1.push(next);
            }
        }
        met.push(node);
    }
    met
}

/// How often each place was looked at, and the changes there that were not.
type Places = std::collections::BTreeMap<(usize, bool, StateId), (usize, Vec<Node>)>;

fn least_known(places: &mut Places, each: usize) -> Option<Node> {
    let open = places
        .values_mut()
        .filter(|(looked_at, nodes)| *looked_at < each && !nodes.is_empty());
    let (looked_at, nodes) = open.min_by_key(|(looked_at, _)| *looked_at)?;
    *looked_at += 1;
    let best = (0..nodes.len()).max_by_key(|position| nodes[*position].prepared())?;
    Some(nodes.swap_remove(best))
}

/// The same change at the next moment.
pub fn later(node: &Node) -> Vec<Node> {
    let is_last = node.moment + 1 == moments().len();
    let next = || Node {
        moment: node.moment + 1,
        ..node.clone()
    };
    (!is_last).then(next).into_iter().collect()
}

/// Whether a gesture gives a change up.
pub fn gives_up(case: &Case<'_>, gesture: &Command) -> bool {
    let Command::Move { transition, .. } = gesture else {
        return false;
    };
    let life_cycle = &case.model.life_cycle;
    let mut ways = life_cycle.transitions.iter();
    let way = ways.find(|way| way.id == *transition).unwrap();
    let mut states = life_cycle.states.iter();
    states.any(|state| state.id == way.to && state.phase == Phase::Canceled)
}

/// Goes on by chance until so many different states were stood in, or nothing new comes of many tries; gives how many they were.
/// From time to time it goes back to where it was before, mostly to where least was tried.
pub fn wander(case: &Case<'_>, states: usize, seed: u64) -> usize {
    let mut chance = Chance(seed);
    let start = Node::submitted(case);
    let cast = cast(case, start.change());
    let mut seen = BTreeSet::from([start.key()]);
    let mut met = vec![start.clone()];
    let mut node = start;
    for _ in 0..states * 60 {
        if seen.len() >= states {
            break;
        }
        if chance.once_in(30) {
            node = met[chance.below(met.len())].clone();
        }
        if chance.once_in(40) {
            node = later(&node).pop().unwrap_or(node);
        }
        let gestures = gestures(case, &node);
        let gesture = &gestures[chance.below(gestures.len())];
        if gives_up(case, gesture) && !chance.once_in(20) {
            continue;
        }
        let person = &cast[chance.below(cast.len())];
        if let Ok((next, _)) = attempt(case, &node, person, gesture) {
            if seen.insert(next.key()) {
                met.push(next.clone());
            }
            node = next;
        }
    }
    seen.len()
}

/// The same over each model of a small organisation; none where nobody there could approve one of them.
pub fn wander_small(organisation: &Organisation, states: usize, seed: u64) -> Option<usize> {
    let models = organisation.policy.models.iter();
    let cases = models.map(|model| Case::found(organisation, model).ok());
    let cases: Option<Vec<_>> = cases.collect();
    let visited = cases?.iter().map(|case| wander(case, states, seed)).sum();
    Some(visited)
}
