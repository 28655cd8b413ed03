//! What is told of a time against what was recorded of it, second ways round the planned window, and what a calendar knows.
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

use changegate::command::CommandKind;
use changegate::due::{What, due};
use changegate::event::Flag;
use changegate::time::Instant;
use changegate::world::Freeze;
use serde_json::{Value, json};
use story::{
    DEFRA, Story, approve, but, complete, content, department, given, instant, push, refused, step,
    submit, text,
};

const DAY_MIN: u32 = 24 * 60;
/// When the window of the story's change opens and closes.
const OPENS: &str = "2026-12-10T09:30:00.000Z";
const CLOSES: &str = "2026-12-10T10:30:00.000Z";

fn approved(mut story: Story, fields: Value) -> Story {
    story
        .then("e1041", submit("normal", fields))
        .then("e1012", step("pass"))
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"))
        .at(OPENS);
    story
}

/// Approved by everybody who is asked, as long as that takes.
fn approved_by_all(mut story: Story, fields: Value) -> Story {
    story
        .then("e1041", submit("normal", fields))
        .then("e1012", step("pass"));
    for approval in story.change().approvals {
        for candidate in &approval.eligible {
            // Of several who are asked, some are not needed any more.
            let _ = story.when(candidate.person.as_str(), approve(approval.rule.as_str()));
        }
    }
    assert_eq!(story.change().state.as_str(), "scheduled");
    story
}

/// Work that was begun as its window opened.
fn begun(story: Story) -> Story {
    let mut story = approved(story, content());
    story.then("e1044", step("start"));
    story
}

/// The flags of work that is told at a moment to have been done from one time to another.
fn flags(story: &mut Story, at: &str, from: &str, to: &str) -> Vec<Flag> {
    story.at(at).then("e1044", complete("successful", from, to));
    let completed = story.change().completed.unwrap();
    completed.flags.into_iter().collect()
}

fn freeze(id: &str, from: &str, to: &str) -> Freeze {
    Freeze {
        id: id.to_owned(),
        name: serde_json::from_value(text(id)).unwrap(),
        from: instant(from),
        to: instant(to),
        services: Vec::new(),
        except: Vec::new(),
    }
}

fn frozen(story: &mut Story, from: &str, to: &str) {
    let calendar = story.world.calendar.as_mut().unwrap();
    calendar.freezes.push(freeze("audit", from, to));
}

fn extend(until: &str) -> Value {
    json!({ "type": "extend", "until": until, "reason": "The copy takes longer." })
}

fn grant() -> Value {
    json!({ "type": "decideExtension", "answer": "yes" })
}

fn field<'a>(policy: &'a mut Value, id: &str) -> &'a mut Value {
    let mut fields = policy["fields"].as_array_mut().unwrap().iter_mut();
    fields.find(|field| field["id"] == id).unwrap()
}

// ---- what is told and what was recorded

#[test]
fn a_report_that_follows_its_work_is_in_order() {
    let told = [
        (
            "2026-12-10T10:05:00.000Z",
            OPENS,
            "2026-12-10T10:00:00.000Z",
        ),
        (
            "2026-12-10T10:29:00.000Z",
            "2026-12-10T09:40:00.000Z",
            "2026-12-10T10:10:00.000Z",
        ),
    ];
    for (at, from, to) in told {
        assert_eq!(flags(&mut begun(given(DEFRA)), at, from, to), [], "{at}");
    }
}

#[test]
fn a_difference_between_what_is_told_and_what_was_recorded_is_a_flag() {
    let at = "2026-12-10T10:25:00.000Z";
    // Told to have ended long before it was told, or to have begun long after it was begun.
    let told = [
        (OPENS, "2026-12-10T09:50:00.000Z"),
        ("2026-12-10T10:10:00.000Z", at),
    ];
    for (from, to) in told {
        let mut story = begun(given(DEFRA));
        assert_eq!(
            flags(&mut story, at, from, to),
            [Flag::TimesDiffer],
            "{from}"
        );
        let codes = refused(&mut story, "e1012", step("close"));
        assert_eq!(codes, ["review.missing"]);
    }
}

