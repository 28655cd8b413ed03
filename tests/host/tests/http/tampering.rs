//! A record that was altered is refused, not served.

use changegate_host_tests::{Change, Host, ended};
use rusqlite::params;
use serde_json::json;

/// Alters the database with a statement, then asks for the change in every way there is.
fn refused_after(statement: &str, said: &str) {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut change = Change::submitted(&host, &ada);
    change.accepted(&ada, json!({ "type": "comment", "text": "Tomorrow" }));
    assert_eq!(ada.get(&format!("/api/changes/{}", change.id)).status, 200);
    let altered = host
        .folder
        .open_database()
        .execute(statement, params![])
        .unwrap();
    assert_eq!(altered, 1, "{statement}");

    let served = ada.get(&format!("/api/changes/{}", change.id));
    let taken = change.sent(&ada, json!({ "type": "comment", "text": "Today" }));
    for answer in [served, taken] {
        assert_eq!(
            (answer.status, answer.problem()),
            (500, "log.broken"),
            "{statement}: {}",
            answer.text
        );
        assert!(
            answer.detail().contains(said) && answer.detail().contains("restore"),
            "{}",
            answer.detail()
        );
    }
    assert_eq!(
        host.web.get("/api/health").status,
        200,
        "other changes go on"
    );
}

#[test]
fn a_flipped_byte_in_an_entry_is_found() {
    refused_after(
        "UPDATE entries SET entry = replace(entry, '\"planned\"', '\"plannee\"') WHERE seq = 1 AND change_id IN (SELECT id FROM changes)",
        "entry 1",
    );
}

#[test]
fn a_flipped_byte_that_breaks_the_json_is_found() {
    refused_after(
        "UPDATE entries SET entry = replace(entry, '{\"actor\"', '[\"actor\"') WHERE seq = 2",
        "entry 2",
    );
}

#[test]
fn a_flipped_byte_in_a_hash_is_found() {
    refused_after(
        "UPDATE entries SET hash = substr(hash, 1, 63) || CASE substr(hash, 64) WHEN '0' THEN '1' ELSE '0' END WHERE seq = 2",
        "entry 2",
    );
}

#[test]
fn a_flipped_byte_in_a_text_is_found() {
    refused_after(
        "UPDATE texts SET text = 'Tomorroy' WHERE text = 'Tomorrow'",
        "entry 2",
    );
}

#[test]
fn an_entry_taken_out_is_found() {
    refused_after(
        "DELETE FROM entries WHERE seq = 1 AND change_id IN (SELECT id FROM changes)",
        "entry 1",
    );
}

#[test]
fn a_text_taken_out_without_an_erasure_is_not_served() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let change = Change::submitted(&host, &ada);
    host.folder
        .open_database()
        .execute("DELETE FROM texts WHERE text = 'Sharpen the saw'", [])
        .unwrap();
    let served = ada.get(&format!("/api/changes/{}", change.id));
    assert_eq!(
        (served.status, served.problem()),
        (500, "log.broken"),
        "{}",
        served.text
    );
    let verdict = ada.get(&format!("/api/changes/{}/verdict", change.id)).json;
    assert_eq!(verdict["missing"].as_array().unwrap().len(), 1, "{verdict}");
}

#[test]
fn a_decision_that_does_not_follow_from_its_facts_is_not_served_even_with_its_hashes_made_new() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let change = Change::submitted(&host, &ada);
    let mut stored = ada.log(&change.id)[0].clone();
    let events = stored["entry"]["events"].as_array_mut().unwrap();
    let moved = events
        .iter_mut()
        .find(|event| event["type"] == "moved")
        .unwrap();
    (moved["to"], moved["phase"]) = (json!("agreed"), json!("scheduled"));
    let entry = changegate::canonical::to_string(&stored["entry"]);
    let hash = changegate::canonical::sha256(entry.as_bytes()).to_string();
    host.folder
        .open_database()
        .execute(
            "UPDATE entries SET entry = ?, hash = ?",
            params![entry, hash],
        )
        .unwrap();
    let served = ada.get(&format!("/api/changes/{}", change.id));
    assert_eq!(
        (served.status, served.problem()),
        (500, "log.broken"),
        "{}",
        served.text
    );
    assert!(served.detail().contains("entry 1"), "{}", served.detail());
}

#[test]
fn an_altered_policy_keeps_the_host_from_starting() {
    let host = Host::start();
    let (folder, _) = host.stop();
    folder
        .open_database()
        .execute(
            "UPDATE policies SET document = replace(document, 'A lead', 'A deal')",
            [],
        )
        .unwrap();
    let output = ended(folder.command(&[]));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success()
            && said.contains("is not as it was kept")
            && said.contains("restore"),
        "{said}"
    );
}
