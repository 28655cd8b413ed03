//! The vectors, told over HTTP: what each step comes to is what it comes to natively and in wasm.
//!
//! Ids and salts are the host's own, and its clock does not stand still, so the bytes are others; the events, the refusals and the
//! state are not.

#[path = "../../../vector/fill.rs"]
mod fill;

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

/// The record of a step that names none.
const MAIN: &str = "main";
/// Somebody who reads everything, and may keep a policy that is not in force yet.
const READER: &str = "e1010";

/// The records of a vector, as a client follows them.
struct Told<'a> {
    host: &'a Host,
    ids: BTreeMap<String, String>,
    documents: BTreeMap<String, Value>,
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

    fn id(&mut self, record: &str) -> String {
        let id = self.ids.entry(record.to_owned());
        id.or_insert_with(new_id).clone()
    }

    /// The entries of a record; none before the first.
    fn log(&mut self, record: &str) -> Vec<Value> {
        let path = format!("/api/changes/{}", self.id(record));
        let log = self.person(READER).get(&path).json["log"].clone();
        log.as_array().cloned().unwrap_or_default()
    }

    /// What a name in a command stands for.
    fn look(&mut self, record: &str, wanted: &str) -> Value {
        let (name, of) = wanted.split_once(':').unwrap_or((wanted, ""));
        let id = self.id(record);
        let reader = self.person(READER);
        match name {
            "$contentHash" | "$level" => reader.reading(&id)["change"][&name[1..]].clone(),
            "$proposed" => {
                self.beside("template", |known| known["id"] == id)["proposed"]["contentHash"]
                    .clone()
            }
            "$record" => json!(self.id(of)),
            "$document" => self.documents[of].clone(),
            "$sealed" => {
                self.log(record)[0]["entry"]["command"]["fields"][of]["commitment"].clone()
            }
            "$template" => {
                let templates = reader.get("/api/load").json["world"]["templates"].clone();
                let mut templates = templates.as_array().unwrap().iter();
                templates.find(|known| known["id"] == of).unwrap()["fields"].clone()
            }
            _ => panic!("nothing is called {wanted}"),
        }
    }

    /// A record that is no change.
    fn beside(&mut self, kind: &str, is: impl Fn(&Value) -> bool) -> Value {
        let records = self.person(READER).get("/api/records").json["records"].clone();
        let mut found = records.as_array().unwrap().iter();
        let found = found.find(|known| known["type"] == kind && is(&known[kind]));
        found.unwrap_or_else(|| panic!("no {kind} in {records}"))[kind].clone()
    }

    /// The types of the events, or the codes of the refusals.
    fn take(&mut self, step: &Value) -> Value {
        let record = step["record"].as_str().unwrap_or(MAIN);
        let Some(by) = step["by"].as_str() else {
            return self.done_by_host(record, &step["command"]);
        };
        let mut command = step["command"].clone();
        fill::fill(&mut command, &mut |wanted| self.look(record, wanted));
        let (seq, person) = (self.log(record).len() as u64, self.person(by));
        let answer = person.report(&report(&self.id(record), seq, command));
        if answer.status == 200 {
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

    /// What the host did by its own hand when its clock was moved, or when it was started.
    fn done_by_host(&mut self, record: &str, command: &Value) -> Value {
        let step = &command["step"];
        if step["type"] == "import" || step["type"] == "initial" {
            let kind = if step["type"] == "import" {
                "template"
            } else {
                "publication"
            };
            let is = |known: &Value| kind == "publication" || known["template"] == step["template"];
            let id = self.beside(kind, is)["id"].clone();
            self.ids
                .insert(record.to_owned(), id.as_str().unwrap().to_owned());
        }
        let log = self.log(record);
        let last = &log.last().unwrap()["entry"];
        assert_eq!(last["actor"]["type"], "host", "{last}");
        let wanted = |of: &Value| (of["type"].clone(), of["step"]["type"].clone());
        assert_eq!(wanted(&last["command"]), wanted(command), "{last}");
        json!({ "events": each(&last["events"], "type") })
    }
}

fn each(list: &Value, key: &str) -> Value {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| item[key].clone()).collect()
}

/// The department with the parts of its policy that a vector has otherwise.
fn department(vector: &Value) -> (Folder, String) {
    let folder = Folder::of_organisation("defra");
    let path = folder.organisation().join("policy.json");
    let text = fs::read_to_string(&path).unwrap();
    if vector["policy"].is_array() {
        fs::write(&path, fill::patched(&text, &vector["policy"]).to_string()).unwrap();
    }
    let people = folder.organisation().join("people.csv");
    let rows = fs::read_to_string(&people).unwrap();
    fs::write(&people, with_left(&rows, &vector["left"])).unwrap();
    (folder, text)
}

/// The people, with who has left.
fn with_left(rows: &str, left: &Value) -> String {
    let left = |id: &str| {
        left.as_array()
            .is_some_and(|left| left.contains(&json!(id)))
    };
    let rows = rows.lines().enumerate().map(|(position, row)| {
        let id = row.split(',').next().unwrap();
        let mark = if position == 0 {
            "left"
        } else if left(id) {
            "yes"
        } else {
            ""
        };
        format!("{row},{mark}\n")
    });
    rows.collect()
}

fn tell(name: &str, vector: &Value) {
    let first = vector["steps"][0]["at"].as_str().unwrap();
    let (folder, policy) = department(vector);
    let host = Host::start_at(folder, &later(first, -1));
    let mut told = Told {
        host: &host,
        ids: BTreeMap::new(),
        documents: BTreeMap::new(),
        people: BTreeMap::new(),
    };
    let in_force = told.person(READER).get("/api/load").json["policyHash"].clone();
    told.documents.insert("given".to_owned(), in_force);
    for (name, parts) in vector["documents"].as_object().into_iter().flatten() {
        let sent = told
            .person(READER)
            .post("/api/policies", &fill::patched(&policy, parts));
        assert_eq!(sent.json["kept"], true, "{}", sent.text);
        told.documents
            .insert(name.clone(), sent.json["hash"].clone());
    }
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
            "{name}, step {position}: {step}"
        );
    }
    for (record, end) in vector["ends"].as_object().unwrap() {
        ended(&mut told, name, record, end);
    }
}

/// A record stands where it stands natively, and its log holds.
fn ended(told: &mut Told<'_>, name: &str, record: &str, end: &Value) {
    let (id, reader) = (told.id(record), told.person(READER));
    assert_eq!(
        json!(told.log(record).len()),
        end["entries"],
        "{name}, {record}"
    );
    let verdict = reader.get(&format!("/api/changes/{id}/verdict")).json;
    assert_eq!(
        (&verdict["ok"], &verdict["chainOnly"]),
        (&json!(true), &json!([])),
        "{name}, {record}: {verdict}"
    );
    if !end["state"].is_null() {
        assert_eq!(
            reader.reading(&id)["change"]["state"],
            end["state"],
            "{name}, {record}"
        );
    }
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
