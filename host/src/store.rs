//! What is kept, in one SQLite database.
//!
//! The contract that another database has to keep too:
//! - what was done since [`Store::begin`] is there after a power failure once [`Store::commit`] has returned, and nothing of it
//!   is if that failed;
//! - an [`Attempt`] that is taken back takes nothing else with it;
//! - reads within one [`Store::snapshot`] see one state;
//! - a report id, and the sequence within a change, exist once for ever;
//! - an erased text is gone from the files after [`Store::scrub`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use changegate::id::{ChangeId, PersonId};
use changegate::log::{Entry, Sealed, Stored};
use changegate::notice::Notice;
use changegate::other::Other;
use changegate::policy::Policy;
use changegate::time::Instant;
use changegate::value::Digest;
use changegate::wire::Decode;
use changegate::world::{Booking, RelatedChange, Run};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};

use crate::fault::Fault;
use crate::problem::Problem;
use crate::summary::ChangeSummary;

/// The file in the data folder.
const FILE: &str = "changegate.db";
/// How long one connection waits for another.
const PATIENCE: Duration = Duration::from_secs(10);
/// The layout below.
const LAYOUT: i64 = 2;

const TABLES: &str = "
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE policies (hash TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
CREATE TABLE changes (
    id TEXT PRIMARY KEY, policy_hash TEXT NOT NULL REFERENCES policies (hash), number TEXT NOT NULL UNIQUE,
    updated_at_ms INTEGER NOT NULL, summary TEXT NOT NULL, booking TEXT
) STRICT;
CREATE TABLE entries (
    change_id TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (change_id, seq)
) STRICT;
CREATE TABLE texts (
    change_id TEXT NOT NULL, seq INTEGER NOT NULL, commitment TEXT NOT NULL, salt TEXT NOT NULL, text TEXT NOT NULL,
    by TEXT NOT NULL, PRIMARY KEY (change_id, seq, commitment)
) STRICT;
CREATE TABLE outcomes (
    report_id TEXT PRIMARY KEY, person TEXT NOT NULL, salt BLOB, body_hash BLOB, change_id TEXT NOT NULL, seq INTEGER, refusal TEXT
) STRICT;
CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, person TEXT NOT NULL, expires_at_ms INTEGER NOT NULL) STRICT;
";

/// What the second layout has beside: records that are no changes, what other changes read of a change, and the files of
/// evidence: those that arrived and nobody names yet, those that a change names, and those that are to be deleted.
const TABLES_2: &str = "
CREATE TABLE records (id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL) STRICT;
CREATE TABLE beside (change_id TEXT PRIMARY KEY, is_open INTEGER NOT NULL, targets TEXT NOT NULL,
    related TEXT NOT NULL, run TEXT, notice TEXT) STRICT;
CREATE INDEX open_changes ON beside (change_id) WHERE is_open;
CREATE TABLE arrivals (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, person TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
CREATE TABLE named_files (change_id TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (change_id, sha256)) STRICT;
CREATE INDEX changes_of_files ON named_files (sha256);
CREATE TABLE doomed_files (sha256 TEXT PRIMARY KEY) STRICT;
";

/// One connection to the database.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
}

/// What became of a report.
#[derive(Debug)]
pub struct Outcome {
    /// Who sent it.
    pub person: PersonId,
    /// The salted hash of its body; none once a text of it was erased, as the hash would confirm a guess at it.
    pub body: Option<SaltedHash>,
    /// The answer.
    pub verdict: Verdict,
}

/// How a part of what is done together ends.
#[derive(Clone, Copy, Debug)]
pub enum Attempt {
    /// It stands.
    Stands,
    /// It is taken back.
    TakenBack,
}

/// A hash that nobody can compute without its salt.
#[derive(Debug)]
pub struct SaltedHash {
    /// The salt.
    pub salt: [u8; 16],
    /// The hash.
    pub hash: [u8; 32],
}

