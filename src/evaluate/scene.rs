//! Conditions against a content: holds, does not hold, or cannot be told yet.

use crate::draft::Content;
use crate::facts::Facts;
use crate::id::{FieldId, LevelId, RoleId};
use crate::policy::condition::{Comparison, Count, FactTest, LeadTimeTest, LevelTest, Membership};
use crate::policy::{ChangeModel, Condition, Phase, Policy};
use crate::rules::Rules;
use crate::time::Instant;
use crate::value::Value;

use super::{Erasures, Progress, Subject, progress};

/// The fields that are not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unasked<'a> {
    /// Because their condition does not hold.
    pub(super) hidden: Vec<&'a FieldId>,
    /// Because it cannot be told yet: what they would say is missing.
    pub(super) untold: Vec<&'a FieldId>,
    /// Because only a later gesture asks for them.
    pub(super) later: Vec<&'a FieldId>,
}

impl Unasked<'_> {
    /// Whether a field is not asked.
    #[must_use]
    pub fn holds(&self, field: &FieldId) -> bool {
        self.hidden.contains(&field) || self.untold.contains(&field) || self.later.contains(&field)
    }
}

/// What conditions are judged against.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    rules: Rules,
    erasures: Erasures<'a>,
    policy: &'a Policy,
    model: &'a ChangeModel,
    content: &'a Content,
    phase: Phase,
    facts: &'a Facts,
    unasked: &'a Unasked<'a>,
    level: Option<&'a LevelId>,
    roles: &'a [RoleId],
    change: Option<&'a dyn Progress>,
    given: Option<&'a Content>,
}

/// A field as a condition finds it.
enum Found<'a> {
    /// Not asked: a comparison with it does not hold.
    Hidden,
    /// Not answered: a comparison with it cannot be told.
    Empty,
    /// Answered.
    Given(&'a Value),
}

impl<'a> Scene<'a> {
    /// The scene of a subject of which these fields are not asked.
    #[must_use]
    pub fn of(subject: &Subject<'a>, unasked: &'a Unasked<'a>) -> Self {
        let Subject {
            rules,
            policy,
            model,
            content,
            phase,
            facts,
            acts: _,
            change,
        } = *subject;
        Self {
            rules,
            erasures: subject.erasures(),
            policy,
            model,
            content,
            phase,
            facts,
            unasked,
            level: None,
            roles: &[],
            change,
            given: None,
        }
    }

    /// The same with what a gesture after the request fills.
    #[must_use]
    pub const fn with_given(mut self, given: &'a Content) -> Self {
        self.given = Some(given);
        self
    }

    /// The same with its risk level known.
    #[must_use]
    pub const fn at_level(mut self, level: &'a LevelId) -> Self {
        self.level = Some(level);
        self
    }

    /// The same with an actor's roles.
    #[must_use]
    pub const fn with_roles(mut self, roles: &'a [RoleId]) -> Self {
        self.roles = roles;
        self
    }

    /// Whether a field is not asked.
    #[must_use]
    pub fn hides(&self, field: &FieldId) -> bool {
        self.unasked.holds(field)
    }

    /// Whether a field is not asked, and surely so.
    #[must_use]
    pub fn surely_hides(&self, field: &FieldId) -> bool {
        self.unasked.hidden.contains(&field)
    }

