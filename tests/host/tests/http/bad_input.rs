//! Whatever is sent: a clear answer that says what to do, and nothing is stored.

use changegate_host_tests::{Change, Host, Person, draft, event, new_id, report};
use serde_json::{Value, json};

fn submission(host: &Host) -> Value {
    let fields = draft(&host.now());
    report(
        &new_id(),
        0,
        json!({ "type": "submit", "model": "planned", "language": "en", "fields": fields }),
    )
}

fn stored_nothing(person: &Person) {
    assert_eq!(person.get("/api/changes").json, json!([]));
}

#[test]
fn an_unknown_key_is_named_and_nothing_is_stored() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let good = submission(&host);
    for key in ["status", "approver", "risk", "tenant", "__proto__"] {
        for place in ["envelope", "report", "command"] {
            let mut event = event(&good);
            match place {
                "envelope" => event[key] = json!("approved"),
                "report" => event["data"][key] = json!("approved"),
                _ => event["data"]["command"][key] = json!("approved"),
            }
            let answer = ada.send_event(&event);
            assert_eq!(
                (answer.status, answer.problem()),
                (400, "malformed"),
                "{key} in {place}: {}",
                answer.text
            );
            assert!(
                answer.detail().contains(&format!("unknown field `{key}`")),
                "{}",
                answer.detail()
            );
        }
    }
    stored_nothing(&ada);
}

#[test]
fn a_draft_with_unknown_keys_is_refused_by_name() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let answer = ada.post(
        "/api/assess",
        &json!({ "draft": { "id": new_id(), "language": "en", "fields": {}, "risk": "low" } }),
    );
    assert_eq!(answer.status, 400);
    assert!(
        answer.detail().contains("`draft") && answer.detail().contains("unknown field `risk`"),
        "{}",
        answer.detail()
    );
}

#[test]
fn a_field_that_the_policy_does_not_have_is_refused_even_by_the_name_of_a_prototype() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    for field in ["__proto__", "constructor", "approvedBy"] {
        let mut report = submission(&host);
        report["command"]["fields"][field] = json!("x");
        let answer = ada.report(&report);
        assert_eq!(
            (answer.status, answer.problem()),
            (422, "refused"),
            "{}",
            answer.text
        );
        assert_eq!(
            answer.json["refusals"][0]["finding"]["code"], "field.unknown",
            "{}",
            answer.text
        );
    }
    stored_nothing(&ada);
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    for (bytes, said) in [
        (&b""[..], "line 1"),
        (b"{", "line 1"),
        (b"[]", "at"),
        (b"\xff\xfe", "line 1"),
        (b"null", "at"),
        (b"{} {}", "at"),
    ] {
        let answer = ada.send_bytes(&new_id(), bytes.to_vec());
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert!(
            answer.detail().contains(said) && answer.detail().contains("nothing was stored"),
            "{}",
            answer.detail()
        );
        assert!(
            !answer.detail().contains("struct"),
            "no names of the program's own types: {}",
            answer.detail()
        );
    }
}

#[test]
fn a_document_as_deep_as_a_well_is_refused() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut event = event(&submission(&host)).to_string();
    event = event.replace(
        "\"Sharpen the saw\"",
        &format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)),
    );
    let answer = ada.send_bytes(&new_id(), event.into_bytes());
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert_eq!(host.web.get("/api/health").status, 200);
}

#[test]
fn a_field_of_a_megabyte_is_refused_by_the_policy_and_more_by_the_host() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut report = submission(&host);
    report["command"]["fields"]["why"] = json!("w".repeat(1_000_000));
    let answer = ada.report(&report);
    assert_eq!(
        (answer.status, answer.problem()),
        (422, "refused"),
        "{:.300}",
        answer.text
    );
    assert_eq!(
        answer.json["refusals"][0]["finding"]["code"],
        "field.too-long"
    );
    report["command"]["fields"]["why"] = json!("w".repeat(3_000_000));
    let answer = ada.report(&report);
    assert_eq!(
        (answer.status, answer.problem()),
        (413, "too-large"),
        "{:.300}",
        answer.text
    );
    assert!(answer.detail().contains("shorten"));
    stored_nothing(&ada);
}

#[test]
fn an_envelope_that_says_something_else_than_its_report_is_refused() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let good = event(&submission(&host));
    for (key, value) in [
        ("specversion", "0.3"),
        ("type", "changegate.report.v2"),
        ("datacontenttype", "text/plain"),
        ("source", ""),
        ("subject", "01900000-0000-7000-8000-000000000000"),
        ("time", "2020-01-01T00:00:00.000Z"),
    ] {
        let mut event = good.clone();
        event[key] = json!(value);
        let answer = ada.send_event(&event);
        assert_eq!(answer.status, 400, "{key}: {}", answer.text);
        assert!(
            answer.detail().contains(&format!("`{key}`")),
            "{}",
            answer.detail()
        );
    }
    let other_key = ada.send_bytes(&new_id(), good.to_string().into());
    assert_eq!(other_key.status, 400);
    assert!(
        other_key.detail().contains("`Idempotency-Key`"),
        "{}",
        other_key.detail()
    );
    stored_nothing(&ada);
}

