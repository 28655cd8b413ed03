//! What follows a submission: who may do what, the checklist, evidence, reviews, boards, what is watched, who is accountable.

use std::collections::BTreeSet;

use super::form::fields_of;
use super::{Checker, PolicyCode};
use crate::id::{FieldId, ModelId, RoleId, StateId};
use crate::policy::{
    Accountable, Act, Authorization, ChangeModel, Condition, Field, Kind, Phase, State, Transition,
    Trigger,
};

pub(super) fn check(checker: &mut Checker<'_>) {
    roles(checker);
    checklist(checker);
    evidence(checker);
    boards(checker);
    above(checker);
    trust(checker);
    tasks(checker);
    asked_too_late(checker);
    for (position, model) in checker.policy.models.iter().enumerate() {
        let at = format!("/models/{position}");
        measures(checker, &at, model);
        accountable(checker, &at, model);
        ways(checker, &at, model);
    }
}

impl Checker<'_> {
    /// A part of which nobody could make use.
    fn somebody(&mut self, roles: &[RoleId], at: &str, message: &str) {
        if roles.is_empty() {
            self.stop(PolicyCode::NobodyMay, at, message);
        }
    }

    /// A field of people that is asked with the request: nobody could be asked before.
    pub(super) fn known_people(&mut self, id: &FieldId, at: &str) {
        let fits =
            |field: &Field| matches!(field.kind, Kind::People { .. }) && field.asked.is_request();
        if !self.policy.field(id.as_str()).is_some_and(fits) {
            let message = format!("no field of people `{id}` is asked with the request, name one");
            self.stop(PolicyCode::UnknownName, at, message);
        }
    }
}

fn roles(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    if let Some(publishing) = policy.publishing.as_ref() {
        let nobody = "nobody could put a policy in force, name the roles";
        checker.somebody(&publishing.propose, "/publishing/propose", nobody);
        checker.somebody(&publishing.agree, "/publishing/agree", nobody);
    }
    if !policy.may.hand_on.is_empty() && policy.takes_over.is_none() {
        let message = "whoever gives a decision on does not take it over themselves, name under `takesOver` who does";
        checker.warn(PolicyCode::TakesOver, "/may/handOn", message);
    }
    incidents(checker);
}

/// An incident that shows after closing is recorded by somebody where templates are judged by it, and reviewed by somebody.
fn incidents(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    let may = policy.may.get();
    let Some(named) = may.record_incident.as_ref() else {
        return;
    };
    if policy.trust.iter().any(|rule| rule.suspended_by_incident) {
        let nobody =
            "templates are suspended by an incident, and nobody may record one; name the roles";
        checker.somebody(named, "/may/recordIncident", nobody);
    }
    if !named.is_empty() {
        let nobody = "nobody could review the incidents that are recorded, name the roles";
        checker.somebody(&may.review, "/may/review", nobody);
    }
}

fn checklist(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    for (position, item) in policy.checklist.iter().enumerate() {
        let at = format!("/checklist/{position}");
        let nobody = "nobody may answer this item, name the roles";
        checker.somebody(&item.by, &format!("{at}/by"), nobody);
        let entered = matches!(
            item.before,
            Phase::Authorize | Phase::Scheduled | Phase::Implement
        );
        if !entered {
            let message = "an item is answered before `authorize`, `scheduled` or `implement`";
            checker.stop(PolicyCode::Start, format!("{at}/before"), message);
        }
        let at_once = |model: &&ChangeModel| {
            start(model).is_some_and(|start| start.phase == item.before)
                && may_concern(item.when.as_ref(), &model.id)
        };
        for model in policy.models.iter().filter(at_once) {
            let message = format!(
                "a change of `{}` is submitted into this phase, so nobody could answer the item before; leave the model out by `when`",
                model.id
            );
            checker.stop(PolicyCode::Start, format!("{at}/before"), message);
        }
    }
}

fn start(model: &ChangeModel) -> Option<&State> {
    let cycle = &model.life_cycle;
    cycle.states.iter().find(|state| state.id == cycle.start)
}

/// Whether a condition may hold for changes of a model: not where it is for other models.
fn may_concern(when: Option<&Condition>, model: &ModelId) -> bool {
    let is_for_others = |part: &Condition| {
        if let Condition::Not(part) = part {
            return matches!(part.as_ref(), Condition::Model(models) if models.contains(model));
        }
        matches!(part, Condition::Model(models) if !models.contains(model))
    };
    let Some(when) = when else { return true };
    if let Condition::All(parts) = when {
        return !parts.iter().any(is_for_others);
    }
    !is_for_others(when)
}

