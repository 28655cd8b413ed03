//! Files of evidence: taken by their hash, given back inert, gone when nobody names them any more.

use std::fs;
use std::path::Path;

use changegate_host_tests::{Change, Folder, Host, Person, later};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PAGE: &[u8] = b"<script>alert('seen')</script>";

fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn photo(bytes: &[u8]) -> Value {
    let file = json!({ "sha256": hash(bytes), "bytes": bytes.len() });
    json!({ "type": "attach", "kind": "photo", "name": "The blade.png", "file": file })
}

fn sent(person: &Person, bytes: &[u8]) {
    let answer = person.put_file(&hash(bytes), bytes);
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json["bytes"], bytes.len());
}

/// How many files lie below a folder.
fn count(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { count(&path) } else { 1 })
        .sum()
}

fn files_of(host: &Host) -> usize {
    count(&host.folder.data().join("files"))
}

#[test]
fn a_file_is_named_after_it_has_arrived_and_given_back_inert() {
    let host = Host::start();
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let mut change = Change::submitted(&host, &ada);
    let early = change.sent(&ada, photo(PAGE));
    assert_eq!(
        early.refusals(),
        ["evidence.file-unknown"],
        "{}",
        early.text
    );
    assert_eq!(ada.log(&change.id).len(), 1, "nothing was added");
    sent(&ada, PAGE);
    sent(&ada, PAGE);
    change.accepted(&ada, photo(PAGE));
    assert_eq!(files_of(&host), 1);

    let given = ben.get(&format!("/api/files/{}", hash(PAGE)));
    assert_eq!((given.status, given.text.as_bytes()), (200, PAGE));
    for (header, value) in [
        ("content-type", "application/octet-stream"),
        ("content-disposition", "attachment"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(given.header(header), value, "{header}");
    }
}

#[test]
fn a_file_is_for_those_who_are_signed_in_and_only_once_evidence_names_it() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let nobody = Person::new(host.web.clone(), "nobody", String::new());
    let refused = nobody.put_file(&hash(PAGE), PAGE);
    assert_eq!((refused.status, refused.problem()), (401, "not-signed-in"));
    assert_eq!(files_of(&host), 0);
    sent(&ada, PAGE);
    let address = format!("/api/files/{}", hash(PAGE));
    assert_eq!(host.web.get(&address).status, 401);
    assert_eq!(
        ada.get(&address).problem(),
        "not-found",
        "nobody names it yet"
    );
    for wrong in ["0", "..%2f..%2fchangegate.db", &"g".repeat(64)] {
        assert_eq!(
            ada.get(&format!("/api/files/{wrong}")).problem(),
            "not-found",
            "{wrong}"
        );
    }
}

#[test]
fn bytes_of_another_hash_or_size_are_not_taken_for_the_file() {
    let host = Host::start_with(Folder::of_workshop(), &["--file-mb", "1"]);
    let ada = host.sign_in("ada");
    let answer = ada.put_file(&hash(PAGE), b"other bytes");
    assert_eq!(
        (answer.status, answer.problem()),
        (422, "file.other"),
        "{}",
        answer.text
    );
    let large = vec![7; 1024 * 1024 + 1];
    let answer = ada.put_file(&hash(&large), &large);
    assert_eq!(
        (answer.status, answer.problem()),
        (413, "too-large"),
        "{}",
        answer.text
    );
    assert!(answer.detail().contains("1 MB"), "{}", answer.detail());
    assert_eq!(files_of(&host), 0, "nothing of either is left");

    let mut change = Change::submitted(&host, &ada);
    sent(&ada, PAGE);
    let mut longer = photo(PAGE);
    longer["file"]["bytes"] = json!(PAGE.len() + 1);
    assert_eq!(
        change.sent(&ada, longer).refusals(),
        ["evidence.file-unknown"]
    );
    change.accepted(&ada, photo(PAGE));
}

#[test]
fn one_person_cannot_fill_the_disk_with_files_that_nobody_names() {
    let host = Host::start_with(Folder::of_workshop(), &["--file-mb", "1"]);
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let file = |count: u8| vec![count; 1024 * 1024];
    (0..10).for_each(|count| sent(&ada, &file(count)));
    let answer = ada.put_file(&hash(&file(10)), &file(10));
    assert_eq!(
        (answer.status, answer.problem()),
        (413, "file.too-many"),
        "{}",
        answer.text
    );
    assert_eq!(files_of(&host), 10);
    sent(&ben, &file(11));
    let mut change = Change::submitted(&host, &ada);
    change.accepted(&ada, photo(&file(0)));
    sent(&ada, &file(10));
}

#[test]
fn a_file_goes_with_the_last_evidence_that_names_it() {
    let host = Host::start();
    let (ada, dot) = (host.sign_in("ada"), host.sign_in("dot"));
    sent(&ada, PAGE);
    let mut changes = [
        Change::submitted(&host, &ada),
        Change::submitted(&host, &ada),
    ];
    let names = changes.each_mut().map(|change| {
        let entry = change.accepted(&ada, photo(PAGE));
        entry["values"]
            .as_object()
            .unwrap()
            .keys()
            .next()
            .unwrap()
            .clone()
    });
    let address = format!("/api/files/{}", hash(PAGE));
    for ((change, name), status) in changes.iter_mut().zip(names).zip([200, 404]) {
        let erase = json!({ "type": "erase", "commitments": [name], "ground": "personAsked" });
        change.accepted(&dot, erase);
        assert_eq!(ada.get(&address).status, status);
        let verdict = ada.get(&format!("/api/changes/{}/verdict", change.id)).json;
        assert_eq!(verdict["ok"], true, "{verdict}");
    }
    assert_eq!(files_of(&host), 0);
}

#[test]
fn what_was_on_its_way_when_the_host_ended_is_gone_and_what_had_arrived_is_there() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut change = Change::submitted(&host, &ada);
    sent(&ada, PAGE);
    let folder = host.kill();
    let arriving = folder.data().join("files/arriving");
    fs::create_dir_all(&arriving).unwrap();
    fs::write(arriving.join("half"), b"<scr").unwrap();
    let host = Host::start_with(folder, &[]);
    assert_eq!(files_of(&host), 1);
    let ada = host.sign_in("ada");
    change.accepted(&ada, photo(PAGE));
}

#[test]
fn a_file_that_nobody_names_within_a_day_is_given_up() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    sent(&ada, PAGE);
    let database = host.folder.open_database();
    let day_before = "UPDATE arrivals SET at_ms = at_ms - 25 * 3600000";
    assert_eq!(database.execute(day_before, []).unwrap(), 1);
    host.move_clock(&later(&host.now(), 1));
    assert_eq!(files_of(&host), 0);
}
