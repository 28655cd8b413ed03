//! A host as a process of its own, and people who use it over HTTP.

mod change;
mod program;
mod web;

pub use change::{Change, draft, later, new_id, report};
#[cfg(target_os = "linux")]
pub use program::FailingDisk;
pub use program::{Folder, Host, START, ended, fixture, program, run};
pub use web::{Answer, Person, Web, event};
