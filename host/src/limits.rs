//! How much one person may ask for, and one address for requests of nobody: a bucket of tokens each, that fills evenly.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use changegate::id::PersonId;

use crate::app::App;
use crate::clock::Stopwatch;
use crate::problem::Problem;
use crate::session::{self, SignedIn};

/// For how many persons an address counts, as long as it does not say whose its requests are.
const PERSONS_AN_ADDRESS: u32 = 8;
/// How many seconds of quiet a bucket saves up.
const SAVED_SECONDS: u32 = 5;
/// How many buckets are kept before the full ones are forgotten.
const MOST_BUCKETS: usize = 10_000;

/// The buckets.
#[derive(Debug)]
pub struct Limits {
    a_second: u32,
    since: Stopwatch,
    buckets: Mutex<HashMap<Whose, Bucket>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Whose {
    Person(PersonId),
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at_seconds: f64,
}

impl Limits {
    /// So many requests a second for one person.
    pub fn of(a_second: u32) -> Self {
        Self {
            a_second,
            since: Stopwatch::start(),
            buckets: Mutex::default(),
        }
    }

    /// Takes a request of a person.
    ///
    /// # Errors
    /// That it is one too many.
    pub fn take_of_person(&self, person: &PersonId) -> Result<(), Problem> {
        self.take(Whose::Person(person.clone()), self.a_second)
    }

    fn take(&self, whose: Whose, a_second: u32) -> Result<(), Problem> {
        let now = self.since.elapsed().as_secs_f64();
        let most = f64::from(a_second.saturating_mul(SAVED_SECONDS));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_BUCKETS {
            buckets.retain(|_, bucket| now - bucket.at_seconds < f64::from(SAVED_SECONDS));
        }
        let bucket = buckets.entry(whose).or_insert(Bucket {
            tokens: most,
            at_seconds: now,
        });
        let tokens = (bucket.tokens + (now - bucket.at_seconds) * f64::from(a_second)).min(most);
        let is_enough = tokens >= 1.0;
        *bucket = Bucket {
            tokens: if is_enough { tokens - 1.0 } else { tokens },
            at_seconds: now,
        };
        if is_enough {
            Ok(())
        } else {
            Err(Problem::too_many())
        }
    }
}

/// Takes a request before anything is read of it: of the person who is signed in, and only where nobody is, of the address.
/// Behind a proxy all come from one address, and what one person asks for must not be taken from the others.
///
/// # Errors
/// That it is one too many.
pub async fn charge(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if let Ok(person) = session::person_of(&app, request.headers()).await {
        app.limits.take_of_person(&person)?;
        request.extensions_mut().insert(SignedIn(person));
    } else if let Some(Peer(address)) = request.extensions().get() {
        app.limits.take(
            Whose::Address(*address),
            app.limits.a_second.saturating_mul(PERSONS_AN_ADDRESS),
        )?;
    }
    Ok(next.run(request).await)
}

/// The address that a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_too_eager_takes_nothing_from_another() {
        let limits = Limits::of(2);
        let (eager, calm) = (PersonId::from("p1"), PersonId::from("p2"));
        let taken = (0..50)
            .filter(|_| limits.take_of_person(&eager).is_ok())
            .count();
        assert!((10..15).contains(&taken), "{taken}");
        assert!(limits.take_of_person(&calm).is_ok());
    }
}
