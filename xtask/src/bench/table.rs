//! What was measured, as a person reads it, each row beside its budget.

use serde_json::Value;
use std::fmt::Write;

/// The whole table.
pub fn of(measured: &Value) -> String {
    let mut table = String::new();
    for page in ["embed", "portal"] {
        weights(&mut table, page, &measured["page"]["loads"][page]);
    }
    first_field(&mut table, &measured["page"]["firstField"]);
    keys(&mut table, &measured["page"]["key"]);
    core(&mut table, &measured["core"]);
    native(&mut table, &measured["native"]);
    host(&mut table, &measured["host"]);
    table
}

fn line(table: &mut String, text: std::fmt::Arguments<'_>) {
    let _never_fails = writeln!(table, "{text}");
}

const OWNERS: [(&str, &str); 3] = [
    ("element", "from us (budget 110 KB brotli, aim 80)"),
    ("data", "policy, world and the like"),
    ("page", "the page's own"),
];

fn weights(table: &mut String, page: &str, files: &Value) {
    line(
        table,
        format_args!(
            "{:44} {:>9} {:>9} {:>9}",
            format!("bytes that the {page} page loads"),
            "raw",
            "gzip",
            "brotli"
        ),
    );
    for (owner, title) in OWNERS {
        let own: Vec<&Value> = list(files).filter(|file| file["of"] == owner).collect();
        for file in &own {
            row(table, file["file"].as_str().unwrap_or_default(), |of| {
                number(&file[of])
            });
        }
        row(table, &format!("= {title}"), |of| {
            own.iter().map(|file| number(&file[of])).sum()
        });
    }
    table.push('\n');
}

fn row(table: &mut String, name: &str, size: impl Fn(&str) -> f64) {
    let [raw, gzip, brotli] = ["raw", "gzip", "brotli"].map(size);
    line(
        table,
        format_args!("  {name:42} {raw:>9} {gzip:>9} {brotli:>9}"),
    );
}

fn first_field(table: &mut String, paces: &Value) {
    line(
        table,
        format_args!(
            "{:44} {:>9} {:>9} {:>9}",
            "navigation to first field usable, ms", "element", "by hand", "ratio"
        ),
    );
    for pace in list(paces) {
        line(
            table,
            format_args!(
                "  {:42} {:>9.1} {:>9.1} {:>9.2}",
                text(&pace["pace"]),
                number(&pace["element"]),
                number(&pace["byHand"]),
                number(&pace["ratio"])
            ),
        );
    }
    table.push_str("  (budget: ratio 1.8, aim 1.5)\n\n");
}

fn keys(table: &mut String, key: &Value) {
    let title = format!("key to DOM, {} fields filled, ms", number(&key["fields"]));
    line(
        table,
        format_args!("{title:44} {:>9} {:>9}", "median", "p90"),
    );
    for one in list(&key["keys"]) {
        for (page, name) in [("element", "element"), ("byHand", "by hand")] {
            let took = &one[page];
            line(
                table,
                format_args!(
                    "  {:42} {:>9.2} {:>9.2}",
                    format!("{}: {name}", text(&one["key"])),
                    number(&took["median"]),
                    number(&took["p90"])
                ),
            );
        }
    }
    table.push_str("  (budget: median 2 ms)\n\n");
}

const RATES: [(&str, &str, &str); 9] = [
    (
        "assessmentsPerSecond",
        "core",
        "assessments, core (budget 50,000, aim 150,000)",
    ),
    (
        "assessmentsPerSecond",
        "coreParsed",
        "  with its answer parsed, as the element asks",
    ),
    ("assessmentsPerSecond", "ajv", "  Ajv, validation only"),
    (
        "transitionsPerSecond",
        "decide",
        "decisions, core (budget 300,000)",
    ),
    (
        "transitionsPerSecond",
        "decideButSubmit",
        "  without the submission",
    ),
    (
        "transitionsPerSecond",
        "decideAndFold",
        "  and folded into the change",
    ),
    (
        "transitionsPerSecond",
        "take",
        "  whole report: read, replayed, decided, sealed",
    ),
    ("transitionsPerSecond", "xstateSend", "  XState, send"),
    (
        "transitionsPerSecond",
        "xstateTransition",
        "  XState, pure transition",
    ),
];

fn core(table: &mut String, core: &Value) {
    line(
        table,
        format_args!(
            "{:54} {:>10}",
            "a second, wasm and JavaScript in one node process", ""
        ),
    );
    for (group, name, title) in RATES {
        line(
            table,
            format_args!("  {title:52} {:>10}", number(&core[group][name])),
        );
    }
    line(table, format_args!("wasm memory of the form, KB"));
    for (name, title) in [
        ("loaded", "with policy, world and full draft"),
        ("afterKeystrokes", "after 10,000 keystrokes"),
    ] {
        line(
            table,
            format_args!(
                "  {title:52} {:>10}",
                number(&core["memory"][name]) / 1024.0
            ),
        );
    }
    table.push('\n');
}

const CHECKS: [(&str, &str); 6] = [
    ("hashStored", "SHA-256 of the stored bytes"),
    ("hashEntries", "SHA-256 of the canonical entries alone"),
    ("read", "read from the stored bytes"),
    ("chain", "chain of what was read (budget: 2 x hashing)"),
    ("chainOverStoredBytes", "chain over the stored bytes"),
    ("chainAndDecisions", "chain, and each decision made again"),
];

fn native(table: &mut String, native: &Value) {
    let (entries, bytes) = (number(&native["entries"]), number(&native["bytes"]));
    let hash = number(&native["millis"]["hashStored"]);
    let title = format!("native, one core: {entries} entries, {:.1} MB", bytes / 1e6);
    line(
        table,
        format_args!("{title:44} {:>9} {:>9} {:>9}", "ms", "MB/s", "x hash"),
    );
    for (name, title) in CHECKS {
        let took = number(&native["millis"][name]);
        line(
            table,
            format_args!(
                "  {title:42} {took:>9.1} {:>9.1} {:>9.2}",
                bytes / 1e3 / took,
                took / hash
            ),
        );
    }
    table.push('\n');
}

fn host(table: &mut String, host: &Value) {
    let (alone, shared) = (
        number(&host["oneCommitEach"]),
        number(&host["commitsShared"]),
    );
    line(
        table,
        format_args!("host: reports a second, accepted and durable"),
    );
    line(
        table,
        format_args!("  {:52} {alone:>10}", "one commit a report"),
    );
    line(
        table,
        format_args!("  {:52} {shared:>10}", "commits shared"),
    );
    line(
        table,
        format_args!("  {:52} {:>10.1}", "ratio (budget: 5)", shared / alone),
    );
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
