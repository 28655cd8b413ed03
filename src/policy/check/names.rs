//! Names: declared once, and referred to only where declared.

use std::collections::BTreeSet;

use super::{Checker, PolicyCode};
use crate::id::OptionId;
use crate::policy::{Approvers, Authorization, Field, Kind};

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
    approvals(checker);
    controls(checker);
}

fn approvals(checker: &mut Checker<'_>) {
    for (position, rule) in checker.policy.approvals.iter().enumerate() {
        let above = rule.escalate.as_ref().map(|escalate| &escalate.to);
        for (key, from) in [
            ("from", Some(&rule.from)),
            ("deputies", rule.deputies.as_ref()),
            ("escalate/to", above),
        ] {
            if let Some(Approvers::Field { field }) = from {
                checker.known_people(field, &format!("/approvals/{position}/{key}/field"));
            }
        }
        for (index, other) in rule.senior_to.iter().enumerate() {
            checker.known_rule(
                other.as_str(),
                &format!("/approvals/{position}/seniorTo/{index}"),
            );
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
    let may = &checker.policy.may;
    for (key, roles) in [
        ("edit", &may.edit),
        ("complete", &may.complete),
        ("review", &may.review),
        ("erase", &may.erase),
    ] {
        for (position, role) in roles.iter().enumerate() {
            checker.known_role(role.as_str(), &format!("/may/{key}/{position}"));
        }
    }
    for (position, model) in checker.policy.models.iter().enumerate() {
        for (index, role) in model.submitters.iter().enumerate() {
            checker.known_role(
                role.as_str(),
                &format!("/models/{position}/submitters/{index}"),
            );
        }
        for (index, way) in model.life_cycle.transitions.iter().enumerate() {
            for (place, role) in way.by.iter().enumerate() {
                checker.known_role(
                    role.as_str(),
                    &format!("/models/{position}/lifeCycle/transitions/{index}/by/{place}"),
                );
            }
        }
    }
}
