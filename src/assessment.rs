//! Everything the form shows, worked out on every keystroke.

use std::borrow::Cow;

use serde::Serialize;

use crate::change::Change;
use crate::decide::{acts_of_submission, edited_in};
use crate::draft::{Content, Draft};
use crate::evaluate::{Progress, Scene, Subject, evaluate};
use crate::event::RequiredApproval;
use crate::facts::{Conflicts, Facts, LeadTimeFact, Planned, Reading, gather};
use crate::finding::{Finding, FindingCode, Severity};
use crate::id::{FieldId, LevelId, ModelId, OptionId, PersonId, RuleId, TemplateId};
use crate::policy::{Act, ChangeModel, Phase, Policy};
use crate::report::{planned, roles};
use crate::rules::Rules;
use crate::text::Text;
use crate::time::Instant;
use crate::wire::Decode;
use crate::world::World;

/// What the form shows of a draft, or of the content of an open change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assessment {
    /// The fields that are shown, in the policy's order.
    pub visible: Vec<FieldId>,
    /// Those of them that must be filled, sooner or later.
    pub required: Vec<FieldId>,
    /// Those that a template has fixed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<FieldId>,
    /// The model: chosen, else proposed.
    pub model: ModelId,
    /// What the form proposes, and why.
    pub proposal: ProposalMade,
    /// What is wrong, by field order.
    pub findings: Vec<Finding>,
    /// Whether the core would take it now.
    pub ready: bool,
    /// How risky it is, and why.
    pub risk: RiskAssessment,
    /// Whose yes it will need, in order of stage.
    pub approvals: Vec<RequiredApproval>,
    /// What the window collides with; none where there is no window yet or it could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicts: Option<Conflicts>,
    /// Time to the planned start, where one is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_time: Option<LeadTimeFact>,
    /// The earliest start that the model's lead time allows; none where it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Instant>,
}

/// The model that the form proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProposalMade {
    /// Which.
    pub model: ModelId,
    /// Why.
    pub because: Text,
}

/// How risky, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskAssessment {
    /// The level: the highest that any engine gives.
    pub level: LevelId,
    /// The points of the weighted questions.
    pub points: i64,
    /// The most points there could be.
    pub most_points: i64,
    /// What went into it, the heaviest first.
    pub contributions: Vec<Contribution>,
    /// How many questions are unanswered and count as their worst.
    pub unanswered: u32,
}

/// One thing that raises risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Contribution {
    /// An answer.
    Question {
        /// To which question.
        field: FieldId,
        /// The answer; none where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<OptionId>,
        /// Its points.
        points: i64,
        /// The most that an answer could give.
        most: i64,
    },
    /// The level that the sum of points makes.
    Points {
        /// The level.
        level: LevelId,
    },
    /// A condition that sets a least level.
    Floor {
        /// Which.
        rule: RuleId,
        /// The level.
        level: LevelId,
        /// Whether it holds only because something is not answered or not known.
        unknown: bool,
    },
    /// Impact by likelihood.
    Matrix {
        /// The level.
        level: LevelId,
        /// Whether it is the worst of its rows because something is not answered.
        unknown: bool,
    },
    /// The level that a template was approved with.
    Template {
        /// The level.
        level: LevelId,
    },
}

/// Assesses a draft, or the content of an open change that is being edited.
#[must_use]
pub fn assess(
    policy: &Policy,
    draft: &Draft,
    person: &PersonId,
    now: Instant,
    world: &World,
) -> Assessment {
    let acts = acts_of_submission(person);
    Sitting {
        policy,
        draft,
        requester: person,
        actor: person,
        now,
        world,
        acts: &acts,
        open: None,
    }
    .assess()
}

/// An open change whose content is edited.
pub trait Edited: std::fmt::Debug {
    /// Assesses an edit: `draft` is the content as it would then stand.
    fn assess(
        &self,
        policy: &Policy,
        draft: &Draft,
        person: &PersonId,
        now: Instant,
        world: &World,
    ) -> Assessment;
}

impl Edited for Change {
    fn assess(
        &self,
        policy: &Policy,
        draft: &Draft,
        person: &PersonId,
        now: Instant,
        world: &World,
    ) -> Assessment {
        let mut acts = self.acts.clone();
        let is_material = is_material(policy, self, draft);
        if is_material {
            acts.push((Act::Wrote, person.clone()));
        }
        let model = policy.model(self.model.as_str());
        Sitting {
            policy,
            draft,
            requester: &self.requester,
            actor: person,
            now,
            world,
            acts: &acts,
            open: Some(Open {
                change: self,
                model: &self.model,
                planned: planned(policy, self),
                phase: model.map_or(self.phase, |model| {
                    edited_in(model, self.phase, is_material)
                }),
            }),
        }
        .assess()
    }
}

