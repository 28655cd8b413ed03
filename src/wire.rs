//! How wire types are read: JSON text to a tree, the tree to a type, a fault with the place where it does not fit.
//!
//! One reader for page and host, so that both judge the same text alike. It is ours because of its bytes: serde's derive
//! made 700 KB of the wasm module's code, this makes a tenth of that.

mod later;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;

pub use changegate_derive::Decode;
pub use later::Later;
pub use tree::Node;

/// Something that can be read from a JSON tree.
pub trait Decode: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// Where it does not fit, and how.
    fn decode(node: Node) -> Result<Self, Fault>;

    /// What it is where it is left out; none where it must be there.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }
}

/// Where a document does not fit its type, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A JSON Pointer into the document.
    ///
    /// # Source
    /// RFC 6901.
    pub at: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.as_str() {
            "" => to.write_str(&self.message),
            at => write!(to, "at {at}: {}", self.message),
        }
    }
}

impl Fault {
    /// A fault at the place that is being read.
    #[must_use]
    pub fn here(message: impl Into<String>) -> Self {
        Self {
            at: String::new(),
            message: message.into(),
        }
    }

    /// The same fault, seen from one level further out.
    #[must_use]
    pub fn under(mut self, key: &str) -> Self {
        self.at
            .insert_str(0, &key.replace('~', "~0").replace('/', "~1"));
        self.at.insert(0, '/');
        self
    }
}

/// Reads a type from JSON text.
///
/// # Errors
/// Where the text is no JSON, or does not fit.
pub fn from_str<T: Decode>(json: &str) -> Result<T, Fault> {
    Node::parse(json).and_then(T::decode)
}

/// Reads a type by way of serde, for callers that speak it.
///
/// # Errors
/// Where it does not fit.
pub fn deserialize<'de, T: Decode, D: serde::Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::decode(Node::deserialize(from)?).map_err(serde::de::Error::custom)
}

/// The members of an object, in the order in which their type declares them.
pub struct Fields {
    names: &'static [&'static str],
    members: Vec<Option<Node>>,
}

impl Fields {
    /// Sorts out an object.
    ///
    /// # Errors
    /// Where it is none, or has a member that is not declared.
    pub fn of(node: Node, names: &'static [&'static str]) -> Result<Self, Fault> {
        let mut members: Vec<Option<Node>> = names.iter().map(|_| None).collect();
        for (key, value) in node.into_members()? {
            let place = names
                .iter()
                .position(|name| *name == key)
                .and_then(|position| members.get_mut(position));
            match place {
                Some(place) => *place = Some(value),
                None => return Err(Fault::here(unknown("field", &key, names)).under(&key)),
            }
        }
        Ok(Self { names, members })
    }

    /// Reads one member.
    ///
    /// # Errors
    /// Where it is missing, or does not fit.
    pub fn take<T: Decode>(&mut self, position: usize) -> Result<T, Fault> {
        match self.member(position) {
            Some(node) => T::decode(node).map_err(|fault| self.under(position, fault)),
            None => T::absent().ok_or_else(|| self.missing(position)),
        }
    }

    /// Reads one member, or makes it up where it is left out.
    ///
    /// # Errors
    /// Where it does not fit.
    pub fn take_or<T: Decode>(
        &mut self,
        position: usize,
        otherwise: fn() -> T,
    ) -> Result<T, Fault> {
        match self.member(position) {
            Some(node) => T::decode(node).map_err(|fault| self.under(position, fault)),
            None => Ok(otherwise()),
        }
    }

    #[inline(never)]
    fn member(&mut self, position: usize) -> Option<Node> {
        self.members.get_mut(position).and_then(Option::take)
    }

    fn name(&self, position: usize) -> &'static str {
        self.names.get(position).copied().unwrap_or_default()
    }

    #[cold]
    #[inline(never)]
    fn under(&self, position: usize, fault: Fault) -> Fault {
        fault.under(self.name(position))
    }

    #[cold]
    #[inline(never)]
    fn missing(&self, position: usize) -> Fault {
        Fault::here(format!("`{}` is missing", self.name(position)))
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    format!(
        "unknown {what} `{name}`, expected one of `{}`",
        known.join("`, `")
    )
}

fn position(what: &str, name: &str, names: &[&str]) -> Result<usize, Fault> {
    names
        .iter()
        .position(|known| *known == name)
        .ok_or_else(|| Fault::here(unknown(what, name, names)))
}

