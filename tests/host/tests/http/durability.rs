//! What was acknowledged is there.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

#[cfg(target_os = "linux")]
use changegate_host_tests::FailingDisk;
use changegate_host_tests::{Change, Folder, Host, ended};
use serde_json::json;

#[test]
fn a_restart_keeps_everything() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let change = Change::submitted(&host, &ada);
    let comment = change.report(json!({ "type": "comment", "text": "Before" }));
    let answer = ada.report(&comment);
    let (log, list) = (ada.log(&change.id), ada.get("/api/changes").text);

    let host = host.restart();
    let ada = ada.moved_to(&host);
    assert_eq!(ada.log(&change.id), log);
    assert_eq!(ada.get("/api/changes").text, list);
    assert_eq!(
        ada.report(&comment).text,
        answer.text,
        "the outcome of a report too"
    );
    let second = Change::submitted(&host, &ada);
    let conflicts = &ada.log(&second.id)[0]["entry"]["facts"]["conflicts"];
    assert_eq!(conflicts["total"], 1, "the bookings too");
    assert!(
        ada.get("/api/changes").text.contains("-0002"),
        "the numbers too"
    );
}

#[test]
fn a_change_keeps_the_policy_that_it_was_submitted_under() {
    let host = Host::start();
    let (ada, ben) = (host.sign_in("ada"), host.sign_in("ben"));
    let mut change = Change::submitted(&host, &ada);
    let first = ada.log(&change.id)[0]["entry"]["policyHash"].clone();
    let (folder, _) = host.stop();
    folder.spoil(
        "policy.json",
        "\"group\": \"leads\"",
        "\"group\": \"office\"",
    );
    let host = Host::start_with(folder, &[]);
    let (ada, ben) = (ada.moved_to(&host), ben.moved_to(&host));
    assert_ne!(ada.get("/api/load").json["policyHash"], first);

    change.accepted(&ben, change.approval(&ben));
    assert_eq!(ada.log(&change.id)[1]["entry"]["policyHash"], first);
    let kept = ada.get(&format!("/api/policies/{}", first.as_str().unwrap()));
    assert_eq!(kept.json["approvals"][0]["from"]["group"], "leads");
    let later = Change::submitted(&host, &ada);
    let refused = later.sent(&ben, later.approval(&ben));
    assert_eq!(
        (refused.status, refused.refusals()),
        (422, vec!["approval.not-yours"]),
        "a new change has the new policy"
    );
}

