//! Logs of every released version still replay, and each decision in them is made again under the guards of its time: wire names
//! are kept for ever, and an open change can go on.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod provoked;

use std::collections::BTreeMap;

use changegate::canonical;
use changegate::command::{Actor, Command};
use changegate::log::{FaultKind, Record, Stored, Unjudged, verified, verify};
use changegate::policy::{Phase, Policy};
use changegate::refusal::Refusal;
use changegate::value::Digest;
use changegate::wire;
use serde_json::Value;

type Policies = BTreeMap<Digest, Policy>;

fn policies(documents: &str) -> Policies {
    let documents: Vec<Value> = serde_json::from_str(documents).unwrap();
    let policies = documents.iter().map(|document| {
        let policy = Policy::from_json(&document.to_string()).unwrap();
        (policy.hash(), policy)
    });
    policies.collect()
}

/// The log of the first version, and its policy.
fn first() -> (Vec<Stored>, Policies) {
    let policy = include_str!("released/0.1.0/policy.json");
    let log = wire::from_str(include_str!("released/0.1.0/log.json")).unwrap();
    (log, policies(&format!("[{policy}]")))
}

/// The logs of the second version: together they hold every command, event and flag that its stories came to.
fn second() -> (Vec<Vec<Stored>>, Policies) {
    let logs = wire::from_str(include_str!("released/0.2.0/logs.json")).unwrap();
    let policies = policies(include_str!("released/0.2.0/policies.json"));
    (logs, policies)
}

fn version(log: &[Stored]) -> Vec<u32> {
    let mut versions: Vec<u32> = log
        .iter()
        .map(|stored| stored.entry.rules_version)
        .collect();
    versions.dedup();
    versions
}

#[test]
fn the_log_of_the_first_version_replays_and_its_decisions_are_made_again() {
    let (log, policies) = first();
    assert_eq!(version(&log), [1]);
    assert_eq!(
        Record::replay(&log).unwrap().change.unwrap().phase,
        Phase::Closed
    );
    let verdict = verify(&log, &policies);
    assert!(verdict.ok && verdict.chain_only.is_empty(), "{verdict:?}");
}

#[test]
fn the_logs_of_the_second_version_replay_and_their_decisions_are_made_again() {
    let (logs, policies) = second();
    assert!(logs.len() > 30);
    for log in &logs {
        assert_eq!(version(log), [2]);
        let verdict = verify(log, &policies);
        let id = &log.first().unwrap().entry.report_id;
        assert!(
            verdict.ok && verdict.chain_only.is_empty(),
            "{id}: {verdict:?}"
        );
        assert!(verified(log, &policies).is_ok(), "{id}");
    }
}

/// The log with its last entry otherwise, and the hash made to fit.
fn forged(mut log: Vec<Stored>, change: impl FnOnce(&mut Stored)) -> Vec<Stored> {
    let last = log.last_mut().unwrap();
    change(last);
    last.hash = canonical::hash(&last.entry);
    log
}

#[test]
fn an_entry_of_a_listed_version_is_judged_by_the_guards_of_that_version() {
    let (log, policies) = first();
    for listed in [1, 2, 3] {
        let forged = forged(log.clone(), |last| {
            last.entry.rules_version = listed;
            last.entry.events.pop();
        });
        let verdict = verify(&forged, &policies);
        let kinds: Vec<_> = verdict.faults.iter().map(|fault| fault.kind).collect();
        assert_eq!(kinds, [FaultKind::Decision], "version {listed}");
        let broken = verified(&forged, &policies).unwrap_err();
        assert_eq!(broken.kind, FaultKind::Decision);
    }
}

/// One event of a log otherwise than it was decided, and every hash after it made to fit.
fn chained_again(
    mut log: Vec<Stored>,
    seq: usize,
    change: impl FnOnce(&mut Stored),
) -> Vec<Stored> {
    change(log.get_mut(seq).unwrap());
    let mut prev = None;
    for stored in &mut log {
        if let Some(prev) = prev {
            stored.entry.prev = prev;
        }
        stored.hash = canonical::hash(&stored.entry);
        prev = Some(stored.hash);
    }
    log
}

#[test]
fn one_event_less_anywhere_in_a_released_log_is_found_as_a_decision() {
    let (one, policies) = first();
    let (others, more) = second();
    let policies: Policies = policies.into_iter().chain(more).collect();
    let mut tried = 0;
    for log in std::iter::once(one).chain(others) {
        for seq in 0..log.len() {
            let forged = chained_again(log.clone(), seq, |stored| {
                stored.entry.events.pop();
            });
            let verdict = verify(&forged, &policies);
            let found = verdict.faults.iter();
            let mut found = found.filter(|fault| fault.kind == FaultKind::Decision);
            let seq = u64::try_from(seq).unwrap() + 1;
            assert!(found.any(|fault| fault.seq == seq), "{seq}: {verdict:?}");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn an_entry_of_another_version_is_shown_as_not_judged_and_nothing_is_decided_on_it() {
    let (log, policies) = first();
    // Before its end, so that something could be done next.
    let open = log.get(..3).unwrap().to_vec();
    for unlisted in [0, 4, u32::MAX] {
        let forged = forged(open.clone(), |last| last.entry.rules_version = unlisted);
        let verdict = verify(&forged, &policies);
        assert_eq!(verdict.chain_only, [3], "version {unlisted}");
        let record = verified(&forged, &policies).unwrap();
        let unjudged = Unjudged {
            seq: 3,
            rules_version: unlisted,
        };
        assert_eq!(record.unjudged, Some(unjudged));
        let next = log.get(3).unwrap();
        let policy = policies.get(&next.entry.policy_hash).unwrap();
        let decide = |command: &Command, actor: &Actor| {
            let (at, facts) = (next.entry.at, &next.entry.facts);
            record.decide(policy, command, actor, at, facts)
        };
        let refusals = decide(&next.entry.command, &next.entry.actor).unwrap_err();
        provoked::note(&refusals);
        let expected = Refusal::RulesUnknown {
            seq: 3,
            rules_version: unlisted,
        };
        assert_eq!(refusals.into_vec(), [expected]);
    }
}
