//! What is asked of a content, and what is wrong with it.

use crate::draft::Content;
use crate::facts::ConflictKind;
use crate::finding::{Finding, FindingCode, Severity};
use crate::id::{FieldId, OptionId};
use crate::map::Map;
use crate::policy::{Choice, Column, Field, Kind, Meaning, Phase, Stage};
use crate::time::Instant;
use crate::value::Value;

use super::{Erasures, Scene, Subject, Unasked, tasks};

/// How many names that nobody knows are said, of a content and of a row.
const SAID: usize = 20;

/// The fields that are not asked. A condition sees only fields before its own, so one pass is enough.
pub(super) fn unasked<'a>(subject: &Subject<'a>) -> Unasked<'a> {
    let mut unasked = Unasked::default();
    for field in &subject.policy.fields {
        if !field.asked.is_request() {
            unasked.later.push(&field.id);
            continue;
        }
        let shown = field
            .visible
            .as_ref()
            .map_or(Some(true), |when| Scene::of(subject, &unasked).holds(when));
        match shown {
            Some(true) => {}
            Some(false) => unasked.hidden.push(&field.id),
            None => unasked.untold.push(&field.id),
        }
    }
    unasked
}

/// The fields that are asked and must be filled, sooner or later.
pub(super) fn required(subject: &Subject<'_>, scene: &Scene<'_>) -> Vec<FieldId> {
    let must = |field: &&Field| {
        !scene.hides(&field.id)
            && field
                .required
                .as_ref()
                .is_some_and(|when| scene.holds(when) == Some(true))
    };
    subject
        .policy
        .fields
        .iter()
        .filter(must)
        .map(|field| field.id.clone())
        .collect()
}

/// Everything wrong with a content, in the policy's order of fields.
pub(super) fn findings(
    subject: &Subject<'_>,
    scene: &Scene<'_>,
    required: &[FieldId],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known = 0_usize;
    // They come in the same order.
    let mut required = required.iter().peekable();
    for field in subject
        .policy
        .fields
        .iter()
        .filter(|field| !scene.hides(&field.id))
    {
        let is_required = required.next_if(|id| **id == field.id).is_some();
        let value = subject.content.get(&field.id);
        known = known.saturating_add(usize::from(value.is_some()));
        if is_required && !value.is_some_and(|value| subject.erasures().fills(value)) {
            findings.push(missing(subject.phase, field));
        }
        if let Some(value) = given(value) {
            check(
                &Place::of(subject, field),
                &field.kind,
                value,
                &mut findings,
            );
        }
        let wording = subject
            .facts
            .findings
            .iter()
            .filter(|finding| finding.fields.first() == Some(&field.id));
        findings.extend(wording.map(|finding| weigh(finding, subject.phase, field, is_required)));
    }
    if known != subject.content.len() {
        findings.extend(unknown_fields(subject));
    }
    findings.extend(window(subject, scene));
    findings.extend(frozen(subject));
    findings.extend(inconsistent(subject, scene));
    findings
}

/// The fields that a gesture after the request asks for as things stand, and whether each must be filled.
pub(super) fn asks(subject: &Subject<'_>, stage: Stage) -> Vec<(FieldId, bool)> {
    let unasked = unasked(subject);
    let scene = Scene::of(subject, &unasked);
    let holds = |when: Option<&crate::policy::Condition>| when.map(|when| scene.holds(when));
    let fields = subject.policy.fields.iter();
    let shown = fields.filter(|field| {
        field.asked == stage
            && holds(field.visible.as_ref()).is_none_or(|shown| shown == Some(true))
    });
    shown
        .map(|field| {
            let must = holds(field.required.as_ref()) == Some(Some(true));
            (field.id.clone(), must)
        })
        .collect()
}

