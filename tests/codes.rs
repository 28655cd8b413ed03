//! Codes that no story needs are provoked here. `cargo xtask test native` notes every code that the core really answers a draft, a
//! report or a policy with while all suites run, and fails where one of them was never given.
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

use changegate::assessment::assess;
use changegate::finding::{Finding, Severity};
use changegate::id::PersonId;
use changegate::refusal::Refusal;
use serde_json::{Value, json};
use story::{
    CHANGE, DEFRA, Story, approve, because, but, complete, content, department, given, has,
    refused, scheduled, step, submit,
};

// ---- what is wrong with a draft

/// The findings on a draft of a model with these fields, as somebody of delivery sees it.
fn found(story: &Story, model: &str, template: Option<&str>, fields: Value) -> Vec<Finding> {
    let mut draft = json!({ "id": CHANGE, "model": model, "language": "en", "fields": fields });
    if let Some(template) = template {
        draft["template"] = json!(template);
    }
    let draft = changegate::wire::from_str(&draft.to_string()).unwrap();
    let (policy, world) = (&story.policy, &story.world);
    let assessment = assess(policy, &draft, &PersonId::from("e1041"), story.now, world);
    story::provoked::note(&assessment.findings);
    assessment.findings
}

/// What a draft is told, as code, severity and the first field.
fn told(findings: &[Finding]) -> Vec<(String, Severity, &str)> {
    let field = |finding: &Finding| finding.fields.first().map(|field| field.0.clone());
    let all = findings.iter().map(|finding| {
        let code = serde_json::to_value(finding.code).unwrap();
        let first = field(finding).map_or("", |field| field.leak());
        (code.as_str().unwrap().to_owned(), finding.severity, first)
    });
    all.collect()
}

/// A normal change, complete but for these fields, is told exactly this.
fn normal(changes: Value, code: &str, severity: Severity, field: &str) {
    let findings = found(&given(DEFRA), "normal", None, but(changes));
    assert_eq!(told(&findings), [(code.to_owned(), severity, field)]);
}

