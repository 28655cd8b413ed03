//! Records that were replayed before, found again only by every byte that they were replayed from.
//!
//! Reading and replaying a log costs far more than hashing it. A log of which one byte is another is replayed anew, and
//! refused where it does not hold.

use std::collections::HashMap;

use changegate::id::ChangeId;
use changegate::log::Record;
use sha2::{Digest as _, Sha256};

use crate::problem::Problem;
use crate::registrar::judged;
use crate::rules::Book;
use crate::store::{Written, read};

/// How many records are remembered before all are forgotten.
const MOST: usize = 1_000;

/// A hash over everything that is stored of a change.
type Print = [u8; 32];

/// The records that were replayed lately.
#[derive(Debug, Default)]
pub struct Memory(HashMap<ChangeId, (Print, Record)>);

impl Memory {
    /// The record of what is stored, each decision in it made again.
    ///
    /// # Errors
    /// Which entry does not hold.
    pub fn record(
        &mut self,
        book: &Book,
        change: &ChangeId,
        written: Vec<Written>,
    ) -> Result<Record, Problem> {
        let print = print(&written);
        match self.0.get(change) {
            Some((known, record)) if *known == print => Ok(record.clone()),
            Some(_) | None => judged(book, &read(change, written)?),
        }
    }

    /// The same, remembered for the next who reads it.
    ///
    /// # Errors
    /// Which entry does not hold.
    pub fn recall(
        &mut self,
        book: &Book,
        change: &ChangeId,
        written: Vec<Written>,
    ) -> Result<Record, Problem> {
        let print = print(&written);
        match self.0.get(change) {
            Some((known, record)) if *known == print => Ok(record.clone()),
            Some(_) | None => {
                let record = judged(book, &read(change, written)?)?;
                self.put(change.clone(), print, record.clone());
                Ok(record)
            }
        }
    }

    /// Remembers the record of what is now stored.
    pub fn keep(&mut self, change: ChangeId, written: &[Written], record: Record) {
        self.put(change, print(written), record);
    }

    fn put(&mut self, change: ChangeId, print: Print, record: Record) {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(change, (print, record));
    }
}

/// Each part is hashed with its length, so that no two logs read the same.
fn print(written: &[Written]) -> Print {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update(bytes.len().to_be_bytes());
        hash.update(bytes);
    };
    for Written {
        seq,
        hash,
        entry,
        values,
    } in written
    {
        part(&seq.to_be_bytes());
        part(hash.as_bytes());
        part(entry.as_bytes());
        part(&values.len().to_be_bytes());
        for (commitment, sealed) in values {
            part(&commitment.0);
            part(sealed.salt.as_bytes());
            part(sealed.text.as_bytes());
            part(sealed.by.as_str().as_bytes());
        }
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: u64, hash: &str, entry: &str) -> Written {
        Written {
            seq,
            hash: hash.to_owned(),
            entry: entry.to_owned(),
            values: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn a_byte_moved_from_one_part_to_the_next_makes_another_print() {
        let logs = [
            vec![entry(1, "ab", "c")],
            vec![entry(1, "a", "bc")],
            vec![entry(2, "ab", "c")],
            vec![],
            vec![entry(1, "ab", "c"), entry(2, "", "")],
        ];
        let prints: std::collections::BTreeSet<Print> = logs.iter().map(|log| print(log)).collect();
        assert_eq!(prints.len(), logs.len());
    }
}
