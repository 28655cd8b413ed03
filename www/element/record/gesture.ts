// What a person can do with a change, by name.

import type { Lexicon } from "../lexicon.js";
import type { Command, Digest, Permission, PersonId, Value, Words } from "../wire.js";
import { type ChangeRecord, dutyText, taskName, wordsOf } from "./record.js";

/** One way to make a gesture; a yes may set conditions. */
export interface Gesture {
  readonly permission: Permission;
  readonly conditional?: boolean;
}

/** Names a gesture among the others of the change. */
export function keyOf({ permission, conditional }: Gesture): string {
  const { command, transition, rule, about, step } = permission;
  return [command, transition, rule, about, step, conditional && "conditions"].filter(Boolean).join(" ");
}

/** What a gesture is about, as a person would name it. */
function subjectOf(record: ChangeRecord, { command, about, name }: Permission): string {
  const { lexicon } = record;
  if (name) return lexicon.say(name);
  if (!about) return "";
  if (command === "task") return taskName(record, about);
  return command === "waive" ? dutyText(lexicon, about) : lexicon.rule(about);
}

/** What the button says where it stands by itself; of a vote, in whose place it is given. */
export function nameOf(record: ChangeRecord, gesture: Gesture): string {
  const { lexicon } = record;
  const { onBehalfOf } = gesture.permission;
  const name = ownNameOf(record, gesture);
  return onBehalfOf ? lexicon.t("gesture.in-place-of", { gesture: name, person: lexicon.person(onBehalfOf) }) : name;
}

function ownNameOf(record: ChangeRecord, gesture: Gesture): string {
  const { lexicon } = record;
  const { command, name, rule, step } = gesture.permission;
  if (command === "move" && name) return lexicon.say(name);
  const params = {
    rule: rule ? lexicon.rule(rule) : "",
    about: subjectOf(record, gesture.permission),
    step: step ? lexicon.t(`step.${step}`) : "",
  };
  if (gesture.conditional) return lexicon.t("gesture.approve.conditions", params);
  return command === "ask" && rule ? lexicon.t("gesture.ask.rule", params) : lexicon.t(`gesture.${command}`, params);
}

/** What the button says beside what it is about. */
export function shortNameOf(record: ChangeRecord, { permission }: Gesture): string {
  const { lexicon } = record;
  const { command, step } = permission;
  if (command === "task" && step) return lexicon.t(`do.${step}`);
  switch (command) {
    case "answer":
    case "check":
    case "observe":
    case "fulfill":
    case "retract":
    case "reviewWaiver":
    case "reviewIncident":
    case "unrelate":
      return lexicon.t(`do.${command}`);
    default:
      return nameOf(record, { permission });
  }
}

/** The commitments whose texts are still there, by who wrote them. */
export function writers({ log }: ChangeRecord): ReadonlyMap<PersonId, readonly Digest[]> {
  const found = new Map<PersonId, Digest[]>();
  for (const { values } of log) {
    for (const [digest, { by }] of Object.entries(values ?? {})) found.set(by, [...(found.get(by) ?? []), digest]);
  }
  return found;
}

/** A command as somebody would say it, and what was written with it. */
export interface Saying {
  readonly text: string;
  readonly words?: string;
}

/** What a command is about, as far as its name says so. */
function aboutOf(record: ChangeRecord, command: Command): string {
  const { lexicon, reading } = record;
  switch (command.type) {
    case "answer":
      return String(command.question);
    case "fulfill":
      return String(command.condition);
    case "retract":
      return String(command.evidence);
    case "reviewWaiver":
      return String(command.waiver);
    case "reviewIncident":
      return String(command.incident);
    case "task":
      return taskName(record, command.task);
    case "check":
      return lexicon.rule(command.item);
    case "attach":
      return lexicon.rule(command.kind);
    case "observe":
      return lexicon.rule(command.measure);
    case "waive":
      return dutyText(lexicon, command.duty);
    case "assign":
      return lexicon.state(command.state, reading.change.model);
    default:
      return "";
  }
}

/** A command as somebody would say it. */
export function saidOf(record: ChangeRecord, command: Command): Saying {
  const { lexicon, reading } = record;
  const words = writtenIn(record, command);
  const said = words === undefined ? {} : { words };
  if (command.type === "move") return { text: lexicon.transition(command.transition, reading.change.model), ...said };
  if (command.type === "edit") return { text: edited(lexicon, command.fields) };
  const rule = "rule" in command && command.rule ? lexicon.rule(command.rule) : "";
  const step = command.type === "task" ? lexicon.t(`step.${command.step}`) : "";
  const code = command.type === "ask" && rule ? "gesture.ask.rule" : (`gesture.${command.type}` as const);
  return { text: lexicon.t(code, { rule, step, about: aboutOf(record, command) }), ...said };
}

function edited(lexicon: Lexicon, fields: Readonly<Record<string, Value | null>>): string {
  return lexicon.t("log.edited", { fields: lexicon.list(Object.keys(fields).map((id) => lexicon.field(id))) });
}

/** The words of a command, wherever it holds them. */
function writtenIn(record: ChangeRecord, command: Command): string | undefined {
  const texts: readonly (Words | null | undefined)[] = [
    command.type === "recordIncident" ? command.incident : undefined,
    "reason" in command ? command.reason : undefined,
    "text" in command ? command.text : undefined,
    "note" in command ? command.note : undefined,
    "comment" in command ? command.comment : undefined,
    ...("questions" in command ? command.questions.map(({ text }) => text) : []),
  ];
  const written = texts.flatMap((text) => (text ? wordsOf(record, text) : []));
  return written.length > 0 ? written.join("\n") : undefined;
}
