// The same form written by hand: the same fields, required answers, contradictions and points, in the browser's own controls.
// What it lacks: the world (lead time, conflicts, who there is to approve), other models, drafts that are kept, any process.

import { readText } from "./case.mjs";

const MOST_RADIOS = 4;

/** The page's files by name; with `filled`, every field has its answer. */
export async function pageByHand(policy, world, filled) {
  const fields = fieldsOf(policy);
  const [css, script] = await Promise.all([
    readText("tests/bench/by-hand/form.css"),
    readText("tests/bench/by-hand/form.js"),
  ]);
  const start = filled ? `const FILLED = globalThis.FILLED = ${JSON.stringify(valuesOf(filled))};\n` : "";
  return {
    "index.html": html(policy, fields, world),
    "form.css": css,
    "form.js": `const RULES = ${JSON.stringify(rulesOf(policy, fields))};\n${start}${script}`,
  };
}

/** Of a normal change. A page by hand has no rows that can be added; a text area takes the steps. */
function fieldsOf(policy) {
  const isAsked = ({ visible }) => !visible?.model || visible.model.includes("normal");
  return policy.sections
    .flatMap(({ fields }) => fields.map((id) => policy.fields.find((field) => field.id === id)))
    .filter(isAsked);
}

function rulesOf(policy, fields) {
  const { questions, bands, levels } = policy.risk;
  const whose = (level) => (level === 0 ? "Service owner, Change manager" : "Service owner, Change Approval Board");
  return {
    fields: fields.map(({ id, kind, required, visible }) => ({
      id,
      type: kind.type,
      required: required !== undefined,
      maxLength: kind.maxLength,
      when: visible?.is && { field: visible.is.field, value: String(visible.is.value) },
    })),
    contradictions: policy.consistency.flatMap(contradiction),
    questions,
    bands: bands.map(({ from, level }) => {
      const at = levels.findIndex(({ id }) => id === level);
      return { from, name: levels[at].name.en, who: whose(at) };
    }),
  };
}

function contradiction({ when, fields, message }) {
  const parts = when.all.map((part) => {
    if (part.is) return { field: part.is.field, values: [String(part.is.value)] };
    if (part.in) return { field: part.in.field, values: part.in.values };
    return part.count;
  });
  return parts.every(Boolean) ? [{ field: fields[0], all: parts, message: message.en }] : [];
}

/** As the controls hold them. */
function valuesOf(fields) {
  const local = (text) => (/^\d{4}-.*Z$/.test(text) ? text.slice(0, 16) : text);
  const plain = (value) => {
    if (Array.isArray(value))
      return value.every((item) => typeof item === "string") ? value : value.map(({ step }) => step).join("\n");
    return local(String(value));
  };
  return Object.fromEntries(Object.entries(fields).map(([id, value]) => [id, plain(value)]));
}

function html(policy, fields, world) {
  const sections = policy.sections.map(({ name, fields: ids }) => {
    const own = fields.filter(({ id }) => ids.includes(id));
    return own.length === 0
      ? ""
      : `<h2>${escaped(name.en)}</h2>\n${own.map((field) => fieldHtml(field, world)).join("\n")}`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Raise a change</title>
<link rel="stylesheet" href="form.css">
<script defer src="form.js"></script>
</head>
<body>
<h1>Raise a change</h1>
<form>
<p class="status" role="status">Risk: <b id="level"></b> (<span id="points"></span> points). Decides: <span id="who"></span></p>
${sections.join("\n")}
<p><button>Submit</button></p>
</form>
</body>
</html>
`;
}

function fieldHtml({ id, label, kind }, world) {
  const text = escaped(label.en);
  const inner = isGroup(kind)
    ? `<fieldset aria-describedby="finding-${id}"><legend>${text}</legend>${controlHtml(id, kind, world)}</fieldset>`
    : `<label for="${id}">${text}</label>${controlHtml(id, kind, world)}`;
  return `<div id="field-${id}">${inner}<p class="finding" id="finding-${id}"></p></div>`;
}

function isGroup({ type, options }) {
  return type === "yesNo" || type === "several" || (type === "choice" && options.length <= MOST_RADIOS);
}

const input = (id, type) => `<input id="${id}" name="${id}" type="${type}" aria-describedby="finding-${id}">`;
const area = (id) => `<textarea id="${id}" name="${id}" rows="4" aria-describedby="finding-${id}"></textarea>`;
const items = (options) => options.map(({ id, name }) => `<option value="${id}">${escaped(name)}</option>`).join("");
const list = (id, options, more) =>
  `<select id="${id}" name="${id}" aria-describedby="finding-${id}"${more}>${options}</select>`;
const ticks = (id, type, options) =>
  options
    .map(
      (option) =>
        `<label class="option"><input type="${type}" name="${id}" value="${option.id}"> ${escaped(option.label.en)}</label>`,
    )
    .join("");
const YES_NO = [
  { id: "true", label: { en: "Yes" } },
  { id: "false", label: { en: "No" } },
];

const CONTROLS = {
  text: (id) => input(id, "text"),
  longText: area,
  list: area,
  dateTime: (id) => input(id, "datetime-local"),
  number: (id) => input(id, "number"),
  duration: (id) => input(id, "number"),
  yesNo: (id) => ticks(id, "radio", YES_NO),
  several: (id, { options }) => ticks(id, "checkbox", options),
  people: (id, _kind, { people }) => list(id, items(people), " multiple"),
  services: (id, _kind, { services }) => list(id, items(services), " multiple"),
  choice: (id, kind) => {
    if (isGroup(kind)) return ticks(id, "radio", kind.options);
    const options = kind.options.map(({ id: value, label }) => ({ id: value, name: label.en }));
    return list(id, `<option value="">Choose</option>${items(options)}`, "");
  },
};

function controlHtml(id, kind, world) {
  return CONTROLS[kind.type](id, kind, world);
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
