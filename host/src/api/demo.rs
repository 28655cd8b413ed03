//! What exists in the demo only: a picker of people, and a clock that can be moved.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use changegate::facts::Facts;
use changegate::id::{PersonId, RoleId};
use changegate::report::roles;
use changegate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json;
use crate::acting::act;
use crate::app::App;
use crate::body::Json;
use crate::problem::Problem;
use crate::registrar::CLOCK_OFFSET;
use crate::session::{self, Mode};

/// Somebody who can be picked.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DemoPerson {
    /// Their id.
    id: PersonId,
    /// Their name.
    name: String,
    /// What they do.
    title: String,
    /// The roles that they hold whatever the change.
    roles: Vec<RoleId>,
}

/// Picks a person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pick {
    /// Whom.
    person: PersonId,
}

/// A session.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DemoSession {
    /// To be sent as `Authorization: Bearer`.
    token: String,
    /// Whose it is.
    person: PersonId,
}

/// The host's clock.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DemoClock {
    /// What it shows.
    now: Instant,
    /// How many minutes it runs ahead of the machine's.
    offset_min: i64,
}

/// Moves the clock forward.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveClock {
    /// To here.
    to: Instant,
}

pub async fn people(State(app): State<Arc<App>>) -> Response {
    let organisation = &app.organisation;
    let world = organisation.world(app.clock.now());
    let there = organisation.people().iter().filter(|person| !person.left);
    let shown = there.map(|person| DemoPerson {
        id: person.id.clone(),
        name: person.name.clone(),
        title: person.title.clone(),
        roles: roles(
            &organisation.policy,
            &world,
            &person.id,
            None,
            &Facts::default(),
        ),
    });
    json(&shown.collect::<Vec<_>>())
}

pub async fn session(
    State(app): State<Arc<App>>,
    Json(Pick { person }): Json<Pick>,
) -> Result<Response, Problem> {
    if !app.organisation.is_there(&person) {
        return Err(Problem::not_found("person of this id"));
    }
    let whose = person.clone();
    let token = app
        .writer
        .perform(move |registrar| session::open(registrar.store(), &whose, Mode::Demo))
        .await?;
    Ok(json(&DemoSession { token, person }))
}

pub async fn clock(State(app): State<Arc<App>>) -> Response {
    shown(&app)
}

pub async fn move_clock(
    State(app): State<Arc<App>>,
    Json(MoveClock { to }): Json<MoveClock>,
) -> Result<Response, Problem> {
    let offset_ms = app
        .clock
        .offset_to(to)
        .ok_or_else(Problem::clock_goes_back)?;
    app.writer
        .perform(move |registrar| Ok(registrar.store().set_counter(CLOCK_OFFSET, offset_ms)?))
        .await?;
    app.clock.run_ahead_by(offset_ms);
    act(&app).await?;
    Ok(shown(&app))
}

fn shown(app: &App) -> Response {
    json(&DemoClock {
        now: app.clock.now(),
        offset_min: app.clock.offset_ms() / 60_000,
    })
}
