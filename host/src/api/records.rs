//! Records that are no changes, and what is read across changes: templates, policies, meetings; notices; what waits.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use changegate::catalogue::{Sample, Standing, standing};
use changegate::change::Change;
use changegate::finding::Severity;
use changegate::id::{ChangeId, PersonId, TemplateId};
use changegate::log::Record;
use changegate::meeting::{AgendaCase, agenda, boards as all_boards};
use changegate::other::Other;
use changegate::policy::check::{PolicyFinding, check};
use changegate::policy::{Board, Policy};
use changegate::reading::read;
use changegate::report::{Desk, standing_roles};
use changegate::steps::{
    Callable, Proposable, StepPermission, callable, proposable, samples_named, steps,
};
use changegate::time::Instant;
use changegate::value::Digest;
use changegate::waiting::Waiting;
use changegate::world::Document;
use schemars::JsonSchema;
use serde::Serialize;

use super::{json, json_text};
use crate::across::{Across, made_again};
use crate::app::App;
use crate::body;
use crate::problem::{Problem, is_damage};
use crate::session::SignedIn;
use crate::store::Store;
use crate::summary::Shown;
use crate::surroundings::{self, world_of};

/// The records that are no changes.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Records {
    /// Templates, publications of policies, meetings.
    records: Vec<Other>,
    /// Those that are damaged, and are used for nothing; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    damaged: Vec<ChangeId>,
    /// How far each template is trusted, and by which runs.
    standings: BTreeMap<TemplateId, Standing>,
    /// By record: each step that it knows, and whether the reader may take it.
    steps: BTreeMap<ChangeId, Vec<StepPermission>>,
    /// By record of a template: what the samples of the version that waits come to.
    samples: BTreeMap<ChangeId, Vec<Sample>>,
    /// Of which models the reader may propose templates.
    proposable: Vec<Proposable>,
    /// Of which boards the reader may call a meeting.
    callable: Vec<Callable>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| Ok(json(&all_records(&app, store, &person)?)))
        .await
}

fn all_records(app: &App, store: &Store, person: &PersonId) -> Result<Records, Problem> {
    let now = app.clock.now();
    let book = app.rules.read();
    let policy = book.current()?;
    let across = Across::read(store, &book)?;
    let known = surroundings::records(store)?;
    let mut world = world_of(&app.organisation, &book, &across, &known, now)?;
    let records = known.whole;
    let proposed = records.iter().filter_map(Other::publication);
    let proposed = proposed.filter_map(|known| known.proposed.as_ref());
    let documents = proposed.filter_map(|waits| book.documents().get(&waits.hash));
    world.documents = documents.map(Document::of).collect();
    let nothing = Record::empty();
    let desk = Desk {
        policy,
        record: &nothing,
        person,
        now,
        world: &world,
        number: None,
    };
    let templates = records.iter().filter_map(Other::template);
    let standings = templates
        .map(|known| {
            (
                known.template.clone(),
                standing(policy, known, &world.runs, now),
            )
        })
        .collect();
    let (mut open, mut samples) = (BTreeMap::new(), BTreeMap::new());
    for id in records.iter().map(Other::id) {
        // One that does not hold is refused when it is opened; it keeps nobody from the others.
        let written = store.written(id).map_err(Problem::from);
        let Ok(record) = written.and_then(|written| app.record(id, written)) else {
            continue;
        };
        let of_record = Desk {
            record: &record,
            ..desk
        };
        open.insert(id.clone(), steps(&of_record));
        let named = samples_named(&of_record);
        if !named.is_empty() {
            samples.insert(id.clone(), named);
        }
    }
    let (proposable, callable) = (proposable(&desk), callable(&desk));
    let damaged = known.damaged.into_iter().map(|(id, _)| id).collect();
    Ok(Records {
        records,
        damaged,
        standings,
        steps: open,
        samples,
        proposable,
        callable,
    })
}

/// What everybody may know of open changes. It needs no role.
pub async fn notices(State(app): State<Arc<App>>, _: SignedIn) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| {
            let book = app.rules.read();
            let mut notices = Across::read(store, &book)?.notices()?;
            // One that has ended waits for a review at most, which is no news to those who are affected.
            notices.retain(|notice| !notice.phase.is_terminal());
            Ok(json(&notices))
        })
        .await
}

/// What everybody may know of one change, also when it has ended.
pub async fn notice(
    State(app): State<Arc<App>>,
    _: SignedIn,
    Path(id): Path<ChangeId>,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    let shown = readers
        .read(move |store| shown_of(&app, store, &id))
        .await?;
    let notice = shown.and_then(|shown| shown.notice);
    let notice = notice.ok_or_else(|| Problem::not_found("planned work of this id"))?;
    Ok(json_text(notice))
}

fn shown_of(app: &App, store: &Store, id: &ChangeId) -> Result<Option<Shown>, Problem> {
    match store.shown_of(id) {
        Err(error) if is_damage(&error) => made_again(store, &app.rules.read(), id).map(Some),
        shown => Ok(shown?),
    }
}

/// The open changes that wait for the reader, and for what.
pub async fn waits(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| Ok(json(&all_waiting(&app, store, &person)?)))
        .await
}

