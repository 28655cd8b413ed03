//! A record knows when it is whole: what a disk did to the database is said, and never served or decided on.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use changegate_host_tests::{Answer, Change, Folder, Host, Person, run};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

/// The entries that the found log had, and some.
const COMMENTS: u64 = 49;

/// A host with a change that has many entries, and one that has few.
fn with_two_changes() -> (Host, Change, Change) {
    let host = Host::start_with(Folder::of_workshop(), &["--requests-per-second", "10000"]);
    let ada = host.sign_in("ada");
    let mut long = Change::submitted(&host, &ada);
    for count in 0..COMMENTS {
        long.accepted(
            &ada,
            json!({ "type": "comment", "text": format!("Comment {count}") }),
        );
    }
    let mut short = Change::submitted(&host, &ada);
    short.accepted(&ada, json!({ "type": "comment", "text": "Alone" }));
    (host, long, short)
}

fn is_broken(answer: &Answer) -> bool {
    (answer.status, answer.problem()) == (500, "log.broken")
}

/// Every way to read a change and to act on it says that it is broken.
fn is_refused_everywhere(ada: &Person, change: &Change) {
    let path = format!("/api/changes/{}", change.id);
    for answer in [
        ada.get(&path),
        ada.get(&format!("{path}/adoption")),
        ada.post("/api/permitted", &json!({ "changeId": change.id })),
        change.sent(ada, json!({ "type": "comment", "text": "More" })),
    ] {
        assert!(is_broken(&answer), "{}: {}", answer.status, answer.text);
    }
    let verdict = ada.get(&format!("{path}/verdict"));
    assert!(
        is_broken(&verdict) || verdict.json["ok"] == false,
        "{}",
        verdict.text
    );
}

fn alter(host: &Host, statement: &str, of: &[&str]) {
    let altered = host
        .folder
        .open_database()
        .execute(statement, rusqlite::params_from_iter(of))
        .unwrap();
    assert!(altered > 0, "{statement}");
}

#[test]
fn last_entries_that_are_gone_are_missed() {
    let (host, long, short) = with_two_changes();
    let ada = host.sign_in("ada");
    alter(
        &host,
        "DELETE FROM entries WHERE change_id = ? AND seq > 29",
        &[&long.id],
    );
    alter(
        &host,
        "DELETE FROM texts WHERE change_id = ? AND seq > 29",
        &[&long.id],
    );
    is_refused_everywhere(&ada, &long);
    let earlier = Change { seq: 29, ..long };
    is_refused_everywhere(&ada, &earlier);
    assert_eq!(ada.log(&short.id).len(), 2, "others go on");
}

#[test]
fn a_record_that_is_gone_whole_is_missed() {
    let (host, _, short) = with_two_changes();
    let ada = host.sign_in("ada");
    alter(&host, "DELETE FROM texts WHERE change_id = ?", &[&short.id]);
    alter(
        &host,
        "DELETE FROM entries WHERE change_id = ?",
        &[&short.id],
    );
    is_refused_everywhere(&ada, &short);
    let again = Change { seq: 0, ..short };
    let fields = changegate_host_tests::draft(&host.now());
    let submitted = again.sent(
        &ada,
        json!({ "type": "submit", "model": "planned", "language": "en", "fields": fields }),
    );
    assert!(is_broken(&submitted), "{}", submitted.text);
}

#[test]
fn records_that_were_exchanged_are_not_served_as_each_other() {
    let (host, long, short) = with_two_changes();
    let ada = host.sign_in("ada");
    for table in ["entries", "texts"] {
        let swap = format!(
            "UPDATE {table} SET change_id = CASE change_id WHEN ?1 THEN ?2 ELSE ?1 END, seq = seq + 1000 WHERE change_id IN (?1, ?2)"
        );
        alter(&host, &swap, &[&long.id, &short.id]);
        alter(
            &host,
            &format!("UPDATE {table} SET seq = seq - 1000 WHERE seq > 1000"),
            &[],
        );
    }
    is_refused_everywhere(&ada, &long);
    is_refused_everywhere(&ada, &short);
}

