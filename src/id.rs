//! Names of things, each of its own type so that none is taken for another.

use std::borrow::Borrow;
use std::fmt;

use crate::wire::Decode;
use serde::Serialize;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Decode)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str(&self.0)
            }
        }
    )* };
}

ids! {
    /// A change: the uuid that the client made for its draft.
    ChangeId
    /// A field of the form.
    FieldId
    /// An answer of a choice, or a column of a repeating list.
    OptionId
    /// A section of the form.
    SectionId
    /// A change model.
    ModelId
    /// A state of a life cycle.
    StateId
    /// A transition of a life cycle.
    TransitionId
    /// A risk level; the order is the policy's.
    LevelId
    /// A rule: of approval, of risk, of consistency, a gate.
    RuleId
    /// A role of the policy.
    RoleId
    /// A person: opaque, stable, never a name or an address.
    PersonId
    /// A group of people, as the host's directory calls it.
    GroupId
    /// A service or configuration item.
    ServiceId
    /// A task of the plan.
    TaskId
    /// A template of a standard change.
    TemplateId
}
