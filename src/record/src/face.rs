//! The JavaScript face of an opened change. See [`changegate::handle::Opened`].

use changegate::edge;
use changegate::handle::{By, Opened, Unreadable};
use changegate::log::RULES_VERSION;
use wasm_bindgen::prelude::wasm_bindgen;

/// See [`crate::verify`].
#[wasm_bindgen]
pub fn verify(log: &str, policies: &str) -> Result<String, Unreadable> {
    crate::verify(log, policies)
}

/// See [`crate::check`].
#[wasm_bindgen]
pub fn check(document: &str) -> Result<String, Unreadable> {
    crate::check(document)
}

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

/// The core as an opened change needs it: all that the form's has, and the log.
#[wasm_bindgen]
pub struct Core(Opened);

#[wasm_bindgen]
impl Core {
    /// A handle for one person under one policy.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &str, world: &str, person: &str) -> Result<Core, Unreadable> {
        Opened::new(policy, world, person).map(Self)
    }

    /// The hash by which the policy is known.
    #[wasm_bindgen(js_name = policyHash)]
    #[must_use]
    pub fn policy_hash(&self) -> String {
        self.0.policy_hash()
    }

    /// What the host knows has changed.
    #[wasm_bindgen(js_name = setWorld)]
    pub fn set_world(&mut self, world: &str) -> Result<(), Unreadable> {
        self.0.form().set_world(world)
    }

    /// Begins or takes up a draft. Answers its assessment.
    pub fn open(&mut self, draft: &str, now_ms: f64) -> Result<String, Unreadable> {
        self.0.form().open(draft, edge::instant(now_ms)?)
    }

    /// One field gets another value, or none. Answers the new assessment.
    pub fn set(
        &mut self,
        field: &str,
        value: Option<String>,
        now_ms: f64,
    ) -> Result<String, Unreadable> {
        self.0
            .form()
            .set(field, value.as_deref(), edge::instant(now_ms)?)
    }

    /// Another model or template, or none. Answers the new assessment.
    pub fn choose(
        &mut self,
        model: Option<String>,
        template: Option<String>,
        now_ms: f64,
    ) -> Result<String, Unreadable> {
        self.0
            .form()
            .choose(model, template, edge::instant(now_ms)?)
    }

    /// The draft as typed.
    pub fn draft(&mut self) -> Result<String, Unreadable> {
        self.0.form().draft()
    }

    /// The command that submits the draft.
    pub fn submission(&mut self) -> Result<String, Unreadable> {
        self.0.form().submission()
    }

    /// Reads a change from its log: the change, its content as a draft, and what this person may do next.
    pub fn read(&mut self, log: &str, now_ms: f64) -> Result<String, Unreadable> {
        self.0.read(log, edge::instant(now_ms)?)
    }

    /// Begins to edit the change that was read last. Answers the assessment of its content.
    pub fn edit(&mut self, now_ms: f64) -> Result<String, Unreadable> {
        self.0.edit(edge::instant(now_ms)?)
    }

    /// Reads a record that is of no change.
    #[wasm_bindgen(js_name = readOther)]
    pub fn read_other(&self, log: &str, now_ms: f64) -> Result<String, Unreadable> {
        self.0.read_other(log, edge::instant(now_ms)?)
    }

    /// Of which models this person may propose templates, and by which samples.
    pub fn proposable(&self, now_ms: f64) -> Result<String, Unreadable> {
        self.0.proposable(edge::instant(now_ms)?)
    }

    /// Of which boards this person may call a meeting.
    pub fn callable(&self, now_ms: f64) -> Result<String, Unreadable> {
        self.0.callable(edge::instant(now_ms)?)
    }

    /// What a board should look at, of the changes with these logs.
    pub fn agenda(
        &self,
        board: &str,
        logs: &str,
        last_ms: Option<f64>,
        now_ms: f64,
    ) -> Result<String, Unreadable> {
        let last = last_ms.map(edge::instant).transpose()?;
        self.0.agenda(board, logs, last, edge::instant(now_ms)?)
    }

    /// Every board as the person has to do with it, by the changes with these logs.
    pub fn boards(&self, logs: &str, now_ms: f64) -> Result<String, Unreadable> {
        self.0.boards(logs, edge::instant(now_ms)?)
    }

    /// What a host in the browser does by its own hand with the change of this log.
    #[wasm_bindgen(js_name = dueOfHost)]
    pub fn due_of_host(&self, log: &str, now_ms: f64) -> Result<String, Unreadable> {
        self.0.due_of_host(log, edge::instant(now_ms)?)
    }

    /// Takes a report as a host in the browser: what is to be stored, or every reason why not. Without a person, what the host
    /// itself wants.
    pub fn take(
        &self,
        log: &str,
        report: &str,
        person: Option<String>,
        now_ms: f64,
        number: Option<String>,
    ) -> Result<String, Unreadable> {
        let by = By {
            person: person.as_deref(),
            now: edge::instant(now_ms)?,
            number: number.as_deref(),
        };
        self.0.take(log, report, by, &mut edge::random)
    }
}
