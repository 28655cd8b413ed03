//! The files of the site, compressed ahead where they are, under a strict content security policy.

use std::path::Path;

use axum::Router;
use axum::handler::HandlerWithoutStateExt;
use axum::http::header;
use tower_http::services::ServeDir;

use crate::api::set;
use crate::problem::Problem;

/// No script but the site's own and its wasm, no text taken for a script, nothing from elsewhere, in nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'";

/// Serves a folder at `/`.
pub fn routes<S: Clone + Send + Sync + 'static>(site: Option<&Path>) -> Router<S> {
    let router = match site {
        Some(site) => {
            let files = ServeDir::new(site).precompressed_br().precompressed_gzip();
            Router::new().fallback_service(files.fallback(missing.into_service()))
        }
        None => Router::new().fallback(missing),
    };
    router
        .layer(set(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(set(header::CACHE_CONTROL, "no-cache"))
}

async fn missing() -> Problem {
    Problem::not_found("page")
}
