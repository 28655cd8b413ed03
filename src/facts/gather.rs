//! Reads the world for one decision.

use crate::catalogue::TemplateStatus;
use crate::change::HandedOn;
use crate::draft::Content;
use crate::event::{Candidate, TemplateUsed};
use crate::id::{FieldId, PersonId, RuleId, ServiceId, TemplateId};
use crate::policy::{
    ApprovalRule, Approvers, ChangeModel, Condition, FactName, Field, Kind, Meaning, Policy, Quorum,
};
use crate::sorted::distinct;
use crate::time::Instant;
use crate::value::Value;
use crate::world::{Calendar, Period, Run, Template, World};

use super::collisions::{self, Window};
use super::{ApproversFact, Conflicts, Facts, Known, LeadTimeFact, TemplateFact, wording};

/// How many candidates an entry names for one rule.
const NAMED: usize = 60;

/// A content, in readable form, and what it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The model it follows.
    pub model: &'a ChangeModel,
    /// The template it uses.
    pub template: Option<&'a TemplateId>,
    /// The change's id, so that it does not collide with itself.
    pub id: Option<&'a str>,
    /// What was given, of the fields that are asked.
    pub content: &'a Content,
    /// The planned start that stands already, and since when; none for a draft.
    pub planned: Option<Planned>,
    /// Who asked.
    pub requester: &'a PersonId,
    /// Who acts now.
    pub actor: &'a PersonId,
    /// Whose decisions others took on because they left.
    pub handed_on: &'a [HandedOn],
    /// Whose votes count so far: no bound cuts them off.
    pub voters: &'a [PersonId],
}

/// A planned start, and when it was given.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    /// The planned start.
    pub start: Instant,
    /// When it was given.
    pub since: Instant,
}

/// Reads from the world what a decision on this content may depend on.
#[must_use]
pub fn gather(reading: &Reading<'_>, now: Instant, world: &World) -> Facts {
    let services = services(reading.policy, reading.content);
    let conflicts = conflicts(reading, &services, world);
    Facts {
        number: None,
        findings: wording::findings(reading, world),
        lead_time: lead_time(reading, now, world),
        start_passed: instant(reading, Meaning::WindowStart).is_some_and(|start| start < now),
        known: known(reading, &services, conflicts.as_ref(), world),
        conflicts,
        work: None,
        template: reading
            .template
            .and_then(|template| template_fact(reading, template, world)),
        approvers: reading
            .policy
            .approvals
            .iter()
            .filter(|rule| may_ask_of(rule, reading))
            .map(|rule| approvers(rule, reading, &services, now, world))
            .collect(),
        actor_owns_service: owns_service(reading.policy, reading.content, reading.actor, world),
        files: Vec::new(),
        missing_people: Vec::new(),
        takes_over: false,
        kept_lets: None,
        actor_teams: Vec::new(),
        related: Vec::new(),
        unknown_commitments: Vec::new(),
        catalogue: None,
        document: None,
        meeting: None,
    }
}

/// Whether a person owns a service that a content touches.
#[must_use]
pub fn owns_service(policy: &Policy, content: &Content, person: &PersonId, world: &World) -> bool {
    let services = services(policy, content);
    owners(&services, world).any(|owner| owner == person)
}

/// The ids that a field of people or services holds, each once; those beyond its bound are refused and not looked at.
fn ids_in<'a>(field: &Field, content: &'a Content) -> Vec<&'a str> {
    let value = content.get(&field.id);
    value
        .map(|value| distinct(value.ids().take(field.kind.most())))
        .unwrap_or_default()
}

fn named<'a>(policy: &Policy, content: &'a Content, meaning: Meaning) -> Vec<&'a str> {
    let field = policy.meaning(meaning);
    field
        .map(|field| ids_in(field, content))
        .unwrap_or_default()
}

fn services(policy: &Policy, content: &Content) -> Vec<ServiceId> {
    named(policy, content, Meaning::Services)
        .into_iter()
        .map(ServiceId::from)
        .collect()
}

fn instant(reading: &Reading<'_>, meaning: Meaning) -> Option<Instant> {
    let field = reading.policy.meaning(meaning)?;
    reading.content.get(&field.id)?.as_text()?.parse().ok()
}

fn owners<'a>(services: &'a [ServiceId], world: &'a World) -> impl Iterator<Item = &'a PersonId> {
    services
        .iter()
        .filter_map(|service| world.service(service.as_str())?.owner.as_ref())
}

