//! The core natively, on one thread: what it costs to check logs over their stored bytes, beside hashing those bytes.
//! Prints JSON.
//!
//! `native [ENTRIES]`
#![expect(
    clippy::disallowed_methods,
    reason = "it measures time; nothing here decides about a change"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use changegate::canonical;
use changegate::log::{Record, Stored, verify};
use changegate::wire;
use serde_json::{Value, json};

#[path = "../../../story/mod.rs"]
mod story;

const ROUNDS: usize = 9;

fn main() {
    let wanted = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(20_000);
    let told = life();
    let policies = BTreeMap::from([(told.policy.hash(), told.policy)]);
    let changes = wanted / told.log.len();
    let stored = serde_json::to_string(&told.log).expect("a log prints");
    let entries: Vec<String> = told
        .log
        .iter()
        .map(|stored| canonical::to_string(&stored.entry))
        .collect();
    let read = || -> Vec<Stored> { wire::from_str(&stored).expect("a log reads") };
    let check = |log: &[Stored]| assert!(Record::replay(log).is_ok(), "the log does not hold");
    let decide = |log: &[Stored]| assert!(verify(log, &policies).ok, "the log does not verify");
    let log = read();
    let measured = millis(
        changes,
        &[
            ("hashStored", &|| hash(&stored)),
            ("hashEntries", &|| entries.iter().for_each(hash)),
            ("read", &|| drop(black_box(read()))),
            ("chain", &|| check(&log)),
            ("chainOverStoredBytes", &|| check(&read())),
            ("chainAndDecisions", &|| decide(&log)),
        ],
    );
    println!(
        "{}",
        json!({ "entries": changes * log.len(), "bytes": changes * stored.len(), "millis": measured })
    );
}

fn hash(text: &String) {
    black_box(canonical::sha256(text.as_bytes()));
}

/// The life of the vector: a change with every kind of entry but an erasure.
fn life() -> story::Story {
    let text = include_str!("../../../vectors/life.json");
    let vector: Value = serde_json::from_str(text).expect("the vector is JSON");
    let mut story = story::given(story::DEFRA);
    for step in vector["steps"].as_array().expect("it has steps") {
        if let Some(at) = step["at"].as_str() {
            story.at(at);
        }
        let by = step["by"].as_str().expect("somebody does it");
        let _refused_or_not = story.when(by, step["command"].clone());
    }
    story
}

/// Each work so many times, the works in turn; of each the middle of all rounds, in milliseconds.
fn millis(times: usize, works: &[(&str, &dyn Fn())]) -> BTreeMap<String, f64> {
    let mut runs: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for (name, work) in works {
            let start = Instant::now();
            (0..times).for_each(|_| work());
            let took = start.elapsed().as_secs_f64() * 1000.0;
            runs.entry((*name).to_owned()).or_default().push(took);
        }
    }
    let middle = |mut runs: Vec<f64>| {
        runs.sort_by(f64::total_cmp);
        (runs[runs.len() / 2] * 10.0).round() / 10.0
    };
    runs.into_iter()
        .map(|(name, runs)| (name, middle(runs)))
        .collect()
}
