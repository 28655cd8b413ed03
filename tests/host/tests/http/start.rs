//! What keeps the host from starting is said, with what to do.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Output};

use changegate_host_tests::{Folder, Host, ended, program, run};

/// It ends with a failure that says all of this, and never by a panic.
fn fails_with(output: Output, said: &[&str]) {
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(!words.contains("panicked"), "{words}");
    for part in said {
        assert!(words.contains(part), "`{part}` is not in: {words}");
    }
}

fn fails_to_start(folder: &Folder, said: &[&str]) {
    fails_with(ended(folder.command(&[])), said);
}

#[test]
fn a_missing_policy_is_named() {
    let folder = Folder::of_workshop();
    fs::remove_file(folder.organisation().join("policy.json")).unwrap();
    fails_to_start(
        &folder,
        &["policy.json: cannot be read", "put the file there"],
    );
}

#[test]
fn a_policy_with_an_unknown_field_name_is_pointed_at() {
    let folder = Folder::of_workshop();
    folder.spoil(
        "policy.json",
        "\"field\": \"impact\"",
        "\"field\": \"impakt\"",
    );
    fails_to_start(&folder, &["policy.json, /risk/questions/0", "impakt"]);
}

#[test]
fn a_policy_with_an_unknown_key_is_pointed_at() {
    let folder = Folder::of_workshop();
    folder.spoil(
        "policy.json",
        "\"version\": \"1\",",
        "\"version\": \"1\", \"colour\": \"red\",",
    );
    fails_to_start(&folder, &["policy.json, /colour", "unknown field `colour`"]);
}

#[test]
fn a_policy_is_checked_before_it_is_used() {
    let folder = Folder::of_workshop();
    let policy = folder.organisation().join("policy.json");
    let good = run(&["check", policy.to_str().unwrap()]);
    assert!(
        good.status.success(),
        "{}",
        String::from_utf8_lossy(&good.stdout)
    );
    folder.spoil("policy.json", "\"from\": 5,", "\"from\": 6,");
    let bad = run(&["check", policy.to_str().unwrap()]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&bad.stdout).contains("/risk/bands"));
}

