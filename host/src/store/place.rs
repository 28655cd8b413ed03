//! Whether the files that are open are still those of their names, and that nobody else may read them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::journal::warn;

/// The database file and its write-ahead log, as they were when they were opened.
#[derive(Clone, Debug)]
pub struct Place(Vec<(PathBuf, Identity)>);

impl Place {
    /// Where a database lies that is open.
    ///
    /// # Errors
    /// That a file of it is not there.
    pub fn of(database: &Path) -> io::Result<Self> {
        let files = [database.to_owned(), beside(database, "-wal")];
        let known = files.into_iter().map(|file| {
            let identity = identity(&file)?;
            Ok((file, identity))
        });
        known.collect::<io::Result<_>>().map(Self)
    }

    /// Whether it still lies there. What is written to files that were unlinked or replaced is gone when the host ends.
    pub fn is_as_opened(&self) -> bool {
        let is_same =
            |(file, known): &(PathBuf, Identity)| identity(file).is_ok_and(|now| now == *known);
        self.0.iter().all(is_same)
    }
}

/// A file beside the database.
pub fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The device and the number of a file on it.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(file: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(file).map(|known| (known.dev(), known.ino()))
}

/// An open file can be neither deleted nor replaced here.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(_: &Path) -> io::Result<Identity> {
    Ok(())
}

/// Makes a folder that only its owner may enter. Where it is there and another's, that is said.
///
/// # Errors
/// That it cannot be made.
pub fn own_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for_owner(folder, 0o700);
    Ok(())
}

/// Makes a file, where there is none, that only its owner may read.
///
/// # Errors
/// That it cannot be made.
pub fn own_file(file: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?;
    for_owner(file, 0o600);
    Ok(())
}

/// An earlier host, or somebody who copied a backup here, may have left it open to others.
#[cfg(unix)]
fn for_owner(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(known) = fs::metadata(path).map(|known| known.permissions().mode() & 0o777) else {
        return;
    };
    if known & !mode == 0 {
        return;
    }
    if let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(known & mode)) {
        warn(format_args!(
            "{}: others may read it, and that cannot be changed: {error}",
            path.display()
        ));
    }
}

#[cfg(not(unix))]
fn for_owner(_: &Path, _: u32) {}
