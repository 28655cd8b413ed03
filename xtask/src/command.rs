//! Other programs: each failure says what to do.

use crate::paths;
use anyhow::{Context, Result, bail};
use std::io::ErrorKind;
use std::process::Command;

/// A program run from the repository's root.
pub fn program(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(args).current_dir(paths::root());
    command
}

/// Cargo itself.
pub fn cargo(args: &[&str]) -> Command {
    program("cargo", args)
}

/// A program that an npm package brings, run by node.
pub fn npm_program(name: &str, args: &[&str]) -> Command {
    let path = paths::package().join("node_modules/.bin").join(name);
    program(&path.to_string_lossy(), args)
}

/// Runs to the end; a failure names the command and says what to do.
pub fn run(command: &mut Command, remedy: &str) -> Result<()> {
    let status = command
        .status()
        .with_context(|| unstartable(command, remedy))?;
    if !status.success() {
        bail!("`{}` failed ({status}); {remedy}", shown(command));
    }
    Ok(())
}

/// Runs to the end and gives what it printed.
pub fn output(command: &mut Command, remedy: &str) -> Result<String> {
    let output = command
        .output()
        .with_context(|| unstartable(command, remedy))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` failed ({}); {remedy}\n{said}",
            shown(command),
            output.status
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether the program is there at all.
pub fn is_installed(name: &str) -> bool {
    !matches!(program(name, &["--version"]).output(), Err(fault) if fault.kind() == ErrorKind::NotFound)
}

fn unstartable(command: &Command, remedy: &str) -> String {
    format!("`{}` could not be started; {remedy}", shown(command))
}

/// The command as one would type it, paths of this repository shortened.
fn shown(command: &Command) -> String {
    let root = format!("{}/", paths::root().display());
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let text: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    text.join(" ").replace(&root, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_and_says_what_to_do() {
        let fault = run(&mut program("false", &["--once"]), "try again").unwrap_err();
        let text = format!("{fault:#}");
        assert!(
            text.contains("`false --once` failed") && text.ends_with("try again"),
            "{text}"
        );
    }

    #[test]
    fn a_missing_program_says_what_to_do() {
        let fault = run(&mut program("no-such-program", &[]), "install it").unwrap_err();
        assert!(
            format!("{fault:#}").starts_with("`no-such-program` could not be started; install it")
        );
    }
}
