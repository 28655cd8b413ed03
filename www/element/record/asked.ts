// What is asked before a gesture is made.

import type { Lexicon } from "../lexicon.js";
import type { RecordCode } from "../messages.js";
import type {
  Column,
  CommandKind,
  ErasureGround,
  Field,
  Instant,
  Kind,
  Outcome,
  Relationship,
  Stage,
  Text,
  Value,
} from "../wire.js";
import { type Gesture, writers } from "./gesture.js";
import { type ChangeRecord, fieldsShown, meant } from "./record.js";

/** One thing that is asked before the gesture is made. */
export interface Asked {
  readonly id: string;
  readonly kind: Kind;
  readonly label: string;
  readonly help?: string;
  readonly required: boolean;
  /** How it is answered where its kind does not say: a file is chosen, people are named by an @, one of many is searched. */
  readonly by?: "file" | "mention" | "search";
  /** What was expected, beside which this is recorded. */
  readonly expected?: string;
}

/** What was answered so far. */
export type Answers = Readonly<Partial<Record<string, Value>>>;

const LONG: Kind = { type: "longText" };

/** The core takes at most so many questions at once. */
const MOST_QUESTIONS = 20;

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

/** Any number of questions, each about a field or about the whole. */
function ofQuestions(record: ChangeRecord): readonly Asked[] {
  const { lexicon } = record;
  const fields = [...fieldsShown(record)].map((id) => option(lexicon, id, lexicon.field(id)));
  const whole = option(lexicon, "", lexicon.t("ask.about.whole"));
  const said = (code: RecordCode): Text => ({ [lexicon.language]: lexicon.t(code) });
  const columns: Column[] = [
    { id: "field", label: said("ask.about"), kind: { type: "choice", options: [whole, ...fields] } },
    { id: "text", label: said("ask.question"), kind: LONG, required: true },
  ];
  return [
    {
      id: "questions",
      kind: { type: "list", columns, most: MOST_QUESTIONS },
      label: lexicon.t("ask.questions"),
      help: lexicon.t("ask.questions.help"),
      required: true,
    },
  ];
}

/** A question of whoever coordinates it may send it back: by a way that asks for a reason and leads to where it is looked at. */
function ofAsking(record: ChangeRecord): readonly Asked[] {
  const { lexicon, reading } = record;
  const back = reading.permissions.filter(
    ({ command, allowed, into, reason }) => command === "move" && allowed && reason && into === "assess",
  );
  if (back.length === 0) return ofQuestions(record);
  const ways = back.map(({ transition, name }) => option(lexicon, transition ?? "", name ? lexicon.say(name) : ""));
  const options = [option(lexicon, "", lexicon.t("ask.back.stay")), ...ways];
  return [
    ...ofQuestions(record),
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
    { id: "file", kind: LINE, label: lexicon.t("ask.file"), required: kind?.file ?? false, by: "file" },
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
    {
      id: "to",
      kind: { type: "choice", options: others },
      label: lexicon.t("ask.other"),
      required: true,
      by: "search",
    },
  ];
}

function someone(lexicon: Lexicon, label: RecordCode): Asked {
  return { id: "person", kind: { type: "people" }, label: lexicon.t(label), required: true };
}

function until(lexicon: Lexicon, required: boolean): Asked {
  return { id: "until", kind: { type: "dateTime" }, label: lexicon.t("ask.until"), required };
}

function ofIncident(lexicon: Lexicon): readonly Asked[] {
  return [
    { id: "incident", kind: LINE, label: lexicon.t("ask.incident"), required: true },
    { id: "noticedAt", kind: { type: "dateTime" }, label: lexicon.t("ask.noticed"), required: true },
    words(lexicon, "note", "ask.incident.note", false),
  ];
}

function yesOrNo(lexicon: Lexicon, label: RecordCode): Asked {
  return { id: "answer", kind: YES_NO, label: lexicon.t(label), required: true };
}

/** What is asked for a gesture. */
export function askedFor(record: ChangeRecord, { permission, conditional }: Gesture): readonly Asked[] {
  const { lexicon } = record;
  const { command, reason, rule, about } = permission;
  switch (command) {
    case "move":
    case "hold":
    case "retract":
    case "endObservation":
      return [words(lexicon, "reason", "ask.reason", command !== "move" || reason)];
    case "approve":
      return conditional
        ? [words(lexicon, "conditions", "ask.conditions", true), words(lexicon, "comment", "ask.remark", false)]
        : [words(lexicon, "comment", "ask.remark", false)];
    case "decline":
      return [words(lexicon, "reason", "ask.reason", true)];
    case "defer":
      return [words(lexicon, "reason", "ask.reason", true), until(lexicon, false)];
    case "evaluate":
      return [...ofStage(record, "evaluation"), words(lexicon, "note", "ask.remark", false)];
    case "ask":
      return rule ? ofQuestions(record) : ofAsking(record);
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
    case "reviewIncident":
      return [words(lexicon, "text", "ask.found", true)];
    case "recordIncident":
      return ofIncident(lexicon);
    case "complete":
      return [...ofWork(lexicon), ...ofStage(record, "completion")];
    case "review":
      return ofReview(record);
    case "announce":
      return [words(lexicon, "text", "ask.announce", true)];
    case "comment":
      return [{ ...words(lexicon, "text", "ask.comment", true), help: lexicon.t("ask.comment.help"), by: "mention" }];
    case "erase":
      return ofErasure(record);
    case "adoptPolicy":
      return ofAdoption(record);
    case "edit":
    case "submit":
    case "unrelate":
    case "remind":
    case "escalate":
    case "handOn":
    case "template":
    case "policy":
    case "meeting":
      return [];
  }
}

/** In which step of the newer rules it then stands; not asked where there is only one of its phase. */
function ofAdoption({ lexicon, adoption }: ChangeRecord): readonly Asked[] {
  const options = (adoption?.states ?? []).map(({ id, name }) => option(lexicon, id, lexicon.say(name)));
  if (options.length < 2) return [];
  return [{ id: "state", kind: { type: "choice", options }, label: lexicon.t("ask.state"), required: true }];
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
  if (command === "ask") return { questions: [{}] };
  if (command === "adoptPolicy" && record.adoption) return { state: record.adoption.state };
  if (command === "recordIncident") return { noticedAt: wholeMinute(now) };
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
  return asked.filter((known) => isUnanswered(known, answers[known.id]));
}

function isUnanswered({ kind, required }: Asked, value: Value | undefined): boolean {
  if (!required) return false;
  if (kind.type !== "list" || !isFilled(value)) return !isFilled(value);
  return [value ?? []].flat().some((row) => kind.columns.some((column) => isCellMissing(column, row)));
}

/** Whether a row lacks what each must have. */
export function isCellMissing({ id, required }: Column, row: Value | undefined): boolean {
  const cells = typeof row === "object" && !Array.isArray(row) ? (row as Readonly<Record<string, Value>>) : {};
  return Boolean(required) && !isFilled(cells[id]);
}

/** Whether something was answered. */
export function isFilled(value: Value | undefined): boolean {
  if (typeof value === "string") return value.trim() !== "";
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
