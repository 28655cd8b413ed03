// The life of one normal change from submitted to closed: seven accepted commands of the right people.

import { fullDraft, PERSON, policy } from "./case.mjs";

/** When the work begins: within the calendar of the vectors' world, and with lead time enough. */
export const WORK = Date.parse("2026-12-10T09:30:00.000Z");
/** When it is asked for. */
export const ASKED = Date.parse("2026-11-23T10:00:00.000Z");

const minutes = (count) => WORK + count * 60_000;
const instant = (at) => new Date(at).toISOString();

const STEPS = [
  { by: "e1012", command: () => ({ type: "move", transition: "pass" }) },
  { by: "e1030", command: approval("service-owner") },
  { by: "e1010", command: approval("change-manager") },
  { by: "e1044", at: minutes(1), command: () => ({ type: "move", transition: "start" }) },
  { by: "e1044", at: minutes(40), command: completion },
  { by: "e1012", at: minutes(50), command: () => ({ type: "move", transition: "close" }) },
];

function approval(rule) {
  return ({ contentHash, level }) => ({ type: "approve", rule, contentHash, level });
}

function completion() {
  const [startedAt, endedAt] = [instant(minutes(1)), instant(minutes(39))];
  return { type: "complete", outcome: "successful", startedAt, endedAt, downtimeMin: 0 };
}

/** The log of it, as the core in the browser decides and seals it. */
export function logOf(core) {
  const draft = fullDraft(WORK);
  const submit = { type: "submit", model: "normal", language: "en", fields: draft.fields };
  const log = [];
  const add = (command, by, at) => log.push(taken(core, { log, id: draft.id, command, by, at }));
  add(submit, PERSON, ASKED);
  for (const { by, at = ASKED, command } of STEPS) {
    const { change } = JSON.parse(core.read(JSON.stringify(log), at));
    add(command(change), by, at);
  }
  return log;
}

/** What the core makes of one command. */
function taken(core, { log, id, command, by, at }) {
  const { stored, refusals } = JSON.parse(
    core.take(JSON.stringify(log), reportOf(log, id, command, at), by, at, "CHG-1"),
  );
  if (!stored) throw new Error(`${by} may not ${JSON.stringify(command)}: ${JSON.stringify(refusals)}`);
  return stored;
}

/** The report of one command, as text. */
export function reportOf(log, changeId, command, at) {
  const id = `018f0000-0000-7000-8000-${String(log.length + 1).padStart(12, "0")}`;
  return JSON.stringify({ id, changeId, expectedSeq: log.length, command, occurredAt: instant(at) });
}

/** The same life as events of a state machine: who, with which roles, does what. */
export function eventsOf(log) {
  return log.slice(1).map(({ entry: { actor, command } }) => {
    const type = command.type === "move" ? command.transition : command.type;
    return { ...command, type, person: actor.person, roles: actor.roles };
  });
}

/** The model whose life it is. */
export const model = policy.models.find(({ id }) => id === "normal");
