//! A list that cannot be empty: what an accepted command brings about, and the reasons for a no.

use std::ops::Deref;

/// At least one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NonEmpty<T>(Vec<T>);

impl<T> NonEmpty<T> {
    /// One item.
    #[must_use]
    pub fn one(item: T) -> Self {
        Self(vec![item])
    }

    /// The first item and what follows it.
    #[must_use]
    pub fn starting(first: T, rest: impl IntoIterator<Item = T>) -> Self {
        Self(std::iter::once(first).chain(rest).collect())
    }

    /// The items, where there are any.
    #[must_use]
    pub fn of(items: Vec<T>) -> Option<Self> {
        if items.is_empty() {
            None
        } else {
            Some(Self(items))
        }
    }

    /// The items as a list.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T> Deref for NonEmpty<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}
