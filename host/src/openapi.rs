//! The description of the interface, built around the schemas of the types that cross it.
//!
//! # Source
//! OpenAPI 3.1.

use axum::response::Response;
use changegate::adoption::Adoption;
use changegate::assessment::Assessment;
use changegate::log::Verdict;
use changegate::policy::Policy;
use changegate::policy::difference::Difference;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::api;
use crate::problem::{self, Problem};
use crate::summary::ListedChange;

/// Makes the schema of one type.
type Shape = fn(&mut SchemaGenerator) -> Value;

/// One thing that can be asked.
struct Operation {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    access: Access,
    request: Option<(&'static str, Shape)>,
    answer: Shape,
    problems: &'static [u16],
}

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Anybody,
    SignedIn,
    Demo,
}

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";

const OPERATIONS: &[Operation] = &[
    Operation {
        method: "get",
        path: "/api/health",
        summary: "Whether the host can do its work",
        access: Access::Anybody,
        request: None,
        answer: shape::<api::Health>,
        problems: &[503],
    },
    Operation {
        method: "get",
        path: "/api/openapi.json",
        summary: "This description",
        access: Access::Anybody,
        request: None,
        answer: |_| json!({ "type": "object" }),
        problems: &[],
    },
    Operation {
        method: "get",
        path: "/api/load",
        summary: "What a page needs before it shows the form",
        access: Access::SignedIn,
        request: None,
        answer: shape::<api::Loaded>,
        problems: &[503],
    },
    Operation {
        method: "get",
        path: "/api/policies/{hash}",
        summary: "A policy that records were made under",
        access: Access::SignedIn,
        request: None,
        answer: shape::<Policy>,
        problems: &[404],
    },
    Operation {
        method: "get",
        path: "/api/policies/{hash}/difference",
        summary: "What a policy has otherwise than the one in force",
        access: Access::SignedIn,
        request: None,
        answer: shape::<Difference>,
        problems: &[404, 500],
    },
    Operation {
        method: "get",
        path: "/api/changes/{id}/adoption",
        summary: "What moving a change to the policy in force would change",
        access: Access::SignedIn,
        request: None,
        answer: shape::<Adoption>,
        problems: &[404, 500, 503],
    },
    Operation {
        method: "delete",
        path: "/api/session",
        summary: "Signs out: ends the session of the request",
        access: Access::SignedIn,
        request: None,
        answer: shape::<api::SignedOut>,
        problems: &[503],
    },
    Operation {
        method: "get",
        path: "/api/changes",
        summary: "Every change, the latest first; before them those whose row is damaged, by their ids",
        access: Access::SignedIn,
        request: None,
        answer: shape::<Vec<ListedChange>>,
        problems: &[503],
    },
    Operation {
        method: "get",
        path: "/api/changes/{id}",
        summary: "Everything that is recorded of a change; refused where it does not verify",
        access: Access::SignedIn,
        request: None,
        answer: shape::<api::Log>,
        problems: &[404, 500, 503],
    },
    Operation {
        method: "get",
        path: "/api/changes/{id}/verdict",
        summary: "What a check of the record finds",
        access: Access::SignedIn,
        request: None,
        answer: shape::<Verdict>,
        problems: &[404, 500, 503],
    },
    Operation {
        method: "post",
        path: "/api/reports",
        summary: "Report one gesture; the same report again has the same answer",
        access: Access::SignedIn,
        request: Some(("application/cloudevents+json", shape::<api::CloudEvent>)),
        answer: shape::<api::Accepted>,
        problems: &[400, 403, 409, 413, 415, 422, 500, 503],
    },
    Operation {
        method: "put",
        path: "/api/files/{sha256}",
        summary: "Takes a file of evidence before the report that names it; the same once more is taken once",
        access: Access::SignedIn,
        request: Some((BYTES, |_| json!({ "type": "string", "format": "binary" }))),
        answer: shape::<api::Arrived>,
        problems: &[400, 404, 413, 415, 422, 503],
    },
    Operation {
        method: "get",
        path: "/api/files/{sha256}",
        summary: "A file of evidence, to be saved and never shown",
        access: Access::SignedIn,
        request: None,
        answer: |_| json!({ "type": "string", "format": "binary" }),
        problems: &[404, 503],
    },
    Operation {
        method: "post",
        path: "/api/policies",
        summary: "Checks a policy document, and keeps it so that it can be proposed",
        access: Access::SignedIn,
        request: Some((JSON, shape::<Policy>)),
        answer: shape::<api::Kept>,
        problems: &[400, 403, 413, 415, 503],
    },
    Operation {
        method: "get",
        path: "/api/records",
        summary: "Templates, publications of policies and meetings, as their logs made them",
        access: Access::SignedIn,
        request: None,
        answer: shape::<api::Records>,
        problems: &[503],
    },
    Operation {
        method: "get",
        path: "/api/notices",
        summary: "What everybody may know of open changes; it needs no role",
        access: Access::SignedIn,
        request: None,
        answer: shape::<Vec<changegate::notice::Notice>>,
        problems: &[503],
    },
    Operation {
        method: "get",
        path: "/api/notices/{id}",
        summary: "What everybody may know of one change, also when it has ended; it needs no role",
        access: Access::SignedIn,
        request: None,
        answer: shape::<changegate::notice::Notice>,
        problems: &[404, 503],
    },
    Operation {
        method: "get",
        path: "/api/waiting",
        summary: "The open changes that wait for the reader, and for what",
        access: Access::SignedIn,
        request: None,
        answer: shape::<Vec<changegate::waiting::Waiting>>,
        problems: &[500, 503],
    },
    Operation {
        method: "get",
        path: "/api/boards",
        summary: "Every board as the reader has to do with it: their own first, then those for which most waits",
        access: Access::SignedIn,
        request: None,
        answer: shape::<Vec<changegate::meeting::BoardStanding>>,
        problems: &[500, 503],
    },
    Operation {
        method: "get",
        path: "/api/boards/{id}",
        summary: "What a board should look at, the exceptions first",
        access: Access::SignedIn,
        request: None,
        answer: shape::<Vec<changegate::meeting::AgendaItem>>,
        problems: &[404, 500, 503],
    },
    Operation {
        method: "post",
        path: "/api/assess",
        summary: "Everything that the form shows of a draft",
        access: Access::SignedIn,
        request: Some((JSON, shape::<api::Assess>)),
        answer: shape::<Assessment>,
        problems: &[400, 413, 415, 500, 503],
    },
    Operation {
        method: "post",
        path: "/api/permitted",
        summary: "A change as it can be read, and what may be done with it next",
        access: Access::SignedIn,
        request: Some((JSON, shape::<api::Permitted>)),
        answer: shape::<changegate::reading::Reading>,
        problems: &[400, 404, 413, 415, 500, 503],
    },
    Operation {
        method: "get",
        path: "/api/demo/people",
        summary: "Who can be picked",
        access: Access::Demo,
        request: None,
        answer: shape::<Vec<api::DemoPerson>>,
        problems: &[],
    },
    Operation {
        method: "post",
        path: "/api/demo/session",
        summary: "Sign in as anybody",
        access: Access::Demo,
        request: Some((JSON, shape::<api::Pick>)),
        answer: shape::<api::DemoSession>,
        problems: &[400, 404, 413, 415, 503],
    },
    Operation {
        method: "get",
        path: "/api/demo/clock",
        summary: "The host's clock",
        access: Access::Demo,
        request: None,
        answer: shape::<api::DemoClock>,
        problems: &[],
    },
    Operation {
        method: "post",
        path: "/api/demo/clock",
        summary: "Move the host's clock forward",
        access: Access::Demo,
        request: Some((JSON, shape::<api::MoveClock>)),
        answer: shape::<api::DemoClock>,
        problems: &[400, 413, 415, 422, 503],
    },
];

