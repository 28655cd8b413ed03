//! The built program, started on a folder and a port of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{env, fs};

use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

use crate::web::{Person, Web};

/// When the host of a test begins, whatever the machine's clock shows: a Monday morning, seven weeks before the first freeze of any
/// shipped organisation.
pub const START: &str = "2026-11-02T09:00:00.000Z";

/// What makes a host a demo that says its own time.
const DEMO: [&str; 3] = ["--demo", "--clock", START];

/// The program: the one that `CHANGEGATE_HOST` names, else built once.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| env::var_os("CHANGEGATE_HOST").map_or_else(build, PathBuf::from))
}

/// Cargo builds programs only for tests of their own package, so it is asked for here.
fn build() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let profile: &[&str] = if cfg!(debug_assertions) {
        &[]
    } else {
        &["--release"]
    };
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "changegate-host"])
        .args(profile)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(
        built.expect("cargo starts").success(),
        "the host does not build"
    );
    let test = env::current_exe().expect("the test has a path");
    let profile = test
        .ancestors()
        .nth(2)
        .expect("it lies in the target folder");
    profile.join(format!("changegate-host{}", env::consts::EXE_SUFFIX))
}

/// Runs the program to its end.
pub fn run(args: &[&str]) -> Output {
    Command::new(program())
        .args(args)
        .output()
        .expect("the host starts")
}

/// Lets a command that should end do so, and ends one that does not.
pub fn ended(mut command: Command) -> Output {
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = piped.spawn().expect("the host starts");
    let is_over = |process: &mut Child| process.try_wait().expect("its state").is_some();
    for _ in 0..200 {
        if is_over(&mut process) {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    // Where it ended, there is nothing left to kill.
    let _ = process.kill();
    process.wait_with_output().expect("its last words")
}

/// The folder of a fixture.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// What a host works on: an organisation that a test may spoil, and an empty place for the database.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Folder {
    /// The workshop, copied.
    pub fn of_workshop() -> Self {
        Self::copied(&fixture("workshop"))
    }

    /// A shipped organisation, copied.
    pub fn of_organisation(name: &str) -> Self {
        let organisations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../organisations");
        Self::copied(&organisations.join(name))
    }

    fn copied(from: &Path) -> Self {
        let folder = Self(TempDir::new().expect("a temporary folder"));
        fs::create_dir(folder.organisation()).expect("a folder in it");
        for file in fs::read_dir(from).expect("its files") {
            let file = file.expect("a file of it");
            fs::copy(file.path(), folder.organisation().join(file.file_name())).expect("a copy");
        }
        folder
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where the organisation's files lie.
    pub fn organisation(&self) -> PathBuf {
        self.path().join("organisation")
    }

    /// Where the database lies.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.data().join("changegate.db")
    }

    /// The database, opened beside the host.
    pub fn open_database(&self) -> Connection {
        Connection::open(self.database()).expect("the database opens")
    }

    /// Replaces a text in a file of the organisation.
    pub fn spoil(&self, file: &str, from: &str, to: &str) {
        let path = self.organisation().join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(from), "`{from}` is not in {file}");
        fs::write(path, text.replace(from, to)).expect("the file can be written");
    }

    /// The command that serves it as a demo at any free port.
    pub fn command(&self, more: &[&str]) -> Command {
        self.command_without_demo(&[&DEMO, more].concat())
    }

    fn command_without_demo(&self, more: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(["serve", "--port", "0", "--data"]);
        command
            .arg(self.data())
            .arg("--organisation")
            .arg(self.organisation());
        command.args(more);
        command
    }

    /// Everything that is in the files of the database, one after the other.
    pub fn bytes_of_database(&self) -> Vec<u8> {
        let files = fs::read_dir(self.data()).expect("the folder");
        files
            .flat_map(|file| fs::read(file.expect("a file").path()).expect("its bytes"))
            .collect()
    }
}

/// A disk that fails while it is told to: a library that is loaded before the host.
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub struct FailingDisk(TempDir);

#[cfg(target_os = "linux")]
impl FailingDisk {
    /// One that does not fail yet.
    pub fn new() -> Self {
        let disk = Self(TempDir::new().expect("a temporary folder"));
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .arg(disk.library())
            .arg(fixture("failing_disk.c"))
            .arg("-ldl")
            .status();
        assert!(built.expect("cc is there").success(), "it does not build");
        disk
    }

    /// From now on nothing is made durable.
    pub fn fail(&self) {
        fs::write(self.switch(), "sync").expect("the switch");
    }

    /// From now on nothing more can be written.
    pub fn fill(&self) {
        fs::write(self.switch(), "full").expect("the switch");
    }

    /// From now on it works again.
    pub fn mend(&self) {
        fs::remove_file(self.switch()).expect("the switch");
    }

    fn library(&self) -> PathBuf {
        self.0.path().join("failing_disk.so")
    }

    fn switch(&self) -> PathBuf {
        self.0.path().join("fails")
    }
}

#[cfg(target_os = "linux")]
impl Default for FailingDisk {
    fn default() -> Self {
        Self::new()
    }
}