/// The heads too, so that only the entries themselves can tell.
#[test]
fn records_that_were_exchanged_with_their_heads_are_not_served_as_each_other() {
    let (host, long, short) = with_two_changes();
    let ada = host.sign_in("ada");
    for (table, id) in [
        ("entries", "change_id"),
        ("texts", "change_id"),
        ("heads", "record_id"),
    ] {
        for (from, to) in [
            (&*long.id, "aside"),
            (&*short.id, &*long.id),
            ("aside", &*short.id),
        ] {
            alter(
                &host,
                &format!("UPDATE {table} SET {id} = ?2 WHERE {id} = ?1"),
                &[from, to],
            );
        }
    }
    is_refused_everywhere(&ada, &long);
    is_refused_everywhere(&ada, &short);
}

#[test]
fn a_text_that_is_gone_is_not_decided_without() {
    let (host, long, _) = with_two_changes();
    let ada = host.sign_in("ada");
    alter(
        &host,
        "DELETE FROM texts WHERE change_id = ? AND text = 'Comment 7'",
        &[&long.id],
    );
    is_refused_everywhere(&ada, &long);
}

#[test]
fn an_entry_that_is_no_text_any_more_is_broken_and_not_to_be_sent_again() {
    let (host, long, _) = with_two_changes();
    let ada = host.sign_in("ada");
    alter(
        &host,
        "UPDATE entries SET entry = CAST(x'7bff7d' AS TEXT) WHERE change_id = ? AND seq = 3",
        &[&long.id],
    );
    is_refused_everywhere(&ada, &long);
}

#[test]
fn a_damaged_row_of_a_list_costs_that_row_and_is_made_again_by_a_command() {
    let (host, long, short) = with_two_changes();
    let ada = host.sign_in("ada");
    let before = ada.get("/api/changes").json;
    alter(
        &host,
        "UPDATE changes SET summary = replace(summary, 'Sharpen', 'Sharper') WHERE id = ?",
        &[&long.id],
    );
    let damaged = json!({ "id": long.id, "damaged": true });
    let others = |list: &Value| {
        let rows = list.as_array().unwrap().iter();
        rows.filter(|row| row["id"] != long.id.as_str())
            .cloned()
            .collect::<Vec<_>>()
    };
    let shown = |host: &Host| {
        let list = ada.moved_to(host).get("/api/changes");
        assert_eq!(list.status, 200, "{}", list.text);
        let rows = list.json.as_array().unwrap();
        assert!(rows.contains(&damaged), "{}", list.text);
        assert_eq!(others(&list.json), others(&before));
    };
    shown(&host);
    assert_eq!(
        ada.get("/api/load").json["world"]["changes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let host = host.restart();
    shown(&host);

    let (folder, _) = host.stop();
    let rebuilt = run(&["rebuild", "--data", folder.data().to_str().unwrap()]);
    let said = String::from_utf8_lossy(&rebuilt.stdout);
    assert!(
        rebuilt.status.success() && said.contains("0 are damaged"),
        "{said}"
    );
    let host = Host::start_with(folder, &[]);
    assert_eq!(ada.moved_to(&host).get("/api/changes").json, before);
    assert_eq!(ada.moved_to(&host).log(&short.id).len(), 2);
}

#[test]
fn what_others_read_of_a_change_is_made_from_its_log_where_it_is_damaged() {
    let (host, long, _) = with_two_changes();
    let ada = host.sign_in("ada");
    let before = ada.get("/api/load").json["world"].clone();
    let notices = ada.get("/api/notices").text;
    let notice = ada.get(&format!("/api/notices/{}", long.id)).text;
    alter(
        &host,
        "UPDATE beside SET is_open = 0, related = '{}' WHERE change_id = ?",
        &[&long.id],
    );
    alter(
        &host,
        "UPDATE changes SET booking = NULL WHERE id = ?",
        &[&long.id],
    );
    let sorted = |world: &Value| {
        let mut related: Vec<String> = world["related"]
            .as_array()
            .unwrap()
            .iter()
            .map(Value::to_string)
            .collect();
        related.sort();
        (related, world["changes"].as_array().unwrap().len())
    };
    let after = ada.get("/api/load").json["world"].clone();
    assert_eq!(sorted(&after), sorted(&before));
    assert_eq!(ada.get("/api/notices").text, notices);
    assert_eq!(ada.get(&format!("/api/notices/{}", long.id)).text, notice);
}

#[test]
fn a_damaged_session_is_nobody_else_s() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    alter(&host, "UPDATE sessions SET person = 'ben'", &[]);
    let answer = ada.get("/api/load");
    assert_eq!(answer.status, 401, "{}", answer.text);
}

#[test]
fn the_answer_to_a_report_is_not_given_from_a_damaged_row() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let mut change = Change::submitted(&host, &ada);
    let comment = change.report(json!({ "type": "comment", "text": "Once" }));
    let first = ada.report(&comment);
    change.seq += 1;
    alter(&host, "UPDATE outcomes SET seq = 1 WHERE seq = 2", &[]);
    assert!(is_broken(&ada.report(&comment)));
    alter(&host, "DELETE FROM outcomes WHERE seq = 1", &[]);
    let again = ada.report(&comment);
    assert!(is_broken(&again), "{} and not {}", again.text, first.text);
}

