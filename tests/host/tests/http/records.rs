//! Records that are no changes: policies in force, templates, meetings.

use std::fs;

use changegate_host_tests::{Answer, Folder, Host, Person, ended, new_id, report, run};
use rusqlite::params;
use serde_json::{Value, json};

fn department() -> Host {
    Host::start_with(
        Folder::of_organisation("defra"),
        &["--requests-per-second", "1000"],
    )
}

/// A record of which a person knows the id, and what becomes of it.
struct Kept {
    id: String,
    seq: u64,
}

impl Kept {
    fn sent(&self, person: &Person, command: Value) -> Answer {
        person.report(&report(&self.id, self.seq, command))
    }

    fn accepted(&mut self, person: &Person, command: Value) {
        let answer = self.sent(person, command);
        assert_eq!(answer.status, 200, "{}", answer.text);
        self.seq += 1;
    }

    /// A yes to what stands.
    fn says(&mut self, person: &Person, rule: &str) {
        let change = person.reading(&self.id)["change"].clone();
        self.accepted(
            person,
            json!({ "type": "approve", "rule": rule, "contentHash": change["contentHash"], "level": change["level"] }),
        );
    }
}

/// The one record of that kind for which something holds, and how many entries it has.
fn record(person: &Person, kind: &str, is: impl Fn(&Value) -> bool) -> (Kept, Value) {
    let records = person.get("/api/records").json["records"].clone();
    let mut found = records.as_array().unwrap().iter();
    let found = found.find(|known| known["type"] == kind && is(&known[kind]));
    let found = found.expect("the record")[kind].clone();
    let id = found["id"].as_str().unwrap().to_owned();
    let log = person.get(&format!("/api/changes/{id}"));
    assert_eq!(log.status, 200, "{}", log.text);
    let seq = log.json["log"].as_array().unwrap().len();
    let seq = u64::try_from(seq).unwrap();
    (Kept { id, seq }, found)
}

fn policy_step(kind: &str, hash: &Value) -> Value {
    json!({ "type": "policy", "step": { "type": kind, "hash": hash } })
}

/// The department's process with another version, and one yes more.
fn newer(host: &Host) -> Value {
    let path = host.folder.organisation().join("policy.json");
    let mut policy: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    policy["version"] = json!("2027-01");
    policy["approvals"][1]["quorum"] = json!({ "type": "all" });
    policy
}

/// A change of the department that starts in two weeks.
fn submission(host: &Host) -> Value {
    let start = after(&host.now(), 20 * 24 * 60);
    let end = after(&start, 60);
    json!({ "type": "submit", "model": "normal", "language": "en", "fields": {
        "title": "Release 0.11.1 of the Charging Module",
        "description": "We bring the service up to the latest version, with fixes and features.",
        "justification": "The update keeps the service secure and reliable.",
        "department": "core", "category": "software", "environment": "production",
        "services": ["charging-module"], "sponsor": ["e1050"], "funding": "bau", "start": start, "end": end,
        "downtime": false, "implementers": ["e1044"],
        "implementationPlan": "Run the automated deployment job, which replaces the copies one by one.",
        "backoutPlan": "The previous version is deployed again by the same job.",
        "testPlan": "This very version was tested in pre-production and signed off.",
        "riskAnalysis": "The deployment runs in stages; if one fails, nothing is changed.",
        "riskScope": "applications", "riskDatacentre": false, "riskSystems": "few", "riskServices": "few",
        "riskEffect": "none", "riskNew": false, "riskParties": "onePerson", "riskCoordinator": true,
        "riskDependents": "none", "riskFrequency": "regular", "riskVip": false, "riskUsers": "ten", "riskClass": "none"
    } })
}

fn after(instant: &str, minutes: i64) -> String {
    let instant: changegate::time::Instant = instant.parse().unwrap();
    let later = instant.millis() + minutes * 60_000;
    changegate::time::Instant::from_millis(later)
        .unwrap()
        .to_string()
}

