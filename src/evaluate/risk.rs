//! The three engines of risk. The highest wins, so what raised the level is always well defined.

use crate::assessment::{Contribution, RiskAssessment};
use crate::id::{LevelId, OptionId};
use crate::policy::risk::{Matrix, RiskQuestion};
use crate::policy::{Authorization, Kind, Policy, RiskDepth};
use crate::rules::Rules;
use crate::sorted::sort_short;
use crate::value::{LARGEST, Value};

use super::{Scene, Subject};

/// How risky a content is.
pub(super) fn assess(subject: &Subject<'_>, scene: &Scene<'_>) -> RiskAssessment {
    match subject.model.risk {
        RiskDepth::Full => by_engines(subject.policy, scene),
        RiskDepth::Conditions => by_conditions(subject.policy, scene),
        RiskDepth::Template => by_template(subject, scene),
    }
}

/// The level that the conditions set, and no questions are asked.
fn by_conditions(policy: &Policy, scene: &Scene<'_>) -> RiskAssessment {
    let floor = by_floors(policy, scene);
    let lowest = policy.risk.levels.first().map(|level| &level.id);
    let level = floor.as_ref().map(level_of).or(lowest).cloned();
    RiskAssessment {
        level: level.unwrap_or_else(|| worst(policy)),
        points: 0,
        most_points: 0,
        contributions: floor.into_iter().collect(),
        unanswered: 0,
    }
}

/// The level that the template was approved with, or that of a floor that is higher; the worst where there is no template.
fn by_template(subject: &Subject<'_>, scene: &Scene<'_>) -> RiskAssessment {
    let policy = subject.policy;
    let approved = template_level(subject);
    let floor = subject.rules.since(Rules::V3);
    let floor = floor.then(|| by_floors(policy, scene)).flatten();
    let higher = floor.filter(|floor| policy.rank(&approved) < policy.rank(level_of(floor)));
    let level = higher.as_ref().map_or(&approved, level_of).clone();
    let template = Contribution::Template { level: approved };
    RiskAssessment {
        level,
        points: 0,
        most_points: 0,
        contributions: higher.into_iter().chain([template]).collect(),
        unanswered: 0,
    }
}

/// The level that the template in use was approved with; the worst where there is none.
fn template_level(subject: &Subject<'_>) -> LevelId {
    let template = subject.facts.template.as_ref();
    template
        .map(|template| template.level.clone())
        .filter(|level| subject.policy.rank(level).is_some())
        .unwrap_or_else(|| worst(subject.policy))
}

/// Whether a change of a pre-approved model is riskier than its template was approved for: then rules ask.
pub(super) fn is_above_template(subject: &Subject<'_>, level: &LevelId) -> bool {
    let carried = matches!(
        subject.model.authorization,
        Authorization::PreApproved { .. }
    );
    let approved = || subject.policy.rank(&template_level(subject));
    carried && subject.rules.since(Rules::V3) && approved() < subject.policy.rank(level)
}

fn worst(policy: &Policy) -> LevelId {
    policy
        .risk
        .levels
        .last()
        .map_or_else(|| LevelId(String::new()), |level| level.id.clone())
}

fn by_engines(policy: &Policy, scene: &Scene<'_>) -> RiskAssessment {
    let mut answers: Vec<_> = policy
        .risk
        .questions
        .iter()
        .filter_map(|question| answer(question, scene))
        .collect();
    sort_short(&mut answers, |one, other| other.points.cmp(&one.points));
    let points = answers
        .iter()
        .fold(0_i64, |sum, answer| add(sum, answer.points));
    let most_points = answers
        .iter()
        .fold(0_i64, |sum, answer| add(sum, answer.most));
    let unanswered = answers
        .iter()
        .filter(|answer| answer.option.is_none())
        .count();
    let engines = [
        by_points(policy, points),
        by_floors(policy, scene),
        by_matrix(policy, scene),
    ];
    let lowest = policy.risk.levels.first().map(|level| &level.id);
    let level = engines
        .iter()
        .flatten()
        .map(level_of)
        .chain(lowest)
        .max_by_key(|level| policy.rank(level))
        .cloned();
    let contributions = engines
        .iter()
        .flatten()
        .cloned()
        .chain(answers.into_iter().map(Answer::into_contribution));
    RiskAssessment {
        level: level.unwrap_or_else(|| worst(policy)),
        points,
        most_points,
        contributions: contributions.collect(),
        unanswered: u32::try_from(unanswered).unwrap_or(u32::MAX),
    }
}

/// A sum that every reader of the log holds exactly.
fn add(sum: i64, points: i64) -> i64 {
    sum.saturating_add(points).min(LARGEST)
}

fn level_of(contribution: &Contribution) -> &LevelId {
    static NONE: LevelId = LevelId(String::new());
    match contribution {
        Contribution::Points { level }
        | Contribution::Floor { level, .. }
        | Contribution::Matrix { level, .. }
        | Contribution::Template { level } => level,
        Contribution::Question { .. } => &NONE,
    }
}