/// The answer to a report.
#[derive(Debug)]
pub enum Verdict {
    /// It became this entry.
    Accepted {
        /// Of which change.
        change: ChangeId,
        /// Which entry.
        seq: u64,
    },
    /// It was refused with this body.
    Refused {
        /// Problem details.
        body: String,
    },
}

/// An entry as it lies in the database, not yet read.
#[derive(Debug)]
pub struct Written {
    /// Which entry.
    pub seq: u64,
    /// Its hash, as text.
    pub hash: String,
    /// Its canonical form.
    pub entry: String,
    /// What lies beside it.
    pub values: BTreeMap<Digest, Sealed>,
}

impl Written {
    /// It as it is served, in canonical form; for an entry that was verified.
    pub fn json(&self) -> String {
        let Self {
            hash,
            entry,
            values,
            ..
        } = self;
        let values = changegate::canonical::to_string(values);
        format!("{{\"entry\":{entry},\"hash\":\"{hash}\",\"values\":{values}}}")
    }

    fn read(self) -> Result<Stored, Unreadable> {
        let unreadable = Unreadable::Entry { seq: self.seq };
        let entry = serde_json::from_str::<Entry>(&self.entry)
            .ok()
            .zip(self.hash.parse().ok());
        let (entry, hash) = entry.ok_or(unreadable)?;
        Ok(Stored {
            entry,
            hash,
            values: self.values,
        })
    }
}

/// Reads entries.
///
/// # Errors
/// Which of them is none.
pub fn read(written: Vec<Written>) -> Result<Vec<Stored>, Unreadable> {
    written.into_iter().map(Written::read).collect()
}

/// Why a log could not be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The database failed.
    Database(rusqlite::Error),
    /// The text of an entry is none.
    Entry {
        /// Which entry.
        seq: u64,
    },
}

impl From<rusqlite::Error> for Unreadable {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Database(error) => error.into(),
            Unreadable::Entry { seq } => Self::broken_log(format!(
                "entry {seq} is not as it was written, so the record is not served; restore the database from a backup"
            )),
        }
    }
}

/// What others read of a change.
#[derive(Debug)]
pub struct Beside {
    /// Whether anything may still happen to it.
    pub is_open: bool,
    /// The changes to which it stands in some way.
    pub targets: Vec<ChangeId>,
    /// Where it stands, for those that stand to it in some way.
    pub related: RelatedChange,
    /// The work that was reported.
    pub run: Option<Run>,
    /// What everybody may know of it.
    pub notice: Option<Notice>,
}

/// What this host wrote reads back; anything else is a broken database.
fn parsed<T: Decode>(text: &str) -> rusqlite::Result<T> {
    changegate::wire::from_str(text).map_err(|fault| {
        let fault = Box::<dyn std::error::Error + Send + Sync>::from(fault.to_string());
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, fault)
    })
}

/// The database file within a data folder.
pub fn file(data: &Path) -> PathBuf {
    data.join(FILE)
}