/// A host that runs.
#[derive(Debug)]
pub struct Host {
    /// What it works on.
    pub folder: Folder,
    /// What it answers to.
    pub web: Web,
    process: Child,
    output: Option<JoinHandle<String>>,
    more: Vec<String>,
}

impl Host {
    /// A host of the workshop.
    pub fn start() -> Self {
        Self::start_with(Folder::of_workshop(), &[])
    }

    /// A host of that folder, with more on its command line.
    pub fn start_with(folder: Folder, more: &[&str]) -> Self {
        Self::run(folder, &[&DEMO, more].concat())
    }

    /// A host of that folder, or it and what it said where it does not start.
    pub fn try_start_with(folder: Folder, more: &[&str]) -> Result<Self, (Folder, String)> {
        let more = [&DEMO, more].concat();
        Self::try_spawn(folder.command_without_demo(&more), folder, &more)
    }

    /// A host of that folder that begins at that time.
    pub fn start_at(folder: Folder, time: &str) -> Self {
        Self::run(folder, &["--demo", "--clock", time])
    }

    /// A host that is no demo.
    pub fn start_without_demo(folder: Folder) -> Self {
        Self::run(folder, &[])
    }

    /// A host whose files may not grow beyond so many blocks of half a KB, as on a disk that is full.
    #[cfg(unix)]
    pub fn start_on_small_disk(folder: Folder, blocks: u32) -> Self {
        let command = folder.command(&[]);
        let mut confined = Command::new("sh");
        confined.args([
            "-c",
            &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""),
        ]);
        confined.arg(command.get_program()).args(command.get_args());
        Self::spawn(folder, confined, &DEMO)
    }

    /// A host on a disk that fails while a test says so, by a [`FailingDisk`].
    #[cfg(target_os = "linux")]
    pub fn start_on_failing_disk(folder: Folder, disk: &FailingDisk) -> Self {
        let mut command = folder.command(&[]);
        command
            .env("LD_PRELOAD", disk.library())
            .env("FAILING_DISK", disk.switch());
        Self::spawn(folder, command, &DEMO)
    }

    fn run(folder: Folder, more: &[&str]) -> Self {
        let command = folder.command_without_demo(more);
        Self::spawn(folder, command, more)
    }

    fn spawn(folder: Folder, command: Command, more: &[&str]) -> Self {
        Self::try_spawn(command, folder, more)
            .unwrap_or_else(|(_, said)| panic!("it did not serve: {said}"))
    }

    fn try_spawn(
        mut command: Command,
        folder: Folder,
        more: &[&str],
    ) -> Result<Self, (Folder, String)> {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the host starts");
        let mut output = BufReader::new(process.stdout.take().expect("its output"));
        let Some(address) = address(&mut output) else {
            let said = last_words(process.stderr.take());
            process.wait().expect("it ended");
            return Err((folder, said));
        };
        let more = more.iter().map(ToString::to_string).collect();
        Ok(Self {
            folder,
            web: Web::at(address),
            process,
            output: Some(thread::spawn(move || last_words(Some(output)))),
            more,
        })
    }

    /// Signs a person in.
    pub fn sign_in(&self, person: &str) -> Person {
        let answer = self
            .web
            .post("/api/demo/session", &json!({ "person": person }));
        assert_eq!(answer.status, 200, "{}", answer.text);
        let token = answer.json["token"].as_str().expect("a token").to_owned();
        Person::new(self.web.clone(), person, token)
    }

    /// Moves the host's clock to an instant.
    pub fn move_clock(&self, to: &str) {
        let answer = self.web.post("/api/demo/clock", &json!({ "to": to }));
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// Stops it as Ctrl-C does, and gives what it still said.
    pub fn stop(self) -> (Folder, String) {
        let (folder, _, said) = self.stop_keeping();
        (folder, said)
    }

    fn stop_keeping(mut self) -> (Folder, Vec<String>, String) {
        let interrupt = Command::new("kill")
            .args(["-INT", &self.process.id().to_string()])
            .status();
        assert!(interrupt.expect("kill is there").success());
        let output = self.output.take().expect("its output");
        let said = output.join().expect("its last words");
        let ended = self.process.wait().expect("it ends");
        assert!(ended.success(), "it ended with {ended}: {said}");
        (self.take_folder(), std::mem::take(&mut self.more), said)
    }

    /// Stops it and starts it again on the same folder.
    pub fn restart(self) -> Self {
        let (folder, more, _) = self.stop_keeping();
        Self::run(folder, &more.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Ends it without a warning.
    pub fn kill(mut self) -> Folder {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
        self.take_folder()
    }

    fn take_folder(&mut self) -> Folder {
        let empty = Folder(TempDir::new().expect("a temporary folder"));
        std::mem::replace(&mut self.folder, empty)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn address(output: &mut BufReader<ChildStdout>) -> Option<SocketAddr> {
    let mut line = String::new();
    output.read_line(&mut line).expect("its output");
    line.trim().strip_prefix("serving at http://")?.parse().ok()
}

fn last_words(output: Option<impl Read>) -> String {
    let mut said = String::new();
    output
        .expect("its faults")
        .read_to_string(&mut said)
        .expect("its faults are text");
    said
}
