//! The JavaScript face: a handle that keeps policy, world and draft, so that a keystroke is one call.
//!
//! Text in, text out: both sides decode with the same serde_json code. An exception means input that is not of the
//! documented type; a refusal is a value.

use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::assessment::{Assessment, assess, assess_edit, submission};
use crate::change::Change;
use crate::draft::Draft;
use crate::id::{FieldId, ModelId, PersonId, RuleId, TemplateId};
use crate::log::{RULES_VERSION, Record, Stored};
use crate::permit::{Permission, permitted, waits_for};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::report::{Desk, Report, take};
use crate::time::Instant;
use crate::value::Value;
use crate::wire::{self, Decode};
use crate::world::World;

/// What is thrown: text that says what of the input could not be read.
type Thrown = String;

fn parse<T: Decode>(what: &str, json: &str) -> Result<T, Thrown> {
    wire::from_str(json).map_err(|error| format!("{what} is not of the documented type: {error}"))
}

fn print<T: Serialize>(document: &T) -> Result<String, Thrown> {
    serde_json::to_string(document).map_err(|error| error.to_string())
}

fn instant(now_ms: f64) -> Result<Instant, Thrown> {
    // Milliseconds since the epoch are whole and far below 2^53; anything else is refused by the range.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and the range check refuses what it made"
    )]
    let millis = now_ms as i64;
    Instant::from_millis(millis)
        .ok_or_else(|| format!("{now_ms} milliseconds is no instant of years 1 to 9999"))
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // A page without a random source cannot keep a log; the zeros would be found by nobody, so stop instead.
    if getrandom::fill(&mut bytes).is_err() {
        std::process::abort();
    }
    bytes
}

/// A fresh uuid of version 7.
///
/// # Source
/// RFC 9562, 5.7.
#[wasm_bindgen(js_name = newId)]
pub fn new_id(now_ms: f64) -> Result<String, Thrown> {
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

/// The version of the rules in this module.
#[wasm_bindgen(js_name = rulesVersion)]
#[must_use]
pub fn rules_version() -> u32 {
    RULES_VERSION
}

/// The core with everything it needs at hand.
#[wasm_bindgen]
pub struct Core {
    policy: Policy,
    world: World,
    person: PersonId,
    draft: Option<Draft>,
    assessment: Option<Assessment>,
    record: Record,
    edited: Option<Change>,
}

/// What a person sees of a change.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reading {
    change: Option<Change>,
    draft: Option<Draft>,
    permissions: Vec<Permission>,
    waits_for: Vec<RuleId>,
}

/// What became of a report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::large_enum_variant, reason = "made once, printed, dropped")]
enum Taken {
    Stored(Stored),
    Refusals(Vec<Refusal>),
}

#[wasm_bindgen]
impl Core {
    /// A handle for one person under one policy.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &str, world: &str, person: &str) -> Result<Core, Thrown> {
        Ok(Self {
            policy: parse("the policy", policy)?,
            world: parse("the world", world)?,
            person: PersonId::from(person),
            draft: None,
            assessment: None,
            record: Record::empty(),
            edited: None,
        })
    }

    /// The hash by which the policy is known.
    #[wasm_bindgen(js_name = policyHash)]
    #[must_use]
    pub fn policy_hash(&self) -> String {
        self.policy.hash().to_string()
    }

    /// What the host knows has changed.
    #[wasm_bindgen(js_name = setWorld)]
    pub fn set_world(&mut self, world: &str) -> Result<(), Thrown> {
        self.world = parse("the world", world)?;
        Ok(())
    }

    /// Begins or takes up a draft. Answers its assessment.
    pub fn open(&mut self, draft: &str, now_ms: f64) -> Result<String, Thrown> {
        self.draft = Some(parse("the draft", draft)?);
        self.edited = None;
        self.assess(now_ms)
    }

    /// Begins to edit the change that was read last. Answers the assessment of its content.
    pub fn edit(&mut self, now_ms: f64) -> Result<String, Thrown> {
        self.draft = self.record.draft();
        self.edited = self.record.readable();
        self.assess(now_ms)
    }

    /// One field gets another value, or none. Answers the new assessment.
    pub fn set(
        &mut self,
        field: &str,
        value: Option<String>,
        now_ms: f64,
    ) -> Result<String, Thrown> {
        let value: Option<Value> = value.map(|value| parse("the value", &value)).transpose()?;
        let draft = self
            .draft
            .as_mut()
            .ok_or("there is no draft, call open first")?;
        match value {
            Some(value) => draft.fields.insert(FieldId::from(field), value),
            None => draft.fields.remove(field),
        };
        self.assess(now_ms)
    }

    /// Another model or template, or none. Answers the new assessment.
    pub fn choose(
        &mut self,
        model: Option<String>,
        template: Option<String>,
        now_ms: f64,
    ) -> Result<String, Thrown> {
        let draft = self
            .draft
            .as_mut()
            .ok_or("there is no draft, call open first")?;
        draft.model = model.map(ModelId);
        draft.template = template.map(TemplateId);
        self.assess(now_ms)
    }

    /// The draft as typed.
    pub fn draft(&self) -> Result<String, Thrown> {
        print(
            self.draft
                .as_ref()
                .ok_or("there is no draft, call open first")?,
        )
    }

    /// The command that submits the draft.
    pub fn submission(&self) -> Result<String, Thrown> {
        let draft = self.draft.as_ref().zip(self.assessment.as_ref());
        let (draft, assessment) = draft.ok_or("there is no draft, call open first")?;
        print(&submission(draft, assessment, &self.world))
    }

    fn assess(&mut self, now_ms: f64) -> Result<String, Thrown> {
        let now = instant(now_ms)?;
        let draft = self
            .draft
            .as_ref()
            .ok_or("there is no draft, call open first")?;
        let assessment = match &self.edited {
            Some(change) => {
                assess_edit(&self.policy, change, draft, &self.person, now, &self.world)
            }
            None => assess(&self.policy, draft, &self.person, now, &self.world),
        };
        let json = print(&assessment);
        self.assessment = Some(assessment);
        json
    }

    /// Reads a change from its log: the change, its content as a draft, and what this person may do next.
    pub fn read(&mut self, log: &str, now_ms: f64) -> Result<String, Thrown> {
        let log: Vec<Stored> = parse("the log", log)?;
        self.record = Record::replay(&log).map_err(|broken| broken.to_string())?;
        let (policy, record, person, world) =
            (&self.policy, &self.record, &self.person, &self.world);
        let now = instant(now_ms)?;
        print(&Reading {
            change: record.readable(),
            draft: record.draft(),
            permissions: permitted(policy, record, person, now, world),
            waits_for: waits_for(policy, record, person, now, world),
        })
    }

    /// Takes a report as a host in the browser: what is to be stored, or every reason why not.
    pub fn take(
        &self,
        log: &str,
        report: &str,
        person: &str,
        now_ms: f64,
        number: Option<String>,
    ) -> Result<String, Thrown> {
        let log: Vec<Stored> = parse("the log", log)?;
        let record = Record::replay(&log).map_err(|broken| broken.to_string())?;
        let report: Report = parse("the report", report)?;
        let person = PersonId::from(person);
        let now = instant(now_ms)?;
        let desk = Desk {
            policy: &self.policy,
            record: &record,
            person: &person,
            now,
            world: &self.world,
            number: number.as_deref(),
        };
        let taken = take(&desk, &report, &mut random);
        print(&taken.map_or_else(
            |refusals| Taken::Refusals(refusals.into_vec()),
            Taken::Stored,
        ))
    }
}