impl Store {
    /// Opens the database for writing, and makes it where there is none.
    ///
    /// # Errors
    /// That it cannot be opened or written, and what to do.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let explain = |error: rusqlite::Error| Fault::about(path, explanation(&error));
        let store = Self {
            connection: Connection::open(path).map_err(explain)?,
        };
        store.connection.busy_timeout(PATIENCE).map_err(explain)?;
        if store
            .connection
            .is_readonly(rusqlite::MAIN_DB)
            .map_err(explain)?
        {
            return Err(Fault::about(path, READ_ONLY));
        }
        store.prepare().map_err(explain)?;
        store
            .lay_out()
            .map_err(|fault| fault.within(format!("{}: ", path.display())))?;
        // A host that was killed after an erasure may have left the text in the write-ahead log.
        store.scrub().map_err(explain)?;
        Ok(store)
    }

    /// Opens a second connection that only reads.
    ///
    /// # Errors
    /// That it cannot be opened.
    pub fn reader(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Self { connection })
    }

    /// `synchronous=FULL`: a commit has returned only when it is on disk. `secure_delete`: what is deleted is overwritten.
    fn prepare(&self) -> rusqlite::Result<()> {
        self.connection.pragma_update(None, "journal_mode", "wal")?;
        self.connection.pragma_update(None, "synchronous", "full")?;
        self.connection.pragma_update(None, "secure_delete", true)?;
        self.connection.pragma_update(None, "foreign_keys", true)?;
        self.connection.pragma_update(None, "temp_store", "memory")
    }

    fn lay_out(&self) -> Result<(), Fault> {
        let transaction = self.connection.unchecked_transaction()?;
        match transaction.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? {
            0 => {
                transaction.execute_batch(TABLES)?;
                transaction.execute_batch(TABLES_2)?;
            }
            1 => transaction.execute_batch(TABLES_2)?,
            LAYOUT => {}
            other => {
                return Err(Fault::new(format!(
                    "has layout {other}, this host reads {LAYOUT}; run the host that made it"
                )));
            }
        }
        transaction.pragma_update(None, "user_version", LAYOUT)?;
        Ok(transaction.commit()?)
    }

    /// Begins what is done together.
    ///
    /// # Errors
    /// That the database failed.
    pub fn begin(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE")
    }

    /// Makes what was done together durable.
    ///
    /// # Errors
    /// That the database failed; then nothing of it was done.
    pub fn commit(&self) -> rusqlite::Result<()> {
        let committed = self.connection.execute_batch("COMMIT");
        if committed.is_err() && !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK")?;
        }
        committed
    }

    /// Begins a part of what is done together that can be taken back alone.
    ///
    /// # Errors
    /// That the database failed, or gave up what is done together.
    pub fn begin_attempt(&self) -> rusqlite::Result<()> {
        // A disk that is full ends the whole transaction; an attempt after that would be one of its own.
        if self.connection.is_autocommit() {
            return Err(rusqlite::Error::InvalidQuery);
        }
        self.connection.execute_batch("SAVEPOINT attempt")
    }

    /// Ends that part: it stands, or it is taken back.
    ///
    /// # Errors
    /// That the database failed.
    pub fn end_attempt(&self, attempt: Attempt) -> rusqlite::Result<()> {
        self.connection.execute_batch(match attempt {
            Attempt::Stands => "RELEASE attempt",
            Attempt::TakenBack => "ROLLBACK TO attempt; RELEASE attempt",
        })
    }

    /// Reads one state, whatever is written meanwhile.
    ///
    /// # Errors
    /// What `read` says.
    pub fn snapshot<T, E: From<rusqlite::Error>>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = self.connection.unchecked_transaction()?;
        let value = read(self)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Leaves nothing of what was deleted in the log file of the database.
    ///
    /// # Errors
    /// That a reader holds it for longer than anybody should.
    pub fn scrub(&self) -> rusqlite::Result<()> {
        let busy: i64 =
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 {
            Ok(())
        } else {
            Err(rusqlite::Error::QueryReturnedNoRows)
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// That it does not.
    pub fn answers(&self) -> rusqlite::Result<()> {
        self.connection
            .query_row("SELECT count(*) FROM counters", [], |_| Ok(()))
    }

    /// The entries of a change with the texts that are still there; empty where there is no such change.
    ///
    /// # Errors
    /// That the database failed, or which entry cannot be read.
    pub fn log(&self, change: &ChangeId) -> Result<Vec<Stored>, Unreadable> {
        read(self.written(change)?)
    }

    /// The same as they lie in the database, not yet read.
    ///
    /// # Errors
    /// That the database failed.
    pub fn written(&self, change: &ChangeId) -> rusqlite::Result<Vec<Written>> {
        let mut texts = self.texts(change)?;
        let mut select = self.connection.prepare_cached(
            "SELECT seq, hash, entry FROM entries WHERE change_id = ? ORDER BY seq",
        )?;
        let rows = select.query_map([change.as_str()], |row| {
            let seq = row.get(0)?;
            let values = texts.remove(&seq).unwrap_or_default();
            Ok(Written {
                seq,
                hash: row.get(1)?,
                entry: row.get(2)?,
                values,
            })
        })?;
        rows.collect()
    }

    fn texts(
        &self,
        change: &ChangeId,
    ) -> rusqlite::Result<BTreeMap<u64, BTreeMap<Digest, Sealed>>> {
        let mut select = self.connection.prepare_cached(
            "SELECT seq, commitment, salt, text, by FROM texts WHERE change_id = ?",
        )?;
        let mut rows = select.query([change.as_str()])?;
        let mut texts: BTreeMap<u64, BTreeMap<Digest, Sealed>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let sealed = Sealed {
                salt: row.get(2)?,
                text: row.get(3)?,
                by: PersonId(row.get(4)?),
            };
            texts
                .entry(row.get(0)?)
                .or_default()
                .insert(digest(row, 1)?, sealed);
        }
        Ok(texts)
    }

    /// Appends an entry and what lies beside it.
    ///
    /// # Errors
    /// That the database failed.
    pub fn append(&self, stored: Stored) -> rusqlite::Result<Written> {
        let change = stored.entry.change_id.as_str();
        let written = Written {
            seq: stored.entry.seq,
            hash: stored.hash.to_string(),
            entry: changegate::canonical::to_string(&stored.entry),
            values: stored.values,
        };
        self.connection
            .prepare_cached(
                "INSERT INTO entries (change_id, seq, hash, entry) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![change, written.seq, written.hash, written.entry])?;
        let insert = "INSERT INTO texts (change_id, seq, commitment, salt, text, by) VALUES (?, ?, ?, ?, ?, ?)";
        let mut insert = self.connection.prepare_cached(insert)?;
        for (commitment, Sealed { salt, text, by }) in &written.values {
            insert.execute(params![
                change,
                written.seq,
                commitment.to_string(),
                salt,
                text,
                by.as_str()
            ])?;
        }
        Ok(written)
    }

    /// Deletes texts of a change with their salts, and the body hashes of the reports that brought them.
    ///
    /// # Errors
    /// That the database failed.
    pub fn erase(&self, change: &ChangeId, commitments: &[Digest]) -> rusqlite::Result<()> {
        let forget = "UPDATE outcomes SET salt = NULL, body_hash = NULL WHERE change_id = ?1 AND seq IN \
                      (SELECT seq FROM texts WHERE change_id = ?1 AND commitment = ?2)";
        let mut forget = self.connection.prepare_cached(forget)?;
        let mut delete = self
            .connection
            .prepare_cached("DELETE FROM texts WHERE change_id = ?1 AND commitment = ?2")?;
        for commitment in commitments {
            let which = params![change.as_str(), commitment.to_string()];
            forget.execute(which)?;
            delete.execute(which)?;
        }
        Ok(())
    }

    /// Puts what lists and calendars show of a change in place of what they showed.
    ///
    /// # Errors
    /// That the database failed.
    pub fn show(
        &self,
        policy: &Digest,
        summary: &ChangeSummary,
        booking: Option<&Booking>,
    ) -> rusqlite::Result<()> {
        let booking = booking.map(changegate::canonical::to_string);
        let put = "INSERT INTO changes (id, policy_hash, number, updated_at_ms, summary, booking) VALUES (?, ?, ?, ?, ?, ?) \
                   ON CONFLICT (id) DO UPDATE SET policy_hash = excluded.policy_hash, updated_at_ms = excluded.updated_at_ms, \
                   summary = excluded.summary, booking = excluded.booking";
        let text = changegate::canonical::to_string(summary);
        self.connection.prepare_cached(put)?.execute(params![
            summary.id.as_str(),
            policy.to_string(),
            summary.number,
            summary.updated_at.millis(),
            text,
            booking
        ])?;
        Ok(())
    }

    /// Puts what others read of a change in place of what they read.
    ///
    /// # Errors
    /// That the database failed.
    pub fn show_beside(&self, change: &ChangeId, beside: &Beside) -> rusqlite::Result<()> {
        let put = "INSERT OR REPLACE INTO beside (change_id, is_open, targets, related, run, notice) VALUES (?, ?, ?, ?, ?, ?)";
        self.connection.prepare_cached(put)?.execute(params![
            change.as_str(),
            beside.is_open,
            changegate::canonical::to_string(&beside.targets),
            changegate::canonical::to_string(&beside.related),
            beside.run.as_ref().map(changegate::canonical::to_string),
            beside.notice.as_ref().map(changegate::canonical::to_string),
        ])?;
        Ok(())
    }

    /// Where all changes stand, for those that stand to them in some way.
    ///
    /// # Errors
    /// That the database failed.
    pub fn related(&self) -> rusqlite::Result<Vec<RelatedChange>> {
        self.all("SELECT related FROM beside ORDER BY change_id")
    }

    /// The same of open changes, and of those to which an open one stands in some way.
    ///
    /// # Errors
    /// That the database failed.
    pub fn related_to_open(&self) -> rusqlite::Result<Vec<RelatedChange>> {
        self.all(
            "SELECT related FROM beside WHERE is_open OR change_id IN \
             (SELECT target.value FROM beside, json_each(targets) AS target WHERE is_open) ORDER BY change_id",
        )
    }

    /// The changes to which something may still happen.
    ///
    /// # Errors
    /// That the database failed.
    pub fn open_changes(&self) -> rusqlite::Result<Vec<ChangeId>> {
        self.ids("SELECT change_id FROM beside WHERE is_open ORDER BY change_id")
    }

    /// Work that was reported.
    ///
    /// # Errors
    /// That the database failed.
    pub fn runs(&self) -> rusqlite::Result<Vec<Run>> {
        self.all("SELECT run FROM beside WHERE run IS NOT NULL ORDER BY change_id")
    }

    /// What everybody may know of open changes.
    ///
    /// # Errors
    /// That the database failed.
    pub fn notices(&self) -> rusqlite::Result<Vec<Notice>> {
        self.all(
            "SELECT notice FROM beside WHERE is_open AND notice IS NOT NULL ORDER BY change_id",
        )
    }

    /// What everybody may know of one change, as JSON.
    ///
    /// # Errors
    /// That the database failed.
    pub fn notice(&self, change: &ChangeId) -> rusqlite::Result<Option<String>> {
        let select = "SELECT notice FROM beside WHERE change_id = ? AND notice IS NOT NULL";
        let mut select = self.connection.prepare_cached(select)?;
        select
            .query_row([change.as_str()], |row| row.get(0))
            .optional()
    }

    /// Changes of which nothing lies beside: they were made by a host before this one.
    ///
    /// # Errors
    /// That the database failed.
    pub fn without_beside(&self) -> rusqlite::Result<Vec<ChangeId>> {
        self.ids("SELECT id FROM changes WHERE id NOT IN (SELECT change_id FROM beside)")
    }

    /// Notes that a file has arrived, unless a change names it already.
    ///
    /// # Errors
    /// That the database failed.
    pub fn note_arrival(
        &self,
        sha256: &Digest,
        bytes: u64,
        person: &PersonId,
        now: Instant,
    ) -> rusqlite::Result<()> {
        self.spare(sha256)?;
        if self.is_named(sha256)? {
            return Ok(());
        }
        let put =
            "INSERT OR REPLACE INTO arrivals (sha256, bytes, person, at_ms) VALUES (?, ?, ?, ?)";
        let row = params![sha256.to_string(), bytes, person.as_str(), now.millis()];
        self.connection.prepare_cached(put)?.execute(row)?;
        Ok(())
    }

    /// Takes a file off those that are to be deleted: it is wanted again, or gone.
    ///
    /// # Errors
    /// That the database failed.
    pub fn spare(&self, sha256: &Digest) -> rusqlite::Result<()> {
        self.with_file("DELETE FROM doomed_files WHERE sha256 = ?", sha256)
    }

    fn doom(&self, sha256: &Digest) -> rusqlite::Result<()> {
        let insert = "INSERT INTO doomed_files (sha256) VALUES (?) ON CONFLICT DO NOTHING";
        self.with_file(insert, sha256)
    }

    fn with_file(&self, statement: &str, sha256: &Digest) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare_cached(statement)?;
        statement.execute([sha256.to_string()]).map(|_| ())
    }

    /// How many bytes of files of a person nobody names yet.
    ///
    /// # Errors
    /// That the database failed.
    pub fn unnamed_bytes(&self, person: &PersonId) -> rusqlite::Result<u64> {
        self.connection
            .prepare_cached("SELECT coalesce(sum(bytes), 0) FROM arrivals WHERE person = ?")?
            .query_row([person.as_str()], |row| row.get(0))
    }

    /// Whether a change names a file.
    ///
    /// # Errors
    /// That the database failed.
    pub fn is_named(&self, sha256: &Digest) -> rusqlite::Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM named_files WHERE sha256 = ?")?
            .exists([sha256.to_string()])
    }

    /// Notes which files a change names now. What it named before, and no other change does, is to be deleted.
    ///
    /// # Errors
    /// That the database failed.
    pub fn name_files(&self, change: &ChangeId, named: &[Digest]) -> rusqlite::Result<()> {
        let before = self.named_by(change)?;
        for sha256 in before.iter().filter(|known| !named.contains(known)) {
            self.unname(change, sha256)?;
        }
        for sha256 in named.iter().filter(|wanted| !before.contains(wanted)) {
            self.spare(sha256)?;
            self.connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO named_files (change_id, sha256) VALUES (?, ?)",
                )?
                .execute(params![change.as_str(), sha256.to_string()])?;
            self.with_file("DELETE FROM arrivals WHERE sha256 = ?", sha256)?;
        }
        Ok(())
    }

    fn unname(&self, change: &ChangeId, sha256: &Digest) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("DELETE FROM named_files WHERE change_id = ? AND sha256 = ?")?
            .execute(params![change.as_str(), sha256.to_string()])?;
        if self.is_named(sha256)? {
            return Ok(());
        }
        self.doom(sha256)
    }

    fn named_by(&self, change: &ChangeId) -> rusqlite::Result<Vec<Digest>> {
        let select = "SELECT sha256 FROM named_files WHERE change_id = ?";
        let mut select = self.connection.prepare_cached(select)?;
        let rows = select.query_map([change.as_str()], |row| digest(row, 0))?;
        rows.collect()
    }

    /// Gives up files that arrived before a moment and that nobody named since. Says how many.
    ///
    /// # Errors
    /// That the database failed.
    pub fn give_up_arrivals(&self, before: Instant) -> rusqlite::Result<usize> {
        let late = "INSERT OR IGNORE INTO doomed_files (sha256) SELECT sha256 FROM arrivals WHERE at_ms < ?";
        self.connection
            .prepare_cached(late)?
            .execute([before.millis()])?;
        self.connection
            .prepare_cached("DELETE FROM arrivals WHERE at_ms < ?")?
            .execute([before.millis()])
    }

    /// The files that are to be deleted.
    ///
    /// # Errors
    /// That the database failed.
    pub fn doomed_files(&self) -> rusqlite::Result<Vec<Digest>> {
        let mut select = self
            .connection
            .prepare_cached("SELECT sha256 FROM doomed_files")?;
        let rows = select.query_map([], |row| digest(row, 0))?;
        rows.collect()
    }

    /// Everything of which there is a log and that is no change, by the logs themselves.
    ///
    /// # Errors
    /// That the database failed.
    pub fn of_no_change(&self) -> rusqlite::Result<Vec<ChangeId>> {
        let select = "SELECT change_id FROM entries WHERE seq = 1 AND change_id NOT IN (SELECT id FROM changes) ORDER BY change_id";
        let mut select = self.connection.prepare_cached(select)?;
        let ids = select.query_map([], |row| row.get::<_, String>(0))?;
        ids.map(|id| id.map(ChangeId)).collect()
    }

    /// Puts what became of a record that is no change in place of what was.
    ///
    /// # Errors
    /// That the database failed.
    pub fn show_record(&self, record: &Other) -> rusqlite::Result<()> {
        let kind = match record {
            Other::Template { .. } => "template",
            Other::Publication { .. } => "publication",
            Other::Meeting { .. } => "meeting",
        };
        let put = "INSERT INTO records (id, kind, state) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = \
                   excluded.state";
        let state = changegate::canonical::to_string(record);
        let mut put = self.connection.prepare_cached(put)?;
        put.execute(params![record.id().as_str(), kind, state])?;
        Ok(())
    }

    /// Every record that is no change.
    ///
    /// # Errors
    /// That the database failed.
    pub fn records(&self) -> rusqlite::Result<Vec<Other>> {
        self.all("SELECT state FROM records ORDER BY id")
    }

    fn ids(&self, select: &str) -> rusqlite::Result<Vec<ChangeId>> {
        let mut select = self.connection.prepare_cached(select)?;
        let ids = select.query_map([], |row| row.get(0).map(ChangeId))?;
        ids.collect()
    }

    fn all<T: Decode>(&self, select: &str) -> rusqlite::Result<Vec<T>> {
        let mut select = self.connection.prepare_cached(select)?;
        let texts = select.query_map([], |row| row.get::<_, String>(0))?;
        texts.map(|text| parsed(&text?)).collect()
    }

    /// What lists show of every change, the latest first, as JSON.
    ///
    /// # Errors
    /// That the database failed.
    pub fn summaries(&self) -> rusqlite::Result<Vec<String>> {
        // What earlier hosts wrote does not name its policy.
        let mut select = self.connection.prepare_cached(
            "SELECT json_set(summary, '$.policyHash', policy_hash) FROM changes ORDER BY updated_at_ms DESC, number DESC",
        )?;
        select.query_map([], |row| row.get(0))?.collect()
    }

    /// The windows of all open changes.
    ///
    /// # Errors
    /// That the database failed.
    pub fn bookings(&self) -> rusqlite::Result<Vec<Booking>> {
        let mut select = self
            .connection
            .prepare_cached("SELECT booking FROM changes WHERE booking IS NOT NULL")?;
        select.query_map([], |row| decoded(row, 0))?.collect()
    }

    /// What became of a report; none where it is new.
    ///
    /// # Errors
    /// That the database failed.
    pub fn outcome(&self, report_id: &str) -> rusqlite::Result<Option<Outcome>> {
        let select = "SELECT person, salt, body_hash, change_id, seq, refusal FROM outcomes WHERE report_id = ?";
        self.connection
            .prepare_cached(select)?
            .query_row([report_id], outcome)
            .optional()
    }

    /// Notes what became of a report.
    ///
    /// # Errors
    /// That the database failed, or that the report has an outcome already.
    pub fn settle(
        &self,
        report_id: &str,
        change: &ChangeId,
        outcome: &Outcome,
    ) -> rusqlite::Result<()> {
        let insert = "INSERT INTO outcomes (report_id, person, salt, body_hash, change_id, seq, refusal) VALUES (?, ?, ?, ?, ?, ?, ?)";
        let (seq, refusal) = match &outcome.verdict {
            Verdict::Accepted { seq, .. } => (Some(*seq), None),
            Verdict::Refused { body } => (None, Some(body)),
        };
        let (salt, hash) = outcome
            .body
            .as_ref()
            .map(|body| (body.salt, body.hash))
            .unzip();
        self.connection.prepare_cached(insert)?.execute(params![
            report_id,
            outcome.person.as_str(),
            salt,
            hash,
            change.as_str(),
            seq,
            refusal
        ])?;
        Ok(())
    }

    /// Keeps a policy, if it is not kept already.
    ///
    /// # Errors
    /// That the database failed.
    pub fn keep_policy(&self, policy: &Policy) -> rusqlite::Result<()> {
        let document = changegate::canonical::to_string(policy);
        self.connection.execute(
            "INSERT INTO policies (hash, document) VALUES (?, ?) ON CONFLICT DO NOTHING",
            params![policy.hash().to_string(), document],
        )?;
        Ok(())
    }

    /// Every policy that was ever used.
    ///
    /// # Errors
    /// Which of them is no longer what its hash says.
    pub fn policies(&self) -> Result<BTreeMap<Digest, Policy>, Fault> {
        let mut select = self
            .connection
            .prepare("SELECT hash, document FROM policies")?;
        let mut rows = select.query([])?;
        let mut policies = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (hash, document): (Digest, String) = (digest(row, 0)?, row.get(1)?);
            let policy = Policy::from_json(&document)
                .ok()
                .filter(|policy| policy.hash() == hash);
            let altered = || {
                Fault::new(format!(
                    "policy {hash} in the database is not as it was kept; restore the database from a backup"
                ))
            };
            policies.insert(hash, policy.ok_or_else(altered)?);
        }
        Ok(policies)
    }

    /// A counter; 0 where it was never set.
    ///
    /// # Errors
    /// That the database failed.
    pub fn counter(&self, name: &str) -> rusqlite::Result<i64> {
        let mut select = self
            .connection
            .prepare_cached("SELECT value FROM counters WHERE name = ?")?;
        Ok(select
            .query_row([name], |row| row.get(0))
            .optional()?
            .unwrap_or(0))
    }

    /// Sets a counter.
    ///
    /// # Errors
    /// That the database failed.
    pub fn set_counter(&self, name: &str, value: i64) -> rusqlite::Result<()> {
        let put = "INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.connection
            .prepare_cached(put)?
            .execute(params![name, value])?;
        Ok(())
    }

    /// Whose session a token opens at that time.
    ///
    /// # Errors
    /// That the database failed.
    pub fn session(&self, token_hash: &str, now: Instant) -> rusqlite::Result<Option<PersonId>> {
        let mut select = self.connection.prepare_cached(
            "SELECT person FROM sessions WHERE token_hash = ? AND expires_at_ms > ?",
        )?;
        select
            .query_row(params![token_hash, now.millis()], |row| {
                row.get(0).map(PersonId)
            })
            .optional()
    }

    /// Opens a session, and forgets those that are over.
    ///
    /// # Errors
    /// That the database failed.
    pub fn open_session(
        &self,
        token_hash: &str,
        person: &PersonId,
        now: Instant,
        expires: Instant,
    ) -> rusqlite::Result<()> {
        self.connection.execute(
            "DELETE FROM sessions WHERE expires_at_ms <= ?",
            [now.millis()],
        )?;
        self.connection.execute(
            "INSERT INTO sessions (token_hash, person, expires_at_ms) VALUES (?, ?, ?)",
            params![token_hash, person.as_str(), expires.millis()],
        )?;
        Ok(())
    }
}

