//! Moving an open change to a newer policy.

use crate::command::CommandKind;
use crate::id::StateId;
use crate::value::Digest;

use super::{Case, Decision};

impl Case<'_> {
    pub(super) fn adopt(&self, _policy: &Digest, _state: &StateId) -> Decision {
        self.not_yet(CommandKind::AdoptPolicy)
    }
}
