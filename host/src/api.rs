//! Everything under `/api`.

mod assess;
mod changes;
mod demo;
mod files;
mod health;
mod load;
mod policies;
mod records;
mod reports;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use schemars::JsonSchema;
use serde::Serialize;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;
use crate::limits;
use crate::openapi;
use crate::problem::Problem;
use crate::session::{self, Mode, SignedIn};

pub use assess::{Assess, Permitted};
pub use changes::Log;
pub use demo::{DemoClock, DemoPerson, DemoSession, MoveClock, Pick};
pub use files::Arrived;
pub use health::Health;
pub use load::Loaded;
pub use records::{Kept, Records};
pub use reports::{Accepted, CloudEvent};

/// The routes, those of the demo only in the demo.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    let demo = match app.mode {
        Mode::Demo => demo_routes(),
        Mode::Closed => Router::new(),
    };
    Router::new()
        .route("/api/health", get(health::health))
        .route("/api/openapi.json", get(openapi::serve))
        .route("/api/load", get(load::load))
        .route("/api/policies/{hash}", get(policies::policy))
        .route("/api/policies/{hash}/difference", get(policies::difference))
        .route("/api/changes", get(changes::list))
        .route("/api/changes/{id}", get(changes::log))
        .route("/api/changes/{id}/verdict", get(changes::verdict))
        .route("/api/changes/{id}/adoption", get(changes::adoption))
        .route("/api/reports", post(reports::report))
        .route("/api/files/{sha256}", get(files::get).put(files::put))
        .route("/api/policies", post(records::keep_policy))
        .route("/api/records", get(records::list))
        .route("/api/notices", get(records::notices))
        .route("/api/notices/{id}", get(records::notice))
        .route("/api/waiting", get(records::waits))
        .route("/api/boards", get(records::boards))
        .route("/api/boards/{id}", get(records::board))
        .route("/api/session", delete(end_session))
        .route("/api/assess", post(assess::assess))
        .route("/api/permitted", post(assess::permitted))
        .merge(demo)
        .route("/api/{*unknown}", get(unknown).post(unknown))
        .method_not_allowed_fallback(|| async { Problem::wrong_method() })
        .layer(middleware::from_fn_with_state(
            Arc::clone(app),
            limits::charge,
        ))
        .layer(CompressionLayer::new())
        .layer(set(header::CACHE_CONTROL, "no-store"))
        .layer(set(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ))
}

fn demo_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/demo/people", get(demo::people))
        .route("/api/demo/session", post(demo::session))
        .route("/api/demo/clock", get(demo::clock).post(demo::move_clock))
}

/// Signs out: the token of the request opens nothing any more.
async fn end_session(
    State(app): State<Arc<App>>,
    _: SignedIn,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    session::end(&app, &headers).await?;
    Ok(json(&SignedOut { ended: true }))
}

/// That a session is over.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedOut {
    /// Always true.
    ended: bool,
}

async fn unknown() -> Problem {
    Problem::not_found("such address")
}

/// Sets a header where the answer has not set it.
pub fn set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// A JSON answer, in canonical form.
pub fn json<T: Serialize>(value: &T) -> Response {
    json_text(changegate::canonical::to_string(value))
}

/// An answer that is JSON already.
pub fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
