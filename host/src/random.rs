//! Random bytes from the operating system.

use crate::journal::warn;
use crate::problem::Problem;

/// Fresh random bytes.
///
/// # Errors
/// That the operating system gives none.
pub fn bytes<const COUNT: usize>() -> Result<[u8; COUNT], Problem> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).map_err(|error| {
        warn(format_args!(
            "the operating system gives no random bytes: {error}"
        ));
        Problem::unavailable(
            "the host has no random numbers, and nothing was stored; send it again later",
        )
    })?;
    Ok(bytes)
}
