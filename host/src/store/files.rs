//! Files of evidence: those that arrived and nobody names yet, those that a change names, and those that are to be deleted.

use changegate::id::{ChangeId, PersonId};
use changegate::time::Instant;
use changegate::value::Digest;
use rusqlite::params;

use super::{Store, digest};

impl Store {
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
}
