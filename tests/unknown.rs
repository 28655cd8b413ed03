//! What is missing, unknown, erased or left open counts as its worst. The table in DESIGN.md lists each place; here each is walked.
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

use changegate::assessment::{Assessment, Contribution, assess};
use changegate::id::PersonId;
use changegate::policy::Phase;
use changegate::policy::check::check_text;
use changegate::world::Template;
use serde_json::{Value, json};
use story::{
    CHANGE, DEFRA, Story, approve, but, complete, content, department, given, has, push, refused,
    scheduled, step, submit, text,
};

// ---- templates

/// A template of the department that fixes no more than a title.
const TITLE_ALONE: &str = "anything-at-all";

/// The department with a template that leaves everything open but its title, agreed to at level low.
fn with_open_template(mut story: Story) -> Story {
    let mut open: Vec<_> = content().as_object().unwrap().keys().cloned().collect();
    open.retain(|field| field != "title");
    open.extend(["downtimeStart", "downtimeEnd", "noticeSent"].map(str::to_owned));
    let template = json!({
        "id": TITLE_ALONE, "version": 1, "name": { "en": "Anything" }, "model": "standard", "active": true,
        "successes": 3, "failures": 0, "level": "low", "fields": { "title": "Routine work" }, "open": open
    });
    let template: Template = changegate::wire::from_str(&template.to_string()).unwrap();
    story.world.templates.push(template);
    story
}

/// A standard change by that template, with some answers otherwise; without the questions that only other models ask.
fn by_open_template(changes: Value) -> Value {
    let mut fields = but(changes);
    fields
        .as_object_mut()
        .unwrap()
        .retain(|field, _| !field.starts_with("risk") || field == "riskAnalysis");
    fields["title"] = json!("Routine work");
    json!({ "type": "submit", "model": "standard", "template": TITLE_ALONE, "language": "en", "fields": fields })
}

/// Work that interrupts a critical service.
fn on_critical() -> Value {
    by_open_template(json!({
        "services": ["payments"], "downtime": true, "noticeSent": true,
        "downtimeStart": "2026-12-10T09:30:00.000Z", "downtimeEnd": "2026-12-10T10:00:00.000Z"
    }))
}

fn asked(story: &Story) -> Vec<String> {
    let approvals = story.change().approvals;
    approvals
        .iter()
        .map(|approval| approval.rule.to_string())
        .collect()
}

#[test]
fn a_change_above_the_level_of_its_template_is_asked_of_whom_it_would_be_without_one() {
    let mut story = with_open_template(given(DEFRA));
    let events = story.when("e1041", on_critical()).unwrap();
    assert_eq!(events, ["submitted", "assessed", "moved"], "not authorized");
    let change = story.change();
    assert_eq!(
        (change.level.as_str(), change.phase),
        ("high", Phase::Scheduled)
    );
    assert_eq!(asked(&story), ["service-owner", "cab", "director"]);
    story.at("2026-12-10T09:40:00.000Z");
    assert!(has(
        &refused(&mut story, "e1044", step("start")),
        "approval.missing"
    ));
    story.at("2026-11-24T10:00:00.000Z");
    for (person, rule) in [
        ("e1030", "service-owner"),
        ("e1020", "cab"),
        ("e1021", "cab"),
    ] {
        story.then(person, approve(rule));
    }
    let events = story.when("e1001", approve("director")).unwrap();
    assert!(has(&events, "authorized"), "{events:?}");
    story
        .at("2026-12-10T09:40:00.000Z")
        .then("e1044", step("start"));
}

#[test]
fn a_change_within_the_level_of_its_template_is_carried_by_it() {
    let mut story = with_open_template(given(DEFRA));
    let harmless = by_open_template(json!({ "services": ["staff-portal"] }));
    let events = story.when("e1041", harmless).unwrap();
    assert!(has(&events, "authorized"), "{events:?}");
    assert!(asked(&story).is_empty());
}

#[test]
fn an_edit_that_lifts_a_change_above_its_template_takes_its_authorization() {
    let mut story = with_open_template(given(DEFRA));
    story.then(
        "e1041",
        by_open_template(json!({ "services": ["staff-portal"] })),
    );
    let lift = json!({ "type": "edit", "fields": {
        "services": ["payments"], "downtime": true, "noticeSent": true,
        "downtimeStart": "2026-12-10T09:30:00.000Z", "downtimeEnd": "2026-12-10T10:00:00.000Z"
    } });
    let events = story.when("e1041", lift).unwrap();
    assert!(
        has(&events, "voided") && !has(&events, "authorized"),
        "{events:?}"
    );
    assert!(story.change().authorized.is_none());
    story.at("2026-12-10T09:40:00.000Z");
    assert!(has(
        &refused(&mut story, "e1044", step("start")),
        "approval.missing"
    ));
}

