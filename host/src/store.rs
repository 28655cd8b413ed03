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
mod entries;
mod files;
mod kept;
mod layout;
mod place;
mod seal;

use std::path::{Path, PathBuf};
use std::time::Duration;

use changegate::id::{ChangeId, PersonId};
use changegate::value::Digest;
use changegate::wire::Decode;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};

use self::place::{beside, own_file};
use self::seal::check_seal;
use crate::fault::Fault;

pub use beside::Kept;
pub use entries::{Acknowledged, Kind, Written, read};
pub use place::{Place, own_folder};

/// The file in the data folder.
const FILE: &str = "changegate.db";
/// How long one connection waits for another.
const PATIENCE: Duration = Duration::from_secs(10);
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
        // What cannot be made here is said by whoever opens it.
        for file in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
            if file == path || file.exists() {
                let _ = own_file(&file);
            }
        }
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
        let mode = store.prepare().map_err(explain)?;
        if mode != "wal" {
            return Err(Fault::about(
                path,
                format!("{NO_WAL}; its mode is `{mode}`"),
            ));
        }
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
    /// `wal_autocheckpoint=0`: by itself the database would not say that the disk failed when it took over what is in the log.
    fn prepare(&self) -> rusqlite::Result<String> {
        let mode = self
            .connection
            .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
        self.connection.pragma_update(None, "synchronous", "full")?;
        self.connection
            .pragma_update(None, "wal_autocheckpoint", 0)?;
        self.connection.pragma_update(None, "secure_delete", true)?;
        self.connection.pragma_update(None, "foreign_keys", true)?;
        self.connection
            .pragma_update(None, "temp_store", "memory")?;
        Ok(mode)
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

    /// Leaves nothing of what was deleted in the log file of the database, and says whether that is done. It waits for nobody:
    /// while somebody reads what was there before, it is to be tried again.
    ///
    /// # Errors
    /// That the database failed.
    pub fn scrub(&self) -> rusqlite::Result<bool> {
        self.connection.busy_timeout(Duration::ZERO)?;
        let scrubbed = self.take_over("TRUNCATE");
        self.connection.busy_timeout(PATIENCE)?;
        match scrubbed {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
            scrubbed => scrubbed,
        }
    }

    /// Takes over into the database what is in its log, as far as nobody reads what was there before.
    ///
    /// # Errors
    /// That the database failed.
    pub fn checkpoint(&self) -> rusqlite::Result<()> {
        self.take_over("PASSIVE").map(|_| ())
    }

    fn take_over(&self, how: &str) -> rusqlite::Result<bool> {
        let checkpoint = format!("PRAGMA wal_checkpoint({how})");
        let busy: i64 = self
            .connection
            .query_row(&checkpoint, [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// That it does not.
    pub fn answers(&self) -> rusqlite::Result<()> {
        self.connection
            .query_row("SELECT count(*) FROM counters", [], |_| Ok(()))
    }
}

const NO_WAL: &str = "cannot have a write-ahead log, without which a power failure could take what was answered; choose a folder on a local disk with --data";
const READ_ONLY: &str = "is read-only; let the user who runs the host write the file and its folder, or choose another folder with --data";

/// Whether the disk failed in a way after which nothing that is written can be known to be there: the system says so once and then
/// takes the next write as if nothing had been. A disk that is full is no such failure.
pub fn has_disk_failed(error: &rusqlite::Error) -> bool {
    let full = rusqlite::ffi::SQLITE_IOERR_WRITE;
    let failure = error.sqlite_error();
    failure.is_some_and(|failure| {
        failure.code == ErrorCode::SystemIoFailure && failure.extended_code != full
    })
}

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

fn outcome(row: &Row<'_>) -> rusqlite::Result<Outcome> {
    check_seal(row, 0..7)?;
    let salt: Option<[u8; 16]> = row.get(2)?;
    let hash: Option<[u8; 32]> = row.get(3)?;
    let accepted: Option<u64> = row.get(5)?;
    let verdict = match accepted {
        Some(seq) => Verdict::Accepted {
            change: ChangeId(row.get(4)?),
            seq,
        },
        None => Verdict::Refused { body: row.get(6)? },
    };
    Ok(Outcome {
        person: PersonId(row.get(1)?),
        body: salt.zip(hash).map(|(salt, hash)| SaltedHash { salt, hash }),
        verdict,
    })
}