fn all_waiting(app: &App, store: &Store, person: &PersonId) -> Result<Vec<Waiting>, Problem> {
    let now = app.clock.now();
    let book = app.rules.read();
    let across = Across::read(store, &book)?;
    let known = surroundings::records(store)?;
    let world = world_of(&app.organisation, &book, &across, &known, now)?;
    let mut all = Vec::new();
    for record in open_records(app, store, &across) {
        let Some(change) = &record.change else {
            continue;
        };
        let policy = book.of(change)?;
        let reading = read(policy, &record, person, now, &world);
        all.extend(reading.and_then(|reading| reading.waiting));
    }
    Ok(all)
}

/// Every board as the reader has to do with it: their own first, then those for which most waits.
pub async fn boards(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| {
            let now = app.clock.now();
            let book = app.rules.read();
            let across = Across::read(store, &book)?;
            let known = surroundings::records(store)?;
            let world = world_of(&app.organisation, &book, &across, &known, now)?;
            let records = open_records(&app, store, &across);
            let mut cases = Vec::new();
            for record in &records {
                if let Some(change) = &record.change {
                    cases.push(AgendaCase {
                        policy: book.of(change)?,
                        record,
                        before: None,
                    });
                }
            }
            let current = book.current()?;
            Ok(json(&all_boards(current, &cases, &person, now, &world)))
        })
        .await
}

/// What a board should look at, the exceptions first.
pub async fn board(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let readers = app.readers.clone();
    readers
        .read(move |store| {
            let now = app.clock.now();
            let book = app.rules.read();
            let across = Across::read(store, &book)?;
            let known = surroundings::records(store)?;
            let world = world_of(&app.organisation, &book, &across, &known, now)?;
            let current = book.current()?;
            let board = current.boards.iter().find(|board| board.id.as_str() == id);
            let board = board.ok_or_else(|| Problem::not_found("board of this id"))?;
            let meetings = known.whole.iter().filter_map(Other::meeting);
            let held = meetings.filter(|known| known.board == board.id);
            let last = held
                .filter_map(|known| Some(known.closed.as_ref()?.at))
                .max();
            let mut records = Vec::new();
            for record in open_records(&app, store, &across) {
                let before = last.map(|last| as_of(store, board, &record, last));
                let before = before.transpose()?;
                records.push((record, before.flatten()));
            }
            let mut cases = Vec::new();
            for (record, before) in &records {
                if let Some(change) = &record.change {
                    cases.push(AgendaCase {
                        policy: book.of(change)?,
                        record,
                        before: before.as_ref(),
                    });
                }
            }
            Ok(json(&agenda(board, last, &cases, &person, now, &world)))
        })
        .await
}

/// What was stored of a change at a moment, where a board may have to look at it and it was touched since.
fn as_of(
    store: &Store,
    board: &Board,
    record: &Record,
    at: Instant,
) -> Result<Option<Record>, Problem> {
    let concerns = |change: &&Change| {
        let mut asked = change.approvals.iter();
        at < change.updated_at && asked.any(|approval| board.rules.contains(&approval.rule))
    };
    let Some(change) = record.change.as_ref().filter(concerns) else {
        return Ok(None);
    };
    let before = Record::as_of(&store.log(&change.id)?, at);
    before.map_err(|broken| Problem::broken_log(broken.to_string()))
}

/// The records of open changes. One that does not hold is refused when it is opened; it keeps nobody from the others.
fn open_records(app: &App, store: &Store, across: &Across) -> Vec<Record> {
    let read = |id| app.record(id, store.written(id)?);
    across.open_ids().flat_map(read).collect()
}

/// What the check of a policy document found, and by which hash it can be proposed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// Its hash.
    hash: Digest,
    /// Whether it is kept, so that it can be proposed: nothing stops it.
    kept: bool,
    /// What is wrong with it.
    findings: Vec<PolicyFinding>,
}

/// Takes a policy document of somebody who may propose one, and checks it: the text itself, by the reader of every other policy.
pub async fn keep_policy(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    request: Request,
) -> Result<Response, Problem> {
    if !may_propose(&app, &person)? {
        return Err(Problem::not_yours(
            "only those who may propose a policy send one",
        ));
    }
    body::check_media_type(request.headers(), "application/json")?;
    let text = String::from_utf8(body::read(request).await?)
        .map_err(|_| Problem::malformed("it is no UTF-8; send it as text"))?;
    let policy = Policy::from_json(&text).map_err(|fault| {
        Problem::malformed(format!("{fault}; compare it with the published schema"))
    })?;
    let findings = check(&policy);
    let kept = findings
        .iter()
        .all(|finding| finding.severity != Severity::Stops);
    let hash = policy.hash();
    if kept {
        app.writer
            .perform(move |registrar| registrar.keep_policy(policy))
            .await?;
    }
    Ok(json(&Kept {
        hash,
        kept,
        findings,
    }))
}

fn may_propose(app: &App, person: &PersonId) -> Result<bool, Problem> {
    let book = app.rules.read();
    let policy = book.current()?;
    let world = app.organisation.world(app.clock.now());
    let held = standing_roles(policy, &world, person);
    let publishing = policy.publishing.as_ref();
    Ok(publishing.is_some_and(|known| known.propose.iter().any(|role| held.contains(role))))
}
