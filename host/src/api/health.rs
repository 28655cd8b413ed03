//! Whether the host can do its work.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use changegate::value::Digest;
use schemars::JsonSchema;
use serde::Serialize;

use super::json;
use crate::app::App;
use crate::problem::Problem;

/// That it can.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// `ok`.
    status: &'static str,
    /// `ok`.
    database: &'static str,
    /// The policy that new changes are submitted under.
    policy_hash: Digest,
}

pub async fn health(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.readers.read(|store| Ok(store.answers()?)).await?;
    if !app.writer.is_alive() {
        return Err(Problem::unavailable(
            "the host can read but no longer write; start it again",
        ));
    }
    Ok(json(&Health {
        status: "ok",
        database: "ok",
        policy_hash: app.rules.read().in_force(),
    }))
}
