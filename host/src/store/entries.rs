//! The logs: entries with the texts beside them, and of each record how far it goes.
//!
//! A record is read only where it is whole: as many entries and texts as its head says, one after the other, the last of them
//! the one that was written last. The head is written in the same transaction as the entry.

use std::collections::BTreeMap;

use changegate::command::Command;
use changegate::id::{ChangeId, PersonId};
use changegate::log::{Entry, Sealed, Stored, verify};
use changegate::value::Digest;
use rusqlite::{OptionalExtension, params};

use super::{Store, digest};
use crate::problem::{Problem, is_damage};

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

    /// An entry is of the record that was asked for, and stands where it says.
    fn read(self, record: &ChangeId) -> Result<Stored, Unreadable> {
        let unreadable = Unreadable::Entry { seq: self.seq };
        let entry = serde_json::from_str::<Entry>(&self.entry)
            .ok()
            .filter(|entry| entry.change_id == *record && entry.seq == self.seq)
            .zip(self.hash.parse().ok());
        let (entry, hash) = entry.ok_or(unreadable)?;
        Ok(Stored {
            entry,
            hash,
            values: self.values,
        })
    }
}

/// Reads the entries of a record.
///
/// # Errors
/// Which of them is none of that record.
pub fn read(record: &ChangeId, written: Vec<Written>) -> Result<Vec<Stored>, Unreadable> {
    let read = |entry: Written| entry.read(record);
    written.into_iter().map(read).collect()
}

/// Why a log could not be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The database failed.
    Database(rusqlite::Error),
    /// The text of an entry is none of this record.
    Entry {
        /// Which entry.
        seq: u64,
    },
    /// An entry is not there, or not where it was written.
    Gone {
        /// Which entry.
        seq: u64,
    },
    /// There is more of it, or less, than was written.
    NotWhole,
}

impl From<rusqlite::Error> for Unreadable {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        const REMEDY: &str = "so the record is not served; restore the database from a backup";
        match unreadable {
            Unreadable::Database(error) => error.into(),
            Unreadable::Entry { seq } => {
                Self::broken_log(format!("entry {seq} is not as it was written, {REMEDY}"))
            }
            Unreadable::Gone { seq } => {
                Self::broken_log(format!("entry {seq} is not where it was written, {REMEDY}"))
            }
            Unreadable::NotWhole => Self::broken_log(format!(
                "there is more of the record or less than was written, {REMEDY}"
            )),
        }
    }
}

/// What a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A change.
    Change,
    /// A template.
    Template,
    /// The publication of a policy.
    Publication,
    /// A meeting.
    Meeting,
}

impl Kind {
    /// What a record is of, its first command says.
    const fn of(stored: &Stored) -> Self {
        match stored.entry.command {
            Command::Template { .. } => Self::Template,
            Command::Policy { .. } => Self::Publication,
            Command::Meeting { .. } => Self::Meeting,
            _ => Self::Change,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Template => "template",
            Self::Publication => "publication",
            Self::Meeting => "meeting",
        }
    }

    /// A name that is none is damage, and what it stood for is unknown.
    fn named(name: &str) -> Option<Self> {
        let all = [
            Self::Change,
            Self::Template,
            Self::Publication,
            Self::Meeting,
        ];
        all.into_iter().find(|kind| kind.name() == name)
    }
}

/// How far a record goes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    entries: u64,
    hash: String,
    texts: u64,
}

impl Head {
    fn of(log: &[Stored]) -> Option<Self> {
        let last = log.last()?;
        let texts = log.iter().map(|stored| stored.values.len() as u64).sum();
        Some(Self {
            entries: log.len() as u64,
            hash: last.hash.to_string(),
            texts,
        })
    }

    /// Whether that is all of it.
    fn check(head: Option<&Self>, written: &[Written]) -> Result<(), Unreadable> {
        let mut expected = 1..;
        let gone = written.iter().zip(&mut expected);
        let gone = gone
            .map(|(entry, seq)| (entry.seq, seq))
            .find(|(found, seq)| found != seq);
        if let Some((_, seq)) = gone {
            return Err(Unreadable::Gone { seq });
        }
        let (Some(head), Some(last)) = (head, written.last()) else {
            let is_nothing = head.is_none() && written.is_empty();
            return if is_nothing {
                Ok(())
            } else {
                Err(Unreadable::NotWhole)
            };
        };
        let texts: u64 = written.iter().map(|entry| entry.values.len() as u64).sum();
        match () {
            () if last.seq < head.entries => Err(Unreadable::Gone { seq: last.seq + 1 }),
            () if last.seq > head.entries || texts != head.texts => Err(Unreadable::NotWhole),
            () if last.hash != head.hash => Err(Unreadable::Entry { seq: last.seq }),
            () => Ok(()),
        }
    }
}