/// Publishes the newer policy by two people, and gives its hash.
fn published(host: &Host) -> Value {
    let (manager, director) = (host.sign_in("e1010"), host.sign_in("e1001"));
    let sent = manager.post("/api/policies", &newer(host));
    assert_eq!(sent.json["kept"], true, "{}", sent.text);
    let hash = sent.json["hash"].clone();
    let (mut kept, _) = record(&manager, "publication", |_| true);
    kept.accepted(&manager, policy_step("propose", &hash));
    kept.accepted(&director, policy_step("agree", &hash));
    hash
}

#[test]
fn a_policy_is_published_by_two_and_new_changes_follow_it_at_once() {
    let host = department();
    let (manager, director, requester) = (
        host.sign_in("e1010"),
        host.sign_in("e1001"),
        host.sign_in("e1041"),
    );
    let mut before = Kept {
        id: new_id(),
        seq: 0,
    };
    before.accepted(&requester, submission(&host));

    let document = newer(&host);
    let foreign = requester.post("/api/policies", &document);
    assert_eq!(foreign.status, 403, "{}", foreign.text);
    let sent = manager.post("/api/policies", &document);
    assert_eq!((sent.status, &sent.json["kept"]), (200, &json!(true)));
    let hash = sent.json["hash"].clone();
    let difference = format!("/api/policies/{}/difference", hash.as_str().unwrap());
    let parts = manager.get(&difference).json["parts"].clone();
    let at: Vec<_> = parts
        .as_array()
        .unwrap()
        .iter()
        .map(|part| &part["at"])
        .collect();
    assert_eq!(at, ["/approvals/1/quorum/type", "/version"]);

    let (mut kept, _) = record(&manager, "publication", |_| true);
    kept.accepted(&manager, policy_step("propose", &hash));
    let own = kept.sent(&manager, policy_step("agree", &hash));
    assert!(own.refusals().contains(&"proposal.own"), "{}", own.text);
    assert_ne!(requester.get("/api/load").json["policyHash"], hash);
    kept.accepted(&director, policy_step("agree", &hash));
    assert_eq!(requester.get("/api/load").json["policyHash"], hash);

    let mut later = Kept {
        id: new_id(),
        seq: 0,
    };
    later.accepted(&requester, submission(&host));
    let policy = |kept: &Kept| manager.reading(&kept.id)["change"]["policyHash"].clone();
    assert_eq!(policy(&later), hash);
    assert_ne!(policy(&before), hash, "an open change stays on its own");

    // Until somebody moves it, who sees before what that would change.
    let shown = manager.get(&format!("/api/changes/{}/adoption", before.id));
    assert_eq!(shown.json["allowed"], true, "{}", shown.text);
    assert_eq!(shown.json["to"], hash);
    let state = shown.json["states"][0]["id"].clone();
    let adopt = json!({ "type": "adoptPolicy", "policy": hash, "state": state });
    before.accepted(&manager, adopt);
    assert_eq!(policy(&before), hash);
    let verdict = manager.get(&format!("/api/changes/{}/verdict", before.id));
    assert_eq!(verdict.json["ok"], true, "{}", verdict.text);
    assert_eq!(verdict.json["chainOnly"], json!([]));
}

#[test]
fn what_two_people_agreed_to_stays_in_force_whatever_file_the_host_is_started_with() {
    let host = department();
    let hash = published(&host);
    let host = host.restart();
    let person = host.sign_in("e1041");
    assert_eq!(person.get("/api/load").json["policyHash"], hash);
    let (folder, _) = host.stop();
    folder.spoil("policy.json", "\"rivers-and-land\"", "\"somebody-elses\"");
    let host = Host::start_with(folder, &[]);
    let person = host.sign_in("e1041");
    assert_eq!(person.get("/api/load").json["policyHash"], hash);
}

