//! Parts of a document that are read when somebody first looks at them.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Serialize, Serializer};

use super::{Decode, Fault, Node};

/// A part that the form never looks at: kept as a tree until something does, so that the form's wasm module holds no code to
/// read it. Whoever decides settles the whole document first, which says what is wrong with it.
#[derive(Clone)]
pub struct Later<T> {
    node: Option<Node>,
    value: OnceLock<T>,
}

impl<T: Decode + Default> Later<T> {
    /// A part that is there already.
    #[must_use]
    pub fn of(value: T) -> Self {
        Self {
            node: None,
            value: OnceLock::from(value),
        }
    }

    /// Reads it now.
    ///
    /// # Errors
    /// Where it does not fit, and how.
    pub fn settle(&mut self) -> Result<(), Fault> {
        if let Some(node) = self.node.take() {
            self.value = OnceLock::from(T::decode(node)?);
        }
        Ok(())
    }

    /// What it is. A part that does not fit was refused when its document was settled, and is empty otherwise.
    pub fn get(&self) -> &T {
        self.value.get_or_init(|| {
            let node = self.node.clone();
            node.and_then(|node| T::decode(node).ok())
                .unwrap_or_default()
        })
    }
}

impl<T: Decode + Default> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.get()
    }
}

impl<'a, T: Decode> IntoIterator for &'a Later<Vec<T>> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.get().iter()
    }
}

impl<T> Decode for Later<T> {
    fn decode(node: Node) -> Result<Self, Fault> {
        Ok(Self {
            node: Some(node),
            value: OnceLock::new(),
        })
    }
}

impl<T: Decode + Default> Default for Later<T> {
    fn default() -> Self {
        Self::of(T::default())
    }
}

impl<T: Decode + Default + PartialEq> PartialEq for Later<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Decode + Default + Eq> Eq for Later<T> {}

impl<T: Decode + Default + fmt::Debug> fmt::Debug for Later<T> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(to)
    }
}

impl<T: Decode + Default + Serialize> Serialize for Later<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(to)
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Later<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}
