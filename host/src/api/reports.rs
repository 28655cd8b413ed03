//! Reports: one gesture each, sent at least once and taken once.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use changegate::log::Stored;
use changegate::report::Report;
use changegate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json_text;
use crate::app::App;
use crate::body;
use crate::problem::{self, Problem};
use crate::registrar::Taken;
use crate::session::SignedIn;

/// The media type of a report.
pub const MEDIA_TYPE: &str = "application/cloudevents+json";
/// The type of its event.
const TYPE: &str = "changegate.report.v1";

/// The envelope of a report.
///
/// # Source
/// CloudEvents 1.0, JSON format, structured mode.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloudEvent {
    /// `1.0`.
    specversion: String,
    /// The id of the report.
    id: String,
    /// Where it comes from: the element, or the origin of its page.
    source: String,
    /// `changegate.report.v1`.
    #[serde(rename = "type")]
    kind: String,
    /// The change.
    subject: String,
    /// When it occurred, as claimed.
    time: Instant,
    /// `application/json`.
    datacontenttype: String,
    /// The report.
    data: Report,
}

/// What became of an accepted report.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// The entries that it added.
    stored: Vec<Stored>,
}

pub async fn report(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    request: Request,
) -> Result<Response, Problem> {
    body::check_media_type(request.headers(), MEDIA_TYPE)?;
    let key = idempotency_key(request.headers())?;
    let event: CloudEvent = body::parse(&body::read(request).await?)?;
    check(&event, &key)?;
    let taken = app
        .writer
        .perform(move |registrar| registrar.take(&event.data, &person))
        .await?;
    Ok(match taken {
        Taken::Accepted { body } => json_text(body),
        Taken::Refused { body } => problem::answer(StatusCode::UNPROCESSABLE_ENTITY.as_u16(), body),
    })
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let value = headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok());
    // The draft standard has it as a quoted string; both are in use.
    let key = value.map(|value| value.trim_matches('"').to_owned());
    key.ok_or_else(|| {
        Problem::malformed(
            "the header `Idempotency-Key` is missing; send the id of the report in it",
        )
    })
}

/// The envelope says of the report what the report says.
fn check(event: &CloudEvent, key: &str) -> Result<(), Problem> {
    let report = &event.data;
    let wrong = match () {
        () if event.specversion != "1.0" => "`specversion` is not `1.0`".to_owned(),
        () if event.kind != TYPE => format!("`type` is not `{TYPE}`"),
        () if event.datacontenttype != "application/json" => {
            "`datacontenttype` is not `application/json`".to_owned()
        }
        () if event.source.is_empty() => "`source` is empty".to_owned(),
        () if event.id != report.id || key != report.id => {
            "`id` and `Idempotency-Key` are not the id of the report".to_owned()
        }
        () if event.subject != report.change_id.as_str() => {
            "`subject` is not the change of the report".to_owned()
        }
        () if event.time != report.occurred_at => {
            "`time` is not when the report occurred".to_owned()
        }
        () if !is_uuid(&report.id, Some('7')) => {
            "`data.id` is no uuid of version 7 in lower case".to_owned()
        }
        () if !is_uuid(report.change_id.as_str(), None) => {
            "`data.changeId` is no uuid in lower case".to_owned()
        }
        () => return Ok(()),
    };
    Err(Problem::malformed(format!("{wrong}; nothing was stored")))
}

/// # Source
/// RFC 9562, section 4.
fn is_uuid(text: &str, version: Option<char>) -> bool {
    let shape = text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let digits = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'));
    shape && digits && version.is_none_or(|version| text.chars().nth(14) == Some(version))
}
