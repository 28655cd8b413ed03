//! Who may call a meeting and keep its minutes, and why not.

use crate::id::{ChangeId, PersonId, RuleId};
use crate::other::{Hand, Ruling, unless};
use crate::policy::Board;
use crate::refusal::Refusal;
use crate::sorted::distinct;

use super::{Meeting, MeetingEvent, MeetingStep};

/// Decides a step: all of them are the chair's.
///
/// # Errors
/// Every refusal that applies.
pub(crate) fn decide(
    hand: &Hand<'_>,
    meeting: Option<&Meeting>,
    step: &MeetingStep,
) -> Ruling<MeetingEvent> {
    let person = hand.person()?;
    match (step, meeting) {
        (MeetingStep::Call { .. }, None) => call(hand, person, step),
        (MeetingStep::Call { .. }, Some(_)) => Err(vec![Refusal::RecordExists {}]),
        (_, None) => Err(vec![Refusal::RecordUnknown {}]),
        (_, Some(Meeting { closed, .. })) if closed.is_some() => {
            Err(vec![Refusal::MeetingClosed {}])
        }
        (_, Some(Meeting { called_off, .. })) if called_off.is_some() => {
            Err(vec![Refusal::MeetingCalledOff {}])
        }
        (step, Some(meeting)) => {
            let mut refusals: Vec<Refusal> = not_chair(hand, &meeting.board).into_iter().collect();
            refusals.extend(unfit(hand, meeting, step));
            unless(refusals, || event(hand, person, step).into_iter().collect())
        }
    }
}

fn call(hand: &Hand<'_>, by: &PersonId, step: &MeetingStep) -> Ruling<MeetingEvent> {
    let MeetingStep::Call {
        board,
        at,
        agenda,
        place,
    } = step
    else {
        return Err(vec![Refusal::RecordUnknown {}]);
    };
    let mut refusals: Vec<Refusal> = not_chair(hand, board).into_iter().collect();
    refusals.extend(unknown_changes(hand));
    unless(refusals, || {
        vec![MeetingEvent::Called {
            by: by.clone(),
            at: hand.now,
            board: board.clone(),
            meets: *at,
            agenda: each_once(agenda),
            place: place.clone(),
        }]
    })
}

fn each_once(agenda: &[ChangeId]) -> Vec<ChangeId> {
    distinct(agenda).into_iter().cloned().collect()
}

fn not_chair(hand: &Hand<'_>, board: &RuleId) -> Option<Refusal> {
    let known = |known: &&Board| known.id == *board;
    match hand.policy.boards.iter().find(known) {
        Some(board) => hand.lacks(&board.chairs),
        None => Some(Refusal::MeetingUnknownBoard {
            board: board.clone(),
        }),
    }
}

fn unknown_changes(hand: &Hand<'_>) -> Vec<Refusal> {
    let fact = hand.facts.meeting.as_ref();
    let unknown = fact.map(|fact| fact.unknown_changes.as_slice());
    let unknown = unknown.unwrap_or_default().iter();
    unknown
        .map(|change| Refusal::MeetingUnknownChange {
            change: change.clone(),
        })
        .collect()
}

/// What speaks against a step, whoever takes it.
fn unfit(hand: &Hand<'_>, meeting: &Meeting, step: &MeetingStep) -> Vec<Refusal> {
    match step {
        MeetingStep::Call { .. } => vec![Refusal::RecordExists {}],
        MeetingStep::Agenda { agenda } => {
            let mut refusals = unknown_changes(hand);
            if each_once(agenda) == meeting.agenda {
                refusals.push(Refusal::NothingChanged {});
            }
            refusals
        }
        MeetingStep::Attend { person, present } => {
            let fact = hand.facts.meeting.as_ref();
            let unknown = fact.is_some_and(|fact| fact.unknown_people.contains(person));
            let unknown = unknown.then(|| Refusal::UnknownPerson {
                person: person.clone(),
            });
            let same = meeting.attendance.get(person) == Some(present);
            unknown
                .into_iter()
                .chain(same.then_some(Refusal::NothingChanged {}))
                .collect()
        }
        MeetingStep::Minute { change, text } => {
            let blank = text.is_blank().then_some(Refusal::TextMissing {});
            let strange = change
                .iter()
                .filter(|change| !meeting.agenda.contains(change));
            let strange = strange.map(|change| Refusal::MeetingNotOnAgenda {
                change: change.clone(),
            });
            blank.into_iter().chain(strange).collect()
        }
        MeetingStep::CallOff { reason } => {
            let begun = meeting.has_begun().then_some(Refusal::MeetingBegun {});
            let blank = reason.is_blank().then_some(Refusal::ReasonMissing {});
            begun.into_iter().chain(blank).collect()
        }
        MeetingStep::Close {} => {
            let somebody = meeting.attendance.values().any(|present| *present);
            let nobody = (!somebody).then_some(Refusal::MeetingNobodyPresent {});
            nobody.into_iter().collect()
        }
    }
}

fn event(hand: &Hand<'_>, by: &PersonId, step: &MeetingStep) -> Option<MeetingEvent> {
    let (by, at) = (by.clone(), hand.now);
    match step {
        MeetingStep::Call { .. } => None,
        MeetingStep::Agenda { agenda } => Some(MeetingEvent::AgendaSet {
            by,
            at,
            agenda: each_once(agenda),
        }),
        MeetingStep::Attend { person, present } => Some(MeetingEvent::Attended {
            by,
            at,
            person: person.clone(),
            present: *present,
        }),
        MeetingStep::Minute { change, text } => Some(MeetingEvent::Minuted {
            by,
            at,
            change: change.clone(),
            text: text.clone(),
        }),
        MeetingStep::CallOff { reason } => Some(MeetingEvent::CalledOff {
            by,
            at,
            reason: reason.clone(),
        }),
        MeetingStep::Close {} => Some(MeetingEvent::Closed { by, at }),
    }
}
