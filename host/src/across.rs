//! What is read across changes: windows, runs, where each stands. A row that is damaged is made again from its log, as long as
//! that holds; where neither does, that change is left out, and whoever runs the host is told.

use std::collections::BTreeSet;

use changegate::id::ChangeId;
use changegate::notice::Notice;
use changegate::wire::Decode;
use changegate::world::{Booking, RelatedChange, Run};

use crate::journal::warn;
use crate::problem::Problem;
use crate::registrar::replay;
use crate::rules::Book;
use crate::store::{Kept, Store};
use crate::summary::Shown;

/// Every change as others see it.
#[derive(Debug)]
pub struct Across(Vec<Shown>);

impl Across {
    /// What there is.
    ///
    /// # Errors
    /// That the database failed.
    pub fn read(store: &Store, book: &Book) -> Result<Self, Problem> {
        let mut all = Vec::new();
        for kept in store.shown()? {
            match kept {
                Kept::Whole(shown) => all.push(shown),
                Kept::Damaged(id) => match made_again(store, book, &id) {
                    Ok(shown) => all.push(shown),
                    Err(problem) => warn(format_args!(
                        "change {id} is left out of what is read across changes: {}",
                        problem.body()
                    )),
                },
            }
        }
        Ok(Self(all))
    }

    /// The windows of open changes.
    ///
    /// # Errors
    /// That one cannot be read.
    pub fn bookings(&self) -> Result<Vec<Booking>, Problem> {
        let known = self.0.iter().filter_map(|shown| shown.booking.as_deref());
        known.map(parsed).collect()
    }

    /// Work that was reported.
    ///
    /// # Errors
    /// That one cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>, Problem> {
        let known = self.0.iter().filter_map(|shown| shown.run.as_deref());
        known.map(parsed).collect()
    }

    /// What everybody may know of open changes.
    ///
    /// # Errors
    /// That one cannot be read.
    pub fn notices(&self) -> Result<Vec<Notice>, Problem> {
        let known = self.open().filter_map(|shown| shown.notice.as_deref());
        known.map(parsed).collect()
    }

    /// Where all changes stand, for those that stand to them in some way.
    ///
    /// # Errors
    /// That one cannot be read.
    pub fn related(&self) -> Result<Vec<RelatedChange>, Problem> {
        let known = self.0.iter().map(|shown| shown.related.as_str());
        known.map(parsed).collect()
    }

    /// The same of open changes, and of those to which an open one stands in some way.
    ///
    /// # Errors
    /// That one cannot be read.
    pub fn related_to_open(&self) -> Result<Vec<RelatedChange>, Problem> {
        let mut targets = BTreeSet::new();
        for shown in self.open().filter(|shown| shown.targets != "[]") {
            targets.extend(parsed::<Vec<ChangeId>>(&shown.targets)?);
        }
        let wanted = |shown: &&Shown| shown.is_open || targets.contains(&shown.id);
        let known = self.0.iter().filter(wanted);
        known.map(|shown| parsed(&shown.related)).collect()
    }

    /// The changes to which something may still happen.
    pub fn open_ids(&self) -> impl Iterator<Item = &ChangeId> {
        self.open().map(|shown| &shown.id)
    }

    fn open(&self) -> impl Iterator<Item = &Shown> {
        self.0.iter().filter(|shown| shown.is_open)
    }
}

/// What others see of a change, made from its log.
///
/// # Errors
/// That the log does not hold, or that its policy is not here.
pub fn made_again(store: &Store, book: &Book, id: &ChangeId) -> Result<Shown, Problem> {
    let change = replay(&store.log(id)?)?.readable();
    let change = change.ok_or_else(|| Problem::not_found("change of this id"))?;
    Ok(Shown::of(book.of(&change)?, &change))
}

/// What this host wrote reads back.
fn parsed<T: Decode>(text: &str) -> Result<T, Problem> {
    changegate::wire::from_str(text)
        .map_err(|fault| Problem::broken_log(format!("what is kept of a change is none: {fault}")))
}
