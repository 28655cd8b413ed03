//! What goes wrong around a decision, and the refusals of one, as problem details.
//!
//! # Source
//! RFC 9457.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use changegate::log::Stored;
use changegate::refusal::Refusal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::journal::warn;

/// Where the types of problems are named.
const BASE: &str = "https://changegate.example/problems/";
/// The media type.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem, as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The address that names the kind of problem.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What happened here, and what to do.
    detail: String,
    /// Every reason for the answer no.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<Refusal>,
    /// The change as it stands, where somebody moved first.
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Vec<Stored>>,
}

impl Problem {
    fn new(status: StatusCode, code: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("{BASE}{code}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            refusals: Vec::new(),
            log: None,
        }
    }

    /// The answer is no.
    pub fn refused(refusals: Vec<Refusal>) -> Self {
        let detail = "nothing was changed; each of `refusals` is one reason why";
        Self {
            refusals,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "refused",
                "the answer is no",
                detail,
            )
        }
    }

    /// Somebody moved first.
    pub fn conflict(log: Vec<Stored>) -> Self {
        let detail = "somebody moved first; compare with `log` and report again under a new id";
        Self {
            log: Some(log),
            ..Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "the change is no longer as it was seen",
                detail,
            )
        }
    }

    /// The id of a report came back with another body.
    pub fn reused() -> Self {
        let detail = "a report with this id was taken with another body; give the new report an id of its own";
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "report.reused",
            "the report id was used before",
            detail,
        )
    }

    /// The id of a report is somebody else's.
    pub fn not_your_report() -> Self {
        let detail = "a report with this id was sent by another person; sign in as that person, or give the new report an id of its own";
        Self::new(
            StatusCode::FORBIDDEN,
            "report.not-yours",
            "the report is another person's",
            detail,
        )
    }

    /// It is not this person's to do.
    pub fn not_yours(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "request.not-yours",
            "not yours to do",
            detail,
        )
    }

    /// What was sent cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            "what was sent cannot be read",
            detail,
        )
    }

    /// More was sent than is taken.
    pub fn too_large(most: usize) -> Self {
        let detail = format!(
            "more than {} MB were sent; shorten it, or send less at once",
            most / (1024 * 1024)
        );
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "too much was sent",
            detail,
        )
    }

    /// The bytes of a file are not those of its hash.
    pub fn other_file() -> Self {
        let detail =
            "the bytes are not those of the hash in the address; send the whole file again";
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "file.other",
            "the file is another one",
            detail,
        )
    }

    /// A person sent more files than they named in evidence.
    pub fn too_many_files(most: u64) -> Self {
        let detail = format!(
            "{} MB of files are here that no evidence names yet; name them, or send this one tomorrow",
            most / (1024 * 1024)
        );
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "file.too-many",
            "too many files that nobody names",
            detail,
        )
    }

    /// A file could not be written.
    pub fn file_not_stored(error: &std::io::Error) -> Self {
        warn(format_args!("a file could not be stored: {error}"));
        Self::unavailable("the file cannot be stored now; send it again later")
    }

    /// The media type is another one.
    pub fn wrong_media_type(wanted: &str) -> Self {
        let detail = format!("send it with the header `Content-Type: {wanted}`");
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            "the content type is not the one expected",
            detail,
        )
    }

    /// Nobody is signed in.
    pub fn not_signed_in() -> Self {
        let detail = "the session is missing or over; sign in and send it again";
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not-signed-in",
            "nobody is signed in",
            detail,
        )
    }

    /// There is no such thing here.
    pub fn not_found(what: &str) -> Self {
        let detail = format!("there is no {what} here; check the address");
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "there is no such thing",
            detail,
        )
    }

    /// The address exists, but not for this method.
    pub fn wrong_method() -> Self {
        let detail = "the address does not take this method; see /api/openapi.json";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
            "the method is not the one expected",
            detail,
        )
    }

    /// The demo was asked for by a name that is not this machine's own.
    pub fn foreign_name() -> Self {
        let detail = "the demo answers only to `localhost`, `127.0.0.1` and `[::1]`; open it by one of these names";
        Self::new(
            StatusCode::MISDIRECTED_REQUEST,
            "foreign-name",
            "the demo is for this machine only",
            detail,
        )
    }

    /// The demo clock was to go back.
    pub fn clock_goes_back() -> Self {
        let detail = "the demo clock moves forward only; give a later time, or start again with an empty --data";
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "clock.back",
            "the clock does not go back",
            detail,
        )
    }

    /// Too many requests.
    pub fn too_many() -> Self {
        let detail = "too many requests in a short time; wait a second and send it again";
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many",
            "too many requests",
            detail,
        )
    }

    /// The request took too long.
    pub fn too_slow() -> Self {
        let detail = "the request was not complete in time; send it again";
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            "the request took too long",
            detail,
        )
    }

    /// Nothing was stored; it may be later.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "the host cannot store or read now",
            detail,
        )
    }

    /// A log does not verify: it is refused, not served.
    pub fn broken_log(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "log.broken",
            "the record does not verify",
            detail,
        )
    }

    /// A policy that a record was made under is not here.
    pub fn policy_missing(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "policy.missing",
            "the policy of the record is missing",
            detail,
        )
    }

    /// Something in the host is wrong.
    pub fn internal() -> Self {
        let detail =
            "the host failed on this request and stored nothing of it; tell whoever runs it";
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the host failed",
            detail,
        )
    }

    /// The body of the answer.
    pub fn body(&self) -> String {
        changegate::canonical::to_string(self)
    }
}

/// Whether the database is not as it was written: sending it again later mends nothing.
pub fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{
        ConstraintViolation, DatabaseCorrupt, NotADatabase, SchemaChanged, TypeMismatch,
    };
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => matches!(
            failure.code,
            DatabaseCorrupt | NotADatabase | ConstraintViolation | TypeMismatch | SchemaChanged
        ),
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::QueryReturnedNoRows
        | rusqlite::Error::StatementChangedRows(_) => true,
        _ => false,
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        warn(format_args!("the database failed: {error}"));
        if is_damage(&error) {
            return Self::broken_log(
                "what is stored is damaged, and nothing was decided on it; stop the host and run `changegate-host rebuild`, or restore the database from a backup",
            );
        }
        Self::unavailable("the database failed, and nothing was stored; send it again later")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = answer(self.status, self.body());
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED.as_u16() {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::TOO_MANY_REQUESTS.as_u16()
            || self.status == StatusCode::SERVICE_UNAVAILABLE.as_u16()
        {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if self.status == StatusCode::PAYLOAD_TOO_LARGE.as_u16() {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// Problem details that are bytes already.
pub fn answer(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response()
}
