//! Texts: each in every declared language.

use super::{Checker, PolicyCode};
use crate::policy::{Field, Kind};
use crate::text::Text;

pub(super) fn check(checker: &mut Checker<'_>) {
    let mut texts = vec![("/name".to_owned(), &checker.policy.name)];
    form(checker, &mut texts);
    rules(checker, &mut texts);
    models(checker, &mut texts);
    process(checker, &mut texts);
    for (at, text) in texts {
        for language in &checker.policy.languages {
            if text
                .0
                .get(language)
                .is_none_or(|wording| wording.trim().is_empty())
            {
                let message =
                    format!("this text is missing in the declared language `{language}`, add it");
                checker.stop(PolicyCode::TextMissing, at.clone(), message);
            }
        }
    }
}

type Texts<'a> = Vec<(String, &'a Text)>;

fn form<'a>(checker: &Checker<'a>, texts: &mut Texts<'a>) {
    for (position, field) in checker.policy.fields.iter().enumerate() {
        field_texts(field, &format!("/fields/{position}"), texts);
    }
    for (position, section) in checker.policy.sections.iter().enumerate() {
        texts.push((format!("/sections/{position}/name"), &section.name));
        texts.extend(
            section
                .help
                .iter()
                .map(|help| (format!("/sections/{position}/help"), help)),
        );
    }
}

fn field_texts<'a>(field: &'a Field, at: &str, texts: &mut Texts<'a>) {
    texts.push((format!("{at}/label"), &field.label));
    texts.extend(field.plain.iter().map(|text| (format!("{at}/plain"), text)));
    texts.extend(field.help.iter().map(|text| (format!("{at}/help"), text)));
    kind_texts(&field.kind, &format!("{at}/kind"), texts);
}

fn kind_texts<'a>(kind: &'a Kind, at: &str, texts: &mut Texts<'a>) {
    match kind {
        Kind::Tasks { plans, .. } => {
            texts.extend(
                plans
                    .iter()
                    .enumerate()
                    .map(|(position, plan)| (format!("{at}/plans/{position}/label"), &plan.label)),
            );
        }
        Kind::Choice { options } | Kind::Several { options } => {
            texts.extend(options.iter().enumerate().map(|(position, option)| {
                (format!("{at}/options/{position}/label"), &option.label)
            }));
        }
        Kind::Number { unit, .. } => {
            texts.extend(unit.iter().map(|unit| (format!("{at}/unit"), unit)))
        }
        Kind::List { columns, .. } => {
            for (position, column) in columns.iter().enumerate() {
                texts.push((format!("{at}/columns/{position}/label"), &column.label));
                kind_texts(
                    &column.kind,
                    &format!("{at}/columns/{position}/kind"),
                    texts,
                );
            }
        }
        Kind::Text { .. }
        | Kind::LongText { .. }
        | Kind::YesNo {}
        | Kind::DateTime {}
        | Kind::Duration { .. }
        | Kind::People { .. }
        | Kind::Services { .. } => {}
    }
}

fn rules<'a>(checker: &Checker<'a>, texts: &mut Texts<'a>) {
    let policy = checker.policy;
    let numbered = |at: &'static str, key: &'static str| {
        move |(position, text): (usize, &'a Text)| (format!("{at}/{position}/{key}"), text)
    };
    texts.extend(
        policy
            .proposals
            .iter()
            .map(|one| &one.because)
            .enumerate()
            .map(numbered("/proposals", "because")),
    );
    texts.extend(
        policy
            .risk
            .levels
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/risk/levels", "name")),
    );
    texts.extend(
        policy
            .risk
            .floors
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/risk/floors", "name")),
    );
    texts.extend(
        policy
            .consistency
            .iter()
            .map(|one| &one.message)
            .enumerate()
            .map(numbered("/consistency", "message")),
    );
    texts.extend(
        policy
            .approvals
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/approvals", "name")),
    );
    texts.extend(
        policy
            .approvals
            .iter()
            .map(|one| &one.because)
            .enumerate()
            .map(numbered("/approvals", "because")),
    );
    texts.extend(
        policy
            .roles
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/roles", "name")),
    );
    texts.extend(
        policy
            .gates
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/gates", "name")),
    );
    texts.extend(
        policy
            .evidence
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/evidence", "name")),
    );
    texts.extend(
        policy
            .trust
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/trust", "name")),
    );
    texts.extend(
        policy
            .controls
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/controls", "name")),
    );
    texts.extend(
        policy
            .checklist
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/checklist", "name")),
    );
    texts.extend(
        policy
            .reviews
            .iter()
            .map(|one| &one.because)
            .enumerate()
            .map(numbered("/reviews", "because")),
    );
    texts.extend(
        policy
            .boards
            .iter()
            .map(|one| &one.name)
            .enumerate()
            .map(numbered("/boards", "name")),
    );
}

/// Texts of what follows a submission.
fn process<'a>(checker: &Checker<'a>, texts: &mut Texts<'a>) {
    let policy = checker.policy;
    for (position, kind) in policy.evidence.iter().enumerate() {
        let help = kind.help.iter();
        texts.extend(help.map(|help| (format!("/evidence/{position}/help"), help)));
    }
    for (position, item) in policy.checklist.iter().enumerate() {
        texts.push((format!("/checklist/{position}/name"), &item.name));
    }
    for (position, trigger) in policy.reviews.iter().enumerate() {
        texts.push((format!("/reviews/{position}/because"), &trigger.because));
    }
    for (position, board) in policy.boards.iter().enumerate() {
        texts.push((format!("/boards/{position}/name"), &board.name));
    }
    for (position, model) in policy.models.iter().enumerate() {
        let at = format!("/models/{position}");
        for (index, left) in model.leaves_out.iter().enumerate() {
            texts.push((format!("{at}/leavesOut/{index}/step"), &left.step));
            texts.push((format!("{at}/leavesOut/{index}/because"), &left.because));
        }
        let measures = model.observe.iter().flat_map(|observe| &observe.measures);
        for (index, measure) in measures.enumerate() {
            let at = format!("{at}/observe/measures/{index}/name");
            texts.push((at, &measure.name));
        }
    }
}

fn models<'a>(checker: &Checker<'a>, texts: &mut Texts<'a>) {
    for (position, model) in checker.policy.models.iter().enumerate() {
        let at = format!("/models/{position}");
        texts.push((format!("{at}/name"), &model.name));
        texts.push((format!("{at}/plain"), &model.plain));
        for (index, left_out) in model.leaves_out.iter().enumerate() {
            texts.push((format!("{at}/leavesOut/{index}/step"), &left_out.step));
            texts.push((format!("{at}/leavesOut/{index}/because"), &left_out.because));
        }
        let measures = model.observe.iter().flat_map(|observe| &observe.measures);
        texts.extend(measures.enumerate().map(|(index, measure)| {
            (format!("{at}/observe/measures/{index}/name"), &measure.name)
        }));
        let states = model.life_cycle.states.iter().enumerate();
        texts
            .extend(states.map(|(index, state)| {
                (format!("{at}/lifeCycle/states/{index}/name"), &state.name)
            }));
        let ways = model.life_cycle.transitions.iter().enumerate();
        texts.extend(ways.map(|(index, way)| {
            (
                format!("{at}/lifeCycle/transitions/{index}/name"),
                &way.name,
            )
        }));
    }
}
