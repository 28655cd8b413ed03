//! The vectors, told over HTTP: what each step comes to is what it comes to natively and in wasm.
//!
//! Ids and salts are the host's own, and its clock does not stand still, so the bytes are others; the events, the refusals and the
//! state are not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use changegate_host_tests::{Folder, Host, Person, later, new_id, report};
use serde_json::{Value, json};

fn vectors() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let vector: Value = serde_json::from_str(&fs::read_to_string(&path).ok()?).ok()?;
        let is_story = vector["steps"].is_array();
        is_story.then(|| (path.display().to_string(), vector))
    };
    files.filter_map(read).collect()
}

/// A change of the vectors, as a client follows it.
struct Told<'a> {
    host: &'a Host,
    change: String,
    seq: u64,
    people: BTreeMap<String, Person>,
}

impl Told<'_> {
    fn person(&mut self, id: &str) -> Person {
        let sign_in = || self.host.sign_in(id);
        self.people
            .entry(id.to_owned())
            .or_insert_with(sign_in)
            .clone()
    }

    /// `null` stands for the content hash and level as they stand, `$template` for what that template fixes.
    fn filled(&self, person: &Person, mut command: Value) -> Value {
        for key in ["contentHash", "level"] {
            if command.get(key) == Some(&Value::Null) {
                command[key] = person.reading(&self.change)["change"][key].clone();
            }
        }
        let fields = command.get_mut("fields").and_then(Value::as_object_mut);
        let Some(id) = fields.and_then(|fields| fields.remove("$template")) else {
            return command;
        };
        let world = person.get("/api/load").json["world"].clone();
        let mut templates = world["templates"].as_array().unwrap().iter();
        let template = templates.find(|template| template["id"] == id).unwrap();
        for (field, value) in template["fields"].as_object().unwrap() {
            command["fields"][field] = value.clone();
        }
        command
    }

    /// The types of the events, or the codes of the refusals.
    fn take(&mut self, step: &Value) -> Value {
        let person = self.person(step["by"].as_str().unwrap());
        let command = self.filled(&person, step["command"].clone());
        let answer = person.report(&report(&self.change, self.seq, command));
        let each = |list: &Value, key: &str| -> Value {
            let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
            items.iter().map(|item| item[key].clone()).collect()
        };
        if answer.status == 200 {
            self.seq += 1;
            return json!({ "events": each(&answer.json["stored"][0]["entry"]["events"], "type") });
        }
        assert_eq!(
            (answer.status, answer.problem()),
            (422, "refused"),
            "{}",
            answer.text
        );
        json!({ "refusals": each(&answer.json["refusals"], "code") })
    }
}

fn tell(name: &str, vector: &Value) {
    let first = vector["steps"][0]["at"].as_str().unwrap();
    let host = Host::start_at(Folder::of_organisation("defra"), &later(first, -1));
    let mut told = Told {
        host: &host,
        change: new_id(),
        seq: 0,
        people: BTreeMap::new(),
    };
    for (position, step) in vector["steps"].as_array().unwrap().iter().enumerate() {
        if let Some(at) = step["at"].as_str() {
            host.move_clock(&a_moment_before(at));
        }
        let expected = ["events", "refusals"].map(|key| (key.to_owned(), step[key].clone()));
        let expected: serde_json::Map<_, _> = expected
            .into_iter()
            .filter(|(_, list)| !list.is_null())
            .collect();
        assert_eq!(
            told.take(step),
            Value::Object(expected),
            "{name}, step {position}"
        );
    }
    let reader = told.people.values().next().unwrap();
    let verdict = reader
        .get(&format!("/api/changes/{}/verdict", told.change))
        .json;
    assert_eq!(
        (&verdict["ok"], &verdict["chainOnly"]),
        (&json!(true), &json!([])),
        "{name}: {verdict}"
    );
    assert_eq!(
        reader.reading(&told.change)["change"]["state"],
        vector["state"],
        "{name}"
    );
}

/// The clock of a host does not stand still: the last moment before something is told a little earlier.
fn a_moment_before(at: &str) -> String {
    later(at, if at.ends_with(".999Z") { -10 } else { 0 })
}

#[test]
fn the_vectors_come_to_the_same_over_http() {
    let vectors = vectors();
    assert!(vectors.len() >= 2, "{}", vectors.len());
    vectors.iter().for_each(|(name, vector)| tell(name, vector));
}
