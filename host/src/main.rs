//! The reference host: it replays what is stored, has the core decide again, and stores what the core decided.

mod across;
mod acting;
mod api;
mod app;
mod args;
mod body;
mod clock;
mod fault;
mod files;
mod journal;
mod limits;
mod memory;
mod openapi;
mod organisation;
mod patience;
mod problem;
mod random;
mod readers;
mod rebuild;
mod registrar;
mod rules;
mod serve;
mod session;
mod static_files;
mod store;
mod summary;
mod surroundings;
mod writer;

use std::fs::{self, File, TryLockError};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use changegate::finding::Severity;
use changegate::id::PersonId;
use changegate::time::Instant;
use serde_json::Value;

use crate::app::App;
use crate::args::{Demo, Serve, Task};
use crate::clock::Clock;
use crate::fault::Fault;
use crate::files::Files;
use crate::journal::{say, warn};
use crate::limits::Limits;
use crate::organisation::Organisation;
use crate::readers::Readers;
use crate::registrar::{CLOCK_OFFSET, Registrar};
use crate::rules::Rules;
use crate::serve::Stop;
use crate::session::Mode;
use crate::store::{Place, Store, own_folder};
use crate::writer::{Running, Writer};

fn main() -> ExitCode {
    let done = args::read(std::env::args_os().skip(1)).and_then(|task| match task {
        Task::Serve(options) => serve(&options).map(|()| ExitCode::SUCCESS),
        Task::Session {
            person,
            data,
            organisation,
        } => open_session(&person, &data, &organisation).map(|()| ExitCode::SUCCESS),
        Task::Schema { out } => write_schemas(&out).map(|()| ExitCode::SUCCESS),
        Task::Check { policy } => check(&policy),
        Task::SignOut { person, data } => sign_out(&person, &data).map(|()| ExitCode::SUCCESS),
        Task::Rebuild { data } => rebuild(&data),
        Task::Help => {
            say(args::USAGE);
            Ok(ExitCode::SUCCESS)
        }
    });
    done.unwrap_or_else(|fault| {
        warn(fault);
        ExitCode::FAILURE
    })
}

/// Serves until told to stop.
fn serve(options: &Serve) -> Result<(), Fault> {
    let mode = match options.demo {
        Demo::Yes => Mode::demo_at(options.address)?,
        Demo::No => Mode::Closed,
    };
    let organisation = Arc::new(Organisation::read(&options.organisation)?);
    check_site(options.site.as_deref())?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Fault::new(format!("no threads could be started ({error})")))?;
    runtime.block_on(async {
        let listener = serve::listen(SocketAddr::new(options.address, options.port)).await?;
        let lock = lock(&options.data)?;
        let (app, running) = start(options, organisation, mode)?;
        let app = Arc::new(app);
        let acting = tokio::spawn(acting::act_always(Arc::clone(&app)));
        let scrubbing = tokio::spawn(acting::scrub_always(Arc::clone(&app)));
        let address = listener
            .local_addr()
            .map_err(|error| Fault::new(error.to_string()))?;
        let stop = Stop::caught()
            .map_err(|error| Fault::new(format!("signals cannot be caught ({error})")))?;
        say(format_args!("serving at http://{address}"));
        serve::serve(
            listener,
            serve::router(&app, options.site.as_deref(), options.origins.clone()),
            stop,
        )
        .await;
        for task in [acting, scrubbing] {
            task.abort();
            let _ = task.await;
        }
        let (jobs, commits) = app.writer.counts();
        drop(app);
        running.finish();
        drop(lock);
        say(format_args!("stopped; {jobs} writes in {commits} commits"));
        Ok(())
    })
}

/// Opens what is kept, and starts the thread that writes it.
fn start(
    options: &Serve,
    organisation: Arc<Organisation>,
    mode: Mode,
) -> Result<(App, Running), Fault> {
    let path = store::file(&options.data);
    let store = Store::open(&path)?;
    let place = Place::of(&path).map_err(|error| Fault::about(&path, error))?;
    if mode == Mode::Closed {
        store.end_demo()?;
    }
    store.keep_policy(&organisation.policy)?;
    let rules = Arc::new(Rules::of(store.policies()?, organisation.policy_hash));
    let clock = Arc::new(Clock::ahead_by(lead(&store, mode, options.clock)?));
    let files = Files::within(&options.data, options.file_bytes);
    files
        .clear()
        .map_err(|error| Fault::about(&options.data, error))?;
    let mut registrar = Registrar::new(
        store,
        Arc::clone(&organisation),
        Arc::clone(&rules),
        Arc::clone(&clock),
        files.clone(),
        place.clone(),
    )
    .map_err(|problem| Fault::new(problem.body()))?;
    let mut taken_up = Ok(());
    let stored = registrar.together(|registrar| taken_up = registrar.attempt(Registrar::take_up));
    taken_up.map_err(|problem| Fault::new(problem.body()))?;
    stored.map_err(|not_stored| Fault::new(not_stored.words()))?;
    let (writer, running) = Writer::start(registrar, options.reports_per_commit)?;
    let limits = Limits::of(options.requests_per_second);
    Ok((
        App {
            organisation,
            rules,
            clock,
            readers: Readers::of(path, place),
            memory: Mutex::default(),
            files,
            writer,
            limits,
            mode,
        },
        running,
    ))
}