/// What is wrong with the fields that a gesture after the request fills.
pub(super) fn asked_later(subject: &Subject<'_>, stage: Stage, given: &Content) -> Vec<Finding> {
    let unasked = unasked(subject);
    let scene = Scene::of(subject, &unasked).with_given(given);
    let of_stage = |field: &&Field| field.asked == stage;
    let is_shown = |field: &Field| {
        let shown = field
            .visible
            .as_ref()
            .map_or(Some(true), |when| scene.holds(when));
        shown == Some(true)
    };
    let mut findings = Vec::new();
    let fields = subject.policy.fields.iter().filter(of_stage);
    for field in fields.filter(|field| is_shown(field)) {
        let value = scene.value(&field.id);
        let required = field.required.as_ref();
        let must = required.is_some_and(|when| scene.holds(when) == Some(true));
        if must && value.is_none() {
            findings.push(Finding::of(
                FindingCode::Required,
                Severity::Stops,
                &field.id,
            ));
        }
        if let Some(value) = self::given(given.get(&field.id)) {
            check(
                &Place::of(subject, field),
                &field.kind,
                value,
                &mut findings,
            );
        }
        let wording = subject.facts.findings.iter();
        let own = wording.filter(|finding| finding.fields.first() == Some(&field.id));
        findings.extend(own.cloned());
    }
    let strange = given.keys().filter(|id| {
        let field = subject.policy.field(id.as_str());
        !field.is_some_and(|field| field.asked == stage && is_shown(field))
    });
    let strange = strange.take(SAID);
    findings.extend(strange.map(|id| Finding::of(FindingCode::NotAsked, Severity::Stops, id)));
    findings
}

/// What was put in, whether it fills the field or not: blank or odd, it must be of its kind.
fn given(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_empty())
}

/// Whether a required field stops the change now or later: by the phase before which it must be filled.
fn when_required(phase: Phase, field: &Field) -> Severity {
    let reopened = if phase == Phase::Rejected {
        Phase::Assess
    } else {
        phase
    };
    if field.required_before <= reopened {
        Severity::Stops
    } else {
        Severity::Later
    }
}

fn missing(phase: Phase, field: &Field) -> Finding {
    let severity = when_required(phase, field);
    Finding::of(FindingCode::Required, severity, &field.id)
}

/// Words that say nothing fill a required field no better than none.
fn weigh(finding: &Finding, phase: Phase, field: &Field, is_required: bool) -> Finding {
    let empty_words = matches!(finding.code, FindingCode::Filler | FindingCode::TitleAgain);
    let severity = if empty_words && is_required {
        when_required(phase, field)
    } else {
        finding.severity
    };
    Finding {
        severity,
        ..finding.clone()
    }
}

fn unknown_fields(subject: &Subject<'_>) -> impl Iterator<Item = Finding> {
    let policy = subject.policy;
    let ids = subject.content.keys();
    let unknown = ids.filter(move |id| policy.field(id.as_str()).is_none());
    unknown
        .take(SAID)
        .map(|id| Finding::of(FindingCode::UnknownField, Severity::Stops, id))
}

fn inconsistent(subject: &Subject<'_>, scene: &Scene<'_>) -> Vec<Finding> {
    let broken = subject
        .policy
        .consistency
        .iter()
        .filter(|rule| scene.holds(&rule.when) == Some(true));
    let finding = |rule: &crate::policy::ConsistencyRule| Finding {
        fields: rule.fields.clone(),
        rule: Some(rule.id.clone()),
        message: Some(rule.message.clone()),
        ..Finding::about_all(FindingCode::Inconsistent, rule.severity)
    };
    broken.map(finding).collect()
}

/// The instant in the field of a meaning.
pub(crate) fn instant(
    subject: &Subject<'_>,
    scene: &Scene<'_>,
    meaning: Meaning,
) -> Option<(FieldId, Instant)> {
    let field = subject.policy.meaning(meaning)?;
    let instant = scene.value(&field.id)?.as_text()?.parse().ok()?;
    Some((field.id.clone(), instant))
}

