//! What goes on around the gestures of people: what the host does by its own hand, what everybody may know, other changes.

use std::fs;

use changegate_host_tests::{Change, Folder, Host, later, new_id};
use serde_json::{Value, json};

const PEOPLE_WITHOUT_EVE: &str = "\
id,name,title,groups,manager,absentUntil,left
ada,Ada Thornquist,Joiner,staff,ben,,
ben,Ben Okonjo,Fitter,staff,,,
cyn,Cyn Valente,Fitter,staff,ben,,
dot,Dot Marsh,Office,office,,,
eve,Eve Lindgren,Lead,leads,dot,,yes
";

/// The workshop, in which the office is asked as well once a lead has not answered for two hours.
fn impatient() -> Folder {
    let folder = Folder::of_workshop();
    let escalate =
        r#""escalate": { "afterMin": 120, "to": { "type": "group", "group": "office" } }"#;
    folder.spoil(
        "policy.json",
        r#""stage": 1 }"#,
        &format!(r#""stage": 1, {escalate} }}"#),
    );
    folder
}

#[test]
fn an_approval_that_waits_too_long_is_escalated_once_by_the_hosts_own_hand() {
    let host = Host::start_with(impatient(), &[]);
    let (ada, dot) = (host.sign_in("ada"), host.sign_in("dot"));
    let mut change = Change::submitted(&host, &ada);
    let asked = host.now();
    host.move_clock(&later(&asked, 110));
    assert_eq!(
        change.sent(&dot, change.approval(&dot)).refusals(),
        ["approval.not-yours"]
    );
    for minutes in [121, 122] {
        host.move_clock(&later(&asked, minutes));
        assert_eq!(ada.log(&change.id).len(), 2, "after {minutes} minutes");
    }
    let entry = &ada.log(&change.id)[1]["entry"];
    assert_eq!(entry["actor"], json!({ "type": "host" }));
    assert_eq!(entry["events"][0]["to"], json!(["dot"]), "{entry}");
    change.seq += 1;
    change.accepted(&dot, change.approval(&dot));
    let verdict = ada.get(&format!("/api/changes/{}/verdict", change.id)).json;
    assert_eq!(
        (&verdict["ok"], &verdict["chainOnly"]),
        (&json!(true), &json!([]))
    );
}

#[test]
fn who_has_not_answered_is_reminded_and_finds_that_in_what_waits_for_them() {
    let folder = Folder::of_workshop();
    let remind = r#""remind": { "afterMin": 60, "everyMin": 120 }"#;
    folder.spoil(
        "policy.json",
        r#""stage": 1 }"#,
        &format!(r#""stage": 1, {remind} }}"#),
    );
    let host = Host::start_with(folder, &[]);
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let mut change = Change::submitted(&host, &ada);
    let reminded = |host: &Host| {
        let waiting = host.sign_in("ben").get("/api/waiting").json;
        let of_it = waiting.as_array().unwrap().iter();
        let of_it = of_it.filter(|known| known["change"] == change.id);
        of_it
            .map(|known| known["reminded"].clone())
            .collect::<Vec<_>>()
    };
    let asked = host.now();
    assert_eq!(reminded(&host), [Value::Null]);
    for (minutes, times) in [(61, 1), (120, 1), (182, 2)] {
        host.move_clock(&later(&asked, minutes));
        let known = reminded(&host);
        assert_eq!(
            known[0]["times"], times,
            "after {minutes} minutes: {known:?}"
        );
        assert_eq!(ada.log(&change.id).len(), 1 + times, "and kept");
    }
    let entry = &ada.log(&change.id)[2]["entry"];
    assert_eq!(entry["actor"], json!({ "type": "host" }));
    assert_eq!(
        entry["command"],
        json!({ "type": "remind", "rule": "lead" })
    );
    change.seq += 2;
    change.accepted(&ben, change.approval(&ben));
    let verdict = ada.get(&format!("/api/changes/{}/verdict", change.id)).json;
    assert_eq!(
        (&verdict["ok"], &verdict["chainOnly"]),
        (&json!(true), &json!([]))
    );
    let count = ada.log(&change.id).len();
    host.move_clock(&later(&asked, 1000));
    assert_eq!(ada.log(&change.id).len(), count, "nobody is asked any more");
}

#[test]
fn a_record_that_does_not_hold_keeps_the_host_from_no_other() {
    let host = Host::start_with(impatient(), &[]);
    let ada = host.sign_in("ada");
    let (broken, whole) = (
        Change::submitted(&host, &ada),
        Change::submitted(&host, &ada),
    );
    let spoil =
        "UPDATE entries SET entry = replace(entry, 'planned', 'plammed') WHERE change_id = ?";
    let changed = host.folder.open_database().execute(spoil, [&broken.id]);
    assert_eq!(changed.unwrap(), 1);
    host.move_clock(&later(&host.now(), 130));
    assert_eq!(ada.log(&whole.id).len(), 2);
}

#[test]
fn nobody_sends_what_only_the_host_does() {
    let host = Host::start_with(impatient(), &[]);
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let change = Change::submitted(&host, &ada);
    for person in [&ada, &ben] {
        let answer = change.sent(person, json!({ "type": "escalate", "rule": "lead" }));
        assert_eq!(
            (answer.status, answer.refusals()),
            (422, vec!["actor.only-host"]),
            "{}",
            answer.text
        );
    }
    assert_eq!(ada.log(&change.id).len(), 1);
}

#[test]
fn what_waits_for_somebody_who_left_is_given_on_and_they_are_signed_out() {
    let host = Host::start();
    let (ada, eve) = (host.sign_in("ada"), host.sign_in("eve"));
    let mut change = Change::submitted(&host, &ada);
    let (folder, _) = host.stop();
    fs::write(folder.organisation().join("people.csv"), PEOPLE_WITHOUT_EVE).unwrap();
    let host = Host::start_with(folder, &[]);
    let (ada, eve, dot) = (
        ada.moved_to(&host),
        eve.moved_to(&host),
        host.sign_in("dot"),
    );

    assert_eq!(eve.get("/api/changes").problem(), "not-signed-in");
    let picked = host
        .web
        .post("/api/demo/session", &json!({ "person": "eve" }));
    assert_eq!(picked.problem(), "not-found");
    let people = host.web.get("/api/demo/people");
    assert!(!people.text.contains("eve"), "{}", people.text);

    host.move_clock(&later(&host.now(), 1));
    let log = ada.log(&change.id);
    let entry = &log[1]["entry"];
    assert_eq!(entry["actor"], json!({ "type": "host" }), "{log:?}");
    assert_eq!(
        entry["command"],
        json!({ "type": "handOn", "from": "eve", "to": "dot" })
    );
    change.seq += 1;
    change.accepted(&dot, change.approval(&dot));
}

#[test]
fn one_person_never_makes_two_of_a_quorum() {
    let folder = Folder::of_workshop();
    let (one, two) = (
        r#""quorum": { "type": "any" }"#,
        r#""quorum": { "type": "atLeast", "number": 2 }"#,
    );
    folder.spoil("policy.json", one, two);
    let host = Host::start_with(folder, &[]);
    let (ada, ben, eve) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("eve"),
    );
    let mut change = Change::submitted(&host, &ada);
    // Ben delegates to Eve, and both are there.
    change.accepted(&eve, change.approval(&eve));
    let again = change.sent(&eve, change.approval(&eve));
    assert_eq!(
        (again.status, again.refusals()),
        (422, vec!["approval.given-already"])
    );
    assert_eq!(
        ada.reading(&change.id)["change"]["authorized"],
        Value::Null,
        "one of two"
    );
    change.accepted(&ben, change.approval(&ben));
    assert_ne!(ada.reading(&change.id)["change"]["authorized"], Value::Null);
}

const PEOPLE_WITH_ONE_LEAD: &str = "\
id,name,title,groups,manager,absentUntil,left
ada,Ada Thornquist,Joiner,staff,ben,,
ben,Ben Okonjo,Lead,leads,,,
cyn,Cyn Valente,Fitter,staff,ben,,
dot,Dot Marsh,Office,office,,,
eve,Eve Lindgren,Lead,leads,dot,,yes
";

#[test]
fn nobody_gives_to_themselves_what_waits_for_somebody_who_left() {
    let folder = Folder::of_workshop();
    folder.spoil(
        "policy.json",
        r#""may": { "edit""#,
        r#""may": { "handOn": ["office", "asker"], "edit""#,
    );
    fs::write(
        folder.organisation().join("people.csv"),
        PEOPLE_WITH_ONE_LEAD,
    )
    .unwrap();
    let host = Host::start_with(folder, &[]);
    let (ada, dot) = (host.sign_in("ada"), host.sign_in("dot"));
    let change = Change::submitted(&host, &ada);
    let given = |to: &str| json!({ "type": "handOn", "from": "eve", "to": to });
    for (giver, to, why) in [
        (&dot, "dot", ["authority.gains", "hand-on.not-missing"]),
        (&dot, "ada", ["hand-on.not-missing", "authority.party"]),
        (&ada, "dot", ["authority.party", "hand-on.not-missing"]),
    ] {
        assert_eq!(change.sent(giver, given(to)).refusals(), why, "{to}");
    }
    host.move_clock(&later(&host.now(), 2));
    assert_eq!(ada.log(&change.id).len(), 1, "nor does the host");
}

fn notices(host: &Host, person: &str) -> Value {
    host.sign_in(person).get("/api/notices").json
}

#[test]
fn everybody_sees_when_something_will_not_work_and_nothing_of_plans_persons_or_risk() {
    let host = Host::start();
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let mut change = Change::submitted(&host, &ada);
    let address = format!("/api/notices/{}", change.id);
    assert_eq!(
        notices(&host, "dot"),
        json!([]),
        "what is only asked for concerns nobody else"
    );
    assert_eq!(ada.get(&address).problem(), "not-found");
    assert_eq!(host.web.get("/api/notices").status, 401);
    change.accepted(
        &ada,
        json!({ "type": "announce", "text": "The saw will be away." }),
    );
    change.carried_out(&host, &ben, &cyn);

    let all = notices(&host, "dot");
    let notice = &all[0];
    let keys: Vec<&str> = notice
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let known = [
        "downtime",
        "from",
        "id",
        "number",
        "phase",
        "services",
        "title",
        "to",
        "told",
        "updatedAt",
    ];
    assert_eq!(keys, known);
    assert_eq!(notice["told"][0]["text"], "The saw will be away.");
    assert_eq!(
        (&notice["phase"], &notice["services"]),
        (&json!("review"), &json!(["saw"]))
    );
    for secret in ["ragged", "ada", "ben", "cyn", "high", "low"] {
        assert!(
            !all.to_string().contains(&format!("\"{secret}"))
                && !all.to_string().contains("ragged"),
            "{secret}"
        );
    }

    change.accepted(&ben, json!({ "type": "move", "transition": "close" }));
    assert_eq!(
        notices(&host, "dot"),
        json!([]),
        "it is not planned any more"
    );
    assert_eq!(
        ada.get(&address).json["phase"],
        "closed",
        "who had read of it sees that it is done"
    );
}

#[test]
fn a_change_that_nobody_was_told_of_has_no_notice_when_it_is_dropped() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut change = Change::submitted(&host, &ada);
    change.accepted(
        &ada,
        json!({ "type": "move", "transition": "drop", "reason": "No blade." }),
    );
    assert_eq!(ada.get(&format!("/api/notices/{}", change.id)).status, 404);
}

