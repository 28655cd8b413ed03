//! The person is the session's, never the report's.

use changegate_host_tests::{Change, Folder, Host, Person, later, run};
use serde_json::json;

#[test]
fn a_report_id_of_another_person_is_refused() {
    let host = Host::start();
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let change = Change::submitted(&host, &ada);
    let comment = change.report(json!({ "type": "comment", "text": "Mine" }));
    assert_eq!(ada.report(&comment).status, 200);
    let answer = ben.report(&comment);
    assert_eq!(
        (answer.status, answer.problem()),
        (403, "report.not-yours"),
        "{}",
        answer.text
    );
    assert!(!answer.text.contains("Mine"));
    assert_eq!(ada.log(&change.id).len(), 2);
}

#[test]
fn who_asked_does_not_approve_and_is_told_why() {
    let host = Host::start();
    let ben = host.sign_in("ben");
    let change = Change::submitted(&host, &ben);
    let answer = change.sent(&ben, change.approval(&ben));
    assert_eq!(
        (answer.status, answer.refusals().contains(&"duty.conflict")),
        (422, true),
        "{}",
        answer.text
    );
}

#[test]
fn a_person_without_the_role_may_not() {
    let host = Host::start();
    let (ada, cyn) = (host.sign_in("ada"), host.sign_in("cyn"));
    let change = Change::submitted(&host, &ada);
    let answer = change.sent(&cyn, change.approval(&cyn));
    assert_eq!(
        (answer.status, answer.refusals()),
        (422, vec!["approval.not-yours"]),
        "{}",
        answer.text
    );
    assert_eq!(ada.log(&change.id).len(), 1);
}

#[test]
fn without_a_session_nothing_is_told_and_nothing_taken() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let change = Change::submitted(&host, &ada);
    for token in ["", "x", &"0".repeat(64)] {
        let nobody = Person::new(host.web.clone(), "nobody", token.to_owned());
        for path in [
            "/api/load",
            "/api/changes",
            &format!("/api/changes/{}", change.id),
            "/api/policies/x",
        ] {
            let answer = nobody.get(path);
            assert_eq!(
                (answer.status, answer.problem()),
                (401, "not-signed-in"),
                "{path}: {}",
                answer.text
            );
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
        assert_eq!(
            change
                .sent(&nobody, json!({ "type": "comment", "text": "x" }))
                .status,
            401
        );
        assert_eq!(
            nobody
                .post("/api/permitted", &json!({ "changeId": change.id }))
                .status,
            401
        );
    }
}

#[test]
fn a_session_that_is_over_is_none() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    assert_eq!(ada.get("/api/changes").status, 200);
    host.folder
        .open_database()
        .execute("UPDATE sessions SET expires_at_ms = 1", [])
        .unwrap();
    assert_eq!(ada.get("/api/changes").status, 401);
}

#[test]
fn a_moved_demo_clock_ends_no_session() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    host.move_clock("2031-01-01T00:00:00.000Z");
    assert_eq!(ada.get("/api/changes").status, 200);
}

#[test]
fn who_left_the_organisation_is_signed_out() {
    let host = Host::start();
    let cyn = host.sign_in("cyn");
    let (folder, _) = host.stop();
    folder.spoil("people.csv", "cyn,Cyn Valente,Fitter,staff,ben,\n", "");
    let host = Host::start_with(folder, &[]);
    let cyn = Person::new(host.web.clone(), "cyn", cyn.token);
    assert_eq!(cyn.get("/api/changes").status, 401);
}

#[test]
fn tokens_are_kept_as_hashes() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let (folder, _) = host.stop();
    let bytes = folder.bytes_of_database();
    assert!(
        !bytes
            .windows(ada.token.len())
            .any(|window| window == ada.token.as_bytes())
    );
}

