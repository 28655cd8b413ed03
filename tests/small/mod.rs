//! Small policies by chance: each number makes one, always the same, natively and in wasm. They are valid, and differ in what a
//! policy may say: who is asked and how many, in which order, what must be there before the work, who may do what.
#![allow(dead_code, reason = "each suite uses what it needs")]

use changegate::finding::Severity;
use changegate::policy::Policy;
use changegate::policy::check::check_text;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::organisation::{ASKED, Organisation, working_days};

/// The small organisation of a number.
pub fn small(number: u64) -> Organisation {
    let mut chance = Chance(number);
    let document = policy(number, &mut chance).to_string();
    let stops: Vec<_> = check_text(&document)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Stops)
        .collect();
    assert!(stops.is_empty(), "small policy {number}: {stops:#?}");
    Organisation {
        id: Box::leak(format!("small {number}").into_boxed_str()),
        policy: Policy::from_json(&document).unwrap(),
        world: serde_json::from_value(world(&mut chance)).unwrap(),
    }
}

fn text(en: &str) -> Value {
    json!({ "en": en })
}

/// So many people are of no group.
const NOWHERE: usize = 2;
const GROUPS: [&str; 3] = ["red", "green", "blue"];

/// Twelve people: two who belong nowhere, some of each group, one who is away, one who has left; and a delegation.
fn world(chance: &mut Chance) -> Value {
    let mut people = Vec::new();
    for number in 1..=12_usize {
        let mut groups = Vec::new();
        if number > NOWHERE {
            groups.push(GROUPS[number % 3]);
            if chance.once_in(3) {
                groups.push(GROUPS[(number + 1) % 3]);
            }
        }
        let mut person = json!({ "id": format!("p{number:02}"), "name": format!("Person {number}"), "groups": groups });
        if number > 1 {
            person["manager"] = json!(format!("p{:02}", number / 2));
        }
        people.push(person);
    }
    if chance.once_in(3) {
        people[9]["absentUntil"] = json!("2027-06-01T00:00:00.000Z");
    }
    if chance.once_in(4) {
        people[10]["left"] = json!(true);
    }
    let mut delegations = Vec::new();
    if chance.once_in(2) {
        let (of, to) = (3 + chance.below(6), 3 + chance.below(6));
        if of != to {
            delegations.push(
                json!({ "of": format!("p{of:02}"), "to": format!("p{to:02}"),
                "from": "2026-11-01T00:00:00.000Z", "until": "2027-12-31T00:00:00.000Z" }),
            );
        }
    }
    json!({
        "asOf": ASKED, "people": people, "delegations": delegations, "changes": [],
        "services": [{ "id": "till", "name": "Till", "owner": "p03", "importance": 2, "dependsOn": [] }],
        "calendar": { "zone": "Etc/UTC", "workingDays": working_days() }, "templates": []
    })
}

fn policy(number: u64, chance: &mut Chance) -> Value {
    let approvals = approvals(chance);
    let mut models = vec![model("usual", json!({ "type": "rules" }), chance)];
    if chance.once_in(3) {
        models.push(model(
            "urgent",
            json!({ "type": "afterwards", "deadlineMin": 2880 }),
            chance,
        ));
    }
    let named: Vec<_> = models.iter().map(|model| model["id"].clone()).collect();
    json!({
        "id": format!("small-{number}"), "version": "1", "name": text("Small"), "languages": ["en"],
        "fields": fields(chance), "ask": ["title", "start", "end"],
        "sections": [{ "id": "all", "name": text("All"), "fields": ["title", "plan", "start", "end", "till", "who", "effect", "likely", "authors"] }],
        "models": models, "proposals": [{ "model": named[0], "because": text("It is usual.") }],
        "risk": risk(chance), "approvals": approvals,
        "roles": [
            { "id": "anybody", "name": text("Anybody"), "relation": "anybody" },
            { "id": "asker", "name": text("Who asked"), "relation": "requester" },
            { "id": "doer", "name": text("Who does it"), "relation": "implementer" },
            { "id": "red", "name": text("Red"), "groups": ["red"] },
            { "id": "green", "name": text("Green"), "groups": ["green"] },
            { "id": "blue", "name": text("Blue"), "groups": ["blue"] }
        ],
        "may": may(chance), "duties": duties(chance), "gates": gates(chance), "checklist": checklist(chance),
        "evidence": evidence(chance)
    })
}