#[test]
fn a_change_waits_for_those_before_it_and_never_in_a_ring() {
    let host = Host::start();
    let (ada, ben, cyn) = (
        host.sign_in("ada"),
        host.sign_in("ben"),
        host.sign_in("cyn"),
    );
    let mut first = Change::submitted(&host, &ada);
    let mut second = Change::submitted(&host, &ada);
    let blocked_by = |to: &str| json!({ "type": "relate", "relation": "blockedBy", "to": to });
    let unknown = second.sent(&ada, blocked_by(&new_id()));
    assert_eq!(
        unknown.refusals(),
        ["relation.unknown-change"],
        "{}",
        unknown.text
    );
    second.accepted(&ada, blocked_by(&first.id));
    let ring = first.sent(&ada, blocked_by(&second.id));
    assert_eq!(ring.refusals(), ["relation.ring"], "{}", ring.text);

    second.accepted(&ben, second.approval(&ben));
    host.move_clock(&later(&second.start, 1));
    let begin = json!({ "type": "move", "transition": "begin" });
    let early = second.sent(&cyn, begin.clone());
    assert!(
        early.refusals().contains(&"relation.blocked"),
        "{}",
        early.text
    );
    let world = ada.get("/api/load").json["world"]["related"].clone();
    let known = world
        .as_array()
        .unwrap()
        .iter()
        .find(|known| known["id"] == second.id.as_str());
    assert_eq!(known.unwrap()["blockedBy"], json!([first.id]));

    first.accepted(
        &ada,
        json!({ "type": "move", "transition": "drop", "reason": "No blade." }),
    );
    let world = ada.get("/api/load").json["world"]["related"].clone();
    let known = world
        .as_array()
        .unwrap()
        .iter()
        .find(|known| known["id"] == first.id.as_str());
    assert_eq!(
        known.unwrap()["phase"],
        "canceled",
        "also where it has ended"
    );
}

#[test]
fn a_page_is_told_of_ended_changes_only_where_an_open_one_stands_to_them() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut dropped = Change::submitted(&host, &ada);
    dropped.accepted(
        &ada,
        json!({ "type": "move", "transition": "drop", "reason": "No blade." }),
    );
    let related = || ada.get("/api/load").json["world"]["related"].clone();
    assert_eq!(related(), Value::Null);
    let mut next = Change::submitted(&host, &ada);
    assert_eq!(related().as_array().unwrap().len(), 1);
    next.accepted(
        &ada,
        json!({ "type": "relate", "relation": "causedBy", "to": dropped.id }),
    );
    assert_eq!(related().as_array().unwrap().len(), 2);
}
