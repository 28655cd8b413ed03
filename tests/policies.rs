//! The shipped policies load, and what is wrong with a policy is said where it is.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

#[path = "provoked/mod.rs"]
mod provoked;

use changegate::policy::check::{PolicyCode, PolicyFinding};
use serde_json::{Value, json};

const ORGANISATIONS: [&str; 6] = [
    "defra",
    "bakery",
    "facilities",
    "servicenow",
    "itop",
    "eleven",
];

/// What is wrong with a document.
fn check_text(document: &str) -> Vec<PolicyFinding> {
    let findings = changegate::policy::check::check_text(document);
    provoked::note(&findings);
    findings
}

fn document(organisation: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    std::fs::read_to_string(format!(
        "{root}/tests/organisations/{organisation}/policy.json"
    ))
    .unwrap()
}

/// A small policy without a fault, to be spoiled.
fn sound() -> Value {
    let text = |wording: &str| json!({ "en": wording });
    let state = |id: &str, phase: &str| json!({ "id": id, "name": { "en": id }, "phase": phase });
    let way = |id: &str, from: &str, to: &str| json!({ "id": id, "name": { "en": id }, "from": from, "to": to, "by": ["staff"] });
    let by_itself = |id: &str, from: &str, to: &str, on: &str| json!({ "id": id, "name": { "en": id }, "from": from, "to": to, "on": on });
    let options = json!([{ "id": "few", "label": { "en": "few" } }, { "id": "many", "label": { "en": "many" } }]);
    json!({
        "id": "small", "version": "1", "name": text("small"), "languages": ["en"],
        "fields": [
            { "id": "title", "label": text("title"), "kind": { "type": "text" }, "means": "title" },
            { "id": "downtime", "label": text("downtime"), "kind": { "type": "yesNo" } },
            { "id": "users", "label": text("users"), "kind": { "type": "choice", "options": options },
              "visible": { "filled": "title" } },
            { "id": "from", "label": text("from"), "kind": { "type": "dateTime" }, "means": "windowStart" },
            { "id": "until", "label": text("until"), "kind": { "type": "dateTime" }, "means": "windowEnd" }
        ],
        "sections": [{ "id": "all", "name": text("all"), "fields": ["title", "downtime", "users", "from", "until"] }],
        "ask": ["title"],
        "models": [{
            "id": "normal", "name": text("normal"), "plain": text("normal"),
            "authorization": { "type": "rules" }, "risk": "full",
            "lifeCycle": {
                "start": "new",
                "states": [state("new", "authorize"), state("ready", "scheduled"), state("work", "implement"),
                    state("look", "review"), state("done", "closed"), state("no", "rejected"), state("off", "canceled")],
                "transitions": [by_itself("ok", "new", "ready", "authorized"), by_itself("nok", "new", "no", "declined"),
                    by_itself("again", "ready", "new", "voided"), way("go", "ready", "work"),
                    by_itself("did", "work", "look", "completed"), way("close", "look", "done"), way("drop", "no", "off")]
            }
        }],
        "proposals": [{ "model": "normal", "because": text("it is the only one") }],
        "risk": {
            "levels": [{ "id": "low", "name": text("low") }, { "id": "high", "name": text("high") }],
            "questions": [
                { "field": "downtime", "points": { "true": 3, "false": 0 } },
                { "field": "users", "points": { "few": 0, "many": 4 } }
            ],
            "bands": [{ "from": 0, "to": 2, "level": "low" }, { "from": 3, "level": "high" }],
            "floors": [{ "id": "felt", "name": text("felt"), "when": { "is": { "field": "downtime", "value": true } }, "level": "high" }]
        },
        "approvals": [{ "id": "boss", "name": text("boss"), "because": text("asks"), "from": { "type": "group", "group": "bosses" },
            "quorum": { "type": "any" } }],
        "roles": [{ "id": "staff", "name": text("staff"), "relation": "anybody" }]
    })
}

/// The findings after `at` was replaced by `value`; `null` removes it.
fn spoiled(at: &str, value: Value) -> Vec<PolicyFinding> {
    spoil(sound(), at, value)
}

fn spoil(mut document: Value, at: &str, value: Value) -> Vec<PolicyFinding> {
    let (parent, key) = at.rsplit_once('/').unwrap();
    match (document.pointer_mut(parent).unwrap(), value) {
        (Value::Array(items), value) if key.parse() == Ok(items.len()) => items.push(value),
        (Value::Object(members), Value::Null) => drop(members.remove(key)),
        (Value::Object(members), value) => drop(members.insert(key.to_owned(), value)),
        (Value::Array(items), Value::Null) => drop(items.remove(key.parse().unwrap())),
        (Value::Array(items), value) if key == "-" => items.push(value),
        (Value::Array(items), value) => items[key.parse::<usize>().unwrap()] = value,
        (other, _) => panic!("{at} is no place in {other}"),
    }
    check_text(&document.to_string())
}

