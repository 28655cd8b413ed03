//! From Rust to what the browser loads: compiled, bound to JavaScript, optimised.

use crate::command::{cargo, npm_program, run};
use crate::paths;
use crate::progress::Progress;
use crate::setup::{WASM, modified};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// A wasm module and the cargo package that it is made of.
struct Module {
    package: &'static str,
    stem: &'static str,
    target: &'static str,
}

/// What the form needs, and what is loaded only when somebody opens it. The second has a target folder of its own: it uses the
/// core without its face, and cargo keeps one copy of a cdylib a folder.
const MODULES: [Module; 2] = [
    Module {
        package: "changegate",
        stem: "changegate",
        target: "",
    },
    Module {
        package: "changegate-record",
        stem: "changegate_record",
        target: "record",
    },
];

/// What only the benchmark uses: decisions alone, over the same core as the record's.
const BENCH: Module = Module {
    package: "changegate-bench",
    stem: "changegate_bench",
    target: "record",
};

/// Builds both modules into `pkg/dist`, their bindings into `www/element/generated`.
pub fn build_modules(progress: &Progress) -> Result<()> {
    for module in &MODULES {
        build_module(module, progress)?;
        publish(module)?;
    }
    Ok(())
}

/// Lays both modules and the benchmark's own out in a folder, as modules that node takes without a `package.json` beside them.
pub fn lay_out_for_node(folder: &Path, progress: &Progress) -> Result<()> {
    build_module(&BENCH, progress)?;
    for module in MODULES.iter().chain([&BENCH]) {
        let script = bound(module).join(format!("{}.js", module.stem));
        copy(&script, &folder.join(format!("{}.mjs", module.stem)))?;
        copy(
            &optimised(module),
            &folder.join(format!("{}.wasm", module.stem)),
        )?;
    }
    Ok(())
}

fn build_module(module: &Module, progress: &Progress) -> Result<()> {
    progress.say(&format!("compiling {} to wasm", module.package));
    compile(module)?;
    if is_outdated(module) {
        progress.say(&format!("binding and optimising {}", module.package));
        bind(module)?;
        optimise(module)?;
    }
    Ok(())
}

fn compile(module: &Module) -> Result<()> {
    let target = cargo_target(module);
    let mut command = cargo(&[
        "build",
        "--lib",
        "--profile",
        "wasm",
        "--target",
        WASM,
        "--package",
        module.package,
    ]);
    command.arg("--target-dir").arg(target);
    run(&mut command, "mend what the compiler reports above")
}

fn is_outdated(module: &Module) -> bool {
    modified(&optimised(module)) <= modified(&compiled(module))
}

fn bind(module: &Module) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled(module))
        .out_name(module.stem)
        .web(true)?;
    bindgen.typescript(true).reset_state_function(true);
    bindgen
        .remove_name_section(true)
        .remove_producers_section(true);
    let remedy = "the versions of wasm-bindgen and wasm-bindgen-cli-support must be equal; see the root's and xtask's Cargo.toml";
    bindgen.generate(bound(module)).with_context(|| {
        format!(
            "{} could not be bound to JavaScript; {remedy}",
            module.package
        )
    })
}

/// The last step: nothing that rewrites wasm may follow. The features are those that rustc turns on for the target.
fn optimise(module: &Module) -> Result<()> {
    let input = bound(module).join(format!("{}_bg.wasm", module.stem));
    let output = optimised(module);
    let mut command = npm_program("wasm-opt", &["-O1"]);
    command.args(FEATURES).arg(&input).arg("-o").arg(&output);
    run(
        &mut command,
        "delete pkg/node_modules and start again; where that does not help, binaryen lacks a feature that rustc turned on",
    )
}

const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-target-features",
];

fn publish(module: &Module) -> Result<()> {
    let wasm = format!("{}.wasm", module.stem);
    copy(&optimised(module), &paths::dist().join(wasm))?;
    for ending in ["js", "d.ts"] {
        let name = format!("{}.{ending}", module.stem);
        copy(&bound(module).join(&name), &paths::generated().join(&name))?;
    }
    Ok(())
}

/// Copies a file, making the folder.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| {
            format!(
                "{} could not be made; check the permissions",
                folder.display()
            )
        })?;
    }
    fs::copy(from, to).with_context(|| {
        format!(
            "{} could not be copied to {}; check the disk",
            from.display(),
            to.display()
        )
    })?;
    Ok(())
}

fn cargo_target(module: &Module) -> PathBuf {
    paths::target().join(module.target)
}

fn compiled(module: &Module) -> PathBuf {
    cargo_target(module)
        .join(WASM)
        .join("wasm")
        .join(format!("{}.wasm", module.stem))
}

fn bound(module: &Module) -> PathBuf {
    paths::target().join("bindings").join(module.stem)
}

fn optimised(module: &Module) -> PathBuf {
    bound(module).join(format!("{}.wasm", module.stem))
}
