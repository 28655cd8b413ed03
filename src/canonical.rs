//! Canonical JSON: the one form in which equal documents are equal bytes.
//!
//! # Source
//! RFC 8785, for documents whose numbers are whole and within 2^53. There are no others on the wire, so the number
//! formatting of ECMAScript, which the RFC adopts for fractions, never comes into play.

use std::fmt;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::value::Digest;
use crate::wire::{Fault, Node};

/// A document that has no canonical form here: a fraction, a number beyond 2^53, a key twice, or no JSON at all.
#[derive(Debug)]
pub struct NotCanonical(Fault);

impl fmt::Display for NotCanonical {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "no canonical form: {}", self.0)
    }
}

fn write_text(text: &str, to: &mut String) {
    to.push('"');
    for letter in text.chars() {
        match letter {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\u{8}' => to.push_str("\\b"),
            '\t' => to.push_str("\\t"),
            '\n' => to.push_str("\\n"),
            '\u{c}' => to.push_str("\\f"),
            '\r' => to.push_str("\\r"),
            control if control < ' ' => to.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => to.push(other),
        }
    }
    to.push('"');
}

fn write_items<T>(items: &[T], to: &mut String, write: impl Fn(&T, &mut String)) {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            to.push(',');
        }
        write(item, to);
    }
}

fn write_node(node: &Node, to: &mut String) {
    match node {
        Node::Null => to.push_str("null"),
        Node::Flag(flag) => to.push_str(if *flag { "true" } else { "false" }),
        Node::Number(number) => to.push_str(&number.to_string()),
        Node::Text(text) => write_text(text, to),
        Node::List(items) => {
            to.push('[');
            write_items(items, to, write_node);
            to.push(']');
        }
        Node::Map(members) => {
            to.push('{');
            write_items(members, to, |(key, value), to| {
                write_text(key, to);
                to.push(':');
                write_node(value, to);
            });
            to.push('}');
        }
    }
}

/// The canonical form of a JSON text.
///
/// # Errors
/// [`NotCanonical`] where it has none.
pub fn of_text(json: &str) -> Result<String, NotCanonical> {
    let node = Node::parse(json).map_err(NotCanonical)?;
    let mut canonical = String::with_capacity(json.len());
    write_node(&node, &mut canonical);
    Ok(canonical)
}

/// The canonical form of a JSON tree.
pub(crate) fn of_node(node: &Node) -> String {
    let mut canonical = String::new();
    write_node(node, &mut canonical);
    canonical
}

/// The canonical form of a wire type, which always has one: its numbers are whole and bounded, its keys distinct.
///
/// Were there one that has none, it would be its JSON as it is: a hash still has to stand for every byte.
#[must_use]
pub fn to_string<T: Serialize>(document: &T) -> String {
    let json = serde_json::to_string(document).unwrap_or_default();
    of_text(&json).unwrap_or(json)
}

/// SHA-256 over the canonical form.
#[must_use]
pub fn hash<T: Serialize>(document: &T) -> Digest {
    sha256(to_string(document).as_bytes())
}

/// SHA-256 over bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}
