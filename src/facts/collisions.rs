//! What a planned window collides with.

use crate::id::{ModelId, PersonId, ServiceId};
use crate::policy::Phase;
use crate::sorted::{distinct, sort_short};
use crate::time::Instant;
use crate::world::{Booking, Calendar, Period, Service, World};

use super::{Conflict, ConflictKind, Conflicts};

/// How many collisions an entry names; the rest are counted.
const NAMED: usize = 20;

/// A planned window and what it is for.
pub(super) struct Window<'a> {
    pub model: &'a ModelId,
    pub from: Instant,
    pub to: Instant,
    pub services: &'a [ServiceId],
    pub implementers: &'a [PersonId],
}

/// Everything the window collides with, those that stop first; none where the host could not look.
pub(super) fn find(window: &Window<'_>, own: Option<&str>, world: &World) -> Option<Conflicts> {
    let bookings = world.changes.as_ref()?;
    let calendar = world.calendar.iter();
    let periods = calendar.flat_map(|calendar| closed(window, calendar));
    let related = related(window.services, world);
    let others = bookings
        .iter()
        .filter(|other| Some(other.id.as_str()) != own && is_open(other.phase));
    let others = others
        .filter(|other| overlaps(window, other.from, other.to))
        .filter_map(|other| collide(window, &related, other));
    let mut total = 0_u32;
    let mut first: Vec<Conflict> = Vec::new();
    for conflict in periods.chain(others) {
        total = total.saturating_add(1);
        first.push(conflict);
        sort_short(&mut first, |one, other| {
            let order = |conflict: &Conflict| (!conflict.stops, conflict.kind, conflict.from);
            order(one)
                .cmp(&order(other))
                .then_with(|| one.with.cmp(&other.with))
        });
        first.truncate(NAMED);
    }
    Some(Conflicts { total, first })
}

const fn is_open(phase: Phase) -> bool {
    match phase {
        Phase::Assess | Phase::Authorize | Phase::Scheduled | Phase::Implement => true,
        Phase::Draft | Phase::Review | Phase::Closed | Phase::Rejected | Phase::Canceled => false,
    }
}

fn overlaps(window: &Window<'_>, from: Instant, to: Instant) -> bool {
    window.from < to && from < window.to
}

/// Freezes that hold, and services whose maintenance windows do not hold this one.
fn closed(window: &Window<'_>, calendar: &Calendar) -> Vec<Conflict> {
    let frozen = calendar
        .freezes
        .iter()
        .filter(|freeze| overlaps(window, freeze.from, freeze.to))
        .filter_map(|freeze| {
            let touched = shared(window.services, &freeze.services);
            let concerns = freeze.services.is_empty() || !touched.is_empty();
            concerns.then(|| Conflict {
                kind: ConflictKind::Freeze,
                with: freeze.id.clone(),
                from: freeze.from,
                to: freeze.to,
                services: touched,
                stops: !freeze.except.contains(window.model),
            })
        });
    let outside = window
        .services
        .iter()
        .filter(|service| is_outside(window, calendar, service))
        .map(|service| Conflict {
            kind: ConflictKind::OutsideWindow,
            with: service.0.clone(),
            from: window.from,
            to: window.to,
            services: vec![service.clone()],
            stops: false,
        });
    frozen.chain(outside).collect()
}

fn is_outside(window: &Window<'_>, calendar: &Calendar, service: &ServiceId) -> bool {
    let mut own = calendar
        .windows
        .iter()
        .filter(|maintenance| maintenance.services.contains(service))
        .peekable();
    let holds = |period: &Period| period.from <= window.from && window.to <= period.to;
    own.peek().is_some() && !own.any(|maintenance| maintenance.periods.iter().any(holds))
}

fn shared(services: &[ServiceId], others: &[ServiceId]) -> Vec<ServiceId> {
    others
        .iter()
        .filter(|other| services.contains(*other))
        .cloned()
        .collect()
}

fn collide(window: &Window<'_>, related: &[ServiceId], other: &Booking) -> Option<Conflict> {
    let same = shared(window.services, &other.services);
    let near = shared(related, &other.services);
    let same_person = other
        .implementers
        .iter()
        .any(|person| window.implementers.contains(person));
    let (kind, services) = match (same.is_empty(), near.is_empty()) {
        (false, _) => (ConflictKind::SameService, same),
        (true, false) => (ConflictKind::RelatedService, near),
        (true, true) if same_person => (ConflictKind::SamePerson, Vec::new()),
        (true, true) => return None,
    };
    Some(Conflict {
        kind,
        with: other.id.0.clone(),
        from: other.from,
        to: other.to,
        services,
        stops: false,
    })
}

/// The services that depend on these, or on which these depend, at any depth; these not among them.
fn related(services: &[ServiceId], world: &World) -> Vec<ServiceId> {
    distinct(
        dependents(services, world)
            .into_iter()
            .chain(dependencies(services, world)),
    )
}

/// The services that depend on these, at any depth.
pub(super) fn dependents(services: &[ServiceId], world: &World) -> Vec<ServiceId> {
    closure(services, |reached| {
        let needs = |service: &&Service| service.depends_on.contains(reached);
        world
            .services
            .iter()
            .flatten()
            .filter(needs)
            .map(|service| &service.id)
            .collect()
    })
}

fn dependencies(services: &[ServiceId], world: &World) -> Vec<ServiceId> {
    closure(services, |reached| {
        world
            .service(reached.as_str())
            .map(|service| service.depends_on.iter().collect())
            .unwrap_or_default()
    })
}

/// Everything that steps lead to from these, these not among them.
fn closure<'a>(
    start: &[ServiceId],
    step: impl Fn(&ServiceId) -> Vec<&'a ServiceId>,
) -> Vec<ServiceId> {
    let mut found: Vec<ServiceId> = Vec::new();
    let mut ahead: Vec<ServiceId> = start.to_vec();
    while let Some(service) = ahead.pop() {
        for next in step(&service) {
            if !found.contains(next) && !start.contains(next) {
                found.push(next.clone());
                ahead.push(next.clone());
            }
        }
    }
    found
}
