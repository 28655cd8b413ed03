//! Walks over what people can do: every short history, every place that a change can come to, and long histories by chance.
//! After each step that was accepted, the safety rules are told over again beside the core; and from everywhere somebody can
//! go on to an end. `CHANGEGATE_WALKS=10 cargo test --test walks` walks ten times as far.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod organisation;
mod walk;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use changegate::command::Command;
use changegate::id::PersonId;
use changegate::log::Stored;
use changegate::policy::Phase;
use organisation::{Case, Organisation, loosened};
use walk::{Node, attempt, cast, gestures, gives_up, later, roam};

/// How far the walks go; the defaults keep the suite short.
fn times(count: usize) -> usize {
    let factor = std::env::var("CHANGEGATE_WALKS").ok();
    count * factor.map_or(1, |factor| factor.parse::<usize>().unwrap())
}

fn start(case: &Case<'_>) -> (Node, Vec<PersonId>) {
    let start = Node {
        record: case.submitted(),
        moment: 0,
    };
    let cast = cast(case, start.change());
    (start, cast)
}

fn place(case: &Case<'_>, node: &Node) -> String {
    let (organisation, model) = (case.organisation.id, &case.model.id);
    format!("`{}` of {model} of {organisation}", node.change().state)
}

/// Everything that comes of a change in one step, by anybody.
fn steps(case: &Case<'_>, cast: &[PersonId], node: &Node) -> Vec<(Command, Node)> {
    let mut steps = Vec::new();
    for gesture in gestures(case, node) {
        for person in cast {
            if let Ok((next, _)) = attempt(case, node, person, &gesture) {
                steps.push((gesture.clone(), next));
            }
        }
    }
    steps
}

/// All short histories, nearest first.
fn short(case: &Case<'_>) {
    let (start, cast) = start(case);
    let mut seen = BTreeSet::from([start.key()]);
    let mut ahead = VecDeque::from([start]);
    for _ in 0..times(12) {
        let Some(node) = ahead.pop_front() else { break };
        let nodes = steps(case, &cast, &node).into_iter().map(|(_, next)| next);
        let nodes = nodes.chain(later(&node));
        ahead.extend(nodes.filter(|next| seen.insert(next.key())));
    }
}

/// Every place that a change can come to: from each an end is reached, and every end stays one.
fn everywhere(case: &Case<'_>) {
    let (_, cast) = start(case);
    let mut back: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut ends = Vec::new();
    let met = roam(case, times(1), |before, _, _, stored| {
        let next = after(before, stored);
        if next.change().phase.is_terminal() {
            ends.push(next.key());
        }
        back.entry(next.key()).or_default().push(before.key());
    });
    for node in &met {
        let next = later(node).into_iter().map(|next| (next.key(), node.key()));
        next.for_each(|(next, node)| back.entry(next).or_default().push(node));
    }
    let mut ending = BTreeSet::new();
    while let Some(key) = ends.pop() {
        if ending.insert(key.clone()) {
            ends.extend(back.get(&key).into_iter().flatten().cloned());
        }
    }
    for node in met {
        if node.change().phase.is_terminal() || ending.contains(&node.key()) {
            continue;
        }
        if let Err(furthest) = finish(case, &cast, &node, &ending) {
            let refused = refused(case, &cast, &furthest);
            let (from, to) = (place(case, &node), place(case, &furthest));
            panic!("from {from} nobody gets further than {to}: {refused}");
        }
        ending.insert(node.key());
    }
}

/// What speaks against each way on.
fn refused(case: &Case<'_>, cast: &[PersonId], node: &Node) -> String {
    let mut refused = format!("{:?}", node.change().acts);
    let moves = gestures(case, node).into_iter();
    for way in moves.filter(|gesture| {
        matches!(
            gesture,
            Command::Move { .. } | Command::Review { .. } | Command::Decline { .. }
        )
    }) {
        for person in cast {
            let refusals = attempt(case, node, person, &way).err();
            refused += &format!("\n{way:?} by {person}: {refusals:?}");
        }
    }
    refused
}

fn after(before: &Node, stored: &Stored) -> Node {
    Node {
        record: before.record.clone().with(stored),
        moment: before.moment,
    }
}