#[test]
fn a_policy_that_its_check_stops_is_not_kept() {
    let host = department();
    let manager = host.sign_in("e1010");
    let mut document = newer(&host);
    document["approvals"][0]["from"] = json!({ "type": "field", "field": "nowhere" });
    let sent = manager.post("/api/policies", &document);
    assert_eq!((sent.status, &sent.json["kept"]), (200, &json!(false)));
    assert_eq!(sent.json["findings"][0]["code"], "name.unknown");
    let (kept, _) = record(&manager, "publication", |_| true);
    let proposed = kept.sent(&manager, policy_step("propose", &sent.json["hash"]));
    assert_eq!(proposed.refusals(), ["policy.unknown"]);
    let nothing = manager.post("/api/policies", &json!({ "id": 1 }));
    assert_eq!(nothing.problem(), "malformed", "{}", nothing.text);
}

/// What is checked on the command line and what comes over HTTP is one document, read by one reader.
#[test]
fn a_policy_with_a_doubled_key_is_refused_wherever_it_comes_from() {
    let host = department();
    let (manager, requester) = (host.sign_in("e1010"), host.sign_in("e1041"));
    let document = newer(&host).to_string();
    let doubled = [
        document.replacen("\"may\":{", "\"may\":{},\"may\":{", 1),
        document.replacen(
            "\"label\":{\"en\":",
            "\"label\":{\"en\":\"First\",\"en\":",
            1,
        ),
        document.replacen("\"version\":", "\"version\":\"0\",\"version\":", 1),
    ];
    for text in doubled {
        assert_ne!(text, document);
        let sent = manager.post_text("/api/policies", &text);
        assert_eq!(
            (sent.status, sent.problem()),
            (400, "malformed"),
            "{}",
            sent.text
        );
        let file = host.folder.path().join("doubled.json");
        fs::write(&file, &text).unwrap();
        let checked = run(&["check", file.to_str().unwrap()]);
        assert_eq!(checked.status.code(), Some(1));
    }
    assert_eq!(manager.post_text("/api/policies", &document).status, 200);
    let foreign = requester.post_text("/api/policies", "not even a document");
    assert_eq!(foreign.status, 403, "refused before it is read");
}

#[test]
fn what_is_no_change_cannot_be_opened_as_one() {
    let host = department();
    let manager = host.sign_in("e1010");
    for kind in ["template", "publication"] {
        let (kept, _) = record(&manager, kind, |_| true);
        let answer = manager.post("/api/permitted", &json!({ "changeId": kept.id }));
        assert_eq!(
            (answer.status, answer.problem()),
            (404, "not-found"),
            "{}",
            answer.text
        );
        let adoption = manager.get(&format!("/api/changes/{}/adoption", kept.id));
        assert_eq!(adoption.status, 404, "{}", adoption.text);
    }
}

#[test]
fn a_damaged_template_costs_itself_and_the_file_does_not_stand_in_for_it() {
    let host = department();
    let manager = host.sign_in("e1010");
    let (kept, template) = record(&manager, "template", |_| true);
    let before = manager.get("/api/records").json["records"]
        .as_array()
        .unwrap()
        .len();
    let (folder, _) = host.stop();
    folder
        .open_database()
        .execute(
            "UPDATE entries SET entry = replace(entry, '{', '[') WHERE change_id = ?",
            params![kept.id],
        )
        .unwrap();
    folder
        .open_database()
        .execute(
            "UPDATE records SET state = '{}' WHERE id = ?",
            params![kept.id],
        )
        .unwrap();
    let host = Host::start_with(folder, &["--requests-per-second", "1000"]);
    let manager = manager.moved_to(&host);
    let records = manager.get("/api/records");
    assert_eq!(
        records.json["damaged"],
        json!([kept.id]),
        "{}",
        records.text
    );
    assert_eq!(
        records.json["records"].as_array().unwrap().len(),
        before - 1
    );
    let world = manager.get("/api/load").json["world"].clone();
    let offered = world["templates"].as_array().unwrap();
    assert!(
        offered
            .iter()
            .all(|known| known["id"] != template["template"]),
        "{world}"
    );
    let requester = host.sign_in("e1041");
    let mut other = Kept {
        id: new_id(),
        seq: 0,
    };
    other.accepted(&requester, submission(&host));
}