#[test]
fn a_number_is_given_once_though_the_count_is_damaged() {
    let (host, _, _) = with_two_changes();
    let ada = host.sign_in("ada");
    alter(
        &host,
        "UPDATE counters SET value = 0 WHERE name LIKE 'numbers-%'",
        &[],
    );
    let third = Change::submitted(&host, &ada);
    let list = ada.get("/api/changes").json;
    let row = list
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == third.id.as_str())
        .unwrap();
    assert!(row["number"].as_str().unwrap().ends_with("-0003"), "{row}");
}

#[test]
fn a_damaged_record_of_a_template_or_a_policy_that_is_not_in_force_costs_itself() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let change = Change::submitted(&host, &ada);
    let (folder, _) = host.stop();
    folder
        .open_database()
        .execute(
            "UPDATE entries SET entry = replace(entry, '{', '[') WHERE change_id = ?",
            params![change.id],
        )
        .unwrap();
    folder
        .open_database()
        .execute(
            "INSERT INTO policies (hash, document) VALUES ('00', '{}')",
            [],
        )
        .unwrap();
    let host = Host::start_with(folder, &[]);
    let ada = host.sign_in("ada");
    is_refused_everywhere(&ada, &change);
    assert_eq!(Change::submitted(&host, &ada).seq, 1);
}

/// A database of the host before this one has no heads: they are made while all of it is read.
#[test]
fn a_database_of_an_earlier_host_is_taken_over_whole_or_said() {
    let (host, long, short) = with_two_changes();
    let ada = host.sign_in("ada");
    let (logs, list) = (ada.log(&long.id), ada.get("/api/changes").json);
    let (folder, _) = host.stop();
    make_earlier(&folder.open_database());
    folder
        .open_database()
        .execute(
            "DELETE FROM entries WHERE change_id = ? AND seq = 2",
            params![short.id],
        )
        .unwrap();
    folder
        .open_database()
        .execute(
            "DELETE FROM texts WHERE change_id = ? AND seq = 2",
            params![short.id],
        )
        .unwrap();
    let host = Host::start_with(folder, &[]);
    let ada = host.sign_in("ada");
    assert_eq!(ada.log(&long.id), logs);
    is_refused_everywhere(&ada, &short);
    let rows = ada.get("/api/changes").json;
    let row = |list: &Value, id: &str| {
        list.as_array()
            .unwrap()
            .iter()
            .find(|row| row["id"] == id)
            .cloned()
            .unwrap()
    };
    assert_eq!(row(&rows, &long.id), row(&list, &long.id));
    assert_eq!(
        row(&rows, &short.id),
        json!({ "id": short.id, "damaged": true })
    );
}

