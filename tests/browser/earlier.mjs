// Changes that were carried out before a test begins, by all whose hands they need, past any page.

import { ask, content, logOf, newId, report } from "./record.mjs";

/** Puts a host's clock forward; the sessions of the test go by the same clock. */
export function moveClock(address, to) {
  return ask(`${address}/api/demo/clock`, { body: { to } });
}

/** A yes to what stands. */
export async function says(person, change, rule) {
  const log = await logOf(person, change);
  const events = log.flatMap(({ entry }) => entry.events);
  const { contentHash } = events.findLast(({ type }) => type === "submitted" || type === "edited");
  const { level } = events.findLast(({ type }) => type === "assessed");
  return report(person, change, log.length, { type: "approve", rule, contentHash, level });
}

/** A gesture on what stands. */
export async function does(person, change, command) {
  const seq = command.type === "submit" ? 0 : (await logOf(person, change)).length;
  return report(person, change, seq, command);
}

/** The work of a change that is scheduled: begun and done inside its window, then closed. */
async function carriedOut(people, change, { end }, outcome = "successful", review = undefined) {
  const startedAt = new Date(Date.parse(end) - 30 * 60_000).toISOString();
  await does(people.e1045, change, { type: "move", transition: "start" });
  await does(people.e1045, change, { type: "complete", outcome, startedAt, endedAt: startedAt, downtimeMin: 0 });
  if (review) await does(people.e1010, change, { type: "review", text: review });
  await does(people.e1013, change, { type: "move", transition: "close" });
}

/** Normal changes of the department that went well, closed, one after the other; the clock stands in the last window. */
export async function earlierChanges(address, people, titles) {
  const fields = await content();
  const changes = titles.map((title, at) => ({ id: newId(), title, ...hoursOn(fields, 2 * at) }));
  for (const { id, title, start, end } of changes) {
    const submit = { type: "submit", model: "normal", language: "en", fields: { ...fields, title, start, end } };
    await does(people.e1041, id, submit);
    await does(people.e1013, id, { type: "move", transition: "pass" });
    await says(people.e1030, id, "service-owner");
    await says(people.e1011, id, "change-manager");
  }
  for (const change of changes) {
    await moveClock(address, new Date(Date.parse(change.start) + 45 * 60_000).toISOString());
    await carriedOut(people, change.id, change);
  }
  return changes.map(({ id }) => id);
}

/** The same window some hours later. */
export function hoursOn({ start, end }, hours) {
  const later = (time) => new Date(Date.parse(time) + hours * 3_600_000).toISOString();
  return { start: later(start), end: later(end) };
}

/** What whoever uses a ready-made change of the department fills in. */
const ASKED = {
  title: "Release of the week",
  implementers: ["e1045"],
  department: "core",
  sponsor: ["e1050"],
  funding: "bau",
};

/** A ready-made change of the department is used: asked for, done in its window, and closed. */
export async function used(address, people, { template, agreed: { content: own } }, outcome = "successful") {
  const { now } = await ask(`${address}/api/demo/clock`);
  const [start, end] = [1, 2].map((hours) => new Date(Date.parse(now) + hours * 3_600_000).toISOString());
  const asked = Object.entries({ ...ASKED, start, end }).filter(([id]) => own.open.includes(id));
  const fields = { ...own.fields, ...Object.fromEntries(asked) };
  const id = newId();
  await does(people.e1041, id, { type: "submit", model: "standard", template, language: "en", fields });
  await moveClock(address, new Date(Date.parse(start) + 45 * 60_000).toISOString());
  // While it is on trial, somebody looks back at each time.
  await carriedOut(people, id, { end }, outcome, "Looked at, as long as it is on trial.");
  return id;
}

/** A template of the catalogue with its record, by its id there. */
export async function recordOf({ address, token }, id) {
  const { records } = await ask(`${address}/api/records`, { token });
  return records.flatMap((known) => known.template ?? []).find(({ template }) => template === id);
}
