//! Canonical JSON against the published vectors of RFC 8785.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

use changegate::canonical::of_text;

fn vector(folder: &str, name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    std::fs::read_to_string(format!("{root}/tests/vectors/rfc8785/{folder}/{name}")).unwrap()
}

fn expected(name: &str) -> Vec<u8> {
    let hex = vector("outhex", &format!("{name}.txt"));
    hex.split_whitespace()
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}

#[test]
fn documents_of_whole_numbers_come_out_as_published() {
    for name in ["arrays", "french", "unicode", "weird"] {
        let canonical = of_text(&vector("input", &format!("{name}.json"))).unwrap();
        assert_eq!(canonical.into_bytes(), expected(name), "{name}");
    }
}

#[test]
fn a_document_with_a_fraction_has_no_canonical_form_here() {
    for name in ["structures", "values"] {
        let input = vector("input", &format!("{name}.json"));
        assert!(of_text(&input).is_err(), "{name}");
    }
}

#[test]
fn a_key_that_stands_twice_has_no_canonical_form() {
    assert!(of_text(r#"{"a":1,"a":2}"#).is_err());
}
