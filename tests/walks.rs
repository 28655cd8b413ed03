//! Walks over what people can do: all short histories, nearest first, and long ones by chance. After each step that was
//! accepted, the safety rules are told over again beside the core.
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

use std::collections::{BTreeSet, VecDeque};

use changegate::command::Command;
use changegate::id::PersonId;
use organisation::{Case, Organisation, SHIPPED};
use walk::{Node, attempt, cast, gestures};

/// How many changes are looked at from a model's submission, in every direction.
const EXPANDED: usize = 30;
/// How many steps a long history takes, and how many of them there are a model.
const STEPS: usize = 60;
const HISTORIES: u64 = 3;

/// Everything that comes of a change in one step, by anybody; and whether any of it takes the change on.
fn next(case: &Case<'_>, cast: &[PersonId], node: &Node) -> (Vec<Node>, bool) {
    let mut nodes = Vec::new();
    let mut leads_on = false;
    for gesture in gestures(case, node) {
        for person in cast {
            if let Ok((next, _)) = attempt(case, node, person, &gesture) {
                leads_on |= !matches!(gesture, Command::Edit { .. } | Command::Hold { .. });
                nodes.push(next);
            }
        }
    }
    (nodes, leads_on)
}

fn each_model(walk: impl Fn(&Case<'_>, &[PersonId], Node)) {
    for id in SHIPPED {
        let organisation = Organisation::read(id);
        for model in &organisation.policy.models {
            let case = Case::of(&organisation, model);
            let start = Node {
                record: case.submitted(),
                moment: 0,
            };
            let cast = cast(&case, start.change());
            walk(&case, &cast, start);
        }
    }
}

#[test]
fn no_short_history_breaks_a_safety_rule_or_ends_where_nobody_can_go_on() {
    each_model(|case, cast, start| {
        let mut seen = BTreeSet::from([start.key()]);
        let mut ahead = VecDeque::from([start]);
        for _ in 0..EXPANDED {
            let Some(node) = ahead.pop_front() else { break };
            let (mut nodes, mut leads_on) = next(case, cast, &node);
            if node.moment < 3 {
                leads_on = true;
                nodes.push(Node {
                    moment: node.moment + 1,
                    ..node.clone()
                });
            }
            let over = node.change().phase.is_terminal();
            let place = format!("{} of {}", case.model.id, case.organisation.id);
            assert!(
                leads_on || over,
                "a dead end in `{}`: {place}",
                node.change().state
            );
            ahead.extend(nodes.into_iter().filter(|next| seen.insert(next.key())));
        }
    });
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

#[test]
fn no_long_history_breaks_a_safety_rule() {
    each_model(|case, cast, start| {
        for seed in 1..=HISTORIES {
            let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ seed);
            let mut node = start.clone();
            for _ in 0..STEPS {
                if chance.below(20) == 0 && node.moment < 3 {
                    node.moment += 1;
                }
                let gestures = gestures(case, &node);
                let gesture = &gestures[chance.below(gestures.len())];
                let person = &cast[chance.below(cast.len())];
                if let Ok((next, _)) = attempt(case, &node, person, gesture) {
                    node = next;
                }
            }
        }
    });
}
