//! An erased text is gone, and the log still verifies.

use changegate_host_tests::{Change, Host};
use serde_json::{Value, json};

const SECRET: &str = "Quentin's knee surgery";

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

fn commitment_of(entry: &Value, text: &str) -> String {
    let values = entry["values"].as_object().unwrap();
    values
        .iter()
        .find(|(_, sealed)| sealed["text"] == text)
        .unwrap()
        .0
        .clone()
}

#[test]
fn an_erased_text_is_in_no_file_of_the_database_and_the_log_verifies() {
    let host = Host::start();
    let (ada, dot) = (host.sign_in("ada"), host.sign_in("dot"));
    let mut change = Change::submitted(&host, &ada);
    let comment = change.report(json!({ "type": "comment", "text": SECRET }));
    let first = ada.report(&comment);
    assert_eq!(first.status, 200);
    change.seq += 1;
    assert!(
        holds(&host.folder.bytes_of_database(), SECRET),
        "it can be found while it is there"
    );
    let commitment = commitment_of(&first.json["stored"][0], SECRET);
    change.accepted(
        &dot,
        json!({ "type": "erase", "commitments": [commitment], "ground": "personAsked" }),
    );
    assert!(
        !holds(&host.folder.bytes_of_database(), SECRET),
        "while the host runs"
    );

    let verdict = dot.get(&format!("/api/changes/{}/verdict", change.id)).json;
    assert_eq!(
        (&verdict["ok"], &verdict["erased"]),
        (&json!(true), &json!([commitment])),
        "{verdict}"
    );
    assert_eq!(ada.log(&change.id)[1]["values"], json!({}));
    let again = ada.report(&comment);
    assert_eq!(
        (again.status, again.text.contains("Quentin")),
        (200, false),
        "the answer to its report forgets it too"
    );

    let (folder, _) = host.stop();
    assert!(
        !holds(&folder.bytes_of_database(), SECRET),
        "and after it has stopped"
    );
}

#[test]
fn no_hash_is_left_that_would_confirm_a_guess_at_an_erased_text() {
    let host = Host::start();
    let (ada, dot) = (host.sign_in("ada"), host.sign_in("dot"));
    let mut change = Change::submitted(&host, &ada);
    let entry = change.accepted(&ada, json!({ "type": "comment", "text": SECRET }));
    let hashes = || {
        let count = "SELECT count(body_hash), count(salt) FROM outcomes WHERE seq = 2";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        host.folder
            .open_database()
            .query_row(count, [], row)
            .unwrap()
    };
    assert_eq!(hashes(), (1, 1));
    let commitment = commitment_of(&entry, SECRET);
    change.accepted(
        &dot,
        json!({ "type": "erase", "commitments": [commitment], "ground": "personAsked" }),
    );
    assert_eq!(hashes(), (0, 0));
}

#[test]
fn an_erased_title_is_gone_from_lists_and_calendars() {
    let host = Host::start();
    let (ada, dot) = (host.sign_in("ada"), host.sign_in("dot"));
    let mut change = Change::submitted(&host, &ada);
    let entry = ada.log(&change.id)[0].clone();
    let commitment = commitment_of(&entry, "Sharpen the saw");
    change.accepted(
        &dot,
        json!({ "type": "erase", "commitments": [commitment], "ground": "writtenByMistake" }),
    );
    assert_eq!(ada.get("/api/changes").json[0]["title"], "");
    assert!(!ada.get("/api/load").text.contains("Sharpen"));
    assert!(!holds(&host.folder.bytes_of_database(), "Sharpen the saw"));
}

#[test]
fn nobody_erases_without_the_role() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let change = Change::submitted(&host, &ada);
    let commitment = commitment_of(&ada.log(&change.id)[0], "Sharpen the saw");
    let answer = change.sent(
        &ada,
        json!({ "type": "erase", "commitments": [commitment], "ground": "personAsked" }),
    );
    assert_eq!(
        (answer.status, answer.refusals()),
        (422, vec!["role.missing"]),
        "{}",
        answer.text
    );
}