/// Which policy is in force is then not known.
#[test]
fn a_damaged_publication_keeps_the_host_from_deciding_by_the_wrong_policy() {
    let host = department();
    published(&host);
    let (kept, _) = record(&host.sign_in("e1010"), "publication", |_| true);
    let (folder, _) = host.stop();
    folder
        .open_database()
        .execute(
            "DELETE FROM entries WHERE change_id = ? AND seq > 1",
            params![kept.id],
        )
        .unwrap();
    let output = ended(folder.command(&[]));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("restore"),
        "{said}"
    );
}

const TEMPLATE: &str = "charging-rules-update";

/// A ruleset update by the template; it is accepted where the template may be used.
fn use_template(host: &Host, requester: &Person) -> (Kept, String, Answer) {
    let world = requester.get("/api/load").json["world"].clone();
    let templates = world["templates"].as_array().unwrap();
    let template = templates.iter().find(|known| known["id"] == TEMPLATE);
    let mut fields = template.unwrap()["fields"].clone();
    let start = after(&host.now(), 24 * 60);
    for (field, value) in [
        ("department", json!("core")),
        ("sponsor", json!(["e1050"])),
        ("start", json!(start)),
        ("end", json!(after(&start, 60))),
        ("implementers", json!(["e1044"])),
    ] {
        fields[field] = value;
    }
    let kept = Kept {
        id: new_id(),
        seq: 0,
    };
    let submit = json!({ "type": "submit", "model": "standard", "template": TEMPLATE, "language": "en", "fields": fields });
    let answer = kept.sent(requester, submit);
    (kept, start, answer)
}

/// The template is used, and the work does not succeed.
fn fail(host: &Host, requester: &Person, implementer: &Person) {
    let (mut kept, start, answer) = use_template(host, requester);
    assert_eq!(answer.status, 200, "{}", answer.text);
    kept.seq += 1;
    host.move_clock(&after(&start, 1));
    kept.accepted(
        implementer,
        json!({ "type": "move", "transition": "start" }),
    );
    host.move_clock(&after(&start, 50));
    kept.accepted(implementer, json!({
        "type": "complete", "outcome": "backedOut", "startedAt": after(&start, 2), "endedAt": after(&start, 40), "downtimeMin": 0
    }));
}

fn suspended() -> Host {
    let host = department();
    let (requester, implementer) = (host.sign_in("e1041"), host.sign_in("e1044"));
    fail(&host, &requester, &implementer);
    fail(&host, &requester, &implementer);
    host
}

#[test]
fn a_template_of_the_file_has_a_record_and_loses_its_trust_by_its_runs() {
    let host = suspended();
    let person = host.sign_in("e1041");
    let is_it = |known: &Value| known["template"] == TEMPLATE;
    let (mut kept, found) = record(&person, "template", is_it);
    assert_eq!(kept.seq, 2, "imported, and lapsed with the second report");
    assert_eq!(found["lapsed"]["because"].as_array().unwrap().len(), 2);
    let standing = person.get("/api/records").json["standings"][TEMPLATE].clone();
    assert_eq!(standing["status"], "suspended", "{standing}");
    let (_, _, answer) = use_template(&host, &person);
    assert_eq!(answer.refusals(), ["content.finding"], "{}", answer.text);

    let manager = host.sign_in("e1010");
    let reinstate = json!({ "type": "template", "step": { "type": "reinstate", "reason": "The job was mended." } });
    let own = kept.sent(&person, reinstate.clone());
    assert_eq!(own.refusals(), ["role.missing"]);
    kept.accepted(&manager, reinstate);
    let (_, _, answer) = use_template(&host, &person);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let verdict = person.get(&format!("/api/changes/{}/verdict", kept.id));
    assert_eq!(verdict.json["ok"], true, "{}", verdict.text);
}

