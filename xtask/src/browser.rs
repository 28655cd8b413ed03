//! The browser that tests run in: found, or installed where that is possible without asking.

use crate::command::{output, program, run};
use crate::progress::Progress;
use crate::{paths, setup};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// A headless Chromium that talks to nobody but us.
pub const FLAGS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
];

/// The browser and its driver.
#[derive(Clone)]
pub struct Browser {
    /// Chromium itself.
    pub chromium: PathBuf,
    /// What speaks WebDriver to it.
    pub driver: PathBuf,
}

/// Finds the browser. Debian's packages are installed where they are missing and we may; elsewhere this says what is missing.
pub fn find_or_install(progress: &Progress) -> Result<Browser> {
    if find().is_none() && can_install() {
        progress.say("installing Debian's chromium and chromium-driver");
        install(&PACKAGES).or_else(|_| install(&PACKAGES))?;
    }
    find().context(
        "headless Chromium is missing, and no suite is skipped for want of it; install `chromium` and its WebDriver \
         (Debian: `apt-get install chromium chromium-driver`; elsewhere Chromium or Chrome with the `chromedriver` of the same version)",
    )
}

fn find() -> Option<Browser> {
    let chromium = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(setup::which)?;
    let driver = setup::which("chromedriver")?;
    Some(Browser { chromium, driver })
}

/// What Debian calls the browser, its driver, and letters for both.
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-liberation"];

/// Whether packages can be installed without asking anybody.
pub fn can_install() -> bool {
    let root = output(&mut program("id", &["-u"]), "").is_ok_and(|id| id.trim() == "0");
    root && Path::new("/etc/debian_version").exists() && setup::which("apt-get").is_some()
}

/// Installs packages of Debian.
pub fn install(packages: &[&str]) -> Result<()> {
    let remedy = "check that Debian's package server can be reached";
    run(&mut program("apt-get", &["update", "-q"]), remedy)?;
    let args = ["install", "-q", "-y", "--no-install-recommends"];
    let mut install = program("apt-get", &args);
    install
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    run(&mut install, remedy)
}

/// Writes what the wasm test runner tells the driver about the browser; the profile is empty each time.
pub fn write_capabilities(browser: &Browser) -> Result<PathBuf> {
    let profile = paths::target().join("chromium-profile");
    if profile.exists() {
        fs::remove_dir_all(&profile)
            .context("the old test profile could not be removed; delete target/chromium-profile")?;
    }
    let mut args: Vec<String> = FLAGS.map(String::from).into();
    args.push(format!("--user-data-dir={}", profile.display()));
    let file = paths::target().join("webdriver.json");
    let capabilities =
        json!({ "goog:chromeOptions": { "binary": browser.chromium, "args": args } });
    fs::write(&file, capabilities.to_string())
        .context("target/webdriver.json could not be written; check the disk")?;
    if !file.is_file() {
        bail!("target/webdriver.json could not be written; check the disk");
    }
    Ok(file)
}
