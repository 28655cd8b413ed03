//! The core over HTTP, for pages that may not run wasm.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use changegate::assessment::{Edited, assess as assess_draft};
use changegate::change::Change;
use changegate::draft::Draft;
use changegate::id::{ChangeId, RuleId};
use changegate::permit::{Permission, permitted as permitted_now, waits_for};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::changes::known;
use super::json;
use crate::app::App;
use crate::body::Json;
use crate::problem::Problem;
use crate::registrar::{policy_in, replay};
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

/// A change as it can be read, and what the person may do with it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// The change with its texts.
    change: Change,
    /// Its content as a draft, for editing.
    draft: Draft,
    /// Each gesture with yes, or no and every reason.
    permissions: Vec<Permission>,
    /// The rules that still ask for a yes, in order of stage.
    waits_for: Vec<RuleId>,
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
            let open = replay(&store.log(&draft.id)?)?.readable();
            Ok(json(&match open {
                None => assess_draft(&app.organisation.policy, &draft, &person, now, &world),
                Some(change) => change.assess(
                    policy_in(&app.policies, &change)?,
                    &draft,
                    &person,
                    now,
                    &world,
                ),
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
            let (Some(change), Some(draft)) = (record.readable(), record.draft()) else {
                return Err(Problem::internal());
            };
            let policy = policy_in(&app.policies, &change)?;
            let now = app.clock.now();
            let world = app.world(store, now)?;
            Ok(json(&Reading {
                permissions: permitted_now(policy, &record, &person, now, &world),
                waits_for: waits_for(policy, &record, &person, now, &world),
                change,
                draft,
            }))
        })
        .await
}