fn lead_time(reading: &Reading<'_>, now: Instant, world: &World) -> Option<LeadTimeFact> {
    let start = instant(reading, Meaning::WindowStart)?;
    let stands = reading.planned.filter(|planned| planned.start == start);
    let now = stands.map_or(now, |planned| planned.since);
    let calendar = world.calendar.as_ref();
    let days = calendar.map(|calendar| {
        let begins = calendar
            .working_days
            .iter()
            .filter(|day| now < day.from && day.from <= start);
        i64::try_from(begins.count()).unwrap_or(i64::MAX)
    });
    let is_known = |calendar: &Calendar| {
        let known = calendar.known();
        known.is_some_and(|known| known.from <= now && start <= known.to)
    };
    Some(LeadTimeFact {
        working_days: days,
        at_least: now < start && calendar.is_some_and(|calendar| !is_known(calendar)),
        minutes: floor_minutes(start, now),
    })
}

/// Minutes toward the past, so that a start one second ago is in the past.
const fn floor_minutes(start: Instant, now: Instant) -> i64 {
    start
        .millis()
        .saturating_sub(now.millis())
        .div_euclid(60_000)
}

fn conflicts(reading: &Reading<'_>, services: &[ServiceId], world: &World) -> Option<Conflicts> {
    let from = instant(reading, Meaning::WindowStart)?;
    let to = instant(reading, Meaning::WindowEnd).filter(|to| from < *to)?;
    let time = Period { from, to };
    at_time(reading, services, time, world)
}

/// What keeps work on a content from being done at a time; none where that cannot be told.
pub(crate) fn stops(reading: &Reading<'_>, time: Period, world: &World) -> Option<Conflicts> {
    let services = services(reading.policy, reading.content);
    let mut conflicts = at_time(reading, &services, time, world)?;
    conflicts.first.retain(|conflict| conflict.stops);
    conflicts.total = u32::try_from(conflicts.first.len()).ok()?;
    Some(conflicts)
}

/// What a content collides with at a time.
fn at_time(
    reading: &Reading<'_>,
    services: &[ServiceId],
    Period { from, to }: Period,
    world: &World,
) -> Option<Conflicts> {
    let implementers: Vec<_> = named(reading.policy, reading.content, Meaning::Implementers)
        .into_iter()
        .map(PersonId::from)
        .collect();
    let window = Window {
        model: &reading.model.id,
        from,
        to,
        services,
        implementers: &implementers,
    };
    collisions::find(&window, reading.id, world)
}

/// The named facts that the host has, and those that are asked because it has not.
fn known(
    reading: &Reading<'_>,
    services: &[ServiceId],
    conflicts: Option<&Conflicts>,
    world: &World,
) -> Vec<Known> {
    let provided = [
        (FactName::Importance, importance(services, world)),
        (FactName::Dependents, dependents(services, world)),
        (
            FactName::Conflicts,
            conflicts
                .filter(|conflicts| conflicts.only_known.is_none())
                .map(|conflicts| i64::from(conflicts.total)),
        ),
        (FactName::Successes, successes(reading, world)),
        (FactName::Runs, runs(reading, world)),
    ];
    let is_absent = |name: FactName| {
        reading
            .policy
            .absent_facts
            .iter()
            .any(|absent| absent.fact == name)
    };
    let provided = provided.into_iter().filter(|(name, _)| !is_absent(*name));
    let provided = provided.filter_map(|(name, value)| {
        Some(Known {
            name,
            value: value?,
            asked: false,
        })
    });
    provided.chain(asked(reading)).collect()
}

fn asked(reading: &Reading<'_>) -> Vec<Known> {
    let answer = |absent: &crate::policy::AbsentFact| {
        let value = match reading.content.get(&absent.asked)? {
            Value::Number(number) => *number,
            Value::Text(option) => *absent.values.get(option.as_str())?,
            Value::Flag(flag) => i64::from(*flag),
            Value::List(_) | Value::Row(_) | Value::Sealed(_) => return None,
        };
        Some(Known {
            name: absent.fact,
            value,
            asked: true,
        })
    };
    reading
        .policy
        .absent_facts
        .iter()
        .filter_map(answer)
        .collect()
}

/// The importance of the most important service; unknown where one has none, since that one may be the most important.
fn importance(services: &[ServiceId], world: &World) -> Option<i64> {
    let each = services
        .iter()
        .map(|service| world.service(service.as_str())?.importance);
    each.collect::<Option<Vec<_>>>()?
        .into_iter()
        .max()
        .map(i64::from)
}

