//! The core over HTTP, for pages that may not run wasm.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use changegate::assessment::{Edited, assess as assess_draft};
use changegate::draft::Draft;
use changegate::id::ChangeId;
use changegate::reading::read;
use schemars::JsonSchema;
use serde::Deserialize;

use super::changes::known;
use super::json;
use crate::app::App;
use crate::body::Json;
use crate::problem::Problem;
use crate::registrar::replay;
use crate::session::SignedIn;

/// Asks for everything that the form shows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assess {
    /// Of this draft; where a change has its id already, of its content as it would then stand.
    draft: Draft,
}

/// Asks for what may be done next.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Permitted {
    /// With this change.
    change_id: ChangeId,
}

pub async fn assess(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Json(Assess { draft }): Json<Assess>,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| {
            let now = app.clock.now();
            let world = app.world(store, now)?;
            let book = app.rules.read();
            let open = replay(&store.log(&draft.id)?)?.readable();
            Ok(json(&match open {
                None => assess_draft(book.current()?, &draft, &person, now, &world),
                Some(change) => change.assess(book.of(&change)?, &draft, &person, now, &world),
            }))
        })
        .await
}

pub async fn permitted(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Json(Permitted { change_id }): Json<Permitted>,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| {
            let record = replay(&known(store, &change_id)?)?;
            let change = record.change.as_ref();
            // A template, a publication or a meeting has this id, and none of them is a change.
            let change = change.ok_or_else(|| Problem::not_found("change of this id"))?;
            let book = app.rules.read();
            let policy = book.of(change)?;
            let now = app.clock.now();
            let world = app.world(store, now)?;
            let reading = read(policy, &record, &person, now, &world);
            reading
                .map(|reading| json(&reading))
                .ok_or_else(Problem::internal)
        })
        .await
}
