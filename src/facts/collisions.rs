//! What a planned window collides with.

use crate::id::{ModelId, PersonId, ServiceId};
use crate::policy::Phase;
use crate::sorted::distinct;
use crate::time::Instant;
use crate::world::{Booking, Calendar, Period, Service, World};

use super::{Conflict, ConflictKind, Conflicts};

/// How many collisions an entry names; the rest are counted.
const NAMED: usize = 20;

/// A planned window and what it is for.
#[derive(Clone, Copy)]
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
    let only_known = world
        .calendar
        .as_ref()
        .and_then(|calendar| beyond(window, calendar));
    let related = related(window.services, world);
    let others = bookings
        .iter()
        .filter(|other| Some(other.id.as_str()) != own && is_open(other.phase));
    let others = others
        .filter(|other| overlaps(window, other.from, other.to))
        .filter_map(|other| {
            Some(Found {
                conflict: collide(window, &related, other)?,
                booked: Some(other),
            })
        });
    let periods = periods.map(|conflict| Found {
        conflict,
        booked: None,
    });
    let found: Vec<_> = periods.chain(others).collect();
    Some(Conflicts {
        total: u32::try_from(found.len()).unwrap_or(u32::MAX),
        first: first(found),
        only_known,
    })
}

/// A collision, and what was booked, where it is with another change.
struct Found<'a> {
    conflict: Conflict,
    booked: Option<&'a Booking>,
}

impl<'a> Found<'a> {
    /// Whose it is, where that is told; else it is nobody's but its own.
    fn owner(&self) -> Option<&'a str> {
        let booked = self.booked?;
        let requester = booked.requester.as_ref();
        Some(requester.map_or(booked.id.as_str(), PersonId::as_str))
    }

    /// How sure it is to take place: what the calendar says, then what runs or is authorized, then what is only wished for.
    const fn certainty(&self) -> u8 {
        match self.booked {
            None => 0,
            Some(booked) => match booked.phase {
                Phase::Implement | Phase::Scheduled => 1,
                Phase::Authorize => 2,
                Phase::Assess
                | Phase::Draft
                | Phase::Review
                | Phase::Closed
                | Phase::Rejected
                | Phase::Canceled => 3,
            },
        }
    }
}

/// Those that are named: first what stops, then what is surer to take place. Of what is as sure, each requester has one after
/// the other, so that nobody crowds out others' by asking for many.
fn first(mut found: Vec<Found<'_>>) -> Vec<Conflict> {
    let mut named: Vec<Found<'_>> = Vec::new();
    while named.len() < NAMED {
        let turn = |one: &Found<'_>| {
            let of_owner = named.iter().filter(|known| {
                known.certainty() == one.certainty() && known.owner() == one.owner()
            });
            one.booked.map_or(0, |_| of_owner.count())
        };
        let order = |one: &Found<'_>| {
            let conflict = &one.conflict;
            (
                !conflict.stops,
                one.certainty(),
                turn(one),
                conflict.kind,
                conflict.from,
            )
        };
        let next = found.iter().enumerate().min_by(|(_, one), (_, other)| {
            let same = || one.conflict.with.cmp(&other.conflict.with);
            order(one).cmp(&order(other)).then_with(same)
        });
        let Some((place, _)) = next else { break };
        named.push(found.swap_remove(place));
    }
    named.into_iter().map(|known| known.conflict).collect()
}

/// How far a calendar is known, where a window reaches beyond that: no freeze can be told of there, and no maintenance window.
fn beyond(window: &Window<'_>, calendar: &Calendar) -> Option<Period> {
    let nothing = Period {
        from: window.from,
        to: window.from,
    };
    let known = calendar.known().unwrap_or(nothing);
    (window.from < known.from || known.to < window.to).then_some(known)
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

/// Whether a service has maintenance windows and this is none of them, as far as the calendar is known.
fn is_outside(window: &Window<'_>, calendar: &Calendar, service: &ServiceId) -> bool {
    let mut own = calendar
        .windows
        .iter()
        .filter(|maintenance| maintenance.services.contains(service))
        .peekable();
    let holds = |period: &Period| period.from <= window.from && window.to <= period.to;
    let is_known = beyond(window, calendar).is_none();
    is_known
        && own.peek().is_some()
        && !own.any(|maintenance| maintenance.periods.iter().any(holds))
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
