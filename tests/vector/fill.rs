//! What a vector leaves to be filled in: ids, hashes and commitments that are others on every host.

use serde_json::Value;

/// Fills a command: `null` as a content hash or a level stands for the one that stands, a text `$name` or `$name:of` for what
/// `look` knows by that name, and a member `$template` of the fields for everything that this template fixes.
pub fn fill(command: &mut Value, look: &mut dyn FnMut(&str) -> Value) {
    for key in ["contentHash", "level"] {
        if command.get(key) == Some(&Value::Null) {
            command[key] = look(&format!("${key}"));
        }
    }
    names(command, look);
}

fn names(value: &mut Value, look: &mut dyn FnMut(&str) -> Value) {
    match value {
        Value::String(text) if text.starts_with('$') => *value = look(text),
        Value::Array(items) => items.iter_mut().for_each(|item| names(item, look)),
        Value::Object(members) => {
            if let Some(Value::String(template)) = members.remove("$template") {
                let fixed = look(&format!("$template:{template}"));
                members.extend(fixed.as_object().unwrap().clone());
            }
            members.values_mut().for_each(|member| names(member, look));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A policy document with parts otherwise: pairs of a JSON pointer and what stands there; a last `-` adds to a list.
pub fn patched(document: &str, parts: &Value) -> Value {
    let mut document: Value = serde_json::from_str(document).unwrap();
    for part in parts.as_array().into_iter().flatten() {
        let (place, last) = part[0].as_str().unwrap().rsplit_once('/').unwrap();
        let within = document.pointer_mut(place);
        let within = within.unwrap_or_else(|| panic!("no {place} in the policy"));
        match (within, last) {
            (Value::Array(items), "-") => items.push(part[1].clone()),
            (Value::Array(items), at) => items[at.parse::<usize>().unwrap()] = part[1].clone(),
            (within, key) => within[key] = part[1].clone(),
        }
    }
    document
}
