//! `policy.json`: read, and checked before it is used.

use std::path::Path;

use changegate::finding::Severity;
use changegate::policy::Policy;
use changegate::policy::check::{PolicyFinding, check_text};

use super::table::read_text;
use crate::fault::Fault;

/// Reads a policy that nothing stops from being used.
///
/// # Errors
/// Each finding that stops it.
pub fn read(path: &Path) -> Result<Policy, Fault> {
    let (text, findings) = examine(path)?;
    let stopping = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Stops);
    let lines: Vec<String> = stopping.map(|finding| line(path, finding)).collect();
    if !lines.is_empty() {
        return Err(Fault::all(lines));
    }
    Policy::from_json(&text).map_err(|error| Fault::about(path, format!("{error}, mend it there")))
}

/// Reads the text of a policy, and finds everything that can be said against it.
///
/// # Errors
/// That there is no text.
pub fn examine(path: &Path) -> Result<(String, Vec<PolicyFinding>), Fault> {
    let text = read_text(path)?;
    let findings = check_text(&text);
    Ok((text, findings))
}

/// A finding as one line: where in which file, and what.
pub fn line(path: &Path, finding: &PolicyFinding) -> String {
    let at = if finding.at.is_empty() {
        "/"
    } else {
        finding.at.as_str()
    };
    format!("{}, {at}: {}", path.display(), finding.message)
}