fn make_earlier(database: &Connection) {
    database
        .execute_batch(
            "UPDATE changes SET summary = json_remove(summary, '$.policyHash');
             DROP TABLE heads;
             ALTER TABLE counters DROP COLUMN seal;
             ALTER TABLE changes DROP COLUMN seal;
             ALTER TABLE beside DROP COLUMN seal;
             ALTER TABLE records DROP COLUMN seal;
             ALTER TABLE outcomes DROP COLUMN seal;
             ALTER TABLE sessions DROP COLUMN seal;
             CREATE INDEX open_changes ON beside (change_id) WHERE is_open;
             PRAGMA user_version = 2;",
        )
        .unwrap();
}

/// What is true of the database before anything is flipped.
struct Truth {
    logs: BTreeMap<String, Vec<Value>>,
    rows: BTreeMap<String, Value>,
    records: Vec<Value>,
    report: Value,
    answer: String,
}

impl Truth {
    fn of(host: &Host, changes: &[&Change]) -> Self {
        let ada = host.sign_in("ada");
        let mut last = Change {
            id: changes[0].id.clone(),
            start: String::new(),
            seq: changes[0].seq,
        };
        let report = last.report(json!({ "type": "comment", "text": "Retried" }));
        let answer = ada.report(&report);
        assert_eq!(answer.status, 200);
        last.seq += 1;
        let rows = ada.get("/api/changes").json;
        let rows = rows.as_array().unwrap().iter();
        let records = ada.get("/api/records").json["records"].clone();
        Self {
            logs: changes
                .iter()
                .map(|change| (change.id.clone(), ada.log(&change.id)))
                .collect(),
            rows: rows
                .map(|row| (row["id"].as_str().unwrap().to_owned(), row.clone()))
                .collect(),
            records: records.as_array().unwrap().clone(),
            report,
            answer: answer.text,
        }
    }

    /// Every answer is right, or says that something is damaged. Says how many did.
    fn holds_at(&self, host: &Host, which: &str) -> usize {
        let Some(ada) = signed_in(host) else { return 1 };
        let (mut said, mut damaged) = (0, 0);
        let mut is_said = |answer: &Answer| {
            let said_so = is_broken(answer) || answer.problem() == "policy.missing";
            said += usize::from(said_so);
            said_so
        };
        for (id, log) in &self.logs {
            let answer = ada.get(&format!("/api/changes/{id}"));
            assert!(
                is_said(&answer) || answer.json["log"] == json!(log),
                "{which}: a log is served otherwise: {}",
                answer.text
            );
            let change = Change {
                id: id.clone(),
                start: String::new(),
                seq: log.len() as u64,
            };
            let stale = Change {
                seq: 1,
                ..change.clone()
            };
            let stale = stale.sent(&ada, json!({ "type": "comment", "text": "Late" }));
            assert!(
                is_said(&stale) || stale.status == 409,
                "{which}: {}",
                stale.text
            );
        }
        let list = ada.get("/api/changes");
        if !is_said(&list) {
            damaged = self.lists(&list, which);
        }
        let records = ada.get("/api/records");
        if !is_said(&records) {
            let shown = records.json["records"].as_array().unwrap();
            assert!(
                shown.iter().all(|record| self.records.contains(record)),
                "{which}: {}",
                records.text
            );
            let count = shown.len() + records.json["damaged"].as_array().map_or(0, Vec::len);
            assert!(count >= self.records.len(), "{which}: {}", records.text);
        }
        let again = ada.report(&self.report);
        assert!(
            is_said(&again) || again.text == self.answer,
            "{which}: {}",
            again.text
        );
        for (id, log) in &self.logs {
            let change = Change {
                id: id.clone(),
                start: String::new(),
                seq: log.len() as u64,
            };
            let next = change.sent(&ada, json!({ "type": "comment", "text": "Next" }));
            let seq = &next.json["stored"][0]["entry"]["seq"];
            assert!(
                is_said(&next) || *seq == json!(log.len() + 1),
                "{which}: {}",
                next.text
            );
        }
        said + damaged
    }

