//! `cargo xtask mutations`: takes each guard away that a patch of `tests/mutations` names, and fails where its test does not.
//!
//! A patch begins with two lines: `# takes away:` says which guard, and `# test:` the arguments of `cargo test` that must fail.

use crate::command::{output, program, run};
use crate::paths;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// A guard taken away, and the test that finds it.
struct Mutation {
    name: String,
    patch: PathBuf,
    takes_away: String,
    test: Vec<String>,
}

/// Tries those that are named, or all.
pub fn mutations(names: &[String]) -> Result<()> {
    let chosen = chosen(names)?;
    copy_tree()?;
    let mut missed = Vec::new();
    for mutation in &chosen {
        let start = Instant::now();
        let verdict = tried(mutation)?;
        println!(
            "  {:46} {verdict} {:5.1} s",
            mutation.name,
            start.elapsed().as_secs_f64()
        );
        if verdict != FOUND {
            missed.push(format!("{} ({})", mutation.name, mutation.takes_away));
        }
    }
    println!(
        "{} guards taken away, {} not found",
        chosen.len(),
        missed.len()
    );
    if !missed.is_empty() {
        bail!("no test failed without: {}", missed.join("; "));
    }
    Ok(())
}

const FOUND: &str = "found";

fn chosen(names: &[String]) -> Result<Vec<Mutation>> {
    let all = all()?;
    if let Some(unknown) = names
        .iter()
        .find(|name| all.iter().all(|known| known.name != **name))
    {
        bail!("tests/mutations holds no `{unknown}.patch`");
    }
    let is_chosen = |mutation: &Mutation| names.is_empty() || names.contains(&mutation.name);
    Ok(all.into_iter().filter(is_chosen).collect())
}

fn all() -> Result<Vec<Mutation>> {
    let folder = paths::root().join("tests/mutations");
    let files = std::fs::read_dir(&folder).context("tests/mutations cannot be read")?;
    let mut patches: Vec<PathBuf> = files.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    patches.sort();
    patches.iter().map(|patch| mutation(patch)).collect()
}

fn mutation(patch: &Path) -> Result<Mutation> {
    let text = std::fs::read_to_string(patch)?;
    let said = |key: &str| {
        let mut lines = text.lines().take_while(|line| line.starts_with('#'));
        let said = lines.find_map(|line| line.strip_prefix(key));
        said.map(str::trim)
            .with_context(|| format!("{}: no line `{key}`", patch.display()))
    };
    Ok(Mutation {
        name: patch
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        patch: patch.to_path_buf(),
        takes_away: said("# takes away:")?.to_owned(),
        test: said("# test:")?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
    })
}

/// The tree in which guards are taken away: a copy, so that nothing here changes.
fn tree() -> PathBuf {
    paths::target().join("mutations/tree")
}

/// Copies what is tracked, as it is in the working tree; a file that is as it was keeps its time, so that nothing is built anew.
fn copy_tree() -> Result<()> {
    let list = output(&mut program("git", &["ls-files"]), "install git")?;
    let tree = tree();
    for name in list.lines() {
        let (from, to) = (paths::root().join(name), tree.join(name));
        let Ok(wanted) = std::fs::read(&from) else {
            continue;
        };
        if std::fs::read(&to).is_ok_and(|there| there == wanted) {
            continue;
        }
        std::fs::create_dir_all(to.parent().unwrap_or(&tree))?;
        std::fs::write(&to, wanted)?;
    }
    Ok(())
}

fn tried(mutation: &Mutation) -> Result<&'static str> {
    apply(mutation, &[])?;
    let tested = test(mutation);
    apply(mutation, &["--reverse"])?;
    let (passed, said) = tested?;
    match () {
        () if passed => Ok("NOT FOUND"),
        () if said.contains("test result: FAILED") => Ok(FOUND),
        () => bail!("`{}` does not compile:\n{said}", mutation.name),
    }
}

fn apply(mutation: &Mutation, how: &[&str]) -> Result<()> {
    let patch = mutation.patch.to_string_lossy().into_owned();
    let mut command = program("git", &["apply", "--recount"]);
    command.args(how).arg(&patch).current_dir(tree());
    // Without a repository around it, paths are those of the copy.
    command.env("GIT_CEILING_DIRECTORIES", paths::target());
    run(&mut command, "make the patch anew, the guard was edited")
}

/// Whether the test passed, and what it said. Built fast, since each guard is built once.
fn test(mutation: &Mutation) -> Result<(bool, String)> {
    let mut command = Command::new("cargo");
    command.args(["test", "--package", "changegate"]);
    command.args(["--config", "profile.dev.package.changegate.opt-level=0"]);
    command.args(["--config", "profile.dev.debug=false"]);
    command.args(&mutation.test).current_dir(tree());
    command.env("CARGO_TARGET_DIR", paths::target().join("mutations/target"));
    let done = command.output().context("cargo could not be started")?;
    let said = [done.stdout, done.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    Ok((done.status.success(), said.concat()))
}
