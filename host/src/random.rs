//! Random bytes from the operating system.

use changegate::id::ChangeId;
use changegate::time::Instant;
use sha2::{Digest as _, Sha256};

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

/// A uuid of version 7.
///
/// # Errors
/// That the operating system gives no random bytes.
///
/// # Source
/// RFC 9562, section 5.7.
pub fn uuid(now: Instant) -> Result<String, Problem> {
    let mut bytes: [u8; 16] = self::bytes()?;
    let millis = now.millis().to_be_bytes();
    bytes[..6].copy_from_slice(&millis[2..]);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    Ok(grouped(bytes))
}

/// The uuid of a record that there is one of by its name: the same on every start.
///
/// # Source
/// RFC 9562, section 5.8: what makes it is the host's own.
pub fn uuid_of(kind: &str, name: &str) -> ChangeId {
    let digest = Sha256::new()
        .chain_update(kind)
        .chain_update([0])
        .chain_update(name)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    ChangeId(grouped(bytes))
}

fn grouped(bytes: [u8; 16]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let [a, b, c, d, e] = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    format!("{a}-{b}-{c}-{d}-{e}")
}