/// Answers with the description.
pub async fn serve() -> Response {
    api::json(&document())
}

/// The whole description.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let problem = shape::<Problem>(&mut generator);
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let item = paths.entry(operation.path).or_insert_with(|| json!({}));
        item[operation.method] = operation.described(&mut generator, &problem);
    }
    json!({
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "changegate host",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Takes reports of what people do with a change request, decides over each, and keeps what it decided.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": { "session": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

impl Operation {
    fn described(&self, generator: &mut SchemaGenerator, problem: &Value) -> Value {
        let mut described = json!({
            "operationId": self.id(),
            "summary": self.summary,
            "security": if self.access == Access::SignedIn { json!([{ "session": [] }]) } else { json!([]) },
            "parameters": self.parameters(),
            "responses": self.responses(generator, problem),
        });
        if self.access == Access::Demo {
            described["tags"] = json!(["demo"]);
        }
        if let Some((media_type, shape)) = self.request {
            described["requestBody"] =
                json!({ "required": true, "content": content(media_type, shape(generator)) });
        }
        described
    }

    fn id(&self) -> String {
        let words = self
            .path
            .split(['/', '{', '}', '.'])
            .filter(|word| !word.is_empty() && *word != "api");
        words.fold(self.method.to_owned(), |id, word| {
            let (first, rest) = word.split_at(1);
            format!("{id}{}{rest}", first.to_uppercase())
        })
    }

    fn parameters(&self) -> Vec<Value> {
        let parts = self
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let in_path = parts.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
        let key = json!({
            "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string", "format": "uuid" },
            "description": "The id of the report",
        });
        in_path
            .chain((self.path == "/api/reports").then_some(key))
            .collect()
    }

    fn responses(&self, generator: &mut SchemaGenerator, problem: &Value) -> Value {
        let answer = (self.answer)(generator);
        let media_type = if answer
            .get("format")
            .is_some_and(|format| format == "binary")
        {
            BYTES
        } else {
            JSON
        };
        let mut responses =
            json!({ "200": { "description": "As asked", "content": content(media_type, answer) } });
        let sign_in: &[u16] = if self.access == Access::SignedIn {
            &[401]
        } else {
            &[]
        };
        for status in self.problems.iter().chain(sign_in).chain(&[408, 429]) {
            responses[status.to_string()] = json!({ "description": description(*status), "content": content(problem::MEDIA_TYPE, problem.clone()) });
        }
        responses
    }
}

fn content(media_type: &str, schema: Value) -> Value {
    json!({ media_type: { "schema": schema } })
}

const fn description(status: u16) -> &'static str {
    match status {
        400 => "It cannot be read",
        401 => "Nobody is signed in",
        403 => "It is another person's",
        404 => "There is no such thing",
        408 => "It took too long",
        409 => "Somebody moved first",
        413 => "It is too large",
        415 => "It has another content type",
        422 => "The answer is no",
        429 => "Too many requests",
        500 => "The record does not verify, or the host failed",
        503 => "It cannot be stored or read now",
        _ => "A problem",
    }
}
