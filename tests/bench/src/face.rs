//! The JavaScript face of [`crate::Decisions`].

use wasm_bindgen::prelude::wasm_bindgen;

/// See [`crate::Decisions`].
#[wasm_bindgen]
pub struct Decisions(crate::Decisions);

#[wasm_bindgen]
impl Decisions {
    /// See [`crate::Decisions::of`].
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &str, log: &str) -> Result<Decisions, String> {
        crate::Decisions::of(policy, log).map(Self)
    }

    /// See [`crate::Decisions::count`].
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.count()
    }

    /// See [`crate::Decisions::decide`].
    #[must_use]
    pub fn decide(&self, position: usize) -> usize {
        self.0.decide(position)
    }

    /// See [`crate::Decisions::step`].
    #[must_use]
    pub fn step(&self, position: usize) -> f64 {
        self.0.step(position) as f64
    }
}