#[test]
fn a_complete_draft_is_told_nothing() {
    let findings = found(&given(DEFRA), "normal", None, content());
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn values_are_those_that_the_policy_and_the_world_know() {
    let stops = Severity::Stops;
    normal(
        json!({ "backoutTakes": 2881 }),
        "field.above",
        stops,
        "backoutTakes",
    );
    normal(
        json!({ "backoutTakes": -1 }),
        "field.below",
        stops,
        "backoutTakes",
    );
    normal(
        json!({ "department": "navy" }),
        "field.no-such-option",
        stops,
        "department",
    );
    normal(
        json!({ "implementers": ["e9999"] }),
        "field.no-such-person",
        stops,
        "implementers",
    );
    // Known, but none of those who may be named there.
    normal(
        json!({ "sponsor": ["e1041"] }),
        "field.no-such-person",
        stops,
        "sponsor",
    );
}

#[test]
fn a_service_that_nobody_knows_is_named() {
    let findings = found(
        &given(DEFRA),
        "normal",
        None,
        but(json!({ "services": ["charging-module", "tea"] })),
    );
    let codes: Vec<_> = told(&findings).into_iter().map(|(code, ..)| code).collect();
    assert!(has(&codes, "field.no-such-service"), "{codes:?}");
}

#[test]
fn words_that_say_nothing_do_not_fill_a_required_field() {
    normal(
        json!({ "backoutPlan": "n/a" }),
        "text.filler",
        Severity::Later,
        "backoutPlan",
    );
    let title = content()["title"].clone();
    normal(
        json!({ "description": title }),
        "text.title-again",
        Severity::Later,
        "description",
    );
}

#[test]
fn characters_that_hide_are_told_and_stop_nothing() {
    let hidden = "The deployment\u{200b} runs in stages, and stops where one fails.";
    normal(
        json!({ "riskAnalysis": hidden }),
        "text.hidden-characters",
        Severity::Warns,
        "riskAnalysis",
    );
}

#[test]
fn a_window_is_ahead_and_in_no_freeze() {
    let window = |day: &str| json!({ "start": format!("{day}T09:30:00.000Z"), "end": format!("{day}T10:30:00.000Z") });
    normal(
        window("2026-12-04"),
        "window.lead-time",
        Severity::Stops,
        "start",
    );
    normal(
        window("2026-12-22"),
        "window.frozen",
        Severity::Later,
        "start",
    );
    let findings = found(&given(DEFRA), "normal", None, but(window("2026-11-20")));
    let told = told(&findings);
    assert!(
        told.contains(&("window.in-past".to_owned(), Severity::Stops, "start")),
        "{told:?}"
    );
}

/// The findings for which a submission is refused.
fn refused_for(mut story: Story, command: &Value) -> Vec<Value> {
    let report = story.report(command);
    let refusals = story.take("e1041", &report).unwrap_err();
    let finding = |refusal: &Refusal| match refusal {
        Refusal::Content { finding } => serde_json::to_value(finding.code).unwrap(),
        other => panic!("{other:?}"),
    };
    refusals.iter().map(finding).collect()
}

#[test]
fn what_the_form_does_not_ask_for_is_refused() {
    let hidden = but(json!({ "downtimeStart": "2026-12-10T09:30:00.000Z" }));
    let codes = refused_for(given(DEFRA), &submit("normal", hidden));
    assert_eq!(codes, ["field.not-asked"]);
}

#[test]
fn a_template_must_be_there_in_use_and_cover_the_work() {
    let mut story = given(DEFRA);
    let fields = json!(story.world.templates[0].fields);
    let first = |story: &Story, template: Option<&str>, fields: &Value| {
        let findings = found(story, "standard", template, fields.clone());
        let told = told(&findings).into_iter().map(|(code, ..)| code);
        told.filter(|code| code.starts_with("template."))
            .collect::<Vec<_>>()
    };
    let named = Some("charging-rules-update");
    assert_eq!(first(&story, named, &fields), [""; 0]);
    assert_eq!(first(&story, None, &fields), ["template.missing"]);
    let mut other = fields.clone();
    other["backoutTakes"] = json!(5);
    assert_eq!(first(&story, named, &other), ["template.not-covered"]);
    story.world.templates[0].active = false;
    assert_eq!(first(&story, named, &fields), ["template.inactive"]);
}

#[test]
fn a_model_is_for_those_whom_the_policy_names() {
    let story = department(|policy| policy["models"][0]["submitters"] = json!(["director"]));
    let findings = found(&story, "normal", None, content());
    let expected = ("model.not-available".to_owned(), Severity::Stops, "");
    assert_eq!(told(&findings), [expected]);
}

#[test]
fn a_change_that_nobody_is_asked_about_is_not_approved() {
    let mut story = given(DEFRA);
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    policy["approvals"] = json!([]);
    story.policy = changegate::policy::Policy::from_json(&policy.to_string()).unwrap();
    let findings = found(&story, "normal", None, content());
    assert_eq!(
        told(&findings),
        [("approval.no-rule".to_owned(), Severity::Stops, "")]
    );
    // A policy whose changes begin approved, by whomever it was loaded, approves nothing.
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    policy["models"][0]["lifeCycle"]["start"] = json!("scheduled");
    story.policy = changegate::policy::Policy::from_json(&policy.to_string()).unwrap();
    assert_eq!(
        refused(&mut story, "e1041", submit("normal", content())),
        ["approval.no-rule"]
    );
}

// ---- why a report is refused

#[test]
fn nothing_is_done_to_a_change_that_is_not_there() {
    let codes = refused(&mut given(DEFRA), "e1012", step("pass"));
    assert_eq!(codes, ["change.unknown"]);
}

#[test]
fn a_language_is_a_tag() {
    let mut submission = submit("normal", content());
    submission["language"] = json!("english, please");
    assert_eq!(
        refused(&mut given(DEFRA), "e1041", submission),
        ["report.malformed-language"]
    );
}

#[test]
fn a_decision_that_would_depend_on_too_much_is_not_made() {
    let mut story = department(|policy| {
        let rules = policy["approvals"].as_array_mut().unwrap();
        let rule = rules
            .iter_mut()
            .find(|rule| rule["id"] == "change-manager")
            .unwrap();
        rule["quorum"] = json!({ "type": "all" });
    });
    let manager = story
        .world
        .people
        .iter()
        .find(|person| person.id.as_str() == "e1010")
        .unwrap()
        .clone();
    story.world.people.extend((0..2000).map(|number| {
        let mut another = manager.clone();
        another.id = PersonId(format!("m{number:05}"));
        another
    }));
    assert_eq!(
        refused(&mut story, "e1041", submit("normal", content())),
        ["facts.too-large"]
    );
}

#[test]
fn a_way_waits_for_the_fields_that_it_needs() {
    let mut story = department(|policy| {
        let ways = policy["models"][0]["lifeCycle"]["transitions"]
            .as_array_mut()
            .unwrap();
        let pass = ways.iter_mut().find(|way| way["id"] == "pass").unwrap();
        pass["needs"] = json!(["related"]);
    });
    story.then("e1041", submit("normal", content()));
    assert_eq!(
        refused(&mut story, "e1012", step("pass")),
        ["content.needed"]
    );
    story
        .then(
            "e1041",
            json!({ "type": "edit", "fields": { "related": "CHG-2026-0017" } }),
        )
        .then("e1012", step("pass"));
}

/// Work under way since half past nine.
fn started() -> Story {
    let mut story = scheduled();
    story
        .at("2026-12-10T09:31:00.000Z")
        .then("e1044", step("start"));
    story.at("2026-12-10T10:00:00.000Z");
    story
}

#[test]
fn work_is_reported_once_and_as_it_can_have_been() {
    let mut story = started();
    let from = "2026-12-10T09:31:00.000Z";
    let backwards = complete("successful", from, "2026-12-10T09:30:00.000Z");
    assert_eq!(
        refused(&mut story, "e1044", backwards),
        ["work.ends-before-start"]
    );
    let ahead = complete("successful", from, "2026-12-10T11:00:00.000Z");
    assert_eq!(refused(&mut story, "e1044", ahead), ["work.in-future"]);
    let done = complete("successful", from, "2026-12-10T09:58:00.000Z");
    story.then("e1044", done.clone());
    assert!(has(
        &refused(&mut story, "e1044", done),
        "outcome.recorded-already"
    ));
}

#[test]
fn what_is_not_approved_is_not_approved_by_a_hand_either() {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    let by_hand = refused(
        &mut story,
        "e1012",
        because("authorised", "They all nodded."),
    );
    assert!(has(&by_hand, "approval.missing"), "{by_hand:?}");
    story.then("e1030", approve("service-owner"));
}

// ---- records that are no changes

/// A template of the department, with a name that is free.
fn proposal(model: &str) -> Value {
    let fields = json!(given(DEFRA).world.templates[0].fields);
    json!({ "type": "template", "step": { "type": "propose", "template": "rules-by-night", "language": "en", "content": {
        "name": { "en": "Charging rules by night" }, "model": model, "fields": fields,
        "open": ["start", "end", "implementers", "sponsor", "department"]
    } } })
}

fn template(of: Value) -> Value {
    json!({ "type": "template", "step": of })
}

#[test]
fn nothing_is_done_to_a_record_that_is_not_there_or_begun_twice() {
    let steps = [
        template(json!({ "type": "suspend", "reason": "Since the outage." })),
        json!({ "type": "policy", "step": { "type": "agree", "hash": given(DEFRA).policy.hash() } }),
        json!({ "type": "meeting", "step": { "type": "close" } }),
    ];
    for command in steps {
        assert_eq!(
            refused(&mut given(DEFRA), "e1010", command.clone()),
            ["record.unknown"],
            "{command}"
        );
    }
    let mut story = given(DEFRA);
    story.then("e1041", proposal("standard"));
    assert_eq!(
        refused(&mut story, "e1041", proposal("standard")),
        ["record.exists"]
    );
}

#[test]
fn a_template_has_a_name_of_its_own_and_a_model_that_needs_no_approval() {
    let mut story = given(DEFRA);
    let mut again = proposal("standard");
    again["step"]["template"] = json!("charging-rules-update");
    assert_eq!(refused(&mut story, "e1041", again), ["template.exists"]);
    let trusted = |policy: &mut Value| policy["trust"][0]["model"] = json!("normal");
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    trusted(&mut policy);
    story.policy = changegate::policy::Policy::from_json(&policy.to_string()).unwrap();
    assert!(has(
        &refused(&mut story, "e1041", proposal("normal")),
        "template.model"
    ));
}

#[test]
fn what_was_never_agreed_to_can_be_neither_suspended_nor_reinstated() {
    let mut story = given(DEFRA);
    story.then("e1041", proposal("standard"));
    for step in ["suspend", "reinstate"] {
        let command = template(json!({ "type": step, "reason": "Since the outage." }));
        assert_eq!(
            refused(&mut story, "e1010", command),
            ["template.never-agreed"],
            "{step}"
        );
    }
}

#[test]
fn the_host_imports_no_newer_version_where_people_agree_to_templates() {
    let content = proposal("standard")["step"]["content"].clone();
    let import = |version: u32| {
        template(json!({
            "type": "import", "template": "charging-rules-update", "version": version, "content": content, "level": "low",
            "active": true, "successes": 14, "failures": 0
        }))
    };
    let mut story = given(DEFRA);
    story.world.templates.clear();
    story.when_host(import(3)).unwrap();
    assert_eq!(
        story.when_host(import(4)).unwrap_err(),
        ["template.takes-two"]
    );
}

#[test]
fn a_change_is_submitted_once() {
    let mut story = given(DEFRA);
    story.then("e1041", submit("normal", content()));
    let codes = refused(&mut story, "e1041", submit("normal", content()));
    assert_eq!(codes, ["change.exists"]);
}

#[test]
fn a_line_is_short_and_times_follow_each_other() {
    let first = |changes: Value| {
        let findings = found(&given(DEFRA), "normal", None, but(changes));
        let codes: Vec<_> = told(&findings).into_iter().map(|(code, ..)| code).collect();
        codes
    };
    assert_eq!(
        first(json!({ "title": "x".repeat(101) })),
        ["field.too-long"]
    );
    let backwards = first(json!({ "end": "2026-12-10T09:00:00.000Z" }));
    assert!(has(&backwards, "window.ends-before-start"), "{backwards:?}");
    let outside = first(
        json!({ "downtime": true, "downtimeStart": "2026-12-10T08:00:00.000Z",
        "downtimeEnd": "2026-12-10T12:00:00.000Z", "noticeSent": true }),
    );
    assert!(has(&outside, "window.downtime-outside"), "{outside:?}");
}

#[test]
fn where_nobody_is_there_who_may_approve_it_is_said_before_submission() {
    let mut story = given(DEFRA);
    story.world.people.retain(|person| {
        person
            .groups
            .iter()
            .all(|group| group.as_str() != "change-managers")
    });
    let findings = found(&story, "normal", None, content());
    let codes: Vec<_> = told(&findings).into_iter().map(|(code, ..)| code).collect();
    assert!(has(&codes, "approval.nobody"), "{codes:?}");
}