fn fields(chance: &mut Chance) -> Value {
    let always = json!({ "all": [] });
    let choice = |answers: &[&str]| {
        let options = answers
            .iter()
            .map(|id| json!({ "id": id, "label": text(id) }));
        json!({ "type": "choice", "options": options.collect::<Vec<_>>() })
    };
    let later = chance.pick(&["assess", "implement"]);
    json!([
        { "id": "title", "label": text("Title"), "kind": { "type": "text" }, "means": "title", "required": always, "requiredBefore": "assess" },
        { "id": "plan", "label": text("Plan"), "kind": { "type": "longText" }, "means": "implementationPlan", "required": always, "requiredBefore": later },
        { "id": "start", "label": text("Start"), "kind": { "type": "dateTime" }, "means": "windowStart", "required": always, "requiredBefore": "assess" },
        { "id": "end", "label": text("End"), "kind": { "type": "dateTime" }, "means": "windowEnd", "required": always, "requiredBefore": "assess" },
        { "id": "till", "label": text("Tills"), "kind": { "type": "services" }, "means": "services" },
        { "id": "who", "label": text("Who"), "kind": { "type": "people", "most": 3 }, "means": "implementers", "required": always,
            "requiredBefore": "assess", "immaterial": chance.once_in(2) },
        { "id": "effect", "label": text("Effect"), "kind": choice(&["little", "some", "much"]) },
        { "id": "likely", "label": text("Likely"), "kind": choice(&["hardly", "often"]) },
        { "id": "authors", "label": text("Authors"), "kind": { "type": "people", "most": 3 }, "means": "authors" }
    ])
}

fn risk(chance: &mut Chance) -> Value {
    let levels: Vec<_> = ["low", "middle", "high"]
        .iter()
        .map(|id| json!({ "id": id, "name": text(id) }))
        .collect();
    let rows = if chance.once_in(2) {
        json!([["low", "middle"], ["middle", "middle"], ["middle", "high"]])
    } else {
        json!([["low", "low"], ["low", "middle"], ["high", "high"]])
    };
    json!({ "levels": levels, "matrix": { "impact": "effect", "likelihood": "likely", "rows": rows } })
}

/// One rule that always matches, so that something is always asked, and others.
fn approvals(chance: &mut Chance) -> Vec<Value> {
    let count = 1 + chance.below(3);
    let mut rules: Vec<Value> = (0..count).map(|position| rule(position, chance)).collect();
    if count > 1 && chance.once_in(3) {
        rules[1]["seniorTo"] = json!(["rule-0"]);
        rules[1]["stage"] = rules[0]["stage"].clone();
    }
    rules
}

fn rule(position: usize, chance: &mut Chance) -> Value {
    let group = |chance: &mut Chance| json!({ "type": "group", "group": chance.pick(&GROUPS) });
    let quorum = match chance.below(5) {
        0 => json!({ "type": "all" }),
        1 => json!({ "type": "atLeast", "number": 2 }),
        2 => {
            json!({ "type": "percent", "percent": chance.pick(&["34", "50", "67"]).parse::<u8>().unwrap() })
        }
        _ => json!({ "type": "any" }),
    };
    let from = match chance.below(6) {
        0 if position > 0 => json!({ "type": "serviceOwners" }),
        1 if position > 0 => json!({ "type": "requesterManager" }),
        _ => group(chance),
    };
    let mut rule = json!({
        "id": format!("rule-{position}"), "name": text("A yes"), "because": text("It is asked for."),
        "from": from, "quorum": quorum, "stage": chance.below(2) + 1
    });
    if position > 0 && chance.once_in(3) {
        rule["when"] = json!({ "level": { "atLeast": "middle" } });
    }
    if chance.once_in(3) {
        rule["deputies"] = group(chance);
    }
    if chance.once_in(3) {
        rule["escalate"] = json!({ "afterMin": 1440, "to": group(chance) });
    }
    rule
}

fn some_roles(chance: &mut Chance) -> Value {
    match chance.below(4) {
        0 => json!(["anybody"]),
        1 => json!(["asker", "red"]),
        2 => json!(["green"]),
        _ => json!(["blue", "doer"]),
    }
}