#[test]
fn a_collision_on_the_day_of_use_is_asked_about_too() {
    let mut story = with_open_template(department(|policy| {
        let floors = policy["risk"]["floors"].as_array_mut().unwrap();
        let floor = floors
            .iter_mut()
            .find(|floor| floor["id"] == "collision")
            .unwrap();
        floor["when"] = json!({ "fact": { "name": "conflicts", "atLeast": 1 } });
    }));
    let fields = by_open_template(json!({ "services": ["staff-portal"] }));
    story.then("e1041", fields);
    assert!(story.change().authorized.is_some());
    story.at("2026-12-10T09:40:00.000Z");
    story.world.changes = None;
    let refusals = refused(&mut story, "e1044", step("start"));
    assert!(
        has(&refusals, "approval.missing"),
        "an unknown collision is one: {refusals:?}"
    );
}

#[test]
fn above_a_template_nobody_to_ask_is_no_approval() {
    let mut story = with_open_template(department(|policy| {
        for rule in policy["approvals"].as_array_mut().unwrap() {
            let models = ["expedited", "emergency"];
            rule["when"] = json!({ "all": [{ "model": models }] });
        }
    }));
    let refusals = refused(&mut story, "e1041", on_critical());
    assert_eq!(refusals, ["content.finding"]);
}

#[test]
fn a_policy_names_the_model_whose_rules_ask_above_a_template() {
    let mut story = with_open_template(department(|policy| {
        let models = policy["models"].as_array_mut().unwrap();
        let standard = models
            .iter_mut()
            .find(|model| model["id"] == "standard")
            .unwrap();
        standard["authorization"]["above"] = json!("expedited");
    }));
    story.then("e1041", on_critical());
    assert_eq!(
        asked(&story),
        ["service-owner", "expedited-board", "director"]
    );
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    for (above, code) in [
        ("nonsense", "name.unknown"),
        ("standard", "lifecycle.start"),
    ] {
        let models = policy["models"].as_array_mut().unwrap();
        let standard = models
            .iter_mut()
            .find(|model| model["id"] == "standard")
            .unwrap();
        standard["authorization"]["above"] = json!(above);
        let findings = check_text(&policy.to_string());
        let codes: Vec<_> = findings
            .iter()
            .map(|finding| serde_json::to_value(finding.code).unwrap())
            .collect();
        assert!(codes.contains(&json!(code)), "{above}: {codes:?}");
    }
}

#[test]
fn a_rule_that_matches_asks_over_a_template_too() {
    for when in [
        json!({ "model": ["standard"] }),
        json!({ "in": { "field": "environment", "values": ["production"] } }),
        Value::Null,
    ] {
        let mut story = with_open_template(department(|policy| {
            let mut rule = json!({
                "id": "many-items", "name": text("Many items"), "because": text("There are many of them."),
                "from": { "type": "group", "group": "directors" }, "quorum": { "type": "any" }, "stage": 1
            });
            if !when.is_null() {
                rule["when"] = when.clone();
            }
            push(&mut policy["approvals"], rule);
        }));
        let events = story
            .when(
                "e1041",
                by_open_template(json!({ "services": ["staff-portal"] })),
            )
            .unwrap();
        assert!(!has(&events, "authorized"), "{when}: {events:?}");
        assert_eq!(asked(&story), ["many-items"], "{when}");
        let events = story.when("e1001", approve("many-items")).unwrap();
        assert!(has(&events, "authorized"), "{when}: {events:?}");
    }
}

fn proposal(content: Value) -> Value {
    json!({ "type": "template", "step": {
        "type": "propose", "template": "title-alone", "language": "en", "content": content, "level": "low",
        "samples": []
    } })
}

#[test]
fn what_a_template_leaves_open_counts_as_its_worst_when_it_is_proposed() {
    let mut story = given(DEFRA);
    let open = ["description", "services", "downtime", "start", "end"];
    let content = json!({ "name": { "en": "Anything" }, "model": "standard", "fields": { "title": "Routine work" }, "open": open });
    assert!(has(
        &refused(&mut story, "e1041", proposal(content.clone())),
        "template.level"
    ));
    // With the service and the downtime fixed, nothing of it can be worse than low.
    let mut fixed = content;
    fixed["fields"] =
        json!({ "title": "Routine work", "services": ["staff-portal"], "downtime": false });
    fixed["open"] = json!(["description", "start", "end"]);
    story.then("e1041", proposal(fixed));
}

