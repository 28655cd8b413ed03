//! The policies that records were made under.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use changegate::policy::difference::difference as compare;
use changegate::value::Digest;

use super::json;
use crate::app::App;
use crate::problem::Problem;
use crate::session::SignedIn;

/// What a policy has otherwise than the one in force, for those who agree to it.
pub async fn difference(
    State(app): State<Arc<App>>,
    _: SignedIn,
    Path(hash): Path<String>,
) -> Result<Response, Problem> {
    let book = app.rules.read();
    let new = hash.parse::<Digest>().ok();
    let new = new.and_then(|hash| book.documents().get(&hash));
    let new = new.ok_or_else(|| Problem::not_found("policy of this hash"))?;
    let found = compare(book.current()?, new).map_err(|_| Problem::internal())?;
    Ok(json(&found))
}

pub async fn policy(
    State(app): State<Arc<App>>,
    _: SignedIn,
    Path(hash): Path<String>,
) -> Result<Response, Problem> {
    let found = hash
        .parse::<Digest>()
        .ok()
        .and_then(|hash| app.rules.read().documents().get(&hash).cloned());
    let policy = found.ok_or_else(|| Problem::not_found("policy of this hash"))?;
    // A document known by its hash never changes, and holds nothing personal.
    Ok((
        [(
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable",
        )],
        json(&policy),
    )
        .into_response())
}