/// The steps of a record that a reader may take, and the codes why the others are not theirs.
fn steps(reader: &Person, id: &str) -> (Vec<String>, Vec<(String, String)>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let steps = reader.get("/api/records").json["steps"][id].clone();
    let (mut open, mut shut) = (Vec::new(), Vec::new());
    for step in steps.as_array().unwrap() {
        if step["allowed"] == json!(true) {
            open.push(text(&step["step"]));
        }
        for refusal in step["refusals"].as_array().unwrap() {
            shut.push((text(&step["step"]), text(&refusal["code"])));
        }
    }
    (open, shut)
}

#[test]
fn each_reader_is_told_which_steps_are_theirs_and_why_the_others_are_not() {
    let host = suspended();
    let (developer, manager, director) = (
        host.sign_in("e1041"),
        host.sign_in("e1010"),
        host.sign_in("e1001"),
    );
    let because = |step: &str, code: &str| (step.to_owned(), code.to_owned());
    let (template, _) = record(&developer, "template", |known| {
        known["template"] == TEMPLATE
    });
    let (open, shut) = steps(&developer, &template.id);
    assert_eq!(open, ["revise", "retire"]);
    assert_eq!(shut, [because("reinstate", "role.missing")]);
    let (open, shut) = steps(&manager, &template.id);
    assert_eq!(open, ["revise", "reinstate", "retire"]);
    assert_eq!(shut, []);
    let proposable = developer.get("/api/records").json["proposable"][0].clone();
    assert_eq!(proposable["allowed"], true, "{proposable}");
    assert_eq!(
        (&proposable["model"], &proposable["successes"]),
        (&json!("standard"), &json!(3))
    );

    let hash = manager.post("/api/policies", &newer(&host)).json["hash"].clone();
    let (mut kept, _) = record(&manager, "publication", |_| true);
    kept.accepted(&manager, policy_step("propose", &hash));
    let (open, shut) = steps(&manager, &kept.id);
    assert_eq!(open, ["decline", "propose"]);
    assert_eq!(
        shut,
        [
            because("agree", "role.missing"),
            because("agree", "proposal.own")
        ]
    );
    let (open, _) = steps(&director, &kept.id);
    assert_eq!(
        open,
        ["agree", "decline"],
        "the document that waits is looked at"
    );
}

#[test]
fn a_template_is_made_usable_by_nothing_but_its_log() {
    let (folder, _) = suspended().stop();
    let altered = folder.open_database().execute(
        "UPDATE records SET state = replace(state, '\"lapsed\"', '\"declined\"') WHERE state LIKE '%\"lapsed\"%'",
        params![],
    );
    assert_eq!(altered.unwrap(), 1);
    folder
        .open_database()
        .execute("DELETE FROM records WHERE kind = 'publication'", params![])
        .unwrap();
    let host = Host::start_with(folder, &[]);
    let person = host.sign_in("e1041");
    let (_, _, answer) = use_template(&host, &person);
    assert_eq!(answer.refusals(), ["content.finding"], "{}", answer.text);

    let (folder, _) = host.stop();
    let altered = folder.open_database().execute(
        "UPDATE entries SET entry = replace(entry, '\"suspended\"', '\"expired\"') WHERE entry LIKE '%\"type\":\"lapsed\"%'",
        params![],
    );
    assert_eq!(altered.unwrap(), 1);
    let over = ended(folder.command(&[]));
    assert!(!over.status.success());
    let said = String::from_utf8_lossy(&over.stderr).into_owned();
    assert!(said.contains("does not verify"), "{said}");
}

