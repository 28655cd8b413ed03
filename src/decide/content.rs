//! Submitting and editing: what the change is.

use crate::change::{content_hash, evolve};
use crate::command::Command;
use crate::draft::Content;
use crate::evaluate::{Evaluation, Subject, Unasked, evaluate, unasked};
use crate::event::{Event, Moot, RequiredApproval};
use crate::finding::{Finding, FindingCode, Severity};
use crate::id::{FieldId, RuleId, TemplateId};
use crate::map::Map;
use crate::non_empty::NonEmpty;
use crate::policy::{Act, Authorization, ChangeModel, LifeCycle, Meaning, Phase, State, Trigger};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::sorted::distinct;
use crate::value::{Digest, Value};

use super::life_cycle::{collision, shut_gates};
use super::prepare::not_go_at_first;
use super::{By, Case, Decision, acts_of_submission, assessed, stopping, template_used, unless};

/// Makes a draft a change.
pub(super) fn submit(by: &By<'_>, command: &Command) -> Decision {
    let Command::Submit {
        model,
        template,
        language,
        fields,
    } = command
    else {
        return Err(NonEmpty::one(Refusal::ChangeUnknown {}));
    };
    let Some(model) = by.policy.model(model.as_str()) else {
        return Err(NonEmpty::one(Refusal::ModelUnknown {
            model: model.clone(),
        }));
    };
    let Some(start) = start(&model.life_cycle) else {
        return Err(NonEmpty::one(Refusal::ModelUnknown {
            model: model.id.clone(),
        }));
    };
    let acts = acts_of_submission(by.person);
    let subject = Subject {
        rules: by.rules,
        policy: by.policy,
        model,
        content: fields,
        phase: start.phase,
        facts: by.facts,
        acts: &acts,
        change: None,
    };
    let evaluation = evaluate(&subject);
    let mut refusals: Vec<Refusal> = may_submit(by, model).into_iter().collect();
    refusals.extend(shut_gates(&subject, by.roles, &evaluation));
    refusals.extend(not_go_at_first(&subject, by.roles, &evaluation));
    refusals.extend(stopping(&evaluation.findings));
    refusals.extend(stopping(&not_asked(fields.keys(), &evaluation.unasked)));
    refusals.extend(starts_unauthorized(model, start.phase));
    refusals.extend(starts_in_freeze(by, start.phase));
    refusals.extend(strange_template(by, template.as_ref()));
    unless(refusals, || {
        submitted(by, model, start, language, fields, &evaluation)
    })
}

fn start(life_cycle: &LifeCycle) -> Option<&State> {
    life_cycle
        .states
        .iter()
        .find(|state| state.id == life_cycle.start)
}

fn may_submit(by: &By<'_>, model: &ChangeModel) -> Option<Refusal> {
    if model.submitters.is_empty() {
        None
    } else {
        by.lacks(&model.submitters)
    }
}

/// A submission enters a phase beyond authorization only where the model says how it is authorized.
fn starts_unauthorized(model: &ChangeModel, phase: Phase) -> Option<Refusal> {
    let carried = match model.authorization {
        Authorization::Rules {} => phase <= Phase::Authorize,
        Authorization::PreApproved { .. } => phase <= Phase::Scheduled,
        Authorization::Afterwards { .. } => phase <= Phase::Review,
    };
    (!carried).then_some(Refusal::NoApprovalRule {})
}

/// A submission that starts the work is kept from it by what keeps any work from starting.
fn starts_in_freeze(by: &By<'_>, phase: Phase) -> Option<Refusal> {
    let starts = phase == Phase::Implement && by.rules.since(Rules::V3);
    starts.then(|| collision(by)).flatten()
}

/// A template that the catalogue does not have for this model.
fn strange_template(by: &By<'_>, named: Option<&TemplateId>) -> Option<Refusal> {
    let strange = named.is_some() && by.facts.template.is_none();
    strange.then(|| Refusal::Content {
        finding: Finding::about_all(FindingCode::TemplateMissing, Severity::Stops),
    })
}

/// Values of fields that this change is not asked for: they would be approved unseen.
fn not_asked<'f>(fields: impl Iterator<Item = &'f FieldId>, unasked: &Unasked<'_>) -> Vec<Finding> {
    fields
        .filter(|field| unasked.holds(field))
        .map(|field| Finding::of(FindingCode::NotAsked, Severity::Stops, field))
        .collect()
}