fn dependents(services: &[ServiceId], world: &World) -> Option<i64> {
    world.services.as_ref().filter(|_| !services.is_empty())?;
    i64::try_from(collisions::dependents(services, world).len()).ok()
}

fn successes(reading: &Reading<'_>, world: &World) -> Option<i64> {
    world
        .template(reading.template?)
        .map(|template| i64::from(template.successes))
}

/// How often others of the same kind were carried out. A host that tells of no work at all may know of none.
fn runs(reading: &Reading<'_>, world: &World) -> Option<i64> {
    let is_same = |run: &&Run| {
        let kind = match reading.template {
            Some(template) => run.template.as_ref().map(|used| &used.id) == Some(template),
            None => run.model == reading.model.id,
        };
        kind && Some(run.change.as_str()) != reading.id
    };
    let count = world.runs.iter().filter(is_same).count();
    let known = !world.runs.is_empty();
    known.then(|| i64::try_from(count).unwrap_or(i64::MAX))
}

fn template_fact(reading: &Reading<'_>, id: &TemplateId, world: &World) -> Option<TemplateFact> {
    let template = world
        .template(id)
        .filter(|template| template.model == reading.model.id)?;
    let fixed = template
        .fields
        .iter()
        .all(|(field, value)| reading.content.get(field) == Some(value));
    // What a later gesture answers is no part of what the template carries.
    let is_later = |id: &FieldId| {
        let field = reading.policy.field(id.as_str());
        field.is_some_and(|field| !field.asked.is_request())
    };
    let is_covered = |field: &FieldId| {
        template.fields.contains_key(field) || template.open.contains(field) || is_later(field)
    };
    Some(TemplateFact {
        used: TemplateUsed {
            id: id.clone(),
            version: template.version,
            on_probation: template
                .standing
                .as_ref()
                .is_some_and(|standing| standing.status == TemplateStatus::Probation),
        },
        active: template.active,
        covers: fixed && reading.content.keys().all(is_covered) && within(template, reading),
        level: template.level.clone(),
    })
}

/// Whether services and window are those that a template covers, where it says which; a window that is not given yet is.
fn within(template: &Template, reading: &Reading<'_>) -> bool {
    let Some(covers) = &template.covers else {
        return true;
    };
    let services = services(reading.policy, reading.content);
    let known = covers.services.is_empty()
        || services
            .iter()
            .all(|service| covers.services.contains(service));
    let window = instant(reading, Meaning::WindowStart).zip(instant(reading, Meaning::WindowEnd));
    let short = covers
        .window_min
        .zip(window)
        .is_none_or(|(most, (from, to))| to.minutes_since(from) <= i64::from(most));
    known && short
}

/// Whether a rule may ask about a content: of its model, or of the one whose rules ask above the level of a template.
fn may_ask_of(rule: &ApprovalRule, reading: &Reading<'_>) -> bool {
    let above = reading.policy.model_above(reading.model);
    let models = std::iter::once(reading.model).chain(above);
    models
        .into_iter()
        .any(|model| may_ask(rule.when.as_ref(), model))
}

/// Whether a rule may ask anything of changes of this model: not where its condition is for other models.
fn may_ask(when: Option<&Condition>, model: &ChangeModel) -> bool {
    match when {
        Some(Condition::Model(models)) => models.contains(&model.id),
        Some(Condition::All(parts)) => parts
            .iter()
            .all(|part| !matches!(part, Condition::Model(models) if !models.contains(&model.id))),
        Some(_) | None => true,
    }
}

fn approvers(
    rule: &ApprovalRule,
    reading: &Reading<'_>,
    services: &[ServiceId],
    now: Instant,
    world: &World,
) -> ApproversFact {
    let all_count = matches!(rule.quorum, Quorum::All {} | Quorum::Percent { .. });
    let most = if all_count { usize::MAX } else { NAMED };
    let named = |from: &Approvers| principals(from, reading, services, world);
    let people = |named: &[PersonId]| cut(candidates(named, reading, now, world), most, reading);
    let own = named(&rule.from);
    let deputies = rule.deputies.as_ref().map(named).unwrap_or_default();
    let above = rule.escalate.as_ref().map(|escalate| named(&escalate.to));
    let mut above = people(&above.unwrap_or_default());
    above.truncate(NAMED);
    ApproversFact {
        rule: RuleId::clone(&rule.id),
        principals: people(&own),
        away: away(own.iter().chain(&deputies), reading, now, world),
        left: left(&own, world),
        deputies: people(&deputies),
        above,
    }
}