#[test]
fn the_picker_exists_in_the_demo_only() {
    let folder = Folder::of_workshop();
    let (data, organisation) = (folder.data(), folder.organisation());
    let place = [
        "--data",
        data.to_str().unwrap(),
        "--organisation",
        organisation.to_str().unwrap(),
    ];
    let host = Host::start_without_demo(folder);
    for path in ["/api/demo/people", "/api/demo/clock"] {
        assert_eq!(host.web.get(path).status, 404, "{path}");
    }
    assert_eq!(
        host.web
            .post("/api/demo/session", &json!({ "person": "ada" }))
            .status,
        404
    );

    let opened = run(&[&["session", "ada"][..], &place[..]].concat());
    let token = String::from_utf8(opened.stdout).unwrap().trim().to_owned();
    let ada = Person::new(host.web.clone(), "ada", token);
    assert_eq!(
        ada.get("/api/load").json["person"],
        "ada",
        "whoever runs the host can open a session"
    );
}

#[test]
fn the_picker_knows_who_there_is() {
    let host = Host::start();
    let people = host.web.get("/api/demo/people").json;
    assert_eq!(people[1]["name"], "Ben Okonjo");
    assert!(
        people[1]["roles"]
            .as_array()
            .unwrap()
            .contains(&json!("lead")),
        "{people}"
    );
    assert_eq!(
        host.web
            .post("/api/demo/session", &json!({ "person": "zoe" }))
            .status,
        404
    );
}

#[test]
fn the_demo_answers_only_to_this_machines_own_names() {
    let host = Host::start();
    for (name, status) in [
        ("localhost:80", "200"),
        ("127.0.0.1", "200"),
        ("portal.example", "421"),
        ("localhost.portal.example", "421"),
    ] {
        let answer = host.web.send_raw(
            format!("GET /api/demo/people HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        );
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{name}: {answer}"
        );
    }
}

#[test]
fn the_demo_clock_moves_forward_only_and_stays_where_it_was_put() {
    let host = Host::start();
    host.move_clock("2031-01-01T00:00:00.000Z");
    let back = host.web.post(
        "/api/demo/clock",
        &json!({ "to": "2030-01-01T00:00:00.000Z" }),
    );
    assert_eq!(
        (back.status, back.problem()),
        (422, "clock.back"),
        "{}",
        back.text
    );
    let host = host.restart();
    assert!(host.now().as_str() >= "2031-01-01T00:00:00.000Z");
}

#[test]
fn a_demo_begins_when_it_is_told_to_and_goes_on_from_there_after_a_restart() {
    for begin in ["2026-12-20T23:59:00.000Z", "2028-02-29T09:00:00.000Z"] {
        let host = Host::start_at(Folder::of_workshop(), begin);
        let shown = host.now();
        assert!(shown.as_str() >= begin, "{shown}");
        assert!(shown < later(begin, 60), "{shown}");
        let ada = host.sign_in("ada");
        Change::submitted(&host, &ada);
        let year = &begin[..4];
        let number = ada.get("/api/changes").json[0]["number"].clone();
        assert!(number.as_str().unwrap().contains(year), "{number}");
        let moved = later(begin, 24 * 60);
        host.move_clock(&moved);
        assert!(host.restart().now() >= moved, "it does not begin anew");
    }
}

#[test]
fn a_session_can_be_ended_by_its_person_and_by_whoever_runs_the_host() {
    let host = Host::start();
    let (ada, again) = (host.sign_in("ada"), host.sign_in("ada"));
    let ben = host.sign_in("ben");
    assert_eq!(ada.sign_out().status, 200);
    assert_eq!(ada.get("/api/load").status, 401);
    assert_eq!(ada.sign_out().status, 401);
    assert_eq!(
        again.get("/api/load").status,
        200,
        "another session of hers"
    );
    let data = host.folder.data();
    let ended = run(&["sign-out", "ada", "--data", data.to_str().unwrap()]);
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    assert_eq!(again.get("/api/load").status, 401);
    assert_eq!(ben.get("/api/load").status, 200);
}

#[test]
fn sessions_of_the_demo_end_with_it() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let host = host.restart();
    let ada = ada.moved_to(&host);
    assert_eq!(ada.get("/api/load").status, 200, "it is the demo again");
    let (folder, _) = host.stop();
    let host = Host::start_without_demo(folder);
    assert_eq!(ada.moved_to(&host).get("/api/load").status, 401);
    let (folder, _) = host.stop();
    let host = Host::start_with(folder, &[]);
    assert_eq!(ada.moved_to(&host).get("/api/load").status, 401, "for ever");
}
