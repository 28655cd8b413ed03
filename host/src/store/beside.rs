//! What other changes, lists and boards read of changes and of records that are no changes: made anew from their logs.

use changegate::id::ChangeId;
use changegate::notice::Notice;
use changegate::other::Other;
use changegate::value::Digest;
use changegate::wire::Decode;
use changegate::world::{Booking, RelatedChange, Run};
use rusqlite::{OptionalExtension, params};

use super::{Beside, Store, decoded, parsed};
use crate::summary::ChangeSummary;

impl Store {
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
}
