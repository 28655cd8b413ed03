//! The edge of wasm: where time and chance come in, as arguments of everything else.

use crate::handle::Unreadable;
use crate::time::Instant;

/// The instant of a JavaScript time value.
///
/// # Errors
/// Where it is none of years 1 to 9999.
pub fn instant(now_ms: f64) -> Result<Instant, Unreadable> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and the range check refuses what it made"
    )]
    let millis = now_ms as i64;
    Instant::from_millis(millis)
        .ok_or_else(|| "the time is no instant of years 1 to 9999".to_owned())
}

/// Random bytes of the page.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Nobody would notice zeros, so a page without a random source keeps no log.
    if getrandom::fill(&mut bytes).is_err() {
        wasm_bindgen::throw_str("this page has no source of random numbers");
    }
    bytes
}

/// A fresh uuid of version 7.
///
/// # Errors
/// Where the time is no instant of years 1 to 9999.
///
/// # Source
/// RFC 9562, 5.7.
pub fn new_id(now_ms: f64) -> Result<String, Unreadable> {
    let millis = instant(now_ms)?.millis().to_be_bytes();
    let mut bytes: [u8; 16] = random();
    bytes
        .iter_mut()
        .zip(millis.iter().skip(2))
        .for_each(|(byte, milli)| *byte = *milli);
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
    *version = *version & 0x0f | 0x70;
    *variant = *variant & 0x3f | 0x80;
    let dash = |position: usize| {
        if matches!(position, 4 | 6 | 8 | 10) {
            "-"
        } else {
            ""
        }
    };
    Ok(bytes
        .iter()
        .enumerate()
        .map(|(position, byte)| format!("{}{byte:02x}", dash(position)))
        .collect())
}
