//! Reading a CSV file whose columns are known, with the place of everything that is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, Faults};

/// The rows of a CSV file, by the names of its columns.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    line: u64,
    cells: BTreeMap<&'static str, String>,
}

impl Table {
    /// Reads a file that has these columns, in any order; `optional` ones may be left out.
    ///
    /// # Errors
    /// What is wrong with the file, each with its line.
    pub fn read(
        path: &Path,
        needed: &[&'static str],
        optional: &[&'static str],
    ) -> Result<Self, Fault> {
        let text = read_text(path)?;
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let header = reader
            .headers()
            .map_err(|error| unreadable(path, &error))?
            .clone();
        let columns =
            columns(&header, needed, optional).map_err(|fault| fault.within(at(path, 1)))?;
        let mut faults = Faults::default();
        let rows = reader
            .records()
            .filter_map(|record| faults.take(record.map_err(|error| unreadable(path, &error))))
            .map(|record| row(&record, &columns))
            .collect();
        faults.or(Self {
            path: path.to_owned(),
            rows,
        })
    }

    /// Makes a value of each row; notes what could not be made, and that an id stands twice.
    pub fn each<T>(&self, faults: &mut Faults, make: impl Fn(&Row) -> Result<T, Fault>) -> Vec<T> {
        let mut seen = BTreeSet::new();
        let mut made = Vec::new();
        for row in &self.rows {
            if let Some(id) = row.text("id").filter(|id| !seen.insert((*id).to_owned())) {
                faults.note(format!(
                    "{}there is a line with the id `{id}` already, give each its own",
                    at(&self.path, row.line)
                ));
            }
            let value = make(row).map_err(|fault| fault.within(at(&self.path, row.line)));
            made.extend(faults.take(value));
        }
        made
    }
}

impl Row {
    /// What stands in a column; none where it is empty.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.cells
            .get(column)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// What stands in a column that may not be empty.
    ///
    /// # Errors
    /// That it is empty.
    pub fn needed(&self, column: &str) -> Result<&str, Fault> {
        self.text(column)
            .ok_or_else(|| Fault::new(format!("column `{column}` is empty, fill it")))
    }

    /// The parts of a column, separated by semicolons.
    pub fn parts(&self, column: &str) -> impl Iterator<Item = &str> {
        self.text(column)
            .unwrap_or_default()
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
    }
}

/// The text of a file, without the mark that spreadsheets put first.
///
/// # Errors
/// That it cannot be read, or is no UTF-8.
pub fn read_text(path: &Path) -> Result<String, Fault> {
    let bytes = fs::read(path).map_err(|error| {
        Fault::about(
            path,
            format!("cannot be read ({error}), put the file there or make it readable"),
        )
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Fault::about(path, "is not UTF-8, save it as UTF-8"))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}

fn at(path: &Path, line: u64) -> String {
    format!("{}, line {line}: ", path.display())
}

fn unreadable(path: &Path, error: &csv::Error) -> Fault {
    let line = error.position().map_or(1, csv::Position::line);
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!(
                "has {len} cells where the first line has {expected_len}, put text with a comma in quotes"
            )
        }
        _ => format!("cannot be read as CSV ({error})"),
    };
    Fault::new(what).within(at(path, line))
}

fn columns(
    header: &csv::StringRecord,
    needed: &[&'static str],
    optional: &[&'static str],
) -> Result<Vec<&'static str>, Fault> {
    let mut faults = Faults::default();
    let known = [needed, optional].concat();
    let columns: Vec<&'static str> = header
        .iter()
        .filter_map(|name| {
            let column = known.iter().find(|known| **known == name);
            if column.is_none() {
                faults.note(format!(
                    "column `{name}` is unknown, the columns are {}",
                    listed(&known)
                ));
            }
            column.copied()
        })
        .collect();
    for column in needed.iter().filter(|column| !columns.contains(column)) {
        faults.note(format!(
            "column `{column}` is missing, the columns are {}",
            listed(&known)
        ));
    }
    if (1..columns.len()).any(|end| columns[..end].contains(&columns[end])) {
        faults.note("a column stands twice, keep one of them");
    }
    faults.or(columns)
}

fn listed(names: &[&str]) -> String {
    names.join(", ")
}

fn row(record: &csv::StringRecord, columns: &[&'static str]) -> Row {
    Row {
        line: record.position().map_or(1, csv::Position::line),
        cells: columns
            .iter()
            .copied()
            .zip(record.iter().map(str::to_owned))
            .collect(),
    }
}