fn submitted(
    by: &By<'_>,
    model: &ChangeModel,
    start: &State,
    language: &str,
    fields: &Content,
    evaluation: &Evaluation<'_>,
) -> NonEmpty<Event> {
    let template = template_used(by.facts);
    let hash = content_hash(by.policy, &model.id, template.as_ref(), fields);
    let first = Event::Submitted {
        number: by.facts.number.clone().unwrap_or_default(),
        by: by.person.clone(),
        at: by.now,
        model: model.id.clone(),
        template: template.clone(),
        language: language.to_owned(),
        fields: fields.clone(),
        content_hash: hash,
        policy_hash: by.policy.hash(),
    };
    // A template carries a change of a pre-approved model, and no other; and only where no rule asks for an approval.
    let carried = matches!(model.authorization, Authorization::PreApproved { .. })
        && evaluation.approvals.is_empty();
    let authorized = template
        .filter(|_| carried)
        .map(|template| Event::Authorized {
            at: by.now,
            content_hash: hash,
            level: evaluation.risk.level.clone(),
            template: Some(template),
        });
    let entered = Event::Moved {
        transition: None,
        from: None,
        to: start.id.clone(),
        phase: start.phase,
        by: None,
        act: None,
        at: by.now,
        reason: None,
    };
    NonEmpty::starting(
        first,
        std::iter::once(assessed(evaluation))
            .chain(authorized)
            .chain([entered]),
    )
}

/// What an edit changes, and the hash of the content it leads to.
struct Edit {
    patch: Map<FieldId, Option<Value>>,
    hash: Digest,
}

