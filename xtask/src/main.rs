//! The development commands. `cargo xtask` alone lists them.

#![expect(
    clippy::disallowed_methods,
    reason = "progress shows elapsed time; nothing here decides about a change"
)]

mod bench;
mod browser;
mod build;
mod bundle;
mod command;
mod compress;
mod dates;
mod demo;
mod load;
mod mutations;
mod paths;
mod progress;
mod provoked;
mod schema;
mod setup;
mod test;
mod tidy;
mod wasm;

use anyhow::{Result, bail};
use progress::Progress;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [--port N] [--data DIR] [--clock TIME]
                                           build everything and serve the demo portal on 127.0.0.1
cargo xtask test [SUITE ...]               run every suite, or those named: lint tidy native wasm host browser dates mutations
cargo xtask dates [--dates N] [--loads N]  run the suites of host and browser on ten hard dates and ten times on a busy machine
cargo xtask mutations [NAME ...]           take each guard away that tests/mutations names; its test must fail
cargo xtask build                          make pkg/ (the npm package) and target/site (the demo portal)
cargo xtask bench                          measure bytes and times, write target/bench.json
cargo xtask tidy                           check the repository's own rules";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match perform(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("\nerror: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(args: &[String]) -> Result<()> {
    let Some((task, rest)) = args.split_first() else {
        println!("{USAGE}");
        return Ok(());
    };
    match task.as_str() {
        "demo" => demo::demo(rest),
        "test" => test::test(rest),
        "build" => without_arguments(rest).and_then(|()| build::build(&Progress::start())),
        "bench" => without_arguments(rest).and_then(|()| bench::bench()),
        "dates" => dates::dates(rest),
        "mutations" => mutations::mutations(rest),
        "tidy" => without_arguments(rest).and_then(|()| tidy::tidy()),
        other => bail!("there is no task `{other}`; choose one of these:\n{USAGE}"),
    }
}

fn without_arguments(rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(extra) => bail!("`{extra}` is one argument too many:\n{USAGE}"),
    }
}
