//! The catalogue: templates of standard changes, each with a log of its own, and how far each is trusted.
//!
//! A template is proposed with its samples, agreed to by others than its proposer, and used from then on. What its runs
//! come to decides whether it may still be used: see [`standing`].

mod decide;
mod evolve;
mod sample;
mod standing;

use serde::Serialize;

use crate::change::Said;
use crate::draft::Content;
use crate::id::{ChangeId, FieldId, LevelId, ModelId, PersonId, ServiceId, TemplateId};
use crate::map::Map;
use crate::policy::{Policy, TrustRule};
use crate::text::Text;
use crate::time::Instant;
use crate::value::{Digest, Value, Words};
use crate::wire::Decode;
use crate::world::Run;
use crate::world::Template;

pub(crate) use decide::decide;
pub use evolve::evolve;
pub use sample::{Sample, SampleFault, sample, samples};
pub use standing::{Next, Progress, RunRef, Standing, TemplateStatus, standing};

/// What a template fixes and leaves to its user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateContent {
    /// The model that it is a template of.
    pub model: ModelId,
    /// Its name, by BCP 47 tag.
    pub name: Map<String, Words>,
    /// What it fixes.
    pub fields: Content,
    /// What its user fills.
    pub open: Vec<FieldId>,
    /// For which services and windows it may be used, where it fixes neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<Coverage>,
}

/// For what a template may be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Coverage {
    /// Only for these services; empty, for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceId>,
    /// Only in windows of at most so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_min: Option<u32>,
}

/// What somebody wants of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum TemplateStep {
    /// Propose one.
    Propose {
        /// Its id in the catalogue.
        template: TemplateId,
        /// The language in which it was written.
        language: String,
        /// What it is.
        content: TemplateContent,
        /// The level with which it is to be approved; left out, what the policy makes of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<LevelId>,
        /// Changes of the same kind that went well before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        samples: Vec<ChangeId>,
    },
    /// Propose a new version; the old one stays in use until the new one is agreed to.
    Revise {
        /// The language in which it was written.
        language: String,
        /// What it would be.
        content: TemplateContent,
        /// The level with which it is to be approved; left out, what the policy makes of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<LevelId>,
        /// Changes of the same kind that went well before, where they are asked for again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        samples: Vec<ChangeId>,
    },
    /// Agree to what is proposed.
    Agree {
        /// The version that was seen.
        version: u32,
        /// The hash of what was seen.
        content_hash: Digest,
    },
    /// Say no to what is proposed.
    Decline {
        /// The version that was seen.
        version: u32,
        /// Why.
        reason: Words,
    },
    /// Let nobody use it for now.
    Suspend {
        /// Why.
        reason: Words,
    },
    /// Let it be used again; its trust begins anew.
    Reinstate {
        /// Why.
        reason: Words,
    },
    /// Give it up.
    Retire {
        /// Why.
        reason: Words,
    },
    /// Take it over from the host's file. The host's.
    Import {
        /// As the file has it.
        template: TemplateId,
        /// Its version there.
        version: u32,
        /// What it is.
        content: TemplateContent,
        /// The level it was approved with.
        level: LevelId,
        /// Whether it may be used.
        active: bool,
        /// How often its kind was carried out with success, as the file counts.
        successes: u32,
        /// How often without.
        failures: u32,
    },
    /// Record that the figures suspend it, or that it expired. The host's.
    Lapse {},
    /// Record that its probation is over. The host's.
    Promote {},
}

/// What a host records of a template by its own hand: that the figures ended its trust, or its probation; none where the
/// record says already what they say.
#[must_use]
pub fn lapse_of(
    policy: &Policy,
    record: &TemplateRecord,
    runs: &[Run],
    now: Instant,
) -> Option<TemplateStep> {
    let ended = record.lapsed.is_some() || record.suspended.is_some() || record.retired.is_some();
    match standing(policy, record, runs, now).status {
        TemplateStatus::Suspended | TemplateStatus::Expired if !ended => {
            Some(TemplateStep::Lapse {})
        }
        TemplateStatus::Active if record.probation_from.is_some() => Some(TemplateStep::Promote {}),
        TemplateStatus::Proposed
        | TemplateStatus::Active
        | TemplateStatus::Probation
        | TemplateStatus::Suspended
        | TemplateStatus::Expired
        | TemplateStatus::Retired => None,
    }
}

impl TemplateStep {
    /// The ids that it names, those of its fields aside.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        let content = self.content().into_iter();
        let named = content.flat_map(|content| {
            let open = content.open.iter().map(|field| field.as_str());
            std::iter::once(content.model.as_str()).chain(open)
        });
        let samples = self.samples().iter().map(|change| change.as_str());
        let template = if let Self::Propose { template, .. } | Self::Import { template, .. } = self
        {
            Some(template.as_str())
        } else {
            None
        };
        template.into_iter().chain(named).chain(samples).collect()
    }
}