#[test]
fn the_shipped_policies_load_without_a_finding() {
    for organisation in ORGANISATIONS {
        let findings = check_text(&document(organisation));
        assert_eq!(findings, [], "{organisation}: {findings:#?}");
    }
    assert_eq!(check_text(&sound().to_string()), []);
}

#[test]
fn every_fault_of_a_policy_is_said_where_it_is() {
    use PolicyCode::*;
    let is = |field: &str, value: Value| json!({ "is": { "field": field, "value": value } });
    let column = |id: &str| json!({ "id": id, "label": { "en": id }, "kind": { "type": "text" } });
    let item = |id: &str| json!({ "id": id, "name": { "en": id }, "before": "implement", "by": ["staff"] });
    let cases = [
        ("/fields/0/colour", json!("red"), Shape, "/fields/0/colour"),
        (
            "/models/0/lifeCycle/states/0/phase",
            json!("dreaming"),
            Shape,
            "/models/0/lifeCycle/states/0/phase",
        ),
        ("/languages", json!([]), Empty, "/languages"),
        ("/ask/0", json!("titel"), UnknownName, "/ask/0"),
        (
            "/proposals/0/model",
            json!("fast"),
            UnknownName,
            "/proposals/0/model",
        ),
        (
            "/models/0/lifeCycle/transitions/3/by/0",
            json!("boss"),
            UnknownName,
            "/models/0/lifeCycle/transitions/3/by/0",
        ),
        (
            "/models/0/lifeCycle/transitions/3/to",
            json!("wrk"),
            UnknownName,
            "/models/0/lifeCycle/transitions/3/to",
        ),
        (
            "/risk/bands/1/level",
            json!("huge"),
            UnknownName,
            "/risk/bands/1/level",
        ),
        (
            "/risk/floors/0/when",
            is("downtme", json!(true)),
            UnknownName,
            "/risk/floors/0/when/is/field",
        ),
        ("/fields/1/id", json!("title"), NameTwice, "/fields/1/id"),
        (
            "/fields/2/kind/options/1/id",
            json!("few"),
            NameTwice,
            "/fields/2/kind",
        ),
        (
            "/fields/1/kind",
            json!({ "type": "list", "columns": [column("who"), column("who")] }),
            NameTwice,
            "/fields/1/kind/columns",
        ),
        (
            "/checklist",
            json!([item("backup"), item("backup")]),
            NameTwice,
            "/checklist/1/id",
        ),
        (
            "/fields/1",
            json!({ "id": "downtime", "label": { "en": "downtime" }, "kind": { "type": "yesNo" }, "required": { "all": [] }, "requiredBefore": "review" }),
            FieldStage,
            "/fields/1/requiredBefore",
        ),
        (
            "/may",
            json!({ "handOn": ["boss"] }),
            UnknownName,
            "/may/handOn/0",
        ),
        (
            "/may",
            json!({ "evaluate": ["staff", "boss"] }),
            UnknownName,
            "/may/evaluate/1",
        ),
        (
            "/checklist",
            json!([{ "id": "backup", "name": { "en": "backup" }, "before": "implement", "by": ["boss"] }]),
            UnknownName,
            "/checklist/0/by/0",
        ),
        (
            "/boards",
            json!([{ "id": "board", "name": { "en": "board" }, "rules": ["chief"], "chairs": ["staff"] }]),
            UnknownName,
            "/boards/0/rules/0",
        ),
        (
            "/models/0/lifeCycle/states/0/accountable",
            json!({ "type": "field", "field": "title" }),
            UnknownName,
            "/models/0/lifeCycle/states/0/accountable/field",
        ),
        (
            "/approvals/0/escalate",
            json!({ "afterMin": 60, "to": { "type": "field", "field": "downtime" } }),
            UnknownName,
            "/approvals/0/escalate/to/field",
        ),
        (
            "/approvals/0/escalate",
            json!({ "afterMin": 0, "to": { "type": "serviceOwners" } }),
            ApprovalTime,
            "/approvals/0/escalate/afterMin",
        ),
        (
            "/approvals/0/remind",
            json!({ "afterMin": 60, "everyMin": 0 }),
            ApprovalTime,
            "/approvals/0/remind/everyMin",
        ),
        (
            "/checklist",
            json!([{ "id": "backup", "name": {}, "before": "implement", "by": ["staff"] }]),
            TextMissing,
            "/checklist/0/name",
        ),
        ("/languages/-", json!("de"), TextMissing, "/name"),
        (
            "/ask",
            json!([
                "title", "title", "title", "title", "title", "title", "title"
            ]),
            AskTooMany,
            "/ask",
        ),
        (
            "/sections/0/fields/2",
            Value::Null,
            FieldSection,
            "/fields/2",
        ),
        (
            "/fields/0/visible",
            json!({ "filled": "downtime" }),
            VisibilityOrder,
            "/fields/0/visible",
        ),
        ("/fields/0/means", Value::Null, FieldMeaning, "/fields"),
        ("/fields/3/means", Value::Null, NoWindow, "/fields"),
        ("/fields/4/means", Value::Null, NoWindow, "/fields"),
        (
            "/fields/1/means",
            json!("windowStart"),
            FieldMeaning,
            "/fields/1/means",
        ),
        (
            "/fields/1/visible",
            json!({ "is": { "field": "title" } }),
            ConditionMalformed,
            "/fields/1/visible/is",
        ),
        (
            "/approvals/0/when",
            json!({ "is": { "field": "title", "other": "title" } }),
            ConditionMalformed,
            "/approvals/0/when/is",
        ),
        (
            "/fields/1/visible",
            json!({ "leadTime": { "lessThan": {} } }),
            ConditionMalformed,
            "/fields/1/visible/leadTime/lessThan",
        ),
        (
            "/risk/floors/0/when",
            is("users", json!("lots")),
            ConditionMalformed,
            "/risk/floors/0/when/is",
        ),
        (
            "/risk/floors/0/when",
            json!({ "not": is("downtime", json!(false)) }),
            ConditionOutOfPlace,
            "/risk/floors/0/when",
        ),
        (
            "/fields/1/visible",
            json!({ "actor": ["staff"] }),
            ConditionOutOfPlace,
            "/fields/1/visible",
        ),
        (
            "/approvals/0/when",
            json!({ "all": [is("users", json!("few")), is("users", json!("many"))] }),
            ConditionNever,
            "/approvals/0/when",
        ),
        (
            "/models/0/lifeCycle/transitions/3/to",
            json!("done"),
            OutsideMatrix,
            "/models/0/lifeCycle/transitions/3",
        ),
        (
            "/models/0/lifeCycle/states/-",
            json!({ "id": "limbo", "name": { "en": "limbo" }, "phase": "assess" }),
            Unreachable,
            "/models/0/lifeCycle/states/7",
        ),
        (
            "/models/0/lifeCycle/transitions/6",
            Value::Null,
            DeadEnd,
            "/models/0/lifeCycle/states/5",
        ),
        (
            "/models/0/lifeCycle/transitions/3/by",
            json!([]),
            NobodyMay,
            "/models/0/lifeCycle/transitions/3/by",
        ),
        (
            "/models/0/lifeCycle/transitions/2",
            Value::Null,
            MissingWay,
            "/models/0/lifeCycle/states/1",
        ),
        (
            "/models/0/lifeCycle/start",
            json!("work"),
            Start,
            "/models/0/lifeCycle/start",
        ),
        ("/risk/bands/1/from", json!(4), Bands, "/risk/bands/1/from"),
        ("/risk/bands/1/from", json!(2), Bands, "/risk/bands/1/from"),
        ("/risk/bands/1/to", json!(9), Bands, "/risk/bands"),
        (
            "/risk/questions/1/points/few",
            json!(-1),
            Points,
            "/risk/questions/1/points/few",
        ),
        (
            "/risk/questions/1/points/many",
            Value::Null,
            Points,
            "/risk/questions/1/points",
        ),
        (
            "/risk/floors/0/when",
            is("downtime", json!(false)),
            NotMonotone,
            "/risk/floors/0/when",
        ),
        (
            "/fields/2/visible",
            is("downtime", json!(false)),
            NotMonotone,
            "/fields/2/visible",
        ),
        (
            "/approvals/0/when",
            json!({ "not": { "level": { "atLeast": "high" } } }),
            ApprovalNotMonotone,
            "/approvals/0/when",
        ),
        (
            "/approvals/0/quorum",
            json!({ "type": "percent", "percent": 0 }),
            Quorum,
            "/approvals/0/quorum",
        ),
        (
            "/approvals/0/seniorTo",
            json!(["boss"]),
            Quorum,
            "/approvals/0/seniorTo",
        ),
        (
            "/approvals/0/when",
            json!({ "not": { "fact": { "name": "conflicts", "atLeast": 1 } } }),
            ApprovalNotMonotone,
            "/approvals/0/when",
        ),
        (
            "/approvals/0/when",
            json!({ "phase": ["authorize"] }),
            ConditionOutOfPlace,
            "/approvals/0/when",
        ),
        (
            "/models/0/lifeCycle/transitions/0/to",
            json!("work"),
            OutsideMatrix,
            "/models/0/lifeCycle/transitions/0",
        ),
        (
            "/models/0/lifeCycle/transitions/1/to",
            json!("work"),
            OutsideMatrix,
            "/models/0/lifeCycle/transitions/1",
        ),
        (
            "/models/0/lifeCycle/transitions/2/to",
            json!("work"),
            OutsideMatrix,
            "/models/0/lifeCycle/transitions/2",
        ),
        (
            "/models/0/lifeCycle/transitions/5",
            json!({ "id": "give-up", "name": { "en": "give up" }, "from": "work", "to": "off", "by": ["staff"] }),
            OutsideMatrix,
            "/models/0/lifeCycle/transitions/5",
        ),
        (
            "/models/0/authorization",
            json!({ "type": "afterwards", "deadlineMin": 60 }),
            Empty,
            "/models/0/submitters",
        ),
        (
            "/models/0/risk",
            json!("template"),
            NotMonotone,
            "/models/0/risk",
        ),
        (
            "/fields/3/immaterial",
            json!(true),
            FieldMeaning,
            "/fields/3/immaterial",
        ),
        (
            "/proposals/0/when",
            is("downtime", json!(true)),
            ProposalOpenEnd,
            "/proposals/0",
        ),
    ];
    for (spoil, value, code, at) in cases {
        let findings = spoiled(spoil, value.clone());
        let found = findings
            .iter()
            .any(|finding| finding.code == code && finding.at == at);
        assert!(
            found,
            "{spoil} = {value} should be {code:?} at {at}, was {findings:#?}"
        );
    }
}

