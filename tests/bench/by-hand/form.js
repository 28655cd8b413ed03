// A form as one writes it by hand: the browser's own controls, one listener, and the rules of the policy as a table.

const form = document.querySelector("form");
const left = new Set();

/** What a field holds. */
function valueOf({ id, type }) {
  const control = form.elements[id];
  if (type === "several") return new FormData(form).getAll(id);
  if (type === "people" || type === "services") return [...control.selectedOptions].map(({ value }) => value);
  return control.value;
}

function isEmpty(value) {
  return Array.isArray(value) ? value.length === 0 : value.trim() === "";
}

function findingOf(field, values) {
  const value = values[field.id];
  if (isEmpty(value)) return field.required ? "This must be filled in." : "";
  if (field.maxLength && value.length > field.maxLength) return `At most ${field.maxLength} characters.`;
  if (field.id === "end" && value <= values.start) return "The end must come after the start.";
  const broken = RULES.contradictions.find((rule) => rule.field === field.id && rule.all.every((part) => holds(part, values)));
  return broken ? broken.message : "";
}

function holds({ field, values: wanted, atLeast }, values) {
  const value = values[field];
  return wanted ? wanted.includes(value) : value.length >= atLeast;
}

/** Points of what is answered; what is not counts as its worst. */
function pointsOf({ field, points }, values) {
  return points[values[field]] ?? Math.max(...Object.values(points));
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function update() {
  const shown = RULES.fields.filter(({ when }) => !when || form.elements[when.field].value === when.value);
  for (const field of RULES.fields) document.getElementById(`field-${field.id}`).hidden = !shown.includes(field);
  const values = Object.fromEntries(RULES.fields.map((field) => [field.id, valueOf(field)]));
  for (const field of shown)
    say(document.getElementById(`finding-${field.id}`), left.has(field.id) ? findingOf(field, values) : "");
  const points = RULES.questions.reduce((sum, question) => sum + pointsOf(question, values), 0);
  const { name, who } = RULES.bands.findLast(({ from }) => points >= from);
  say(document.getElementById("level"), name);
  say(document.getElementById("points"), String(points));
  say(document.getElementById("who"), who);
}

for (const [id, value] of Object.entries(globalThis.FILLED ?? {})) {
  left.add(id);
  const control = form.elements[id];
  if (Array.isArray(value))
    for (const option of control.options ?? control) {
      if (value.includes(option.value)) option[control.options ? "selected" : "checked"] = true;
    }
  else control.value = value;
}
form.addEventListener("input", update);
form.addEventListener("focusout", ({ target }) => {
  if (target.name) left.add(target.name);
  update();
});
update();
form.dataset.ready = "";
