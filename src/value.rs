//! What a field can hold, and how free text is kept out of the log.

use std::fmt;
use std::str::FromStr;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::OptionId;
use crate::map::Map;
use crate::wire::{self, Decode, Fault, Node};

/// A SHA-256, as 64 lower-case hexadecimal digits in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// What stands for "nothing before": the `prev` of a first entry.
    pub const ZERO: Self = Self([0; 32]);
}

/// Text that is no digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADigest;

impl fmt::Display for NotADigest {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("not a SHA-256, write it as 64 lower-case hexadecimal digits")
    }
}

fn nibble(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(byte.wrapping_sub(b'a').wrapping_add(10)),
        0..=b'/' | b':'..=b'`' | b'g'..=255 => None,
    }
}

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut bytes = [0; 32];
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(NotADigest);
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = nibble(*high)
                .zip(nibble(*low))
                .map(|(high, low)| high << 4 | low)
                .ok_or(NotADigest)?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(to, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, to)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Decode for Digest {
    fn decode(node: Node) -> Result<Self, Fault> {
        node.into_text()?
            .parse()
            .map_err(|error: NotADigest| Fault::here(error.to_string()))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        wire::deserialize(from)
    }
}

/// Free text: as it was typed, or the salted commitment that stands for it in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// As typed.
    Plain(String),
    /// SHA-256 of salt and text; both lie beside the log and can be erased.
    Sealed(Digest),
}

impl Words {
    /// Whether nothing was said.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Plain(text) => text.trim().is_empty(),
            Self::Sealed(_) => false,
        }
    }

    /// Whether it was said and erased since.
    #[must_use]
    pub fn is_erased(&self, erased: &std::collections::BTreeSet<Digest>) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Sealed(digest) => erased.contains(digest),
        }
    }
}

/// What a field holds. There are no fractions: a number is whole, its unit stands in the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number; of minutes, for a duration.
    Number(i64),
    /// Text, a choice, an instant, or a single id of a person or service.
    Text(String),
    /// Several choices, people or services; or the rows of a repeating list.
    List(Vec<Value>),
    /// One row of a repeating list.
    Row(Map<OptionId, Value>),
    /// Free text as the log holds it.
    Sealed(Digest),
}

/// The one key of a sealed value; no column of a repeating list may have this name.
pub const COMMITMENT: &str = "commitment";

impl Value {
    /// Whether anything was given: no blank text, no empty list.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        self.is_filled_beside(&|_| false)
    }

    /// Whether anything was given that is still there: of what is sealed, this says what was erased.
    #[must_use]
    pub fn is_filled_beside(&self, erased: &dyn Fn(&Digest) -> bool) -> bool {
        match self {
            Self::Flag(_) | Self::Number(_) => true,
            Self::Sealed(digest) => !erased(digest),
            Self::Text(text) => !text.trim().is_empty(),
            Self::List(items) => items.iter().any(|item| item.is_filled_beside(erased)),
            Self::Row(cells) => cells.values().any(|cell| cell.is_filled_beside(erased)),
        }
    }

    /// Whether it is what a control holds that nothing was put into: text or a list of no length.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Flag(_) | Self::Number(_) | Self::Row(_) | Self::Sealed(_) => false,
        }
    }

    /// The text of a text, choice, instant or id.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Row(_) | Self::Sealed(_) => {
                None
            }
        }
    }

    /// The whole number that it is.
    #[must_use]
    pub const fn as_number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Flag(_) | Self::Text(_) | Self::List(_) | Self::Row(_) | Self::Sealed(_) => None,
        }
    }

    /// The texts of a list, or the one text: the ids of people or services.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let items = match self {
            Self::List(items) => items.as_slice(),
            Self::Text(_) => std::slice::from_ref(self),
            Self::Flag(_) | Self::Number(_) | Self::Row(_) | Self::Sealed(_) => &[],
        };
        items.iter().filter_map(Self::as_text)
    }
}