    /// Says how many rows are told to be damaged.
    fn lists(&self, list: &Answer, which: &str) -> usize {
        let shown = list.json.as_array().unwrap();
        for (id, row) in &self.rows {
            let found = shown.iter().find(|shown| shown["id"] == id.as_str());
            assert!(
                found.is_some_and(|found| found == row || found["damaged"] == true),
                "{which}: {id} is shown otherwise: {}",
                list.text
            );
        }
        let known =
            |row: &Value| row["damaged"] == true || self.rows.values().any(|known| known == row);
        assert!(shown.iter().all(known), "{which}: {}", list.text);
        shown.iter().filter(|row| row["damaged"] == true).count()
    }
}

fn signed_in(host: &Host) -> Option<Person> {
    let answer = host
        .web
        .post("/api/demo/session", &json!({ "person": "ada" }));
    let token = answer.json["token"].as_str()?;
    Some(Person::new(host.web.clone(), "ada", token.to_owned()))
}

/// A generator that gives the same numbers each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// The pages of the file by what lies in them.
fn pages(database: &Connection) -> BTreeMap<String, Vec<usize>> {
    let mut select = database
        .prepare("SELECT name, pageno FROM dbstat WHERE name NOT LIKE 'sqlite_schema'")
        .unwrap();
    let rows = select
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, usize>(1)?))
        })
        .unwrap();
    let mut pages: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in rows {
        let (name, page) = row.unwrap();
        pages.entry(name).or_default().push(page);
    }
    pages
}

fn flip(file: &Path, bit: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    fs::write(file, bytes).unwrap();
}

#[test]
fn whatever_bit_of_the_database_flips_every_answer_is_right_or_says_so() {
    let (host, long, short) = with_two_changes();
    let truth = Truth::of(&host, &[&long, &short]);
    let (folder, _) = host.stop();
    let whole = fs::read(folder.database()).unwrap();
    let pages = pages(&folder.open_database());
    let size = 4_096;
    let mut chance = Chance(43);
    let (mut said, mut unstarted) = (0, Vec::new());
    let mut folder = folder;
    // Logs, heads and lists in turn with everything that there is.
    let read = [
        "entries",
        "heads",
        "texts",
        "changes",
        "sqlite_autoindex_entries_1",
        "beside",
    ];
    let all = pages.keys().map(String::as_str).cycle();
    let rounds = read
        .into_iter()
        .cycle()
        .zip(all)
        .flat_map(|(one, other)| [one, other]);
    let rounds: Vec<&str> = rounds.take(FLIPS).collect();
    for (round, name) in rounds.into_iter().enumerate() {
        let page = pages[name][chance.below(pages[name].len())] - 1;
        let at = loop {
            // Half of them in what a page begins with: its head and where its cells are. The others where something is written.
            let within = if round % 4 < 2 { 64 } else { size };
            let at = page * size + chance.below(within);
            if round % 4 < 2 || whole[at] != 0 {
                break at;
            }
        };
        let bit = at * 8 + chance.below(8);
        fs::write(folder.database(), &whole).unwrap();
        flip(&folder.database(), bit);
        let which = format!("bit {bit} in a page of {name}");
        let host = match Host::try_start_with(folder, &["--requests-per-second", "10000"]) {
            Ok(host) => host,
            Err((left, words)) => {
                assert!(
                    words.contains("restore") || words.contains("rebuild"),
                    "{which}: {words}"
                );
                unstarted.push(which);
                folder = left;
                continue;
            }
        };
        said += usize::from(truth.holds_at(&host, &which) > 0);
        folder = host.kill();
        for more in ["changegate.db-wal", "changegate.db-shm"] {
            let _ = fs::remove_file(folder.data().join(more));
        }
    }
    assert!(said > FLIPS / 5, "only {said} of {FLIPS} flips were met");
    assert!(
        unstarted.len() < FLIPS / 4,
        "kept the host from starting: {unstarted:?}"
    );
}

const FLIPS: usize = 60;