/// How far the clock runs ahead: in a new demo as it was told to begin, afterwards as it was left.
fn lead(store: &Store, mode: Mode, begin: Option<Instant>) -> Result<i64, Fault> {
    match (mode, store.counter(CLOCK_OFFSET)?) {
        (Mode::Closed, _) => Ok(0),
        (Mode::Demo, Some(kept)) => Ok(kept),
        (Mode::Demo, None) => {
            let offset_ms = begin.map_or(0, Clock::offset_of);
            store.set_counter(CLOCK_OFFSET, offset_ms)?;
            Ok(offset_ms)
        }
    }
}

/// One host a data folder: a second one would not see the bookings of the first.
fn lock(data: &Path) -> Result<File, Fault> {
    let remedy = "let the user who runs the host write there, or choose another folder with --data";
    own_folder(data)
        .map_err(|error| Fault::about(data, format!("cannot be made ({error}); {remedy}")))?;
    let path = data.join("changegate.lock");
    let file = File::create(&path)
        .map_err(|error| Fault::about(&path, format!("cannot be written ({error}); {remedy}")))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Fault::about(
            data,
            "another host is using it; stop that one, or choose another folder with --data",
        )),
        Err(TryLockError::Error(error)) => Err(Fault::about(
            &path,
            format!("cannot be locked ({error}); {remedy}"),
        )),
    }
}

fn check_site(site: Option<&Path>) -> Result<(), Fault> {
    match site {
        Some(site) if !site.is_dir() => Err(Fault::about(
            site,
            "is no folder; build the site, or give its folder with --site",
        )),
        Some(_) | None => Ok(()),
    }
}

/// Opens a session from the command line, also while the host runs.
fn open_session(person: &PersonId, data: &Path, organisation: &Path) -> Result<(), Fault> {
    let organisation = Organisation::read(organisation)?;
    if !organisation.is_there(person) {
        return Err(Fault::new(format!(
            "there is no person `{person}` in `people.csv`, or they have left"
        )));
    }
    own_folder(data).map_err(|error| Fault::about(data, error))?;
    let store = Store::open(&store::file(data))?;
    let token = session::open(&store, person, Mode::Closed)
        .map_err(|problem| Fault::new(problem.body()))?;
    say(token);
    Ok(())
}

/// Ends every session of a person, also while the host runs.
fn sign_out(person: &PersonId, data: &Path) -> Result<(), Fault> {
    let file = store::file(data);
    if !file.exists() {
        return Err(Fault::about(
            &file,
            "is not there; give its folder with --data",
        ));
    }
    let ended = Store::open(&file)?.end_sessions(person)?;
    say(format_args!("{ended} sessions of `{person}` ended"));
    Ok(())
}

/// Makes again what can be, while no host runs.
fn rebuild(data: &Path) -> Result<ExitCode, Fault> {
    let lock = lock(data)?;
    let damaged = rebuild::rebuild(data)?;
    drop(lock);
    Ok(if damaged == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Writes what other programs read about the core and the interface.
fn write_schemas(out: &Path) -> Result<(), Fault> {
    let unwritable = |error| {
        Fault::about(
            out,
            format!("cannot be written ({error}); choose another folder with --out"),
        )
    };
    fs::create_dir_all(out).map_err(unwritable)?;
    let documents: [(&str, Value); 3] = [
        ("policy.schema.json", changegate::schema::policy()),
        ("wire.schema.json", changegate::schema::wire()),
        ("openapi.json", openapi::document()),
    ];
    documents.iter().try_for_each(|(name, document)| {
        fs::write(out.join(name), format!("{document:#}\n")).map_err(unwritable)
    })
}

/// Says everything that can be said against a policy.
fn check(path: &Path) -> Result<ExitCode, Fault> {
    let (_, findings) = organisation::examine_policy(path)?;
    for finding in &findings {
        say(organisation::finding_line(path, finding));
    }
    let stops = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Stops)
        .count();
    say(format_args!(
        "{} findings, {stops} of them stop it",
        findings.len()
    ));
    Ok(if stops == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