fn evidence(checker: &mut Checker<'_>) {
    for (position, kind) in checker.policy.evidence.iter().enumerate() {
        let at = format!("/evidence/{position}");
        if matches!(kind.act, Some(Act::Requested | Act::Approved)) {
            let message = "asking and approving are gestures of their own, no evidence brings them";
            checker.stop(PolicyCode::EvidenceAct, format!("{at}/act"), message);
        }
    }
}

fn boards(checker: &mut Checker<'_>) {
    for (position, board) in checker.policy.boards.iter().enumerate() {
        let at = format!("/boards/{position}");
        let nobody = "nobody may call this board, name the roles";
        checker.somebody(&board.chairs, &format!("{at}/chairs"), nobody);
        if board.rules.is_empty() {
            let message = "this board answers no approval rule, name at least one";
            checker.stop(PolicyCode::Empty, format!("{at}/rules"), message);
        }
        for (index, rule) in board.rules.iter().enumerate() {
            checker.known_rule(rule.as_str(), &format!("{at}/rules/{index}"));
        }
    }
}

/// Whose rules ask above a template.
fn above(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    for (position, model) in policy.models.iter().enumerate() {
        let Authorization::PreApproved { above: Some(above) } = &model.authorization else {
            continue;
        };
        let at = format!("/models/{position}/authorization/above");
        checker.known_model(above.as_str(), &at);
        let named = policy.model(above.as_str());
        let asks = |model: &ChangeModel| matches!(model.authorization, Authorization::Rules {});
        if named.is_some_and(|named| !asks(named)) {
            let message = format!(
                "no rule asks before the work of `{above}` starts, name a model whose authorization is `rules`"
            );
            checker.stop(PolicyCode::Start, at, message);
        }
    }
}

fn trust(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    for (position, rule) in policy.trust.iter().enumerate() {
        let at = format!("/trust/{position}");
        for (index, model) in rule.samples_of.iter().enumerate() {
            checker.known_model(model.as_str(), &format!("{at}/samplesOf/{index}"));
        }
        let carried =
            |model: &ChangeModel| matches!(model.authorization, Authorization::PreApproved { .. });
        let model = policy.model(rule.model.as_str());
        if model.is_some_and(|model| !carried(model)) {
            let message = format!(
                "no template carries a change of `{}`, name a model whose authorization is `preApproved`",
                rule.model
            );
            checker.stop(PolicyCode::Start, format!("{at}/model"), message);
        }
        // Without both, templates come from the host's file alone.
        if rule.propose.is_empty() != rule.agree.is_empty() {
            let nobody = "who proposes needs somebody who agrees, and the other way round, name the roles or leave out both";
            checker.somebody(&rule.propose, &format!("{at}/propose"), nobody);
            checker.somebody(&rule.agree, &format!("{at}/agree"), nobody);
        }
    }
}

/// Tasks stand in one field of the request, so that a task is known by its id alone.
fn tasks(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    let is_tasks = |kind: &Kind| matches!(kind, Kind::Tasks { .. });
    let mut seen = false;
    for (position, field) in policy.fields.iter().enumerate() {
        let at = format!("/fields/{position}");
        if let Kind::List { columns, .. } = &field.kind {
            for (index, _) in (0_u32..)
                .zip(columns)
                .filter(|(_, one)| is_tasks(&one.kind))
            {
                let message = "tasks within a list, give them a field of their own";
                let at = format!("{at}/kind/columns/{index}");
                checker.stop(PolicyCode::FieldColumn, at, message);
            }
        }
        let Kind::Tasks { plans, .. } = &field.kind else {
            continue;
        };
        if seen {
            let message = format!("`{}` is a second field of tasks, leave one", field.id);
            checker.stop(PolicyCode::FieldMeaning, format!("{at}/kind"), message);
        }
        seen = true;
        if !field.asked.is_request() {
            let message = format!(
                "`{}` holds tasks, which are planned with the request",
                field.id
            );
            checker.stop(PolicyCode::FieldStage, format!("{at}/asked"), message);
        }
        if plans.is_empty() {
            let message = "a task belongs to a plan, declare at least one";
            checker.stop(PolicyCode::Empty, format!("{at}/kind/plans"), message);
        }
    }
}

