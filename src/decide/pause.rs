//! Letting everything rest, and going on.

use crate::command::CommandKind;
use crate::value::Words;

use super::{Case, Decision};

impl Case<'_> {
    pub(super) fn hold(&self, _reason: &Words) -> Decision {
        self.not_yet(CommandKind::Hold)
    }

    pub(super) fn resume(&self, _note: Option<&Words>) -> Decision {
        self.not_yet(CommandKind::Resume)
    }
}