// ---- what was erased

/// The commitments of the texts of a change that is open.
fn commitments(story: &Story, field: &str) -> Vec<String> {
    let sealed = serde_json::to_value(story.record().change.unwrap().fields).unwrap();
    sealed[field]["commitment"]
        .as_str()
        .map(str::to_owned)
        .into_iter()
        .collect()
}

fn erase(story: &mut Story, commitments: &[String]) {
    let erase =
        json!({ "type": "erase", "commitments": commitments, "ground": "writtenByMistake" });
    let privacy = story.world.people.iter().find(|person| {
        person
            .groups
            .iter()
            .any(|group| group.as_str() == "data-protection")
    });
    let privacy = privacy.unwrap().id.to_string();
    story.then(&privacy, erase);
}

#[test]
fn a_content_that_was_erased_is_not_evaluated() {
    let mut story = given(DEFRA);
    story.then("e1041", submit("normal", content()));
    let texts = commitments(&story, "title");
    erase(&mut story, &texts);
    let refusals = refused(
        &mut story,
        "e1012",
        json!({ "type": "evaluate", "fields": {} }),
    );
    assert!(has(&refusals, "content.finding"), "{refusals:?}");
    assert!(has(
        &refused(&mut story, "e1012", step("pass")),
        "content.finding"
    ));
    // Written anew, it goes on.
    story
        .then(
            "e1041",
            json!({ "type": "edit", "fields": { "title": "Release 0.11.1" } }),
        )
        .then("e1012", step("pass"));
}

#[test]
fn a_content_that_was_erased_is_not_approved() {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    let texts: Vec<_> = ["title", "description", "backoutPlan"]
        .into_iter()
        .flat_map(|field| commitments(&story, field))
        .collect();
    erase(&mut story, &texts);
    let refusals = refused(&mut story, "e1030", approve("service-owner"));
    assert!(has(&refusals, "content.finding"), "{refusals:?}");
    // A no is always heard.
    let no = json!({ "type": "decline", "rule": "service-owner", "contentHash": null, "reason": "Nothing is left to read." });
    story.then("e1030", no);
}

#[test]
fn work_does_not_start_by_a_plan_that_was_erased() {
    let mut story = scheduled();
    let texts = commitments(&story, "backoutPlan");
    erase(&mut story, &texts);
    story.at("2026-12-10T09:40:00.000Z");
    let refusals = refused(&mut story, "e1044", step("start"));
    assert!(
        has(&refusals, "content.finding") && has(&refusals, "gate.shut"),
        "{refusals:?}"
    );
}

#[test]
fn evidence_that_was_erased_shows_nothing() {
    let mut story = department(|policy| {
        let gate = json!({ "id": "shown", "name": text("It was tested"), "into": "implement", "needs": { "evidence": { "kind": "release-notes" } } });
        push(&mut policy["gates"], gate);
    });
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    story.then(
        "e1041",
        json!({ "type": "attach", "kind": "release-notes", "name": "What is new" }),
    );
    let name = serde_json::to_value(&story.record().change.unwrap().evidence[0].name).unwrap();
    let sealed = name["commitment"].as_str().unwrap().to_owned();
    story.at("2026-12-10T09:40:00.000Z");
    erase(&mut story, &[sealed]);
    assert_eq!(refused(&mut story, "e1044", step("start")), ["gate.shut"]);
    let again = json!({ "type": "attach", "kind": "release-notes", "name": "What is new" });
    story.then("e1041", again).then("e1044", step("start"));
}

#[test]
fn a_review_that_was_erased_is_none() {
    let mut story = scheduled();
    story.at("2026-12-10T10:40:00.000Z");
    story.then(
        "e1044",
        complete(
            "unsuccessful",
            "2026-12-10T09:35:00.000Z",
            "2026-12-10T10:20:00.000Z",
        ),
    );
    story.then(
        "e1010",
        json!({ "type": "review", "text": "The job ran twice.", "fields": {}, "incidents": [] }),
    );
    let sealed = serde_json::to_value(story.record().change.unwrap().review.unwrap().text).unwrap();
    erase(
        &mut story,
        &[sealed["commitment"].as_str().unwrap().to_owned()],
    );
    assert!(has(
        &refused(&mut story, "e1010", step("close")),
        "review.missing"
    ));
}

