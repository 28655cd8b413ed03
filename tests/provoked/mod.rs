//! Notes which codes the core really answered with: `cargo xtask test native` counts them when all suites have run.
#![allow(dead_code, reason = "each suite uses what it needs")]

use serde::Serialize;

/// Names the folder in which codes are noted, a file each; where it is not set, none are.
pub const FOLDER: &str = "CHANGEGATE_PROVOKED";

/// Notes the codes of refusals or findings that the core answered with. What a refusal for the content says is wrong with it is
/// noted as well.
pub fn note<T: Serialize>(answers: &[T]) {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    for answer in answers {
        let answer = serde_json::to_value(answer).unwrap();
        for place in ["/code", "/finding/code"] {
            if let Some(code) = answer.pointer(place).and_then(|code| code.as_str()) {
                let file = std::path::Path::new(&folder).join(code);
                if !file.exists() {
                    std::fs::write(file, "").unwrap();
                }
            }
        }
    }
}