const READ_ONLY: &str = "is read-only; let the user who runs the host write the file and its folder, or choose another folder with --data";

fn explanation(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseCorrupt, DiskFull, NotADatabase, ReadOnly};
    match error.sqlite_error_code() {
        Some(ReadOnly) => READ_ONLY.to_owned(),
        Some(CannotOpen) => "cannot be opened; let the user who runs the host write the file and its folder, or choose another folder with --data".to_owned(),
        Some(NotADatabase) => "is no database of the host; choose another folder with --data, or move the file away".to_owned(),
        Some(DatabaseCorrupt) => format!("is damaged ({error}); restore it from a backup"),
        Some(DiskFull) => "the disk is full; make room and start again".to_owned(),
        _ => format!("could not be used ({error})"),
    }
}

fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| {
        rusqlite::Error::InvalidColumnType(column, "digest".to_owned(), rusqlite::types::Type::Text)
    })
}

fn decoded<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

fn outcome(row: &Row<'_>) -> rusqlite::Result<Outcome> {
    let salt: Option<[u8; 16]> = row.get(1)?;
    let hash: Option<[u8; 32]> = row.get(2)?;
    let accepted: Option<u64> = row.get(4)?;
    let verdict = match accepted {
        Some(seq) => Verdict::Accepted {
            change: ChangeId(row.get(3)?),
            seq,
        },
        None => Verdict::Refused { body: row.get(5)? },
    };
    Ok(Outcome {
        person: PersonId(row.get(0)?),
        body: salt.zip(hash).map(|(salt, hash)| SaltedHash { salt, hash }),
        verdict,
    })
}
