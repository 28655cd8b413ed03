//! Requests as a page makes them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

use crate::program::Host;

/// A host at an address.
#[derive(Clone, Debug)]
pub struct Web {
    agent: Agent,
    address: SocketAddr,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
    /// The body as JSON; null where it is none.
    pub json: Value,
}

impl Answer {
    /// A header; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The kind of problem that it is; empty where it is none.
    pub fn problem(&self) -> &str {
        let kind = self.json["type"].as_str().unwrap_or_default();
        kind.rsplit('/').next().unwrap_or_default()
    }

    /// What it says happened.
    pub fn detail(&self) -> &str {
        self.json["detail"].as_str().unwrap_or_default()
    }

    /// The codes of its refusals.
    pub fn refusals(&self) -> Vec<&str> {
        let refusals = self.json["refusals"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        refusals
            .iter()
            .filter_map(|refusal| refusal["code"].as_str())
            .collect()
    }
}

impl Web {
    /// The host at that address.
    pub fn at(address: SocketAddr) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self {
            agent: config.into(),
            address,
        }
    }

    /// A path as an address.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends a request and reads the answer to its end.
    pub fn send(&self, request: Request<Vec<u8>>) -> Answer {
        self.try_send(request).expect("the host answers")
    }

    fn try_send(&self, request: Request<Vec<u8>>) -> Result<Answer, ureq::Error> {
        let mut response = self.agent.run(request)?;
        let text = response.body_mut().read_to_string()?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            json: serde_json::from_str(&text).unwrap_or_default(),
            text,
        })
    }

    /// Gets a path.
    pub fn get(&self, path: &str) -> Answer {
        self.send(
            Request::get(self.url(path))
                .body(Vec::new())
                .expect("a request"),
        )
    }

    /// Posts JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(self.url(path)).header("content-type", "application/json");
        self.send(request.body(body.to_string().into()).expect("a request"))
    }

    /// Opens a connection for bytes that no client would send.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the host listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .expect("a timeout");
        stream
    }

    /// Sends bytes as they are, and reads until the host closes.
    pub fn send_raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("the bytes go out");
        let mut answer = Vec::new();
        // A host that closes while bytes are under way resets the connection; what it said first counts.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    web: Web,
    /// Their id.
    pub id: String,
    /// What their session is known by.
    pub token: String,
}

impl Person {
    /// Somebody with a token, be it valid or not.
    pub fn new(web: Web, id: &str, token: String) -> Self {
        Self {
            web,
            id: id.to_owned(),
            token,
        }
    }

    /// The same session at a host that was started again.
    pub fn moved_to(&self, host: &Host) -> Self {
        Self {
            web: host.web.clone(),
            ..self.clone()
        }
    }

    /// The same session over connections of its own.
    pub fn alone(&self) -> Self {
        Self {
            web: Web::at(self.web.address),
            ..self.clone()
        }
    }

    fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// Gets a path.
    pub fn get(&self, path: &str) -> Answer {
        let request =
            Request::get(self.web.url(path)).header("authorization", self.authorization());
        self.web.send(request.body(Vec::new()).expect("a request"))
    }

    /// Posts JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(self.web.url(path))
            .header("authorization", self.authorization())
            .header("content-type", "application/json");
        self.web
            .send(request.body(body.to_string().into()).expect("a request"))
    }

    /// Posts bytes as JSON, be they what they may.
    pub fn post_text(&self, path: &str, text: &str) -> Answer {
        let request = Request::post(self.web.url(path))
            .header("authorization", self.authorization())
            .header("content-type", "application/json");
        self.web.send(request.body(text.into()).expect("a request"))
    }

    /// Signs out.
    pub fn sign_out(&self) -> Answer {
        let request = Request::delete(self.web.url("/api/session"))
            .header("authorization", self.authorization());
        self.web.send(request.body(Vec::new()).expect("a request"))
    }

    /// Puts the bytes of a file.
    pub fn put_file(&self, sha256: &str, bytes: &[u8]) -> Answer {
        self.put(&format!("/api/files/{sha256}"), bytes)
    }

    /// Puts bytes.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Answer {
        let request = Request::put(self.web.url(path))
            .header("authorization", self.authorization())
            .header("content-type", "application/octet-stream");
        self.web
            .send(request.body(bytes.to_vec()).expect("a request"))
    }

    /// Sends a report as the element does.
    pub fn report(&self, report: &Value) -> Answer {
        self.send_event(&event(report))
    }

    /// Sends an event, whatever it is.
    pub fn send_event(&self, event: &Value) -> Answer {
        let key = event["id"].as_str().unwrap_or_default().to_owned();
        self.send_bytes(&key, event.to_string().into())
    }

    /// Sends bytes as a report with that key.
    pub fn send_bytes(&self, key: &str, bytes: Vec<u8>) -> Answer {
        self.web.send(self.request(key, bytes))
    }

    /// Sends a report to a host that may be gone, and gives the status, if there was an answer.
    pub fn try_report(&self, report: &Value) -> Option<u16> {
        let key = report["id"].as_str().unwrap_or_default();
        let answer = self
            .web
            .try_send(self.request(key, event(report).to_string().into()));
        answer.ok().map(|answer| answer.status)
    }

    fn request(&self, key: &str, bytes: Vec<u8>) -> Request<Vec<u8>> {
        let request = Request::post(self.web.url("/api/reports"))
            .header("authorization", self.authorization())
            .header("content-type", "application/cloudevents+json")
            .header("idempotency-key", key);
        request.body(bytes).expect("a request")
    }

    /// The entries of a change.
    pub fn log(&self, change: &str) -> Vec<Value> {
        let answer = self.get(&format!("/api/changes/{change}"));
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json["log"].as_array().expect("a log").clone()
    }

    /// The change as it can be read, with what this person may do.
    pub fn reading(&self, change: &str) -> Value {
        let answer = self.post("/api/permitted", &json!({ "changeId": change }));
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }
}

/// The envelope of a report.
pub fn event(report: &Value) -> Value {
    json!({
        "specversion": "1.0",
        "id": report["id"],
        "source": "/element",
        "type": "changegate.report.v1",
        "subject": report["changeId"],
        "time": report["occurredAt"],
        "datacontenttype": "application/json",
        "data": report,
    })
}
