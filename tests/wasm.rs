//! The vectors, told in wasm: the same bytes as natively. And the face, as the page uses it.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod story;
mod vector;

use changegate::edge::{instant, new_id, random};
use changegate::handle::{By, Form, Opened};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

fn now() -> changegate::time::Instant {
    instant(NOW).unwrap()
}

/// 2026-11-23T10:00:00Z.
const NOW: f64 = 1_795_428_000_000.0;

#[wasm_bindgen_test]
fn the_vectors_come_to_the_bytes_they_come_to_natively() {
    for (name, text) in vector::VECTORS {
        let vector: Value = serde_json::from_str(text).unwrap();
        assert_eq!(vector::tell(&vector), vector, "{name}");
    }
}

#[wasm_bindgen_test]
fn a_keystroke_is_one_call_that_answers_the_new_assessment() {
    let mut core = Form::new(story::DEFRA, story::WORLD, "e1041").unwrap();
    let draft = json!({ "id": story::CHANGE, "language": "en", "fields": {} }).to_string();
    let empty: Value = serde_json::from_str(&core.open(&draft, now()).unwrap()).unwrap();
    assert_eq!(empty["ready"], false);
    for (field, value) in story::content().as_object().unwrap() {
        core.set(field, Some(&value.to_string()), now()).unwrap();
    }
    let full: Value =
        serde_json::from_str(&core.set("funding", Some("\"bau\""), now()).unwrap()).unwrap();
    assert_eq!(
        (&full["ready"], &full["risk"]["level"], &full["model"]),
        (&json!(true), &json!("low"), &json!("normal"))
    );
    let command: Value = serde_json::from_str(&core.submission().unwrap()).unwrap();
    assert_eq!(command["fields"], story::content());
}

#[wasm_bindgen_test]
fn a_host_in_the_browser_decides_and_reads_back() {
    let mut core = Opened::new(story::DEFRA, story::WORLD, "e1041").unwrap();
    let report = json!({
        "id": new_id(NOW).unwrap(), "changeId": story::CHANGE, "expectedSeq": 0, "occurredAt": "2026-11-23T10:00:00.000Z",
        "command": story::submit("normal", story::content())
    });
    let taken = core
        .take(
            "[]",
            &report.to_string(),
            By {
                person: Some("e1041"),
                now: now(),
                number: Some("CHG-2026-0001"),
            },
            &mut random,
        )
        .unwrap();
    let taken: Value = serde_json::from_str(&taken).unwrap();
    let log = json!([taken["stored"]]).to_string();
    let read: Value = serde_json::from_str(&core.read(&log, now()).unwrap()).unwrap();
    assert_eq!(read["change"]["fields"]["title"], story::content()["title"]);
    assert!(
        core.read(&log.replace("CHG-2026-0001", "CHG-2026-0002"), now())
            .unwrap_err()
            .contains("entry 1")
    );
}

#[wasm_bindgen_test]
fn what_is_not_of_the_documented_type_is_said_to_be_so() {
    let mut core = Form::new(story::DEFRA, story::WORLD, "e1041").unwrap();
    assert!(
        Form::new("{}", story::WORLD, "e1041")
            .err()
            .unwrap()
            .contains("the policy")
    );
    assert!(
        core.set("title", Some("\"x\""), now())
            .unwrap_err()
            .contains("call open first")
    );
    let odd =
        json!({ "id": story::CHANGE, "language": "en", "fields": {}, "__proto__": {} }).to_string();
    assert!(core.open(&odd, now()).unwrap_err().contains("__proto__"));
}

#[wasm_bindgen_test]
fn ids_are_uuids_of_version_7_in_order_of_time() {
    let (one, other) = (new_id(NOW).unwrap(), new_id(NOW + 1.0).unwrap());
    assert!(
        one < other && one.len() == 36 && &one[14..15] == "7",
        "{one} {other}"
    );
}