    /// The value of a field that is asked and filled.
    #[must_use]
    pub fn value(&self, field: &FieldId) -> Option<&'a Value> {
        match self.find(field) {
            Found::Given(value) => Some(value),
            Found::Hidden | Found::Empty => None,
        }
    }

    fn find(&self, field: &FieldId) -> Found<'a> {
        let value = if self.unasked.later.contains(&field) {
            self.recorded(field)
        } else if self.surely_hides(field) {
            return Found::Hidden;
        } else if self.unasked.untold.contains(&field) {
            return Found::Empty;
        } else {
            self.content.get(field)
        };
        match value {
            Some(value) if self.erasures.fills(value) => Found::Given(value),
            Some(_) | None => Found::Empty,
        }
    }

    /// What a gesture after the request answered: the one at hand, else the last.
    fn recorded(&self, field: &FieldId) -> Option<&'a Value> {
        let given = self.given.and_then(|given| given.get(field));
        given.or_else(|| self.change?.recorded(field))
    }

    /// Whether a condition holds; `None` where that cannot be told, because something is not answered or not known.
    ///
    /// # Source
    /// Kleene's strong three-valued logic: a conjunction fails by one part that fails, whatever the others are.
    #[must_use]
    pub fn holds(&self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::All(parts) => self.every(parts, true),
            Condition::Any(parts) => self.every(parts, false),
            Condition::Not(part) => self.holds(part).map(|holds| !holds),
            Condition::Is(test) => self.compare(test, |value, other| value == other),
            Condition::In(test) => self.among(test),
            Condition::AtLeast(test) => self.compare_numbers(test, |value, other| value >= other),
            Condition::AtMost(test) => self.compare_numbers(test, |value, other| value <= other),
            Condition::Before(test) => self.compare_instants(test, |value, other| value < other),
            Condition::After(test) => self.compare_instants(test, |value, other| value > other),
            Condition::Filled(field) => Some(self.value(field).is_some()),
            Condition::Count(test) => Some(self.count(test)),
            Condition::LeadTime(test) => self.shorter_lead_time(*test),
            Condition::Fact(test) => self.fact(*test),
            Condition::Level(test) => self.at_least_level(test),
            Condition::Model(models) => Some(models.contains(&self.model.id)),
            Condition::Phase(phases) => Some(phases.contains(&self.phase)),
            Condition::Actor(roles) => Some(roles.iter().any(|role| self.roles.contains(role))),
            Condition::Evidence(_)
            | Condition::Tasks(_)
            | Condition::Checked(_)
            | Condition::Outcome(_)
            | Condition::Flag(_) => {
                let holds = self.change.map_or_else(
                    || progress::of_draft(self.policy, self.content, condition),
                    |change| change.holds(self.rules, self.policy, condition),
                );
                Some(holds)
            }
        }
    }

    /// Conjunction where `all`, else disjunction: decided by the first part that is not `all`.
    fn every(&self, parts: &[Condition], all: bool) -> Option<bool> {
        let mut unknown = false;
        for part in parts {
            match self.holds(part) {
                Some(holds) if holds != all => return Some(holds),
                Some(_) => {}
                None => unknown = true,
            }
        }
        (!unknown).then_some(all)
    }

    fn compare(&self, test: &Comparison, holds: impl Fn(&Value, &Value) -> bool) -> Option<bool> {
        let value = match self.find(&test.field) {
            Found::Hidden => return Some(false),
            Found::Empty => return None,
            Found::Given(value) => value,
        };
        if let Some(constant) = &test.value {
            return Some(holds(value, constant));
        }
        match self.find(test.other.as_ref()?) {
            Found::Hidden => Some(false),
            Found::Empty => None,
            Found::Given(other) => Some(holds(value, other)),
        }
    }

    fn compare_numbers(&self, test: &Comparison, holds: impl Fn(i64, i64) -> bool) -> Option<bool> {
        self.compare(test, |value, other| {
            let numbers = value.as_number().zip(other.as_number());
            numbers.is_some_and(|(value, other)| holds(value, other))
        })
    }

    fn compare_instants(
        &self,
        test: &Comparison,
        holds: impl Fn(Instant, Instant) -> bool,
    ) -> Option<bool> {
        let instant = |value: &Value| {
            value
                .as_text()
                .and_then(|text| text.parse::<Instant>().ok())
        };
        self.compare(test, |value, other| {
            instant(value)
                .zip(instant(other))
                .is_some_and(|(value, other)| holds(value, other))
        })
    }

    fn among(&self, test: &Membership) -> Option<bool> {
        match self.find(&test.field) {
            Found::Hidden => Some(false),
            Found::Empty => None,
            Found::Given(Value::List(items)) => {
                Some(items.iter().any(|item| test.values.contains(item)))
            }
            Found::Given(value) => Some(test.values.contains(value)),
        }
    }

    fn count(&self, test: &Count) -> bool {
        let items = match self.value(&test.field) {
            Some(Value::List(items)) => items.len(),
            Some(_) => 1,
            None => 0,
        };
        u32::try_from(items).is_ok_and(|items| items >= test.at_least)
    }

    fn shorter_lead_time(&self, test: LeadTimeTest) -> Option<bool> {
        let have = self.facts.lead_time?;
        match (test.less_than.working_days, test.less_than.minutes) {
            (Some(days), _) => {
                let is_less = have.working_days? < i64::from(days);
                // There may be more than the calendar knows of: less cannot be told.
                (!(is_less && have.at_least)).then_some(is_less)
            }
            (None, Some(minutes)) => Some(have.minutes < i64::from(minutes)),
            (None, None) => None,
        }
    }

    fn fact(&self, test: FactTest) -> Option<bool> {
        let known = self
            .facts
            .known
            .iter()
            .find(|known| known.name == test.name)?;
        Some(known.value >= test.at_least)
    }

    fn at_least_level(&self, test: &LevelTest) -> Option<bool> {
        let asked = self.policy.rank(&test.at_least)?;
        Some(self.policy.rank(self.level?)? >= asked)
    }
}
