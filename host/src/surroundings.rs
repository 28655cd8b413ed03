//! What the host knows around a decision: its files, and what its own records tell.

use changegate::catalogue::standing;
use changegate::other::Other;
use changegate::policy::Policy;
use changegate::time::Instant;
use changegate::world::{Run, Template, World};

use crate::organisation::Organisation;
use crate::problem::Problem;
use crate::store::Store;

/// Everything that is known at that moment.
///
/// # Errors
/// That the database failed.
pub fn world(
    organisation: &Organisation,
    policy: &Policy,
    store: &Store,
    now: Instant,
) -> Result<World, Problem> {
    let runs = store.runs()?;
    let known = organisation.world(now);
    Ok(World {
        changes: Some(store.bookings()?),
        related: store.related_to_open()?,
        templates: templates(policy, &store.records()?, &known.templates, &runs, now),
        runs,
        ..known
    })
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
