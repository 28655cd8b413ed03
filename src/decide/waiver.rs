//! Waiving a duty of the policy for one person and a time, and looking back at that.

use crate::command::Command;

use super::{Case, Decision};

impl Case<'_> {
    pub(super) fn waiver(&self, command: &Command) -> Decision {
        self.not_yet(command.kind())
    }
}
