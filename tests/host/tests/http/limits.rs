//! One who asks for too much, or too slowly, does not keep the others waiting.

use std::io::{ErrorKind, Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use changegate_host_tests::{Answer, Change, Folder, Host};
use serde_json::json;
use sha2::{Digest as _, Sha256};

fn time_of(work: impl FnOnce()) -> Duration {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test measures how long the host takes"
    )]
    let start = Instant::now();
    work();
    start.elapsed()
}

#[test]
fn a_head_that_never_ends_is_cut_off() {
    let host = Host::start();
    let mut stream = host.web.connect();
    stream
        .write_all(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n")
        .unwrap();
    let mut drip = stream.try_clone().unwrap();
    let dripping = thread::spawn(move || {
        while drip.write_all(b"X-Drip: 1\r\n").is_ok() {
            thread::sleep(Duration::from_millis(500))
        }
    });
    let mut end = Ok(0);
    let took = time_of(|| end = stream.read(&mut [0; 1024]));
    assert!(took > Duration::from_secs(5), "not at once: {took:?}");
    let waits = |error: std::io::Error| {
        [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind())
    };
    assert!(!end.is_err_and(waits), "it is still open");
    assert_eq!(host.web.get("/api/health").status, 200);
    drop(stream);
    dripping.join().unwrap();
}

#[test]
fn a_body_that_never_ends_is_cut_off() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut stream = host.web.connect();
    let head = "POST /api/assess HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n";
    stream
        .write_all(format!("{head}Authorization: Bearer {}\r\n\r\n{{", ada.token).as_bytes())
        .unwrap();
    let mut answer = [0; 1024];
    let mut count = 0;
    let took = time_of(|| count = stream.read(&mut answer).unwrap());
    assert!(took > Duration::from_secs(5), "not at once: {took:?}");
    let answer = String::from_utf8_lossy(&answer[..count]);
    assert!(
        answer.starts_with("HTTP/1.1 408") && answer.contains("too-slow"),
        "{answer}"
    );
}

#[test]
fn a_person_too_eager_is_slowed_and_another_is_not() {
    let host = Host::start_with(Folder::of_workshop(), &["--requests-per-second", "2"]);
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    assert_eq!(ada.get("/api/changes").status, 200);
    let slowed = first_that_is_too_many(|| ada.get("/api/changes"));
    assert_eq!(
        (slowed.problem(), slowed.header("retry-after")),
        ("too-many", "1")
    );
    assert_eq!(ben.get("/api/changes").status, 200);
}

/// Behind a proxy all come from one address.
#[test]
fn one_person_too_eager_takes_nothing_from_others_of_the_same_address() {
    let host = Host::start_with(Folder::of_workshop(), &["--requests-per-second", "5"]);
    let eager: Vec<_> = ["ada", "cyn", "dot"]
        .iter()
        .map(|id| host.sign_in(id))
        .collect();
    let ben = host.sign_in("ben");
    let noise: Vec<_> = eager
        .into_iter()
        .map(|person| {
            thread::spawn(move || {
                (0..150)
                    .filter(|_| person.get("/api/health").status == 429)
                    .count()
            })
        })
        .collect();
    let statuses: Vec<u16> = (0..10)
        .map(|_| {
            thread::sleep(Duration::from_millis(250));
            ben.get("/api/changes").status
        })
        .collect();
    assert_eq!(statuses, [200; 10]);
    let slowed: usize = noise.into_iter().map(|noisy| noisy.join().unwrap()).sum();
    assert!(slowed > 150, "{slowed}");
    assert_eq!(ben.report(&json!({})).status, 400, "it is read");
}

#[test]
fn an_address_that_nobody_is_signed_in_at_takes_nothing_from_those_who_are() {
    let host = Host::start_with(Folder::of_workshop(), &["--requests-per-second", "1"]);
    let ada = host.sign_in("ada");
    let statuses: Vec<u16> = (0..80).map(|_| host.web.get("/api/load").status).collect();
    assert!(
        statuses.contains(&401) && statuses.contains(&429),
        "{statuses:?}"
    );
    assert_eq!(ada.get("/api/load").status, 200);
}

/// A reader may take minutes, as a backup does.
#[test]
fn an_erasure_that_a_reader_is_in_the_way_of_keeps_nobody_waiting_and_is_done_after_it() {
    let host = Host::start();
    let (ada, dot) = (host.sign_in("ada"), host.sign_in("dot"));
    let mut change = Change::submitted(&host, &ada);
    let secret = "Quentin's knee surgery";
    let entry = change.accepted(&ada, json!({ "type": "comment", "text": secret }));
    let commitment = entry["values"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    let reading = host.folder.open_database();
    reading
        .execute_batch("BEGIN; SELECT count(*) FROM entries")
        .unwrap();
    let took = time_of(|| {
        change.accepted(
            &dot,
            json!({ "type": "erase", "commitments": [commitment], "ground": "personAsked" }),
        );
        for _ in 0..5 {
            change.accepted(&ada, json!({ "type": "comment", "text": "Meanwhile" }));
        }
    });
    assert!(took < Duration::from_secs(8), "{took:?}");
    let holds = || {
        let bytes = host.folder.bytes_of_database();
        bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes())
    };
    assert!(holds(), "the reader still sees it");
    drop(reading);
    let is_gone = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(100));
        !holds()
    });
    assert!(is_gone, "it is erased with nobody asking again");
}

#[test]
fn an_address_too_eager_is_slowed() {
    let host = Host::start_with(Folder::of_workshop(), &["--requests-per-second", "1"]);
    assert_eq!(host.web.get("/api/health").status, 200);
    let slowed = first_that_is_too_many(|| host.web.get("/api/health"));
    assert_eq!(slowed.problem(), "too-many", "{}", slowed.text);
}

/// Asks until it is too often: a slow machine has to ask longer.
fn first_that_is_too_many(ask: impl FnMut() -> Answer) -> Answer {
    let mut answers = std::iter::repeat_with(ask).take(2_000);
    answers
        .find(|answer| answer.status == 429)
        .expect("nobody asks as often as they like")
}

#[test]
fn one_who_does_not_read_what_was_asked_for_is_cut_off() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let large = vec![7; 24 * 1024 * 1024];
    let name: String = Sha256::digest(&large)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(ada.put_file(&name, &large).status, 200);
    let mut change = Change::submitted(&host, &ada);
    let file = json!({ "sha256": name, "bytes": large.len() });
    change.accepted(
        &ada,
        json!({ "type": "attach", "kind": "photo", "name": "Large", "file": file }),
    );

    let mut stream = host.web.connect();
    let head = format!(
        "GET /api/files/{name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
        ada.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    thread::sleep(Duration::from_secs(40));
    let mut received = Vec::new();
    // What was under way arrives, and then the end.
    let _ = stream.read_to_end(&mut received);
    assert!(
        !received.is_empty() && received.len() < large.len(),
        "{}",
        received.len()
    );
    let read_at_once = host.web.send_raw(head.as_bytes());
    assert!(read_at_once.len() > large.len());
}
