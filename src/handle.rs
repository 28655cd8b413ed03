//! What a page holds: policy, world and draft stay on this side, so that a keystroke is one call.
//!
//! Text in, text out: page and host read the same text by the same code. An error means input that is not of the
//! documented type; a refusal is a value.

use serde::Serialize;

use crate::assessment::{Assessment, Edited, assess, submission};
use crate::catalogue::{Sample, Standing, standing};
use crate::draft::Draft;
use crate::due::due_of_host;
use crate::id::{FieldId, ModelId, PersonId, TemplateId};
use crate::log::{Broken, Record, Stored};
use crate::meeting::{AgendaCase, agenda, boards};
use crate::other::Other;
use crate::policy::Policy;
use crate::reading::read;
use crate::refusal::Refusal;
use crate::report::{Desk, Report, take, take_by_host};
use crate::steps::{StepPermission, callable, proposable, samples_named, steps};
use crate::time::Instant;
use crate::value::Value;
use crate::wire::{self, Decode};
use crate::world::{Template, World};

/// What of the input could not be read.
pub type Unreadable = String;

const NO_DRAFT: &str = "there is no draft, call open first";

fn parse<T: Decode>(what: &str, json: &str) -> Result<T, Unreadable> {
    wire::from_str(json).map_err(|fault| misfit(what, &fault))
}

fn misfit(what: &str, fault: &wire::Fault) -> Unreadable {
    format!("{what} is not of the documented type: {fault}")
}

fn print<T: Serialize>(document: &T) -> Result<String, Unreadable> {
    serde_json::to_string(document).map_err(|error| error.to_string())
}

/// The form: a draft being written, or the content of a change being edited.
#[derive(Debug)]
pub struct Form {
    policy: Policy,
    world: World,
    person: PersonId,
    draft: Option<Draft>,
    assessment: Option<Assessment>,
    /// The open change whose content is edited. Behind a trait, so that a module that only writes drafts holds no changes.
    edited: Option<Box<dyn Edited>>,
}

impl Form {
    /// A form for one person under one policy.
    ///
    /// # Errors
    /// Where policy or world is not of its documented type.
    pub fn new(policy: &str, world: &str, person: &str) -> Result<Self, Unreadable> {
        let (policy, world) = (parse("the policy", policy)?, parse("the world", world)?);
        Ok(Self {
            policy,
            world,
            person: PersonId::from(person),
            draft: None,
            assessment: None,
            edited: None,
        })
    }

    /// What the host knows has changed.
    ///
    /// # Errors
    /// Where it is not of its documented type.
    pub fn set_world(&mut self, world: &str) -> Result<(), Unreadable> {
        self.world = parse("the world", world)?;
        Ok(())
    }

    /// Begins or takes up a draft. Answers its assessment.
    ///
    /// # Errors
    /// Where it is not of its documented type.
    pub fn open(&mut self, draft: &str, now: Instant) -> Result<String, Unreadable> {
        self.draft = Some(parse("the draft", draft)?);
        self.edited = None;
        self.assess(now)
    }

    /// One field gets another value, or none. Answers the new assessment.
    ///
    /// # Errors
    /// Where the value is none that a field can hold, or there is no draft.
    pub fn set(
        &mut self,
        field: &str,
        value: Option<&str>,
        now: Instant,
    ) -> Result<String, Unreadable> {
        let value: Option<Value> = value.map(|value| parse("the value", value)).transpose()?;
        let draft = self.draft.as_mut().ok_or(NO_DRAFT)?;
        match value {
            Some(value) => draft.fields.insert(FieldId::from(field), value),
            None => draft.fields.remove(field),
        };
        self.assess(now)
    }

    /// Another model or template, or none. Answers the new assessment.
    ///
    /// # Errors
    /// Where there is no draft.
    pub fn choose(
        &mut self,
        model: Option<String>,
        template: Option<String>,
        now: Instant,
    ) -> Result<String, Unreadable> {
        let draft = self.draft.as_mut().ok_or(NO_DRAFT)?;
        draft.model = model.map(ModelId);
        draft.template = template.map(TemplateId);
        self.assess(now)
    }

    /// The draft as typed.
    ///
    /// # Errors
    /// Where there is none.
    pub fn draft(&self) -> Result<String, Unreadable> {
        print(self.draft.as_ref().ok_or(NO_DRAFT)?)
    }

