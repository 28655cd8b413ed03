//! How a row is known to be as it was written: a hash over its columns stands beside them.
//!
//! It finds what a disk did to a row. Whoever can write the file can make it anew: what people did is in the logs, whose chains
//! and heads others can keep.

use std::ops::Range;

use rusqlite::Row;
use rusqlite::types::ValueRef;
use sha2::{Digest as _, Sha256};

/// A hash in the making, over one part after the other, each with its kind and its length.
#[derive(Debug, Default)]
pub struct Seal(Sha256);

impl Seal {
    /// With one more part.
    #[must_use]
    pub fn with(mut self, part: ValueRef<'_>) -> Self {
        let integer;
        let (kind, bytes): (u8, &[u8]) = match part {
            ValueRef::Null => (0, &[]),
            ValueRef::Integer(value) => {
                integer = value.to_be_bytes();
                (1, &integer)
            }
            ValueRef::Real(value) => {
                integer = value.to_be_bytes();
                (2, &integer)
            }
            ValueRef::Text(text) => (3, text),
            ValueRef::Blob(bytes) => (4, bytes),
        };
        self.0.update([kind]);
        self.0.update(bytes.len().to_be_bytes());
        self.0.update(bytes);
        self
    }

    /// As it is kept.
    pub fn text(self) -> String {
        let hash = self.0.finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The seal over columns of a row.
///
/// # Errors
/// That the row has no such column.
pub fn seal_of(row: &Row<'_>, columns: Range<usize>) -> rusqlite::Result<String> {
    let mut seal = Seal::default();
    for column in columns {
        seal = seal.with(row.get_ref(column)?);
    }
    Ok(seal.text())
}

/// A row that is not as it was written.
pub fn damaged(column: usize) -> rusqlite::Error {
    let what = "it is not as it was written".into();
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, what)
}

/// Whether the column after some holds their seal.
///
/// # Errors
/// That it does not.
pub fn check_seal(row: &Row<'_>, columns: Range<usize>) -> rusqlite::Result<()> {
    let at = columns.end;
    if row.get_ref(at)?.as_str()? == seal_of(row, columns)? {
        Ok(())
    } else {
        Err(damaged(at))
    }
}
