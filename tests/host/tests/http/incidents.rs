//! What is learned of a change after it was closed.

use changegate_host_tests::{Change, Folder, Host, Person, later};
use serde_json::{Value, json};

fn incident(noticed_at: &str) -> Value {
    json!({ "type": "recordIncident", "incident": "INC-4711", "noticedAt": noticed_at })
}

/// The gestures that wait for a person, whatever the change.
fn waits(person: &Person) -> Vec<String> {
    let all = person.get("/api/waiting").json;
    let gestures = all.as_array().unwrap().iter();
    let gestures = gestures.flat_map(|known| known["gestures"].as_array().unwrap());
    gestures
        .map(|known| known["command"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_incident_a_week_after_closing_is_recorded_waits_for_its_review_and_survives_a_restart() {
    let host = Host::start_with(Folder::of_workshop(), &["--requests-per-second", "1000"]);
    let sign_in = |host: &Host| ["ada", "ben", "cyn", "eve"].map(|person| host.sign_in(person));
    let [ada, ben, cyn, eve] = sign_in(&host);
    let mut change = Change::submitted(&host, &ada);
    change.carried_through(&host, &ben, &cyn);
    host.move_clock(&later(&change.start, 7 * 24 * 60));
    let now = host.now();
    let not_hers = change.sent(&ada, incident(&now));
    assert_eq!(not_hers.refusals(), ["role.missing"]);
    let before = change.sent(&ben, incident(&later(&change.start, 0)));
    assert_eq!(before.refusals(), ["incident.before-work"]);
    let stored = change.accepted(&ben, incident(&now));
    assert_eq!(stored["entry"]["events"][0]["type"], "incidentRecorded");
    let told = ada.get("/api/changes").json;
    assert_eq!(told[0]["phase"], "closed");
    assert_eq!(ada.get("/api/notices").json, json!([]), "no news to others");

    let host = host.restart();
    let [ada, ben, cyn, eve] = [ada, ben, cyn, eve].map(|person| person.moved_to(&host));
    assert_eq!(waits(&eve), ["reviewIncident"]);
    assert_eq!(waits(&cyn), [""; 0]);
    let says = ada.reading(&change.id)["says"].clone();
    assert_eq!(says["over"], false);
    assert_eq!(says["open"], json!({ "incidents": [1] }));
    assert_eq!(says["flags"], json!(["causedIncident"]));
    let review = json!({ "type": "reviewIncident", "incident": 1, "text": "The guard was loose." });
    assert_eq!(
        change.sent(&cyn, review.clone()).refusals(),
        ["role.missing", "duty.conflict"]
    );
    change.accepted(&eve, review);
    assert_eq!(waits(&ben), [""; 0]);
    let verdict = ada.get(&format!("/api/changes/{}/verdict", change.id)).json;
    assert_eq!(verdict["ok"], true, "{verdict}");
}
