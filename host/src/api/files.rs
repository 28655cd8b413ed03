//! Files of evidence: taken by their hash, given back inert.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use changegate::value::Digest;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::json;
use crate::app::App;
use crate::body;
use crate::files::MOST;
use crate::problem::Problem;
use crate::session::SignedIn;

/// That a file has arrived.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Arrived {
    /// Its hash.
    sha256: Digest,
    /// How many bytes.
    bytes: usize,
}

/// Takes the bytes of a file before the report that names it. The same once more is taken once.
pub async fn put(
    State(app): State<Arc<App>>,
    _: SignedIn,
    Path(sha256): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let sha256 = digest(&sha256)?;
    let bytes = body::read_up_to(request, MOST).await?;
    let files = app.files.clone();
    let task = tokio::task::spawn_blocking(move || {
        if Digest(Sha256::digest(&bytes).into()) != sha256 {
            return Err(Problem::malformed(
                "the bytes are not those of the hash in the address; send them again",
            ));
        }
        files.keep(&sha256, &bytes).map_err(|error| {
            Problem::unavailable(format!(
                "the file cannot be stored now ({error}); send it again later"
            ))
        })?;
        Ok(Arrived {
            sha256,
            bytes: bytes.len(),
        })
    });
    let arrived = task.await.unwrap_or_else(|_| Err(Problem::internal()))?;
    Ok(json(&arrived))
}

/// Gives a file back as bytes of no kind, to be saved and never shown: what is in it is not to be trusted.
pub async fn get(
    State(app): State<Arc<App>>,
    _: SignedIn,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    let sha256 = digest(&sha256)?;
    let files = app.files.clone();
    let task = tokio::task::spawn_blocking(move || files.read(&sha256));
    let read = task.await.map_err(|_| Problem::internal())?;
    let bytes = read.map_err(|_| Problem::not_found("file of this hash"))?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
        (
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        ),
    ];
    Ok((headers, bytes).into_response())
}

fn digest(text: &str) -> Result<Digest, Problem> {
    text.parse()
        .map_err(|_| Problem::not_found("file of this hash"))
}
