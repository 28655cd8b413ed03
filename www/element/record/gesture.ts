// What a person can do with a change: what is asked for it, and the command that it makes.

import type { Lexicon } from "../lexicon.js";
import type { RecordCode } from "../messages.js";
import type {
  Command,
  CommandKind,
  Digest,
  ErasureGround,
  Field,
  Instant,
  Kind,
  Outcome,
  Permission,
  PersonId,
  Relationship,
  Stage,
  TestResult,
  Text,
  Value,
  YesNo,
} from "../wire.js";
import { type ChangeRecord, meant } from "./record.js";

/** One thing that is asked before the gesture is made. */
export interface Asked {
  readonly id: string;
  readonly kind: Kind;
  readonly label: string;
  readonly help?: string;
  readonly required: boolean;
  /** Whether a file is chosen; its hash stands for it among the answers. */
  readonly file?: boolean;
  /** What was expected, beside which this is recorded. */
  readonly expected?: string;
}

/** What was answered so far. */
export type Answers = Readonly<Partial<Record<string, Value>>>;

/** Names a permission among the others of the change. */
export function keyOf({ command, transition, rule, about, step }: Permission): string {
  return [command, transition, rule, about, step].filter(Boolean).join(" ");
}

/** What the button says. */
export function nameOf(lexicon: Lexicon, permission: Permission): string {
  const { command, name, rule, about, step } = permission;
  if (command === "move" && name) return lexicon.say(name);
  const params = {
    rule: rule ? lexicon.rule(rule) : "",
    about: name ? lexicon.say(name) : about ? lexicon.rule(about) : "",
    step: step ? lexicon.t(`step.${step}`) : "",
  };
  return command === "ask" && rule ? lexicon.t("gesture.ask.rule", params) : lexicon.t(`gesture.${command}`, params);
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

const LINE: Kind = { type: "text" };
const YES_NO: Kind = { type: "yesNo" };

function ofStage(record: ChangeRecord, stage: Stage): readonly Asked[] {
  const { lexicon, reading } = record;
  return reading.asks
    .filter((asked) => asked.stage === stage)
    .flatMap(({ field: id, required }) => {
      const field = lexicon.fields.get(id);
      if (!field) return [];
      const help = field.help ? { help: lexicon.say(field.help) } : {};
      return {
        id: `field:${id}`,
        kind: field.kind,
        label: lexicon.question(id),
        required,
        ...help,
        ...expected(record, field),
      };
    });
}

/** What the request said, beside which this is recorded. */
function expected({ lexicon, reading }: ChangeRecord, { beside }: Field): { readonly expected?: string } {
  const field = beside ? lexicon.fields.get(beside) : undefined;
  const value = field && reading.change.fields[field.id];
  return field && value !== undefined ? { expected: lexicon.value(field, value) } : {};
}

function ofQuestion(record: ChangeRecord): readonly Asked[] {
  const { lexicon, reading } = record;
  const filled = Object.keys(reading.change.fields).map((id) => option(lexicon, id, lexicon.field(id)));
  const whole = option(lexicon, "", lexicon.t("ask.about.whole"));
  return [
    words(lexicon, "text", "ask.questions", true),
    {
      id: "field",
      kind: { type: "choice", options: [whole, ...filled] },
      label: lexicon.t("ask.about"),
      required: false,
    },
  ];
}

/** A question of whoever coordinates it may send it back: by a way that asks for a reason and leads to where it is looked at. */
function ofAsking(record: ChangeRecord): readonly Asked[] {
  const { lexicon, reading } = record;
  const back = reading.permissions.filter(
    ({ command, allowed, into, reason }) => command === "move" && allowed && reason && into === "assess",
  );
  if (back.length === 0) return ofQuestion(record);
  const ways = back.map(({ transition, name }) => option(lexicon, transition ?? "", name ? lexicon.say(name) : ""));
  const options = [option(lexicon, "", lexicon.t("ask.back.stay")), ...ways];
  return [
    ...ofQuestion(record),
    { id: "transition", kind: { type: "choice", options }, label: lexicon.t("ask.back"), required: false },
  ];
}

function ofEvidence({ lexicon }: ChangeRecord, about: string): readonly Asked[] {
  const kind = lexicon.policy.evidence?.find(({ id }) => id === about);
  const results = (["passed", "failed"] as const).map((result) =>
    option(lexicon, result, lexicon.t(`result.${result}`)),
  );
  const result: Asked = {
    id: "result",
    kind: { type: "choice", options: results },
    label: lexicon.t("ask.result"),
    required: true,
  };
  return [
    {
      id: "name",
      kind: LINE,
      label: lexicon.t("ask.name"),
      required: true,
      ...(kind?.help ? { help: lexicon.say(kind.help) } : {}),
    },
    { id: "link", kind: LINE, label: lexicon.t("ask.link"), required: false },
    { id: "file", kind: LINE, label: lexicon.t("ask.file"), required: kind?.file ?? false, file: true },
    ...(kind?.result ? [result] : []),
    words(lexicon, "note", "ask.remark", false),
  ];
}

const RELATIONS: readonly Relationship[] = ["partOf", "blockedBy", "supersedes", "causedBy"];

function ofRelation({ lexicon, reading }: ChangeRecord): readonly Asked[] {
  const relations = RELATIONS.map((relation) => option(lexicon, relation, lexicon.t(`relation.${relation}`)));
  const known = new Map((lexicon.world.related ?? []).map(({ id, shown }) => [id, shown]));
  for (const { id, shown } of lexicon.world.changes ?? []) known.set(id, shown);
  known.delete(reading.change.id);
  const others = [...known].flatMap(([id, shown]) =>
    shown ? option(lexicon, id, `${shown.number} ${shown.title}`) : [],
  );
  return [
    { id: "relation", kind: { type: "choice", options: relations }, label: lexicon.t("ask.relation"), required: true },
    { id: "to", kind: { type: "choice", options: others }, label: lexicon.t("ask.other"), required: true },
  ];
}

function someone(lexicon: Lexicon, label: RecordCode): Asked {
  return { id: "person", kind: { type: "people" }, label: lexicon.t(label), required: true };
}

function until(lexicon: Lexicon, required: boolean): Asked {
  return { id: "until", kind: { type: "dateTime" }, label: lexicon.t("ask.until"), required };
}

function yesOrNo(lexicon: Lexicon, label: RecordCode): Asked {
  return { id: "answer", kind: YES_NO, label: lexicon.t(label), required: true };
}

/** What is asked for a gesture. */
export function askedFor(record: ChangeRecord, { command, reason, rule, about }: Permission): readonly Asked[] {
  const { lexicon } = record;
  switch (command) {
    case "move":
    case "hold":
    case "retract":
    case "endObservation":
      return [words(lexicon, "reason", "ask.reason", command !== "move" || reason)];
    case "approve":
      return [words(lexicon, "comment", "ask.remark", false), words(lexicon, "conditions", "ask.conditions", false)];
    case "decline":
      return [words(lexicon, "reason", "ask.reason", true)];
    case "defer":
      return [words(lexicon, "reason", "ask.reason", true), until(lexicon, false)];
    case "evaluate":
      return [...ofStage(record, "evaluation"), words(lexicon, "note", "ask.remark", false)];
    case "ask":
      return rule ? ofQuestion(record) : ofAsking(record);
    case "answer":
      return [words(lexicon, "text", "ask.answer", true)];
    case "fulfill":
      return [words(lexicon, "note", "ask.how", false)];
    case "resume":
    case "task":
      return [words(lexicon, "note", "ask.remark", reason)];
    case "assign":
      return [someone(lexicon, "ask.person")];
    case "check":
      return [yesOrNo(lexicon, "ask.go"), words(lexicon, "note", "ask.remark", false)];
    case "observe":
      return [yesOrNo(lexicon, "ask.expected"), words(lexicon, "note", "ask.remark", false)];
    case "decideExtension":
      return [yesOrNo(lexicon, "ask.grant"), words(lexicon, "reason", "ask.remark", false)];
    case "extend":
      return [until(lexicon, true), words(lexicon, "reason", "ask.reason", true)];
    case "attach":
      return ofEvidence(record, about ?? "");
    case "relate":
      return ofRelation(record);
    case "waive":
      return [someone(lexicon, "ask.waive.person"), until(lexicon, true), words(lexicon, "reason", "ask.reason", true)];
    case "reviewWaiver":
      return [words(lexicon, "text", "ask.found", true)];
    case "complete":
      return [...ofWork(lexicon), ...ofStage(record, "completion")];
    case "review":
      return ofReview(record);
    case "announce":
      return [words(lexicon, "text", "ask.announce", true)];
    case "comment":
      return [
        words(lexicon, "text", "ask.comment", true),
        { id: "mentions", kind: { type: "people", most: 20 }, label: lexicon.t("ask.mentions"), required: false },
      ];
    case "erase":
      return ofErasure(record);
    case "edit":
    case "submit":
    case "unrelate":
    case "adoptPolicy":
    case "escalate":
    case "handOn":
    case "template":
    case "policy":
    case "meeting":
      return [];
  }
}

/** What the report of work left out is asked with the look back. */
function ofReview(record: ChangeRecord): readonly Asked[] {
  const { lexicon, reading } = record;
  const missing = ofStage(record, "completion").filter(
    ({ id }) => !(id.slice("field:".length) in reading.change.recorded),
  );
  return [
    words(lexicon, "text", "ask.review", true),
    ...ofStage(record, "review"),
    ...missing,
    words(lexicon, "incidents", "ask.incidents", false),
  ];
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
    ...(Object.keys(fieldsOf(answers)).length > 0 ? { fields: fieldsOf(answers) } : {}),
  };
}

