//! `services.csv`: what is changed, who answers for it, and what it needs.

use std::path::Path;

use changegate::id::{PersonId, ServiceId};
use changegate::world::{Person, Service};

use super::table::{Row, Table};
use crate::fault::{Fault, Faults};

/// Reads the file.
///
/// # Errors
/// What is wrong with it, each with its line and column.
pub fn read(path: &Path, people: &[Person]) -> Result<Vec<Service>, Fault> {
    let table = Table::read(path, &["id", "name"], &["owner", "importance", "dependsOn"])?;
    let mut faults = Faults::default();
    let services = table.each(&mut faults, |row| service(row, people));
    for service in &services {
        for needed in service
            .depends_on
            .iter()
            .filter(|needed| !services.iter().any(|other| other.id == **needed))
        {
            let (path, id) = (path.display(), &service.id);
            faults.note(format!("{path}, service `{id}`, column `dependsOn`: there is no service `{needed}`, add it or take it out"));
        }
    }
    faults.or(services)
}

fn service(row: &Row, people: &[Person]) -> Result<Service, Fault> {
    let owner = row.text("owner").map(PersonId::from);
    if let Some(owner) = owner
        .as_ref()
        .filter(|owner| !people.iter().any(|person| person.id == **owner))
    {
        return Err(Fault::new(format!(
            "column `owner`: there is no person `{owner}`, name one of `people.csv` or empty the cell"
        )));
    }
    Ok(Service {
        id: ServiceId::from(row.needed("id")?),
        name: row.needed("name")?.to_owned(),
        owner,
        importance: row.text("importance").map(importance).transpose()?,
        depends_on: row.parts("dependsOn").map(ServiceId::from).collect(),
    })
}

fn importance(text: &str) -> Result<u8, Fault> {
    match text {
        "1" | "low" => Ok(1),
        "2" | "medium" => Ok(2),
        "3" | "high" => Ok(3),
        "4" | "critical" => Ok(4),
        other => Err(Fault::new(format!(
            "column `importance`: `{other}` is none of low, medium, high, critical or 1 to 4"
        ))),
    }
}
