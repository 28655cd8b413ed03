//! JSON as a tree, before it is known what it is.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess};
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
    /// Where it is none, with line and column; where it has what ours does not allow, with its place.
    pub fn parse(json: &str) -> Result<Self, Fault> {
        let oddity = Oddity::default();
        let mut text = serde_json::Deserializer::from_str(json);
        let node = oddity
            .deserialize(&mut text)
            .and_then(|node| text.end().map(|()| node))
            .map_err(|error| Fault::here(error.to_string()))?;
        oddity.into_fault().map_or(Ok(node), Err)
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
        let oddity = Oddity::default();
        let node = oddity.deserialize(from)?;
        oddity
            .into_fault()
            .map_or(Ok(node), |fault| Err(de::Error::custom(fault)))
    }
}

/// Reads whatever JSON has, and keeps the first thing that ours does not allow, with its place. As an error of the parser it
/// would have lost the place, and the form's module would hold the search for line and column in such errors.
#[derive(Default)]
struct Oddity(RefCell<Option<Fault>>);

impl Oddity {
    fn into_fault(self) -> Option<Fault> {
        self.0.into_inner()
    }

    fn is_found(&self) -> bool {
        self.0.borrow().is_some()
    }

    fn note(&self, message: &str) -> Node {
        if !self.is_found() {
            self.0.replace(Some(Fault::here(message)));
        }
        Node::Null
    }

    /// Of what was found in a part and not before it, the place is under the key of the part.
    fn under(&self, found_before: &mut bool, key: &str) {
        if !*found_before && self.is_found() {
            *found_before = true;
            let fault = self.0.take();
            self.0.replace(fault.map(|fault| fault.under(key)));
        }
    }
}

impl<'de> DeserializeSeed<'de> for &Oddity {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> de::Visitor<'de> for &Oddity {
    type Value = Node;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Flag(flag))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Node, E> {
        Ok(if (-LARGEST..=LARGEST).contains(&number) {
            Node::Number(number)
        } else {
            self.note("a number beyond 2^53, which not every reader holds exactly")
        })
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Node, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    // Said here, so that the module holds no printing of fractions.
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Node, E> {
        Ok(self.note("a fraction, where every number is whole"))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut found = self.is_found();
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            self.under(&mut found, &list.len().to_string());
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut found = self.is_found();
        let mut map: Vec<(String, Node)> = Vec::new();
        while let Some(key) = members.next_key::<String>()? {
            let member = members.next_value_seed(self)?;
            self.under(&mut found, &key);
            map.push((key, member));
        }
        map.sort_unstable_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
        let twice = map
            .windows(2)
            .any(|pair| matches!(pair, [(one, _), (other, _)] if one == other));
        Ok(if twice {
            self.note("a key stands twice in one object")
        } else {
            Node::Map(map)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ours_does_not_allow_is_told_with_its_place_and_only_the_first() {
        let told = |json: &str| Node::parse(json).unwrap_err().to_string();
        for (json, expected) in [
            ("1.5", "a fraction, where every number is whole"),
            (
                r#"{ "a": [0, { "b/c": 9007199254740993 }], "d": 1.5 }"#,
                "at /a/1/b~1c: a number beyond 2^53, which not every reader holds exactly",
            ),
            (
                r#"{ "d": 1, "e": { "a": 1, "a": 2 }, "f": 0.5 }"#,
                "at /e: a key stands twice in one object",
            ),
            (
                r#"[18446744073709551615]"#,
                "at /0: a number beyond 2^53, which not every reader holds exactly",
            ),
        ] {
            assert_eq!(told(json), expected, "{json}");
            let by_serde = serde_json::from_str::<Node>(json).unwrap_err();
            assert_eq!(by_serde.to_string(), expected, "{json}");
        }
        assert!(told("{ \"a\": 1 } 2").contains("line 1 column"));
        assert!(told("{ \"a\": ").contains("line 1 column"));
    }
}
