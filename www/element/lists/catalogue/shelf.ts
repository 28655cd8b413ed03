// What the parts of the catalogue are drawn from.

import type { Records } from "../../host.js";
import type { Lexicon } from "../../lexicon.js";
import { wordsOf } from "../../record/record.js";
import type {
  ChangeId,
  Sample,
  Standing,
  StepKind,
  StepPermission,
  Template,
  TemplateContent,
  TemplateRecord,
  TemplateVersion,
  Words,
} from "../../wire.js";
import type { ListCode } from "../words.js";

/** What every part needs to speak. */
export interface Speaker {
  readonly lexicon: Lexicon;
  say(code: ListCode, params?: Readonly<Record<string, string | number>>): string;
  /** Where a change is shown. */
  link(id: ChangeId): string;
  /** A change by its number and title, as far as they are known here. */
  change(id: ChangeId): string;
  /** Where a change is asked for by a template; left out where the page does not say. */
  use?(template: string): string | undefined;
}

/** A template with a record of its own, as it stands for the reader. */
export interface Entry {
  readonly record: TemplateRecord;
  readonly standing: Standing;
  readonly steps: readonly StepPermission[];
  readonly samples: readonly Sample[];
}

/** Nothing lies beside a record that was read already: what is a commitment by now was erased. */
const NO_TEXTS: ReadonlyMap<string, string> = new Map();

/** Words of a record that was read. */
export function spoken({ lexicon }: Pick<Speaker, "lexicon">, words: Words): string {
  return wordsOf({ lexicon, texts: NO_TEXTS }, words);
}

/** What a content is called, in the reader's language or the first that it has. */
export function nameOf(speaker: Pick<Speaker, "lexicon">, { name }: Pick<TemplateContent, "name">): string {
  const worded = Object.entries(name).map(([tag, words]) => [tag, spoken(speaker, words)] as const);
  return speaker.lexicon.say(Object.fromEntries(worded));
}

/** The version that a row is named by: the one in use, else the one that waits. */
export function currentOf({ record }: Entry): TemplateVersion | undefined {
  return record.agreed ?? record.proposed ?? undefined;
}

/** Whether the reader may take a step. */
export function may(entry: Pick<Entry, "steps">, step: StepKind): boolean {
  return entry.steps.some((known) => known.step === step && known.allowed);
}

/** The templates with a record, what waits first, then by name. */
export function entriesOf(speaker: Pick<Speaker, "lexicon">, records: Records): readonly Entry[] {
  const entries = records.records.flatMap((known): Entry[] => {
    if (known.type !== "template") return [];
    const { template: record } = known;
    const standing = records.standings[record.template];
    if (!standing) return [];
    const [steps, samples] = [records.steps[record.id] ?? [], records.samples[record.id] ?? []];
    return [{ record, standing, steps, samples }];
  });
  const key = (entry: Entry) => {
    const current = currentOf(entry);
    return `${entry.record.proposed ? 0 : 1}${entry.record.retired ? 1 : 0}${current ? nameOf(speaker, current.content) : ""}`;
  };
  return entries.sort((one, other) => key(one).localeCompare(key(other), speaker.lexicon.language));
}

/** Templates that come from a file alone. */
export function filedOf({ lexicon }: Pick<Speaker, "lexicon">, entries: readonly Entry[]): readonly Template[] {
  const isRecorded = (id: string) => entries.some(({ record }) => record.template === id);
  return [...lexicon.templates.values()].filter(({ id, record }) => !record && !isRecorded(id));
}