#[test]
fn a_start_that_is_told_to_be_earlier_than_the_recorded_one_counts_against_it() {
    let told = "2026-12-08T09:00:00.000Z";
    let mut story = begun(given(DEFRA));
    let found = flags(
        &mut story,
        "2026-12-10T10:10:00.000Z",
        told,
        "2026-12-10T10:05:00.000Z",
    );
    assert_eq!(found, [Flag::Early, Flag::TimesDiffer]);
    let completed = story.change().completed.unwrap();
    assert_eq!(
        completed.started_at,
        instant(told),
        "and is kept as it was told"
    );
}

#[test]
fn work_that_is_told_to_have_begun_before_its_authorization_was_not_authorized() {
    for told in ["2026-11-20T09:00:00.000Z", "2026-11-23T09:50:00.000Z"] {
        let mut story = begun(given(DEFRA));
        let found = flags(
            &mut story,
            "2026-12-10T10:10:00.000Z",
            told,
            "2026-12-10T10:05:00.000Z",
        );
        assert!(found.contains(&Flag::Unauthorized), "{told}: {found:?}");
    }
    // Reported without having been started here, it is no better.
    let mut story = approved(given(DEFRA), content());
    let found = flags(
        &mut story,
        "2026-12-10T10:10:00.000Z",
        "2026-11-20T09:00:00.000Z",
        "2026-12-10T10:05:00.000Z",
    );
    assert!(found.contains(&Flag::Unauthorized), "{found:?}");
}

#[test]
fn observation_lasts_from_the_later_of_what_is_told_and_recorded() {
    let observed = |policy: &mut Value| {
        policy["models"][0]["observe"] = json!({ "minutes": 7 * DAY_MIN, "measures": [] });
    };
    let mut story = begun(department(observed));
    let found = flags(
        &mut story,
        "2026-12-14T08:00:00.000Z",
        "2026-12-08T09:00:00.000Z",
        "2026-12-08T09:01:00.000Z",
    );
    assert!(found.contains(&Flag::TimesDiffer), "{found:?}");
    story.then(
        "e1010",
        json!({ "type": "review", "text": "The times were told wrongly." }),
    );
    let change = story.change();
    let ends = due(&story.policy, &change, story.now).into_iter();
    let ends: Vec<Instant> = ends
        .filter(|due| due.what == What::Observe {})
        .map(|due| due.at)
        .collect();
    assert_eq!(ends, [instant("2026-12-21T08:00:00.000Z")]);
    story.at("2026-12-21T07:59:00.000Z");
    assert_eq!(
        refused(&mut story, "e1012", step("close")),
        ["observation.running"]
    );
    story
        .at("2026-12-21T08:00:00.000Z")
        .then("e1012", step("close"));
}

#[test]
fn a_report_that_is_hours_late_over_a_short_window_shows_an_overrun() {
    for at in ["2026-12-11T06:00:00.000Z", "2026-12-10T10:31:00.000Z"] {
        let found = flags(
            &mut begun(given(DEFRA)),
            at,
            OPENS,
            "2026-12-10T10:00:00.000Z",
        );
        assert!(found.contains(&Flag::Overrun), "{at}: {found:?}");
    }
}

#[test]
fn leave_after_the_end_is_none() {
    let until = "2026-12-10T12:00:00.000Z";
    let told = |story: &mut Story| {
        flags(
            story,
            "2026-12-10T11:10:00.000Z",
            OPENS,
            "2026-12-10T11:10:00.000Z",
        )
    };
    // In time; asked for and granted after the end; asked for in time and granted after the end.
    for (asked, granted, flag) in [
        ("2026-12-10T10:20:00.000Z", CLOSES, Flag::Extended),
        (
            "2026-12-10T10:40:00.000Z",
            "2026-12-10T10:41:00.000Z",
            Flag::Overrun,
        ),
        (
            "2026-12-10T10:20:00.000Z",
            "2026-12-10T10:31:00.000Z",
            Flag::Overrun,
        ),
    ] {
        let mut story = begun(given(DEFRA));
        story
            .at(asked)
            .then("e1044", extend(until))
            .at(granted)
            .then("e1010", grant());
        assert_eq!(told(&mut story), [flag], "{asked}, {granted}");
    }
    // A second time, after the first has run out.
    let mut story = begun(given(DEFRA));
    story
        .then("e1044", extend("2026-12-10T10:40:00.000Z"))
        .then("e1010", grant())
        .at("2026-12-10T10:50:00.000Z")
        .then("e1044", extend(until))
        .then("e1010", grant());
    assert_eq!(told(&mut story), [Flag::Overrun]);
}

