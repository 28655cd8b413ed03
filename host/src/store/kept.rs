//! What is kept beside the logs: answers to reports, policies, counters, sessions. A row that is not as it was written is not read.

use std::collections::BTreeMap;

use changegate::id::{ChangeId, PersonId};
use changegate::policy::Policy;
use changegate::time::Instant;
use changegate::value::Digest;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, params};

use super::seal::{Seal, check_seal};
use super::{Outcome, Store, Verdict, outcome};
use crate::journal::warn;
use crate::session::Mode;

impl Store {
    /// What became of a report; none where it is new.
    ///
    /// # Errors
    /// That the database failed.
    pub fn outcome(&self, report_id: &str) -> rusqlite::Result<Option<Outcome>> {
        let select = "SELECT report_id, person, salt, body_hash, change_id, seq, refusal, seal FROM outcomes WHERE report_id = ?";
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
        self.seal_outcome(report_id)
    }

    /// Forgets the body of the report that became that entry.
    ///
    /// # Errors
    /// That the database failed.
    pub(super) fn forget_body(&self, record: &ChangeId, seq: u64) -> rusqlite::Result<()> {
        let which = params![record.as_str(), seq];
        let select = "SELECT report_id FROM outcomes WHERE change_id = ? AND seq = ?";
        let mut select = self.connection.prepare_cached(select)?;
        let report_id: Option<String> = select.query_row(which, |row| row.get(0)).optional()?;
        let Some(report_id) = report_id else {
            return Ok(());
        };
        let forget = "UPDATE outcomes SET salt = NULL, body_hash = NULL WHERE report_id = ?";
        self.connection
            .prepare_cached(forget)?
            .execute([&report_id])?;
        self.seal_outcome(&report_id)
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

    /// Every policy that was ever used and is still what its hash says.
    ///
    /// # Errors
    /// That the database failed.
    pub fn policies(&self) -> rusqlite::Result<BTreeMap<Digest, Policy>> {
        let mut select = self
            .connection
            .prepare("SELECT hash, document FROM policies NOT INDEXED")?;
        let mut rows = select.query([])?;
        let mut policies = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let hash: String = row.get(0).unwrap_or_default();
            let document: String = row.get(1).unwrap_or_default();
            let policy = Policy::from_json(&document).ok();
            match policy.filter(|policy| policy.hash().to_string() == hash) {
                Some(policy) => drop(policies.insert(policy.hash(), policy)),
                None => warn(format_args!(
                    "policy {hash} in the database is not as it was kept, and no record that stands under it is served; restore the database from a backup"
                )),
            }
        }
        Ok(policies)
    }

    /// A counter; none where it was never set.
    ///
    /// # Errors
    /// That the database failed, or that it is not as it was set.
    pub fn counter(&self, name: &str) -> rusqlite::Result<Option<i64>> {
        let mut select = self
            .connection
            .prepare_cached("SELECT name, value, seal FROM counters WHERE name = ?")?;
        let mut rows = select.query([name])?;
        let row = rows.next()?;
        row.map(|row| check_seal(row, 0..2).and_then(|()| row.get(1)))
            .transpose()
    }

    /// Sets a counter.
    ///
    /// # Errors
    /// That the database failed.
    pub fn set_counter(&self, name: &str, value: i64) -> rusqlite::Result<()> {
        let put = "INSERT OR REPLACE INTO counters (name, value, seal) VALUES (?, ?, ?)";
        let seal = Seal::default()
            .with(ValueRef::from(name))
            .with(ValueRef::Integer(value));
        self.connection
            .prepare_cached(put)?
            .execute(params![name, value, seal.text()])?;
        Ok(())
    }

    /// Whose session a token opens at that time. What the demo opened opens nothing elsewhere; what is damaged opens nothing.
    ///
    /// # Errors
    /// That the database failed.
    pub fn session(
        &self,
        token_hash: &str,
        now: Instant,
        mode: Mode,
    ) -> rusqlite::Result<Option<PersonId>> {
        let select = "SELECT token_hash, person, is_demo, expires_at_ms, seal FROM sessions WHERE token_hash = ?";
        let mut select = self.connection.prepare_cached(select)?;
        let mut rows = select.query([token_hash])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        if check_seal(row, 0..4).is_err() {
            return Ok(None);
        }
        let counts = mode == Mode::Demo || !row.get::<_, bool>(2)?;
        let is_over = row.get::<_, i64>(3)? <= now.millis();
        let person = row.get(1).map(PersonId)?;
        Ok((counts && !is_over).then_some(person))
    }

    /// Opens a session, and forgets those that are over.
    ///
    /// # Errors
    /// That the database failed.
    pub fn open_session(
        &self,
        token_hash: &str,
        person: &PersonId,
        mode: Mode,
        now: Instant,
        expires: Instant,
    ) -> rusqlite::Result<()> {
        self.connection.execute(
            "DELETE FROM sessions WHERE expires_at_ms <= ?",
            [now.millis()],
        )?;
        let is_demo = i64::from(mode == Mode::Demo);
        let seal = Seal::default()
            .with(ValueRef::from(token_hash))
            .with(ValueRef::from(person.as_str()))
            .with(ValueRef::Integer(is_demo))
            .with(ValueRef::Integer(expires.millis()));
        self.connection.execute(
            "INSERT INTO sessions (token_hash, person, is_demo, expires_at_ms, seal) VALUES (?, ?, ?, ?, ?)",
            params![token_hash, person.as_str(), is_demo, expires.millis(), seal.text()],
        )?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// That the database failed.
    pub fn end_session(&self, token_hash: &str) -> rusqlite::Result<()> {
        let delete = "DELETE FROM sessions WHERE token_hash = ?";
        self.connection.execute(delete, [token_hash]).map(|_| ())
    }

    /// Ends every session of a person, and says how many there were.
    ///
    /// # Errors
    /// That the database failed.
    pub fn end_sessions(&self, person: &PersonId) -> rusqlite::Result<usize> {
        let delete = "DELETE FROM sessions WHERE person = ?";
        self.connection.execute(delete, [person.as_str()])
    }

    /// Ends every session that the demo opened.
    ///
    /// # Errors
    /// That the database failed.
    pub fn end_demo(&self) -> rusqlite::Result<()> {
        let delete = "DELETE FROM sessions WHERE is_demo <> 0";
        self.connection.execute(delete, []).map(|_| ())
    }
}
