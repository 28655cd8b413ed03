//! The command line.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use axum::http::HeaderValue;
use changegate::id::PersonId;
use changegate::time::Instant;
use lexopt::ValueExt as _;
use lexopt::prelude::{Long, Short, Value};

use crate::fault::Fault;

/// How it is called.
pub const USAGE: &str = "\
changegate-host serve   [--port N] [--address IP] [--data DIR] [--organisation DIR] [--site DIR] [--allow-origin URL]...
                        [--requests-per-second N] [--reports-per-commit N] [--file-mb N] [--demo] [--clock TIME]
changegate-host session PERSON [--data DIR] [--organisation DIR]
changegate-host sign-out PERSON [--data DIR]
changegate-host rebuild [--data DIR]
changegate-host schema  --out DIR
changegate-host check   POLICY.json

serve    takes reports and serves them. --demo lets anybody at this machine sign in as anybody; --clock begins a new
         demo at a time such as 2027-02-01T09:00:00.000Z.
session  opens a session for a person and prints its token.
sign-out ends every session of a person.
rebuild  makes indexes, and what lists show, again from the logs, while no host runs; ends with 1 if a record is damaged.
schema   writes policy.schema.json, wire.schema.json and openapi.json.
check    says what is wrong with a policy; ends with 1 if it could not be used.

Left out: --port 8787, --address 127.0.0.1, --data data, --organisation organisation (in the demo
tests/organisations/defra), --requests-per-second 50 (for one person), --reports-per-commit 256, --file-mb 25 (for
one file of evidence).";

/// What to do.
#[derive(Debug)]
pub enum Task {
    /// Serve.
    Serve(Serve),
    /// Open a session.
    Session {
        /// For whom.
        person: PersonId,
        /// Where the database lies.
        data: PathBuf,
        /// Where the organisation's files lie.
        organisation: PathBuf,
    },
    /// End sessions.
    SignOut {
        /// Whose.
        person: PersonId,
        /// Where the database lies.
        data: PathBuf,
    },
    /// Make again what can be made from the logs.
    Rebuild {
        /// Where the database lies.
        data: PathBuf,
    },
    /// Write the schemas.
    Schema {
        /// Where to.
        out: PathBuf,
    },
    /// Check a policy.
    Check {
        /// Which.
        policy: PathBuf,
    },
    /// Say how it is called.
    Help,
}

/// How to serve.
#[derive(Debug)]
pub struct Serve {
    /// At which port; 0 takes any that is free.
    pub port: u16,
    /// At which address.
    pub address: IpAddr,
    /// Where the database lies.
    pub data: PathBuf,
    /// Where the organisation's files lie.
    pub organisation: PathBuf,
    /// Which files to serve beside the API.
    pub site: Option<PathBuf>,
    /// Which other origins may ask.
    pub origins: Vec<HeaderValue>,
    /// How many requests one person may make.
    pub requests_per_second: u32,
    /// How many reports share a commit at most.
    pub reports_per_commit: usize,
    /// How many bytes one file of evidence may have.
    pub file_bytes: usize,
    /// Whether anybody may sign in as anybody.
    pub demo: Demo,
    /// When a new demo begins; none where it begins now.
    pub clock: Option<Instant>,
}

/// Whether it is the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demo {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// What was given, before it is known what for.
#[derive(Default)]
struct Given {
    words: Vec<OsString>,
    port: Option<u16>,
    address: Option<IpAddr>,
    data: Option<PathBuf>,
    organisation: Option<PathBuf>,
    site: Option<PathBuf>,
    out: Option<PathBuf>,
    origins: Vec<HeaderValue>,
    requests_per_second: Option<u32>,
    reports_per_commit: Option<usize>,
    file_mb: Option<u16>,
    is_demo: bool,
    clock: Option<Instant>,
    wants_help: bool,
}

/// Reads the command line.
///
/// # Errors
/// What is wrong with it, and how it is called.
pub fn read(args: impl IntoIterator<Item = OsString>) -> Result<Task, Fault> {
    let mut parser = lexopt::Parser::from_args(args);
    gather(&mut parser)
        .map_err(|error| Fault::new(error.to_string()))
        .and_then(task)
        .map_err(|fault| Fault::new(format!("{fault}\n\n{USAGE}")))
}

fn gather(parser: &mut lexopt::Parser) -> Result<Given, lexopt::Error> {
    let mut given = Given::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) => given.words.push(word),
            Long("port") => given.port = Some(parser.value()?.parse()?),
            Long("address") => given.address = Some(parser.value()?.parse()?),
            Long("data") => given.data = Some(parser.value()?.into()),
            Long("organisation") => given.organisation = Some(parser.value()?.into()),
            Long("site") => given.site = Some(parser.value()?.into()),
            Long("out") => given.out = Some(parser.value()?.into()),
            Long("allow-origin") => given.origins.push(parser.value()?.parse_with(origin)?),
            Long("requests-per-second") => {
                given.requests_per_second = Some(parser.value()?.parse_with(at_least_one)?)
            }
            Long("reports-per-commit") => {
                given.reports_per_commit = Some(parser.value()?.parse_with(at_least_one)?)
            }
            Long("file-mb") => given.file_mb = Some(parser.value()?.parse_with(at_least_one)?),
            Long("demo") => given.is_demo = true,
            Long("clock") => given.clock = Some(parser.value()?.parse_with(instant)?),
            Long("help") | Short('h') => given.wants_help = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(given)
}

