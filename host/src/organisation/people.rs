//! `people.csv` and `delegations.csv`: who is there, and who decides for whom.

use std::path::Path;

use changegate::id::{GroupId, PersonId};
use changegate::world::{Delegation, Person};
use jiff::tz::TimeZone;

use super::local_time;
use super::table::{Row, Table};
use crate::fault::{Fault, Faults};

/// Reads `people.csv`.
///
/// # Errors
/// What is wrong with it, each with its line and column.
pub fn read(path: &Path, zone: &TimeZone) -> Result<Vec<Person>, Fault> {
    let table = Table::read(
        path,
        &["id", "name"],
        &["title", "groups", "manager", "absentUntil", "left"],
    )?;
    let mut faults = Faults::default();
    let people = table.each(&mut faults, |row| person(row, zone));
    let known = |id: &PersonId| people.iter().any(|person| person.id == *id);
    for person in &people {
        if let Some(manager) = person.manager.as_ref().filter(|manager| !known(manager)) {
            let (path, id) = (path.display(), &person.id);
            faults.note(format!("{path}, person `{id}`, column `manager`: there is no person `{manager}`, add them or empty the cell"));
        }
    }
    if people.is_empty() {
        faults.note(format!(
            "{}: names nobody, add the people who may sign in",
            path.display()
        ));
    }
    faults.or(people)
}

fn person(row: &Row, zone: &TimeZone) -> Result<Person, Fault> {
    let absent_until = row
        .text("absentUntil")
        .map(|text| local_time::instant(text, zone))
        .transpose();
    Ok(Person {
        id: PersonId::from(row.needed("id")?),
        name: row.needed("name")?.to_owned(),
        title: row.text("title").unwrap_or_default().to_owned(),
        groups: row.parts("groups").map(GroupId::from).collect(),
        manager: row.text("manager").map(PersonId::from),
        absent_until: absent_until.map_err(|fault| fault.within("column `absentUntil`: "))?,
        left: has_left(row)?,
    })
}

/// Somebody who left stays in the file, so that what waits for them can be given on.
fn has_left(row: &Row) -> Result<bool, Fault> {
    match row.text("left") {
        None | Some("no") => Ok(false),
        Some("yes") => Ok(true),
        Some(other) => Err(Fault::new(format!(
            "column `left`: `{other}` is not known, write `yes`, `no` or nothing"
        ))),
    }
}

/// Reads `delegations.csv`.
///
/// # Errors
/// What is wrong with it, each with its line and column.
pub fn read_delegations(
    path: &Path,
    people: &[Person],
    zone: &TimeZone,
) -> Result<Vec<Delegation>, Fault> {
    let table = Table::read(path, &["of", "to", "from", "until"], &[])?;
    let mut faults = Faults::default();
    let delegations = table.each(&mut faults, |row| delegation(row, people, zone));
    faults.or(delegations)
}

fn delegation(row: &Row, people: &[Person], zone: &TimeZone) -> Result<Delegation, Fault> {
    let person = |column: &str| {
        let id = row.needed(column)?;
        let found = people.iter().find(|person| person.id.as_str() == id);
        let missing = || {
            Fault::new(format!(
                "column `{column}`: there is no person `{id}`, name one of `people.csv`"
            ))
        };
        found.map(|person| person.id.clone()).ok_or_else(missing)
    };
    let time = |column: &str| {
        local_time::instant(row.needed(column)?, zone)
            .map_err(|fault| fault.within(format!("column `{column}`: ")))
    };
    let (from, until) = (time("from")?, time("until")?);
    if from >= until {
        return Err(Fault::new(
            "column `until`: it ends before it begins, make it later than `from`",
        ));
    }
    Ok(Delegation {
        of: person("of")?,
        to: person("to")?,
        from,
        until,
    })
}
