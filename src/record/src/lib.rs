//! The second wasm module: what a page loads when a change is opened. The form's own module stays small without it.

use std::collections::BTreeMap;

use changegate::log::Stored;
use changegate::policy::{Policy, check};
use changegate::wire;

#[cfg(target_arch = "wasm32")]
mod face;

/// Checks a log against the policies it was decided under: a JSON array of entries, and one of policy documents.
///
/// # Errors
/// Text that says what of the input is not of its documented type.
pub fn verify(log: &str, policies: &str) -> Result<String, String> {
    let log: Vec<Stored> = wire::from_str(log)
        .map_err(|fault| format!("the log is not of the documented type: {fault}"))?;
    let policies = wire::from_str::<Vec<Policy>>(policies)
        .and_then(settled)
        .map_err(|fault| format!("a policy is not of the documented type: {fault}"))?;
    let policies: BTreeMap<_, _> = policies
        .into_iter()
        .map(|policy| (policy.hash(), policy))
        .collect();
    serde_json::to_string(&changegate::log::verify(&log, &policies))
        .map_err(|error| error.to_string())
}

fn settled(mut policies: Vec<Policy>) -> Result<Vec<Policy>, wire::Fault> {
    for (position, policy) in policies.iter_mut().enumerate() {
        let settled = policy.settle();
        settled.map_err(|fault| fault.under(&position.to_string()))?;
    }
    Ok(policies)
}

/// Checks a policy document: a JSON array of findings that point into it. A document that cannot be read is a finding too.
///
/// # Errors
/// None for any text.
pub fn check(document: &str) -> Result<String, String> {
    serde_json::to_string(&check::check_text(document)).map_err(|error| error.to_string())
}