/// The small policy with a state in which a change is judged, and ways on that.
fn judged(ways: Value) -> Vec<(PolicyCode, String)> {
    let mut document = sound();
    let life_cycle = &mut document["models"][0]["lifeCycle"];
    life_cycle["start"] = json!("judge");
    let state = json!({ "id": "judge", "name": { "en": "judge" }, "phase": "assess" });
    life_cycle["states"].as_array_mut().unwrap().push(state);
    let on = life_cycle["transitions"].as_array_mut().unwrap();
    for (position, way) in ways.as_array().unwrap().iter().enumerate() {
        let mut whole = json!({ "id": format!("way-{position}"), "name": { "en": "way" }, "from": "judge", "to": "new" });
        let members = way.as_object().unwrap().clone();
        whole.as_object_mut().unwrap().extend(members);
        on.push(whole);
    }
    document["may"] = json!({ "evaluate": ["staff"] });
    check_text(&document.to_string())
        .into_iter()
        .map(|finding| (finding.code, finding.at))
        .collect()
}

#[test]
fn after_an_evaluation_something_always_leads_on() {
    let good = json!({ "on": "evaluated", "guard": { "filled": "users" } });
    let bad = json!({ "on": "evaluated", "to": "no" });
    let by_hand = json!({ "by": ["staff"] });
    assert_eq!(judged(json!([good, bad])), []);
    assert_eq!(judged(json!([good, by_hand])), []);
    let one = |at: &str| [(PolicyCode::EvaluatedWays, at.to_owned())];
    assert_eq!(
        judged(json!([good])),
        one("/models/0/lifeCycle/states/7"),
        "where the guard does not hold, nothing leads on"
    );
    assert_eq!(
        judged(json!([bad, good])),
        one("/models/0/lifeCycle/transitions/7"),
        "the second is never taken"
    );
    let from_elsewhere = json!({ "on": "evaluated", "from": "new", "to": "judge" });
    assert_eq!(
        judged(json!([good, by_hand, from_elsewhere])),
        one("/models/0/lifeCycle/transitions/9/from")
    );
}

