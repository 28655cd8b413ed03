//! Rules about the files of the repository.

use super::{Check, File};

/// What breaks a rule, a line each.
type Rule = fn(&[File]) -> Vec<String>;

/// Every rule about files.
pub fn all(files: &[File]) -> Vec<Check> {
    let rules: [(&str, Rule); 14] = [
        ("one file imports the wasm", one_file_imports_wasm),
        ("one file fetches", one_file_fetches),
        (
            "one host file reads the clock",
            one_host_file_reads_the_clock,
        ),
        (
            "one line reads the page's clock",
            one_line_reads_the_page_clock,
        ),
        ("tests say their own time", tests_say_their_own_time),
        ("no markup from text", no_markup_from_text),
        ("no any", no_any),
        ("no eval", no_eval),
        (
            "the core asks nothing outside",
            core_imports_nothing_outside,
        ),
        ("nothing generated is tracked", nothing_generated),
        ("no machine paths", no_machine_paths),
        ("nothing left to do", nothing_left_to_do),
        ("top level is closed", top_level_is_closed),
        ("locks hold no addresses", locks_hold_no_addresses),
    ];
    rules
        .map(|(name, rule)| Check {
            name,
            complaints: rule(files),
        })
        .into()
}

fn one_file_imports_wasm(files: &[File]) -> Vec<String> {
    let importing = typescript(files).filter(|file| code(file).any(|(_, line)| imports_glue(line)));
    exactly_one(
        importing,
        "imports the wasm bindings (`./generated/changegate*.js`); let the others ask that file",
    )
}

fn imports_glue(line: &str) -> bool {
    line.contains("generated/changegate") && !line.trim_start().starts_with("import type")
}

fn one_file_fetches(files: &[File]) -> Vec<String> {
    let fetching =
        typescript(files).filter(|file| code(file).any(|(_, line)| calls(line, "fetch")));
    exactly_one(fetching, "calls `fetch`; let the others ask that file")
}

fn one_host_file_reads_the_clock(files: &[File]) -> Vec<String> {
    const CLOCKS: [&str; 4] = ["SystemTime::now", "Instant::now", "Utc::now", "now_utc"];
    let host = files
        .iter()
        .filter(|file| file.path.starts_with("host/src/"));
    let reading = host
        .filter(|file| code(file).any(|(_, line)| CLOCKS.iter().any(|clock| line.contains(clock))));
    exactly_one(
        reading,
        "reads the clock; let the others take the time as an argument",
    )
}

fn one_line_reads_the_page_clock(files: &[File]) -> Vec<String> {
    let lines = lines_with(files, |line| {
        line.contains("Date.now(") || line.contains("new Date()")
    });
    if lines.len() < 2 {
        return Vec::new();
    }
    lines
        .iter()
        .map(|place| format!("{place}: one line of www/ reads the clock; take the time from it"))
        .collect()
}

/// What passes today only passes today; how long something takes may be measured.
fn tests_say_their_own_time(files: &[File]) -> Vec<String> {
    const CLOCKS: [&str; 5] = [
        "Date.now(",
        "new Date()",
        "SystemTime::now",
        "Utc::now",
        "now_utc",
    ];
    let tests = files.iter().filter(|file| file.path.starts_with("tests/"));
    let lines =
        tests.flat_map(|file| places(file, |line| CLOCKS.iter().any(|clock| line.contains(clock))));
    lines
        .map(|place| format!("{place}: a test asks no machine what day it is; start from `START`"))
        .collect()
}

fn no_markup_from_text(files: &[File]) -> Vec<String> {
    const WAYS: [&str; 5] = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "unsafeHTML",
        "document.write",
    ];
    let lines = lines_with(files, |line| WAYS.iter().any(|way| line.contains(way)));
    lines
        .iter()
        .map(|place| format!("{place}: text reaches the page only as text; use a Lit template"))
        .collect()
}

fn no_any(files: &[File]) -> Vec<String> {
    const ANY: [&str; 4] = [": any", "as any", "<any>", "any[]"];
    let lines = lines_with(files, |line| ANY.iter().any(|any| has_word_end(line, any)));
    lines
        .iter()
        .map(|place| format!("{place}: name the type, or use `unknown` and narrow it"))
        .collect()
}

fn no_eval(files: &[File]) -> Vec<String> {
    let lines = lines_with(files, |line| {
        calls(line, "eval") || line.contains("new Function(")
    });
    lines
        .iter()
        .map(|place| {
            format!("{place}: a strict content security policy forbids this; write the code out")
        })
        .collect()
}

/// The core is told the time, ids and salts: no path of `std` that would ask the machine.
fn core_imports_nothing_outside(files: &[File]) -> Vec<String> {
    const OUTSIDE: [&str; 7] = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime",
        "std::time::Instant",
    ];
    let core = files
        .iter()
        .filter(|file| file.path.starts_with("src/") && file.path.ends_with(".rs"));
    let lines =
        core.flat_map(|file| places(file, |line| OUTSIDE.iter().any(|path| line.contains(path))));
    lines
        .map(|place| format!("{place}: the core asks nothing of the machine; make it an argument"))
        .collect()
}