#[test]
fn a_board_meets_over_what_waits_for_it_and_its_minutes_are_kept() {
    let host = department();
    let (chair, requester) = (host.sign_in("e1010"), host.sign_in("e1041"));
    let mut change = Kept {
        id: new_id(),
        seq: 0,
    };
    let mut wide = submission(&host);
    wide["fields"]["riskSystems"] = json!("many");
    wide["fields"]["riskServices"] = json!("many");
    change.accepted(&requester, wide);
    let coordinator = host.sign_in("e1012");
    change.accepted(
        &coordinator,
        json!({ "type": "move", "transition": "pass" }),
    );
    let agenda = chair.get("/api/boards/change-approval-board").json;
    assert_eq!(agenda, json!([]), "it waits for the owner");
    change.says(&host.sign_in("e1030"), "service-owner");
    let agenda = chair.get("/api/boards/change-approval-board").json;
    assert_eq!(agenda[0]["change"], change.id, "{agenda}");
    assert_eq!(agenda[0]["rules"], json!(["cab"]));

    let mut meeting = Kept {
        id: new_id(),
        seq: 0,
    };
    let step = |step: Value| json!({ "type": "meeting", "step": step });
    let call = step(json!({
        "type": "call", "board": "change-approval-board", "at": after(&host.now(), 60), "agenda": [change.id]
    }));
    let foreign = meeting.sent(&requester, call.clone());
    assert_eq!(foreign.refusals(), ["role.missing"]);
    meeting.accepted(&chair, call);
    for done in [
        json!({ "type": "attend", "person": "e1020", "present": true }),
        json!({ "type": "minute", "change": change.id, "text": "Asked about the backout." }),
        json!({ "type": "close" }),
    ] {
        meeting.accepted(&chair, step(done));
    }
    let host = host.restart();
    let chair = host.sign_in("e1010");
    let (_, found) = record(&chair, "meeting", |_| true);
    assert_eq!(
        found["minutes"][0]["said"]["text"],
        "Asked about the backout."
    );
    let agenda = chair.get("/api/boards/change-approval-board").json;
    assert_eq!(agenda[0]["sinceMet"], Value::Null, "{agenda}");
    host.move_clock(&after(&host.now(), 5));
    let requester = host.sign_in("e1041");
    change.accepted(
        &requester,
        json!({ "type": "edit", "fields": { "backoutPlan": "By hand, from the copy." } }),
    );
    change.says(&host.sign_in("e1030"), "service-owner");
    let agenda = chair.get("/api/boards/change-approval-board").json;
    let fields = &agenda[0]["sinceMet"]["fields"];
    assert_eq!(fields[0]["field"], "backoutPlan", "{agenda}");
    assert_eq!(fields[0]["after"], "By hand, from the copy.");
    assert_eq!(agenda[0]["exceptions"][0], "changed");
    let answer = requester.get("/api/records").json;
    assert_eq!(answer["callable"][0]["allowed"], false, "{answer}");
    let late = step(json!({ "type": "minute", "text": "One more thing." }));
    assert_eq!(meeting.sent(&chair, late).refusals(), ["meeting.closed"]);
    let boards = chair.get("/api/boards").json;
    let first = |boards: &Value| (boards[0]["board"].clone(), boards[0]["waiting"].clone());
    assert_eq!(first(&boards), (json!("change-approval-board"), json!(1)));
    assert_eq!(boards[0]["yours"], true);
    let boards = requester.get("/api/boards").json;
    assert_eq!(boards[0]["yours"], false, "{boards}");
}

#[test]
fn a_meeting_that_was_called_is_called_off_by_the_chair_and_no_longer_stands() {
    let host = department();
    let (chair, member) = (host.sign_in("e1010"), host.sign_in("e1020"));
    let mut meeting = Kept {
        id: new_id(),
        seq: 0,
    };
    let step = |step: Value| json!({ "type": "meeting", "step": step });
    meeting.accepted(
        &chair,
        step(json!({
            "type": "call", "board": "change-approval-board", "at": after(&host.now(), 60), "place": "Room 4"
        })),
    );
    let off = step(json!({ "type": "callOff", "reason": "Nobody has time." }));
    assert_eq!(
        meeting.sent(&member, off.clone()).refusals(),
        ["role.missing"]
    );
    meeting.accepted(&chair, off.clone());
    assert_eq!(meeting.sent(&chair, off).refusals(), ["meeting.called-off"]);
    let host = host.restart();
    let (_, found) = record(&host.sign_in("e1020"), "meeting", |_| true);
    assert_eq!(found["place"], "Room 4");
    assert_eq!(found["calledOff"]["text"], "Nobody has time.");
    assert_eq!(found["closed"], Value::Null);
}
