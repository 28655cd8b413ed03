//! Judging a change before its approvals are asked for, and asking the requester.

use crate::command::Command;

use super::{Case, Decision};

impl Case<'_> {
    pub(super) fn evaluation(&self, command: &Command) -> Decision {
        self.not_yet(command.kind())
    }
}
