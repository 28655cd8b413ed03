//! What a content comes to under a policy: what is shown, what is wrong, how risky, whose yes.
//!
//! Both sides read it: [`crate::assessment`] shows it, [`crate::decide`] decides by it. Text may be plain or sealed.

mod approvals;
mod content;
mod progress;
mod risk;
mod scene;
mod tasks;

use crate::assessment::RiskAssessment;
use crate::change::Change;
use crate::draft::Content;
use crate::event::RequiredApproval;
use crate::facts::Facts;
use crate::finding::{Finding, FindingCode, Severity};
use crate::id::{FieldId, LevelId, PersonId};
use crate::policy::{Act, Authorization, ChangeModel, Condition, Phase, Policy, Stage};
use crate::rules::Rules;
use crate::value::Value;

pub use approvals::{could_count, final_stage, has_spoken, is_met, needed, principals, too_few};
pub use progress::{Progress, evidence_stands, is_go};
pub use scene::{Scene, Unasked};

/// What is wrong with the fields that a gesture after the request fills, and which of them are missing.
#[must_use]
pub fn asked_later(subject: &Subject<'_>, stage: Stage, given: &Content) -> Vec<Finding> {
    content::asked_later(subject, stage, given)
}

/// The fields that a gesture after the request asks for as things stand, and whether each must be filled.
#[must_use]
pub fn asks(policy: &Policy, change: &Change, stage: Stage, facts: &Facts) -> Vec<(FieldId, bool)> {
    let subject = Subject::of(policy, change, facts);
    subject.map_or_else(Vec::new, |subject| content::asks(&subject, stage))
}

/// Whether a condition that triggers a review holds of a change; none where it cannot be told.
#[must_use]
pub fn triggers(policy: &Policy, change: &Change, when: &Condition, facts: &Facts) -> Option<bool> {
    let subject = Subject::of(policy, change, facts)?;
    let unasked = unasked(&subject);
    let scene = Scene::of(&subject, &unasked).at_level(&change.level);
    scene.holds(when)
}

/// The fields that are not asked of a content.
#[must_use]
pub fn unasked<'a>(subject: &Subject<'a>) -> Unasked<'a> {
    content::unasked(subject)
}

/// A content and what it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// By the rules of which version it is evaluated.
    pub rules: Rules,
    /// The policy.
    pub policy: &'a Policy,
    /// The model it follows.
    pub model: &'a ChangeModel,
    /// What was given.
    pub content: &'a Content,
    /// The phase it stands in, or would enter by submission.
    pub phase: Phase,
    /// What was read of the world.
    pub facts: &'a Facts,
    /// Who did what with it so far.
    pub acts: &'a [(Act, PersonId)],
    /// What became of it so far; none for a draft.
    pub change: Option<&'a dyn Progress>,
}

impl<'a> Subject<'a> {
    /// What of it was erased.
    pub(crate) fn erasures(&self) -> Erasures<'a> {
        Erasures::of(self.rules, self.change)
    }

    /// A change as it stands; none where its policy does not have its model.
    #[must_use]
    pub fn of(policy: &'a Policy, change: &'a Change, facts: &'a Facts) -> Option<Self> {
        Some(Self {
            rules: Rules::CURRENT,
            policy,
            model: policy.model(change.model.as_str())?,
            content: &change.fields,
            phase: change.phase,
            facts,
            acts: &change.acts,
            change: Some(change),
        })
    }
}

/// What of a content was erased: it fills nothing any more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Erasures<'a>(Option<&'a dyn Progress>);

impl<'a> Erasures<'a> {
    /// Of a change; before version 3, what was erased counted as filled.
    pub(crate) fn of(rules: Rules, change: Option<&'a dyn Progress>) -> Self {
        Self(change.filter(|_| rules.since(Rules::V3)))
    }

    /// Whether a value fills its field.
    pub(crate) fn fills(self, value: &Value) -> bool {
        match self.0 {
            Some(change) => value.is_filled_beside(&|digest| change.is_erased(digest)),
            None => value.is_filled(),
        }
    }
}

