// What the parts of the record are drawn from.

import type { Reading } from "../host.js";
import type { Lexicon } from "../lexicon.js";
import { refusalText } from "../reasons.js";
import type { ChangeModel, Digest, Field, Meaning, PersonId, Refusal, State, Stored, Value, Words } from "../wire.js";

/** One change as it stands, in one language, for one person. */
export interface ChangeRecord {
  readonly lexicon: Lexicon;
  readonly reading: Reading;
  readonly log: readonly Stored[];
  readonly person: PersonId;
  /** What the commitments stand for; an erased one is not here. */
  readonly texts: ReadonlyMap<Digest, string>;
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

/** Whether nothing about it changes any more. */
export function isOver({ reading }: ChangeRecord): boolean {
  return reading.change.phase === "closed" || reading.change.phase === "canceled";
}

/** Why the answer was no, each reason once: two rules may say the same. */
export function reasonsOf({ lexicon, reading }: ChangeRecord, refusals: readonly Refusal[]): readonly string[] {
  return [...new Set(refusals.map((refusal) => refusalText(lexicon, refusal, reading.change.model)))];
}
