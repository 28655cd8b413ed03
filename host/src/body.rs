//! Reading what was sent: strictly, and with words that say what is wrong with it.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc::Sender;

use crate::problem::Problem;

/// The most bytes that are read of one request.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// The most bytes of one request that are received at all.
const MOST_THROWN_AWAY: usize = 8 * MOST_BYTES;

/// A JSON document of a known shape; what the shape does not know is refused.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        check_media_type(request.headers(), "application/json")?;
        parse(&read(request).await?).map(Self)
    }
}

/// Checks the media type, parameters aside. It also keeps pages of other origins from sending without asking first.
///
/// # Errors
/// That it is another one.
pub fn check_media_type(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(wanted) {
        Ok(())
    } else {
        Err(Problem::wrong_media_type(wanted))
    }
}

/// Reads a body of at most 2 MB. What is too much is read and thrown away, so that the sender, still sending, gets to read the answer.
///
/// # Errors
/// That it is too large, or broke off.
pub async fn read(request: Request) -> Result<Vec<u8>, Problem> {
    let mut kept = Vec::new();
    each_part(request, MOST_BYTES, None, &mut kept).await?;
    Ok(kept)
}

/// Passes a body on part by part, at the pace of whoever takes it.
///
/// # Errors
/// That it is too large, or broke off: then only a part of it was passed on.
pub async fn pass_on(request: Request, most: usize, to: Sender<Bytes>) -> Result<(), Problem> {
    each_part(request, most, Some(to), &mut Vec::new()).await
}

async fn each_part(
    request: Request,
    most: usize,
    to: Option<Sender<Bytes>>,
    kept: &mut Vec<u8>,
) -> Result<(), Problem> {
    let mut received = 0_usize;
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::malformed("the body broke off; send it again"))?;
        let Ok(part) = frame.into_data() else {
            continue;
        };
        received = received.saturating_add(part.len());
        if received <= most {
            match &to {
                // Whoever does not take it any more says why.
                Some(to) => drop(to.send(part).await),
                None => kept.extend_from_slice(&part),
            }
        } else if received > most.saturating_add(MOST_THROWN_AWAY) {
            break;
        }
    }
    if received > most {
        Err(Problem::too_large(most))
    } else {
        Ok(())
    }
}

/// Parses a body.
///
/// # Errors
/// What is wrong with it, at which key and where.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut document = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut document)
        .map_err(|error| Problem::malformed(said(&error)))?;
    document
        .end()
        .map_err(|error| Problem::malformed(format!("{error}; nothing was stored")))?;
    Ok(parsed)
}

/// The parser's words without the names of its own types.
fn said(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let words = error.inner().to_string();
    let plain = ["struct ", "enum ", "internally tagged ", "tuple "]
        .iter()
        .fold(words, |words, name| words.replace(name, ""));
    format!("at `{}`: {plain}; nothing was stored", error.path())
}
