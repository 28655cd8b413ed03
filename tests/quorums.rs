//! Quorums count people: small directories by chance, each with its own delegations and absences, and everybody tries to approve
//! as often as they can. What an authorization rests on is told over again here from the log and the directory alone.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod story;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use story::{Story, approve, content, department, instant, step, submit};

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }
}

const PEOPLE: usize = 7;
const RULE: &str = "change-manager";
const AWAY: &str = "2027-06-01T00:00:00.000Z";

fn name(number: usize) -> String {
    format!("m{number}")
}

/// Who is in the group and who is its deputy, who is away, and who delegates to whom.
#[derive(Debug)]
struct Directory {
    quorum: Value,
    members: BTreeSet<String>,
    deputies: BTreeSet<String>,
    away: BTreeSet<String>,
    delegations: Vec<(String, String)>,
}

impl Directory {
    fn by(chance: &mut Chance) -> Self {
        let quorum = match chance.below(4) {
            0 => json!({ "type": "any" }),
            1 => json!({ "type": "all" }),
            2 => json!({ "type": "atLeast", "number": 2 + chance.below(2) }),
            _ => {
                let shares = [34, 50, 67, 100];
                let percent = shares[usize::try_from(chance.below(4)).unwrap()];
                json!({ "type": "percent", "percent": percent })
            }
        };
        let mut some = |one_in: u64| -> BTreeSet<String> {
            let people = (0..PEOPLE).filter(|_| chance.one_in(one_in));
            people.map(name).collect()
        };
        let (members, deputies, away) = (some(2), some(4), some(4));
        let mut delegations = Vec::new();
        for _ in 0..chance.below(6) {
            let mut one = || name(usize::try_from(chance.below(PEOPLE as u64)).unwrap());
            let (of, to) = (one(), one());
            if of != to {
                delegations.push((of, to));
            }
        }
        Self {
            quorum,
            members,
            deputies,
            away,
            delegations,
        }
    }

    fn is_there(&self, person: &str) -> bool {
        !self.away.contains(person)
    }

    /// The members for whom somebody can answer.
    fn seats(&self) -> usize {
        let answered = |member: &&String| {
            let mut delegates = self.delegations.iter();
            self.is_there(member) || delegates.any(|(of, to)| of == *member && self.is_there(to))
        };
        self.members.iter().filter(answered).count()
    }

    fn tell(&self) -> Story {
        let mut story = department(|policy| {
            let rule = &mut policy["approvals"][1];
            assert_eq!(rule["id"], RULE);
            rule["from"] = json!({ "type": "group", "group": "seats" });
            rule["deputies"] = json!({ "type": "group", "group": "stand-ins" });
            rule["quorum"] = self.quorum.clone();
            rule.as_object_mut().unwrap().remove("escalate");
        });
        for number in 0..PEOPLE {
            let id = name(number);
            let mut groups = Vec::new();
            for (group, people) in [("seats", &self.members), ("stand-ins", &self.deputies)] {
                if people.contains(&id) {
                    groups.push(group);
                }
            }
            let person = json!({ "id": id, "name": "M", "groups": groups });
            story
                .world
                .people
                .push(serde_json::from_value(person).unwrap());
        }
        for (of, to) in &self.delegations {
            let held = json!({ "of": of, "to": to, "from": "2026-11-01T00:00:00.000Z", "until": "2027-11-01T00:00:00.000Z" });
            story
                .world
                .delegations
                .push(serde_json::from_value(held).unwrap());
        }
        self.send_away(&mut story);
        story
    }

    fn send_away(&self, story: &mut Story) {
        for person in &mut story.world.people {
            if person.id.as_str().starts_with('m') {
                let is_away = self.away.contains(person.id.as_str());
                person.absent_until = is_away.then(|| instant(AWAY));
            }
        }
    }
}

/// The yeses that stand, by whose place they are given in: told from the events alone.
fn yeses(story: &Story) -> BTreeMap<String, String> {
    let mut stands = BTreeMap::new();
    for stored in &story.log {
        for event in &stored.entry.events {
            let event = json!(event);
            if event["type"] == "approved" && event["rule"] == RULE {
                let by = event["by"].as_str().unwrap().to_owned();
                let place = event["onBehalfOf"]
                    .as_str()
                    .map_or_else(|| by.clone(), str::to_owned);
                stands.insert(place, by);
            }
        }
    }
    stands
}

