//! The transition tables of two systems in use, cell by cell against the life cycles of our policies for them: what theirs
//! allows ours allows, and nothing else, but for deviations that are listed with their reason. Held twice: against the policy
//! as it is written, and against what the core takes when everybody tries everything.
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
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use changegate::policy::{ChangeModel, Phase};
use organisation::{Case, Organisation};
use serde::Deserialize;
use walk::{moves, roam};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct System {
    system: String,
    #[allow(dead_code, reason = "for whoever reads the file")]
    source: String,
    organisation: String,
    classes: Vec<Class>,
}

/// A table of a system: every pair of its states that `transitions` does not name is not allowed there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    class: String,
    model: String,
    states: Vec<String>,
    #[serde(default)]
    unreachable: Option<Unreachable>,
    transitions: Vec<Row>,
    deviations: Vec<Deviation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unreachable {
    states: Vec<String>,
    because: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    from: String,
    trigger: String,
    to: String,
    /// The way of our life cycle that is it; none where ours has none.
    #[serde(default)]
    way: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deviation {
    from: String,
    to: String,
    only: Whose,
    because: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Whose {
    Ours,
    Theirs,
}

type Cell = (String, String);

fn systems() -> Vec<System> {
    let root = env!("CARGO_MANIFEST_DIR");
    ["servicenow", "itop"]
        .map(|name| std::fs::read_to_string(format!("{root}/tests/differential/{name}.json")))
        .map(|text| serde_json::from_str(&text.unwrap()).unwrap())
        .into()
}

fn organisation(system: &System) -> Organisation {
    let known = organisation::SHIPPED;
    let id = known.into_iter().find(|id| *id == system.organisation);
    Organisation::read(id.unwrap())
}

/// The cells that our life cycle allows: its ways, and the report of work where none is named for it.
fn ours(model: &ChangeModel) -> BTreeSet<Cell> {
    let life_cycle = &model.life_cycle;
    let cell = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let ways = life_cycle.transitions.iter();
    let ways = ways.map(|way| cell(way.from.as_str(), way.to.as_str()));
    let review = life_cycle
        .states
        .iter()
        .find(|state| state.phase == Phase::Review)
        .unwrap();
    let reported = life_cycle
        .states
        .iter()
        .filter(|state| !state.phase.is_terminal() && state.phase != Phase::Review);
    let reported = reported.map(|state| cell(state.id.as_str(), review.id.as_str()));
    ways.chain(reported).collect()
}

/// Where two sets of cells part, by who alone has it.
fn parting(theirs: &BTreeSet<Cell>, ours: &BTreeSet<Cell>, states: &[&str]) -> Vec<(Cell, Whose)> {
    let mut parting = Vec::new();
    for from in states {
        for to in states {
            let cell = ((*from).to_owned(), (*to).to_owned());
            match (theirs.contains(&cell), ours.contains(&cell)) {
                (true, false) => parting.push((cell, Whose::Theirs)),
                (false, true) => parting.push((cell, Whose::Ours)),
                (true, true) | (false, false) => {}
            }
        }
    }
    parting
}

/// Every state of either side.
fn states<'a>(class: &'a Class, model: &'a ChangeModel) -> Vec<&'a str> {
    let ours = model
        .life_cycle
        .states
        .iter()
        .map(|state| state.id.as_str());
    let all: BTreeSet<&str> = class
        .states
        .iter()
        .map(String::as_str)
        .chain(ours)
        .collect();
    all.into_iter().collect()
}

fn listed(class: &Class) -> Vec<(Cell, Whose)> {
    let cell = |deviation: &Deviation| (deviation.from.clone(), deviation.to.clone());
    let mut listed: Vec<_> = class
        .deviations
        .iter()
        .map(|deviation| (cell(deviation), deviation.only))
        .collect();
    listed.sort_by(|one, other| one.0.cmp(&other.0));
    listed
}

fn theirs(class: &Class) -> BTreeSet<Cell> {
    let rows = class.transitions.iter();
    rows.map(|row| (row.from.clone(), row.to.clone())).collect()
}

#[test]
fn each_cell_of_their_tables_is_ours_or_a_listed_deviation() {
    let mut cells = BTreeMap::new();
    for system in systems() {
        let organisation = organisation(&system);
        for class in &system.classes {
            let place = format!("{} {}", system.system, class.class);
            let model = organisation.policy.model(&class.model).unwrap();
            let states = states(class, model);
            let parting = parting(&theirs(class), &ours(model), &states);
            assert_eq!(parting, listed(class), "{place}");
            cells.insert(place, states.len() * states.len());
        }
    }
    assert_eq!(cells.values().sum::<usize>(), 521, "{cells:?}");
}

#[test]
fn each_row_of_their_tables_is_a_way_of_ours_by_name() {
    for system in systems() {
        let organisation = organisation(&system);
        for class in &system.classes {
            let model = organisation.policy.model(&class.model).unwrap();
            for row in &class.transitions {
                let place = format!(
                    "{}: {} -[{}]-> {}",
                    class.class, row.from, row.trigger, row.to
                );
                let Some(way) = &row.way else {
                    let cell = (row.from.clone(), row.to.clone());
                    assert!(listed(class).contains(&(cell, Whose::Theirs)), "{place}");
                    continue;
                };
                let mut ways = model.life_cycle.transitions.iter();
                let way = ways.find(|known| known.id.as_str() == way).expect(&place);
                assert_eq!(
                    (way.from.as_str(), way.to.as_str()),
                    (row.from.as_str(), row.to.as_str()),
                    "{place}"
                );
            }
        }
    }
}

#[test]
fn every_deviation_has_a_reason_and_what_they_declare_in_vain_we_leave_out() {
    for system in systems() {
        let organisation = organisation(&system);
        for class in &system.classes {
            let model = organisation.policy.model(&class.model).unwrap();
            let known = |state: &String| {
                model
                    .life_cycle
                    .states
                    .iter()
                    .any(|own| own.id.as_str() == state)
            };
            let absent: Vec<_> = class.states.iter().filter(|state| !known(state)).collect();
            let in_vain = class.unreachable.as_ref();
            assert_eq!(
                absent,
                in_vain.map_or_else(Vec::new, |vain| vain.states.iter().collect()),
                "{}",
                class.class
            );
            assert!(in_vain.is_none_or(|vain| vain.because.len() > 20));
            assert!(
                class
                    .deviations
                    .iter()
                    .all(|deviation| deviation.because.len() > 20),
                "{}",
                class.class
            );
        }
    }
}

#[test]
fn the_core_takes_each_cell_that_is_allowed_and_no_other() {
    for system in systems() {
        let organisation = organisation(&system);
        for class in &system.classes {
            let model = organisation.policy.model(&class.model).unwrap();
            let case = Case::of(&organisation, model);
            let mut taken = BTreeSet::new();
            roam(&case, 5, |before, _, _, stored| {
                let cells = moves(before.change(), stored).into_iter();
                taken.extend(cells.map(|(from, to)| (from.0, to.0)));
            });
            taken.retain(|(from, to)| from != to);
            let parting = parting(&theirs(class), &taken, &states(class, model));
            assert_eq!(parting, listed(class), "{} {}", system.system, class.class);
        }
    }
}