/// Brings a change to its end, trying what leads furthest first; where that does not come about, the furthest it came to.
fn finish(
    case: &Case<'_>,
    cast: &[PersonId],
    from: &Node,
    ending: &BTreeSet<String>,
) -> Result<(), Box<Node>> {
    let mut seen = BTreeSet::from([from.key()]);
    let mut ahead = vec![from.clone()];
    let mut furthest = from.clone();
    for _ in 0..300 {
        let Some(best) = (0..ahead.len()).max_by_key(|position| far(case, &ahead[*position]))
        else {
            break;
        };
        let node = ahead.swap_remove(best);
        if node.change().phase.is_terminal() || ending.contains(&node.key()) {
            return Ok(());
        }
        let nodes = steps(case, cast, &node).into_iter().map(|(_, next)| next);
        let nodes: Vec<_> = nodes
            .chain(later(&node))
            .filter(|next| seen.insert(next.key()))
            .collect();
        ahead.extend(nodes);
        if far(case, &furthest) < far(case, &node) {
            furthest = node;
        }
    }
    Err(Box::new(furthest))
}

/// How far a change has come: its phase, its state, and what is prepared.
fn far(case: &Case<'_>, node: &Node) -> (u8, usize, usize) {
    let change = node.change();
    let phase = match change.phase {
        Phase::Draft | Phase::Rejected => 0,
        Phase::Assess => 1,
        Phase::Authorize => 2,
        Phase::Scheduled => 3,
        Phase::Implement => 4,
        Phase::Review => 5,
        Phase::Closed | Phase::Canceled => 6,
    };
    let mut states = case.model.life_cycle.states.iter();
    let state = states.position(|state| state.id == change.state);
    (phase, state.unwrap(), node.prepared() + 15 * node.moment)
}

/// Numbers that look like chance and are the same on every run.
///
/// # Source
/// Xorshift, Marsaglia 2003.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

/// Long histories by chance: many things tried, most of them in vain.
fn long(case: &Case<'_>) {
    let lengths = (1..=times(3)).map(|seed| history(case, u64::try_from(seed).unwrap()));
    let longest = lengths.max().unwrap();
    assert!(
        longest > 6,
        "{}: nothing happened in {longest} steps",
        case.model.id
    );
}

fn history(case: &Case<'_>, seed: u64) -> usize {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ seed);
    let (mut node, cast) = start(case);
    let mut taken = 0;
    for _ in 0..400 {
        if chance.below(40) == 0 {
            node = later(&node).pop().unwrap_or(node);
        }
        // What has come to its end is tried for a while, then another change begins.
        if node.change().phase.is_terminal() && chance.below(20) == 0 {
            node = start(case).0;
        }
        let gestures = gestures(case, &node);
        let gesture = &gestures[chance.below(gestures.len())];
        let person = &cast[chance.below(cast.len())];
        if gives_up(case, gesture) && chance.below(20) > 0 {
            continue;
        }
        if let Ok((next, _)) = attempt(case, &node, person, gesture) {
            node = next;
            taken += 1;
        }
    }
    taken
}

/// Each walk over each model of an organisation, as tests of their own so that they run side by side.
macro_rules! walks {
    ($($name:ident: $organisation:expr,)*) => { $(
        mod $name {
            use super::{Case, everywhere, long, short};

            fn each_model(walk: impl Fn(&Case<'_>)) {
                let organisation = $organisation;
                for model in &organisation.policy.models {
                    walk(&Case::of(&organisation, model));
                }
            }

            #[test]
            fn no_short_history_breaks_a_safety_rule() {
                each_model(short);
            }

            #[test]
            fn from_everywhere_somebody_can_go_on_to_an_end_and_an_end_stays_one() {
                each_model(everywhere);
            }

            #[test]
            fn no_long_history_breaks_a_safety_rule() {
                each_model(long);
            }
        }
    )* };
}

walks! {
    defra: crate::Organisation::read("defra"),
    bakery: crate::Organisation::read("bakery"),
    facilities: crate::Organisation::read("facilities"),
    servicenow: crate::Organisation::read("servicenow"),
    itop: crate::Organisation::read("itop"),
    eleven: crate::Organisation::read("eleven"),
    a_policy_that_forbids_nothing: crate::loosened("servicenow"),
    a_small_policy_that_forbids_nothing: crate::loosened("bakery"),
}

#[test]
fn every_shipped_organisation_is_walked() {
    let walked = [
        "defra",
        "bakery",
        "facilities",
        "servicenow",
        "itop",
        "eleven",
    ];
    assert_eq!(organisation::SHIPPED, walked);
}
