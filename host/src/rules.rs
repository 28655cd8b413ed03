//! The policies that the host keeps, and which of them is in force.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use changegate::change::Change;
use changegate::policy::Policy;
use changegate::value::Digest;

use crate::problem::Problem;

/// Every policy that records were made under, by its hash, and the one that new changes are submitted under.
#[derive(Debug)]
pub struct Book {
    documents: BTreeMap<Digest, Policy>,
    in_force: Digest,
}

impl Book {
    /// Every policy, by its hash.
    pub const fn documents(&self) -> &BTreeMap<Digest, Policy> {
        &self.documents
    }

    /// The hash of the policy in force.
    pub const fn in_force(&self) -> Digest {
        self.in_force
    }

    /// The policy in force.
    ///
    /// # Errors
    /// That it is not here.
    pub fn current(&self) -> Result<&Policy, Problem> {
        self.of_hash(self.in_force)
    }

    /// The policy that a change keeps.
    ///
    /// # Errors
    /// That it is not here.
    pub fn of(&self, change: &Change) -> Result<&Policy, Problem> {
        self.of_hash(change.policy_hash)
    }

    fn of_hash(&self, hash: Digest) -> Result<&Policy, Problem> {
        self.documents.get(&hash).ok_or_else(|| {
            Problem::policy_missing(format!(
                "policy {hash} is not in the database; restore it from a backup"
            ))
        })
    }
}

/// The same, shared by whoever reads and the one who writes.
#[derive(Debug)]
pub struct Rules(RwLock<Book>);

impl Rules {
    /// These policies, and which of them is in force.
    pub const fn of(documents: BTreeMap<Digest, Policy>, in_force: Digest) -> Self {
        Self(RwLock::new(Book {
            documents,
            in_force,
        }))
    }

    /// As they are now.
    pub fn read(&self) -> RwLockReadGuard<'_, Book> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Book> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one more.
    pub fn keep(&self, hash: Digest, policy: Policy) {
        self.write().documents.insert(hash, policy);
    }

    /// From now on this one is in force.
    pub fn enforce(&self, hash: Digest) {
        self.write().in_force = hash;
    }
}