// ---- second ways round the planned window

#[test]
fn more_time_is_not_given_into_a_freeze() {
    let (into, before) = ("2026-12-10T12:00:00.000Z", "2026-12-10T11:30:00.000Z");
    let audit = |story: &mut Story| frozen(story, before, "2026-12-14T09:00:00.000Z");
    let mut story = begun(given(DEFRA));
    audit(&mut story);
    assert_eq!(
        refused(&mut story, "e1044", extend(into)),
        ["window.conflict"]
    );
    let offered = |story: &Story, person: &str, kind: CommandKind| {
        let mut all = story.permitted(person).into_iter();
        all.any(|one| one.command == kind && one.allowed)
    };
    assert!(
        offered(&story, "e1044", CommandKind::Extend),
        "some more time there is"
    );
    story.then("e1044", extend(before)).then("e1010", grant());
    // Declared between the question and the answer.
    let mut story = begun(given(DEFRA));
    story.then("e1044", extend(into));
    assert!(offered(&story, "e1010", CommandKind::DecideExtension));
    audit(&mut story);
    assert_eq!(refused(&mut story, "e1010", grant()), ["window.conflict"]);
    story.then(
        "e1010",
        json!({ "type": "decideExtension", "answer": "no", "reason": "The books are audited." }),
    );
    // That it cannot be told is no leave either.
    let mut story = begun(given(DEFRA));
    story.world.changes = None;
    assert_eq!(
        refused(&mut story, "e1044", extend(into)),
        ["window.conflicts-unknown"]
    );
}

#[test]
fn more_time_does_not_lead_beyond_what_a_template_covers() {
    let mut story = given(DEFRA);
    let mut templates = story.world.templates.iter_mut();
    let template = templates
        .find(|known| known.id.as_str() == "water-licensing-release")
        .unwrap();
    template.covers = serde_json::from_value(json!({ "windowMin": 60 })).unwrap();
    let fixed = template.fields.iter();
    let mut fields: serde_json::Map<String, Value> = fixed
        .map(|(field, value)| (field.0.clone(), json!(value)))
        .collect();
    let open = json!({ "department": "water", "sponsor": ["e1052"], "funding": "bau", "implementers": ["e1045"],
        "start": "2026-11-24T09:00:00.000Z", "end": "2026-11-24T09:30:00.000Z" });
    fields.extend(open.as_object().unwrap().clone());
    story
        .then("e1042", json!({ "type": "submit", "model": "standard", "template": "water-licensing-release", "language": "en", "fields": fields }))
        .at("2026-11-24T09:00:00.000Z")
        .then("e1045", step("start"));
    let report = story.report(&extend("2026-11-24T10:01:00.000Z"));
    let refusals = story.take("e1045", &report).unwrap_err();
    let refusals = serde_json::to_value(refusals).unwrap();
    assert_eq!(
        refusals[0]["finding"]["code"], "template.not-covered",
        "{refusals}"
    );
    story.then("e1045", extend("2026-11-24T10:00:00.000Z"));
}

#[test]
fn more_time_passes_what_the_policy_says_of_the_window() {
    let mut story = begun(department(|policy| {
        let late = json!({ "after": { "field": "end", "value": "2026-12-10T11:00:00.000Z" } });
        push(
            &mut policy["consistency"],
            json!({ "id": "by-eleven", "when": late, "fields": ["end"], "severity": "stops", "message": text("Users come at eleven.") }),
        );
    }));
    assert_eq!(
        refused(&mut story, "e1044", extend("2026-12-10T11:30:00.000Z")),
        ["content.finding"]
    );
    story.then("e1044", extend("2026-12-10T11:00:00.000Z"));
}

/// A department in which what is not known of the window raises no risk.
fn without_floors(policy: &mut Value) {
    let floors = policy["risk"]["floors"].as_array_mut().unwrap();
    for floor in floors {
        floor["level"] = json!("low");
    }
}

