//! `cargo xtask dates`: the suites of the host and of the browser on dates on which planning is hard, and on a machine that is busy.
//!
//! No test may depend on the day, the hour, the zone or the speed of the machine: here each of them is another.

use crate::browser::{self, Browser};
use crate::command::{cargo, output, run};
use crate::load::Load;
use crate::progress::Progress;
use crate::{build, paths, setup, test};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// A time on the wall of a zone.
#[derive(Clone, Debug, PartialEq)]
struct Date {
    at: String,
    zone: String,
}

/// The hard ones. The first two are those of `cargo xtask test`.
const DATES: [(&str, &str, &str); 10] = [
    (
        "2026-12-19 23:59:30",
        "Pacific/Kiritimati",
        "a Saturday in the Christmas freeze, before midnight",
    ),
    ("2028-02-29 12:00:00", "America/Los_Angeles", "a leap day"),
    (
        "2026-12-20 10:00:00",
        "Europe/London",
        "in the Christmas freeze",
    ),
    (
        "2026-12-31 23:59:30",
        "Europe/Berlin",
        "the end of the year",
    ),
    (
        "2027-03-28 00:59:30",
        "Europe/London",
        "clocks go forward in London",
    ),
    (
        "2027-03-28 01:59:30",
        "Europe/Berlin",
        "clocks go forward in Berlin",
    ),
    (
        "2027-03-31 18:00:00",
        "America/Los_Angeles",
        "the end of a month, in a freeze of some services",
    ),
    (
        "2027-10-31 00:59:30",
        "Europe/London",
        "clocks go back in London",
    ),
    (
        "2027-10-31 01:59:30",
        "Europe/Berlin",
        "clocks go back in Berlin",
    ),
    (
        "2029-06-15 12:00:00",
        "UTC",
        "beyond the calendars of all organisations",
    ),
];

/// How many dates `cargo xtask test` takes: always the same, so that the same commit comes to the same.
const EACH_TIME: usize = 2;

/// How often the suites run on a busy machine where nothing else is said.
const LOADS: usize = 10;

/// What runs.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Suite {
    Host,
    Browser,
}

/// What was asked for.
#[derive(Debug, PartialEq)]
struct Plan {
    dates: Vec<Date>,
    loads: usize,
    suites: Vec<Suite>,
}

/// Of the browser's tests those that run on two dates each time: every date that is planned, a host that goes by the device's clock,
/// and what becomes late. The others plan no other way, and the whole suite takes some minutes.
const PLANNING: [&str; 3] = ["browser-host", "calendar", "lists"];

/// Of the host's tests those that wait for clients that are slow, which takes a minute and plans nothing.
const SLOW: &str = "limits::";

/// Runs the suites on each date, then on a busy machine.
pub fn dates(args: &[String]) -> Result<()> {
    let plan = plan(args)?;
    let progress = Progress::start();
    setup::for_build(&progress)?;
    let browser = match plan.suites.contains(&Suite::Browser) {
        true => Some(built(&progress)?),
        false => None,
    };
    let suites = Suites::new(browser, &progress)?;
    let mut runs = Runs::default();
    for date in &plan.dates {
        for suite in &plan.suites {
            let commands = suites.commands(*suite, Extent::Whole)?;
            runs.perform(&date.label(*suite), date.all(&commands));
        }
    }
    for number in 1..=plan.loads {
        let _load = Load::full()?;
        for suite in &plan.suites {
            let label = format!("{suite:?}, busy machine, {number}");
            runs.perform(&label, suites.commands(*suite, Extent::Whole)?);
        }
    }
    runs.end()
}

/// The browser, once there is something to show it.
fn built(progress: &Progress) -> Result<Browser> {
    let browser = browser::find_or_install(progress)?;
    build::build(progress).map(|()| browser)
}

/// Two of the dates, with what plans dates: a suite of `cargo xtask test`, for which everything is built.
pub fn each_time(browser: &Browser) -> Result<()> {
    let suites = Suites::new(Some(browser.clone()), &Progress::start())?;
    let mut runs = Runs::default();
    for date in known(EACH_TIME) {
        for suite in [Suite::Host, Suite::Browser] {
            let commands = suites.commands(suite, Extent::Planning)?;
            runs.perform(&date.label(suite), date.all(&commands));
        }
    }
    runs.end()
}

/// How much of a suite runs.
#[derive(Clone, Copy, PartialEq)]
enum Extent {
    Whole,
    Planning,
}

fn known(count: usize) -> Vec<Date> {
    let dates = DATES.iter().take(count);
    dates.map(|(at, zone, _)| Date::new(at, zone)).collect()
}

