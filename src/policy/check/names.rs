//! Names: declared once, and referred to only where declared.

use std::collections::BTreeSet;

use super::{Checker, PolicyCode};
use crate::id::{OptionId, RoleId};
use crate::policy::{
    Accountable, ApprovalRule, Approvers, Authorization, Capabilities, ChangeModel, Field, Kind,
};

pub(super) fn check(checker: &mut Checker<'_>) {
    empty(checker);
    twice(checker);
    references(checker);
    roles(checker);
}

fn empty(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    let parts = [
        ("/languages", policy.languages.is_empty()),
        ("/models", policy.models.is_empty()),
        ("/risk/levels", policy.risk.levels.is_empty()),
        ("/proposals", policy.proposals.is_empty()),
    ];
    for (at, _) in parts.into_iter().filter(|(_, is_empty)| *is_empty) {
        checker.stop(PolicyCode::Empty, at, "this is empty, declare at least one");
    }
    for (position, model) in policy.models.iter().enumerate() {
        let afterwards = matches!(model.authorization, Authorization::Afterwards { .. });
        if afterwards && model.submitters.is_empty() {
            checker.stop(
                PolicyCode::Empty,
                format!("/models/{position}/submitters"),
                "a model that starts before its approval names the roles that may use it",
            );
        }
    }
    if policy
        .proposals
        .last()
        .is_some_and(|last| last.when.is_some())
    {
        let at = format!("/proposals/{}", policy.proposals.len().saturating_sub(1));
        checker.stop(
            PolicyCode::ProposalOpenEnd,
            at,
            "the last proposal has a condition, leave it out so that one always fits",
        );
    }
}

/// Ids as they are declared, by the part that declares them.
fn declared<'a>(checker: &Checker<'a>) -> Vec<(&'static str, Vec<&'a str>)> {
    let policy = checker.policy;
    vec![
        (
            "/fields",
            policy
                .fields
                .iter()
                .map(|field| field.id.as_str())
                .collect(),
        ),
        (
            "/sections",
            policy
                .sections
                .iter()
                .map(|section| section.id.as_str())
                .collect(),
        ),
        (
            "/models",
            policy
                .models
                .iter()
                .map(|model| model.id.as_str())
                .collect(),
        ),
        (
            "/approvals",
            policy
                .approvals
                .iter()
                .map(|rule| rule.id.as_str())
                .collect(),
        ),
        (
            "/roles",
            policy.roles.iter().map(|role| role.id.as_str()).collect(),
        ),
        (
            "/risk/levels",
            policy
                .risk
                .levels
                .iter()
                .map(|level| level.id.as_str())
                .collect(),
        ),
        (
            "/risk/floors",
            policy
                .risk
                .floors
                .iter()
                .map(|floor| floor.id.as_str())
                .collect(),
        ),
        (
            "/consistency",
            policy
                .consistency
                .iter()
                .map(|rule| rule.id.as_str())
                .collect(),
        ),
        (
            "/evidence",
            policy
                .evidence
                .iter()
                .map(|kind| kind.id.as_str())
                .collect(),
        ),
        (
            "/trust",
            policy.trust.iter().map(|rule| rule.id.as_str()).collect(),
        ),
        (
            "/gates",
            policy.gates.iter().map(|gate| gate.id.as_str()).collect(),
        ),
        (
            "/duties",
            policy.duties.iter().map(|duty| duty.id.as_str()).collect(),
        ),
        (
            "/checklist",
            policy
                .checklist
                .iter()
                .map(|item| item.id.as_str())
                .collect(),
        ),
        (
            "/reviews",
            policy
                .reviews
                .iter()
                .map(|trigger| trigger.id.as_str())
                .collect(),
        ),
        (
            "/boards",
            policy
                .boards
                .iter()
                .map(|board| board.id.as_str())
                .collect(),
        ),
    ]
}

fn twice(checker: &mut Checker<'_>) {
    for (at, ids) in declared(checker) {
        let mut seen = BTreeSet::new();
        for (position, id) in ids.into_iter().enumerate() {
            if !seen.insert(id) {
                checker.stop(
                    PolicyCode::NameTwice,
                    format!("{at}/{position}/id"),
                    format!("`{id}` is declared twice, give one another id"),
                );
            }
        }
    }
}

