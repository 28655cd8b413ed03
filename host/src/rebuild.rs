//! Makes again from the logs whatever can be: indexes, what lists show, and the head of a record where its log and the reports that
//! were acknowledged agree.

use std::path::Path;

use changegate::id::ChangeId;
use changegate::log::verify;
use changegate::value::Digest;

use crate::fault::Fault;
use crate::journal::{say, warn};
use crate::problem::Problem;
use crate::registrar::replay;
use crate::rules::{Book, Rules};
use crate::store::{self, Acknowledged, Store};
use crate::summary::{self, Shown};

/// Makes it again, and says which records are damaged: those cannot be made again. Says how many they are.
///
/// # Errors
/// That the database failed; then nothing was done.
pub fn rebuild(data: &Path) -> Result<usize, Fault> {
    let store = Store::open(&store::file(data))?;
    let rules = Rules::of(store.policies()?, Digest::ZERO);
    store.begin()?;
    store.reindex()?;
    store.forget_strays()?;
    let acknowledged = store.acknowledged()?;
    let (mut whole, mut damaged) = (0_usize, 0_usize);
    for id in store.known_ids()? {
        match make_again(&store, &rules.read(), &id, &acknowledged) {
            Ok(()) => whole += 1,
            Err(problem) => {
                damaged += 1;
                warn(format_args!("record {id} is damaged: {}", problem.body()));
            }
        }
    }
    store.commit()?;
    for line in store.integrity()? {
        say(format_args!("the database says: {line}"));
    }
    say(format_args!(
        "{whole} records are whole and shown as their logs have them, {damaged} are damaged"
    ));
    Ok(damaged)
}

fn make_again(
    store: &Store,
    book: &Book,
    id: &ChangeId,
    acknowledged: &Acknowledged,
) -> Result<(), Problem> {
    let log = match store.log(id) {
        Ok(log) => log,
        Err(unreadable) => {
            if !store.witness(id, acknowledged)? {
                return Err(unreadable.into());
            }
            store.log(id)?
        }
    };
    if !verify(&log, book.documents()).ok {
        return Err(Problem::broken_log(
            "it does not verify; restore the database from a backup",
        ));
    }
    let record = replay(&log)?;
    store.forget_shown(id)?;
    if let Some(other) = record.readable_other() {
        return Ok(store.show_record(&other)?);
    }
    let change = record.readable().ok_or_else(Problem::internal)?;
    store.show(&Shown::of(book.of(&change)?, &change))?;
    Ok(store.name_files(id, &summary::files(&change))?)
}