fn plan(args: &[String]) -> Result<Plan> {
    let (mut dates, mut loads, mut suites, mut on) = (DATES.len(), None, Vec::new(), Vec::new());
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let mut value = || {
            let given = words.next();
            given.with_context(|| format!("`{word}` needs a value: {USAGE}"))
        };
        match word.as_str() {
            "--dates" => dates = count(value()?)?,
            "--loads" => loads = Some(count(value()?)?),
            "--on" => on.push(date(value()?)?),
            "host" => suites.push(Suite::Host),
            "browser" => suites.push(Suite::Browser),
            _ => bail!("`{word}` is unknown; the arguments are {USAGE}"),
        }
    }
    if suites.is_empty() {
        suites = vec![Suite::Host, Suite::Browser];
    }
    let otherwise = if on.is_empty() { LOADS } else { 0 };
    Ok(Plan {
        dates: if on.is_empty() { known(dates) } else { on },
        loads: loads.unwrap_or(otherwise),
        suites,
    })
}

const USAGE: &str =
    "[--dates N] [--on \"YYYY-MM-DD HH:MM:SS ZONE\"]... [--loads N] [host] [browser]";

fn count(text: &str) -> Result<usize> {
    let most = DATES.len();
    let number = text.parse().ok().filter(|number| *number <= most);
    number.with_context(|| format!("`{text}` is no count; give one from 0 to {most}"))
}

fn date(text: &str) -> Result<Date> {
    let (at, zone) = text
        .rsplit_once(' ')
        .filter(|(at, _)| at.contains(' '))
        .with_context(|| {
            format!("`{text}` is no date; write it like \"2028-02-29 12:00:00 Europe/London\"")
        })?;
    Ok(Date::new(at, zone))
}

impl Date {
    fn new(at: &str, zone: &str) -> Self {
        Self {
            at: at.to_owned(),
            zone: zone.to_owned(),
        }
    }

    fn label(&self, suite: Suite) -> String {
        let why = DATES
            .iter()
            .find(|(at, zone, _)| *at == self.at && *zone == self.zone);
        let why = why.map_or("", |(_, _, why)| why);
        format!("{suite:?}, {} {} {why}", self.at, self.zone)
    }

    fn all(&self, commands: &[Command]) -> Vec<Command> {
        commands.iter().map(|command| self.faked(command)).collect()
    }

    /// The command as it runs then: for it and whatever it starts, the clock goes on from that date. What only measures goes on as
    /// it is, and a wait is as long as it was: Chromium hangs where its waits are faked.
    fn faked(&self, command: &Command) -> Command {
        let mut faked = Command::new("faketime");
        faked.args(["-m", "--exclude-monotonic", &self.at]);
        faked.arg(command.get_program()).args(command.get_args());
        faked.envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        faked.env("TZ", &self.zone);
        faked.env("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        faked.env("NO_FAKE_STAT", "1");
        if let Some(folder) = command.get_current_dir() {
            faked.current_dir(folder);
        }
        faked
    }
}

/// The suites as programs that are there: cargo itself would take a source that is older than it is for a new one.
struct Suites {
    browser: Option<Browser>,
    host_tests: Vec<PathBuf>,
    host: PathBuf,
}

impl Suites {
    fn new(browser: Option<Browser>, progress: &Progress) -> Result<Self> {
        install_faketime(progress)?;
        progress.say("building the tests of the host");
        run(
            &mut cargo(&["build", "--quiet", "--package", "changegate-host"]),
            test::MEND,
        )?;
        Ok(Self {
            browser,
            host_tests: host_tests()?,
            host: paths::target()
                .join("debug")
                .join(paths::executable("changegate-host")),
        })
    }

    fn commands(&self, suite: Suite, extent: Extent) -> Result<Vec<Command>> {
        match suite {
            Suite::Host => Ok(self.of_host(extent)),
            Suite::Browser => Ok(vec![self.of_browser(extent)?]),
        }
    }

    fn of_browser(&self, extent: Extent) -> Result<Command> {
        let browser = self.browser.as_ref();
        let browser = browser.context("the suite of the browser was not asked for")?;
        test::browser_tests(browser, |name| {
            extent == Extent::Whole || PLANNING.contains(&name)
        })
    }

