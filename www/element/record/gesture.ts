// What a person can do with a change: what is asked for it, and the command that it makes.

import type { Lexicon } from "../lexicon.js";
import type { RecordCode } from "../messages.js";
import type {
  Command,
  CommandKind,
  Digest,
  ErasureGround,
  Instant,
  Kind,
  Outcome,
  Permission,
  PersonId,
  Text,
  Value,
} from "../wire.js";
import { type ChangeRecord, meant } from "./record.js";

/** One thing that is asked before the gesture is made. */
export interface Asked {
  readonly id: string;
  readonly kind: Kind;
  readonly label: string;
  readonly help?: string;
  readonly required: boolean;
}

/** What was answered so far. */
export type Answers = Readonly<Partial<Record<string, Value>>>;

/** Names a permission among the others of the change. */
export function keyOf({ command, transition, rule }: Permission): string {
  return [command, transition, rule].filter(Boolean).join(" ");
}

/** What the button says. */
export function nameOf(lexicon: Lexicon, { command, name, rule }: Permission): string {
  if (command === "move" && name) return lexicon.say(name);
  if (command === "approve" || command === "decline")
    return lexicon.t(`gesture.${command}`, { rule: rule ? lexicon.rule(rule) : "" });
  return lexicon.t(`gesture.${command}`);
}

const LONG: Kind = { type: "longText" };

function words(lexicon: Lexicon, id: string, label: RecordCode, required: boolean): Asked {
  return { id, kind: LONG, label: lexicon.t(label), required };
}

function option(lexicon: Lexicon, id: string, label: string): { id: string; label: Text } {
  return { id, label: { [lexicon.language]: label } };
}

const OUTCOMES: readonly Outcome[] = ["successful", "successfulWithIssues", "unsuccessful", "backedOut"];

function ofWork(lexicon: Lexicon): readonly Asked[] {
  const options = OUTCOMES.map((outcome) => option(lexicon, outcome, lexicon.t(`outcome.${outcome}`)));
  return [
    { id: "outcome", kind: { type: "choice", options }, label: lexicon.t("ask.outcome"), required: true },
    { id: "startedAt", kind: { type: "dateTime" }, label: lexicon.t("ask.started"), required: true },
    { id: "endedAt", kind: { type: "dateTime" }, label: lexicon.t("ask.ended"), required: true },
    {
      id: "downtimeMin",
      kind: { type: "duration" },
      label: lexicon.t("ask.downtime"),
      help: lexicon.t("ask.downtime.help"),
      required: false,
    },
    words(lexicon, "note", "ask.note", false),
  ];
}

/** The commitments whose texts are still there, by who wrote them. */
export function writers({ log }: ChangeRecord): ReadonlyMap<PersonId, readonly Digest[]> {
  const found = new Map<PersonId, Digest[]>();
  for (const { values } of log) {
    for (const [digest, { by }] of Object.entries(values ?? {})) found.set(by, [...(found.get(by) ?? []), digest]);
  }
  return found;
}

const GROUNDS: readonly ErasureGround[] = ["personAsked", "retentionEnded", "writtenByMistake"];

function ofErasure(record: ChangeRecord): readonly Asked[] {
  const { lexicon } = record;
  const people = [...writers(record)].map(([person, texts]) =>
    option(lexicon, person, lexicon.t("ask.erase.person", { person: lexicon.person(person), count: texts.length })),
  );
  const grounds = GROUNDS.map((ground) => option(lexicon, ground, lexicon.t(`ground.${ground}`)));
  return [
    {
      id: "people",
      kind: { type: "several", options: people },
      label: lexicon.t("ask.erase"),
      help: lexicon.t("ask.erase.help"),
      required: true,
    },
    { id: "ground", kind: { type: "choice", options: grounds }, label: lexicon.t("ask.ground"), required: true },
  ];
}

/** What is asked for a gesture. */
export function askedFor(record: ChangeRecord, { command, reason }: Permission): readonly Asked[] {
  const { lexicon } = record;
  switch (command) {
    case "move":
      return [words(lexicon, "reason", "ask.reason", reason)];
    case "approve":
      return [words(lexicon, "comment", "ask.remark", false)];
    case "decline":
      return [words(lexicon, "reason", "ask.reason", true)];
    case "complete":
      return ofWork(lexicon);
    case "review":
      return [words(lexicon, "text", "ask.review", true)];
    case "comment":
      return [words(lexicon, "text", "ask.comment", true)];
    case "erase":
      return ofErasure(record);
    case "edit":
    case "submit":
      return [];
  }
}

