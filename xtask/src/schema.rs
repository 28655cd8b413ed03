//! What other programs read about the core: JSON Schemas, and the TypeScript types made of them.

use crate::command::{npm_program, program, run};
use crate::paths;
use anyhow::Result;

/// The host writes the schemas of the core that it is built with; the wire types follow from them.
pub fn write() -> Result<()> {
    let folder = paths::dist().join("schema");
    let mut host = program(
        &paths::host_binary().to_string_lossy(),
        &["schema", "--out"],
    );
    run(host.arg(&folder), "see what the host says above")?;
    let wire = folder.join("wire.schema.json");
    let types = paths::generated().join("wire.d.ts");
    let mut convert = npm_program(
        "json2ts",
        &[
            "--unreachableDefinitions",
            "--no-additionalProperties",
            "--unknownAny",
        ],
    );
    run(
        convert
            .arg("--input")
            .arg(&wire)
            .arg("--output")
            .arg(&types),
        "see what json-schema-to-typescript says above",
    )
}
