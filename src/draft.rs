//! What is typed before the first submission: deletable, never log.

use serde::Serialize;

use crate::id::{ChangeId, FieldId, ModelId, TemplateId};
use crate::map::Map;
use crate::value::Value;
use crate::wire::Decode;

/// The values of fields that were given.
pub type Content = Map<FieldId, Value>;

/// A change before it is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Draft {
    /// The uuid it keeps when it becomes a change.
    pub id: ChangeId,
    /// The model chosen; where left out, the one proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelId>,
    /// The template used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateId>,
    /// The language that was shown.
    pub language: String,
    /// What was typed.
    pub fields: Content,
}