impl Store {
    /// The entries of a record with the texts that are still there; empty where there is no such record.
    ///
    /// # Errors
    /// That the database failed, or that the record is not whole.
    pub fn log(&self, record: &ChangeId) -> Result<Vec<Stored>, Unreadable> {
        read(record, self.written(record)?)
    }

    /// The same as they lie in the database, not yet read.
    ///
    /// # Errors
    /// That the database failed, or that there is more of it or less than was written.
    pub fn written(&self, record: &ChangeId) -> Result<Vec<Written>, Unreadable> {
        let written = self.lying(record)?;
        Head::check(self.head(record)?.as_ref(), &written)?;
        Ok(written)
    }

    /// The entries as they lie there, and whether they are whole: for whoever checks them.
    ///
    /// # Errors
    /// That the database failed, or that an entry is none of this record.
    pub fn log_to_check(
        &self,
        record: &ChangeId,
    ) -> Result<(Vec<Stored>, Result<(), Unreadable>), Unreadable> {
        let lying = self.lying(record)?;
        let is_whole = Head::check(self.head(record)?.as_ref(), &lying);
        Ok((read(record, lying)?, is_whole))
    }

    fn lying(&self, record: &ChangeId) -> Result<Vec<Written>, Unreadable> {
        let mut texts = self.texts(record)?;
        let mut select = self.connection.prepare_cached(
            "SELECT seq, hash, entry FROM entries WHERE change_id = ? ORDER BY seq",
        )?;
        let mut rows = select.query([record.as_str()])?;
        let mut written: Vec<Written> = Vec::new();
        while let Some(row) = rows.next()? {
            let seq = row.get(0)?;
            let values = texts.remove(&seq).unwrap_or_default();
            // Damage to a text is damage to that entry; to the number of an entry, to all of them.
            let text = |column| row.get(column).map_err(|_| Unreadable::Entry { seq });
            written.push(Written {
                seq,
                hash: text(1)?,
                entry: text(2)?,
                values,
            });
        }
        Ok(written)
    }

