//! What a page needs before it shows the form.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use changegate::id::PersonId;
use changegate::policy::Policy;
use changegate::time::Instant;
use changegate::value::Digest;
use changegate::world::World;
use schemars::JsonSchema;
use serde::Serialize;

use super::json;
use crate::app::App;
use crate::problem::Problem;
use crate::session::SignedIn;

/// The policy, what the host knows, who is signed in, and what time it is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Loaded {
    /// How the organisation wants changes handled.
    policy: Policy,
    /// Its hash.
    policy_hash: Digest,
    /// What the host knows that the request does not.
    world: World,
    /// Who is signed in.
    person: PersonId,
    /// The host's time.
    now: Instant,
}

/// How many runs a page is told of.
const MOST_RUNS: usize = 500;

/// The world as far as a page needs it: of the runs the latest.
fn cut(mut world: World) -> World {
    world.runs.sort_by_key(|run| Reverse(run.reported_at));
    world.runs.truncate(MOST_RUNS);
    world
}

pub async fn load(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| {
            let now = app.clock.now();
            let world = cut(app.world(store, now)?);
            let book = app.rules.read();
            let policy = book.current()?.clone();
            Ok(json(&Loaded {
                policy,
                policy_hash: book.in_force(),
                world,
                person,
                now,
            }))
        })
        .await
}
