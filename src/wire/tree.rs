//! JSON as a tree, before it is known what it is.

use std::fmt;

use serde::de::{self, MapAccess, SeqAccess};
use serde::{Deserialize, Deserializer};

use super::Fault;
use crate::value::LARGEST;

/// A JSON document. Its numbers are whole and within 2^53, no key stands twice in one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Text.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// An object, its keys sorted as RFC 8785 sorts them.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// Reads JSON text.
    ///
    /// # Errors
    /// Where it is none, with line and column.
    pub fn parse(json: &str) -> Result<Self, Fault> {
        serde_json::from_str(json).map_err(|error| Fault::here(error.to_string()))
    }

    /// What it is, in words.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }

    pub(super) fn unlike(&self, expected: &str) -> Fault {
        Fault::here(format!("expected {expected}, found {}", self.kind()))
    }

    pub(crate) fn into_members(self) -> Result<Vec<(String, Self)>, Fault> {
        match self {
            Self::Map(members) => Ok(members),
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => {
                Err(self.unlike("an object"))
            }
        }
    }

    pub(super) fn into_items(self) -> Result<Vec<Self>, Fault> {
        match self {
            Self::List(items) => Ok(items),
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_) | Self::Map(_) => {
                Err(self.unlike("a list"))
            }
        }
    }

    pub(crate) fn into_text(self) -> Result<String, Fault> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Map(_) => {
                Err(self.unlike("text"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyNode)
    }
}

struct AnyNode;

impl<'de> de::Visitor<'de> for AnyNode {
    type Value = Node;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON whose numbers are whole and within 2^53")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Flag(flag))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Node, E> {
        if (-LARGEST..=LARGEST).contains(&number) {
            Ok(Node::Number(number))
        } else {
            Err(E::custom(
                "a number beyond 2^53, which not every reader holds exactly",
            ))
        }
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Node, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    // Said here, so that the module holds no printing of fractions.
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Node, E> {
        Err(E::custom("a fraction, where every number is whole"))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut map: Vec<(String, Node)> = Vec::new();
        while let Some(member) = members.next_entry()? {
            map.push(member);
        }
        map.sort_unstable_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
        let twice = map
            .windows(2)
            .any(|pair| matches!(pair, [(one, _), (other, _)] if one == other));
        if twice {
            Err(de::Error::custom("a key stands twice in one object"))
        } else {
            Ok(Node::Map(map))
        }
    }
}