    /// The command that submits the draft.
    ///
    /// # Errors
    /// Where there is none.
    pub fn submission(&self) -> Result<String, Unreadable> {
        let (draft, assessment) = self
            .draft
            .as_ref()
            .zip(self.assessment.as_ref())
            .ok_or(NO_DRAFT)?;
        print(&submission(draft, assessment, &self.world))
    }

    fn assess(&mut self, now: Instant) -> Result<String, Unreadable> {
        let Self {
            policy,
            world,
            person,
            draft,
            edited,
            ..
        } = &*self;
        let draft = draft.as_ref().ok_or(NO_DRAFT)?;
        let assessment = match edited {
            Some(change) => change.assess(policy, draft, person, now, world),
            None => assess(policy, draft, person, now, world),
        };
        let json = print(&assessment);
        self.assessment = Some(assessment);
        json
    }
}

/// A change that was opened: read from its log, edited, and decided upon.
#[derive(Debug)]
pub struct Opened {
    form: Form,
    record: Record,
}

/// A record that is of no change.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OtherReading {
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Other>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<Standing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<Template>,
    /// What this person may do with it next.
    steps: Vec<StepPermission>,
    /// What the samples of a version that waits come to.
    samples: Vec<Sample>,
}

/// What became of a report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::large_enum_variant, reason = "made once, printed, dropped")]
enum Taken {
    Stored(Stored),
    Refusals(Vec<Refusal>),
}

impl Opened {
    /// A handle for one person under one policy.
    ///
    /// # Errors
    /// Where policy or world is not of its documented type.
    pub fn new(policy: &str, world: &str, person: &str) -> Result<Self, Unreadable> {
        let mut form = Form::new(policy, world, person)?;
        let settled = form.policy.settle();
        settled.map_err(|fault| misfit("the policy", &fault))?;
        Ok(Self {
            form,
            record: Record::empty(),
        })
    }

    /// The form over its content.
    pub const fn form(&mut self) -> &mut Form {
        &mut self.form
    }

    /// The hash by which the policy is known.
    #[must_use]
    pub fn policy_hash(&self) -> String {
        self.form.policy.hash().to_string()
    }

    /// Reads a change from its log: the change, its content as a draft, and what this person may do next.
    ///
    /// # Errors
    /// Where the log is not of its documented type, or its chain does not hold.
    pub fn read(&mut self, log: &str, now: Instant) -> Result<String, Unreadable> {
        self.record = replay(log)?;
        let Self {
            record,
            form:
                Form {
                    policy,
                    person,
                    world,
                    ..
                },
        } = &*self;
        print(&read(policy, record, person, now, world))
    }

    /// Begins to edit the change that was read last. Answers the assessment of its content.
    ///
    /// # Errors
    /// Where none was read.
    pub fn edit(&mut self, now: Instant) -> Result<String, Unreadable> {
        self.form.draft = self.record.draft();
        let change = self.record.readable();
        self.form.edited = change.map(|change| Box::new(change) as Box<dyn Edited>);
        self.form.assess(now)
    }

    /// Reads a record that is of no change: what it is of, what this person may do with it next, and of a template how far it
    /// is trusted.
    ///
    /// # Errors
    /// Where the log is not of its documented type, or its chain does not hold.
    pub fn read_other(&self, log: &str, now: Instant) -> Result<String, Unreadable> {
        let Form { policy, world, .. } = &self.form;
        let kept = replay(log)?;
        let desk = self.desk(&kept, now);
        let record = kept.readable_other();
        let template = record.as_ref().and_then(Other::template);
        let standing = template.map(|known| standing(policy, known, &world.runs, now));
        let shown = template.zip(standing.clone());
        print(&OtherReading {
            template: shown.and_then(|(known, standing)| known.shown(standing)),
            record,
            standing,
            steps: steps(&desk),
            samples: samples_named(&desk),
        })
    }

    /// Of which models this person may propose templates, and by which samples.
    ///
    /// # Errors
    /// Never; the answer is printed like the others.
    pub fn proposable(&self, now: Instant) -> Result<String, Unreadable> {
        print(&proposable(&self.desk(&Record::empty(), now)))
    }

    const fn desk<'a>(&'a self, record: &'a Record, now: Instant) -> Desk<'a> {
        let Form {
            policy,
            world,
            person,
            ..
        } = &self.form;
        Desk {
            policy,
            record,
            person,
            now,
            world,
            number: None,
        }
    }

