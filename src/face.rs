//! The JavaScript face of the form: what a page loads before anything is typed. See [`crate::handle::Form`].

use wasm_bindgen::prelude::wasm_bindgen;

use crate::edge;
use crate::handle::{Form, Unreadable};
use crate::log::RULES_VERSION;

/// A fresh uuid of version 7.
#[wasm_bindgen(js_name = newId)]
pub fn new_id(now_ms: f64) -> Result<String, Unreadable> {
    edge::new_id(now_ms)
}

/// The version of the rules in this module.
#[wasm_bindgen(js_name = rulesVersion)]
#[must_use]
pub fn rules_version() -> u32 {
    RULES_VERSION
}

/// The core as the form needs it.
#[wasm_bindgen]
pub struct Core(Form);

#[wasm_bindgen]
impl Core {
    /// A handle for one person under one policy.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &str, world: &str, person: &str) -> Result<Core, Unreadable> {
        Form::new(policy, world, person).map(Self)
    }

    /// What the host knows has changed.
    #[wasm_bindgen(js_name = setWorld)]
    pub fn set_world(&mut self, world: &str) -> Result<(), Unreadable> {
        self.0.set_world(world)
    }

    /// Begins or takes up a draft. Answers its assessment.
    pub fn open(&mut self, draft: &str, now_ms: f64) -> Result<String, Unreadable> {
        self.0.open(draft, edge::instant(now_ms)?)
    }

    /// One field gets another value, or none. Answers the new assessment.
    pub fn set(
        &mut self,
        field: &str,
        value: Option<String>,
        now_ms: f64,
    ) -> Result<String, Unreadable> {
        self.0.set(field, value.as_deref(), edge::instant(now_ms)?)
    }

    /// Another model or template, or none. Answers the new assessment.
    pub fn choose(
        &mut self,
        model: Option<String>,
        template: Option<String>,
        now_ms: f64,
    ) -> Result<String, Unreadable> {
        self.0.choose(model, template, edge::instant(now_ms)?)
    }

    /// The draft as typed.
    pub fn draft(&self) -> Result<String, Unreadable> {
        self.0.draft()
    }

    /// The command that submits the draft.
    pub fn submission(&self) -> Result<String, Unreadable> {
        self.0.submission()
    }
}