/// It shows that nothing waits in the program; a power failure is beyond what a test here can make.
#[test]
fn a_host_that_is_killed_keeps_every_report_that_it_acknowledged() {
    let host = Host::start();
    let people: Vec<_> = ["ada", "ben", "cyn", "dot"]
        .iter()
        .map(|id| host.sign_in(id))
        .collect();
    let changes: Vec<_> = people
        .iter()
        .map(|person| Change::submitted(&host, person))
        .collect();
    let acknowledged = Arc::new(AtomicU64::new(0));
    let writers: Vec<_> = people
        .iter()
        .cloned()
        .zip(changes)
        .map(|(person, mut change)| {
            let acknowledged = Arc::clone(&acknowledged);
            thread::spawn(move || {
                while person
                    .try_report(&change.report(json!({ "type": "comment", "text": "Another" })))
                    == Some(200)
                {
                    change.seq += 1;
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                change
            })
        })
        .collect();
    while acknowledged.load(Ordering::Relaxed) < 40 && !writers.iter().any(|one| one.is_finished())
    {
        thread::sleep(Duration::from_millis(5));
    }
    let folder = host.kill();
    let changes: Vec<Change> = writers
        .into_iter()
        .map(|writer| writer.join().unwrap())
        .collect();
    assert!(
        changes.iter().map(|change| change.seq).sum::<u64>() > 20,
        "there was something to lose"
    );

    let host = Host::start_with(folder, &[]);
    for (person, change) in people.iter().zip(&changes) {
        let kept = u64::try_from(person.moved_to(&host).log(&change.id).len()).unwrap();
        assert!(
            kept >= change.seq,
            "{} acknowledged, {kept} kept",
            change.seq
        );
    }
}

#[test]
fn reports_that_wait_share_a_commit() {
    let (jobs, commits) = written_by_many(&[]);
    assert!(commits * 2 < jobs, "{jobs} writes took {commits} commits");
}

#[test]
fn a_host_told_to_commit_each_report_alone_does() {
    let (jobs, commits) = written_by_many(&["--reports-per-commit", "1"]);
    assert_eq!(jobs, commits);
}

/// Sixteen at a time, each twelve comments on a change of their own.
fn written_by_many(more: &[&str]) -> (u64, u64) {
    let more = [&["--requests-per-second", "10000"], more].concat();
    let host = Host::start_with(Folder::of_workshop(), &more);
    let ada = host.sign_in("ada");
    let writers: Vec<_> = (0..16)
        .map(|_| (ada.alone(), Change::submitted(&host, &ada)))
        .map(|(ada, mut change)| {
            thread::spawn(move || {
                for _ in 0..12 {
                    change.accepted(&ada, json!({ "type": "comment", "text": "Another" }));
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    let (_, said) = host.stop();
    let numbers: Vec<u64> = said
        .lines()
        .last()
        .unwrap()
        .split(' ')
        .filter_map(|word| word.parse().ok())
        .collect();
    (numbers[0], numbers[1])
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_takes_nothing_that_was_acknowledged() {
    let host = Host::start_on_small_disk(Folder::of_workshop(), 1_200);
    let ada = host.sign_in("ada");
    let mut change = Change::submitted(&host, &ada);
    let wordy = json!({ "type": "comment", "text": "w".repeat(15_000) });
    let first_failure = (0..200).find_map(|_| {
        let report = change.report(wordy.clone());
        let answer = ada.report(&report);
        change.seq += u64::from(answer.status == 200);
        (answer.status != 200).then_some((report, answer))
    });
    let (report, answer) = first_failure.expect("the disk is small");
    assert_eq!(
        (answer.status, answer.problem()),
        (503, "unavailable"),
        "{}",
        answer.text
    );
    assert!(
        answer.detail().contains("nothing was stored"),
        "{}",
        answer.detail()
    );
    let (folder, _) = host.stop();

    let host = Host::start_with(folder, &[]);
    let ada = ada.moved_to(&host);
    assert_eq!(
        u64::try_from(ada.log(&change.id).len()).unwrap(),
        change.seq
    );
    assert_eq!(
        ada.report(&report).status,
        200,
        "what could not be stored is taken once there is room"
    );
}

/// After a sync that failed, the system says that the next one went well, whatever became of what was written before.
#[cfg(target_os = "linux")]
#[test]
fn after_a_sync_that_failed_nothing_is_acknowledged_until_the_host_is_started_again() {
    let disk = FailingDisk::new();
    let host = Host::start_on_failing_disk(Folder::of_workshop(), &disk);
    let ada = host.sign_in("ada");
    let mut change = Change::submitted(&host, &ada);
    assert_eq!(host.web.get("/api/health").status, 200);
    disk.fail();
    let report = change.report(json!({ "type": "comment", "text": "Lost?" }));
    let failed = ada.report(&report);
    assert_eq!(failed.status, 503, "{}", failed.text);
    disk.mend();
    for answer in [
        ada.report(&report),
        host.web.get("/api/health"),
        ada.put_file(&"0".repeat(64), b"other"),
    ] {
        assert!([503, 422].contains(&answer.status), "{}", answer.text);
    }
    let said = ada.report(&report);
    assert!(
        said.detail().contains("start the host again"),
        "{}",
        said.text
    );
    assert_eq!(ada.log(&change.id).len(), 1, "what is there can be read");

    let (folder, _) = host.stop();
    let host = Host::start_with(folder, &[]);
    let ada = host.sign_in("ada");
    assert_eq!(ada.report(&report).status, 200);
    change.seq += 1;
    assert_eq!(ada.log(&change.id).len(), 2);
    assert_eq!(host.web.get("/api/health").status, 200);
}

/// The database would not say by itself that it could not take over what is in its log.
#[cfg(target_os = "linux")]
#[test]
fn an_erasure_whose_sync_failed_stops_the_host_from_acknowledging() {
    let disk = FailingDisk::new();
    let host = Host::start_on_failing_disk(Folder::of_workshop(), &disk);
    let (ada, dot) = (host.sign_in("ada"), host.sign_in("dot"));
    let mut change = Change::submitted(&host, &ada);
    let entry = change.accepted(&ada, json!({ "type": "comment", "text": "Private" }));
    let commitment = entry["values"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    // Somebody reads, so that the erasure is not complete at once, and then the disk fails.
    let reading = host.folder.open_database();
    reading
        .execute_batch("BEGIN; SELECT count(*) FROM entries")
        .unwrap();
    change.accepted(
        &dot,
        json!({ "type": "erase", "commitments": [commitment], "ground": "personAsked" }),
    );
    disk.fail();
    drop(reading);
    let is_said = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(100));
        host.web.get("/api/health").status == 503
    });
    assert!(is_said, "the host goes on as if nothing had been");
    disk.mend();
    assert_eq!(host.web.get("/api/health").status, 503);
}

#[cfg(target_os = "linux")]
#[test]
fn a_host_that_cannot_write_is_not_healthy_until_it_can() {
    let disk = FailingDisk::new();
    let host = Host::start_on_failing_disk(Folder::of_workshop(), &disk);
    let ada = host.sign_in("ada");
    disk.fill();
    let health = host.web.get("/api/health");
    assert_eq!(
        (health.status, health.problem()),
        (503, "unavailable"),
        "{}",
        health.text
    );
    disk.mend();
    assert_eq!(host.web.get("/api/health").status, 200);
    assert_eq!(Change::submitted(&host, &ada).seq, 1);
}

#[cfg(unix)]
#[test]
fn a_database_that_was_deleted_or_replaced_is_noticed_before_the_next_answer() {
    for (file, is_replaced) in [
        ("changegate.db", false),
        ("changegate.db", true),
        ("changegate.db-wal", false),
    ] {
        let host = Host::start();
        let ada = host.sign_in("ada");
        let mut change = Change::submitted(&host, &ada);
        let path = host.folder.data().join(file);
        let aside = host.folder.path().join("aside");
        fs::rename(&path, &aside).unwrap();
        if is_replaced {
            fs::copy(&aside, &path).unwrap();
        }
        let report = change.report(json!({ "type": "comment", "text": "Lost?" }));
        let answers = [
            host.web.get("/api/health"),
            ada.get(&format!("/api/changes/{}", change.id)),
            ada.report(&report),
        ];
        for answer in answers {
            assert_eq!(answer.status, 503, "{file}: {}", answer.text);
            assert!(
                answer.detail().contains("deleted or replaced"),
                "{}",
                answer.text
            );
        }
        fs::rename(&aside, &path).unwrap();
        let host = Host::start_with(host.kill(), &[]);
        let ada = ada.moved_to(&host);
        let kept = ada.log(&change.id).len();
        assert_eq!(ada.report(&report).status, 200);
        change.seq += 1;
        assert!(kept <= 2 && ada.log(&change.id).len() == 2);
    }
}

#[test]
fn a_database_without_a_write_ahead_log_is_not_served() {
    let host = Host::start();
    let (folder, _) = host.stop();
    let database = folder.open_database();
    database
        .pragma_update(None, "journal_mode", "delete")
        .unwrap();
    // Whoever holds it as its only user keeps the mode from being set.
    database
        .execute_batch(
            "PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE; CREATE TABLE held (x); COMMIT;",
        )
        .unwrap();
    let output = ended(folder.command(&[]));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("changegate.db"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn a_data_folder_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::of_workshop();
    fs::create_dir(folder.data()).unwrap();
    fs::set_permissions(folder.data(), fs::Permissions::from_mode(0o755)).unwrap();
    let host = Host::start_with(folder, &[]);
    let ada = host.sign_in("ada");
    Change::submitted(&host, &ada);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&host.folder.data()), 0o700);
    let (folder, _) = host.stop();
    fs::set_permissions(folder.database(), fs::Permissions::from_mode(0o644)).unwrap();
    let host = Host::start_with(folder, &[]);
    assert_eq!(mode(&host.folder.data()), 0o700);
    for file in ["changegate.db", "changegate.db-wal", "changegate.db-shm"] {
        assert_eq!(mode(&host.folder.data().join(file)), 0o600, "{file}");
    }
}

#[test]
fn two_hosts_do_not_share_a_database() {
    let host = Host::start();
    let second = ended(host.folder.command(&[]));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        !second.status.success() && said.contains("another host is using it"),
        "{said}"
    );
}