/// A department that asks for neither end of the window.
fn without_window(policy: &mut Value) {
    policy["models"][0]
        .as_object_mut()
        .unwrap()
        .remove("leadTime");
    for id in ["start", "end"] {
        field(policy, id)
            .as_object_mut()
            .unwrap()
            .remove("required");
    }
}

#[test]
fn where_there_is_no_window_the_moment_itself_is_the_window() {
    let now = "2026-12-20T10:00:00.000Z";
    let windows = [
        json!({ "start": null, "end": null }),
        json!({ "start": OPENS, "end": null }),
        json!({ "start": null, "end": "2026-12-21T10:00:00.000Z" }),
    ];
    for window in windows {
        let started = |at: &str| {
            let mut story = approved_by_all(department(without_window), but(window.clone()));
            story.at(at).when("e1044", step("start"))
        };
        assert_eq!(
            started(now),
            Err(vec!["window.conflict".to_owned()]),
            "{window}"
        );
        // Before it, and where one end lies in it, that end counts.
        let before = started("2026-12-11T10:00:00.000Z");
        assert_eq!(
            before.is_ok(),
            window["end"].is_null(),
            "{window}: {before:?}"
        );
    }
}

#[test]
fn a_form_without_a_window_is_no_way_round_a_freeze() {
    let none = |policy: &mut Value| {
        without_window(policy);
        for id in ["start", "end"] {
            field(policy, id).as_object_mut().unwrap().remove("means");
        }
    };
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    none(&mut policy);
    let findings = changegate::policy::check::check_text(&policy.to_string());
    let found = findings.iter().any(|finding| {
        serde_json::to_value(finding.code).unwrap() == "field.no-window"
            && finding.severity == changegate::finding::Severity::Warns
    });
    assert!(found, "{findings:#?}");
    let mut story = approved_by_all(department(none), content());
    story.at("2026-12-20T10:00:00.000Z");
    assert_eq!(
        refused(&mut story, "e1044", step("start")),
        ["window.conflict"]
    );
    story
        .at("2027-01-04T09:00:00.000Z")
        .then("e1044", step("start"));
}

#[test]
fn what_rests_does_not_go_on_in_a_freeze() {
    let mut story = begun(given(DEFRA));
    frozen(
        &mut story,
        "2026-12-10T10:00:00.000Z",
        "2026-12-14T09:00:00.000Z",
    );
    let go_on = json!({ "type": "resume" });
    story
        .then(
            "e1012",
            json!({ "type": "hold", "reason": "The books are audited." }),
        )
        .at("2026-12-10T10:00:00.000Z");
    assert_eq!(
        refused(&mut story, "e1012", go_on.clone()),
        ["window.conflict"]
    );
    story.at("2026-12-14T09:00:00.000Z").then("e1012", go_on);
}

#[test]
fn a_submission_that_starts_the_work_does_not_start_it_in_a_freeze() {
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    without_window(&mut policy);
    let normal = &mut policy["models"][0];
    normal["authorization"] = json!({ "type": "afterwards", "deadlineMin": DAY_MIN });
    normal["submitters"] = json!(["staff"]);
    normal["lifeCycle"]["start"] = json!("implementing");
    let mut story = given(&policy.to_string());
    let now = but(json!({ "start": null, "end": null }));
    story.at("2026-12-20T10:00:00.000Z");
    assert_eq!(
        refused(&mut story, "e1041", submit("normal", now.clone())),
        ["window.conflict"]
    );
    story
        .at("2026-12-11T10:00:00.000Z")
        .then("e1041", submit("normal", now));
}

#[test]
fn work_in_a_freeze_is_a_flag() {
    let mut story = begun(given(DEFRA));
    frozen(
        &mut story,
        "2026-12-10T10:00:00.000Z",
        "2026-12-14T09:00:00.000Z",
    );
    let found = flags(
        &mut story,
        "2026-12-10T10:20:00.000Z",
        OPENS,
        "2026-12-10T10:15:00.000Z",
    );
    assert_eq!(found, [Flag::InFreeze]);
    let mut story = begun(given(DEFRA));
    frozen(
        &mut story,
        "2026-12-10T10:00:00.000Z",
        "2026-12-14T09:00:00.000Z",
    );
    let found = flags(
        &mut story,
        "2026-12-10T10:20:00.000Z",
        OPENS,
        "2026-12-10T10:00:00.000Z",
    );
    assert_eq!(found, []);
}

