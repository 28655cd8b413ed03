//! `cargo xtask build`: the npm package in `pkg/`, the demo portal in `target/site`, and the host that serves it.

use crate::command::{cargo, run};
use crate::progress::Progress;
use crate::{bundle, compress, paths, schema, setup, wasm};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Builds all of it, saying each step.
pub fn build(progress: &Progress) -> Result<()> {
    setup::for_build(progress)?;
    clean(&paths::dist())?;
    wasm::build_modules(progress)?;
    build_host(progress)?;
    progress.say("writing JSON Schemas and wire types");
    schema::write()?;
    progress.say("checking and bundling the element");
    bundle::element()?;
    progress.say("compressing");
    compress::beside_each(&paths::dist())?;
    progress.say("laying out the demo portal");
    clean(&paths::site())?;
    bundle::site()?;
    compress::beside_each(&paths::site())?;
    progress.say("built");
    Ok(())
}

fn build_host(progress: &Progress) -> Result<()> {
    progress.say("compiling the host");
    run(
        &mut cargo(&["build", "--release", "--package", "changegate-host"]),
        "mend what the compiler reports above",
    )
}

/// Leaves an empty folder.
fn clean(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| {
            format!(
                "{} could not be emptied; close what uses it",
                folder.display()
            )
        })?;
    }
    fs::create_dir_all(folder).with_context(|| {
        format!(
            "{} could not be made; check the permissions",
            folder.display()
        )
    })
}
