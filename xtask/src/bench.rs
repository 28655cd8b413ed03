//! `cargo xtask bench`: what the form page costs, printed and written to `target/bench.json`.

use crate::progress::Progress;
use crate::{build, compress, paths};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

/// The wasm module that the form loads; the second is loaded only when somebody opens it.
const FORM_WASM: &str = "changegate.wasm";

/// Bytes on the wire of one file, by encoding.
struct Weight {
    file: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Builds, measures, prints, writes.
pub fn bench() -> Result<()> {
    build::build(&Progress::start())?;
    let weights = weigh_form_page()?;
    print_weights(&weights);
    write(&json!({ "bytes": weights.iter().map(as_json).collect::<Vec<_>>() }))
}

fn weigh_form_page() -> Result<Vec<Weight>> {
    let mut files = loaded_with("pkg/dist/index.js")?;
    files.insert(FORM_WASM.to_owned());
    let mut weights = files.into_iter().map(weigh).collect::<Result<Vec<_>>>()?;
    weights.push(total(&weights));
    Ok(weights)
}

/// The scripts that a page loads with an entry: it and what it imports statically, by the bundler's own account.
fn loaded_with(entry: &str) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(paths::target().join("dist.meta.json"))
        .context("the bundler left no account; build again")?;
    let meta: Value =
        serde_json::from_str(&text).context("the bundler's account is no JSON; build again")?;
    let mut waiting = vec![entry.to_owned()];
    let mut files = BTreeSet::new();
    while let Some(file) = waiting.pop() {
        if files.insert(file.trim_start_matches("pkg/dist/").to_owned()) {
            waiting.extend(static_imports(&meta, &file));
        }
    }
    Ok(files)
}

fn static_imports(meta: &Value, file: &str) -> Vec<String> {
    let imports = meta["outputs"][file]["imports"]
        .as_array()
        .into_iter()
        .flatten();
    let wanted =
        imports.filter(|import| import["kind"] == "import-statement" && import["external"] != true);
    wanted
        .filter_map(|import| import["path"].as_str().map(str::to_owned))
        .collect()
}

fn weigh(file: String) -> Result<Weight> {
    let bytes = fs::read(paths::dist().join(&file))
        .with_context(|| format!("pkg/dist/{file} is missing; build again"))?;
    let (gzip, brotli) = (
        compress::gzip(&bytes)?.len(),
        compress::brotli(&bytes)?.len(),
    );
    Ok(Weight {
        file,
        raw: bytes.len(),
        gzip,
        brotli,
    })
}

fn total(weights: &[Weight]) -> Weight {
    let sum = |of: fn(&Weight) -> usize| weights.iter().map(of).sum();
    Weight {
        file: "total".to_owned(),
        raw: sum(|w| w.raw),
        gzip: sum(|w| w.gzip),
        brotli: sum(|w| w.brotli),
    }
}

fn print_weights(weights: &[Weight]) {
    println!(
        "\n{:32} {:>10} {:>10} {:>10}",
        "the form page loads", "raw", "gzip", "brotli"
    );
    for weight in weights {
        println!(
            "{:32} {:>10} {:>10} {:>10}",
            weight.file, weight.raw, weight.gzip, weight.brotli
        );
    }
}

fn as_json(weight: &Weight) -> Value {
    json!({ "file": weight.file, "raw": weight.raw, "gzip": weight.gzip, "brotli": weight.brotli })
}

fn write(measured: &Value) -> Result<()> {
    let file = paths::target().join("bench.json");
    fs::write(&file, format!("{measured:#}\n"))
        .context("target/bench.json could not be written; check the disk")?;
    println!("\nwritten to target/bench.json");
    Ok(())
}
