//! What is kept, in one SQLite database.
//!
//! The contract that another database has to keep too:
//! - what was done since [`Store::begin`] is there after a power failure once [`Store::commit`] has returned, and nothing of it
//!   is if that failed;
//! - an [`Attempt`] that is taken back takes nothing else with it;
//! - reads within one [`Store::snapshot`] see one state;
//! - a report id, and the sequence within a change, exist once for ever;
//! - an erased text is gone from the files after [`Store::scrub`].

mod beside;
mod files;
mod kept;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use changegate::id::{ChangeId, PersonId};
use changegate::log::{Entry, Sealed, Stored};
use changegate::notice::Notice;
use changegate::value::Digest;
use changegate::wire::Decode;
use changegate::world::{RelatedChange, Run};
use rusqlite::{Connection, OpenFlags, Row, params};

use crate::fault::Fault;
use crate::problem::Problem;

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
