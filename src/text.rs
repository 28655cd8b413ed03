//! Text that a person reads, one wording a language.

use crate::map::Map;
use crate::wire::Decode;
use serde::Serialize;

/// One text in each language that the policy declares, by BCP 47 tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Text(pub Map<String, String>);

impl Text {
    /// The wording in `language`, else in its primary language, else the first there is.
    #[must_use]
    pub fn in_language(&self, language: &str) -> &str {
        let primary = language.split('-').next().unwrap_or(language);
        self.0
            .get(language)
            .or_else(|| self.0.get(primary))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}