fn serialize_sealed<S: Serializer>(digest: Digest, to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(1))?;
    map.serialize_entry(COMMITMENT, &digest)?;
    map.end()
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Flag(flag) => to.serialize_bool(*flag),
            Self::Number(number) => to.serialize_i64(*number),
            Self::Text(text) => to.serialize_str(text),
            Self::List(items) => to.collect_seq(items),
            Self::Row(cells) => to.collect_map(cells.iter()),
            Self::Sealed(digest) => serialize_sealed(*digest, to),
        }
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(text) => to.serialize_str(text),
            Self::Sealed(digest) => serialize_sealed(*digest, to),
        }
    }
}

/// The largest whole number that JavaScript, and so every reader of the log, holds exactly.
pub const LARGEST: i64 = 9_007_199_254_740_991;

impl Decode for Value {
    fn decode(node: Node) -> Result<Self, Fault> {
        match node {
            Node::Flag(flag) => Ok(Self::Flag(flag)),
            Node::Number(number) => Ok(Self::Number(number)),
            Node::Text(text) => Ok(Self::Text(text)),
            Node::List(_) => Vec::decode(node).map(Self::List),
            Node::Map(_) => Map::decode(node).and_then(sealed_or_row),
            Node::Null => Err(Fault::here("a field holds no null; leave it out")),
        }
    }
}

fn sealed_or_row(row: Map<OptionId, Value>) -> Result<Value, Fault> {
    match row.get(COMMITMENT) {
        None => Ok(Value::Row(row)),
        Some(Value::Text(hex)) if row.len() == 1 => hex
            .parse()
            .map(Value::Sealed)
            .map_err(|error: NotADigest| Fault::here(error.to_string())),
        Some(_) => Err(Fault::here("a commitment stands alone, with its SHA-256")),
    }
}

impl Decode for Words {
    fn decode(node: Node) -> Result<Self, Fault> {
        match Value::decode(node)? {
            Value::Text(text) => Ok(Self::Plain(text)),
            Value::Sealed(digest) => Ok(Self::Sealed(digest)),
            Value::Flag(_) | Value::Number(_) | Value::List(_) | Value::Row(_) => {
                Err(Fault::here("expected text"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        wire::deserialize(from)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        wire::deserialize(from)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::{Digest, Value, Words};
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use std::borrow::Cow;

    impl JsonSchema for Digest {
        fn schema_name() -> Cow<'static, str> {
            "Digest".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "description": "A SHA-256 in hexadecimal", "type": "string", "pattern": "^[0-9a-f]{64}$" })
        }
    }

    impl JsonSchema for Words {
        fn schema_name() -> Cow<'static, str> {
            "Words".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let digest = generator.subschema_for::<Digest>();
            json_schema!({
                "description": "Free text, or the commitment that stands for it in the log",
                "anyOf": [
                    { "type": "string" },
                    { "type": "object", "properties": { "commitment": digest }, "required": ["commitment"], "additionalProperties": false }
                ]
            })
        }
    }

    impl JsonSchema for Value {
        fn schema_name() -> Cow<'static, str> {
            "Value".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let itself = generator.subschema_for::<Value>();
            json_schema!({
                "description": "What a field holds: text, yes or no, a whole number, a list, a row, or a commitment",
                "anyOf": [
                    { "type": "string" }, { "type": "boolean" }, { "type": "integer" },
                    { "type": "array", "items": itself },
                    { "type": "object", "additionalProperties": itself }
                ]
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were() {
        let json = r#"[true,-3,"x",["a"],{"c":"d"},{"commitment":"00000000000000000000000000000000000000000000000000000000000000ff"}]"#;
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
    }

    #[test]
    fn what_no_field_can_hold_is_refused() {
        for json in [
            "null",
            "1.5",
            "9007199254740992",
            "18446744073709551615",
            r#"{"commitment":"ff"}"#,
            r#"{"commitment":"x","a":1}"#,
        ] {
            assert!(serde_json::from_str::<Value>(json).is_err(), "{json}");
        }
    }
}
