//! `templates.json`: the catalogue of standard changes.

use std::path::Path;

use changegate::id::FieldId;
use changegate::policy::Policy;
use changegate::world::Template;

use super::table::read_text;
use crate::fault::{Fault, Faults};

/// Reads the file.
///
/// # Errors
/// What is wrong with it, each with the template and the key.
pub fn read(path: &Path, policy: &Policy) -> Result<Vec<Template>, Fault> {
    let templates: Vec<Template> = serde_json::from_str(&read_text(path)?)
        .map_err(|error| Fault::about(path, format!("{error}, mend it there")))?;
    let mut faults = Faults::default();
    for template in &templates {
        check(template, policy, &mut |what| {
            faults.note(format!(
                "{}, template `{}`, {what}",
                path.display(),
                template.id
            ));
        });
    }
    faults.or(templates)
}

/// The names that a template uses are the policy's.
fn check(template: &Template, policy: &Policy, note: &mut impl FnMut(String)) {
    let model = &template.model;
    if policy.model(model.as_str()).is_none() {
        note(format!(
            "key `model`: the policy has no model `{model}`, name one of its models"
        ));
    }
    if policy.rank(&template.level).is_none() {
        note(format!(
            "key `level`: the policy has no level `{}`, name one of its risk levels",
            template.level
        ));
    }
    let unknown = |field: &&FieldId| policy.field(field.as_str()).is_none();
    for field in template.fields.keys().filter(unknown) {
        note(format!(
            "key `fields`: the policy has no field `{field}`, name one of its fields"
        ));
    }
    for field in template.open.iter().filter(unknown) {
        note(format!(
            "key `open`: the policy has no field `{field}`, name one of its fields"
        ));
    }
}
