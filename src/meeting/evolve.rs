//! What events make of a meeting. Total: an event that does not fit changes nothing.

use crate::change::{Done, Said};
use crate::id::{ChangeId, PersonId};
use crate::map::Map;
use crate::time::Instant;

use super::{Meeting, MeetingEvent, Minute};

/// What a first event makes of nothing, and any event of a meeting.
#[must_use]
pub fn evolve(id: &ChangeId, meeting: Option<Meeting>, event: &MeetingEvent) -> Option<Meeting> {
    match (meeting, event) {
        (
            None,
            MeetingEvent::Called {
                by,
                at,
                board,
                meets,
                agenda,
                place,
            },
        ) => Some(Meeting {
            id: id.clone(),
            board: board.clone(),
            called: done(by, *at),
            meets: *meets,
            agenda: agenda.clone(),
            attendance: Map::new(),
            minutes: Vec::new(),
            place: place.clone(),
            called_off: None,
            closed: None,
        }),
        (meeting, event) => meeting.map(|meeting| meeting.after(event)),
    }
}

fn done(by: &PersonId, at: Instant) -> Done {
    Done {
        by: by.clone(),
        at,
        note: None,
    }
}

impl Meeting {
    fn after(mut self, event: &MeetingEvent) -> Self {
        match event {
            MeetingEvent::Called { .. } => {}
            MeetingEvent::AgendaSet { agenda, .. } => self.agenda.clone_from(agenda),
            MeetingEvent::Attended {
                person, present, ..
            } => {
                self.attendance.insert(person.clone(), *present);
            }
            MeetingEvent::Minuted {
                by,
                at,
                change,
                text,
            } => self.minutes.push(Minute {
                change: change.clone(),
                said: Said::of(by, *at, text),
            }),
            MeetingEvent::CalledOff { by, at, reason } => {
                self.called_off = Some(Said::of(by, *at, reason));
            }
            MeetingEvent::Closed { by, at } => self.closed = Some(done(by, *at)),
        }
        self
    }
}