fn window(subject: &Subject<'_>, scene: &Scene<'_>) -> Vec<Finding> {
    let at = |meaning| instant(subject, scene, meaning);
    let (from, to) = (at(Meaning::WindowStart), at(Meaning::WindowEnd));
    let (down_from, down_to) = (at(Meaning::DowntimeStart), at(Meaning::DowntimeEnd));
    let mut findings = Vec::new();
    findings.extend(ends_before_start(from.as_ref(), to.as_ref()));
    findings.extend(ends_before_start(down_from.as_ref(), down_to.as_ref()));
    findings.extend(outside(
        from.as_ref(),
        down_from.as_ref(),
        |window, downtime| downtime < window,
    ));
    findings.extend(outside(
        to.as_ref(),
        down_to.as_ref(),
        |window, downtime| downtime > window,
    ));
    findings.extend(in_past(subject, from));
    findings
}

type At = (FieldId, Instant);

fn ends_before_start(from: Option<&At>, to: Option<&At>) -> Option<Finding> {
    let ((from_field, from), (to_field, to)) = from.zip(to)?;
    (to <= from).then(|| Finding {
        fields: vec![to_field.clone(), from_field.clone()],
        ..Finding::about_all(FindingCode::EndsBeforeStart, Severity::Stops)
    })
}

fn outside(
    window: Option<&At>,
    downtime: Option<&At>,
    is_outside: fn(Instant, Instant) -> bool,
) -> Option<Finding> {
    let ((_, window), (field, downtime)) = window.zip(downtime)?;
    is_outside(*window, *downtime)
        .then(|| Finding::of(FindingCode::DowntimeOutside, Severity::Stops, field))
}

/// A start in the past stops what is not yet authorized.
fn in_past(subject: &Subject<'_>, from: Option<At>) -> Option<Finding> {
    let (field, _) = from?;
    let past = subject.facts.start_passed && subject.phase < Phase::Scheduled;
    let may_be_late = matches!(
        subject.model.authorization,
        crate::policy::Authorization::Afterwards { .. }
    );
    (past && !may_be_late).then(|| Finding::of(FindingCode::InPast, Severity::Stops, &field))
}

/// A freeze does not stop the request, but it will stop the start of the work.
fn frozen(subject: &Subject<'_>) -> Option<Finding> {
    let conflicts = subject.facts.conflicts.as_ref()?;
    conflicts
        .first
        .iter()
        .find(|conflict| conflict.kind == ConflictKind::Freeze && conflict.stops)?;
    let field = subject.policy.meaning(Meaning::WindowStart)?;
    Some(Finding::of(FindingCode::Frozen, Severity::Later, &field.id))
}

/// Where a value stands: in a field, or in a column of a row of it.
struct Place<'a> {
    erasures: Erasures<'a>,
    field: &'a FieldId,
    row: Option<u32>,
    column: Option<&'a OptionId>,
}

impl<'a> Place<'a> {
    fn of(subject: &Subject<'a>, field: &'a Field) -> Self {
        Self {
            erasures: subject.erasures(),
            field: &field.id,
            row: None,
            column: None,
        }
    }

    fn finding(&self, code: FindingCode) -> Finding {
        Finding {
            row: self.row,
            column: self.column.cloned(),
            ..Finding::of(code, Severity::Stops, self.field)
        }
    }
}

