//! The changes as they are recorded.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use changegate::adoption::preview;
use changegate::canonical;
use changegate::id::ChangeId;
use changegate::log::{Stored, verify};
use changegate::world::KeptPolicy;
use schemars::JsonSchema;
use serde::Serialize;

use super::{json, json_text};
use crate::app::App;
use crate::problem::Problem;
use crate::registrar::replay;
use crate::session::SignedIn;
use crate::store::{Kept, Store};
use crate::summary::{DamagedChange, Shown};

/// Everything that is recorded of a change.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// Its entries, the first first.
    log: Vec<Stored>,
}

pub async fn list(State(app): State<Arc<App>>, _: SignedIn) -> Result<Response, Problem> {
    let kept = app.readers.read(|store| Ok(store.shown()?)).await?;
    let (mut whole, mut rows) = (Vec::new(), Vec::new());
    for kept in kept {
        match kept {
            Kept::Whole(shown) => whole.push(shown),
            Kept::Damaged(id) => rows.push(canonical::to_string(&DamagedChange::of(id))),
        }
    }
    whole.sort_by(|one, other| latest_first(one).cmp(&latest_first(other)));
    rows.extend(whole.into_iter().map(|shown| shown.summary));
    Ok(json_text(format!("[{}]", rows.join(","))))
}

fn latest_first(shown: &Shown) -> Reverse<(i64, &str)> {
    Reverse((shown.updated_at_ms, &shown.number))
}

/// A log that does not verify, down to each decision made again, is refused.
pub async fn log(
    State(app): State<Arc<App>>,
    _: SignedIn,
    Path(id): Path<ChangeId>,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| {
            let log = known(store, &id)?;
            let verdict = verify(&log, app.rules.read().documents());
            match verdict.faults.first() {
                Some(fault) => Err(Problem::broken_log(format!("entry {}: {}, so the record is not served; restore the database from a backup", fault.seq, fault.kind))),
                None if !verdict.ok => Err(Problem::broken_log("a text of it is gone that nobody erased, so the record is not served; restore the database from a backup")),
                None => Ok(json(&Log { log })),
            }
        })
        .await
}

/// What is wrong with a log is told by its verdict, and where that finds nothing in a log that is not whole, by a problem.
pub async fn verdict(
    State(app): State<Arc<App>>,
    _: SignedIn,
    Path(id): Path<ChangeId>,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| {
            let (log, is_whole) = store.log_to_check(&id)?;
            let verdict = verify(&log, app.rules.read().documents());
            if verdict.ok {
                is_whole?;
                known(store, &id)?;
            }
            Ok(json(&verdict))
        })
        .await
}

/// What moving a change to the policy in force would change.
pub async fn adoption(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(id): Path<ChangeId>,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| {
            let record = replay(&known(store, &id)?)?;
            let now = app.clock.now();
            let mut world = app.world(store, now)?;
            let book = app.rules.read();
            let change = record.change.as_ref();
            let kept = change.map(|change| book.of(change)).transpose()?;
            world.kept = kept.map(KeptPolicy::of);
            let shown = preview(book.current()?, &record, &person, now, &world);
            let shown = shown.ok_or_else(|| Problem::not_found("change of this id"))?;
            Ok(json(&shown))
        })
        .await
}

/// The log of a change that there is.
pub fn known(store: &Store, id: &ChangeId) -> Result<Vec<Stored>, Problem> {
    let log = store.log(id)?;
    if log.is_empty() {
        Err(Problem::not_found("change of this id"))
    } else {
        Ok(log)
    }
}