impl Checker<'_> {
    pub(super) fn known_field(&mut self, id: &str, at: &str) {
        if self.policy.field(id).is_none() {
            self.stop(
                PolicyCode::UnknownName,
                at,
                format!("no field `{id}`, declare it under fields or correct the name"),
            );
        }
    }

    pub(super) fn known_model(&mut self, id: &str, at: &str) {
        if self.policy.model(id).is_none() {
            self.stop(
                PolicyCode::UnknownName,
                at,
                format!("no model `{id}`, declare it under models or correct the name"),
            );
        }
    }

    pub(super) fn known_level(&mut self, id: &crate::id::LevelId, at: &str) {
        if self.policy.rank(id).is_none() {
            self.stop(
                PolicyCode::UnknownName,
                at,
                format!("no risk level `{id}`, declare it under risk/levels or correct the name"),
            );
        }
    }

    pub(super) fn known_role(&mut self, id: &str, at: &str) {
        if self.policy.roles.iter().all(|role| role.id.as_str() != id) {
            self.stop(
                PolicyCode::UnknownName,
                at,
                format!("no role `{id}`, declare it under roles or correct the name"),
            );
        }
    }

    pub(super) fn known_evidence(&mut self, id: &str, at: &str) {
        let kinds = &self.policy.evidence;
        if !kinds.iter().any(|kind| kind.id.as_str() == id) {
            let message = format!("there is no kind of evidence `{id}`, name one of `evidence`");
            self.stop(PolicyCode::UnknownName, at, message);
        }
    }

    pub(super) fn known_plan(&mut self, id: &OptionId, at: &str) {
        let has = |field: &Field| matches!(&field.kind, Kind::Tasks { plans, .. } if plans.iter().any(|plan| plan.id == *id));
        if !self.policy.fields.iter().any(has) {
            let message = format!("there is no plan `{id}`, name one of the field of tasks");
            self.stop(PolicyCode::UnknownName, at, message);
        }
    }

    pub(super) fn known_check(&mut self, id: &str, at: &str) {
        let items = &self.policy.checklist;
        if !items.iter().any(|item| item.id.as_str() == id) {
            let message = format!("there is no item `{id}`, name one of `checklist`");
            self.stop(PolicyCode::UnknownName, at, message);
        }
    }

    fn known_roles(&mut self, roles: &[RoleId], at: &str) {
        for (position, role) in roles.iter().enumerate() {
            self.known_role(role.as_str(), &format!("{at}/{position}"));
        }
    }

    pub(super) fn known_rule(&mut self, id: &str, at: &str) {
        if self.policy.approval(id).is_none() {
            self.stop(
                PolicyCode::UnknownName,
                at,
                format!("no approval rule `{id}`, declare it under approvals or correct the name"),
            );
        }
    }
}

fn references(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    for (position, field) in policy.ask.iter().enumerate() {
        checker.known_field(field.as_str(), &format!("/ask/{position}"));
    }
    for (position, proposal) in policy.proposals.iter().enumerate() {
        checker.known_model(
            proposal.model.as_str(),
            &format!("/proposals/{position}/model"),
        );
    }
    for (position, rule) in policy.consistency.iter().enumerate() {
        for (index, field) in rule.fields.iter().enumerate() {
            checker.known_field(
                field.as_str(),
                &format!("/consistency/{position}/fields/{index}"),
            );
        }
    }
    for (position, absent) in policy.absent_facts.iter().enumerate() {
        checker.known_field(
            absent.asked.as_str(),
            &format!("/absentFacts/{position}/asked"),
        );
    }
    for (position, trust) in policy.trust.iter().enumerate() {
        checker.known_model(trust.model.as_str(), &format!("/trust/{position}/model"));
    }
    accountable(checker);
    approvals(checker);
    controls(checker);
}

fn approvals(checker: &mut Checker<'_>) {
    for (position, rule) in checker.policy.approvals.iter().enumerate() {
        for (key, from) in [
            ("from", Some(&rule.from)),
            ("deputies", rule.deputies.as_ref()),
            ("escalate/to", rule.escalate.as_ref().map(|above| &above.to)),
        ] {
            if let Some(Approvers::Field { field }) = from {
                checker.known_people(field, &format!("/approvals/{position}/{key}/field"));
            }
        }
        times(checker, position, rule);
        for (index, other) in rule.senior_to.iter().enumerate() {
            checker.known_rule(
                other.as_str(),
                &format!("/approvals/{position}/seniorTo/{index}"),
            );
        }
    }
}