#[test]
fn what_is_wrong_with_the_tables_is_said_with_line_and_column() {
    for (file, from, to, said) in [
        (
            "people.csv",
            "ada,Ada Thornquist",
            "ada,",
            "people.csv, line 2: column `name` is empty, fill it",
        ),
        (
            "people.csv",
            "staff,ben,",
            "staff,bob,",
            "column `manager`: there is no person `bob`",
        ),
        (
            "people.csv",
            "dot,Dot",
            "ada,Dot",
            "people.csv, line 5: there is a line with the id `ada` already",
        ),
        (
            "people.csv",
            "id,name",
            "id,nom",
            "people.csv, line 1: column `nom` is unknown",
        ),
        (
            "people.csv",
            "Joiner,staff",
            "Joiner, staff, more",
            "people.csv, line 2: has 7 cells where the first line has 6",
        ),
        (
            "people.csv",
            "Okonjo,Lead,leads,,",
            "Okonjo,Lead,leads,,soon",
            "column `absentUntil`: `soon` is no date",
        ),
        (
            "services.csv",
            "lathe,Lathe,eve",
            "lathe,Lathe,zoe",
            "services.csv, line 3: column `owner`: there is no person `zoe`",
        ),
        (
            "services.csv",
            "medium",
            "middling",
            "services.csv, line 2: column `importance`: `middling` is none of",
        ),
        (
            "services.csv",
            "low,power",
            "low,steam",
            "column `dependsOn`: there is no service `steam`",
        ),
        (
            "delegations.csv",
            "ben,eve",
            "ben,zoe",
            "delegations.csv, line 2: column `to`: there is no person `zoe`",
        ),
        (
            "delegations.csv",
            "2026-01-01",
            "2031-01-01",
            "column `until`: it ends before it begins",
        ),
        (
            "calendar.json",
            "\"zone\": \"Europe/London\"",
            "\"zone\": \"Europe/Londn\"",
            "calendar.json, key `zone`: there is no time zone",
        ),
        (
            "calendar.json",
            "\"freezes\": []",
            "\"freezes\": {}",
            "calendar.json: invalid type: map, expected a sequence at line 4",
        ),
        (
            "calendar.json",
            "\"windows\": []",
            "\"windows\": [{\"id\": \"w\", \"name\": {\"en\": \"W\"}, \"services\": [\"forge\"], \"weekdays\": [1], \"from\": \"08:00\", \"to\": \"09:00\"}]",
            "calendar.json, key `windows/w/services`: there is no service `forge`",
        ),
        (
            "templates.json",
            "[]",
            "[{\"id\": \"t\", \"version\": 1, \"name\": {\"en\": \"T\"}, \"model\": \"quick\", \"active\": true, \"successes\": 0, \"failures\": 0, \"level\": \"low\", \"fields\": {}, \"open\": [\"colour\"]}]",
            "templates.json, template `t`, key `open`: the policy has no field `colour`",
        ),
    ] {
        let folder = Folder::of_workshop();
        folder.spoil(file, from, to);
        fails_to_start(&folder, &[said]);
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let folder = Folder::of_workshop();
    folder.spoil("people.csv", "staff,ben,", "staff,bob,");
    folder.spoil("calendar.json", "Europe/London", "Europe/Londn");
    fails_to_start(&folder, &["person `ada`", "person `cyn`", "Europe/Londn"]);
}

#[test]
fn a_table_from_a_spreadsheet_is_read() {
    let folder = Folder::of_workshop();
    folder.spoil("people.csv", "id,name", "\u{feff}id,name");
    folder.spoil("people.csv", "\n", "\r\n");
    let host = Host::start_with(folder, &[]);
    assert_eq!(
        host.web.get("/api/demo/people").json[0]["name"],
        "Ada Thornquist"
    );
}

#[test]
fn only_policy_and_people_must_be_there() {
    let folder = Folder::of_workshop();
    for file in [
        "services.csv",
        "delegations.csv",
        "calendar.json",
        "templates.json",
    ] {
        fs::remove_file(folder.organisation().join(file)).unwrap();
    }
    let host = Host::start_with(folder, &[]);
    let world = &host.sign_in("ada").get("/api/load").json["world"];
    assert!(
        world.get("services").is_none() && world.get("calendar").is_none(),
        "{world}"
    );
}

#[test]
fn a_port_in_use_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = Folder::of_workshop();
    fails_with(
        ended(folder.command(&["--port", &port])),
        &[&format!("port {port} on 127.0.0.1 is in use"), "--port"],
    );
}

#[test]
fn the_demo_refuses_an_address_that_others_reach() {
    let folder = Folder::of_workshop();
    fails_with(
        ended(folder.command(&["--address", "0.0.0.0"])),
        &["--demo lets anybody sign in as anybody", "leave out --demo"],
    );
}

#[test]
fn a_file_that_is_no_database_is_said() {
    let folder = Folder::of_workshop();
    fs::create_dir(folder.data()).unwrap();
    fs::write(
        folder.database(),
        "This is a shopping list, and long enough to be read as one.".repeat(20),
    )
    .unwrap();
    fails_to_start(
        &folder,
        &["changegate.db: is no database of the host", "--data"],
    );
}

#[test]
fn a_database_of_another_layout_is_said() {
    let (folder, _) = Host::start().stop();
    folder
        .open_database()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    fails_to_start(&folder, &["has layout 99"]);
}

#[test]
fn a_site_that_is_no_folder_is_said() {
    let folder = Folder::of_workshop();
    fails_with(
        ended(folder.command(&["--site", "nowhere"])),
        &["nowhere: is no folder", "--site"],
    );
}

/// Root writes what is read-only, so root steps down to a user without rights for this one.
#[cfg(unix)]
#[test]
fn a_database_that_is_read_only_is_said() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65_534;

    let (folder, _) = Host::start().stop();
    let copy = folder.path().join("program");
    fs::copy(program(), &copy).unwrap();
    let mode = |path: &std::path::Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap()
    };
    let is_root = fs::metadata(folder.path()).unwrap().uid() == 0;
    mode(folder.path(), 0o755);
    mode(&folder.data(), 0o777);
    mode(&folder.data().join("changegate.lock"), 0o666);
    mode(&folder.database(), 0o444);
    let mut command = Command::new(copy);
    command.args(folder.command(&[]).get_args());
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = ended(command);
    mode(&folder.database(), 0o644);
    fails_with(
        output,
        &[
            "changegate.db: is read-only",
            "let the user who runs the host write",
            "--data",
        ],
    );
}
