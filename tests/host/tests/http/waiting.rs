//! What waits for whoever is signed in.

use changegate_host_tests::{Answer, Change, Host, Person};
use rusqlite::params;
use serde_json::{Value, json};

/// The changes that wait for a person, and the gestures that they are asked for.
fn waits(person: &Person) -> Vec<(String, Vec<String>)> {
    let Answer { status, json, .. } = person.get("/api/waiting");
    assert_eq!(status, 200, "{json}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let gestures = |waiting: &Value| {
        let asked = waiting["gestures"].as_array().unwrap();
        asked.iter().map(|asked| text(&asked["command"])).collect()
    };
    let all = json.as_array().unwrap();
    all.iter()
        .map(|waiting| (text(&waiting["change"]), gestures(waiting)))
        .collect()
}

#[test]
fn a_change_waits_for_whose_turn_it_is_until_they_have_done_it() {
    let host = Host::start();
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let mut change = Change::submitted(&host, &ada);
    let asks = |gesture: &str| vec![(change.id.clone(), vec![gesture.to_owned()])];
    let approve = asks("approve");
    let begin = asks("move");
    assert_eq!(waits(&ben), approve);
    assert_eq!([waits(&ada), waits(&cyn)], [vec![], vec![]]);
    let waiting = ben.get("/api/waiting").json;
    assert!(waiting[0]["since"].is_string() && waiting[0]["lateSince"].is_null());

    change.accepted(&ben, change.approval(&ben));
    assert_eq!(
        [waits(&ben), waits(&cyn)],
        [vec![], vec![]],
        "not before its window"
    );
    host.move_clock(&change.start);
    assert_eq!(waits(&cyn), begin);
    let waiting = cyn.get("/api/waiting").json;
    assert_eq!(waiting[0]["lateSince"], json!(change.start));
    change.accepted(&cyn, json!({ "type": "move", "transition": "begin" }));
    assert!(!waits(&cyn).is_empty());
}

#[test]
fn what_waits_is_told_to_nobody_without_a_session() {
    let host = Host::start();
    assert_eq!(host.web.get("/api/waiting").status, 401);
}

#[test]
fn a_record_that_was_altered_keeps_nobody_from_the_others() {
    let host = Host::start();
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let altered = Change::submitted(&host, &ada);
    let sound = Change::submitted(&host, &ada);
    assert_eq!(waits(&ben).len(), 2);
    let statement = "UPDATE entries SET entry = replace(entry, 'saw', 'awl') WHERE change_id = ?";
    let touched = host
        .folder
        .open_database()
        .execute(statement, params![altered.id])
        .unwrap();
    assert_eq!(touched, 1);
    let left: Vec<_> = waits(&ben).into_iter().map(|(change, _)| change).collect();
    assert_eq!(left, [sound.id]);
}

#[test]
fn a_list_names_the_policy_that_a_change_keeps() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    Change::submitted(&host, &ada);
    let current = ada.get("/api/load").json["policyHash"].clone();
    assert_eq!(ada.get("/api/changes").json[0]["policyHash"], current);
}
