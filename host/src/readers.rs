//! Connections that read, each used by one request at a time.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::problem::Problem;
use crate::registrar::{Failure, NotStored};
use crate::store::{Place, Store};

/// A pool of reading connections.
#[derive(Clone, Debug)]
pub struct Readers {
    path: PathBuf,
    place: Place,
    idle: Arc<Mutex<Vec<Store>>>,
}

impl Readers {
    /// Readers of the database in that file.
    pub fn of(path: PathBuf, place: Place) -> Self {
        Self {
            path,
            place,
            idle: Arc::default(),
        }
    }

    /// Reads one state of the database, off the threads that serve.
    ///
    /// # Errors
    /// What `read` says, or that the database failed.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let readers = self.clone();
        let task = tokio::task::spawn_blocking(move || readers.read_here(read));
        task.await.unwrap_or_else(|_| Err(Problem::internal()))
    }

    fn read_here<T>(&self, read: impl FnOnce(&Store) -> Result<T, Problem>) -> Result<T, Problem> {
        // A file that was put in the place of another tells of other records.
        if !self.place.is_as_opened() {
            return Err(NotStored::For(Failure::Moved).into());
        }
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let store = idle.map_or_else(|| Store::reader(&self.path), Ok)?;
        let read = store.snapshot(read);
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(store);
        read
    }
}
