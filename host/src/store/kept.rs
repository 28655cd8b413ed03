//! What is kept beside the logs: answers to reports, policies, counters, sessions.

use std::collections::BTreeMap;

use changegate::id::{ChangeId, PersonId};
use changegate::policy::Policy;
use changegate::time::Instant;
use changegate::value::Digest;
use rusqlite::{OptionalExtension, params};

use super::{Outcome, Store, Verdict, digest, outcome};
use crate::fault::Fault;

impl Store {
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
        Ok(self.counter_if_set(name)?.unwrap_or(0))
    }

    /// A counter; none where it was never set.
    ///
    /// # Errors
    /// That the database failed.
    pub fn counter_if_set(&self, name: &str) -> rusqlite::Result<Option<i64>> {
        let mut select = self
            .connection
            .prepare_cached("SELECT value FROM counters WHERE name = ?")?;
        select.query_row([name], |row| row.get(0)).optional()
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
