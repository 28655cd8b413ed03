//! What a server sends instead where the browser takes it: `.br` and `.gz` beside each file.

use crate::bundle::files_under;
use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

const WORTH_IT: [&str; 8] = ["css", "csv", "html", "js", "json", "svg", "txt", "wasm"];

/// Compresses each text and wasm file of a folder that has no compressed copy yet, where that saves bytes.
pub fn beside_each(folder: &Path) -> Result<()> {
    for file in files_under(folder)?.iter().filter(|file| is_worth_it(file)) {
        let bytes =
            fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
        write_beside(file, "br", &bytes, brotli)?;
        write_beside(file, "gz", &bytes, gzip)?;
    }
    Ok(())
}

fn is_worth_it(file: &Path) -> bool {
    file.extension()
        .is_some_and(|ending| WORTH_IT.iter().any(|known| ending == *known))
}

fn write_beside(
    file: &Path,
    ending: &str,
    bytes: &[u8],
    compress: fn(&[u8]) -> std::io::Result<Vec<u8>>,
) -> Result<()> {
    let beside = PathBuf::from(format!("{}.{ending}", file.display()));
    if beside.exists() {
        return Ok(());
    }
    let compressed =
        compress(bytes).with_context(|| format!("{} could not be compressed", file.display()))?;
    if compressed.len() >= bytes.len() {
        return Ok(());
    }
    fs::write(&beside, compressed)
        .with_context(|| format!("{} could not be written; check the disk", beside.display()))
}

/// Brotli at its smallest.
pub fn brotli(mut bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut bytes, &mut compressed, &params)?;
    Ok(compressed)
}

/// Gzip at its smallest.
pub fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