impl Case<'_> {
    /// Changes the content.
    pub(super) fn edit(&self, fields: &Map<FieldId, Option<Value>>) -> Decision {
        let mut patch = self.patch(fields);
        let mut refusals: Vec<Refusal> = self.may_edit();
        if patch.is_empty() {
            refusals.push(Refusal::NothingChanged {});
        }
        let wanted = patched(&self.change.fields, &patch);
        let subject = self.subject(&wanted, self.change.phase);
        let unasked = unasked(&subject);
        let given = wanted.keys().filter(|field| fields.contains_key(*field));
        refusals.extend(stopping(&not_asked(given, &unasked)));
        // An edit may make other fields unasked: their values leave the content with it.
        let left = wanted
            .keys()
            .filter(|field| unasked.holds(field) && !patch.contains_key(*field));
        let left: Vec<_> = left.cloned().collect();
        patch.extend(left.into_iter().map(|field| (field, None)));
        let content = patched(&self.change.fields, &patch);
        let edit = Edit {
            hash: content_hash(
                self.by.policy,
                &self.model.id,
                self.change.template.as_ref(),
                &content,
            ),
            patch,
        };
        let mut acts = self.change.acts.clone();
        if self.is_material(&edit) {
            acts.push((Act::Wrote, self.by.person.clone()));
        }
        let evaluation = evaluate(&Subject {
            phase: edited_in(self.model, self.change.phase, self.is_material(&edit)),
            acts: &acts,
            ..self.subject(&content, self.change.phase)
        });
        refusals.extend(stopping(&evaluation.findings));
        unless(refusals, || self.edited(edit, &evaluation))
    }

    fn is_material(&self, edit: &Edit) -> bool {
        edit.hash != self.change.content_hash
    }

    fn may_edit(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        let open = matches!(
            self.change.phase,
            Phase::Assess | Phase::Authorize | Phase::Scheduled | Phase::Rejected
        );
        if !open {
            refusals.push(Refusal::NotInPhase {
                command: crate::command::CommandKind::Edit,
                phase: self.change.phase,
            });
        }
        if *self.by.person != self.change.requester {
            refusals.extend(self.by.lacks(&self.by.policy.may.edit));
        }
        refusals
    }

    /// What an edit really changes.
    fn patch(&self, fields: &Map<FieldId, Option<Value>>) -> Map<FieldId, Option<Value>> {
        let stands = &self.change.fields;
        let changes = fields
            .iter()
            .filter(|(field, value)| stands.get(*field) != value.as_ref());
        changes
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect()
    }

    fn edited(&self, edit: Edit, evaluation: &Evaluation<'_>) -> NonEmpty<Event> {
        let Self { by, change, .. } = self;
        let material = self.is_material(&edit);
        let Edit { patch, hash } = edit;
        let start = by.policy.meaning(Meaning::WindowStart);
        let rescheduled = start.is_some_and(|start| patch.contains_key(&start.id));
        let reassessed = self.reassessed(evaluation);
        let void = material || evaluation.risk.level != change.level;
        let voided = if void { self.voids() } else { Vec::new() };
        let first = Event::Edited {
            by: by.person.clone(),
            at: by.now,
            fields: patch,
            content_hash: hash,
            material,
            rescheduled,
        };
        let renewed = self.renewed(hash, evaluation, void);
        let moot = self.not_needed(&evaluation.approvals);
        let met = if void {
            Vec::new()
        } else {
            self.met_by_edit(&first, evaluation)
        };
        let rest = reassessed
            .into_iter()
            .chain(moot)
            .chain(voided)
            .chain(renewed)
            .chain(met);
        NonEmpty::starting(first, rest)
    }

    /// Where an edit leaves nothing that was not said yes to, nobody votes any more: what follows the last yes follows it.
    fn met_by_edit(&self, edited: &Event, evaluation: &Evaluation<'_>) -> Vec<Event> {
        let asks = self.change.phase == Phase::Authorize
            || self.change.phase == Phase::Scheduled && self.is_asked_where_booked();
        let waits = asks && self.change.authorized.is_none();
        let after = [edited.clone(), assessed(evaluation)];
        let change = after.iter().try_fold(self.change.clone(), |change, event| {
            evolve(&self.change.id, Some(change), event)
        });
        let Some(change) = change.filter(|_| waits) else {
            return Vec::new();
        };
        let case = Case {
            change: &change,
            ..*self
        };
        let is_met = case.not_authorized(evaluation).is_none();
        let events = is_met.then(|| case.authorized(&evaluation.risk.level));
        events.unwrap_or_default()
    }

    /// Approvals given so far count no more; the change goes back to where they are asked for.
    ///
    /// # Source
    /// NIST SP 800-53 CM-3: what is carried out is what was approved.
    pub(super) fn voids(&self) -> Vec<Event> {
        let rules = self.standing_votes();
        let authorized = self.change.authorized.is_some();
        if rules.is_empty() && !authorized {
            return Vec::new();
        }
        let voided = Event::Voided {
            at: self.by.now,
            rules,
        };
        let carried = matches!(self.model.authorization, Authorization::PreApproved { .. });
        let back = if carried {
            None
        } else {
            self.set_off(Trigger::Voided)
        };
        std::iter::once(voided).chain(back).collect()
    }

    /// Approvals that were asked for and are not needed after an edit.
    fn not_needed(&self, needed: &[RequiredApproval]) -> Option<Event> {
        let asked = self.change.approvals.iter().map(|approval| &approval.rule);
        let rules: Vec<_> = asked
            .filter(|rule| needed.iter().all(|needed| needed.rule != **rule))
            .cloned()
            .collect();
        let waits = matches!(self.change.phase, Phase::Authorize | Phase::Scheduled);
        (waits && self.by.withdraws() && !rules.is_empty()).then_some(Event::Withdrawn {
            at: self.by.now,
            rules,
            because: Moot::NotNeeded,
        })
    }

    pub(super) fn standing_votes(&self) -> Vec<RuleId> {
        let standing = self
            .change
            .votes
            .iter()
            .filter(|vote| !vote.void)
            .map(|vote| vote.rule.clone());
        distinct(standing)
    }

    /// A template carries what it still covers, where no rule asks for an approval.
    fn renewed(&self, hash: Digest, evaluation: &Evaluation<'_>, void: bool) -> Option<Event> {
        let carried = matches!(self.model.authorization, Authorization::PreApproved { .. }) && void;
        (carried && evaluation.approvals.is_empty()).then(|| Event::Authorized {
            at: self.by.now,
            content_hash: hash,
            level: evaluation.risk.level.clone(),
            template: self.change.template.clone(),
        })
    }
}

/// The phase in which an edit is judged: what was scheduled has to be approved again where it changed materially.
pub(crate) fn edited_in(model: &ChangeModel, phase: Phase, is_material: bool) -> Phase {
    let again = is_material && matches!(model.authorization, Authorization::Rules {});
    if again && phase == Phase::Scheduled {
        Phase::Authorize
    } else {
        phase
    }
}

/// A content with an edit applied.
pub(crate) fn patched(content: &Content, patch: &Map<FieldId, Option<Value>>) -> Content {
    let mut content = content.clone();
    for (field, value) in patch.iter() {
        match value {
            Some(value) => content.insert(field.clone(), value.clone()),
            None => content.remove(field),
        };
    }
    content
}
