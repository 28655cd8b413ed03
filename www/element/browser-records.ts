/** What a host in the browser keeps in IndexedDB, and how a log is read from there and added to. */

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { ChangeSummary } from "./host.js";
import type {
  Booking,
  ChangeId,
  Digest,
  Entry,
  Other,
  PersonId,
  Policy,
  Refusal,
  RelatedChange,
  Report,
  Run,
  Sealed,
  Stored,
} from "./wire.js";

interface StoredEntry {
  readonly changeId: ChangeId;
  readonly seq: number;
  readonly hash: Digest;
  readonly entry: Entry;
}

interface StoredValue extends Sealed {
  readonly changeId: ChangeId;
  readonly commitment: Digest;
  /** The entry that it lies beside. */
  readonly seq: number;
}

/** What was said to a report, and by whose hand it came. */
export interface StoredOutcome {
  readonly id: string;
  readonly changeId: ChangeId;
  readonly person: PersonId;
  /** The hash of its bytes; left out once texts of the change were erased, since a text could be guessed by it. */
  readonly bytes?: string;
  readonly said: { readonly seq: number } | { readonly refusals: readonly Refusal[] };
}

/** A change as lists show it, and as others may collide with it. */
export interface Listed {
  readonly id: ChangeId;
  readonly summary: ChangeSummary;
  /** Left out where it has no window, or is over. */
  readonly booking?: Booking;
  /** Where it stands, for changes that stand to it in some way. */
  readonly related?: RelatedChange;
  /** The work that was reported of it. */
  readonly run?: Run;
  /** Whether nothing more is asked of anybody; left out by earlier versions. */
  readonly isOver?: boolean;
}

interface Schema extends DBSchema {
  entries: { key: [ChangeId, number]; value: StoredEntry };
  values: { key: [ChangeId, Digest]; value: StoredValue };
  outcomes: { key: string; value: StoredOutcome; indexes: { change: ChangeId } };
  changes: { key: ChangeId; value: Listed };
  policies: { key: Digest; value: Policy };
  /** The clock's lead, and the changes of each year. */
  counters: { key: string; value: number };
  /** Files of evidence, by their hash. */
  files: { key: Digest; value: Blob };
  /** Records that are of no change. */
  others: { key: ChangeId; value: Other };
}

/** Everything that is kept. */
export const STORES = ["entries", "values", "outcomes", "changes", "policies", "counters", "files", "others"] as const;

/** It, opened. */
export type Records = IDBPDatabase<Schema>;
/** Whoever reads. */
export type Looking =
  | IDBPTransaction<Schema, typeof STORES, "readonly">
  | IDBPTransaction<Schema, typeof STORES, "readwrite">;
/** Whoever writes. */
export type Writing = IDBPTransaction<Schema, typeof STORES, "readwrite">;

/** Opens it, made or brought up to date where it has to be. */
export function openRecords(name: string): Promise<Records> {
  return openDB<Schema>(name, 3, {
    upgrade(records, before) {
      if (before < 2) records.createObjectStore("files");
      if (before < 3) records.createObjectStore("others");
      if (before > 0) return;
      records.createObjectStore("entries", { keyPath: ["changeId", "seq"] });
      records.createObjectStore("values", { keyPath: ["changeId", "commitment"] });
      records.createObjectStore("outcomes", { keyPath: "id" }).createIndex("change", "changeId");
      records.createObjectStore("changes", { keyPath: "id" });
      records.createObjectStore("policies");
      records.createObjectStore("counters");
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

/** The log of a change, the values that are still there beside it. */
export async function logOf(reading: Looking, id: ChangeId): Promise<Stored[]> {
  const range = IDBKeyRange.bound([id], [id, []]);
  const [entries, values] = await Promise.all([
    reading.objectStore("entries").getAll(range),
    reading.objectStore("values").getAll(range),
  ]);
  return entries.map(({ seq, entry, hash }) => ({ entry, hash, values: valuesOf(seq, values) }));
}

function valuesOf(seq: number, values: readonly StoredValue[]): Record<Digest, Sealed> {
  const own = values.filter((value) => value.seq === seq);
  return Object.fromEntries(own.map(({ commitment, salt, text, by }) => [commitment, { salt, text, by }]));
}

/** Puts an entry at the end of its log, its values beside it. */
export async function append(writing: Writing, { entry, hash, values }: Stored): Promise<void> {
  const { changeId, seq } = entry;
  await writing.objectStore("entries").add({ changeId, seq, hash, entry });
  const beside = writing.objectStore("values");
  for (const [commitment, sealed] of Object.entries(values ?? {}))
    await beside.put({ changeId, commitment, seq, ...sealed });
  if (entry.command.type === "erase") await erase(writing, changeId, entry.command.commitments);
}

async function erase(writing: Writing, changeId: ChangeId, commitments: readonly Digest[]): Promise<void> {
  for (const commitment of commitments) await writing.objectStore("values").delete([changeId, commitment]);
  const outcomes = writing.objectStore("outcomes");
  for (const { bytes: _bytes, ...outcome } of await outcomes.index("change").getAll(changeId))
    await outcomes.put(outcome);
}

/** The file that a report names, where it is here. */
export async function arrived(reading: Looking, { command }: Report): Promise<readonly Digest[]> {
  const sha256 = command.type === "attach" ? command.file?.sha256 : undefined;
  return sha256 && (await reading.objectStore("files").getKey(sha256)) ? [sha256] : [];
}
