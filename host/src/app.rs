//! What every request can ask.

use std::sync::{Arc, Mutex, PoisonError};

use changegate::id::ChangeId;
use changegate::log::Record;
use changegate::time::Instant;
use changegate::world::World;

use crate::clock::Clock;
use crate::files::Files;
use crate::limits::Limits;
use crate::memory::Memory;
use crate::organisation::Organisation;
use crate::problem::Problem;
use crate::readers::Readers;
use crate::rules::Rules;
use crate::session::Mode;
use crate::store::{Store, Written};
use crate::surroundings;
use crate::writer::Writer;

/// The host.
#[derive(Debug)]
pub struct App {
    /// Whose host it is.
    pub organisation: Arc<Organisation>,
    /// The policies that it keeps.
    pub rules: Arc<Rules>,
    /// Its time.
    pub clock: Arc<Clock>,
    /// Who reads.
    pub readers: Readers,
    /// Records that were read lately.
    pub memory: Mutex<Memory>,
    /// Files of evidence.
    pub files: Files,
    /// Who writes.
    pub writer: Writer,
    /// How much anybody may ask for.
    pub limits: Limits,
    /// Who may open sessions.
    pub mode: Mode,
}

impl App {
    /// The record of what is stored of a change.
    ///
    /// # Errors
    /// Which entry does not hold.
    pub fn record(&self, change: &ChangeId, written: Vec<Written>) -> Result<Record, Problem> {
        let memory = self.memory.lock();
        let mut memory = memory.unwrap_or_else(PoisonError::into_inner);
        memory.recall(&self.rules.read(), change, written)
    }

    /// What is known at that moment.
    ///
    /// # Errors
    /// That the database failed.
    pub fn world(&self, store: &Store, now: Instant) -> Result<World, Problem> {
        let book = self.rules.read();
        surroundings::world(&self.organisation, &book, store, now)
    }
}
