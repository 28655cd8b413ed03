//! What the host knows around a decision: its files, and what its own records tell.

use changegate::catalogue::standing;
use changegate::id::ChangeId;
use changegate::other::Other;
use changegate::policy::Policy;
use changegate::time::Instant;
use changegate::world::{Run, Template, World};

use crate::across::Across;
use crate::organisation::Organisation;
use crate::problem::Problem;
use crate::registrar::replay;
use crate::rules::Book;
use crate::store::{Kept, Kind, Store};

/// Everything that is known at that moment.
///
/// # Errors
/// That the database failed.
pub fn world(
    organisation: &Organisation,
    book: &Book,
    store: &Store,
    now: Instant,
) -> Result<World, Problem> {
    let across = Across::read(store, book)?;
    world_of(organisation, book, &across, &records(store)?, now)
}

/// The same, of what was read already.
///
/// # Errors
/// That something of it cannot be read.
pub fn world_of(
    organisation: &Organisation,
    book: &Book,
    across: &Across,
    records: &Records,
    now: Instant,
) -> Result<World, Problem> {
    let runs = across.runs()?;
    let known = organisation.world(now);
    let files = records.files_beside(&known.templates);
    Ok(World {
        changes: Some(across.bookings()?),
        related: across.related_to_open()?,
        templates: templates(book.current()?, &records.whole, files, &runs, now),
        runs,
        ..known
    })
}

/// The records that are no changes.
#[derive(Debug, Default)]
pub struct Records {
    /// Those that hold.
    pub whole: Vec<Other>,
    /// Those that are damaged, with what they are of where that is known.
    pub damaged: Vec<(ChangeId, Option<Kind>)>,
}

impl Records {
    /// Nothing is known of them.
    pub fn unknown() -> Self {
        Self {
            whole: Vec::new(),
            damaged: vec![(ChangeId(String::new()), None)],
        }
    }

    /// Whether one of a kind may be among the damaged.
    pub fn may_lack(&self, kind: Kind) -> bool {
        let mut kinds = self.damaged.iter().map(|(_, kind)| kind);
        kinds.any(|known| known.is_none_or(|known| known == kind))
    }

    /// The templates of the host's file that may count: none while the record of a template is damaged, since it may be the one
    /// in which people ended the trust in a template of the file.
    pub fn files_beside<'a>(&self, files: &'a [Template]) -> &'a [Template] {
        if self.may_lack(Kind::Template) {
            &[]
        } else {
            files
        }
    }
}

/// The records that are no changes; a row that is damaged is made again from its log, as long as that holds.
///
/// # Errors
/// That the database failed.
pub fn records(store: &Store) -> Result<Records, Problem> {
    let mut records = Records::default();
    let mut damaged = Vec::new();
    for kept in store.records()? {
        match kept {
            Kept::Whole(other) => records.whole.push(other),
            Kept::Damaged(id) => match replay_of(store, &id) {
                Some(other) => records.whole.push(other),
                None => damaged.push(id),
            },
        }
    }
    if !damaged.is_empty() {
        let all = store.of_no_change()?.into_iter();
        records.damaged = all.filter(|(id, _)| damaged.contains(id)).collect();
    }
    Ok(records)
}

fn replay_of(store: &Store, id: &ChangeId) -> Option<Other> {
    let log = store.log(id).ok()?;
    replay(&log).ok()?.readable_other()
}

/// The catalogue: what people agreed to, and of the host's file what has no record yet.
pub fn templates(
    policy: &Policy,
    records: &[Other],
    files: &[Template],
    runs: &[Run],
    now: Instant,
) -> Vec<Template> {
    let recorded = records.iter().filter_map(Other::template);
    let recorded: Vec<_> = recorded
        .filter_map(|record| record.shown(standing(policy, record, runs, now)))
        .collect();
    let is_recorded = |template: &&Template| recorded.iter().any(|known| known.id == template.id);
    let files: Vec<_> = files
        .iter()
        .filter(|template| !is_recorded(template))
        .cloned()
        .collect();
    recorded.into_iter().chain(files).collect()
}
