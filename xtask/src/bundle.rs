//! TypeScript to what the browser loads: checked, bundled, laid out.

use crate::command::{npm_program, run};
use crate::paths;
use crate::wasm::copy;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

const BUNDLE: [&str; 8] = [
    "--bundle",
    "--format=esm",
    "--splitting",
    "--minify",
    "--target=es2022",
    "--sourcemap=linked",
    "--legal-comments=linked",
    "--log-level=warning",
];

/// The element: type-checked, its declarations, and its bundle; what is opened later becomes a chunk of its own.
pub fn element() -> Result<()> {
    check_types()?;
    declare_types()?;
    esbuild(
        &[
            "www/element/index.ts",
            "www/element/lists.ts",
            "www/element/browser-host.ts",
        ],
        &paths::dist(),
        &["--chunk-names=chunk-[hash]"],
    )
}

/// Checks all of `www/`.
pub fn check_types() -> Result<()> {
    run(
        &mut npm_program("tsc", &["--project", "www"]),
        "mend what TypeScript reports above",
    )
}

fn declare_types() -> Result<()> {
    run(
        &mut npm_program("tsc", &["--project", "www/tsconfig.types.json"]),
        "mend what TypeScript reports above",
    )?;
    copy_tree(
        &paths::generated(),
        &paths::dist().join("types/generated"),
        &|file| has_ending(file, ".d.ts"),
    )
}

/// The demo portal: its own script, everything beside it as it is, the package under `pkg/`, the data that needs no server.
pub fn site() -> Result<()> {
    let demo = paths::root().join("www/demo");
    esbuild(
        &["www/demo/portal.ts"],
        &paths::site(),
        &["--external:/pkg/*"],
    )?;
    copy_tree(&demo, &paths::site(), &|file| !has_ending(file, ".ts"))?;
    copy_tree(
        &paths::root().join("tests/organisations"),
        &paths::site().join("data/organisations"),
        &|_| true,
    )?;
    copy_tree(&paths::dist(), &paths::site().join("pkg"), &|_| true)
}

fn esbuild(entries: &[&str], out: &Path, more: &[&str]) -> Result<()> {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let meta = paths::target().join(format!("{name}.meta.json"));
    let mut command = npm_program("esbuild", entries);
    command
        .args(BUNDLE)
        .args(more)
        .arg(format!("--outdir={}", out.display()))
        .arg(format!("--metafile={}", meta.display()));
    run(&mut command, "mend what esbuild reports above")
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.to_string_lossy().ends_with(ending)
}

/// Copies the files of a folder that are wanted, folders within included. A folder that is not there holds no files.
fn copy_tree(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    for file in files_under(from)?.iter().filter(|file| wanted(file)) {
        let within = file
            .strip_prefix(from)
            .context("a file lies outside its folder")?;
        copy(file, &to.join(within))?;
    }
    Ok(())
}

/// Every file under a folder, in order of name.
pub fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(folder, &mut files).with_context(|| {
            format!(
                "{} could not be read; check the permissions",
                folder.display()
            )
        })?;
    }
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