fn at_least_one<T: std::str::FromStr + PartialOrd + From<u8>>(text: &str) -> Result<T, String> {
    let number = text.parse().ok().filter(|number: &T| *number >= T::from(1));
    number.ok_or_else(|| "give a whole number of at least 1".to_owned())
}

fn instant(text: &str) -> Result<Instant, String> {
    let wrong = |_| "a time is written like `2027-02-01T09:00:00.000Z`".to_owned();
    text.parse().map_err(wrong)
}

/// An origin is a scheme, a host and perhaps a port; anything wider would let in more than was meant.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or_default();
    let is_origin = !host.is_empty()
        && host.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte)
        });
    let wrong = || {
        "an origin is written like `https://portal.example`, in lower case and without a path"
            .to_owned()
    };
    HeaderValue::from_str(text)
        .ok()
        .filter(|_| is_origin)
        .ok_or_else(wrong)
}

fn task(given: Given) -> Result<Task, Fault> {
    let words: Vec<String> = given
        .words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        _ if given.wants_help => Ok(Task::Help),
        ["serve"] if given.clock.is_some() && !given.is_demo => Err(Fault::new(
            "--clock is for --demo only: the time of a record is not to be chosen",
        )),
        ["serve"] => Ok(Task::Serve(serve(given))),
        ["session", person] => Ok(Task::Session {
            person: PersonId::from(*person),
            data: data(given.data),
            organisation: organisation(given.organisation, Demo::No),
        }),
        ["sign-out", person] => Ok(Task::SignOut {
            person: PersonId::from(*person),
            data: data(given.data),
        }),
        ["rebuild"] => Ok(Task::Rebuild {
            data: data(given.data),
        }),
        ["schema"] => given
            .out
            .map(|out| Task::Schema { out })
            .ok_or_else(|| Fault::new("say where to with --out")),
        ["check", policy] => Ok(Task::Check {
            policy: PathBuf::from(policy),
        }),
        [] => Err(Fault::new("say what to do")),
        [other, ..] => Err(Fault::new(format!("`{other}` is not called like this"))),
    }
}

fn serve(given: Given) -> Serve {
    let demo = if given.is_demo { Demo::Yes } else { Demo::No };
    Serve {
        port: given.port.unwrap_or(8787),
        address: given.address.unwrap_or(Ipv4Addr::LOCALHOST.into()),
        data: data(given.data),
        organisation: organisation(given.organisation, demo),
        site: given.site,
        origins: given.origins,
        requests_per_second: given.requests_per_second.unwrap_or(50),
        reports_per_commit: given.reports_per_commit.unwrap_or(256),
        file_bytes: usize::from(given.file_mb.unwrap_or(25)) * 1024 * 1024,
        demo,
        clock: given.clock,
    }
}

fn data(given: Option<PathBuf>) -> PathBuf {
    given.unwrap_or_else(|| PathBuf::from("data"))
}

fn organisation(given: Option<PathBuf>, demo: Demo) -> PathBuf {
    given.unwrap_or_else(|| {
        PathBuf::from(match demo {
            Demo::Yes => "tests/organisations/defra",
            Demo::No => "organisation",
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let Task::Serve(serve) = read(words("serve --demo")).unwrap() else {
            panic!("it serves")
        };
        assert_eq!(
            (serve.port, serve.address),
            (8787, IpAddr::from(Ipv4Addr::LOCALHOST))
        );
        assert_eq!(
            serve.organisation,
            PathBuf::from("tests/organisations/defra")
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_the_usage() {
        for (line, said) in [
            ("", "say what to do"),
            ("dance", "`dance` is not called like this"),
            ("serve --port x", "cannot parse"),
            ("serve --colour red", "--colour"),
            ("serve --allow-origin *", "an origin is written like"),
            (
                "serve --allow-origin https://portal.example/",
                "an origin is written like",
            ),
            ("serve --reports-per-commit 0", "at least 1"),
            ("serve --demo --clock tomorrow", "a time is written like"),
            (
                "serve --clock 2027-02-01T09:00:00.000Z",
                "--clock is for --demo only",
            ),
            ("schema", "say where to with --out"),
        ] {
            let fault = read(words(line)).unwrap_err().to_string();
            assert!(
                fault.contains(said) && fault.contains(USAGE),
                "{line}: {fault}"
            );
        }
    }
}
