// What the parts of the record are drawn from.

import type { Reading } from "../host.js";
import type { Lexicon } from "../lexicon.js";
import { hasEnded } from "../phase.js";
import { refusalText } from "../reasons.js";
import type {
  ChangeModel,
  Digest,
  Event,
  Field,
  Meaning,
  PersonId,
  Refusal,
  State,
  StateId,
  Stored,
  Value,
  Words,
} from "../wire.js";

/** One change as it stands, in one language, for one person. */
export interface ChangeRecord {
  readonly lexicon: Lexicon;
  readonly reading: Reading;
  readonly log: readonly Stored[];
  readonly person: PersonId;
  /** What the commitments stand for; an erased one is not here. */
  readonly texts: ReadonlyMap<Digest, string>;
  /** What moving it to the rules in force would do; left out where it follows them, or the reader may not move it. */
  readonly adoption?: Adoption | undefined;
}

/** Newer rules than those that a change follows. */
export interface Adoption {
  readonly policyHash: Digest;
  readonly version: string;
  /** The steps of the newer rules that mean the same as where it stands. */
  readonly states: readonly State[];
  /** The one of them in which it would stand if nobody chose. */
  readonly state: StateId;
  /** What would happen. */
  readonly events: readonly Event[];
  /** What the newer rules call things. */
  readonly lexicon: Lexicon;
}

/** The texts that lie beside a log. */
export function textsOf(log: readonly Stored[]): ReadonlyMap<Digest, string> {
  return new Map(
    log.flatMap(({ values }) => Object.entries(values ?? {}).map(([digest, { text }]) => [digest, text] as const)),
  );
}

/** Free text as it was written, or that it was erased. */
export function wordsOf({ lexicon, texts }: Pick<ChangeRecord, "lexicon" | "texts">, words: Words): string {
  const text = typeof words === "string" ? words : texts.get(words.commitment);
  return text ?? lexicon.t("record.erased");
}

/** Whether a value is a commitment whose text is gone. */
export function isErased(value: Value): boolean {
  return typeof value === "object" && !Array.isArray(value) && "commitment" in value;
}

/** The model that the change follows. */
export function modelOf({ lexicon, reading }: ChangeRecord): ChangeModel | undefined {
  return lexicon.models.get(reading.change.model);
}

/** The states of its life cycle. */
export function statesOf(record: ChangeRecord): readonly State[] {
  return modelOf(record)?.lifeCycle.states ?? [];
}

/** The field with a meaning to the core. */
export function fieldOf({ lexicon }: Pick<ChangeRecord, "lexicon">, meaning: Meaning): Field | undefined {
  return lexicon.policy.fields.find(({ means }) => means === meaning);
}

/** The text that a meaning has in the content. */
export function meant(record: ChangeRecord, meaning: Meaning): string | undefined {
  const value = record.reading.change.fields[fieldOf(record, meaning)?.id ?? ""];
  return typeof value === "string" ? value : undefined;
}

/** What names the change: its title, or that it was erased. */
export function titleOf(record: ChangeRecord): string {
  return meant(record, "title") ?? record.lexicon.t("record.erased");
}

/** From when to when the work is planned, as a reader says it. */
export function windowOf(record: ChangeRecord): string | undefined {
  const [from, to] = [meant(record, "windowStart"), meant(record, "windowEnd")];
  return from && to
    ? record.lexicon.t("conflicts.period", { from: record.lexicon.date(from), to: record.lexicon.date(to) })
    : undefined;
}

/** Whether it has ended; an incident that showed later may still wait for its review. */
export function isOver({ reading }: ChangeRecord): boolean {
  return hasEnded(reading.change);
}

/** The same refusal with the tasks by what they are: their ids are made, and mean nothing to a reader. */
function withNames(record: ChangeRecord, refusal: Refusal): Refusal {
  const name = (id: string) => taskName(record, id);
  switch (refusal.code) {
    case "task.unknown":
    case "task.not-yours":
    case "task.step":
      return { ...refusal, task: name(refusal.task) };
    case "task.waits":
      return { ...refusal, task: name(refusal.task), after: refusal.after.map(name) };
    case "task.open":
      return { ...refusal, tasks: refusal.tasks.map(name) };
    default:
      return refusal;
  }
}

/** Why the answer was no, each reason once: two rules may say the same. */
export function reasonsOf(record: ChangeRecord, refusals: readonly Refusal[]): readonly string[] {
  const { lexicon, reading } = record;
  const text = (refusal: Refusal) => refusalText(lexicon, withNames(record, refusal), reading.change.model);
  return [...new Set(refusals.map(text))];
}

/** Rows of a field of tasks, as their cells. */
export type Cells = Readonly<Record<string, Value>>;

function isCells(value: Value): value is Record<string, Value> {
  return typeof value === "object" && !Array.isArray(value) && !("commitment" in value);
}

/** The field that plans the tasks of the work. */
export function tasksField({ lexicon }: ChangeRecord): Field | undefined {
  return lexicon.policy.fields.find(({ kind }) => kind.type === "tasks");
}

/** The planned tasks, in order. */
export function taskRows(record: ChangeRecord): readonly Cells[] {
  const value = record.reading.change.fields[tasksField(record)?.id ?? ""] ?? [];
  return [value].flat().filter(isCells);
}

/** A cell that holds text or an id. */
export function cellText(record: ChangeRecord, cell: Value | undefined): string {
  if (typeof cell === "string") return cell;
  const isSealed = typeof cell === "object" && !Array.isArray(cell) && "commitment" in cell;
  return isSealed ? wordsOf(record, cell as { commitment: string }) : "";
}

/** What a task is, for a reader; its id where it says nothing. */
export function taskName(record: ChangeRecord, id: string): string {
  const cells = taskRows(record).find((row) => row.id === id);
  return (cells && cellText(record, cells.what)) || id;
}

/** A duty as a sentence: who did the one does not do the other. */
export function dutyText(lexicon: Lexicon, id: string): string {
  const duty = lexicon.policy.duties?.find((known) => known.id === id);
  return duty
    ? lexicon.t("duty.name", { one: lexicon.t(`act.${duty.one}`), other: lexicon.t(`act.${duty.other}`) })
    : id;
}

/** The fields that the content shows: filled, and in a section. */
export function fieldsShown({ lexicon, reading }: ChangeRecord): ReadonlySet<string> {
  const inSections = lexicon.policy.sections.flatMap(({ fields }) => fields);
  const isShown = (id: string) =>
    reading.change.fields[id] !== undefined && lexicon.fields.get(id)?.kind.type !== "tasks";
  return new Set(inSections.filter(isShown));
}