// ---- what a calendar knows

/// The facts that a submission with a window would be decided by.
fn facts_of(story: &mut Story, from: &str, to: &str) -> Value {
    story.then(
        "e1041",
        submit("normal", but(json!({ "start": from, "end": to }))),
    );
    serde_json::to_value(&story.log[0].entry.facts).unwrap()
}

fn known(facts: &Value, name: &str) -> bool {
    let mut known = facts["known"].as_array().unwrap().iter();
    known.any(|known| known["name"] == name)
}

#[test]
fn beyond_what_a_calendar_knows_nothing_is_told_as_certain() {
    let window = ("2027-06-08T09:00:00.000Z", "2027-06-08T10:00:00.000Z");
    let mut story = given(DEFRA);
    story.world.calendar.as_mut().unwrap().known = serde_json::from_value(
        json!({ "from": "2026-11-16T00:00:00.000Z", "to": "2027-06-08T09:30:00.000Z" }),
    )
    .unwrap();
    let facts = facts_of(&mut story, window.0, window.1);
    assert_eq!(
        facts["conflicts"]["onlyKnown"]["to"],
        "2027-06-08T09:30:00.000Z"
    );
    assert!(!known(&facts, "conflicts"), "{facts}");
    assert_eq!(facts["leadTime"]["atLeast"], Value::Null);
    // Within it, all of it is known.
    let mut story = given(DEFRA);
    let facts = facts_of(&mut story, OPENS, CLOSES);
    assert_eq!(facts["conflicts"], json!({ "total": 0, "first": [] }));
    assert!(known(&facts, "conflicts"));
}

#[test]
fn beyond_what_a_calendar_knows_no_service_is_told_to_be_outside_its_windows() {
    let fields =
        |from: &str, to: &str| but(json!({ "services": ["payments"], "start": from, "end": to }));
    let kinds = |from: &str, to: &str| {
        let mut story = given(DEFRA);
        story.then("e1041", submit("normal", fields(from, to)));
        let facts = serde_json::to_value(&story.log[0].entry.facts).unwrap();
        let conflicts = facts["conflicts"]["first"].as_array().unwrap().clone();
        let kinds: Vec<_> = conflicts.iter().map(|one| one["kind"].clone()).collect();
        (kinds, facts["conflicts"]["onlyKnown"].is_object())
    };
    assert_eq!(kinds(OPENS, CLOSES), (vec![json!("outsideWindow")], false));
    assert_eq!(
        kinds("2028-06-08T09:00:00.000Z", "2028-06-08T10:00:00.000Z"),
        (vec![], true)
    );
}

#[test]
fn a_freeze_that_is_known_is_told_however_far_ahead() {
    let mut story = given(DEFRA);
    frozen(
        &mut story,
        "2028-06-01T00:00:00.000Z",
        "2028-07-01T00:00:00.000Z",
    );
    let facts = facts_of(
        &mut story,
        "2028-06-08T09:00:00.000Z",
        "2028-06-08T10:00:00.000Z",
    );
    assert_eq!(facts["conflicts"]["first"][0]["with"], "audit");
    assert_eq!(facts["leadTime"]["atLeast"], true);
}

#[test]
fn work_does_not_start_where_its_window_reaches_beyond_what_is_known() {
    let fields = but(json!({ "end": "2029-12-10T10:30:00.000Z" }));
    let mut story = approved(department(without_floors), fields);
    story.world.calendar.as_mut().unwrap().freezes.clear();
    assert_eq!(
        refused(&mut story, "e1044", step("start")),
        ["window.conflicts-unknown"]
    );
}

#[test]
fn without_a_calendar_no_working_day_is_counted() {
    let mut story = given(DEFRA);
    story.world.calendar = None;
    let report = story.report(&submit("normal", content()));
    let refusals = serde_json::to_value(story.take("e1041", &report).unwrap_err()).unwrap();
    assert_eq!(
        refusals[0]["finding"]["code"], "window.lead-time",
        "{refusals}"
    );
}