fn nothing_generated(files: &[File]) -> Vec<String> {
    const MADE: [&str; 4] = [
        "pkg/dist/",
        "target/",
        "node_modules",
        "www/element/generated/",
    ];
    let made = files.iter().filter(|file| {
        MADE.iter()
            .any(|folder| file.path.starts_with(folder) || within(file, folder))
    });
    made.map(|file| {
        format!(
            "{}: a task makes this; `git rm --cached` it and ignore it",
            file.path
        )
    })
    .collect()
}

fn within(file: &File, folder: &str) -> bool {
    file.path
        .contains(&format!("/{}", folder.trim_end_matches('/')))
        && folder == "node_modules"
}

fn no_machine_paths(files: &[File]) -> Vec<String> {
    let roots = ["work", "root", "home", "Users"].map(|name| format!("/{name}/"));
    let lines = files.iter().flat_map(|file| {
        places(file, |line| {
            roots.iter().any(|root| has_path_start(line, root))
        })
    });
    lines
        .map(|place| {
            format!(
                "{place}: this path exists on one machine only; make it relative to the repository"
            )
        })
        .collect()
}

fn nothing_left_to_do(files: &[File]) -> Vec<String> {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
    ];
    let lines = files
        .iter()
        .flat_map(|file| places(file, |line| marks.iter().any(|mark| line.contains(mark))));
    lines
        .map(|place| format!("{place}: do it, or file an issue"))
        .collect()
}

fn top_level_is_closed(files: &[File]) -> Vec<String> {
    const OPEN: [&str; 12] = [
        "Cargo.lock",
        "Cargo.toml",
        "README.md",
        "clippy.toml",
        "docs",
        "host",
        "pkg",
        "rust-toolchain.toml",
        "src",
        "tests",
        "www",
        "xtask",
    ];
    let top = |file: &File| file.path.split('/').next().unwrap_or_default().to_owned();
    let others = files
        .iter()
        .filter(|file| !file.path.starts_with('.') && !OPEN.contains(&top(file).as_str()));
    others
        .map(|file| {
            format!(
                "{}: the top level is closed; put it in one of its folders",
                file.path
            )
        })
        .collect()
}

fn locks_hold_no_addresses(files: &[File]) -> Vec<String> {
    let locks = files
        .iter()
        .filter(|file| file.path.ends_with("package-lock.json"));
    let addressed = locks.filter(|file| file.text.contains("\"resolved\": \"http"));
    let remedy =
        "make it again by `npm install --ignore-scripts --omit-lockfile-registry-resolved`";
    addressed
        .map(|file| format!("{}: names a registry's address; {remedy}", file.path))
        .collect()
}

fn exactly_one<'a>(files: impl Iterator<Item = &'a File>, what: &str) -> Vec<String> {
    let paths: Vec<&str> = files.map(|file| file.path.as_str()).collect();
    match paths.as_slice() {
        [_] => Vec::new(),
        [] => vec![format!("no file {what}")],
        _ => vec![format!("exactly one file {what}: now {}", paths.join(", "))],
    }
}

fn typescript(files: &[File]) -> impl Iterator<Item = &File> {
    files
        .iter()
        .filter(|file| file.path.starts_with("www/") && file.path.ends_with(".ts"))
}

/// The places in the page's code where a line is so.
fn lines_with(files: &[File], is_so: fn(&str) -> bool) -> Vec<String> {
    typescript(files)
        .flat_map(|file| places(file, is_so))
        .collect()
}

fn places(file: &File, is_so: impl Fn(&str) -> bool) -> Vec<String> {
    code(file)
        .filter(|(_, line)| is_so(line))
        .map(|(number, _)| format!("{}:{number}", file.path))
        .collect()
}

/// The numbered lines of a file that are not comments as a whole.
fn code(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let lines = file
        .text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line));
    lines.filter(|(_, line)| !is_comment(line, &file.path))
}

fn is_comment(line: &str, path: &str) -> bool {
    let line = line.trim_start();
    let by_slashes = path.ends_with(".ts") || path.ends_with(".rs") || path.ends_with(".mjs");
    by_slashes && (line.starts_with("//") || line.starts_with("* ") || line.starts_with("/*"))
}

/// Whether a function is called by this name, rather than one whose name ends alike.
fn calls(line: &str, name: &str) -> bool {
    let call = format!("{name}(");
    line.match_indices(&call)
        .any(|(at, _)| !line[..at].ends_with(is_name))
}

fn has_word_end(line: &str, word: &str) -> bool {
    line.match_indices(word)
        .any(|(at, _)| !line[at + word.len()..].starts_with(is_name))
}

