//! `cargo xtask demo`: build everything, then become the host that serves it.

use crate::progress::Progress;
use crate::{build, paths};
use anyhow::{Context, Result, bail};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;

/// Where the demo is served, and where it keeps what people do in it.
#[derive(Debug, PartialEq)]
struct Options {
    port: u16,
    data: PathBuf,
    /// When a new demo begins; none where it begins now. The host reads it.
    clock: Option<String>,
}

const USAGE: &str = "[--port N] [--data DIR] [--clock TIME]";

/// Builds and serves until Ctrl-C.
pub fn demo(args: &[String]) -> Result<()> {
    let options = options(args)?;
    check_port(options.port)?;
    build::build(&Progress::start())?;
    serve(&options)
}

fn options(args: &[String]) -> Result<Options> {
    let mut options = Options {
        port: 8787,
        data: paths::target().join("demo"),
        clock: None,
    };
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("`{word}` needs a value: {USAGE}"))?;
        match word.as_str() {
            "--port" => {
                options.port = value
                    .parse()
                    .with_context(|| format!("`{value}` is no port; give a number up to 65535"))?
            }
            "--data" => options.data = std::path::absolute(value)?,
            "--clock" => options.clock = Some(value.clone()),
            _ => bail!("`{word}` is unknown; the options are {USAGE}"),
        }
    }
    Ok(options)
}

/// Says so before the long build, not after it.
fn check_port(port: u16) -> Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map(drop)
        .with_context(|| format!("port {port} on 127.0.0.1 cannot be used; stop what listens there, or choose another with --port N"))
}

fn serve(options: &Options) -> Result<()> {
    let mut host = Command::new(paths::host_binary());
    host.args(["serve", "--demo", "--port", &options.port.to_string()]);
    host.arg("--data")
        .arg(&options.data)
        .arg("--site")
        .arg(paths::site());
    if let Some(clock) = &options.clock {
        host.args(["--clock", clock]);
    }
    become_it(host)
}

/// Ctrl-C reaches the host itself, and its exit code is ours.
#[cfg(unix)]
fn become_it(mut host: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(host.exec()).context("the host could not be started; build it by `cargo xtask build`")
}

#[cfg(not(unix))]
fn become_it(mut host: Command) -> Result<()> {
    let status = host
        .status()
        .context("the host could not be started; build it by `cargo xtask build`")?;
    std::process::exit(status.code().unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(words: &[&str]) -> Result<Options> {
        options(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn options_have_defaults() {
        assert_eq!(given(&[]).unwrap().port, 8787);
    }

    #[test]
    fn options_are_read() {
        let begin = "2027-02-01T09:00:00.000Z";
        let words = ["--port", "9000", "--data", "/var/demo", "--clock", begin];
        let read = given(&words).unwrap();
        assert_eq!(
            read,
            Options {
                port: 9000,
                data: "/var/demo".into(),
                clock: Some(begin.into())
            }
        );
    }

    #[test]
    fn a_bad_option_says_what_to_do() {
        assert!(
            given(&["--port", "x"])
                .unwrap_err()
                .to_string()
                .contains("give a number")
        );
        assert!(
            given(&["--port"])
                .unwrap_err()
                .to_string()
                .contains("needs a value")
        );
        assert!(
            given(&["--color", "red"])
                .unwrap_err()
                .to_string()
                .contains("the options are")
        );
    }

    #[test]
    fn a_port_in_use_is_said_before_the_build() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(
            check_port(port)
                .unwrap_err()
                .to_string()
                .contains("choose another with --port")
        );
    }
}