    /// Of which boards this person may call a meeting.
    ///
    /// # Errors
    /// That it cannot be written.
    pub fn callable(&self, now: Instant) -> Result<String, Unreadable> {
        print(&callable(&self.desk(&Record::empty(), now)))
    }

    /// What a board should look at, of the changes with these logs: a JSON array of logs.
    ///
    /// # Errors
    /// Where a log is not of its documented type, or its chain does not hold.
    pub fn agenda(
        &self,
        board: &str,
        logs: &str,
        last: Option<Instant>,
        now: Instant,
    ) -> Result<String, Unreadable> {
        let Form {
            policy,
            world,
            person,
            ..
        } = &self.form;
        let logs: Vec<Vec<Stored>> = parse("the logs", logs)?;
        let records = logs.iter().map(|log| {
            let before = last.map(|last| Record::as_of(log, last)).transpose()?;
            Ok((Record::replay(log)?, before.flatten()))
        });
        let records: Vec<(Record, Option<Record>)> = records
            .collect::<Result<_, Broken>>()
            .map_err(|broken| broken.to_string())?;
        let cases: Vec<_> = records
            .iter()
            .filter(|(record, _)| record.keeps() == Some(policy.hash()))
            .map(|(record, before)| AgendaCase {
                policy,
                record,
                before: before.as_ref(),
            })
            .collect();
        let board = policy
            .boards
            .iter()
            .find(|known| known.id.as_str() == board);
        let items = board.map(|board| agenda(board, last, &cases, person, now, world));
        print(&items.unwrap_or_default())
    }

    /// Every board as the person has to do with it, by the changes with these logs: their own first, then those for which most
    /// waits.
    ///
    /// # Errors
    /// Where a log is not of its documented type, or its chain does not hold.
    pub fn boards(&self, logs: &str, now: Instant) -> Result<String, Unreadable> {
        let Form {
            policy,
            world,
            person,
            ..
        } = &self.form;
        let logs: Vec<Vec<Stored>> = parse("the logs", logs)?;
        let records = logs.iter().map(|log| Record::replay(log));
        let records: Vec<Record> = records
            .collect::<Result<_, Broken>>()
            .map_err(|broken| broken.to_string())?;
        let cases: Vec<_> = records
            .iter()
            .filter(|record| record.keeps() == Some(policy.hash()))
            .map(|record| AgendaCase {
                policy,
                record,
                before: None,
            })
            .collect();
        print(&boards(policy, &cases, person, now, world))
    }

    /// What a host in the browser does by its own hand with the change of this log: a JSON array of commands.
    ///
    /// # Errors
    /// Where the log is not of its documented type, or the chain does not hold.
    pub fn due_of_host(&self, log: &str, now: Instant) -> Result<String, Unreadable> {
        let Form { policy, world, .. } = &self.form;
        print(&due_of_host(policy, &replay(log)?, world, now))
    }

    /// Takes a report as a host in the browser: what is to be stored, or every reason why not.
    ///
    /// # Errors
    /// Where log or report is not of its documented type, or the chain does not hold.
    pub fn take(
        &self,
        log: &str,
        report: &str,
        by: By<'_>,
        salts: &mut dyn FnMut() -> [u8; 16],
    ) -> Result<String, Unreadable> {
        let record = replay(log)?;
        let report: Report = parse("the report", report)?;
        let person = PersonId::from(by.person.unwrap_or_default());
        let Form { policy, world, .. } = &self.form;
        let desk = Desk {
            policy,
            record: &record,
            person: &person,
            now: by.now,
            world,
            number: by.number,
        };
        let taken = if by.person.is_some() {
            take(&desk, &report, salts)
        } else {
            take_by_host(&desk, &report, salts)
        };
        print(&taken.map_or_else(
            |refusals| Taken::Refusals(refusals.into_vec()),
            Taken::Stored,
        ))
    }
}

/// Who reports, when, and the spoken number for a submission.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Who is signed in; none where the host itself wants it.
    pub person: Option<&'a str>,
    /// The host's time.
    pub now: Instant,
    /// The next spoken number.
    pub number: Option<&'a str>,
}

fn replay(log: &str) -> Result<Record, Unreadable> {
    let log: Vec<Stored> = parse("the log", log)?;
    Record::replay(&log).map_err(|broken| broken.to_string())
}
