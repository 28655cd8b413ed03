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
use crate::registrar::Registrar;

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

/// It reads, and writes something that means nothing: whether a disk takes anything is known only so.
pub async fn health(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.readers.read(|store| Ok(store.answers()?)).await?;
    app.writer.perform(Registrar::probe).await?;
    Ok(json(&Health {
        status: "ok",
        database: "ok",
        policy_hash: app.rules.read().in_force(),
    }))
}
