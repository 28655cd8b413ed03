//! The second wasm module: what a page loads only when somebody opens it.

use std::collections::BTreeMap;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen::prelude::wasm_bindgen;

use changegate::log::Stored;
use changegate::policy::{Policy, check};
use changegate::wire;

/// Checks a log against the policies it was decided under: a JSON array of entries, and one of policy documents.
///
/// # Errors
/// Text that says what of the input is not of its documented type.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn verify(log: &str, policies: &str) -> Result<String, String> {
    let log: Vec<Stored> = wire::from_str(log)
        .map_err(|error| format!("the log is not of the documented type: {error}"))?;
    let policies: Vec<Policy> = wire::from_str(policies)
        .map_err(|error| format!("a policy is not of the documented type: {error}"))?;
    let policies: BTreeMap<_, _> = policies
        .into_iter()
        .map(|policy| (policy.hash(), policy))
        .collect();
    serde_json::to_string(&changegate::log::verify(&log, &policies))
        .map_err(|error| error.to_string())
}

/// Checks a policy document: a JSON array of findings that point into it.
///
/// # Errors
/// None for any text; a document that cannot be read is a finding too.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn check(document: &str) -> Result<String, String> {
    serde_json::to_string(&check::check_text(document)).map_err(|error| error.to_string())
}