function erasing(record: ChangeRecord, answers: Answers): Command {
  const people = [answers.people ?? []].flat().filter((person) => typeof person === "string");
  const texts = writers(record);
  const commitments = people.flatMap((person) => texts.get(person) ?? []);
  return { type: "erase", commitments, ground: text(answers, "ground") as ErasureGround };
}

/** The fields among the answers. */
function fieldsOf(answers: Answers): Record<string, Value> {
  const filled = Object.entries(answers).flatMap(([id, value]) =>
    id.startsWith("field:") && value !== undefined ? [[id.slice("field:".length), value] as const] : [],
  );
  return Object.fromEntries(filled);
}

/** One thing a line. */
function linesOf(answers: Answers, id: string): readonly string[] {
  return text(answers, id)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function peopleOf(answers: Answers, id: string): string[] {
  return [answers[id] ?? []].flat().filter((person) => typeof person === "string");
}

function yesNo(answers: Answers): YesNo {
  return answers.answer === true ? "yes" : "no";
}

function asking(answers: Answers, rule: string | null | undefined): Command {
  const [field, transition] = [text(answers, "field"), text(answers, "transition")];
  const question = { text: text(answers, "text"), ...(field ? { field } : {}) };
  return { type: "ask", questions: [question], ...(rule ? { rule } : {}), ...(transition ? { transition } : {}) };
}

function attaching(kind: string, answers: Answers): Command {
  const { file, result } = answers;
  const [sha256, bytes] = typeof file === "string" ? file.split(" ") : [];
  return {
    type: "attach",
    kind,
    name: text(answers, "name"),
    ...optional(answers, "link"),
    ...optional(answers, "note"),
    ...(sha256 ? { file: { sha256, bytes: Number(bytes) } } : {}),
    ...(typeof result === "string" ? { result: result as TestResult } : {}),
  };
}

/** The command of a gesture. An approval names the content and the level that were seen. */
export function commandOf(record: ChangeRecord, permission: Permission, answers: Answers): Command {
  const { contentHash, level } = record.reading.change;
  const { command, transition, step } = permission;
  const [rule, about] = [permission.rule ?? "", permission.about ?? ""];
  const reason = text(answers, "reason");
  const due = typeof answers.until === "string" ? { until: answers.until } : {};
  switch (command) {
    case "move":
      return { type: "move", transition: transition ?? "", ...optional(answers, "reason") };
    case "approve": {
      const conditions = [...linesOf(answers, "conditions")];
      const set = conditions.length > 0 ? { conditions } : {};
      return { type: "approve", rule, contentHash, level, ...optional(answers, "comment"), ...set };
    }
    case "decline":
      return { type: "decline", rule, contentHash, reason };
    case "defer":
      return { type: "defer", rule, contentHash, reason, ...due };
    case "evaluate":
      return { type: "evaluate", fields: fieldsOf(answers), ...optional(answers, "note") };
    case "ask":
      return asking(answers, permission.rule);
    case "answer":
      return { type: "answer", question: Number(about), text: text(answers, "text") };
    case "fulfill":
      return { type: "fulfill", condition: Number(about), ...optional(answers, "note") };
    case "hold":
      return { type: "hold", reason };
    case "resume":
      return { type: "resume", ...optional(answers, "note") };
    case "assign":
      return { type: "assign", state: about, person: peopleOf(answers, "person")[0] ?? "" };
    case "task":
      return { type: "task", task: about, step: step ?? "accepted", ...optional(answers, "note") };
    case "check":
      return { type: "check", item: about, answer: yesNo(answers), ...optional(answers, "note") };
    case "observe":
      return { type: "observe", measure: about, answer: yesNo(answers), ...optional(answers, "note") };
    case "endObservation":
      return { type: "endObservation", reason };
    case "extend":
      return { type: "extend", until: text(answers, "until"), reason };
    case "decideExtension":
      return { type: "decideExtension", answer: yesNo(answers), ...optional(answers, "reason") };
    case "attach":
      return attaching(about, answers);
    case "retract":
      return { type: "retract", evidence: Number(about), reason };
    case "relate":
      return { type: "relate", relation: text(answers, "relation") as Relationship, to: text(answers, "to") };
    case "waive":
      return {
        type: "waive",
        duty: about,
        person: peopleOf(answers, "person")[0] ?? "",
        until: text(answers, "until"),
        reason,
      };
    case "reviewWaiver":
      return { type: "reviewWaiver", waiver: Number(about), text: text(answers, "text") };
    case "complete":
      return completing(answers);
    case "review":
      return reviewing(answers);
    case "announce":
      return { type: "announce", text: text(answers, "text") };
    case "comment": {
      const mentions = peopleOf(answers, "mentions");
      return { type: "comment", text: text(answers, "text"), ...(mentions.length > 0 ? { mentions } : {}) };
    }
    case "erase":
      return erasing(record, answers);
    case "edit":
    case "submit":
    case "unrelate":
    case "adoptPolicy":
    case "escalate":
    case "handOn":
    case "template":
    case "policy":
    case "meeting":
      throw new TypeError(`\`${command}\` is not written on this panel`);
  }
}

function reviewing(answers: Answers): Command {
  const fields = fieldsOf(answers);
  const incidents = [...linesOf(answers, "incidents")];
  return {
    type: "review",
    text: text(answers, "text"),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(incidents.length > 0 ? { incidents } : {}),
  };
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
      return { text: lexicon.t(`gesture.${command.type}`, { about: "", step: "", rule: "" }), ...writtenOf(command) };
  }
}

/** The words of a command, wherever it holds them. */
function writtenOf(command: Command): { readonly words?: string } {
  const { reason, text, note } = command as { reason?: unknown; text?: unknown; note?: unknown };
  return written(reason ?? text ?? note);
}

function written(words: unknown): { readonly words?: string } {
  return typeof words === "string" ? { words } : {};
}