#[test]
fn ids_that_are_no_uuids_are_refused() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    for id in [
        "1",
        "",
        "01900000-0000-4000-8000-000000000001",
        "0190000000007000800000000000000012345",
        "01900000-0000-7000-8000-00000000000G",
    ] {
        let mut report = submission(&host);
        report["id"] = json!(id);
        let answer = ada.report(&report);
        assert_eq!(answer.status, 400, "{id}: {}", answer.text);
    }
    let mut report = submission(&host);
    report["changeId"] = json!("../../etc/passwd");
    assert_eq!(ada.report(&report).status, 400);
    stored_nothing(&ada);
}

#[test]
fn another_content_type_is_refused() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let answer = ada.post("/api/reports", &event(&submission(&host)));
    assert_eq!((answer.status, answer.problem()), (415, "media-type"));
    assert!(answer.detail().contains("application/cloudevents+json"));
}

#[test]
fn a_report_for_a_state_long_past_is_a_conflict_that_shows_what_stands() {
    let host = Host::start();
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let mut change = Change::submitted(&host, &ada);
    let late = change.report(json!({ "type": "comment", "text": "Wait for me" }));
    change.carried_through(&host, &ben, &cyn);
    let stale = report(
        &change.id,
        1,
        json!({ "type": "move", "transition": "begin" }),
    );
    for report in [&late, &stale] {
        let answer = cyn.report(report);
        assert_eq!(
            (answer.status, answer.problem()),
            (409, "conflict"),
            "{}",
            answer.text
        );
        assert_eq!(answer.json["log"].as_array().unwrap().len(), 5);
    }
    let current = change.sent(&cyn, json!({ "type": "move", "transition": "begin" }));
    assert_eq!(
        (current.status, current.refusals()),
        (422, vec!["lifecycle.terminal"])
    );
}

#[test]
fn a_conflict_is_no_outcome_so_the_report_may_still_be_taken_later() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let change = Change::submitted(&host, &ada);
    let early = report(
        &change.id,
        2,
        json!({ "type": "comment", "text": "Second" }),
    );
    assert_eq!(ada.report(&early).status, 409);
    assert_eq!(
        change
            .sent(&ada, json!({ "type": "comment", "text": "First" }))
            .status,
        200
    );
    assert_eq!(ada.report(&early).status, 200);
}

#[test]
fn the_same_report_twice_has_the_same_bytes_for_answer_and_no_new_effect() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let accepted = submission(&host);
    let mut refused = submission(&host);
    refused["command"]["fields"] = json!({});
    for (report, status) in [(&accepted, 200), (&refused, 422)] {
        let (first, second) = (ada.report(report), ada.report(report));
        assert_eq!(
            (first.status, second.status),
            (status, status),
            "{}",
            first.text
        );
        assert_eq!(first.text, second.text);
    }
    assert_eq!(ada.get("/api/changes").json.as_array().unwrap().len(), 1);
    assert_eq!(ada.log(accepted["changeId"].as_str().unwrap()).len(), 1);
}

#[test]
fn a_refused_report_stays_refused_when_its_time_comes_and_a_new_one_is_taken() {
    let host = Host::start();
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let mut change = Change::submitted(&host, &ada);
    change.accepted(&ben, change.approval(&ben));
    let begin = json!({ "type": "move", "transition": "begin" });
    let early = change.report(begin.clone());
    let refused = cyn.report(&early);
    assert_eq!(
        (refused.status, refused.refusals()),
        (422, vec!["window.not-open"]),
        "{}",
        refused.text
    );
    host.move_clock(&change.start);
    assert_eq!(cyn.report(&early).text, refused.text);
    change.accepted(&cyn, begin);
}

#[test]
fn a_report_with_another_body_under_the_same_id_is_refused() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let first = submission(&host);
    assert_eq!(ada.report(&first).status, 200);
    let mut other = first.clone();
    other["command"]["fields"]["title"] = json!("Sell the saw");
    let answer = ada.report(&other);
    assert_eq!(
        (answer.status, answer.problem()),
        (422, "report.reused"),
        "{}",
        answer.text
    );
    assert!(answer.detail().contains("an id of its own"));
    assert_eq!(
        ada.reading(first["changeId"].as_str().unwrap())["change"]["fields"]["title"],
        "Sharpen the saw"
    );
}

#[test]
fn a_commitment_in_place_of_words_is_refused() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut report = submission(&host);
    report["command"]["fields"]["why"] = json!({ "commitment": "0".repeat(64) });
    let answer = ada.report(&report);
    assert_eq!(
        (answer.status, answer.refusals()),
        (422, vec!["report.sealed-value"]),
        "{}",
        answer.text
    );
}
