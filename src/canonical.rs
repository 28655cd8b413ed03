//! Canonical JSON: the one form in which equal documents are equal bytes.
//!
//! # Source
//! RFC 8785, for documents whose numbers are whole and within 2^53. There are no others on the wire, so the number
//! formatting of ECMAScript, which the RFC adopts for fractions, never comes into play.

use std::fmt;
use std::ops::Range;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::sorted::sort_short;
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
    in_order(&json).unwrap_or_else(|| of_text(&json).unwrap_or(json))
}

/// JSON as serde prints it with the members of each object in order: all that it lacks of the canonical form, since serde escapes
/// as the RFC does. None where it takes more than that to tell: by an odd key, one that stands twice, a long number, great depth.
fn in_order(json: &str) -> Option<String> {
    let mut in_order = InOrder {
        to: String::with_capacity(json.len()),
        members: Vec::new(),
        ordered: String::new(),
    };
    let rest = in_order.value(json, DEEPEST)?;
    rest.is_empty().then_some(in_order.to)
}

/// Deeper than any wire type.
const DEEPEST: u8 = 64;
/// The most digits of which every number is within 2^53.
const DIGITS: usize = 15;

/// JSON that is being put in order.
struct InOrder<'a> {
    to: String,
    /// The members of the objects that are open: each key, and where it was written with its value.
    members: Vec<(&'a str, Range<usize>)>,
    /// The members of the object that is being closed.
    ordered: String,
}

impl<'a> InOrder<'a> {
    /// Writes the value that the JSON begins with, and gives what comes after it.
    fn value(&mut self, json: &'a str, depth: u8) -> Option<&'a str> {
        match json.as_bytes().first()? {
            b'{' => self.object(json, depth.checked_sub(1)?),
            b'[' => self.list(json, depth.checked_sub(1)?),
            b'"' => {
                let (text, rest) = split_text(json)?;
                self.to.push_str(text);
                Some(rest)
            }
            _ => {
                let end = json
                    .bytes()
                    .position(|byte| matches!(byte, b',' | b']' | b'}'));
                let (word, rest) = json.split_at_checked(end.unwrap_or(json.len()))?;
                self.to.push_str(Some(word).filter(|word| is_plain(word))?);
                Some(rest)
            }
        }
    }

    fn list(&mut self, json: &'a str, depth: u8) -> Option<&'a str> {
        let mut rest = json.strip_prefix('[')?;
        self.to.push('[');
        while !rest.starts_with(']') {
            rest = self.value(rest, depth)?;
            rest = self.comma(rest);
        }
        self.to.push(']');
        rest.strip_prefix(']')
    }

    fn object(&mut self, json: &'a str, depth: u8) -> Option<&'a str> {
        let mut rest = json.strip_prefix('{')?;
        self.to.push('{');
        let (start, outer) = (self.to.len(), self.members.len());
        while !rest.starts_with('}') {
            let (key, value) = split_text(rest)?;
            let from = self.to.len();
            self.to.push_str(key);
            self.to.push(':');
            rest = self.value(value.strip_prefix(':')?, depth)?;
            self.members.push((plain_key(key)?, from..self.to.len()));
            rest = self.comma(rest);
        }
        self.close(start, outer)?;
        self.to.push('}');
        rest.strip_prefix('}')
    }

    fn comma(&mut self, json: &'a str) -> &'a str {
        let more = json.strip_prefix(',');
        if more.is_some() {
            self.to.push(',');
        }
        more.unwrap_or(json)
    }

    /// Puts the members of an object in order, written from `start` on, those after the `outer` ones.
    fn close(&mut self, start: usize, outer: usize) -> Option<()> {
        let members = self.members.get_mut(outer..)?;
        if !members.is_sorted_by(|(one, _), (other, _)| one < other) {
            sort_short(members, |(one, _), (other, _)| one.cmp(other));
            let mut before = None;
            self.ordered.clear();
            for (key, written) in members {
                let separator = match before.replace(*key) {
                    None => "",
                    Some(before) if before == *key => return None,
                    Some(_) => ",",
                };
                self.ordered.push_str(separator);
                self.ordered.push_str(self.to.get(written.clone())?);
            }
            self.to.truncate(start);
            self.to.push_str(&self.ordered);
        }
        self.members.truncate(outer);
        Some(())
    }
}

fn is_plain(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let is_number = digits.len() <= DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number || matches!(word, "true" | "false" | "null")
}

/// The text that the JSON begins with, quotes and all, and what comes after it.
fn split_text(json: &str) -> Option<(&str, &str)> {
    let mut bytes = json.strip_prefix('"')?.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return json.split_at_checked(json.len().checked_sub(bytes.len())?),
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    None
}

/// A key without its quotes whose bytes are in order where its letters are.
fn plain_key(quoted: &str) -> Option<&str> {
    let key = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (key.is_ascii() && !key.contains('\\')).then_some(key)
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_put_in_order_is_what_reading_it_comes_to() {
        let controls: String = (0_u8..=127).map(char::from).collect();
        let document = json!({
            "b": [{ "b": controls, "a": "\u{e9}\u{1f600}\u{ffff}", "ab": 0, "a b": 1, "A": {} }, [], -7, true, null],
            "a!": { "z": [[1], [{ "y": 1, "x": "}]\",{" }]], "B": 999_999_999_999_999_i64 },
            "a": "",
        });
        let json = r#"{"b":1,"a":{"d":[{"f":"\"","e":-1}],"c":{}},"A":"x"}"#.to_owned();
        for json in [document.to_string(), json] {
            assert_eq!(in_order(&json), Some(of_text(&json).unwrap()), "{json}");
        }
    }

    #[test]
    fn what_takes_more_than_putting_in_order_is_left_to_reading_it() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for json in [
            r#"{"é":1}"#,
            r#"{"\"":1,"a":2}"#,
            r#"{"b":1,"a":2,"b":3}"#,
            r#"{"a":1,"a":1}"#,
            "[9007199254740993]",
            "[1.5]",
            "",
            "[1",
            &deep,
        ] {
            assert_eq!(in_order(json), None, "{json}");
        }
    }
}
