// The policy's form as a JSON Schema, as far as one can say it: kinds, bounds, what is asked and required of a normal change,
// answers that contradict each other. No risk, no approvals, no words that say nothing, no lead time.

const INSTANT = "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{3})?Z$";

/** The schema of the fields of a change of this model. */
export function schemaOf(policy, world, model) {
  const known = { people: world.people, services: world.services, model };
  const asked = policy.fields.filter(({ visible }) => holdsForModel(visible, model) !== false);
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(asked.map((field) => [field.id, kindSchema(field.kind, known)])),
    required: asked.filter((field) => isAlways(field, model)).map(({ id }) => id),
    allOf: [...conditional(asked, model), ...contradictions(policy, model)],
  };
}

function isAlways({ visible, required }, model) {
  return required !== undefined && holdsForModel(required, model) === true && holdsForModel(visible, model) === true;
}

/** What a condition comes to by the model alone; undefined where answers matter. */
function holdsForModel(condition, model) {
  if (!condition) return true;
  if (condition.model) return condition.model.includes(model);
  if (condition.all?.length === 0) return true;
  return undefined;
}

function conditional(fields, model) {
  return fields
    .filter((field) => holdsForModel(field.visible, model) === undefined)
    .map(({ id, visible, required }) => ({
      if: test(visible),
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: required ? { required: [id] } : {},
      else: { properties: { [id]: false } },
    }));
}

function contradictions(policy, model) {
  const said = policy.consistency.map(({ when }) => test(when, model)).filter(Boolean);
  return said.map((broken) => ({ not: broken }));
}

function property(field, schema) {
  return { properties: { [field]: schema }, required: [field] };
}

function test(condition, model) {
  if (condition.all) {
    const parts = condition.all.map((part) => test(part, model));
    return parts.includes(undefined) ? undefined : { allOf: parts };
  }
  if (condition.is) return property(condition.is.field, { const: condition.is.value });
  if (condition.in) return property(condition.in.field, { enum: condition.in.values });
  if (condition.count) return property(condition.count.field, { type: "array", minItems: condition.count.atLeast });
  return undefined;
}

const ids = (options) => options.map(({ id }) => id);

const KINDS = {
  text: ({ maxLength = 200 }) => ({ type: "string", minLength: 1, maxLength }),
  longText: ({ maxLength = 20_000 }) => ({ type: "string", minLength: 1, maxLength }),
  choice: ({ options }) => ({ enum: ids(options) }),
  several: ({ options }) => ({ type: "array", items: { enum: ids(options) }, uniqueItems: true }),
  yesNo: () => ({ type: "boolean" }),
  dateTime: () => ({ type: "string", pattern: INSTANT }),
  number: ({ min, max }) => ({ type: "integer", ...(min === undefined ? {} : { minimum: min }), maximum: max }),
  duration: ({ max = 1_000_000 }) => ({ type: "integer", minimum: 0, maximum: max }),
  people: ({ most = 1, groups = [] }, { people }) => ({
    type: "array",
    maxItems: most,
    items: { enum: ids(people.filter((person) => isOfOne(person, groups))) },
  }),
  services: ({ most = 50 }, { services }) => ({ type: "array", maxItems: most, items: { enum: ids(services) } }),
  list: ({ columns, most = 50 }, known) => ({
    type: "array",
    maxItems: most,
    items: {
      type: "object",
      additionalProperties: false,
      properties: Object.fromEntries(columns.map((column) => [column.id, kindSchema(column.kind, known)])),
      required: ids(columns.filter(({ required }) => required)),
    },
  }),
};

function isOfOne(person, groups) {
  return groups.length === 0 || (person.groups ?? []).some((group) => groups.includes(group));
}

function kindSchema(kind, known) {
  return KINDS[kind.type](kind, known);
}
