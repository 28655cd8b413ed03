//! What a fresh machine lacks and a task can bring.

use crate::command::{is_installed, npm_program, output, program, run};
use crate::paths;
use crate::progress::Progress;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The target that browsers run.
pub const WASM: &str = "wasm32-unknown-unknown";

const OLDEST_NODE: u32 = 20;

/// Everything that `build` needs.
pub fn for_build(progress: &Progress) -> Result<()> {
    c_compiler()?;
    node()?;
    wasm_target(progress)?;
    npm_packages(progress)
}

fn c_compiler() -> Result<()> {
    if ["cc", "gcc", "clang", "cl"].into_iter().any(is_installed) {
        return Ok(());
    }
    bail!(
        "there is no C compiler, and the embedded database needs one; install one (Debian: `apt-get install gcc libc6-dev`)"
    )
}

fn node() -> Result<()> {
    let remedy = "install node 20 or newer, with npm";
    let version = output(&mut program("node", &["--version"]), remedy)?;
    match major(&version) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => bail!("node is {}, which is too old; {remedy}", version.trim()),
    }
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn wasm_target(progress: &Progress) -> Result<()> {
    let sysroot = output(
        &mut program("rustc", &["--print", "sysroot"]),
        "install Rust by rustup",
    )?;
    if Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(WASM)
        .is_dir()
    {
        return Ok(());
    }
    progress.say("adding the wasm target to Rust");
    let remedy =
        "this needs rustup and its download server; check the network, then run it by hand";
    run(&mut program("rustup", &["target", "add", WASM]), remedy)
}

/// Installs the npm packages where they are missing or older than the lock file. No package's install script runs.
fn npm_packages(progress: &Progress) -> Result<()> {
    let installed = paths::package().join("node_modules/.package-lock.json");
    if modified(&installed) < modified(&paths::package().join("package-lock.json"))
        || !installed.is_file()
    {
        progress.say("installing npm packages");
        let args = [
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefix",
            "pkg",
        ];
        run(
            &mut program(npm(), &args),
            "check that the npm registry can be reached, then run it by hand",
        )?;
    }
    check_npm_programs()?;
    link_packages()
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

fn check_npm_programs() -> Result<()> {
    let remedy = "delete pkg/node_modules and start again";
    output(&mut npm_program("esbuild", &["--version"]), remedy).map(drop)
}

/// Node and TypeScript look for packages in the folders above a file: `www/` and `tests/` find them through this link.
fn link_packages() -> Result<()> {
    let link = paths::root().join("node_modules");
    if link.exists() {
        return Ok(());
    }
    let _stale = fs::remove_file(&link);
    symlink(Path::new("pkg/node_modules"), &link)
        .context("`node_modules` could not be linked to pkg/node_modules; make that link by hand")
}

#[cfg(unix)]
fn symlink(to: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(to, link)
}

#[cfg(windows)]
fn symlink(to: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(to, link)
}

/// When a file was last written; long ago where there is none.
pub fn modified(path: &Path) -> SystemTime {
    fs::metadata(path)
        .and_then(|data| data.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Finds a program on the search path.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(paths::executable(name)))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("node"), None);
    }
}
