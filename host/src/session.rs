//! Who is signed in: the only file that makes a person of a request.
//!
//! A session is a random token of which the database holds the hash. Outside the demo, whoever runs the host opens one by
//! `changegate-host session`; in the demo, and only there, anybody at this machine may pick a person.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use changegate::id::PersonId;
use changegate::time::Instant;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::clock::Clock;
use crate::fault::Fault;
use crate::problem::Problem;
use crate::random;
use crate::store::Store;

/// How long a session lasts.
const SESSION_MS: i64 = 12 * 3_600_000;

/// Who may open sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Whoever runs the host, at its command line.
    Closed,
    /// Anybody at this machine, by picking a person.
    Demo,
}

impl Mode {
    /// The demo, where the address is this machine's own.
    ///
    /// # Errors
    /// That others could reach it.
    pub fn demo_at(address: IpAddr) -> Result<Self, Fault> {
        let open = || {
            Fault::new(format!(
                "--demo lets anybody sign in as anybody, and {address} can be reached from other machines; leave out --address, or leave out --demo"
            ))
        };
        address.is_loopback().then_some(Self::Demo).ok_or_else(open)
    }
}

/// The person who is signed in, taken from the token of a request.
#[derive(Clone, Debug)]
pub struct SignedIn(pub PersonId);

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        match parts.extensions.get::<Self>() {
            Some(known) => Ok(known.clone()),
            // Nobody is, and this says why.
            None => person_of(app, &parts.headers).await.map(Self),
        }
    }
}

/// Who is signed in by the token of a request.
///
/// # Errors
/// That nobody is, or that the database failed.
pub async fn person_of(app: &App, headers: &HeaderMap) -> Result<PersonId, Problem> {
    let hash = bearer(headers)
        .map(hash_of)
        .ok_or_else(Problem::not_signed_in)?;
    let (now, mode) = (Clock::outside(), app.mode);
    let found = app
        .readers
        .read(move |store| Ok(store.session(&hash, now, mode)?))
        .await?;
    // Who has left, or is not in the organisation's files any more, is signed out at the next start.
    found
        .filter(|person| app.organisation.is_there(person))
        .ok_or_else(Problem::not_signed_in)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn hash_of(token: &str) -> String {
    hex(&Sha256::digest(token))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Opens a session for a person, and gives its token.
///
/// # Errors
/// That there is no randomness, or that the database failed.
pub fn open(store: &Store, person: &PersonId, mode: Mode) -> Result<String, Problem> {
    let token = hex(&random::bytes::<32>()?);
    let now = Clock::outside();
    let expires = Instant::from_millis(now.millis().saturating_add(SESSION_MS))
        .ok_or_else(Problem::internal)?;
    store.open_session(&hash_of(&token), person, mode, now, expires)?;
    Ok(token)
}

/// Ends the session of a request.
///
/// # Errors
/// That nobody is signed in, or that the database failed.
pub async fn end(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let hash = bearer(headers)
        .map(hash_of)
        .ok_or_else(Problem::not_signed_in)?;
    app.writer
        .perform(move |registrar| Ok(registrar.store().end_session(&hash)?))
        .await
}

/// Keeps the demo to this machine: another site that points its own name here must not sign in as anybody.
///
/// # Errors
/// That the request names another host.
pub async fn only_by_own_name(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let own = app.mode == Mode::Closed || is_own_name(request.headers());
    if own {
        Ok(next.run(request).await)
    } else {
        Err(Problem::foreign_name())
    }
}

fn is_own_name(headers: &HeaderMap) -> bool {
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
    else {
        return false;
    };
    let as_address = host
        .parse::<SocketAddr>()
        .map(|address| address.ip())
        .or_else(|_| host.parse());
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || as_address.is_ok_and(|address| address.is_loopback()) || host == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_for_loopback_addresses_only() {
        for (address, is_demo) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("0.0.0.0", false),
            ("192.0.2.7", false),
            ("::", false),
        ] {
            assert_eq!(
                Mode::demo_at(address.parse().unwrap()).is_ok(),
                is_demo,
                "{address}"
            );
        }
    }

    #[test]
    fn own_names_are_those_of_this_machine() {
        for (host, own) in [
            ("localhost", true),
            ("localhost:8787", true),
            ("127.0.0.1:8787", true),
            ("127.0.0.1", true),
            ("[::1]:8787", true),
            ("[::1]", true),
            ("portal.example:8787", false),
            ("localhost.example", false),
            ("192.0.2.7:8787", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
            assert_eq!(is_own_name(&headers), own, "{host}");
        }
    }
}