#[test]
fn where_an_evaluation_leads_on_somebody_may_evaluate() {
    let mut document = sound();
    let way = json!({ "id": "judged", "name": { "en": "judged" }, "from": "new", "to": "no", "on": "evaluated" });
    let ways = &mut document["models"][0]["lifeCycle"]["transitions"];
    ways.as_array_mut().unwrap().push(way);
    let findings = check_text(&document.to_string());
    assert!(
        findings
            .iter()
            .any(|finding| finding.code == PolicyCode::NobodyMay && finding.at == "/may/evaluate")
    );
}

#[test]
fn floors_that_rise_down_the_list_are_refused() {
    let mut document = sound();
    let low = json!({ "id": "mild", "name": { "en": "mild" }, "when": { "filled": "title" }, "level": "low" });
    document["risk"]["floors"]
        .as_array_mut()
        .unwrap()
        .insert(0, low);
    let findings = check_text(&document.to_string());
    assert_eq!(
        findings
            .iter()
            .map(|finding| (finding.code, finding.at.as_str()))
            .collect::<Vec<_>>(),
        [(PolicyCode::NotMonotone, "/risk/floors/1/level")]
    );
}

#[test]
fn rules_that_are_senior_to_each_other_in_a_ring_are_refused() {
    let mut document = sound();
    let rule = |id: &str, junior: &str| {
        let mut rule = sound()["approvals"][0].clone();
        rule["id"] = json!(id);
        rule["seniorTo"] = json!([junior]);
        rule
    };
    document["approvals"] = json!([rule("a", "b"), rule("b", "c"), rule("c", "a")]);
    assert_eq!(
        check_text(&document.to_string())
            .iter()
            .map(|finding| (finding.code, finding.at.as_str()))
            .collect::<Vec<_>>(),
        [0, 1, 2].map(|position| {
            let at = [
                "/approvals/0/seniorTo",
                "/approvals/1/seniorTo",
                "/approvals/2/seniorTo",
            ];
            (PolicyCode::Quorum, at[position])
        })
    );
}

