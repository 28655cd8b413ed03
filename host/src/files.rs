//! Files of evidence, by the hash of their bytes. They lie beside the database, inert: nothing here reads what they mean.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use changegate::value::Digest;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::Receiver;

use crate::random;

/// Where files lie, and how large one may be.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
    most: usize,
}

/// A file whose bytes are on disk, under no name that anybody asks for. It goes with this, unless it is kept.
#[derive(Debug)]
pub struct Arriving {
    path: PathBuf,
    sha256: Digest,
    bytes: u64,
}

impl Arriving {
    /// The hash of what came.
    pub const fn sha256(&self) -> Digest {
        self.sha256
    }

    /// How many bytes came.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        // What was kept is not there any more.
        let _ = fs::remove_file(&self.path);
    }
}

impl Files {
    /// Files within a data folder, each of at most so many bytes.
    pub fn within(data: &Path, most: usize) -> Self {
        Self {
            folder: data.join("files"),
            most,
        }
    }

    /// The most bytes of a file.
    pub const fn most(&self) -> usize {
        self.most
    }

    /// Where a file lies, if it does.
    pub fn path(&self, sha256: &Digest) -> PathBuf {
        let name = sha256.to_string();
        self.folder.join(&name[..2]).join(&name[2..])
    }

    fn arriving(&self) -> PathBuf {
        self.folder.join("arriving")
    }

    /// Forgets what was arriving when a host before this one ended.
    ///
    /// # Errors
    /// That the folder cannot be written.
    pub fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.arriving()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Whether a file has arrived, whole.
    pub fn holds(&self, sha256: &Digest, bytes: u64) -> bool {
        fs::metadata(self.path(sha256)).is_ok_and(|known| known.len() == bytes)
    }

    /// Writes what comes to the disk, and hashes it on the way.
    ///
    /// # Errors
    /// That it could not be written; then nothing of it is there.
    pub fn receive(&self, mut parts: Receiver<Bytes>) -> io::Result<Arriving> {
        fs::create_dir_all(self.arriving())?;
        let name = random::bytes::<32>().map_err(|_| io::Error::other("no random bytes"))?;
        let mut arriving = Arriving {
            path: self.arriving().join(Digest(name).to_string()),
            sha256: Digest::ZERO,
            bytes: 0,
        };
        let mut file = File::create_new(&arriving.path)?;
        let mut hash = Sha256::new();
        while let Some(part) = parts.blocking_recv() {
            file.write_all(&part)?;
            hash.update(&part);
            arriving.bytes += part.len() as u64;
        }
        file.sync_all()?;
        arriving.sha256 = Digest(hash.finalize().into());
        Ok(arriving)
    }

    /// Gives what has arrived its name; it is on disk under it when this returns.
    ///
    /// # Errors
    /// That the folder cannot be written.
    pub fn keep(&self, arriving: &Arriving) -> io::Result<()> {
        let path = self.path(&arriving.sha256);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        fs::rename(&arriving.path, &path)?;
        sync(folder)
    }

    /// Deletes a file; one that is not there is deleted already.
    ///
    /// # Errors
    /// That the folder cannot be written.
    pub fn delete(&self, sha256: &Digest) -> io::Result<()> {
        let path = self.path(sha256);
        match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(()) => sync(path.parent().unwrap_or(&self.folder)),
        }
    }
}

/// A name is on disk once its folder is.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A folder cannot be opened here, and the file system keeps its own journal of names.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}
