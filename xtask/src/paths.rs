//! Where things lie in the repository.

use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Everything that cargo and the tasks make and that may be deleted.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The npm package, made but for its `package.json` and its README.
pub fn package() -> PathBuf {
    root().join("pkg")
}

/// What the npm package ships.
pub fn dist() -> PathBuf {
    package().join("dist")
}

/// The demo portal as static files, the package's under `pkg/`.
pub fn site() -> PathBuf {
    target().join("site")
}

/// What TypeScript imports and a task writes.
pub fn generated() -> PathBuf {
    root().join("www/element/generated")
}

/// The host's binary, as `build` leaves it.
pub fn host_binary() -> PathBuf {
    target().join("release").join(executable("changegate-host"))
}

/// A program's file name on this system.
pub fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
