//! Files of evidence, by the hash of their bytes. They lie beside the database, inert: nothing here reads what they mean.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use changegate::value::Digest;

/// The most bytes of a file.
pub const MOST: usize = 25 * 1024 * 1024;

/// Where files lie.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
}

impl Files {
    /// Files within a data folder.
    pub fn within(data: &Path) -> Self {
        Self {
            folder: data.join("files"),
        }
    }

    fn path(&self, sha256: &Digest) -> PathBuf {
        let name = sha256.to_string();
        self.folder.join(&name[..2]).join(name)
    }

    /// Whether a file has arrived, whole.
    pub fn holds(&self, sha256: &Digest, bytes: u64) -> bool {
        fs::metadata(self.path(sha256)).is_ok_and(|known| known.len() == bytes)
    }

    /// Keeps a file; its bytes are on disk when this returns. One that is there already is left as it is.
    ///
    /// # Errors
    /// That it could not be written; then nothing of it is there.
    pub fn keep(&self, sha256: &Digest, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(sha256);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.holds(sha256, length) {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let unfinished = path.with_extension("part");
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        File::open(folder)?.sync_all()
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// That it is not there.
    pub fn read(&self, sha256: &Digest) -> io::Result<Vec<u8>> {
        fs::read(self.path(sha256))
    }
}
