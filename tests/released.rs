//! Logs of every released version still replay: wire names are kept for ever.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use changegate::log::{Record, Stored, verify};
use changegate::policy::{Phase, Policy};
use changegate::wire;

#[test]
fn the_log_of_the_first_version_replays_and_its_chain_holds() {
    let policy = Policy::from_json(include_str!("released/0.1.0/policy.json")).unwrap();
    let log: Vec<Stored> = wire::from_str(include_str!("released/0.1.0/log.json")).unwrap();
    assert_eq!(
        Record::replay(&log).unwrap().change.unwrap().phase,
        Phase::Closed
    );
    let verdict = verify(&log, &[(policy.hash(), policy)].into());
    let of_other_rules: Vec<u64> = log.iter().map(|stored| stored.entry.seq).collect();
    assert!(verdict.ok, "{verdict:?}");
    assert_eq!(verdict.chain_only, of_other_rules);
}