// ---- the list of places in DESIGN.md

/// A normal draft with some answers otherwise, as the form assesses it in the story as it is.
fn assessed(story: &Story, changes: Value) -> Assessment {
    let draft =
        json!({ "id": CHANGE, "model": "normal", "language": "en", "fields": but(changes) });
    let draft = changegate::wire::from_str(&draft.to_string()).unwrap();
    assess(
        &story.policy,
        &draft,
        &PersonId::from("e1041"),
        story.now,
        &story.world,
    )
}

/// An open text that nobody filled, as a condition.
fn open_question() -> Value {
    json!({ "is": { "field": "noticeSent", "value": true } })
}

/// A department that asks whether notice was sent of everything, and leaves it open.
fn with_open_question(change: impl Fn(&mut Value)) -> Story {
    department(|policy| {
        let fields = policy["fields"].as_array_mut().unwrap();
        let field = fields
            .iter_mut()
            .find(|field| field["id"] == "noticeSent")
            .unwrap();
        field.as_object_mut().unwrap().remove("visible");
        change(policy);
    })
}

fn questions_count_as_their_most_points() {
    let story = given(DEFRA);
    let (told, open) = (
        assessed(&story, json!({})),
        assessed(&story, json!({ "riskUsers": null })),
    );
    assert!(told.risk.points < open.risk.points && open.risk.unanswered == 1);
    for answer in ["ten", "public"] {
        assert!(
            assessed(&story, json!({ "riskUsers": answer })).risk.points <= open.risk.points,
            "{answer}"
        );
    }
}

fn floors_hold() {
    let mut story = given(DEFRA);
    story.world.services = None;
    let open = assessed(&story, json!({ "downtime": null }));
    assert_eq!(open.risk.level.as_str(), "high");
    assert!(
        open.risk
            .contributions
            .iter()
            .any(|part| matches!(part, Contribution::Floor { unknown: true, .. }))
    );
}

fn matrices_give_their_worst_cell() {
    let story = department(|policy| {
        policy["risk"]["matrix"] = json!({
            "impact": "riskUsers", "likelihood": "riskFrequency", "rows": []
        });
        let options = |policy: &Value, id: &str| {
            let fields = policy["fields"].as_array().unwrap();
            let field = fields.iter().find(|field| field["id"] == id).unwrap();
            field["kind"]["options"].as_array().unwrap().len()
        };
        let (rows, columns) = (
            options(policy, "riskUsers"),
            options(policy, "riskFrequency"),
        );
        let row = |row: usize| {
            let cell = |column: usize| {
                if row + 1 == rows && column + 1 == columns {
                    "veryHigh"
                } else {
                    "low"
                }
            };
            (0..columns).map(cell).collect::<Vec<_>>()
        };
        policy["risk"]["matrix"]["rows"] = json!((0..rows).map(row).collect::<Vec<_>>());
    });
    assert_eq!(assessed(&story, json!({})).risk.level.as_str(), "low");
    assert_eq!(
        assessed(&story, json!({ "riskUsers": null, "riskFrequency": null }))
            .risk
            .level
            .as_str(),
        "veryHigh"
    );
}

fn what_asks_applies() {
    let mut story = with_open_question(|policy| {
        let when = open_question();
        policy["approvals"][0]["when"] = json!({ "all": [{ "model": ["normal"] }, when] });
        push(
            &mut policy["gates"],
            json!({ "id": "asked", "name": text("Asked"), "into": "authorize", "when": open_question(), "needs": { "filled": "related" } }),
        );
    });
    let rules = assessed(&story, json!({})).approvals;
    assert!(
        rules
            .iter()
            .any(|approval| approval.rule.as_str() == "service-owner")
    );
    story.then("e1041", submit("normal", content()));
    assert!(has(
        &refused(&mut story, "e1012", step("pass")),
        "gate.shut"
    ));
}

fn what_a_gate_needs_is_not_met() {
    let mut story = with_open_question(|policy| {
        push(
            &mut policy["gates"],
            json!({ "id": "asked", "name": text("Asked"), "into": "authorize", "needs": open_question() }),
        );
    });
    story.then("e1041", submit("normal", content()));
    assert!(has(
        &refused(&mut story, "e1012", step("pass")),
        "gate.shut"
    ));
}

