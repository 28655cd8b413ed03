//! What keeps the host from starting, in words for whoever runs it.

use std::fmt;
use std::path::Path;

use crate::problem::is_damage;

/// One or more things wrong around the host: each a line that says what, where, and what to do.
#[derive(Debug)]
pub struct Fault(Vec<String>);

impl Fault {
    /// One thing.
    pub fn new(line: impl Into<String>) -> Self {
        Self(vec![line.into()])
    }

    /// Something wrong with a file, and what to do about it.
    pub fn about(path: &Path, what: impl fmt::Display) -> Self {
        Self::new(format!("{}: {what}", path.display()))
    }

    /// Many things.
    pub const fn all(lines: Vec<String>) -> Self {
        Self(lines)
    }

    /// Puts a word before each line, such as the name of the file.
    pub fn within(self, place: impl fmt::Display) -> Self {
        Self(
            self.0
                .into_iter()
                .map(|line| format!("{place}{line}"))
                .collect(),
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0.join("\n"))
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let remedy = if is_damage(&error) {
            "; run `changegate-host rebuild`, or restore it from a backup"
        } else {
            ""
        };
        Self::new(format!("the database could not be used ({error}){remedy}"))
    }
}

/// Gathers what is wrong, so that all of it is said at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<String>);

impl Faults {
    /// Notes one thing.
    pub fn note(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }

    /// Notes everything of a fault, and goes on with nothing in place of the value.
    pub fn take<T>(&mut self, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.0.extend(fault.0)).ok()
    }

    /// The value, if nothing was noted.
    pub fn or<T>(self, value: T) -> Result<T, Fault> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(Fault(self.0))
        }
    }
}
