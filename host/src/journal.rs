//! What the host says while it runs. Nobody may be listening any more; that is no reason to fail.

use std::fmt::Display;
use std::io::{self, Write as _};

/// Says what happened.
pub fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Says what went wrong.
pub fn warn(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