/** What the answers are at first: times that are known already. */
export function firstAnswers(record: ChangeRecord, command: CommandKind, now: string): Answers {
  if (command !== "complete") return {};
  const started = record.reading.change.startedAt ?? meant(record, "windowStart");
  return { ...(started ? { startedAt: wholeMinute(started) } : {}), endedAt: wholeMinute(now) };
}

/** Work is told to the minute: seconds that nobody wrote would make an overrun of work that ended on time. */
function wholeMinute(instant: Instant): Instant {
  return `${instant.slice(0, 16)}:00.000Z`;
}

/** What is asked and not answered. */
export function unanswered(asked: readonly Asked[], answers: Answers): readonly Asked[] {
  return asked.filter(({ id, required }) => required && !isFilled(answers[id]));
}

function isFilled(value: Value | undefined): boolean {
  if (typeof value === "string") return value.trim() !== "";
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

function text(answers: Answers, id: string): string {
  const value = answers[id];
  return typeof value === "string" ? value : "";
}

/** A text, where one was written. */
function optional<N extends string>(answers: Answers, id: N): { readonly [K in N]?: string } {
  const value = text(answers, id);
  return (value.trim() === "" ? {} : { [id]: value }) as { readonly [K in N]?: string };
}

function completing(answers: Answers): Command {
  const { downtimeMin } = answers;
  return {
    type: "complete",
    outcome: text(answers, "outcome") as Outcome,
    startedAt: text(answers, "startedAt"),
    endedAt: text(answers, "endedAt"),
    downtimeMin: typeof downtimeMin === "number" ? downtimeMin : 0,
    ...optional(answers, "note"),
  };
}

function erasing(record: ChangeRecord, answers: Answers): Command {
  const people = [answers.people ?? []].flat().filter((person) => typeof person === "string");
  const texts = writers(record);
  const commitments = people.flatMap((person) => texts.get(person) ?? []);
  return { type: "erase", commitments, ground: text(answers, "ground") as ErasureGround };
}

/** The command of a gesture. An approval names the content and the level that were seen. */
export function commandOf(record: ChangeRecord, permission: Permission, answers: Answers): Command {
  const { contentHash, level } = record.reading.change;
  const { command, transition, rule } = permission;
  switch (command) {
    case "move":
      return { type: "move", transition: transition ?? "", ...optional(answers, "reason") };
    case "approve":
      return { type: "approve", rule: rule ?? "", contentHash, level, ...optional(answers, "comment") };
    case "decline":
      return { type: "decline", rule: rule ?? "", contentHash, reason: text(answers, "reason") };
    case "complete":
      return completing(answers);
    case "review":
      return { type: "review", text: text(answers, "text") };
    case "comment":
      return { type: "comment", text: text(answers, "text") };
    case "erase":
      return erasing(record, answers);
    case "edit":
    case "submit":
      throw new TypeError(`\`${command}\` is written on the form`);
  }
}

/** A command as somebody would say it. */
export function saidOf(record: ChangeRecord, command: Command): { readonly text: string; readonly words?: string } {
  const { lexicon } = record;
  const { model } = record.reading.change;
  switch (command.type) {
    case "move":
      return { text: lexicon.transition(command.transition, model), ...written(command.reason) };
    case "approve":
      return { text: lexicon.t("gesture.approve", { rule: lexicon.rule(command.rule) }), ...written(command.comment) };
    case "decline":
      return { text: lexicon.t("gesture.decline", { rule: lexicon.rule(command.rule) }), ...written(command.reason) };
    case "edit":
      return {
        text: lexicon.t("log.edited", {
          fields: lexicon.list(Object.keys(command.fields).map((id) => lexicon.field(id))),
        }),
      };
    case "complete":
      return { text: lexicon.t("gesture.complete"), ...written(command.note) };
    case "review":
    case "comment":
      return { text: lexicon.t(`gesture.${command.type}`), ...written(command.text) };
    default:
      return { text: lexicon.t(`gesture.${command.type}`) };
  }
}

function written(words: unknown): { readonly words?: string } {
  return typeof words === "string" ? { words } : {};
}
