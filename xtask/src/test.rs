//! `cargo xtask test`: every suite, each with its time; all of them run before the first failure ends the task.

use crate::browser::{self, Browser};
use crate::bundle::files_under;
use crate::command::{cargo, npm_program, program, run};
use crate::progress::Progress;
use crate::setup::WASM;
use crate::{build, dates, mutations, paths, provoked, setup, tidy};
use anyhow::{Result, anyhow, bail};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// A suite that can be named: what it does, and whether it needs the built package or the browser.
struct Suite {
    name: &'static str,
    run: fn(&Ground) -> Result<()>,
    needs: &'static [Need],
}

#[derive(PartialEq)]
enum Need {
    Build,
    Browser,
}

/// What suites stand on. What could not be brought fails the suites that need it; the others run.
struct Ground {
    built: Result<()>,
    browser: Result<Browser>,
}

impl Ground {
    fn built(&self) -> Result<()> {
        self.built
            .as_ref()
            .map_err(|fault| anyhow!("the build failed: {fault:#}"))
            .copied()
    }

    fn browser(&self) -> Result<&Browser> {
        self.browser.as_ref().map_err(|fault| anyhow!("{fault:#}"))
    }
}

/// In order of how soon each tells.
const SUITES: [Suite; 8] = [
    Suite {
        name: "tidy",
        run: |_| tidy::tidy(),
        needs: &[],
    },
    Suite {
        name: "lint",
        run: lint,
        needs: &[Need::Build],
    },
    Suite {
        name: "native",
        run: |_| native(),
        needs: &[],
    },
    Suite {
        name: "host",
        run: |_| host(),
        needs: &[],
    },
    Suite {
        name: "wasm",
        run: wasm,
        needs: &[Need::Browser],
    },
    Suite {
        name: "browser",
        run: in_browser,
        needs: &[Need::Build, Need::Browser],
    },
    Suite {
        name: "dates",
        run: on_two_dates,
        needs: &[Need::Build, Need::Browser],
    },
    Suite {
        name: "mutations",
        run: |_| mutations::mutations(&[]),
        needs: &[],
    },
];

struct Outcome {
    name: &'static str,
    took: Duration,
    result: Result<()>,
}

/// Runs the suites that are named, or all.
pub fn test(names: &[String]) -> Result<()> {
    let suites = chosen(names)?;
    let progress = Progress::start();
    let ground = prepare(&suites, &progress)?;
    let outcomes: Vec<Outcome> = suites.iter().map(|suite| perform(suite, &ground)).collect();
    summarize(&outcomes, progress.elapsed())
}

fn chosen(names: &[String]) -> Result<Vec<&'static Suite>> {
    let is_known = |name: &&String| SUITES.iter().any(|suite| suite.name == *name);
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        let known = SUITES.map(|suite| suite.name).join(", ");
        bail!("there is no suite `{unknown}`; choose among {known}");
    }
    let is_chosen =
        |suite: &&Suite| names.is_empty() || names.iter().any(|name| name == suite.name);
    Ok(SUITES.iter().filter(is_chosen).collect())
}

fn prepare(suites: &[&Suite], progress: &Progress) -> Result<Ground> {
    let is_needed = |need| suites.iter().any(|suite| suite.needs.contains(&need));
    setup::for_build(progress)?;
    let browser = match is_needed(Need::Browser) {
        true => browser::find_or_install(progress),
        false => Err(anyhow!("no chosen suite needs the browser")),
    };
    let built = if is_needed(Need::Build) {
        build::build(progress)
    } else {
        Ok(())
    };
    Ok(Ground { built, browser })
}

fn perform(suite: &Suite, ground: &Ground) -> Outcome {
    println!("\n==== {} ====", suite.name);
    let start = Instant::now();
    let result = (suite.run)(ground);
    if let Err(fault) = &result {
        eprintln!("error: {fault:#}");
    }
    println!(
        "==== {}: {:.1} s ====",
        suite.name,
        start.elapsed().as_secs_f64()
    );
    Outcome {
        name: suite.name,
        took: start.elapsed(),
        result,
    }
}

fn summarize(outcomes: &[Outcome], took: Duration) -> Result<()> {
    println!("\nsuites, in all {:.1} s", took.as_secs_f64());
    for outcome in outcomes {
        let verdict = if outcome.result.is_ok() {
            "passed"
        } else {
            "FAILED"
        };
        println!(
            "  {:8} {verdict} {:7.1} s",
            outcome.name,
            outcome.took.as_secs_f64()
        );
    }
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| outcome.result.is_err())
        .map(|outcome| outcome.name)
        .collect();
    println!(
        "\n{} passed, {} failed",
        outcomes.len() - failed.len(),
        failed.len()
    );
    if !failed.is_empty() {
        bail!(
            "failed: {}; run one again by `cargo xtask test {}`",
            failed.join(", "),
            failed[0]
        );
    }
    Ok(())
}