/// Of those who have voted, whom a rule names, and who come back: their no stands while they are away.
fn away<'n>(
    named: impl Iterator<Item = &'n PersonId>,
    reading: &Reading<'_>,
    now: Instant,
    world: &World,
) -> Vec<PersonId> {
    let comes_back = |id: &PersonId| {
        let person = world.person(id);
        person.is_some_and(|person| !person.left) && !is_there(world, id, now)
    };
    distinct(
        named
            .filter(|id| reading.voters.contains(id) && comes_back(id))
            .cloned(),
    )
}

/// Whether a person is there at a time.
fn is_there(world: &World, id: &PersonId, now: Instant) -> bool {
    world
        .person(id)
        .is_some_and(|person| !person.left && person.absent_until.is_none_or(|until| until <= now))
}

/// Those of whom a rule names who are not there any more.
fn left(named: &[PersonId], world: &World) -> Vec<PersonId> {
    let is_gone = |id: &&PersonId| world.person(id).is_none_or(|person| person.left);
    named.iter().filter(is_gone).cloned().collect()
}

/// Whom a rule names, whether they are there or not.
fn principals(
    from: &Approvers,
    reading: &Reading<'_>,
    services: &[ServiceId],
    world: &World,
) -> Vec<PersonId> {
    match from {
        Approvers::Group { group } => {
            let members = world
                .people
                .iter()
                .filter(|person| person.groups.contains(group));
            members.map(|person| person.id.clone()).collect()
        }
        Approvers::RequesterManager {} => {
            let requester = world.person(reading.requester);
            requester
                .and_then(|person| person.manager.clone())
                .into_iter()
                .collect()
        }
        Approvers::ServiceOwners {} => distinct(owners(services, world).cloned()),
        Approvers::Field { field } => people_in(reading, field.as_str()),
    }
}

fn people_in(reading: &Reading<'_>, field: &str) -> Vec<PersonId> {
    let is_people = |field: &&Field| matches!(field.kind, Kind::People { .. });
    let field = reading.policy.field(field).filter(is_people);
    let ids = field.map(|field| ids_in(field, reading.content));
    ids.unwrap_or_default()
        .into_iter()
        .map(PersonId::from)
        .collect()
}

/// Those who are there, and those who decide for them; the actor first, so that no bound cuts them off.
fn candidates(
    principals: &[PersonId],
    reading: &Reading<'_>,
    now: Instant,
    world: &World,
) -> Vec<Candidate> {
    let remains = |id: &PersonId| world.person(id).is_some_and(|person| !person.left);
    let is_there = |id: &PersonId| is_there(world, id, now);
    let themselves = principals
        .iter()
        .filter(|id| is_there(id))
        .map(|id| Candidate {
            person: id.clone(),
            on_behalf_of: None,
        });
    let holds = |delegation: &&crate::world::Delegation| {
        principals.contains(&delegation.of)
            && delegation.from <= now
            && now < delegation.until
            && is_there(&delegation.to)
    };
    let delegates = world.delegations.iter().filter(holds);
    let delegates = delegates.map(|delegation| (&delegation.to, &delegation.of));
    let took_on = |handed: &&HandedOn| {
        principals.contains(&handed.from) && !remains(&handed.from) && is_there(&handed.to)
    };
    let successors = reading.handed_on.iter().filter(took_on);
    let successors = successors.map(|handed| (&handed.to, &handed.from));
    let others = delegates.chain(successors).map(|(person, of)| Candidate {
        person: person.clone(),
        on_behalf_of: Some(of.clone()),
    });
    let (mut first, others): (Vec<_>, Vec<_>) = themselves
        .chain(others)
        .partition(|candidate| candidate.person == *reading.actor);
    first.extend(others);
    first
}

/// The first of the candidates; those who have voted are not cut off, since a no among them counts.
fn cut(mut people: Vec<Candidate>, most: usize, reading: &Reading<'_>) -> Vec<Candidate> {
    let over = people.split_off(people.len().min(most));
    let voted = |candidate: &Candidate| reading.voters.contains(candidate.principal());
    people.extend(over.into_iter().filter(voted));
    people
}
