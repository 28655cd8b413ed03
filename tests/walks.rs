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

mod chance;
mod organisation;
mod small;
mod walk;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write;

use changegate::command::Command;
use changegate::id::PersonId;
use changegate::policy::Phase;
use organisation::{Case, Organisation, loosened};
use walk::{Node, attempt, cast, gestures, later, roam, wander};

/// How far the walks go; the defaults keep the suite short.
fn times(count: usize) -> usize {
    let factor = std::env::var("CHANGEGATE_WALKS").ok();
    count * factor.map_or(1, |factor| factor.parse::<usize>().unwrap())
}

fn start(case: &Case<'_>) -> (Node, Vec<PersonId>) {
    let start = Node::submitted(case);
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
        let next = before.after(case, stored);
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

/// Says something past the harness, which keeps what a test prints to itself.
fn say(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

/// A long way by chance, from wherever much is still to be found.
fn long(case: &Case<'_>) {
    let visited = wander(case, times(220), 1);
    let (organisation, model) = (case.organisation.id, &case.model.id);
    say(&format!("{organisation}, {model}: {visited} states\n"));
    assert!(
        visited >= 200,
        "{organisation}, {model}: only {visited} states"
    );
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

/// So many small policies are walked, in four parts that run side by side.
const SMALL: usize = 1000;

fn walk_small(part: u64) {
    let numbers = (0..).map(|number| 4 * number + part);
    let walked =
        numbers.filter_map(|number| walk::wander_small(&small::small(number), times(12), number));
    let visited: usize = walked.take(SMALL / 4).sum();
    say(&format!("small policies {part} of 4: {visited} states\n"));
    assert!(visited > 2000, "{visited}");
}

#[test]
fn no_small_policy_breaks_a_safety_rule_0() {
    walk_small(0);
}

#[test]
fn no_small_policy_breaks_a_safety_rule_1() {
    walk_small(1);
}

#[test]
fn no_small_policy_breaks_a_safety_rule_2() {
    walk_small(2);
}

#[test]
fn no_small_policy_breaks_a_safety_rule_3() {
    walk_small(3);
}