/// Reminders and escalations come after some time, and not all the time.
fn times(checker: &mut Checker<'_>, position: usize, rule: &ApprovalRule) {
    let remind = rule.remind;
    let escalate = rule.escalate.as_ref();
    let times = [
        ("remind/afterMin", remind.map(|remind| remind.after_min)),
        (
            "remind/everyMin",
            remind.and_then(|remind| remind.every_min),
        ),
        ("escalate/afterMin", escalate.map(|above| above.after_min)),
    ];
    for (key, _) in times.into_iter().filter(|(_, min)| *min == Some(0)) {
        checker.stop(
            PolicyCode::ApprovalTime,
            format!("/approvals/{position}/{key}"),
            "no time at all, give it at least a minute or leave it out",
        );
    }
}

/// Who is accountable for a step by a field is a person.
fn accountable(checker: &mut Checker<'_>) {
    for (position, model) in checker.policy.models.iter().enumerate() {
        for (index, state) in model.life_cycle.states.iter().enumerate() {
            if let Some(Accountable::Field { field }) = &state.accountable {
                let at = format!("/models/{position}/lifeCycle/states/{index}/accountable/field");
                checker.known_people(field, &at);
            }
        }
    }
}

/// Controls name rules of any part of the document.
fn controls(checker: &mut Checker<'_>) {
    let all: BTreeSet<_> = declared(checker)
        .into_iter()
        .flat_map(|(_, ids)| ids)
        .collect();
    let transitions = checker
        .policy
        .models
        .iter()
        .flat_map(|model| &model.life_cycle.transitions);
    let all: BTreeSet<_> = all
        .into_iter()
        .chain(transitions.map(|way| way.id.as_str()))
        .collect();
    for (position, control) in checker.policy.controls.iter().enumerate() {
        for (index, rule) in control.rules.iter().enumerate() {
            if !all.contains(rule.as_str()) {
                let at = format!("/controls/{position}/rules/{index}");
                checker.stop(
                    PolicyCode::UnknownName,
                    at,
                    format!("nothing is called `{rule}`, name a rule, gate, duty or transition"),
                );
            }
        }
    }
}

fn roles(checker: &mut Checker<'_>) {
    let policy = checker.policy;
    for (key, roles) in capabilities(&policy.may) {
        checker.known_roles(roles, &format!("/may/{key}"));
    }
    for (position, kind) in policy.evidence.iter().enumerate() {
        checker.known_roles(&kind.by, &format!("/evidence/{position}/by"));
    }
    for (position, item) in policy.checklist.iter().enumerate() {
        checker.known_roles(&item.by, &format!("/checklist/{position}/by"));
    }
    for (position, board) in policy.boards.iter().enumerate() {
        checker.known_roles(&board.chairs, &format!("/boards/{position}/chairs"));
    }
    for (position, trust) in policy.trust.iter().enumerate() {
        checker.known_roles(&trust.propose, &format!("/trust/{position}/propose"));
        checker.known_roles(&trust.agree, &format!("/trust/{position}/agree"));
    }
    if let Some(publishing) = policy.publishing.as_ref() {
        checker.known_roles(&publishing.propose, "/publishing/propose");
        checker.known_roles(&publishing.agree, "/publishing/agree");
    }
    for (position, model) in policy.models.iter().enumerate() {
        roles_of_model(checker, &format!("/models/{position}"), model);
    }
}

/// Every list of roles under `may`, by its name.
fn capabilities(may: &Capabilities) -> [(&'static str, &[RoleId]); 13] {
    let Capabilities {
        edit,
        complete,
        review,
        erase,
        hand_on,
        adopt,
        announce,
        evaluate,
        relate,
        waive,
        extend,
        hold,
        record_incident,
    } = may;
    [
        ("edit", edit),
        ("complete", complete),
        ("review", review),
        ("erase", erase),
        ("handOn", hand_on),
        ("adopt", adopt),
        ("announce", announce),
        ("evaluate", evaluate),
        ("relate", relate),
        ("waive", waive),
        ("extend", extend),
        ("hold", hold),
        (
            "recordIncident",
            record_incident.as_deref().unwrap_or_default(),
        ),
    ]
}

fn roles_of_model(checker: &mut Checker<'_>, at: &str, model: &ChangeModel) {
    checker.known_roles(&model.submitters, &format!("{at}/submitters"));
    if let Some(observe) = model.observe.as_ref() {
        checker.known_roles(&observe.by, &format!("{at}/observe/by"));
    }
    for (index, state) in model.life_cycle.states.iter().enumerate() {
        if let Some(Accountable::Assigned { by }) = &state.accountable {
            let at = format!("{at}/lifeCycle/states/{index}/accountable/by");
            checker.known_roles(by, &at);
        }
    }
    for (index, way) in model.life_cycle.transitions.iter().enumerate() {
        let at = format!("{at}/lifeCycle/transitions/{index}/by");
        checker.known_roles(&way.by, &at);
    }
}