/// How many different people an authorization needs, as the directory stands.
fn needed(directory: &Directory) -> usize {
    match directory.quorum["type"].as_str().unwrap() {
        "atLeast" => usize::try_from(directory.quorum["number"].as_u64().unwrap()).unwrap(),
        "percent" => {
            let percent = usize::try_from(directory.quorum["percent"].as_u64().unwrap()).unwrap();
            (directory.seats() * percent).div_ceil(100).max(1)
        }
        _ => 1,
    }
}

#[test]
fn whatever_is_authorized_rests_on_as_many_people_as_its_quorum_asks() {
    let mut chance = Chance(20_261_128);
    let mut authorized = BTreeMap::new();
    let mut refused_twice = 0;
    for _ in 0..160 {
        let mut directory = Directory::by(&mut chance);
        let mut story = directory.tell();
        story
            .then("e1041", submit("normal", content()))
            .then("e1012", step("pass"))
            .then("e1030", approve("service-owner"));
        for _ in 0..3 * PEOPLE {
            let person = name(usize::try_from(chance.below(PEOPLE as u64)).unwrap());
            if chance.one_in(6) {
                let other = name(usize::try_from(chance.below(PEOPLE as u64)).unwrap());
                if !directory.away.remove(&other) {
                    directory.away.insert(other);
                }
                directory.send_away(&mut story);
            }
            let before = yeses(&story);
            match story.when(&person, approve(RULE)) {
                Err(codes) => {
                    let again = codes == ["approval.given-already"];
                    refused_twice += usize::from(again && before.values().any(|by| *by == person));
                }
                Ok(events) => {
                    let kind = directory.quorum["type"].as_str().unwrap().to_owned();
                    hold(&directory, &story, &before, &person);
                    if events.iter().any(|event| event == "authorized") {
                        rests_on_enough(&directory, &story);
                        *authorized.entry(kind).or_insert(0) += 1;
                        break;
                    }
                }
            }
        }
    }
    let kinds: Vec<_> = authorized.keys().map(String::as_str).collect();
    assert_eq!(
        kinds,
        ["all", "any", "atLeast", "percent"],
        "{authorized:?}"
    );
    assert!(
        authorized.values().all(|count| *count >= 5),
        "{authorized:?}"
    );
    assert!(
        refused_twice > 20,
        "a second yes was tried {refused_twice} times"
    );
}

/// What holds of each yes that was taken: it may be given in that place, and a person has one where people are counted.
fn hold(directory: &Directory, story: &Story, before: &BTreeMap<String, String>, person: &str) {
    let after = yeses(story);
    let own: Vec<_> = after.iter().filter(|(_, by)| *by == person).collect();
    let is_all = directory.quorum["type"] == "all";
    assert!(
        is_all || own.len() <= 1,
        "{person} has two yeses: {after:?} in {directory:?}"
    );
    let given = own
        .iter()
        .filter(|(place, by)| before.get(*place) != Some(*by));
    for (place, _) in given {
        let delegated = directory
            .delegations
            .iter()
            .any(|(of, to)| of == *place && to == person);
        assert!(
            *place == person || delegated,
            "nobody's place: {after:?} in {directory:?}"
        );
        let answers_for_somebody_there = *place != person && directory.is_there(place);
        assert!(
            !(is_all && answers_for_somebody_there),
            "{place} is there: {directory:?}"
        );
    }
}

fn rests_on_enough(directory: &Directory, story: &Story) {
    let stands = yeses(story);
    let people: BTreeSet<_> = stands.values().collect();
    let needed = needed(directory);
    assert!(
        people.len() >= needed,
        "{people:?} of {needed}: {stands:?} in {directory:?}"
    );
    assert!(
        stands.len() >= needed,
        "{stands:?} of {needed} in {directory:?}"
    );
    if directory.quorum["type"] == "all" && directory.seats() > 0 {
        let silent = directory
            .members
            .iter()
            .filter(|member| directory.is_there(member));
        let silent: Vec<_> = silent
            .filter(|member| !stands.contains_key(*member))
            .collect();
        assert!(
            silent.is_empty(),
            "{silent:?} of all: {stands:?} in {directory:?}"
        );
    }
}
