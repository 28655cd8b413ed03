//! How many reports a second the host makes durable, with one commit a report and with commits shared.
//!
//! `cargo run --release --package changegate-host-tests --example throughput [SECONDS]`

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use changegate_host_tests::{Change, Folder, Host, Person};
use serde_json::json;

/// How many people report at the same time.
const PEOPLE: usize = 64;
/// How many entries a change of theirs gets before they begin another.
const ENTRIES: u64 = 8;

fn main() {
    let seconds = env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(10);
    let alone = reports_a_second(seconds, "1");
    let shared = reports_a_second(seconds, "256");
    println!("one commit a report  {alone:>6} reports a second");
    println!("commits shared       {shared:>6} reports a second");
    println!(
        "ratio                {:>6.1}",
        f64::from(shared) / f64::from(alone)
    );
}

fn reports_a_second(seconds: u32, together: &str) -> u32 {
    let more = [
        "--requests-per-second",
        "1000000",
        "--reports-per-commit",
        together,
    ];
    let host = Arc::new(Host::start_with(Folder::of_workshop(), &more));
    let (taken, is_over) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let people: Vec<_> = (0..PEOPLE)
        .map(|_| {
            let (host, taken, is_over) =
                (Arc::clone(&host), Arc::clone(&taken), Arc::clone(&is_over));
            let person = host.sign_in("ada").alone();
            thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    carry(&host, &person, &taken);
                }
            })
        })
        .collect();
    thread::sleep(Duration::from_secs(1));
    let before = taken.load(Ordering::Relaxed);
    thread::sleep(Duration::from_secs(seconds.into()));
    let after = taken.load(Ordering::Relaxed);
    is_over.store(true, Ordering::Relaxed);
    for person in people {
        person.join().expect("a person");
    }
    u32::try_from((after - before) / u64::from(seconds)).expect("no machine is that fast")
}

fn carry(host: &Host, person: &Person, taken: &AtomicU64) {
    let mut change = Change::submitted(host, person);
    taken.fetch_add(1, Ordering::Relaxed);
    for _ in 1..ENTRIES {
        change.accepted(
            person,
            json!({ "type": "comment", "text": "The spare blade has arrived." }),
        );
        taken.fetch_add(1, Ordering::Relaxed);
    }
    change.accepted(
        person,
        json!({ "type": "move", "transition": "drop", "reason": "Enough." }),
    );
    taken.fetch_add(1, Ordering::Relaxed);
}
