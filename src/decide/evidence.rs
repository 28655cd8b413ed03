//! Evidence: what shows that something was done.

use crate::command::Command;

use super::{Case, Decision};

impl Case<'_> {
    pub(super) fn prove(&self, command: &Command) -> Decision {
        self.not_yet(command.kind())
    }
}
