// The core in wasm under node, beside what others do of the same: Ajv validates, XState takes transitions.
//
// `node core.mjs FOLDER`: the folder holds the bound modules. Prints JSON.

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import { createActor, initialTransition, transition } from "xstate";
import { fullDraft, PERSON, policy, policyText, readText } from "./case.mjs";
import { ASKED, eventsOf, logOf, model, reportOf, WORK } from "./life.mjs";
import { machineOf } from "./machine.mjs";
import { ratesOf } from "./measure.mjs";
import { schemaOf } from "./schema.mjs";

const [folder] = process.argv.slice(2);
const worldText = await readText("tests/vectors/world.json");
const [form, record, bench] = await Promise.all(["changegate", "changegate_record", "changegate_bench"].map(load));

const results = { memory: memory(), ...assessments(), ...transitions() };
process.stdout.write(JSON.stringify(results));

/** A bound module, started. */
async function load(name) {
  const path = resolve(folder, name);
  const [face, bytes] = await Promise.all([
    import(pathToFileURL(`${path}.mjs`).href),
    readFile(join(folder, `${name}.wasm`)),
  ]);
  const { memory } = face.initSync({ module: new WebAssembly.Module(bytes) });
  return { ...face, memory };
}

/** The draft with its last text as it would be a key further on, and back. */
function keystrokes() {
  const draft = fullDraft(WORK);
  const texts = [draft.fields.description, `${draft.fields.description}.`];
  return { draft, texts, json: texts.map((text) => JSON.stringify(text)) };
}

function openForm(draft) {
  const core = new form.Core(policyText, worldText, PERSON);
  const opened = JSON.parse(core.open(JSON.stringify(draft), ASKED));
  if (!opened.ready) throw new Error(`the full draft is not ready: ${JSON.stringify(opened.findings)}`);
  return core;
}

/** Memory of the form's module: it only ever grows, so what it is at last was its peak. */
function memory() {
  const { draft, json } = keystrokes();
  const core = openForm(draft);
  const loaded = form.memory.buffer.byteLength;
  for (let key = 0; key < 10_000; key += 1) core.set("description", json[key % 2], ASKED);
  const typed = form.memory.buffer.byteLength;
  core.free();
  return { loaded, afterKeystrokes: typed };
}

function assessments() {
  const { draft, texts, json } = keystrokes();
  const core = openForm(draft);
  const validate = new Ajv({ allErrors: true }).compile(schemaOf(policy, JSON.parse(worldText), "normal"));
  const typed = texts.map((description) => ({ ...draft.fields, description }));
  if (!typed.every((fields) => validate(fields))) throw new Error(JSON.stringify(validate.errors));
  const assessmentBytes = core.set("description", json[0], ASKED).length;
  const assessmentsPerSecond = ratesOf({
    core: (turn) => void core.set("description", json[turn % 2], ASKED),
    coreParsed: (turn) => void JSON.parse(core.set("description", JSON.stringify(texts[turn % 2]), ASKED)),
    ajv: (turn) => void validate(typed[turn % 2]),
  });
  return { assessmentBytes, assessmentsPerSecond };
}

function transitions() {
  const core = new record.Core(policyText, worldText, PERSON);
  const log = logOf(core);
  const logs = log.map((_, length) => JSON.stringify(log.slice(0, length)));
  const reports = log.map(({ entry }, at) =>
    reportOf(log.slice(0, at), entry.changeId, commandOf(core, log, at), ASKED),
  );
  const decisions = new bench.Decisions(policyText, JSON.stringify(log));
  const count = decisions.count();
  checkDecisions(decisions, log);
  const machine = machineOf(model, PERSON, rulesOf(log));
  const events = eventsOf(log);
  const transitionsPerSecond = ratesOf({
    decide: (turn) => void decisions.decide(turn % count),
    decideAndFold: (turn) => void decisions.step(turn % count),
    decideButSubmit: (turn) => void decisions.decide(1 + (turn % (count - 1))),
    take: (turn) => void takeAgain(core, { log, logs, reports }, turn % count),
    xstateSend: () => sendAll(machine, events),
    xstateTransition: () => transitionAll(machine, events),
  });
  return { decidedCommands: count, transitionsPerSecond };
}

/** A sealed command cannot be reported again; what was said of it is put back. */
function commandOf(core, log, at) {
  const { command } = log[at].entry;
  if (command.type !== "submit") return command;
  return { ...command, fields: JSON.parse(core.read(JSON.stringify(log), ASKED)).change.fields };
}

function takeAgain(core, { log, logs, reports }, at) {
  const { actor, at: when } = log[at].entry;
  return core.take(logs[at], reports[at], actor.person, Date.parse(when), "CHG-1");
}

function checkDecisions(decisions, log) {
  for (const [position, { entry }] of log.entries())
    if (decisions.decide(position) !== entry.events.length)
      throw new Error(`entry ${position + 1} is decided otherwise`);
}

function rulesOf(log) {
  const { approvals } = log[0].entry.events.find(({ type }) => type === "assessed");
  return approvals.map(({ rule, eligible }) => ({ id: rule, eligible: eligible.map(({ person }) => person) }));
}

/** A life through an actor; making and starting it stands for the submission. */
function sendAll(machine, events) {
  const actor = createActor(machine).start();
  for (const event of events) actor.send(event);
  if (actor.getSnapshot().value !== "closed") throw new Error("the machine did not come to closed");
  return events.length + 1;
}

/** A life by the pure function, without an actor. */
function transitionAll(machine, events) {
  let snapshot = initialTransition(machine)[0];
  for (const event of events) [snapshot] = transition(machine, snapshot, event);
  if (snapshot.value !== "closed") throw new Error("the machine did not come to closed");
  return events.length + 1;
}