/// What a content comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation<'a> {
    /// Fields that are not asked, by the policy's conditions.
    pub unasked: Unasked<'a>,
    /// Fields that must be filled, sooner or later.
    pub required: Vec<FieldId>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// How risky, and why.
    pub risk: RiskAssessment,
    /// Whose yes.
    pub approvals: Vec<RequiredApproval>,
}

/// The least level of a content of which only a part is given: what is open counts as its worst.
pub(crate) fn least_level(subject: &Subject<'_>) -> Option<LevelId> {
    let unasked = content::unasked(subject);
    risk::least(subject, &Scene::of(subject, &unasked))
}

/// Whether a change of a pre-approved model is riskier than its template was approved for: then rules ask.
#[must_use]
pub fn is_above_template(subject: &Subject<'_>, level: &LevelId) -> bool {
    risk::is_above_template(subject, level)
}

/// Works out what a content comes to.
#[must_use]
pub fn evaluate<'a>(subject: &Subject<'a>) -> Evaluation<'a> {
    let unasked = content::unasked(subject);
    let scene = Scene::of(subject, &unasked);
    let risk = risk::assess(subject, &scene);
    let scene = scene.at_level(&risk.level);
    let required = content::required(subject, &scene);
    let approvals = approvals::required(subject, &scene, &risk.level);
    let mut findings = content::findings(subject, &scene, &required);
    findings.extend(lead_time(subject));
    findings.extend(template(subject));
    findings.extend(approval_findings(subject, &risk.level, &approvals));
    Evaluation {
        unasked,
        required,
        findings,
        risk,
        approvals,
    }
}

/// Less lead time than the model asks, judged while the change is not yet authorized.
fn lead_time(subject: &Subject<'_>) -> Option<Finding> {
    let asked = subject
        .model
        .lead_time
        .filter(|_| subject.phase < Phase::Scheduled)?;
    let have = subject.facts.lead_time?;
    // What is not known counts as its worst: without a calendar there is no working day.
    let known = have
        .working_days
        .or_else(|| subject.rules.since(Rules::V3).then_some(0));
    let days = asked.at_least.working_days.map(i64::from).zip(known);
    let minutes = asked
        .at_least
        .minutes
        .map(|asked| (i64::from(asked), have.minutes));
    let (bound, _) = days.or(minutes).filter(|(asked, have)| have < asked)?;
    Some(Finding {
        fields: subject
            .policy
            .meaning(crate::policy::Meaning::WindowStart)
            .map(|field| field.id.clone())
            .into_iter()
            .collect(),
        ..Finding::about_all(FindingCode::ShortLeadTime, asked.severity).with_bound(bound)
    })
}

fn template(subject: &Subject<'_>) -> Option<Finding> {
    let wants_one = matches!(
        subject.model.authorization,
        Authorization::PreApproved { .. }
    );
    let code = match &subject.facts.template {
        None => FindingCode::TemplateMissing,
        Some(template) if !template.active => FindingCode::TemplateInactive,
        Some(template) if !template.covers => FindingCode::TemplateNotCovered,
        Some(_) => return None,
    };
    wants_one.then(|| Finding::about_all(code, Severity::Stops))
}

/// Whether anybody could ever say yes.
fn approval_findings(
    subject: &Subject<'_>,
    level: &LevelId,
    approvals: &[RequiredApproval],
) -> Vec<Finding> {
    let carried = matches!(
        subject.model.authorization,
        Authorization::PreApproved { .. }
    );
    if carried && !subject.rules.since(Rules::V3) {
        return Vec::new();
    }
    if approvals.is_empty() && (!carried || risk::is_above_template(subject, level)) {
        return vec![Finding::about_all(
            FindingCode::NoApprovalRule,
            Severity::Stops,
        )];
    }
    let few = approvals.iter().filter(|approval| too_few(None, approval));
    few.map(too_few_to_approve).collect()
}

fn too_few_to_approve(approval: &RequiredApproval) -> Finding {
    let about = if approval.eligible.is_empty() {
        Finding::about_all(FindingCode::NobodyToApprove, Severity::Warns)
    } else {
        let needed = i64::try_from(needed(approval)).unwrap_or(i64::MAX);
        Finding::about_all(FindingCode::TooFewToApprove, Severity::Warns).with_bound(needed)
    };
    Finding {
        rule: Some(approval.rule.clone()),
        ..about
    }
}