/// A value against its kind. Text may be sealed; lengths and ids are checked where the text is at hand, in the facts.
fn check(place: &Place<'_>, kind: &Kind, value: &Value, findings: &mut Vec<Finding>) {
    match (kind, value) {
        (Kind::Text { .. } | Kind::LongText { .. }, Value::Text(_) | Value::Sealed(_))
        | (Kind::YesNo {}, Value::Flag(_)) => {}
        (Kind::Choice { options }, Value::Text(chosen)) => {
            findings.extend(no_such_option(place, options, chosen))
        }
        (Kind::Several { options }, Value::List(items)) => {
            findings.extend(too_many(place, kind, items));
            several(place, options, items, findings);
        }
        (Kind::DateTime {}, Value::Text(text)) if text.parse::<Instant>().is_ok() => {}
        (Kind::Number { min, max, .. }, Value::Number(number)) => {
            findings.extend(bounds(place, *number, *min, *max))
        }
        (Kind::Duration { max }, Value::Number(minutes)) => {
            findings.extend(bounds(place, *minutes, Some(0), *max))
        }
        (Kind::People { .. } | Kind::Services { .. }, Value::List(items)) => {
            findings.extend(too_many(place, kind, items));
            let strange = items.iter().any(|item| item.as_text().is_none());
            findings.extend(strange.then(|| place.finding(FindingCode::WrongKind)));
        }
        (Kind::List { columns, .. }, Value::List(rows)) => {
            findings.extend(too_many(place, kind, rows));
            let is_filled = place.erasures.fills(value);
            for (position, row) in rows.iter().enumerate().take(kind.most()) {
                let place = Place {
                    row: u32::try_from(position).ok(),
                    column: None,
                    ..*place
                };
                check_row(&place, columns, row, is_filled, findings);
            }
        }
        (Kind::Tasks { plans, .. }, Value::List(rows)) => {
            findings.extend(too_many(place, kind, rows));
            let bounded = rows.get(..kind.most()).unwrap_or(rows);
            for (position, row) in (0_u32..).zip(bounded) {
                let place = Place {
                    row: Some(position),
                    column: None,
                    ..*place
                };
                let (columns, row) = tasks::ordinary(plans, row);
                check_row(&place, &columns, &row, true, findings);
            }
            findings.extend(tasks::findings(place.field, bounded));
        }
        (
            Kind::Text { .. }
            | Kind::LongText { .. }
            | Kind::Choice { .. }
            | Kind::Several { .. }
            | Kind::YesNo {}
            | Kind::DateTime {}
            | Kind::Number { .. }
            | Kind::Duration { .. }
            | Kind::People { .. }
            | Kind::Services { .. }
            | Kind::List { .. }
            | Kind::Tasks { .. },
            _,
        ) => findings.push(place.finding(FindingCode::WrongKind)),
    }
}

/// A row; its required columns are asked for where the list holds anything.
fn check_row(
    place: &Place<'_>,
    columns: &[Column],
    value: &Value,
    is_filled: bool,
    findings: &mut Vec<Finding>,
) {
    let empty = Map::new();
    let cells = match value {
        Value::Row(cells) => cells,
        Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Sealed(_) => {
            findings.push(place.finding(FindingCode::WrongKind));
            &empty
        }
    };
    for column in columns {
        let place = Place {
            column: Some(&column.id),
            ..*place
        };
        let cell = cells.get(&column.id);
        if let Some(cell) = given(cell) {
            check(&place, &column.kind, cell, findings);
        }
        if is_filled && column.required && !cell.is_some_and(|cell| place.erasures.fills(cell)) {
            findings.push(place.finding(FindingCode::Required));
        }
    }
    let unknown = cells
        .keys()
        .filter(|id| columns.iter().all(|column| column.id != **id));
    findings.extend(unknown.take(SAID).map(|id| {
        Place {
            column: Some(id),
            ..*place
        }
        .finding(FindingCode::UnknownField)
    }));
}

fn no_such_option(place: &Place<'_>, options: &[Choice], chosen: &str) -> Option<Finding> {
    let known = options.iter().any(|option| option.id.as_str() == chosen);
    (!known).then(|| place.finding(FindingCode::NoSuchOption))
}

fn several(place: &Place<'_>, options: &[Choice], items: &[Value], findings: &mut Vec<Finding>) {
    for item in items.iter().take(options.len()) {
        match item.as_text() {
            Some(chosen) => findings.extend(no_such_option(place, options, chosen)),
            None => findings.push(place.finding(FindingCode::WrongKind)),
        }
    }
}

fn bounds(place: &Place<'_>, number: i64, min: Option<i64>, max: Option<i64>) -> Option<Finding> {
    let below = min
        .filter(|min| number < *min)
        .map(|min| place.finding(FindingCode::Below).with_bound(min));
    below.or_else(|| {
        max.filter(|max| number > *max)
            .map(|max| place.finding(FindingCode::Above).with_bound(max))
    })
}

fn too_many(place: &Place<'_>, kind: &Kind, items: &[Value]) -> Option<Finding> {
    let most = kind.most();
    (items.len() > most).then(|| {
        place
            .finding(FindingCode::TooMany)
            .with_bound(i64::try_from(most).unwrap_or(i64::MAX))
    })
}
