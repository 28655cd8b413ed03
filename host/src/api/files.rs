//! Files of evidence: taken by their hash, given back inert.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use changegate::value::Digest;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::mpsc;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use super::json;
use crate::app::App;
use crate::body;
use crate::files::Arriving;
use crate::problem::Problem;
use crate::session::SignedIn;

/// How many parts of a body may wait for the disk.
const PARTS_WAITING: usize = 8;

/// That a file has arrived.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Arrived {
    /// Its hash.
    sha256: Digest,
    /// How many bytes.
    bytes: u64,
}

/// Takes the bytes of a file before the report that names it. The same once more is taken once.
pub async fn put(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(sha256): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let sha256 = digest(&sha256)?;
    body::check_media_type(request.headers(), "application/octet-stream")?;
    let arriving = receive(&app, request).await?;
    if arriving.sha256() != sha256 {
        return Err(Problem::other_file());
    }
    let (bytes, most) = (arriving.bytes(), app.files.most());
    app.writer
        .perform(move |registrar| registrar.note_arrival(&sha256, bytes, &person, most))
        .await?;
    let files = app.files.clone();
    tokio::task::spawn_blocking(move || files.keep(&arriving))
        .await
        .map_err(|_| Problem::internal())?
        .map_err(|error| Problem::file_not_stored(&error))?;
    Ok(json(&Arrived { sha256, bytes }))
}

/// A body of which only a part came has another hash than the whole.
async fn receive(app: &App, request: Request) -> Result<Arriving, Problem> {
    let (parts, arriving) = mpsc::channel(PARTS_WAITING);
    let files = app.files.clone();
    let task = tokio::task::spawn_blocking(move || files.receive(arriving));
    let passed = body::pass_on(request, app.files.most(), parts).await;
    let received = task.await.map_err(|_| Problem::internal())?;
    passed?;
    received.map_err(|error| Problem::file_not_stored(&error))
}

/// Gives a file that evidence names back as bytes of no kind, to be saved and never shown: what is in it is not to be trusted.
pub async fn get(
    State(app): State<Arc<App>>,
    _: SignedIn,
    Path(sha256): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let sha256 = digest(&sha256)?;
    let is_named = app
        .readers
        .read(move |store| Ok(store.is_named(&sha256)?))
        .await?;
    if !is_named {
        return Err(missing());
    }
    let served = ServeFile::new(app.files.path(&sha256))
        .oneshot(request)
        .await;
    let Ok(response) = served;
    if response.status() == StatusCode::NOT_FOUND {
        return Err(missing());
    }
    let mut response = response.map(Body::new);
    response.headers_mut().extend(INERT);
    Ok(response)
}

const INERT: [(HeaderName, HeaderValue); 3] = [
    (
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    ),
    (
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'"),
    ),
];

fn digest(text: &str) -> Result<Digest, Problem> {
    text.parse().map_err(|_| missing())
}

fn missing() -> Problem {
    Problem::not_found("file of this hash")
}
