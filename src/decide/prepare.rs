//! Preparing the work: who is accountable, tasks, checklist, other changes.

use crate::command::Command;

use super::{Case, Decision};

impl Case<'_> {
    pub(super) fn prepare(&self, command: &Command) -> Decision {
        self.not_yet(command.kind())
    }
}