fn what_is_shown_waits_for_its_reason() {
    let story = with_open_question(|policy| {
        let fields = policy["fields"].as_array_mut().unwrap();
        let field = fields
            .iter_mut()
            .find(|field| field["id"] == "related")
            .unwrap();
        field["visible"] = open_question();
    });
    let open = assessed(&story, json!({}));
    assert!(!open.visible.iter().any(|field| field.as_str() == "related"));
}

fn collisions_refuse_the_start() {
    let mut story = scheduled();
    story.world.changes = None;
    story.at("2026-12-10T09:40:00.000Z");
    assert!(has(
        &refused(&mut story, "e1044", step("start")),
        "window.conflicts-unknown"
    ));
}

fn a_template_that_is_not_there_is_the_worst_level() {
    let mut story = given(DEFRA);
    let draft = json!({ "id": CHANGE, "model": "standard", "template": "gone", "language": "en", "fields": content() });
    let draft = changegate::wire::from_str(&draft.to_string()).unwrap();
    let open = assess(
        &story.policy,
        &draft,
        &PersonId::from("e1041"),
        story.now,
        &story.world,
    );
    assert_eq!(open.risk.level.as_str(), "veryHigh");
    let submit = json!({ "type": "submit", "model": "standard", "template": "gone", "language": "en", "fields": {} });
    assert!(has(
        &refused(&mut story, "e1041", submit),
        "content.finding"
    ));
}

fn collisions_beyond_the_calendar_are_not_known() {
    let mut story = given(DEFRA);
    let window = json!({ "start": "2029-06-05T09:00:00.000Z", "end": "2029-06-05T10:00:00.000Z" });
    story.then("e1041", submit("normal", but(window)));
    let facts = serde_json::to_value(&story.log[0].entry.facts).unwrap();
    assert!(facts["conflicts"]["onlyKnown"].is_object(), "{facts}");
    let mut known = facts["known"].as_array().unwrap().iter();
    assert!(!known.any(|known| known["name"] == "conflicts"), "{facts}");
    assert_eq!(facts["leadTime"]["atLeast"], true);
}

fn working_days_are_the_known_ones() {
    let mut story = given(DEFRA);
    story.world.calendar = None;
    let report = story.report(&submit("normal", content()));
    let refusals = serde_json::to_value(story.take("e1041", &report).unwrap_err()).unwrap();
    let found = &refusals[0]["finding"];
    assert_eq!(found["code"], "window.lead-time", "{refusals}");
}

/// Each row of the list in DESIGN.md: where, and what shows it.
const PLACES: [(&str, fn()); 14] = [
    (
        "a risk question without an answer",
        questions_count_as_their_most_points,
    ),
    ("a floor of the risk level", floors_hold),
    (
        "the matrix with an answer missing",
        matrices_give_their_worst_cell,
    ),
    (
        "an approval rule, a duty, a gate, an item of the checklist, a trigger of reviews",
        what_asks_applies,
    ),
    ("what a gate or guard needs", what_a_gate_needs_is_not_met),
    (
        "visibility, requiredness, a proposal, a consistency rule",
        what_is_shown_waits_for_its_reason,
    ),
    (
        "conflicts, on entering `implement`",
        collisions_refuse_the_start,
    ),
    (
        "a window that reaches beyond what the calendar knows",
        collisions_beyond_the_calendar_are_not_known,
    ),
    (
        "working days beyond what the calendar knows, or without a calendar",
        working_days_are_the_known_ones,
    ),
    (
        "the level of a template that is not there",
        a_template_that_is_not_there_is_the_worst_level,
    ),
    (
        "a field that a template leaves open",
        what_a_template_leaves_open_counts_as_its_worst_when_it_is_proposed,
    ),
    (
        "a floor over a template",
        a_change_above_the_level_of_its_template_is_asked_of_whom_it_would_be_without_one,
    ),
    (
        "a text that was erased",
        work_does_not_start_by_a_plan_that_was_erased,
    ),
    (
        "evidence or a review that was erased",
        evidence_that_was_erased_shows_nothing,
    ),
];

#[test]
fn every_place_of_the_list_in_design_is_walked() {
    let design = include_str!("../docs/DESIGN.md");
    let list = design
        .split("| where | unknown counts as |")
        .nth(1)
        .unwrap();
    let rows = list
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let rows: Vec<_> = rows
        .map(|row| row.split('|').nth(1).unwrap().trim())
        .collect();
    let places: Vec<_> = PLACES.iter().map(|(place, _)| *place).collect();
    assert_eq!(rows, places);
    for (_, walk) in PLACES {
        walk();
    }
}