#[test]
fn a_question_is_not_hidden_by_a_severe_answer_through_another_field() {
    let mut document = sound();
    let between = json!({ "id": "between", "label": { "en": "between" }, "kind": { "type": "text" },
        "visible": { "is": { "field": "downtime", "value": false } } });
    document["fields"]
        .as_array_mut()
        .unwrap()
        .insert(2, between);
    document["fields"][3]["visible"] = json!({ "filled": "between" });
    document["sections"][0]["fields"]
        .as_array_mut()
        .unwrap()
        .push(json!("between"));
    assert_eq!(
        check_text(&document.to_string())
            .iter()
            .map(|finding| (finding.code, finding.at.as_str()))
            .collect::<Vec<_>>(),
        [(PolicyCode::NotMonotone, "/fields/3/visible")]
    );
}

#[test]
fn a_worse_cell_of_the_matrix_takes_no_approval_away() {
    let mut document = sound();
    let options = document["fields"][2]["kind"]["options"].clone();
    let often = json!({ "id": "often", "label": { "en": "often" }, "kind": { "type": "choice", "options": options } });
    document["fields"].as_array_mut().unwrap().push(often);
    document["sections"][0]["fields"]
        .as_array_mut()
        .unwrap()
        .push(json!("often"));
    document["risk"]["matrix"] = json!({ "impact": "users", "likelihood": "often", "rows": [["low", "low"], ["low", "high"]] });
    document["approvals"][0]["when"] = json!({ "is": { "field": "often", "value": "few" } });
    assert_eq!(
        check_text(&document.to_string())
            .iter()
            .map(|finding| (finding.code, finding.at.as_str()))
            .collect::<Vec<_>>(),
        [(PolicyCode::ApprovalNotMonotone, "/approvals/0/when")]
    );
}

#[test]
fn a_matrix_that_falls_is_refused() {
    let mut document = sound();
    let options =
        json!([{ "id": "a", "label": { "en": "a" } }, { "id": "b", "label": { "en": "b" } }]);
    let choice = |id: &str| json!({ "id": id, "label": { "en": id }, "kind": { "type": "choice", "options": options } });
    document["fields"]
        .as_array_mut()
        .unwrap()
        .extend([choice("impact"), choice("likelihood")]);
    document["sections"][0]["fields"]
        .as_array_mut()
        .unwrap()
        .extend([json!("impact"), json!("likelihood")]);
    document["risk"]["matrix"] = json!({ "impact": "impact", "likelihood": "likelihood", "rows": [["low", "high"], ["low", "low"]] });
    let findings = check_text(&document.to_string());
    assert_eq!(
        findings
            .iter()
            .map(|finding| finding.at.as_str())
            .collect::<Vec<_>>(),
        ["/risk/matrix/rows/1/1"]
    );
}

#[test]
fn what_is_too_large_to_try_is_said_to_be_undetermined() {
    let parts: Vec<Value> = (0..20)
        .map(|bound| json!({ "fact": { "name": "conflicts", "atLeast": bound } }))
        .collect();
    let findings = spoiled("/approvals/0/when", json!({ "all": parts }));
    assert_eq!(
        findings
            .iter()
            .map(|finding| finding.code)
            .collect::<Vec<_>>(),
        [PolicyCode::ConditionNotDetermined]
    );
}

