//! Connections that read, each used by one request at a time.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::problem::Problem;
use crate::store::Store;

/// A pool of reading connections.
#[derive(Clone, Debug)]
pub struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Store>>>,
}

impl Readers {
    /// Readers of the database in that file.
    pub fn of(path: PathBuf) -> Self {
        Self {
            path,
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