/// What an assessment reads of an open change.
struct Open<'a> {
    change: &'a dyn Progress,
    model: &'a ModelId,
    planned: Option<Planned>,
    phase: Phase,
}

/// Whether an edit changes what approvals are bound to.
fn is_material(policy: &Policy, change: &Change, draft: &Draft) -> bool {
    let material = policy.fields.iter().filter(|field| !field.immaterial);
    material
        .into_iter()
        .any(|field| change.fields.get(&field.id) != draft.fields.get(&field.id))
}

/// The command that submits a draft, as [`Command::Submit`] is written. A type of its own, so that the form's module does not
/// hold how every other command is written.
///
/// [`Command::Submit`]: crate::command::Command::Submit
#[derive(Serialize)]
#[serde(tag = "type", rename = "submit", rename_all = "camelCase")]
pub struct Submission<'a> {
    model: &'a ModelId,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<&'a TemplateId>,
    language: &'a str,
    fields: Content,
}

/// The command that submits a draft: of its fields those that are asked and filled, with what its template fixes.
#[must_use]
pub fn submission<'a>(
    draft: &'a Draft,
    assessment: &'a Assessment,
    world: &World,
) -> Submission<'a> {
    let mut fields = content(draft, world).into_owned();
    fields.retain(|field, value| value.is_filled() && assessment.visible.contains(field));
    Submission {
        model: &assessment.model,
        template: draft.template.as_ref(),
        language: &draft.language,
        fields,
    }
}

/// What is assessed, for whom and when.
struct Sitting<'a> {
    policy: &'a Policy,
    draft: &'a Draft,
    requester: &'a PersonId,
    actor: &'a PersonId,
    now: Instant,
    world: &'a World,
    acts: &'a [(Act, PersonId)],
    open: Option<Open<'a>>,
}

/// What was typed, with what the template fixes.
fn content<'a>(draft: &'a Draft, world: &World) -> Cow<'a, Content> {
    let template = draft
        .template
        .as_ref()
        .and_then(|template| world.template(template));
    let mut content = Cow::Borrowed(&draft.fields);
    if let Some(template) = template {
        content.to_mut().extend(template.fields.clone());
    }
    content
}