    fn texts(
        &self,
        record: &ChangeId,
    ) -> rusqlite::Result<BTreeMap<u64, BTreeMap<Digest, Sealed>>> {
        let mut select = self.connection.prepare_cached(
            "SELECT seq, commitment, salt, text, by FROM texts WHERE change_id = ?",
        )?;
        let mut rows = select.query([record.as_str()])?;
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

    fn head(&self, record: &ChangeId) -> rusqlite::Result<Option<Head>> {
        let select = "SELECT entries, hash, texts FROM heads WHERE record_id = ?";
        let mut select = self.connection.prepare_cached(select)?;
        let head = select.query_row([record.as_str()], |row| {
            Ok(Head {
                entries: row.get(0)?,
                hash: row.get(1)?,
                texts: row.get(2)?,
            })
        });
        head.optional()
    }

    /// Appends an entry and what lies beside it, and says so in the head of its record.
    ///
    /// # Errors
    /// That the database failed.
    pub fn append(&self, stored: Stored) -> rusqlite::Result<Written> {
        let (record, prev, kind) = (
            stored.entry.change_id.clone(),
            stored.entry.prev.to_string(),
            Kind::of(&stored),
        );
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
            .execute(params![
                record.as_str(),
                written.seq,
                written.hash,
                written.entry
            ])?;
        self.append_texts(&record, &written)?;
        self.move_head(&record, &prev, kind, &written)?;
        Ok(written)
    }

    fn append_texts(&self, record: &ChangeId, written: &Written) -> rusqlite::Result<()> {
        let insert = "INSERT INTO texts (change_id, seq, commitment, salt, text, by) VALUES (?, ?, ?, ?, ?, ?)";
        let mut insert = self.connection.prepare_cached(insert)?;
        for (commitment, Sealed { salt, text, by }) in &written.values {
            insert.execute(params![
                record.as_str(),
                written.seq,
                commitment.to_string(),
                salt,
                text,
                by.as_str()
            ])?;
        }
        Ok(())
    }

    /// A head moves only from the entry before.
    fn move_head(
        &self,
        record: &ChangeId,
        prev: &str,
        kind: Kind,
        written: &Written,
    ) -> rusqlite::Result<()> {
        let texts = written.values.len() as u64;
        let moved = if written.seq == 1 {
            let insert =
                "INSERT INTO heads (record_id, kind, entries, hash, texts) VALUES (?, ?, 1, ?, ?)";
            self.connection.prepare_cached(insert)?.execute(params![
                record.as_str(),
                kind.name(),
                written.hash,
                texts
            ])?
        } else {
            let update = "UPDATE heads SET entries = ?2, hash = ?3, texts = texts + ?4 \
                          WHERE record_id = ?1 AND entries = ?2 - 1 AND hash = ?5";
            self.connection.prepare_cached(update)?.execute(params![
                record.as_str(),
                written.seq,
                written.hash,
                texts,
                prev
            ])?
        };
        exactly_one(moved)
    }

    /// Deletes texts of a record with their salts, and the body hashes of the reports that brought them.
    ///
    /// # Errors
    /// That the database failed.
    pub fn erase(&self, record: &ChangeId, commitments: &[Digest]) -> rusqlite::Result<()> {
        let mut erased = 0;
        for commitment in commitments {
            let which = params![record.as_str(), commitment.to_string()];
            let mut brought = self
                .connection
                .prepare_cached("SELECT seq FROM texts WHERE change_id = ? AND commitment = ?")?;
            let brought: Vec<u64> = brought
                .query_map(which, |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for seq in brought {
                self.forget_body(record, seq)?;
            }
            erased += self
                .connection
                .prepare_cached("DELETE FROM texts WHERE change_id = ? AND commitment = ?")?
                .execute(which)?;
        }
        let update = "UPDATE heads SET texts = texts - ? WHERE record_id = ?";
        let mut update = self.connection.prepare_cached(update)?;
        exactly_one(update.execute(params![erased as u64, record.as_str()])?)
    }

    /// Everything of which there are entries, read from the table itself and not from an index of it.
    ///
    /// # Errors
    /// That the database failed.
    pub fn with_entries(&self) -> rusqlite::Result<Vec<ChangeId>> {
        self.ids("SELECT DISTINCT change_id FROM entries NOT INDEXED ORDER BY change_id")
    }

    /// The same, with everything of which there is a head.
    ///
    /// # Errors
    /// That the database failed.
    pub fn known_ids(&self) -> rusqlite::Result<Vec<ChangeId>> {
        self.ids(
            "SELECT DISTINCT change_id FROM entries NOT INDEXED UNION SELECT record_id FROM heads",
        )
    }

    /// Everything that is no change and of which there is a head, with what it is of where that is known.
    ///
    /// # Errors
    /// That the database failed.
    pub fn of_no_change(&self) -> rusqlite::Result<Vec<(ChangeId, Option<Kind>)>> {
        let select = "SELECT record_id, kind FROM heads WHERE kind <> 'change' ORDER BY record_id";
        let mut select = self.connection.prepare_cached(select)?;
        let rows = select.query_map([], |row| {
            let kind: String = row.get(1).unwrap_or_default();
            Ok((ChangeId(row.get(0)?), Kind::named(&kind)))
        })?;
        rows.collect()
    }

    /// Makes the head of a record anew where all else that is known of it agrees: its chain holds, no text is gone that nobody
    /// erased, and each of its entries, the last one too, is the outcome of a report. Says whether they do.
    ///
    /// # Errors
    /// That the database failed.
    pub fn witness(
        &self,
        record: &ChangeId,
        acknowledged: &Acknowledged,
    ) -> rusqlite::Result<bool> {
        let log = match self.lying(record).and_then(|lying| read(record, lying)) {
            Ok(log) => log,
            Err(Unreadable::Database(error)) if !is_damage(&error) => return Err(error),
            Err(_) => return Ok(false),
        };
        let (Some(head), Some(first)) = (Head::of(&log), log.first()) else {
            return Ok(false);
        };
        let is_known = acknowledged.get(record) == Some(&(head.entries, head.entries));
        if !is_known || !verify(&log, &BTreeMap::new()).ok {
            return Ok(false);
        }
        let put = "INSERT OR REPLACE INTO heads (record_id, kind, entries, hash, texts) VALUES (?, ?, ?, ?, ?)";
        self.connection.prepare_cached(put)?.execute(params![
            record.as_str(),
            Kind::of(first).name(),
            head.entries,
            head.hash,
            head.texts
        ])?;
        Ok(true)
    }

    /// Of each record, how many of its entries are the outcome of a report, and which is the last of them.
    ///
    /// # Errors
    /// That the database failed.
    pub fn acknowledged(&self) -> rusqlite::Result<Acknowledged> {
        let select = "SELECT change_id, count(DISTINCT seq), max(seq) FROM outcomes WHERE seq IS NOT NULL GROUP BY change_id";
        let mut select = self.connection.prepare_cached(select)?;
        let rows = select.query_map([], |row| {
            Ok((ChangeId(row.get(0)?), (row.get(1)?, row.get(2)?)))
        })?;
        rows.collect()
    }
}

/// Of each record, how many entries were acknowledged and which was the last.
pub type Acknowledged = BTreeMap<ChangeId, (u64, u64)>;

/// One row was touched, or what was to be touched is not as it was read.
fn exactly_one(touched: usize) -> rusqlite::Result<()> {
    if touched == 1 {
        Ok(())
    } else {
        Err(rusqlite::Error::StatementChangedRows(touched))
    }
}
