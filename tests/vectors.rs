//! The vectors, told natively.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod story;

#[test]
fn the_vectors_come_to_the_bytes_they_always_came_to() {
    for (name, text) in story::VECTORS {
        let vector: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(story::tell(&vector), vector["head"], "{name}");
    }
}
