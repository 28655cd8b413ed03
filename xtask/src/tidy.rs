//! `cargo xtask tidy`: the repository's own rules, each a named check that says what to do.

mod dependencies;
mod texts;

use crate::command::{output, program};
use crate::paths;
use anyhow::{Result, bail};
use std::fs;

/// A file of the repository: its path from the root, and its text.
pub struct File {
    path: String,
    text: String,
}

/// One rule: its name and what breaks it, a line each, saying what to do.
struct Check {
    name: &'static str,
    complaints: Vec<String>,
}

/// Runs every check, then fails if one complained.
pub fn tidy() -> Result<()> {
    let files = repository()?;
    let mut checks = texts::all(&files);
    checks.extend(dependencies::all()?);
    checks.iter().for_each(report);
    let broken = checks
        .iter()
        .filter(|check| !check.complaints.is_empty())
        .count();
    if broken > 0 {
        bail!(
            "{broken} of {} checks complained; each line above says what to do",
            checks.len()
        );
    }
    println!("{} checks, nothing to complain about", checks.len());
    Ok(())
}

fn report(check: &Check) {
    let outcome = if check.complaints.is_empty() {
        "ok"
    } else {
        "BROKEN"
    };
    println!("{:28} {outcome}", check.name);
    for complaint in &check.complaints {
        println!("    {complaint}");
    }
}

/// What is tracked, and what is new and not ignored, so that a rule speaks before the commit.
fn repository() -> Result<Vec<File>> {
    let args = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let listed = output(
        &mut program("git", &args),
        "tidy reads the files that git tracks; run it in a clone",
    )?;
    let paths = listed.split('\0').filter(|path| !path.is_empty());
    Ok(paths.filter_map(read).collect())
}

/// A file deleted but not yet committed has nothing to check; what is no text is checked by its path alone.
fn read(path: &str) -> Option<File> {
    let bytes = fs::read(paths::root().join(path)).ok()?;
    Some(File {
        path: path.to_owned(),
        text: String::from_utf8(bytes).unwrap_or_default(),
    })
}
