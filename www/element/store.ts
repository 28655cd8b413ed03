/**
 * What the element keeps in this browser: drafts, and reports that are not sent yet with the files that they name.
 */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { Fault, type Problem } from "./host.js";
import type { ChangeId, Digest, Draft, Instant, PersonId, Refusal, Stored } from "./wire.js";

/** A draft as it was typed, for one person at one host. */
export interface KeptDraft {
  readonly scope: string;
  readonly person: PersonId;
  readonly id: ChangeId;
  readonly savedAt: Instant;
  readonly draft: Draft;
}

/** Why a report stays: the host said no, or somebody moved first. */
export type Halt =
  | { readonly type: "refused"; readonly refusals: readonly Refusal[]; readonly problem?: Problem }
  | { readonly type: "conflict"; readonly log: readonly Stored[] };

/** A report that is not taken yet. Its text is frozen: what goes out is what was queued. */
export interface QueuedReport {
  /** Given when it is queued; rises. */
  readonly order?: number;
  readonly id: string;
  readonly scope: string;
  readonly person: PersonId;
  readonly changeId: ChangeId;
  readonly text: string;
  readonly queuedAt: Instant;
  readonly halt?: Halt;
}

/** The bytes of a file that a report names which is not taken yet. */
export interface KeptFile {
  readonly scope: string;
  readonly person: PersonId;
  readonly sha256: Digest;
  readonly file: Blob;
}

interface Schema extends DBSchema {
  drafts: { key: [string, PersonId, ChangeId]; value: KeptDraft; indexes: { owner: [string, PersonId] } };
  reports: { key: number; value: QueuedReport; indexes: { owner: [string, PersonId]; id: string } };
  files: { key: [string, PersonId, Digest]; value: KeptFile };
}

/** The open database. */
export type Store = IDBPDatabase<Schema>;

/** Committed means on disk: browsers may otherwise answer before. */
export const DURABLE: IDBTransactionOptions = { durability: "strict" };

let opened: Promise<Store> | undefined;

/**
 * Opens the database, once a page.
 *
 * @throws {Fault} `storage-blocked` where the browser keeps nothing for this page
 */
export function openStore(): Promise<Store> {
  opened ??= open().catch((cause: unknown) => {
    opened = undefined;
    throw new Fault("storage-blocked", `this browser keeps nothing for this page: ${String(cause)}`, { cause });
  });
  return opened;
}

function open(): Promise<Store> {
  return openDB<Schema>("changegate", 2, {
    upgrade(store, before) {
      if (before < 2) store.createObjectStore("files", { keyPath: ["scope", "person", "sha256"] });
      if (before > 0) return;
      store
        .createObjectStore("drafts", { keyPath: ["scope", "person", "id"] })
        .createIndex("owner", ["scope", "person"]);
      const reports = store.createObjectStore("reports", { keyPath: "order", autoIncrement: true });
      reports.createIndex("owner", ["scope", "person"]);
      reports.createIndex("id", "id", { unique: true });
    },
    /** Another tab brings a newer version of this code: let it. */
    blocking(_current, _blocked, event) {
      opened = undefined;
      (event.target as IDBDatabase).close();
    },
    terminated() {
      opened = undefined;
    },
  });
}
