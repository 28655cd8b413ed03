//! The vectors, told natively. `CHANGEGATE_VECTORS=write cargo test --test vectors` writes anew what their steps come to.
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

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use vector::{VECTORS, accepted, tell};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn is_to_be_written() -> bool {
    std::env::var("CHANGEGATE_VECTORS").is_ok_and(|wish| wish == "write")
}

/// A vector as its file holds it: a member a line, and a step a line.
fn written(vector: &Value) -> String {
    let order = [
        "note",
        "source",
        "policy",
        "documents",
        "left",
        "steps",
        "ends",
    ];
    let lines = order.into_iter().filter_map(|key| {
        let value = vector.get(key)?;
        Some(match value {
            Value::Array(items) => {
                let items: Vec<_> = items
                    .iter()
                    .map(|item| format!("    {}", line(item)))
                    .collect();
                format!("  \"{key}\": [\n{}\n  ]", items.join(",\n"))
            }
            value => format!("  \"{key}\": {value}"),
        })
    });
    format!("{{\n{}\n}}\n", lines.collect::<Vec<_>>().join(",\n"))
}

/// A step in the order in which it is read: when, by whom, what, and what it comes to.
fn line(item: &Value) -> String {
    let Value::Object(members) = item else {
        return item.to_string();
    };
    let order = ["at", "by", "record", "command", "events", "refusals"];
    assert!(
        members.keys().all(|key| order.contains(&key.as_str())),
        "{item}"
    );
    let members = order
        .into_iter()
        .filter_map(|key| Some(format!("\"{key}\": {}", members.get(key)?)));
    format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
}

#[test]
fn the_vectors_come_to_the_bytes_they_always_came_to() {
    for (name, text) in VECTORS {
        let vector = read(text);
        let told = tell(&vector);
        if is_to_be_written() {
            fs::write(folder().join(format!("{name}.json")), written(&told)).unwrap();
            continue;
        }
        let steps = |vector: &Value| vector["steps"].as_array().unwrap().clone();
        for (position, (told, expected)) in steps(&told).iter().zip(steps(&vector)).enumerate() {
            assert_eq!(*told, expected, "{name}, step {position}");
        }
        assert_eq!(told, vector, "{name}");
    }
}

#[test]
fn every_file_of_the_vectors_is_told() {
    let files = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path());
    let stories = files.filter(|path| {
        let text = fs::read_to_string(path);
        text.is_ok_and(|text| read(&text)["steps"].is_array())
    });
    let stories: BTreeSet<_> = stories
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let told: BTreeSet<_> = VECTORS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(stories, told);
}

/// The variants of an enum, as its source names them, as the wire writes them.
fn variants(source: &str, name: &str) -> Vec<String> {
    let (_, body) = source.split_once(&format!("pub enum {name} {{")).unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    let named = lines.filter(|line| line.starts_with(char::is_uppercase));
    let variants: Vec<_> = named
        .map(|line| {
            let name: String = line
                .chars()
                .take_while(|letter| letter.is_alphanumeric())
                .collect();
            let (first, rest) = name.split_at(1);
            first.to_lowercase() + rest
        })
        .collect();
    assert!(variants.len() > 3, "{name}: {variants:?}");
    variants
}

/// Everything that can be wanted, of changes and of what lies beside them, is taken in some vector: an outcome that becomes another
/// is seen.
#[test]
fn every_command_and_every_step_is_taken_in_some_vector() {
    let within = |kind: &str, source: &str, name: &str| -> Vec<String> {
        let steps = variants(source, name).into_iter();
        steps.map(|step| format!("{kind}.{step}")).collect()
    };
    let beside = [
        within(
            "template",
            include_str!("../src/catalogue.rs"),
            "TemplateStep",
        ),
        within(
            "policy",
            include_str!("../src/publication.rs"),
            "PolicyStep",
        ),
        within("meeting", include_str!("../src/meeting.rs"), "MeetingStep"),
    ];
    let mut wanted = variants(include_str!("../src/command.rs"), "Command");
    wanted.retain(|kind| !["template", "policy", "meeting"].contains(&kind.as_str()));
    wanted.extend(beside.concat());
    let taken: BTreeSet<_> = VECTORS
        .iter()
        .flat_map(|(_, text)| accepted(&read(text)))
        .collect();
    wanted.retain(|kind| !taken.contains(kind));
    assert!(wanted.is_empty(), "in no vector: {wanted:?}");
}
