//! What any caller meets: health, description, headers, other origins, the site.

use std::collections::BTreeSet;
use std::fs;

use changegate_host_tests::{Folder, Host, Web, run};
use serde_json::Value;
use ureq::http::Request;

#[test]
fn health_tells_the_policy_and_that_the_database_answers() {
    let host = Host::start();
    let answer = host.web.get("/api/health");
    assert_eq!(
        (
            answer.status,
            &answer.json["status"],
            &answer.json["database"]
        ),
        (200, &"ok".into(), &"ok".into())
    );
    assert_eq!(answer.json["policyHash"].as_str().unwrap().len(), 64);
}

#[test]
fn what_is_personal_is_not_cached_and_nothing_is_sniffed() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    for path in ["/api/load", "/api/changes", "/api/demo/people"] {
        let answer = ada.get(path);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'",
            "{path}"
        );
    }
}

#[test]
fn an_unknown_address_and_a_wrong_method_are_problems_too() {
    let host = Host::start();
    assert_eq!(host.web.get("/api/nothing").problem(), "not-found");
    assert_eq!(host.web.get("/api/reports").problem(), "method");
    let ada = host.sign_in("ada");
    assert_eq!(
        ada.get("/api/changes/01900000-0000-7000-8000-000000000000")
            .problem(),
        "not-found"
    );
}

fn preflight(web: &Web, origin: &str) -> String {
    let request = Request::options(web.url("/api/reports"))
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,content-type,idempotency-key",
        );
    let answer = web.send(request.body(Vec::new()).unwrap());
    answer.header("access-control-allow-origin").to_owned()
}

#[test]
fn pages_of_allowed_origins_may_ask_and_no_others() {
    let host = Host::start_with(
        Folder::of_workshop(),
        &["--allow-origin", "https://portal.example"],
    );
    assert_eq!(
        preflight(&host.web, "https://portal.example"),
        "https://portal.example"
    );
    for origin in [
        "https://evil.example",
        "https://portal.example.evil.example",
        "http://portal.example",
        "null",
    ] {
        assert_eq!(preflight(&host.web, origin), "", "{origin}");
    }
    let closed = Host::start();
    assert_eq!(preflight(&closed.web, "https://portal.example"), "");
}

/// Every reference of a document, and what it points to there.
fn references<'a>(
    document: &'a Value,
    at: &'a Value,
    found: &mut Vec<(String, Option<&'a Value>)>,
) {
    match at {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                found.push((
                    reference.clone(),
                    reference
                        .strip_prefix('#')
                        .and_then(|pointer| document.pointer(pointer)),
                ));
            }
            members
                .values()
                .for_each(|member| references(document, member, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| references(document, item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_description_holds_together_and_its_addresses_are_there() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    let description = host.web.get("/api/openapi.json").json;
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let file = &description["paths"]["/api/files/{sha256}"]["get"]["responses"]["200"]["content"];
    let bytes = &file["application/octet-stream"]["schema"]["format"];
    assert_eq!(bytes, "binary", "a file comes as its bytes: {file}");
    let mut found = Vec::new();
    references(&description, &description, &mut found);
    assert!(found.len() > 50, "{}", found.len());
    for (reference, target) in &found {
        assert!(target.is_some(), "{reference} points nowhere");
    }
    let mut ids = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        let there = path
            .replace("{id}", "01900000-0000-7000-8000-000000000000")
            .replace("{hash}", &"0".repeat(64))
            .replace("{sha256}", &"0".repeat(64));
        for (method, operation) in item.as_object().unwrap() {
            assert!(
                ids.insert(operation["operationId"].to_string()),
                "{path} has an id of another"
            );
            let named = path.matches('{').count();
            let in_path = operation["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|parameter| parameter["in"] == "path")
                .count();
            assert_eq!(named, in_path, "{path}");
            let answer = match method.as_str() {
                "get" => ada.get(&there),
                "put" => ada.put(&there, b"bytes"),
                "delete" => host.sign_in("ada").sign_out(),
                _ => ada.post(&there, &Value::Null),
            };
            let status = answer.status.to_string();
            assert!(
                operation["responses"].get(&status).is_some(),
                "{method} {path} answers {status}, which is not described"
            );
            assert_ne!(answer.problem(), "method", "{path}");
            assert!(!answer.detail().contains("such address"), "{path}");
        }
    }
}

#[test]
fn schemas_are_written_for_editors() {
    let folder = Folder::of_workshop();
    let out = folder.path().join("schemas");
    assert!(
        run(&["schema", "--out", out.to_str().unwrap()])
            .status
            .success()
    );
    for name in ["policy.schema.json", "wire.schema.json", "openapi.json"] {
        let text = fs::read_to_string(out.join(name)).unwrap();
        assert!(
            serde_json::from_str::<Value>(&text).unwrap().is_object(),
            "{name}"
        );
    }
}

#[test]
fn the_site_is_served_under_a_strict_policy_and_compressed_where_it_lies_so() {
    let folder = Folder::of_workshop();
    let site = folder.path().join("site");
    fs::create_dir(&site).unwrap();
    fs::write(
        site.join("index.html"),
        "<!doctype html><title>Portal</title>",
    )
    .unwrap();
    fs::write(site.join("core.wasm"), "plain").unwrap();
    fs::write(site.join("core.wasm.br"), "brotli").unwrap();
    fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    let path = site.to_str().unwrap().to_owned();
    let host = Host::start_with(folder, &["--site", &path]);

    let page = host.web.get("/");
    assert_eq!((page.status, page.text.contains("Portal")), (200, true));
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "require-trusted-types-for 'script'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let compressed = Request::get(host.web.url("/core.wasm"))
        .header("accept-encoding", "br")
        .body(Vec::new())
        .unwrap();
    let compressed = host.web.send(compressed);
    assert_eq!(
        (
            compressed.header("content-encoding"),
            compressed.text.as_str()
        ),
        ("br", "brotli")
    );
    assert_eq!(compressed.header("content-type"), "application/wasm");
    assert_eq!(host.web.get("/nothing.html").problem(), "not-found");
    for path in ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"] {
        let answer = host.web.send_raw(
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        );
        assert!(
            answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400"),
            "{path}: {answer}"
        );
        assert!(!answer.contains("secret"), "{path}");
    }
}

#[test]
fn a_request_is_one_line_of_the_log_with_nothing_personal() {
    let host = Host::start();
    let ada = host.sign_in("ada");
    ada.get("/api/changes/01900000-0000-7000-8000-000000000000");
    let (_, said) = host.stop();
    assert!(said.contains("GET /api/changes/{id} 404"), "{said}");
    assert!(
        !said.contains("ada") && !said.contains(&ada.token) && !said.contains("01900000"),
        "{said}"
    );
}