/// A risk question that is asked, with its answer.
struct Answer<'a> {
    question: &'a RiskQuestion,
    option: Option<&'a OptionId>,
    points: i64,
    most: i64,
}

impl Answer<'_> {
    fn into_contribution(self) -> Contribution {
        Contribution::Question {
            field: self.question.field.clone(),
            answer: self.option.cloned(),
            points: self.points,
            most: self.most,
        }
    }
}

/// The answer to a question: its most points where it is not answered, or with something that has no points.
fn answer<'a>(question: &'a RiskQuestion, scene: &Scene<'_>) -> Option<Answer<'a>> {
    if scene.surely_hides(&question.field) {
        return None;
    }
    let key = match scene.value(&question.field) {
        Some(Value::Text(option)) => Some(option.as_str()),
        Some(Value::Flag(true)) => Some("true"),
        Some(Value::Flag(false)) => Some("false"),
        Some(Value::Number(_) | Value::List(_) | Value::Row(_) | Value::Sealed(_)) | None => None,
    };
    let most = question.points.values().copied().max().unwrap_or(0);
    let given = key.and_then(|key| question.points.get_key_value(key));
    let (option, points) = given.map_or((None, most), |(option, points)| (Some(option), *points));
    Some(Answer {
        question,
        option,
        points,
        most,
    })
}

/// The level of the band that holds the sum.
fn by_points(policy: &Policy, points: i64) -> Option<Contribution> {
    if policy.risk.questions.is_empty() {
        return None;
    }
    let holds = |from: i64, to: Option<i64>| from <= points && to.is_none_or(|to| points <= to);
    let band = policy
        .risk
        .bands
        .iter()
        .find(|band| holds(band.from, band.to));
    Some(Contribution::Points {
        level: band.map_or_else(|| worst(policy), |band| band.level.clone()),
    })
}

/// The first floor that holds, or that might hold: what is missing counts as its worst.
fn by_floors(policy: &Policy, scene: &Scene<'_>) -> Option<Contribution> {
    policy
        .risk
        .floors
        .iter()
        .find_map(|floor| match scene.holds(&floor.when) {
            Some(false) => None,
            held => Some(Contribution::Floor {
                rule: floor.id.clone(),
                level: floor.level.clone(),
                unknown: held.is_none(),
            }),
        })
}

/// The least level of a content of which only a part is given: the highest that the conditions could set once the rest is.
pub(super) fn least(subject: &Subject<'_>, scene: &Scene<'_>) -> Option<LevelId> {
    let policy = subject.policy;
    if subject.rules.since(Rules::V3) {
        let floor = by_floors(policy, scene);
        let lowest = policy.risk.levels.first().map(|level| &level.id);
        return floor.as_ref().map(level_of).or(lowest).cloned();
    }
    least_surely(policy, scene)
}

/// The level that the conditions surely set: before version 3, what cannot be told did not raise it.
fn least_surely(policy: &Policy, scene: &Scene<'_>) -> Option<LevelId> {
    let mut floors = policy.risk.floors.iter();
    let surely = floors.find(|floor| scene.holds(&floor.when) == Some(true));
    let lowest = policy.risk.levels.first().map(|level| &level.id);
    surely.map(|floor| &floor.level).or(lowest).cloned()
}

/// The cell of both answers; the worst of those that are still possible where one is not given.
fn by_matrix(policy: &Policy, scene: &Scene<'_>) -> Option<Contribution> {
    let matrix = policy.risk.matrix.as_ref()?;
    let row = chosen(policy, matrix, scene, Axis::Impact);
    let column = chosen(policy, matrix, scene, Axis::Likelihood);
    let fits =
        |wanted: Option<usize>, position: usize| wanted.is_none_or(|wanted| wanted == position);
    let rows = matrix
        .rows
        .iter()
        .enumerate()
        .filter(|(position, _)| fits(row, *position));
    let cells = rows.flat_map(|(_, cells)| {
        cells
            .iter()
            .enumerate()
            .filter(|(position, _)| fits(column, *position))
    });
    let level = cells
        .map(|(_, level)| level)
        .max_by_key(|level| policy.rank(level))
        .cloned();
    Some(Contribution::Matrix {
        level: level.unwrap_or_else(|| worst(policy)),
        unknown: row.is_none() || column.is_none(),
    })
}

#[derive(Clone, Copy)]
enum Axis {
    Impact,
    Likelihood,
}

/// Which option of an axis was chosen, by its position.
fn chosen(policy: &Policy, matrix: &Matrix, scene: &Scene<'_>, axis: Axis) -> Option<usize> {
    let field = match axis {
        Axis::Impact => &matrix.impact,
        Axis::Likelihood => &matrix.likelihood,
    };
    let chosen = scene.value(field)?.as_text()?;
    let Kind::Choice { options } = &policy.field(field.as_str())?.kind else {
        return None;
    };
    options
        .iter()
        .position(|option| option.id.as_str() == chosen)
}
