//! JSON Schemas of every wire type, for editors, for the OpenAPI description and for the types of the element.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// The schema of a policy document.
#[must_use]
pub fn policy() -> Value {
    let schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<crate::policy::Policy>();
    schema.to_value()
}

/// The schemas of all wire types, under `$defs`.
#[must_use]
pub fn wire() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let roots = [
        root::<crate::policy::Policy>(&mut generator),
        root::<crate::world::World>(&mut generator),
        root::<crate::draft::Draft>(&mut generator),
        root::<crate::assessment::Assessment>(&mut generator),
        root::<crate::change::Change>(&mut generator),
        root::<crate::permit::Permission>(&mut generator),
        root::<crate::reading::Reading>(&mut generator),
        root::<crate::notice::Notice>(&mut generator),
        root::<crate::waiting::Waiting>(&mut generator),
        root::<crate::other::Other>(&mut generator),
        root::<crate::steps::StepPermission>(&mut generator),
        root::<crate::steps::Proposable>(&mut generator),
        root::<crate::steps::Callable>(&mut generator),
        root::<crate::catalogue::Sample>(&mut generator),
        root::<crate::meeting::AgendaItem>(&mut generator),
        root::<crate::meeting::BoardStanding>(&mut generator),
        root::<crate::report::Report>(&mut generator),
        root::<crate::refusal::Refusal>(&mut generator),
        root::<crate::log::Stored>(&mut generator),
        root::<crate::log::Verdict>(&mut generator),
        root::<crate::policy::check::PolicyFinding>(&mut generator),
        root::<crate::policy::difference::Difference>(&mut generator),
        root::<crate::adoption::Adoption>(&mut generator),
    ];
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wire",
        "type": "object",
        "properties": roots.into_iter().collect::<Map<_, _>>(),
        "additionalProperties": false,
        "$defs": generator.take_definitions(true),
    })
}

/// One type by its name: makers of code from schemas name only what a root of objects leads to.
fn root<T: JsonSchema>(generator: &mut SchemaGenerator) -> (String, Value) {
    (
        T::schema_name().into_owned(),
        generator.subschema_for::<T>().to_value(),
    )
}