/// Left out where it need not be compiled: it is three lines over a hundred crates.
const RUNNER: &str = "wasm-test-runner";

/// What to do about a test that fails.
pub const MEND: &str = "mend what is reported above";

/// Runs every command; the first fault is kept until all have spoken.
fn all(commands: &mut [(Command, &str)]) -> Result<()> {
    let results: Vec<Result<()>> = commands
        .iter_mut()
        .map(|(command, remedy)| run(command, remedy))
        .collect();
    results.into_iter().collect()
}

/// Types are checked by the build.
fn lint(ground: &Ground) -> Result<()> {
    let biome = "run `pkg/node_modules/.bin/biome check --write .`, then mend what is left";
    let linted = all(&mut [
        (cargo(&["fmt", "--all", "--check"]), "run `cargo fmt --all`"),
        (
            clippy(&["--workspace", "--exclude", RUNNER, "--all-targets"]),
            MEND,
        ),
        (
            clippy(&["--package", "changegate", "--all-targets", "--target", WASM]),
            MEND,
        ),
        (
            clippy(&["--package", "changegate-record", "--lib", "--target", WASM]),
            MEND,
        ),
        (
            npm_program("biome", &["ci", "--colors=off", "--error-on-warnings", "."]),
            biome,
        ),
    ]);
    linted.and(ground.built())
}

fn clippy(args: &[&str]) -> Command {
    let mut command = cargo(&["clippy", "--quiet"]);
    command.args(args).args(["--", "--deny", "warnings"]);
    command
}

fn native() -> Result<()> {
    let apart = ["changegate-host", "changegate-host-tests", RUNNER];
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    command.args(apart.iter().flat_map(|package| ["--exclude", package]));
    provoked::by(&mut command, MEND)
}

fn host() -> Result<()> {
    run(
        &mut cargo(&[
            "test",
            "--no-fail-fast",
            "--package",
            "changegate-host",
            "--package",
            "changegate-host-tests",
        ]),
        MEND,
    )
}

fn wasm(ground: &Ground) -> Result<()> {
    let browser = ground.browser()?;
    run(&mut cargo(&["build", "--package", RUNNER]), MEND)?;
    println!("-- in node");
    let node = run(&mut wasm_tests(), MEND);
    println!("-- in headless Chromium");
    let capabilities = browser::write_capabilities(browser)?;
    let mut command = wasm_tests();
    command
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("CHROMEDRIVER", &browser.driver);
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    node.and(run(&mut command, MEND))
}

/// Only the tests that say they are wasm's: `tests/wasm*.rs`.
fn wasm_tests() -> Command {
    let runner = paths::target()
        .join("debug")
        .join(paths::executable(RUNNER));
    let mut command = cargo(&[
        "test",
        "--package",
        "changegate",
        "--target",
        WASM,
        "--test",
        "wasm*",
    ]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    command
}

/// The element and the portal, as a person meets them.
fn in_browser(ground: &Ground) -> Result<()> {
    ground.built()?;
    run(&mut browser_tests(ground.browser()?, |_| true)?, MEND)
}

/// What plans dates, on two that are hard.
fn on_two_dates(ground: &Ground) -> Result<()> {
    ground.built()?;
    dates::each_time(ground.browser()?)
}

/// The command that runs those of the browser's tests whose names are chosen, such as `portal`.
pub fn browser_tests(browser: &Browser, is_chosen: impl Fn(&str) -> bool) -> Result<Command> {
    let files = files_under(&paths::root().join("tests/browser"))?;
    let is_test = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.strip_suffix(".test.mjs").is_some_and(&is_chosen)
    };
    let tests: Vec<_> = files.into_iter().filter(is_test).collect();
    if tests.is_empty() {
        bail!("tests/browser holds no such *.test.mjs; nothing was tested");
    }
    let mut node = program(
        "node",
        &["--test", "--test-concurrency=1", "--test-reporter=spec"],
    );
    node.args(tests)
        .env("CHROMIUM", &browser.chromium)
        .env("CHANGEGATE_HOST", paths::host_binary());
    Ok(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &[&str]) -> Result<Vec<&'static str>> {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        Ok(chosen(&words)?.iter().map(|suite| suite.name).collect())
    }

    #[test]
    fn all_suites_run_unless_some_are_named() {
        assert_eq!(names(&[]).unwrap().len(), SUITES.len());
        assert_eq!(names(&["wasm", "tidy"]).unwrap(), ["tidy", "wasm"]);
    }

    #[test]
    fn an_unknown_suite_is_refused() {
        assert!(
            names(&["unit"])
                .unwrap_err()
                .to_string()
                .starts_with("there is no suite `unit`; choose among tidy, lint")
        );
    }
}