#[test]
fn a_policy_is_known_by_its_meaning_not_its_layout() {
    use changegate::policy::Policy;
    let text = document("defra");
    let other_layout =
        serde_json::to_string(&serde_json::from_str::<Value>(&text).unwrap()).unwrap();
    let (one, other) = (
        Policy::from_json(&text).unwrap(),
        Policy::from_json(&other_layout).unwrap(),
    );
    assert_eq!(one.hash(), other.hash());
}

/// The small policy with every part of the process that follows a submission.
fn whole() -> Value {
    let text = |wording: &str| json!({ "en": wording });
    let mut policy = sound();
    let plans = json!([{ "id": "work", "label": text("work") }]);
    let more = [
        json!({ "id": "tasks", "label": text("tasks"), "kind": { "type": "tasks", "plans": plans }, "means": "tasks" }),
        json!({ "id": "leads", "label": text("leads"), "kind": { "type": "people" } }),
        json!({ "id": "judged", "label": text("judged"), "kind": { "type": "yesNo" }, "asked": "evaluation", "beside": "downtime" }),
        json!({ "id": "looked", "label": text("looked"), "kind": { "type": "people" }, "asked": "review" }),
    ];
    for field in more {
        if field["asked"].is_null() {
            let id = field["id"].clone();
            policy["sections"][0]["fields"]
                .as_array_mut()
                .unwrap()
                .push(id);
        }
        policy["fields"].as_array_mut().unwrap().push(field);
    }
    policy["may"] = json!({ "waive": ["staff"], "hold": ["staff"] });
    policy["evidence"] = json!([{ "id": "test", "name": text("test"), "help": text("which"), "act": "tested", "by": ["staff"] }]);
    policy["checklist"] =
        json!([{ "id": "backup", "name": text("backup"), "before": "implement", "by": ["staff"] }]);
    policy["reviews"] =
        json!([{ "id": "late", "because": text("late"), "when": { "flag": ["overrun"] } }]);
    policy["boards"] =
        json!([{ "id": "board", "name": text("board"), "rules": ["boss"], "chairs": ["staff"] }]);
    policy["publishing"] = json!({ "propose": ["staff"], "agree": ["staff"] });
    policy["gates"] = json!([{ "id": "planned", "name": text("planned"), "into": "implement",
        "needs": { "tasks": { "plan": "work", "are": "planned" } } }]);
    policy["approvals"][0]["escalate"] =
        json!({ "afterMin": 60, "to": { "type": "field", "field": "leads" } });
    let model = &mut policy["models"][0];
    model["observe"] = json!({ "minutes": 60, "measures": [{ "id": "errors", "name": text("errors") }], "by": ["staff"] });
    model["leavesOut"] = json!([{ "step": text("test"), "because": text("small") }]);
    model["lifeCycle"]["states"][0]["accountable"] = json!({ "type": "assigned", "by": ["staff"] });
    model["lifeCycle"]["states"][1]["accountable"] = json!({ "type": "field", "field": "leads" });
    policy
}

#[test]
fn one_fault_is_told_once() {
    let mut board = whole();
    board["boards"][0]["rules"] = json!(["cab"]);
    assert_eq!(check_text(&board.to_string()).len(), 1);
    let mut samples = whole();
    samples["trust"] = json!([trusting()]);
    samples["models"][0]["authorization"] = json!({ "type": "preApproved" });
    let before = check_text(&samples.to_string()).len();
    samples["trust"][0]["samplesOf"] = json!(["nothing"]);
    assert_eq!(check_text(&samples.to_string()).len(), before + 1);
}

#[test]
fn an_incident_after_closing_is_somebodys_to_record_and_somebodys_to_review() {
    let nobody = |may: Value, trust: Value| {
        let mut policy = whole();
        policy["may"]["review"] = json!(["staff"]);
        for (capability, roles) in may.as_object().unwrap() {
            policy["may"][capability] = roles.clone();
        }
        policy["trust"] = trust;
        let findings = check_text(&policy.to_string()).into_iter();
        let nobody = findings.filter(|finding| finding.code == PolicyCode::NobodyMay);
        nobody.map(|finding| finding.at).collect::<Vec<_>>()
    };
    let mut by_incident = trusting();
    by_incident["suspendedByIncident"] = json!(true);
    let some = json!({ "recordIncident": ["staff"] });
    assert_eq!(nobody(some, json!([by_incident])), [""; 0]);
    let none = json!({ "recordIncident": [] });
    assert_eq!(
        nobody(none.clone(), json!([])),
        [""; 0],
        "the policy may say so"
    );
    assert_eq!(nobody(none, json!([by_incident])), ["/may/recordIncident"]);
    let unreviewed = json!({ "recordIncident": ["staff"], "review": [] });
    assert_eq!(nobody(unreviewed, json!([])), ["/may/review"]);
}

