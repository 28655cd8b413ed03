//! A change from submission to closed.

use changegate_host_tests::{Change, Host, draft, new_id, report};
use serde_json::json;

#[test]
fn a_change_goes_from_submission_to_closed_and_is_numbered_listed_and_verified() {
    let host = Host::start();
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let mut change = Change::submitted(&host, &ada);
    change.carried_through(&host, &ben, &cyn);

    let list = ada.get("/api/changes").json;
    let shown = &list[0];
    assert_eq!(
        (shown["phase"].as_str(), shown["title"].as_str()),
        (Some("closed"), Some("Sharpen the saw"))
    );
    let number = shown["number"].as_str().unwrap();
    assert!(
        number.starts_with("CHG-20") && number.ends_with("-0001"),
        "{number}"
    );
    assert_eq!(shown["windowFrom"], json!(change.start));

    let verdict = ada.get(&format!("/api/changes/{}/verdict", change.id)).json;
    assert_eq!(
        (verdict["ok"].as_bool(), verdict["entries"].as_u64()),
        (Some(true), Some(5))
    );
    assert_eq!(
        verdict["chainOnly"],
        json!([]),
        "every decision was made again"
    );
}

#[test]
fn numbers_count_up_and_a_refused_submission_uses_none() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    Change::submitted(&host, &ada);
    let id = new_id();
    let refused = ada.report(&report(
        &id,
        0,
        json!({ "type": "submit", "model": "planned", "language": "en", "fields": {} }),
    ));
    assert_eq!(
        (refused.status, refused.problem()),
        (422, "refused"),
        "{}",
        refused.text
    );
    Change::submitted(&host, &ada);
    let list = ada.get("/api/changes").json;
    let mut ends: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|change| &change["number"].as_str().unwrap()[9..])
        .collect();
    ends.sort_unstable();
    assert_eq!(ends, ["0001", "0002"]);
}

#[test]
fn what_a_page_loads_holds_policy_world_person_and_time() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    Change::submitted(&host, &ada);
    let loaded = ada.get("/api/load");
    assert_eq!(loaded.status, 200, "{}", loaded.text);
    assert_eq!(loaded.json["person"], "ada");
    assert_eq!(loaded.json["world"]["people"].as_array().unwrap().len(), 5);
    assert_eq!(loaded.json["world"]["services"][0]["importance"], 2);
    assert_eq!(
        loaded.json["world"]["delegations"][0]["until"],
        "2030-01-01T12:00:00.000Z"
    );
    assert_eq!(
        loaded.json["world"]["changes"][0]["shown"]["title"],
        "Sharpen the saw"
    );
    assert!(
        loaded.json["world"]["calendar"]["workingDays"]
            .as_array()
            .unwrap()
            .len()
            > 100
    );
    let hash = loaded.json["policyHash"].as_str().unwrap();
    assert_eq!(
        ada.get(&format!("/api/policies/{hash}")).json,
        loaded.json["policy"]
    );
    assert_eq!(
        ada.get(&format!("/api/policies/{}", "0".repeat(64))).status,
        404
    );
}

#[test]
fn a_page_without_wasm_is_assessed_by_the_host() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut fields = draft(&host.now());
    fields["impact"] = json!("much");
    let draft = json!({ "id": new_id(), "language": "en", "fields": fields });
    let assessed = ada.post("/api/assess", &json!({ "draft": draft })).json;
    assert_eq!(assessed["risk"]["level"], "high", "{assessed}");
    assert_eq!(assessed["approvals"][0]["rule"], "lead");
    assert_eq!(assessed["ready"], true, "{assessed}");
}

#[test]
fn an_edit_of_an_open_change_is_assessed_as_one() {
    let host = Host::start();
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let change = Change::submitted(&host, &ada);
    let mut draft = ben.reading(&change.id)["draft"].clone();
    draft["fields"]["title"] = json!("Another title");
    let assessed = ben.post("/api/assess", &json!({ "draft": draft })).json;
    let conflicted = &assessed["approvals"][0]["conflicted"];
    assert!(
        conflicted.as_array().unwrap().contains(&json!("ben")),
        "who edits does not approve: {assessed}"
    );
}

#[test]
fn another_open_change_on_the_same_machine_is_a_conflict() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let first = Change::submitted(&host, &ada);
    let second = Change::submitted(&host, &ada);
    let log = ada.log(&second.id);
    let conflicts = &log[0]["entry"]["facts"]["conflicts"];
    assert_eq!(conflicts["first"][0]["with"], json!(first.id), "{log:?}");
    let log = ada.log(&first.id);
    assert_eq!(
        log[0]["entry"]["facts"]["conflicts"]["total"], 0,
        "it does not collide with itself"
    );
}

#[test]
fn a_change_is_booked_once_however_much_happens_to_it_and_not_at_all_once_it_is_dropped() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut first = Change::submitted(&host, &ada);
    for text in ["One", "Two"] {
        first.accepted(&ada, json!({ "type": "comment", "text": text }));
    }
    let collisions = || {
        let change = Change::submitted(&host, &ada);
        let dropped = json!({ "type": "move", "transition": "drop", "reason": "Only asking." });
        let total = ada.log(&change.id)[0]["entry"]["facts"]["conflicts"]["total"].clone();
        assert_eq!(change.sent(&ada, dropped).status, 200);
        total
    };
    assert_eq!(collisions(), 1);
    first.accepted(
        &ada,
        json!({ "type": "move", "transition": "drop", "reason": "No blade." }),
    );
    assert_eq!(collisions(), 0);
}

#[test]
fn what_may_be_done_next_is_told_with_every_reason_why_not() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let change = Change::submitted(&host, &ada);
    let reading = ada.reading(&change.id);
    assert_eq!(
        reading["change"]["fields"]["title"], "Sharpen the saw",
        "texts are readable"
    );
    let permissions = reading["permissions"].as_array().unwrap();
    let approve = permissions
        .iter()
        .find(|permission| permission["command"] == "approve")
        .unwrap();
    assert_eq!(approve["allowed"], false);
    assert!(!approve["refusals"].as_array().unwrap().is_empty());
}
