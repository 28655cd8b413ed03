//! Decisions that were made once, ready to be made again: a decision alone, without reading, sealing or printing.

use changegate::change::{Change, evolve};
use changegate::decide::decide;
use changegate::log::{Entry, Record, Stored};
use changegate::policy::Policy;
use changegate::wire;

#[cfg(target_arch = "wasm32")]
mod face;

/// Each entry of a log, with the change that it was decided on.
#[derive(Debug)]
pub struct Decisions {
    policy: Policy,
    cases: Vec<Case>,
}

#[derive(Debug)]
struct Case {
    before: Option<Change>,
    entry: Entry,
}

impl Decisions {
    /// The decisions of a log under its policy.
    ///
    /// # Errors
    /// Where either is not of its documented type, or the log does not verify.
    pub fn of(policy: &str, log: &str) -> Result<Self, String> {
        let policy = Policy::from_json(policy).map_err(|fault| fault.to_string())?;
        let log: Vec<Stored> = wire::from_str(log).map_err(|fault| fault.to_string())?;
        let cases = log.iter().enumerate().map(|(position, stored)| {
            let before = Record::replay(log.get(..position).unwrap_or_default())
                .map_err(|broken| broken.to_string())?;
            Ok(Case {
                before: before.change,
                entry: stored.entry.clone(),
            })
        });
        let cases = cases.collect::<Result<_, String>>()?;
        Ok(Self { policy, cases })
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.cases.len()
    }

    /// Decides one again: how many events it comes to, none where it is refused.
    #[must_use]
    pub fn decide(&self, position: usize) -> usize {
        self.cases
            .get(position)
            .map_or(0, |case| self.events_of(case, |events| events.len()))
    }

    /// Decides one again and folds the change with its events: the seq that it then has, or 0.
    #[must_use]
    pub fn step(&self, position: usize) -> u64 {
        let Some(case) = self.cases.get(position) else {
            return 0;
        };
        let after = self.events_of(case, |events| {
            events.iter().fold(case.before.clone(), |change, event| {
                evolve(&case.entry.change_id, change, event)
            })
        });
        after.map_or(0, |change| change.seq + 1)
    }

    fn events_of<T: Default>(
        &self,
        case: &Case,
        then: impl FnOnce(&[changegate::event::Event]) -> T,
    ) -> T {
        let Entry {
            command,
            actor,
            at,
            facts,
            ..
        } = &case.entry;
        decide(
            &self.policy,
            case.before.as_ref(),
            command,
            actor,
            *at,
            facts,
        )
        .map(|events| then(&events))
        .unwrap_or_default()
    }
}