impl Sitting<'_> {
    fn assess(&self) -> Assessment {
        let content = content(self.draft, self.world);
        let chosen = self
            .open
            .as_ref()
            .map(|open| open.model)
            .or(self.draft.model.as_ref());
        let chosen = chosen.and_then(|model| self.policy.model(model.as_str()));
        let Some(first) = chosen.or_else(|| self.policy.models.first()) else {
            return nothing();
        };
        let facts = self.facts(first, &content);
        let proposal = self.proposal(first, &content, &facts);
        let proposed = proposal
            .as_ref()
            .and_then(|proposal| self.policy.model(proposal.model.as_str()));
        let model = chosen.or(proposed).unwrap_or(first);
        let facts = if model.id == first.id {
            facts
        } else {
            self.facts(model, &content)
        };
        self.of_model(model, &content, &facts, proposal)
    }

    fn facts(&self, model: &ChangeModel, content: &Content) -> Facts {
        let Self {
            policy,
            draft,
            requester,
            actor,
            world,
            ..
        } = *self;
        let template = draft.template.as_ref();
        gather(
            &Reading {
                policy,
                model,
                template,
                id: Some(draft.id.as_str()),
                content,
                planned: self.open.as_ref().and_then(|open| open.planned),
                requester,
                actor,
                handed_on: &[],
                voters: &[],
            },
            self.now,
            world,
        )
    }

    fn subject<'a>(
        &'a self,
        model: &'a ChangeModel,
        content: &'a Content,
        facts: &'a Facts,
    ) -> Subject<'a> {
        let start = model
            .life_cycle
            .states
            .iter()
            .find(|state| state.id == model.life_cycle.start);
        let phase = self.open.as_ref().map(|open| open.phase);
        let phase = phase.or(start.map(|state| state.phase));
        Subject {
            rules: Rules::CURRENT,
            policy: self.policy,
            model,
            content,
            phase: phase.unwrap_or(Phase::Draft),
            facts,
            acts: self.acts,
            change: self.open.as_ref().map(|open| open.change),
        }
    }

    /// The first model whose condition holds; what cannot be told yet does not.
    fn proposal(
        &self,
        model: &ChangeModel,
        content: &Content,
        facts: &Facts,
    ) -> Option<ProposalMade> {
        let subject = self.subject(model, content, facts);
        let unasked = crate::evaluate::unasked(&subject);
        let scene = Scene::of(&subject, &unasked);
        let fits = |proposal: &&crate::policy::Proposal| {
            proposal
                .when
                .as_ref()
                .is_none_or(|when| scene.holds(when) == Some(true))
        };
        let proposal = self.policy.proposals.iter().find(fits)?;
        Some(ProposalMade {
            model: proposal.model.clone(),
            because: proposal.because.clone(),
        })
    }

    fn of_model(
        &self,
        model: &ChangeModel,
        content: &Content,
        facts: &Facts,
        proposal: Option<ProposalMade>,
    ) -> Assessment {
        let evaluation = evaluate(&self.subject(model, content, facts));
        let visible: Vec<_> = self
            .policy
            .fields
            .iter()
            .map(|field| &field.id)
            .filter(|id| !evaluation.unasked.holds(id))
            .cloned()
            .collect();
        let mut findings = evaluation.findings;
        findings.extend(self.may_submit(model, facts));
        let template = self
            .draft
            .template
            .as_ref()
            .and_then(|template| self.world.template(template));
        Assessment {
            fixed: template
                .into_iter()
                .flat_map(|template| template.fields.keys())
                .cloned()
                .collect(),
            visible,
            required: evaluation.required,
            model: model.id.clone(),
            proposal: proposal.unwrap_or_else(|| ProposalMade {
                model: model.id.clone(),
                because: Text::default(),
            }),
            ready: findings
                .iter()
                .all(|finding| finding.severity != Severity::Stops),
            findings,
            risk: evaluation.risk,
            approvals: evaluation.approvals,
            conflicts: facts.conflicts.clone(),
            lead_time: facts.lead_time,
            earliest: self.earliest(model),
        }
    }

    fn may_submit(&self, model: &ChangeModel, facts: &Facts) -> Option<Finding> {
        let roles = roles(self.policy, self.world, self.actor, None, facts);
        let may =
            model.submitters.is_empty() || model.submitters.iter().any(|role| roles.contains(role));
        let unknown = self
            .draft
            .model
            .as_ref()
            .is_some_and(|model| self.policy.model(model.as_str()).is_none());
        let stops = unknown || !may && self.open.is_none();
        stops.then(|| Finding::about_all(FindingCode::ModelNotAvailable, Severity::Stops))
    }

    /// The earliest start that the lead time allows: the beginning of a working day, or so many minutes from now.
    fn earliest(&self, model: &ChangeModel) -> Option<Instant> {
        let Some(lead_time) = model.lead_time else {
            return Some(self.now);
        };
        match (lead_time.at_least.working_days, lead_time.at_least.minutes) {
            (Some(days), _) => {
                let coming = self
                    .world
                    .calendar
                    .as_ref()?
                    .working_days
                    .iter()
                    .filter(|day| self.now < day.from);
                let position = usize::try_from(days).ok()?.checked_sub(1)?;
                coming.map(|day| day.from).nth(position)
            }
            (None, Some(minutes)) => {
                let later = i64::from(minutes)
                    .checked_mul(60_000)?
                    .checked_add(self.now.millis())?;
                Instant::from_millis(later)
            }
            (None, None) => Some(self.now),
        }
    }
}

/// The assessment under a policy without models, which loading refuses.
fn nothing() -> Assessment {
    let none = ModelId(String::new());
    let risk = RiskAssessment {
        level: LevelId(String::new()),
        points: 0,
        most_points: 0,
        contributions: Vec::new(),
        unanswered: 0,
    };
    Assessment {
        visible: Vec::new(),
        required: Vec::new(),
        fixed: Vec::new(),
        model: none.clone(),
        proposal: ProposalMade {
            model: none,
            because: Text::default(),
        },
        findings: vec![Finding::about_all(
            FindingCode::ModelNotAvailable,
            Severity::Stops,
        )],
        ready: false,
        risk,
        approvals: Vec::new(),
        conflicts: None,
        lead_time: None,
        earliest: None,
    }
}