/// Reads a variant without content: its position among the names.
///
/// # Errors
/// Where it is no text, or none of them.
pub fn unit(node: Node, names: &[&str]) -> Result<usize, Fault> {
    position("value", &node.into_text()?, names)
}

/// Takes the tag out of an object: the position of its variant, and the rest of the object.
///
/// # Errors
/// Where it has no tag, or none of the names.
pub fn tagged(node: Node, tag: &str, names: &[&str]) -> Result<(usize, Node), Fault> {
    let mut members = node.into_members()?;
    let found = members.iter().position(|(key, _)| key == tag);
    let found =
        found.ok_or_else(|| Fault::here(format!("`{tag}` is missing, it says what this is")))?;
    let (_, node) = members.swap_remove(found);
    let variant = node
        .into_text()
        .and_then(|name| position("variant", &name, names))
        .map_err(|fault| fault.under(tag))?;
    Ok((variant, Node::Map(members)))
}

/// Takes the one member of an object: the position of its variant, its name and its content.
///
/// # Errors
/// Where there is not exactly one, or none of the names.
pub fn only<'a>(node: Node, names: &[&'a str]) -> Result<(usize, &'a str, Node), Fault> {
    let mut members = node.into_members()?;
    let (Some((key, node)), true) = (members.pop(), members.is_empty()) else {
        return Err(Fault::here(format!(
            "expected an object of exactly one of `{}`",
            names.join("`, `")
        )));
    };
    let variant = position("variant", &key, names).map_err(|fault| fault.under(&key))?;
    Ok((
        variant,
        names.get(variant).copied().unwrap_or_default(),
        node,
    ))
}

impl Decode for String {
    fn decode(node: Node) -> Result<Self, Fault> {
        node.into_text()
    }
}

impl Decode for bool {
    fn decode(node: Node) -> Result<Self, Fault> {
        if let Node::Flag(flag) = node {
            Ok(flag)
        } else {
            Err(node.unlike("true or false"))
        }
    }
}

impl Decode for i64 {
    fn decode(node: Node) -> Result<Self, Fault> {
        if let Node::Number(number) = node {
            Ok(number)
        } else {
            Err(node.unlike("a whole number"))
        }
    }
}

fn bounded<T: TryFrom<i64>>(node: Node) -> Result<T, Fault> {
    let number = i64::decode(node)?;
    T::try_from(number).map_err(|_| Fault::here(format!("{number} is out of range")))
}

impl Decode for u8 {
    fn decode(node: Node) -> Result<Self, Fault> {
        bounded(node)
    }
}

impl Decode for u32 {
    fn decode(node: Node) -> Result<Self, Fault> {
        bounded(node)
    }
}

impl Decode for u64 {
    fn decode(node: Node) -> Result<Self, Fault> {
        bounded(node)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: Node) -> Result<Self, Fault> {
        if node == Node::Null {
            Ok(None)
        } else {
            T::decode(node).map(Some)
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: Node) -> Result<Self, Fault> {
        T::decode(node).map(Box::new)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: Node) -> Result<Self, Fault> {
        let items = node.into_items()?;
        let mut list = Self::with_capacity(items.len());
        for (position, item) in items.into_iter().enumerate() {
            list.push(T::decode(item).map_err(|fault| at(position, fault))?);
        }
        Ok(list)
    }
}

#[cold]
#[inline(never)]
fn at(position: usize, fault: Fault) -> Fault {
    fault.under(&position.to_string())
}

impl<T: Decode + Ord> Decode for BTreeSet<T> {
    fn decode(node: Node) -> Result<Self, Fault> {
        let mut set = Self::new();
        for item in Vec::decode(node)? {
            set.insert(item);
        }
        Ok(set)
    }
}

impl<K: Decode + Ord, V: Decode> Decode for BTreeMap<K, V> {
    fn decode(node: Node) -> Result<Self, Fault> {
        let mut map = Self::new();
        for (key, value) in node.into_members()? {
            let value = V::decode(value).map_err(|fault| fault.under(&key))?;
            map.insert(K::decode(Node::Text(key))?, value);
        }
        Ok(map)
    }
}

impl<A: Decode, B: Decode> Decode for (A, B) {
    fn decode(node: Node) -> Result<Self, Fault> {
        match <[Node; 2]>::try_from(node.into_items()?) {
            Ok([one, other]) => Ok((A::decode(one)?, B::decode(other)?)),
            Err(_) => Err(Fault::here("expected a list of two")),
        }
    }
}
