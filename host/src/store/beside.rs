//! What other changes, lists and boards read of changes and of records that are no changes: made anew from their logs.
//!
//! Each row has a seal over its columns and over the head of the record that it was made from, so that a row that is damaged,
//! another's, or older than its record is not taken for it. Such a row is lost; the others are not.

use changegate::id::ChangeId;
use changegate::other::Other;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Row, params};

use super::seal::{Seal, check_seal, damaged};
use super::{Store, parsed};
use crate::problem::is_damage;
use crate::summary::Shown;

/// What is read of one record: it, or that its row is not as it was written.
#[derive(Debug)]
pub enum Kept<T> {
    /// It.
    Whole(T),
    /// Of which record the row is damaged or gone.
    Damaged(ChangeId),
}

/// Reads a row, and sees that it is as it was written.
type Read<T> = fn(&Row<'_>) -> rusqlite::Result<T>;

fn kept<T>(id: ChangeId, row: Option<rusqlite::Result<T>>) -> rusqlite::Result<Kept<T>> {
    match row {
        Some(Ok(row)) => Ok(Kept::Whole(row)),
        Some(Err(error)) if !is_damage(&error) => Err(error),
        Some(Err(_)) | None => Ok(Kept::Damaged(id)),
    }
}

const OF_CHANGE: &str = "SELECT heads.hash, id, policy_hash, number, updated_at_ms, summary, booking, changes.seal, \
     heads.hash, change_id, is_open, targets, related, run, notice, beside.seal, record_id \
     FROM heads LEFT JOIN changes ON id = record_id LEFT JOIN beside ON change_id = record_id";

fn of_change(row: &Row<'_>) -> rusqlite::Result<Shown> {
    check_seal(row, 0..7)?;
    check_seal(row, 8..15)?;
    let id = ChangeId(row.get(1)?);
    if row.get_ref(9)?.as_str()? != id.as_str() {
        return Err(damaged(9));
    }
    Ok(Shown {
        id,
        policy_hash: row.get(2)?,
        number: row.get(3)?,
        updated_at_ms: row.get(4)?,
        summary: row.get(5)?,
        booking: row.get(6)?,
        is_open: row.get(10)?,
        targets: row.get(11)?,
        related: row.get(12)?,
        run: row.get(13)?,
        notice: row.get(14)?,
    })
}

const OF_RECORD: &str = "SELECT heads.hash, id, records.kind, state, seal, record_id FROM heads LEFT JOIN records ON id = record_id";

fn of_record(row: &Row<'_>) -> rusqlite::Result<Other> {
    check_seal(row, 0..4)?;
    parsed(row.get_ref(3)?.as_str()?)
}

impl Store {
    /// Puts what others see of a change in place of what they saw; its log is already as it is to be.
    ///
    /// # Errors
    /// That the database failed.
    pub fn show(&self, shown: &Shown) -> rusqlite::Result<()> {
        let put = "INSERT INTO changes (id, policy_hash, number, updated_at_ms, summary, booking, seal) VALUES (?, ?, ?, ?, ?, ?, ?) \
                   ON CONFLICT (id) DO UPDATE SET policy_hash = excluded.policy_hash, number = excluded.number, \
                   updated_at_ms = excluded.updated_at_ms, summary = excluded.summary, booking = excluded.booking, seal = excluded.seal";
        self.put_sealed(
            put,
            &shown.id,
            &[
                &shown.id.as_str(),
                &shown.policy_hash,
                &shown.number,
                &shown.updated_at_ms,
                &shown.summary,
                &shown.booking,
            ],
        )?;
        let put = "INSERT OR REPLACE INTO beside (change_id, is_open, targets, related, run, notice, seal) VALUES (?, ?, ?, ?, ?, ?, ?)";
        self.put_sealed(
            put,
            &shown.id,
            &[
                &shown.id.as_str(),
                &shown.is_open,
                &shown.targets,
                &shown.related,
                &shown.run,
                &shown.notice,
            ],
        )
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
        let put = "INSERT OR REPLACE INTO records (id, kind, state, seal) VALUES (?, ?, ?, ?)";
        let state = changegate::canonical::to_string(record);
        self.put_sealed(put, record.id(), &[&record.id().as_str(), &kind, &state])
    }

    fn put_sealed(
        &self,
        put: &str,
        record: &ChangeId,
        columns: &[&dyn ToSql],
    ) -> rusqlite::Result<()> {
        let head: String = self
            .connection
            .prepare_cached("SELECT hash FROM heads WHERE record_id = ?")?
            .query_row([record.as_str()], |row| row.get(0))?;
        let mut seal = Seal::default().with(ValueRef::from(head.as_str()));
        for column in columns {
            seal = match column.to_sql()? {
                ToSqlOutput::Borrowed(value) => seal.with(value),
                ToSqlOutput::Owned(value) => seal.with((&value).into()),
                other => {
                    return Err(rusqlite::Error::ToSqlConversionFailure(
                        format!("{other:?}").into(),
                    ));
                }
            };
        }
        let seal = seal.text();
        let values = columns.iter().copied().chain([&seal as &dyn ToSql]);
        self.connection
            .prepare_cached(put)?
            .execute(rusqlite::params_from_iter(values))?;
        Ok(())
    }

    /// What others see of every change that there should be.
    ///
    /// # Errors
    /// That the database failed.
    pub fn shown(&self) -> rusqlite::Result<Vec<Kept<Shown>>> {
        let mut all = self.kept("heads.kind = 'change'", OF_CHANGE, of_change)?;
        let headless = "SELECT id FROM changes NOT INDEXED WHERE NOT EXISTS \
                        (SELECT 1 FROM heads WHERE record_id = id AND kind = 'change')";
        all.extend(self.ids(headless)?.into_iter().map(Kept::Damaged));
        Ok(all)
    }

    /// Forgets what others see of a record, so that it is made anew.
    ///
    /// # Errors
    /// That the database failed.
    pub fn forget_shown(&self, record: &ChangeId) -> rusqlite::Result<()> {
        for delete in [
            "DELETE FROM changes WHERE id = ?",
            "DELETE FROM beside WHERE change_id = ?",
            "DELETE FROM records WHERE id = ?",
        ] {
            self.connection
                .prepare_cached(delete)?
                .execute([record.as_str()])?;
        }
        Ok(())
    }

    /// Forgets what is shown of records of which there is nothing: a damaged id made it.
    ///
    /// # Errors
    /// That the database failed.
    pub fn forget_strays(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch(
            "DELETE FROM heads WHERE record_id NOT IN (SELECT change_id FROM entries UNION SELECT change_id FROM outcomes WHERE seq IS NOT NULL);
             DELETE FROM changes WHERE id NOT IN (SELECT record_id FROM heads UNION SELECT change_id FROM entries);
             DELETE FROM beside WHERE change_id NOT IN (SELECT record_id FROM heads UNION SELECT change_id FROM entries);
             DELETE FROM records WHERE id NOT IN (SELECT record_id FROM heads UNION SELECT change_id FROM entries);",
        )
    }

    /// The changes that a host before this one showed, without a seal.
    ///
    /// # Errors
    /// That the database failed.
    pub fn not_sealed(&self) -> rusqlite::Result<Vec<ChangeId>> {
        self.ids(
            "SELECT id FROM changes NOT INDEXED LEFT JOIN beside ON change_id = id \
             WHERE changes.seal = '' OR coalesce(beside.seal, '') = ''",
        )
    }

    /// The spoken numbers that were given.
    ///
    /// # Errors
    /// That the database failed.
    pub fn numbers(&self) -> rusqlite::Result<Vec<String>> {
        let mut select = self
            .connection
            .prepare_cached("SELECT number FROM changes NOT INDEXED")?;
        let numbers = select.query_map([], |row| Ok(row.get(0).unwrap_or_default()))?;
        numbers.collect()
    }

    /// What others see of one change; none where there is no such change.
    ///
    /// # Errors
    /// That the database failed, or that the row is damaged.
    pub fn shown_of(&self, change: &ChangeId) -> rusqlite::Result<Option<Shown>> {
        self.one(change, OF_CHANGE, of_change)
    }

    /// What is shown of one record that is no change.
    ///
    /// # Errors
    /// That the database failed, or that the row is damaged.
    pub fn record(&self, id: &ChangeId) -> rusqlite::Result<Option<Other>> {
        self.one(id, OF_RECORD, of_record)
    }

    /// Every record that is no change.
    ///
    /// # Errors
    /// That the database failed.
    pub fn records(&self) -> rusqlite::Result<Vec<Kept<Other>>> {
        self.kept("heads.kind <> 'change'", OF_RECORD, of_record)
    }

    /// Reads all rows at once, and where a page of them cannot be read, each alone.
    fn kept<T>(
        &self,
        of_kind: &str,
        select: &str,
        read: Read<T>,
    ) -> rusqlite::Result<Vec<Kept<T>>> {
        match self.at_once(of_kind, select, read) {
            Err(error) if is_damage(&error) => {
                let ids = self.ids(&format!("SELECT record_id FROM heads WHERE {of_kind}"))?;
                ids.into_iter()
                    .map(|id| kept(id.clone(), self.one(&id, select, read).transpose()))
                    .collect()
            }
            read => read,
        }
    }

    fn at_once<T>(
        &self,
        of_kind: &str,
        select: &str,
        read: Read<T>,
    ) -> rusqlite::Result<Vec<Kept<T>>> {
        let select = format!("{select} WHERE {of_kind} ORDER BY record_id");
        let mut select = self.connection.prepare_cached(&select)?;
        let mut rows = select.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(kept(ChangeId(row.get("record_id")?), Some(read(row)))?);
        }
        Ok(all)
    }

    fn one<T>(&self, id: &ChangeId, select: &str, read: Read<T>) -> rusqlite::Result<Option<T>> {
        let mut select = self
            .connection
            .prepare_cached(&format!("{select} WHERE record_id = ?"))?;
        let mut rows = select.query(params![id.as_str()])?;
        rows.next()?.map(read).transpose()
    }

    pub(super) fn ids(&self, select: &str) -> rusqlite::Result<Vec<ChangeId>> {
        let mut select = self.connection.prepare_cached(select)?;
        let ids = select.query_map([], |row| row.get(0).map(ChangeId))?;
        ids.collect()
    }
}
