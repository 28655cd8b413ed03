//! Rules about what the core is made of.

use super::Check;
use crate::command::{cargo, output};
use crate::setup::WASM;
use anyhow::Result;

const NATIVE: &str = "x86_64-unknown-linux-gnu";

/// What the core may hold on every target. Read a crate before it is added: no clock, no randomness, no IO, no async.
const KNOWN: &[&str] = &[
    "block-buffer",
    "cfg-if",
    "changegate",
    "const-oid",
    "cpufeatures",
    "crypto-common",
    "digest",
    "hybrid-array",
    "itoa",
    "memchr",
    "serde",
    "serde_core",
    "serde_json",
    "sha2",
    "typenum",
    "zmij",
];

/// What the wasm face adds, and only there. The futures crates come with the defaults of js-sys; nothing here awaits.
const FACE: &[&str] = &[
    "futures-core",
    "futures-task",
    "futures-util",
    "getrandom",
    "js-sys",
    "once_cell",
    "pin-project-lite",
    "serde-wasm-bindgen",
    "slab",
    "unicode-ident",
    "wasm-bindgen",
    "wasm-bindgen-shared",
];

/// Both rules about the core's dependencies.
pub fn all() -> Result<[Check; 2]> {
    let native = strangers(&dependencies(NATIVE)?, KNOWN, "natively");
    let everything: Vec<&str> = [KNOWN, FACE].concat();
    let wasm = strangers(&dependencies(WASM)?, &everything, "in wasm");
    Ok([
        Check {
            name: "the core is pure natively",
            complaints: native,
        },
        Check {
            name: "the core's face is known",
            complaints: wasm,
        },
    ])
}

/// The crates that end up in the core on a target; macros run in the compiler and stay out.
fn dependencies(target: &str) -> Result<String> {
    let args = [
        "tree",
        "--package",
        "changegate",
        "--target",
        target,
        "--edges",
        "normal,no-proc-macro",
    ];
    let shape = ["--prefix", "none", "--no-dedupe", "--format", "{p}"];
    output(cargo(&args).args(shape), "mend what cargo reports below")
}

fn strangers(tree: &str, known: &[&str], place: &str) -> Vec<String> {
    let mut names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !known.contains(name));
    let remedy = "do without it, or show that it has no clock, randomness, IO or async and add it to xtask/src/tidy/dependencies.rs";
    names
        .iter()
        .map(|name| format!("`{name}` is in the core {place}; {remedy}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_with_a_clock_is_found() {
        let found = strangers(
            "changegate v0.1.0 (folder)\nserde v1.0.229\nchrono v0.4.1\nchrono v0.4.1",
            KNOWN,
            "natively",
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("`chrono` is in the core natively; do without it"));
    }

    #[test]
    fn randomness_and_bindings_are_strangers_natively() {
        assert_eq!(
            strangers("getrandom v0.4.3\nwasm-bindgen v0.2.130", KNOWN, "natively").len(),
            2
        );
    }
}