/// Whether an absolute path begins with this, rather than a longer path holding it.
fn has_path_start(line: &str, root: &str) -> bool {
    line.match_indices(root).any(|(at, _)| {
        !line[..at].ends_with(|before: char| is_name(before) || "./-*}>@".contains(before))
    })
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The rule complains about the bad file and not about the good one.
    fn tells_apart(rule: Rule, path: &str, bad: &str, good: &str) {
        assert_eq!(
            rule(&[file(path, good)]),
            Vec::<String>::new(),
            "the good one"
        );
        assert_eq!(rule(&[file(path, bad)]).len(), 1, "the bad one");
    }

    /// The rule is content with one file and complains about none and about two.
    fn wants_one(rule: Rule, path: &str, text: &str) {
        let other = format!("{}2{}", &path[..path.len() - 3], &path[path.len() - 3..]);
        assert_eq!(rule(&[file(path, text)]), Vec::<String>::new());
        assert!(rule(&[file(path, "")])[0].starts_with("no file "));
        assert!(rule(&[file(path, text), file(&other, text)])[0].starts_with("exactly one file "));
    }

    #[test]
    fn a_second_import_of_the_wasm_is_found() {
        wants_one(
            one_file_imports_wasm,
            "www/element/core.ts",
            "import { Form } from \"./generated/changegate.js\";",
        );
        let type_only = "import type { Form } from \"./generated/changegate.js\";";
        assert_eq!(
            one_file_imports_wasm(&[file("www/element/core.ts", type_only)]).len(),
            1
        );
    }

    #[test]
    fn a_second_fetch_is_found() {
        wants_one(
            one_file_fetches,
            "www/element/http.ts",
            "const answer = await fetch(address);",
        );
        assert!(
            one_file_fetches(&[file("www/element/http.ts", "prefetch(address)")])[0]
                .starts_with("no file")
        );
    }

    #[test]
    fn a_second_clock_of_the_host_is_found() {
        wants_one(
            one_host_file_reads_the_clock,
            "host/src/clock.rs",
            "let now = SystemTime::now();",
        );
    }

    #[test]
    fn a_second_clock_of_the_page_is_found() {
        let twice = [
            file("www/element/clock.ts", "Date.now()"),
            file("www/element/form.ts", "new Date()"),
        ];
        assert_eq!(one_line_reads_the_page_clock(&twice).len(), 2);
        assert_eq!(one_line_reads_the_page_clock(&twice[..1]).len(), 0);
    }

    #[test]
    fn a_test_that_asks_the_machine_for_the_day_is_found() {
        for (path, line) in [
            (
                "tests/browser/roles.test.mjs",
                "const day = Date.now() + A_DAY;",
            ),
            ("tests/unit/csv.test.ts", "const day = new Date();"),
            (
                "tests/host/tests/http/life.rs",
                "let now = SystemTime::now();",
            ),
        ] {
            tells_apart(
                tests_say_their_own_time,
                path,
                line,
                "const day = new Date(START);",
            );
        }
    }

    #[test]
    fn markup_from_text_is_found() {
        tells_apart(
            no_markup_from_text,
            "www/demo/portal.ts",
            "node.innerHTML = text;",
            "node.textContent = text;",
        );
    }

    #[test]
    fn any_is_found() {
        tells_apart(
            no_any,
            "www/element/form.ts",
            "let value: any = 1;",
            "let value: anything = as_many;",
        );
    }

    #[test]
    fn eval_is_found() {
        tells_apart(
            no_eval,
            "www/element/form.ts",
            "eval(text)",
            "medieval(text)",
        );
    }

    #[test]
    fn a_core_that_asks_the_machine_is_found() {
        tells_apart(
            core_imports_nothing_outside,
            "src/log.rs",
            "use std::fs;",
            "// never std::fs\nuse std::fmt;",
        );
    }

    #[test]
    fn a_generated_file_is_found() {
        let made = [
            "pkg/dist/index.js",
            "target/x",
            "www/element/generated/wire.d.ts",
            "pkg/node_modules/lit/index.js",
        ];
        for path in made {
            assert_eq!(nothing_generated(&[file(path, "")]).len(), 1, "{path}");
        }
        assert_eq!(
            nothing_generated(&[file("pkg/package.json", "")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_machine_path_is_found() {
        let bad = format!("see /{}/me/notes", "home");
        tells_apart(
            no_machine_paths,
            "docs/A.md",
            &bad,
            "see https://example.org/home/me and ./home/x",
        );
    }

    #[test]
    fn work_left_to_do_is_found() {
        tells_apart(
            nothing_left_to_do,
            "docs/A.md",
            concat!("TO", "DO: all of it"),
            "done",
        );
    }

    #[test]
    fn a_stranger_at_the_top_level_is_found() {
        assert_eq!(top_level_is_closed(&[file("notes.txt", "")]).len(), 1);
        assert_eq!(
            top_level_is_closed(&[file(".gitignore", ""), file("docs/x/y.md", "")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_address_in_a_lock_is_found() {
        let bad = "\"resolved\": \"https://example.org/lit.tgz\"";
        tells_apart(
            locks_hold_no_addresses,
            "pkg/package-lock.json",
            bad,
            "\"version\": \"3.3.3\"",
        );
    }
}