/// What happened to a template. Free text is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum TemplateEvent {
    /// A version was proposed.
    Proposed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Its id in the catalogue.
        template: TemplateId,
        /// Which version.
        version: u32,
        /// What it would be.
        content: TemplateContent,
        /// The hash of that.
        content_hash: Digest,
        /// The level with which it is to be approved.
        level: LevelId,
        /// Changes of the same kind that went well before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        samples: Vec<ChangeId>,
    },
    /// Somebody agreed to it.
    Agreed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// To which version.
        version: u32,
    },
    /// It is in use from now on.
    Activated {
        /// When.
        at: Instant,
        /// Which version.
        version: u32,
        /// Whether its trust begins anew, because there was none before.
        anew: bool,
    },
    /// Somebody said no to it.
    Declined {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// To which version.
        version: u32,
        /// Why.
        reason: Words,
    },
    /// Nobody may use it for now.
    Suspended {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Why.
        reason: Words,
    },
    /// It may be used again; its trust begins anew.
    Reinstated {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Why.
        reason: Words,
    },
    /// It was given up.
    Retired {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Why.
        reason: Words,
    },
    /// It was taken over from the host's file.
    Imported {
        /// When.
        at: Instant,
        /// Its id in the catalogue.
        template: TemplateId,
        /// Its version there.
        version: u32,
        /// What it is.
        content: TemplateContent,
        /// The hash of that.
        content_hash: Digest,
        /// The level it was approved with.
        level: LevelId,
        /// Whether it may be used.
        active: bool,
        /// How often its kind was carried out with success, as the file counts.
        successes: u32,
        /// How often without.
        failures: u32,
    },
    /// The figures suspended it, or it expired.
    Lapsed {
        /// When.
        at: Instant,
        /// To what it came.
        status: TemplateStatus,
        /// The runs that caused it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        because: Vec<RunRef>,
    },
    /// Its probation is over.
    Promoted {
        /// When.
        at: Instant,
    },
}

/// A template, as its log made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateRecord {
    /// Its record.
    pub id: ChangeId,
    /// Its id in the catalogue.
    pub template: TemplateId,
    /// The version in use; none before one was agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<TemplateVersion>,
    /// The version that waits for a yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<TemplateVersion>,
    /// The last no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<TemplateDeclined>,
    /// Who suspended it, when and why; none while nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<Said>,
    /// That the figures suspended it, or that it expired; none while they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed: Option<Lapse>,
    /// Who gave it up, when and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<Said>,
    /// Since when its failures count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trusted_from: Option<Instant>,
    /// Since when it is on probation; none where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probation_from: Option<Instant>,
    /// When people last looked at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_at: Option<Instant>,
    /// Successes that a file counted before it had a record.
    pub successes_before: u32,
    /// Failures that a file counted before it had a record.
    pub failures_before: u32,
}

/// One version of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateVersion {
    /// Which.
    pub version: u32,
    /// What it is. Texts are sealed until the values beside the log are put back.
    pub content: TemplateContent,
    /// The hash of that.
    pub content_hash: Digest,
    /// The level of what it fixes.
    pub level: LevelId,
    /// Changes of the same kind that went well before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<ChangeId>,
    /// Who proposed it; none where it was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<PersonId>,
    /// When.
    pub proposed_at: Instant,
    /// Who agreed to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed_by: Vec<PersonId>,
}

/// A no to a version of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateDeclined {
    /// To which version.
    pub version: u32,
    /// Who, when and why.
    pub said: Said,
}

/// That the figures ended the trust in a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lapse {
    /// To what it came.
    pub status: TemplateStatus,
    /// When.
    pub at: Instant,
    /// The runs that caused it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<RunRef>,
}

impl Policy {
    /// The rule by which templates of a model are trusted: the first that governs it.
    #[must_use]
    pub fn trust_in(&self, model: &ModelId) -> Option<&TrustRule> {
        self.trust.iter().find(|rule| rule.model == *model)
    }
}

impl TemplateContent {
    fn words_mut(&mut self) -> impl Iterator<Item = &mut Words> {
        self.name.values_mut()
    }
}

/// The words of a step beside the fields, shared or to be changed.
macro_rules! words_of {
    ($step:expr, $values:ident) => {
        match $step {
            TemplateStep::Propose { content, .. }
            | TemplateStep::Revise { content, .. }
            | TemplateStep::Import { content, .. } => content.name.$values().collect(),
            TemplateStep::Decline { reason, .. }
            | TemplateStep::Suspend { reason }
            | TemplateStep::Reinstate { reason }
            | TemplateStep::Retire { reason } => vec![reason],
            TemplateStep::Agree { .. } | TemplateStep::Lapse {} | TemplateStep::Promote {} => {
                Vec::new()
            }
        }
    };
}

