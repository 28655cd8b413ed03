//! What the host does by its own hand: reminders, approvals that waited too long, what waits for people who left, templates
//! whose figures ended their trust, files that nobody named. What is due is the core's to say, and so is whether it may be done.

use std::sync::Arc;
use std::time::Duration;

use changegate::catalogue::lapse_of;
use changegate::command::Command;
use changegate::due::due_of_host;
use changegate::id::ChangeId;
use changegate::other::Other;
use changegate::time::Instant;
use changegate::world::World;

use crate::across::Across;
use crate::app::App;
use crate::journal::warn;
use crate::problem::Problem;
use crate::registrar::{Registrar, SCRUB_EVERY, Taken, judged};
use crate::rules::Book;
use crate::store::Store;
use crate::surroundings::{records, world_of};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(60);

/// Does what is due, again and again.
pub async fn act_always(app: Arc<App>) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(problem) = act(&app).await {
            warn(format_args!("what is due was not done: {}", problem.body()));
        }
    }
}

/// Leaves nothing of erased texts, again and again: a reader may have been in the way.
pub async fn scrub_always(app: Arc<App>) {
    loop {
        tokio::time::sleep(SCRUB_EVERY).await;
        if app.writer.is_behind() {
            // What is behind is done after each commit, also of nothing. That none is possible is said to whoever wants one.
            let _ = app.writer.perform(|_| Ok(())).await;
        }
    }
}

/// Does what is due now. It is looked up beside the thread that writes, which decides on each alone.
///
/// # Errors
/// That the database failed.
pub async fn act(app: &Arc<App>) -> Result<(), Problem> {
    let looking = Arc::clone(app);
    let readers = app.readers.clone();
    let wanted = readers.read(move |store| wanted(&looking, store)).await?;
    for (id, command) in wanted {
        let kind = command.kind();
        let done = app
            .writer
            .perform(move |registrar| registrar.act(&id, command));
        match done.await {
            // Where it is refused, somebody was faster.
            Ok(Taken::Accepted { .. } | Taken::Refused { .. }) => {}
            Err(problem) => warn(format_args!("{kind:?} failed: {}", problem.body())),
        }
    }
    app.writer.perform(Registrar::give_up_files).await
}

fn wanted(app: &App, store: &Store) -> Result<Vec<(ChangeId, Command)>, Problem> {
    let now = app.clock.now();
    let book = app.rules.read();
    let across = Across::read(store, &book)?;
    let known = records(store)?;
    let world = world_of(&app.organisation, &book, &across, &known, now)?;
    let mut wanted = Vec::new();
    for id in across.open_ids() {
        // One record that does not hold is no reason to leave the others undone.
        match of_change(store, &book, id, &world, now) {
            Ok(due) => wanted.extend(due.into_iter().map(|command| (id.clone(), command))),
            Err(problem) => warn(format_args!(
                "what is due of change {id} is not known: {}",
                problem.body()
            )),
        }
    }
    let policy = book.current()?;
    for template in known.whole.iter().filter_map(Other::template) {
        let lapse = lapse_of(policy, template, &world.runs, now);
        wanted.extend(lapse.map(|step| (template.id.clone(), Command::Template { step })));
    }
    Ok(wanted)
}

fn of_change(
    store: &Store,
    book: &Book,
    id: &ChangeId,
    world: &World,
    now: Instant,
) -> Result<Vec<Command>, Problem> {
    let record = judged(book, &store.log(id)?)?;
    let change = record.change.as_ref().ok_or_else(Problem::internal)?;
    Ok(due_of_host(book.of(change)?, &record, world, now))
}