/// A rule of trust in templates of the only model there is.
fn trusting() -> Value {
    json!({ "id": "earned", "name": { "en": "earned" }, "successes": 3, "model": "normal", "propose": ["staff"], "agree": ["staff"] })
}

#[test]
fn what_follows_a_submission_is_checked_as_well() {
    use PolicyCode::*;
    assert_eq!(check_text(&whole().to_string()), []);
    let judged = json!({ "is": { "field": "judged", "value": true } });
    let twice = |list: &str| {
        let item = whole().pointer(list).unwrap()[0].clone();
        json!([item, item])
    };
    let cycle = "/models/0/lifeCycle";
    let alone = |kept: &str| {
        let mut rule = trusting();
        let other = if kept == "agree" { "propose" } else { "agree" };
        rule.as_object_mut().unwrap().remove(other);
        rule
    };
    let cases = [
        // Roles that there are not.
        ("/may/waive", json!(["boss"]), UnknownName, "/may/waive/0"),
        ("/may/hold", json!(["boss"]), UnknownName, "/may/hold/0"),
        ("/may/extend", json!(["boss"]), UnknownName, "/may/extend/0"),
        ("/may/relate", json!(["boss"]), UnknownName, "/may/relate/0"),
        ("/may/handOn", json!(["boss"]), UnknownName, "/may/handOn/0"),
        ("/may/adopt", json!(["boss"]), UnknownName, "/may/adopt/0"),
        (
            "/may/announce",
            json!(["boss"]),
            UnknownName,
            "/may/announce/0",
        ),
        (
            "/may/evaluate",
            json!(["boss"]),
            UnknownName,
            "/may/evaluate/0",
        ),
        (
            "/may/recordIncident",
            json!(["boss"]),
            UnknownName,
            "/may/recordIncident/0",
        ),
        (
            "/evidence/0/by",
            json!(["boss"]),
            UnknownName,
            "/evidence/0/by/0",
        ),
        (
            "/checklist/0/by",
            json!(["boss"]),
            UnknownName,
            "/checklist/0/by/0",
        ),
        (
            "/boards/0/chairs",
            json!(["boss"]),
            UnknownName,
            "/boards/0/chairs/0",
        ),
        (
            "/publishing/agree",
            json!(["boss"]),
            UnknownName,
            "/publishing/agree/0",
        ),
        (
            "/models/0/observe/by",
            json!(["boss"]),
            UnknownName,
            "/models/0/observe/by/0",
        ),
        (
            "/models/0/lifeCycle/states/0/accountable/by",
            json!(["boss"]),
            UnknownName,
            "/models/0/lifeCycle/states/0/accountable/by/0",
        ),
        // Nobody at all.
        ("/checklist/0/by", json!([]), NobodyMay, "/checklist/0/by"),
        ("/boards/0/chairs", json!([]), NobodyMay, "/boards/0/chairs"),
        ("/boards/0/rules", json!([]), Empty, "/boards/0/rules"),
        (
            "/publishing/propose",
            json!([]),
            NobodyMay,
            "/publishing/propose",
        ),
        (
            "/models/0/lifeCycle/states/0/accountable/by",
            json!([]),
            NobodyMay,
            "/models/0/lifeCycle/states/0/accountable/by",
        ),
        (
            "/trust",
            json!([alone("agree")]),
            NobodyMay,
            "/trust/0/propose",
        ),
        (
            "/trust",
            json!([alone("propose")]),
            NobodyMay,
            "/trust/0/agree",
        ),
        // Templates of a model whose changes are approved one by one.
        ("/trust", json!([trusting()]), Start, "/trust/0/model"),
        // Nobody acts where a review is called for.
        (
            "/reviews/0/when",
            json!({ "actor": ["staff"] }),
            ConditionOutOfPlace,
            "/reviews/0/when",
        ),
        // Other names that there are not.
        (
            "/boards/0/rules",
            json!(["cab"]),
            UnknownName,
            "/boards/0/rules/0",
        ),
        (
            "/models/0/lifeCycle/states/1/accountable/field",
            json!("downtime"),
            UnknownName,
            "/models/0/lifeCycle/states/1/accountable/field",
        ),
        (
            "/approvals/0/escalate/to/field",
            json!("looked"),
            UnknownName,
            "/approvals/0/escalate/to/field",
        ),
        (
            "/gates/0/needs/tasks/plan",
            json!("test"),
            UnknownName,
            "/gates/0/needs/tasks/plan",
        ),
        // Names that are declared twice.
        ("/evidence", twice("/evidence"), NameTwice, "/evidence/1/id"),
        (
            "/checklist",
            twice("/checklist"),
            NameTwice,
            "/checklist/1/id",
        ),
        ("/reviews", twice("/reviews"), NameTwice, "/reviews/1/id"),
        ("/boards", twice("/boards"), NameTwice, "/boards/1/id"),
        (
            "/models/0/observe/measures",
            twice("/models/0/observe/measures"),
            NameTwice,
            "/models/0/observe/measures/1/id",
        ),
        // Texts that are missing.
        (
            "/evidence/0/help/en",
            json!(""),
            TextMissing,
            "/evidence/0/help",
        ),
        (
            "/checklist/0/name/en",
            json!(""),
            TextMissing,
            "/checklist/0/name",
        ),
        (
            "/reviews/0/because/en",
            json!(""),
            TextMissing,
            "/reviews/0/because",
        ),
        (
            "/boards/0/name/en",
            json!(""),
            TextMissing,
            "/boards/0/name",
        ),
        (
            "/models/0/leavesOut/0/step/en",
            json!(""),
            TextMissing,
            "/models/0/leavesOut/0/step",
        ),
        (
            "/models/0/leavesOut/0/because/en",
            json!(""),
            TextMissing,
            "/models/0/leavesOut/0/because",
        ),
        (
            "/models/0/observe/measures/0/name/en",
            json!(""),
            TextMissing,
            "/models/0/observe/measures/0/name",
        ),
        // What is asked only later.
        (
            "/approvals/0/when",
            judged.clone(),
            FieldStage,
            "/approvals/0/when",
        ),
        (
            "/risk/floors/0/when",
            judged.clone(),
            FieldStage,
            "/risk/floors/0/when",
        ),
        (
            "/consistency",
            json!([{ "id": "odd", "when": judged, "fields": ["title"], "severity": "warns", "message": { "en": "odd" } }]),
            FieldStage,
            "/consistency/0/when",
        ),
        (
            "/absentFacts",
            json!([{ "fact": "importance", "asked": "judged" }]),
            FieldStage,
            "/absentFacts/0/asked",
        ),
        (
            "/models/0/lifeCycle/transitions/3/needs",
            json!(["judged"]),
            FieldStage,
            "/models/0/lifeCycle/transitions/3/needs/0",
        ),
        (
            "/fields/7/beside",
            json!("looked"),
            FieldStage,
            "/fields/7/beside",
        ),
        (
            "/fields/1/beside",
            json!("title"),
            FieldStage,
            "/fields/1/beside",
        ),
        // Tasks, evidence, checklist.
        (
            "/fields/6/kind",
            json!({ "type": "list", "columns": [{ "id": "more", "label": { "en": "more" }, "kind": { "type": "tasks", "plans": [] } }] }),
            FieldColumn,
            "/fields/6/kind/columns/0",
        ),
        (
            "/evidence/0/act",
            json!("approved"),
            EvidenceAct,
            "/evidence/0/act",
        ),
        (
            "/checklist/0/before",
            json!("closed"),
            Start,
            "/checklist/0/before",
        ),
        (
            "/checklist/0/before",
            json!("authorize"),
            Start,
            "/checklist/0/before",
        ),
    ];
    for (at, value, code, pointer) in cases {
        let findings = spoil(whole(), at, value);
        assert!(
            findings
                .iter()
                .any(|finding| finding.code == code && finding.at == pointer),
            "{at}: {findings:#?}"
        );
    }
    let mut second = whole();
    let tasks = second["fields"][5].clone();
    second["fields"][6] = tasks;
    second["fields"][6]["id"] = json!("leads");
    second["fields"][6]["means"] = Value::Null;
    second["fields"][6].as_object_mut().unwrap().remove("means");
    let findings = check_text(&second.to_string());
    let says = |code: PolicyCode, at: &str| {
        findings
            .iter()
            .any(|finding| finding.code == code && finding.at == at)
    };
    assert!(says(FieldMeaning, "/fields/6/kind"), "{findings:#?}");
    // The way that the last yes takes could be shut at that moment, and then nobody could take it.
    let mut shut = whole();
    shut["gates"][0]["into"] = json!("scheduled");
    let findings = check_text(&shut.to_string());
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].at, format!("{cycle}/transitions/0/by"));
    shut["models"][0]["lifeCycle"]["transitions"][0]["by"] = json!(["staff"]);
    assert_eq!(check_text(&shut.to_string()), []);
}
