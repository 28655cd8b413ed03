//! The tables, and how a database that an earlier host made becomes one of this layout.

use rusqlite::params;

use super::Store;
use super::seal::seal_of;
use crate::fault::Fault;
use crate::journal::warn;

/// The layout below.
const LAYOUT: i64 = 3;

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

/// What the third layout has beside: of each record how far it goes, in a tree of its own, so that one damaged page never
/// takes an entry and the knowledge of it; and a seal of each row that nothing else would show to be whole. Sessions of earlier
/// hosts have no seal and are over.
const TABLES_3: &str = "
CREATE TABLE heads (record_id TEXT PRIMARY KEY, kind TEXT NOT NULL, entries INTEGER NOT NULL, hash TEXT NOT NULL,
    texts INTEGER NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE counters ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE beside ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE records ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE outcomes ADD COLUMN seal TEXT NOT NULL DEFAULT '';
DROP INDEX open_changes;
DROP TABLE sessions;
CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, person TEXT NOT NULL, is_demo INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL,
    seal TEXT NOT NULL) STRICT;
";

impl Store {
    /// Makes the tables, or brings those of an earlier host up to this layout.
    ///
    /// # Errors
    /// That a later host made them, or that the database failed.
    pub(super) fn lay_out(&self) -> Result<(), Fault> {
        let transaction = self.connection.unchecked_transaction()?;
        let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if !(0..=LAYOUT).contains(&found) {
            return Err(Fault::new(format!(
                "has layout {found}, this host reads {LAYOUT}; run the host that made it"
            )));
        }
        if found < 1 {
            transaction.execute_batch(TABLES)?;
        }
        if found < 2 {
            transaction.execute_batch(TABLES_2)?;
        }
        if found < 3 {
            transaction.execute_batch(TABLES_3)?;
            self.seal_what_is_there()?;
        }
        transaction.pragma_update(None, "user_version", LAYOUT)?;
        Ok(transaction.commit()?)
    }

    /// Gives what an earlier host kept its heads and seals. What lists show is made again when the host starts.
    fn seal_what_is_there(&self) -> Result<(), Fault> {
        self.reindex()?;
        let acknowledged = self.acknowledged()?;
        for id in self.with_entries()? {
            if !self.witness(&id, &acknowledged)? {
                warn(format_args!(
                    "record {id} is not whole and is not served; restore the database from a backup"
                ));
            }
        }
        self.seal_counters()?;
        self.seal_outcomes()
    }

    /// Makes every index anew from its table.
    ///
    /// # Errors
    /// That two rows are one by that index, or that the database failed.
    pub fn reindex(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch("REINDEX")
    }

    /// What the database finds wrong with itself; `ok` where that is nothing.
    ///
    /// # Errors
    /// That the database failed.
    pub fn integrity(&self) -> rusqlite::Result<Vec<String>> {
        let mut check = self.connection.prepare("PRAGMA integrity_check")?;
        check.query_map([], |row| row.get(0))?.collect()
    }

    fn seal_counters(&self) -> Result<(), Fault> {
        let mut select = self
            .connection
            .prepare("SELECT name, value FROM counters")?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        // All are read before the first is written: a row that is replaced would be met again.
        let counters: Vec<(String, i64)> = rows.collect::<Result<_, _>>()?;
        for (name, value) in counters {
            self.set_counter(&name, value)?;
        }
        Ok(())
    }

    fn seal_outcomes(&self) -> Result<(), Fault> {
        let mut select = self.connection.prepare("SELECT report_id FROM outcomes")?;
        let ids = select.query_map([], |row| row.get(0))?;
        let ids: Vec<String> = ids.collect::<Result<_, _>>()?;
        for id in ids {
            self.seal_outcome(&id)?;
        }
        Ok(())
    }

    /// Seals what became of a report as it stands.
    pub(super) fn seal_outcome(&self, report_id: &str) -> rusqlite::Result<()> {
        let select = "SELECT report_id, person, salt, body_hash, change_id, seq, refusal FROM outcomes WHERE report_id = ?";
        let mut select = self.connection.prepare_cached(select)?;
        let seal = select.query_row([report_id], |row| seal_of(row, 0..7))?;
        self.connection
            .prepare_cached("UPDATE outcomes SET seal = ? WHERE report_id = ?")?
            .execute(params![seal, report_id])?;
        Ok(())
    }
}