    fn of_host(&self, extent: Extent) -> Vec<Command> {
        let command = |tests: &PathBuf| {
            let mut command = Command::new(tests);
            command.current_dir(paths::root().join("tests/host"));
            command.env("CHANGEGATE_HOST", &self.host).arg("--quiet");
            if extent == Extent::Planning {
                command.args(["--skip", SLOW]);
            }
            command
        };
        self.host_tests.iter().map(command).collect()
    }
}

/// The host's tests, built.
fn host_tests() -> Result<Vec<PathBuf>> {
    let args = [
        "test",
        "--no-run",
        "--message-format=json",
        "--package",
        "changegate-host",
        "--package",
        "changegate-host-tests",
    ];
    let said = output(&mut cargo(&args), test::MEND)?;
    let programs: Vec<PathBuf> = said.lines().filter_map(test_program).collect();
    if programs.is_empty() {
        bail!("cargo names no tests of the host; nothing was tested");
    }
    Ok(programs)
}

/// The program of a line of cargo's, if it is a test.
fn test_program(line: &str) -> Option<PathBuf> {
    let said: Value = serde_json::from_str(line).ok()?;
    let is_test = said["profile"]["test"] == Value::Bool(true);
    let program = said["executable"].as_str().filter(|_| is_test)?;
    Some(PathBuf::from(program))
}

fn install_faketime(progress: &Progress) -> Result<()> {
    if setup::which("faketime").is_none() && browser::can_install() {
        progress.say("installing Debian's faketime");
        browser::install(&["faketime"]).or_else(|_| browser::install(&["faketime"]))?;
    }
    setup::which("faketime").map(drop).context(
        "`faketime` is missing, and no date is skipped for want of it; install it (Debian: `apt-get install faketime`)",
    )
}

/// What ran, and how it ended.
#[derive(Default)]
struct Runs(Vec<(String, f64, Result<()>)>);

impl Runs {
    fn perform(&mut self, label: &str, mut commands: Vec<Command>) {
        println!("\n-- {label}");
        let start = Instant::now();
        let each = commands.iter_mut();
        let results: Vec<Result<()>> = each.map(|command| run(command, test::MEND)).collect();
        let result: Result<()> = results.into_iter().collect();
        if let Err(fault) = &result {
            eprintln!("error: {fault:#}");
        }
        self.0
            .push((label.to_owned(), start.elapsed().as_secs_f64(), result));
    }

    fn end(&self) -> Result<()> {
        println!();
        for (label, took, result) in &self.0 {
            let verdict = if result.is_ok() { "passed" } else { "FAILED" };
            println!("  {verdict} {took:7.1} s  {label}");
        }
        let failed = self.0.iter().filter(|(_, _, result)| result.is_err());
        match failed.count() {
            0 => Ok(()),
            count => bail!("{count} of {} runs failed; {}", self.0.len(), test::MEND),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(words: &[&str]) -> Result<Plan> {
        plan(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn all_dates_and_loads_are_planned_unless_some_are_named() {
        let all = given(&[]).unwrap();
        assert_eq!((all.dates.len(), all.loads, all.suites.len()), (10, 10, 2));
        let some = given(&["--dates", "2", "--loads", "0", "host"]).unwrap();
        assert_eq!(some.dates, known(EACH_TIME));
        assert_eq!((some.loads, some.suites), (0, vec![Suite::Host]));
        let one = given(&["--on", "2027-07-04 23:59:00 Europe/Paris"]).unwrap();
        assert_eq!(
            one.dates,
            [Date::new("2027-07-04 23:59:00", "Europe/Paris")]
        );
        assert_eq!(one.loads, 0);
    }

    #[test]
    fn a_bad_argument_says_what_to_do() {
        for (words, said) in [
            (&["--dates", "11"][..], "from 0 to 10"),
            (&["--on", "tomorrow"], "write it like"),
            (&["--on", "2027-07-04 12:00:00"], "write it like"),
            (&["--loads"], "needs a value"),
            (&["native"], "the arguments are"),
        ] {
            let fault = given(words).unwrap_err().to_string();
            assert!(fault.contains(said), "{words:?}: {fault}");
        }
    }

    #[test]
    fn a_command_runs_on_a_date_with_all_that_it_was_given() {
        let mut command = Command::new("node");
        command.arg("--test").env("CHROMIUM", "/usr/bin/chromium");
        let faked = Date::new("2028-02-29 12:00:00", "Europe/London").faked(&command);
        let args: Vec<_> = faked.get_args().map(|arg| arg.to_string_lossy()).collect();
        assert_eq!(args[2..], ["2028-02-29 12:00:00", "node", "--test"]);
        let env = |name: &str| faked.get_envs().find(|(known, _)| *known == name).is_some();
        assert!(env("CHROMIUM") && env("TZ"));
    }

    #[test]
    fn only_tests_of_what_cargo_says_are_run() {
        let test =
            r#"{"reason":"compiler-artifact","profile":{"test":true},"executable":"/t/http-1"}"#;
        assert_eq!(test_program(test), Some("/t/http-1".into()));
        assert_eq!(test_program(&test.replace("true", "false")), None);
        assert_eq!(test_program(r#"{"reason":"build-finished"}"#), None);
    }
}