/// What is worked out of the request alone does not look at what is asked only later.
fn asked_too_late(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    let mut looked_at: Vec<(String, &FieldId)> = Vec::new();
    let mut conditions: Vec<(String, &Condition)> = Vec::new();
    for (position, floor) in policy.risk.floors.iter().enumerate() {
        conditions.push((format!("/risk/floors/{position}/when"), &floor.when));
    }
    for (position, rule) in policy.approvals.iter().enumerate() {
        let at = format!("/approvals/{position}/when");
        conditions.extend(rule.when.iter().map(|when| (at.clone(), when)));
    }
    for (position, rule) in policy.consistency.iter().enumerate() {
        conditions.push((format!("/consistency/{position}/when"), &rule.when));
    }
    for (position, proposal) in policy.proposals.iter().enumerate() {
        let at = format!("/proposals/{position}/when");
        conditions.extend(proposal.when.iter().map(|when| (at.clone(), when)));
    }
    for (at, when) in conditions {
        let mut fields = Vec::new();
        fields_of(when, &mut fields);
        looked_at.extend(fields.into_iter().map(|field| (at.clone(), field)));
    }
    for (position, question) in policy.risk.questions.iter().enumerate() {
        looked_at.push((format!("/risk/questions/{position}/field"), &question.field));
    }
    if let Some(matrix) = &policy.risk.matrix {
        looked_at.push(("/risk/matrix/impact".to_owned(), &matrix.impact));
        looked_at.push(("/risk/matrix/likelihood".to_owned(), &matrix.likelihood));
    }
    for (position, absent) in policy.absent_facts.iter().enumerate() {
        looked_at.push((format!("/absentFacts/{position}/asked"), &absent.asked));
    }
    for (at, field) in looked_at {
        let later = policy.field(field.as_str());
        if later.is_some_and(|field| !field.asked.is_request()) {
            let message = format!("`{field}` is asked only later, and this is worked out before");
            checker.stop(PolicyCode::FieldStage, at, message);
        }
    }
}

fn measures(checker: &mut Checker<'_>, at: &str, model: &ChangeModel) {
    let Some(observe) = model.observe.as_ref() else {
        return;
    };
    let at = format!("{at}/observe");
    let mut seen = BTreeSet::new();
    for (position, measure) in observe.measures.iter().enumerate() {
        if !seen.insert(&measure.id) {
            let message = format!("`{}` is declared twice, give one another id", measure.id);
            let at = format!("{at}/measures/{position}/id");
            checker.stop(PolicyCode::NameTwice, at, message);
        }
    }
}

fn accountable(checker: &mut Checker<'_>, at: &str, model: &ChangeModel) {
    for (position, state) in model.life_cycle.states.iter().enumerate() {
        let at = format!("{at}/lifeCycle/states/{position}/accountable");
        match &state.accountable {
            None | Some(Accountable::Requester {} | Accountable::Field { .. }) => {}
            Some(Accountable::Assigned { by }) => {
                let nobody = "nobody could assign this step, name the roles";
                checker.somebody(by, &format!("{at}/by"), nobody);
            }
        }
    }
}

/// A way that the last approval takes of itself stays open to a hand where something could have shut it at that moment: nobody
/// votes any more, so nothing else would set it off.
fn ways(checker: &mut Checker<'_>, at: &str, model: &ChangeModel) {
    for (position, way) in model.life_cycle.transitions.iter().enumerate() {
        let at = format!("{at}/lifeCycle/transitions/{position}");
        for (index, field) in way.needs.iter().enumerate() {
            let later = checker.policy.field(field.as_str());
            if later.is_some_and(|field| !field.asked.is_request()) {
                let message = format!("`{field}` is asked only later, ask for it by `guard`");
                checker.stop(
                    PolicyCode::FieldStage,
                    format!("{at}/needs/{index}"),
                    message,
                );
            }
        }
        if way.on == Some(Trigger::Authorized)
            && way.by.is_empty()
            && may_be_shut(checker, model, way)
        {
            let message = "a gate, an item, a guard or a need can shut this way when the last approval is given; name the roles that may take it then";
            checker.stop(PolicyCode::NobodyMay, format!("{at}/by"), message);
        }
    }
}

fn may_be_shut(checker: &Checker<'_>, model: &ChangeModel, way: &Transition) -> bool {
    let phase = |id: &StateId| {
        let mut states = model.life_cycle.states.iter();
        states
            .find(|state| state.id == *id)
            .map(|state| state.phase)
    };
    let (from, into) = (phase(&way.from), phase(&way.to));
    let policy = checker.policy;
    let mut gates = policy.gates.iter();
    let gated =
        gates.any(|gate| Some(gate.into) == into && may_concern(gate.when.as_ref(), &model.id));
    let mut items = policy.checklist.iter();
    let listed =
        items.any(|item| Some(item.before) == into && may_concern(item.when.as_ref(), &model.id));
    way.guard.is_some() || !way.needs.is_empty() || from != into && (gated || listed)
}
