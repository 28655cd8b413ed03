//! Every code that a draft, a report or a policy can be answered with is given by the core in some test. It is shown by what the core
//! answered while the tests ran: each helper of theirs notes it, see `tests/provoked`.

use crate::command::run;
use crate::paths;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The name of the variable by which the tests are told where to note codes.
const FOLDER: &str = "CHANGEGATE_PROVOKED";

/// The enums whose variants are codes, and where they stand.
const ENUMS: [(&str, &str); 3] = [
    ("Refusal", "src/refusal.rs"),
    ("FindingCode", "src/finding.rs"),
    ("PolicyCode", "src/policy/check.rs"),
];

/// Runs the tests, and fails where they provoke less than every code.
pub fn by(tests: &mut Command, remedy: &'static str) -> Result<()> {
    let folder = paths::target().join("provoked");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    run(tests.env(FOLDER, &folder), remedy)?;
    let silent = silent(&folder)?;
    if !silent.is_empty() {
        bail!(
            "no test provokes {}; write one in `tests/codes.rs`, or note it where it is provoked by `provoked::note`",
            silent.join(", ")
        );
    }
    Ok(())
}

fn silent(folder: &Path) -> Result<Vec<String>> {
    let mut silent = Vec::new();
    for (name, path) in ENUMS {
        let source = fs::read_to_string(paths::root().join(path))?;
        let known = codes(&source, name).with_context(|| format!("no `{name}` in {path}"))?;
        let unheard = known.into_iter().filter(|code| !folder.join(code).exists());
        silent.extend(unheard.map(str::to_owned));
    }
    Ok(silent)
}

/// The codes of an enum, as its source gives them to the wire.
fn codes<'a>(source: &'a str, name: &str) -> Option<Vec<&'a str>> {
    let (_, body) = source.split_once(&format!("pub enum {name} {{"))?;
    let (body, _) = body.split_once("\n}\n")?;
    let renamed = body.split("#[serde(rename = \"").skip(1);
    let codes: Vec<_> = renamed
        .filter_map(|rest| Some(rest.split_once('"')?.0))
        .collect();
    (!codes.is_empty()).then_some(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_nothing_answered_with_is_found() {
        let silent = silent(Path::new("no such folder")).unwrap();
        assert!(silent.len() > 100, "{}", silent.len());
        assert!(silent.iter().any(|code| code == "role.missing"));
    }

    #[test]
    fn the_codes_of_an_enum_are_those_between_its_braces() {
        let source = "pub enum A {\n    #[serde(rename = \"a.b\")]\n    B,\n}\npub enum C {\n    #[serde(rename = \"c.d\")]\n    D,\n}\n";
        assert_eq!(codes(source, "A").unwrap(), ["a.b"]);
        assert_eq!(codes(source, "X"), None);
    }
}