impl TemplateStep {
    /// What it would make of the template.
    #[must_use]
    pub const fn content(&self) -> Option<&TemplateContent> {
        match self {
            Self::Propose { content, .. }
            | Self::Revise { content, .. }
            | Self::Import { content, .. } => Some(content),
            Self::Agree { .. }
            | Self::Decline { .. }
            | Self::Suspend { .. }
            | Self::Reinstate { .. }
            | Self::Retire { .. }
            | Self::Lapse {}
            | Self::Promote {} => None,
        }
    }

    /// The languages that it names: the one in which it was written, and those of the names in it.
    #[must_use]
    pub fn languages(&self) -> Vec<&str> {
        let written = match self {
            Self::Propose { language, .. } | Self::Revise { language, .. } => Some(language),
            Self::Agree { .. }
            | Self::Decline { .. }
            | Self::Suspend { .. }
            | Self::Reinstate { .. }
            | Self::Retire { .. }
            | Self::Import { .. }
            | Self::Lapse {}
            | Self::Promote {} => None,
        };
        let named = self.content().into_iter();
        let named = named.flat_map(|content| content.name.keys());
        written
            .into_iter()
            .chain(named)
            .map(String::as_str)
            .collect()
    }

    /// The changes that it names as samples.
    #[must_use]
    pub fn samples(&self) -> &[ChangeId] {
        match self {
            Self::Propose { samples, .. } | Self::Revise { samples, .. } => samples,
            Self::Agree { .. }
            | Self::Decline { .. }
            | Self::Suspend { .. }
            | Self::Reinstate { .. }
            | Self::Retire { .. }
            | Self::Import { .. }
            | Self::Lapse {}
            | Self::Promote {} => &[],
        }
    }

    /// Its free words, those of its fields aside.
    #[must_use]
    pub fn words(&self) -> Vec<&Words> {
        words_of!(self, values)
    }

    /// The same, to be changed.
    pub fn words_mut(&mut self) -> Vec<&mut Words> {
        words_of!(self, values_mut)
    }

    /// The fields that it fixes.
    #[must_use]
    pub fn values(&self) -> Vec<(&FieldId, &Value)> {
        self.content()
            .map(|content| content.fields.iter().collect())
            .unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn values_mut(&mut self) -> Vec<(&FieldId, &mut Value)> {
        match self {
            Self::Propose { content, .. }
            | Self::Revise { content, .. }
            | Self::Import { content, .. } => content.fields.iter_mut().collect(),
            Self::Agree { .. }
            | Self::Decline { .. }
            | Self::Suspend { .. }
            | Self::Reinstate { .. }
            | Self::Retire { .. }
            | Self::Lapse {}
            | Self::Promote {} => Vec::new(),
        }
    }
}

impl TemplateRecord {
    /// Its versions that stand: the one in use, and the one that waits.
    pub(crate) fn versions_mut(&mut self) -> impl Iterator<Item = &mut TemplateVersion> {
        self.agreed.iter_mut().chain(self.proposed.iter_mut())
    }

    /// Everything that was said, its fields aside.
    pub(crate) fn words_mut(&mut self) -> Vec<&mut Words> {
        let mut words: Vec<&mut Words> = Vec::new();
        let versions = self.agreed.iter_mut().chain(self.proposed.iter_mut());
        words.extend(versions.flat_map(|version| version.content.words_mut()));
        words.extend(self.declined.iter_mut().map(|no| &mut no.said.text));
        words.extend(self.suspended.iter_mut().map(|said| &mut said.text));
        words.extend(self.retired.iter_mut().map(|said| &mut said.text));
        words
    }

    /// The version in use, else the one that waits for its first yes.
    #[must_use]
    pub fn current(&self) -> Option<&TemplateVersion> {
        self.agreed.as_ref().or(self.proposed.as_ref())
    }

    /// It as the catalogue shows it, from a record whose texts were put back; none where nothing of it is left.
    #[must_use]
    pub fn shown(&self, standing: Standing) -> Option<Template> {
        let TemplateVersion {
            version,
            content,
            level,
            ..
        } = self.current()?;
        let worded = content.name.iter().map(|(language, words)| {
            let text = match words {
                Words::Plain(text) => text.clone(),
                Words::Sealed(_) => String::new(),
            };
            (language.clone(), text)
        });
        Some(Template {
            id: self.template.clone(),
            version: *version,
            name: Text(worded.collect()),
            model: content.model.clone(),
            active: standing.status.is_usable(),
            successes: standing.successes,
            failures: standing.failures,
            level: level.clone(),
            fields: content.fields.clone(),
            open: content.open.clone(),
            covers: content.covers.clone(),
            record: Some(self.id.clone()),
            standing: Some(standing),
        })
    }
}