fn may(chance: &mut Chance) -> Value {
    let mut may = json!({});
    for gesture in [
        "edit", "complete", "review", "handOn", "adopt", "announce", "evaluate", "relate", "waive",
        "extend", "hold",
    ] {
        may[gesture] = some_roles(chance);
    }
    may["erase"] = json!(["red"]);
    may
}

fn duties(chance: &mut Chance) -> Vec<Value> {
    let pairs = [
        ("wrote", "approved"),
        ("implemented", "approved"),
        ("implemented", "reviewed"),
    ];
    let chosen = pairs.into_iter().filter(|_| chance.once_in(2));
    chosen
        .map(|(one, other)| json!({ "id": format!("{one}-{other}"), "one": one, "other": other }))
        .collect()
}

fn gates(chance: &mut Chance) -> Vec<Value> {
    let gate = json!({ "id": "planned", "name": text("There is a plan"), "into": "implement", "needs": { "filled": "plan" } });
    chance.once_in(2).then_some(gate).into_iter().collect()
}

fn checklist(chance: &mut Chance) -> Vec<Value> {
    let item = json!({ "id": "told", "name": text("Everybody was told"), "before": "implement", "by": ["anybody"] });
    chance.once_in(4).then_some(item).into_iter().collect()
}

fn evidence(chance: &mut Chance) -> Vec<Value> {
    let kind = json!({ "id": "report", "name": text("Report"), "act": "tested", "result": true });
    chance.once_in(4).then_some(kind).into_iter().collect()
}

/// A life cycle by chance: with or without a look at it first, and with ways of which each has who takes it.
fn model(id: &str, authorization: Value, chance: &mut Chance) -> Value {
    let asks_first = authorization["type"] == "rules";
    let looks_first = asks_first && chance.once_in(2);
    let mut states = Vec::new();
    let mut state =
        |id: &str, phase: &str| states.push(json!({ "id": id, "name": text(id), "phase": phase }));
    if looks_first {
        state("asked", "assess");
    }
    if asks_first {
        state("deciding", "authorize");
        state("no", "rejected");
    }
    for (id, phase) in [
        ("planned", "scheduled"),
        ("doing", "implement"),
        ("after", "review"),
        ("done", "closed"),
        ("given-up", "canceled"),
    ] {
        state(id, phase);
    }
    let start = states[0]["id"].clone();
    let mut ways = Vec::new();
    let mut on = |from: &str, to: &str, on: &str| {
        ways.push(json!({ "id": format!("{from}-{on}"), "name": text(on), "from": from, "to": to, "on": on }));
    };
    if asks_first {
        on("deciding", "planned", "authorized");
        on("deciding", "no", "declined");
        on("planned", "deciding", "voided");
    } else {
        on("planned", "planned", "voided");
    }
    for state in states.iter().map(|state| state["id"].as_str().unwrap()) {
        if !["after", "done", "given-up"].contains(&state) {
            on(state, "after", "completed");
        }
    }
    let mut by = |from: &str, to: &str, roles: Value| {
        ways.push(json!({ "id": format!("{from}-{to}"), "name": text(to), "from": from, "to": to, "by": roles }));
    };
    if looks_first {
        by("asked", "deciding", some_roles(chance));
        by("asked", "given-up", json!(["asker", "red"]));
    }
    if asks_first {
        by("deciding", "given-up", json!(["asker", "red"]));
        by(
            "no",
            if looks_first { "asked" } else { "deciding" },
            json!(["asker"]),
        );
        by("no", "given-up", json!(["asker", "red"]));
    }
    by(
        "planned",
        "doing",
        if chance.once_in(3) {
            json!(["anybody"])
        } else {
            json!(["doer"])
        },
    );
    if chance.once_in(2) {
        by("doing", "planned", json!(["doer", "red"]));
    }
    by("planned", "given-up", json!(["asker", "red"]));
    by("after", "done", some_roles(chance));
    let mut model = json!({
        "id": id, "name": text(id), "plain": text(id), "authorization": authorization, "risk": "full",
        "lifeCycle": { "start": start, "states": states, "transitions": ways }
    });
    if !asks_first {
        model["submitters"] = json!(["anybody"]);
    }
    model
}
