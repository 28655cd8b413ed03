//! `cargo xtask bench`: what the form page loads, and how fast core, page and host are, beside what others do of the same. Printed,
//! and written to `target/bench.json`.

mod table;

use crate::browser::{self, Browser};
use crate::command::{cargo, output, program};
use crate::progress::Progress;
use crate::{build, paths, wasm};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;

/// Builds, measures, prints, writes.
pub fn bench() -> Result<()> {
    let progress = Progress::start();
    let browser = browser::find_or_install(&progress)?;
    build::build(&progress)?;
    progress.say("measuring the core in node");
    let core = core(&progress)?;
    progress.say("measuring the form page in headless Chromium");
    let page = page(&browser)?;
    progress.say("measuring the core natively");
    let native = native()?;
    progress.say("measuring the host");
    let host = host()?;
    let measured = json!({ "page": page, "core": core, "native": native, "host": host });
    print!("\n{}", table::of(&measured));
    write(&measured)
}

const REMEDY: &str = "mend what is reported, or stop what else keeps this machine busy";

fn page(browser: &Browser) -> Result<Value> {
    let mut node = program("node", &["tests/bench/page.mjs"]);
    node.env("CHROMIUM", &browser.chromium)
        .env("CHANGEGATE_HOST", paths::host_binary());
    read(&output(&mut node, REMEDY)?)
}

fn core(progress: &Progress) -> Result<Value> {
    let folder = paths::target().join("bench/modules");
    wasm::lay_out_for_node(&folder, progress)?;
    let mut node = program("node", &["tests/bench/core.mjs"]);
    read(&output(node.arg(folder), REMEDY)?)
}

fn native() -> Result<Value> {
    let args = [
        "run",
        "--quiet",
        "--release",
        "--package",
        "changegate-bench",
        "--bin",
        "native",
    ];
    read(&output(&mut cargo(&args), REMEDY)?)
}

/// Reports a second, with a commit for each and with commits shared.
fn host() -> Result<Value> {
    let args = [
        "run",
        "--quiet",
        "--release",
        "--package",
        "changegate-host-tests",
        "--example",
        "throughput",
        "5",
    ];
    let said = output(&mut cargo(&args), REMEDY)?;
    let number = |start: &str| -> Result<f64> {
        let line = said.lines().find(|line| line.starts_with(start));
        let number = line.and_then(|line| line[start.len()..].split_whitespace().next());
        number
            .and_then(|number| number.parse().ok())
            .with_context(|| {
                format!("the throughput example prints no line `{start}`; see tests/host/examples")
            })
    };
    Ok(json!({
        "oneCommitEach": number("one commit a report")?,
        "commitsShared": number("commits shared")?,
    }))
}

fn read(text: &str) -> Result<Value> {
    serde_json::from_str(text).with_context(|| format!("a measurement printed no JSON: `{text}`"))
}

fn write(measured: &Value) -> Result<()> {
    let file = paths::target().join("bench.json");
    fs::write(&file, format!("{measured:#}\n"))
        .context("target/bench.json could not be written; check the disk")?;
    println!("\nwritten to target/bench.json");
    Ok(())
}
