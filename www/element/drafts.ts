/**
 * Drafts, kept in this browser as they are typed.
 */

import { now } from "./clock.js";
import type { Host } from "./host.js";
import { DURABLE, type KeptDraft, openStore } from "./store.js";
import type { ChangeId, Draft } from "./wire.js";

/** The drafts of the signed-in person at one host. Another person's are not seen. */
export class Drafts {
  readonly #host: Pick<Host, "scope" | "person">;
  /** Typed, and not yet on its way to the disk. */
  readonly #unsaved = new Map<ChangeId, KeptDraft>();
  #writing: Promise<void> | undefined;
  readonly #listening = new AbortController();

  constructor(host: Pick<Host, "scope" | "person">) {
    this.#host = host;
    const { signal } = this.#listening;
    const flush = () => void this.flush().catch(() => undefined);
    addEventListener("pagehide", flush, { signal });
    document.addEventListener("visibilitychange", flush, { signal });
  }

  /**
   * Keeps a draft as it stands; done when it is on disk. Costs little to call on each keystroke: while one write is under way,
   * only the last waits.
   *
   * @throws {Fault} `storage-blocked` where the browser keeps nothing for this page
   */
  save(draft: Draft): Promise<void> {
    const savedAt = new Date(now()).toISOString();
    this.#unsaved.set(draft.id, { ...this.#owner(), id: draft.id, savedAt, draft: structuredClone(draft) });
    return this.flush();
  }

  /**
   * Waits until everything typed is on disk.
   *
   * @throws {Fault} `storage-blocked` where the browser keeps nothing for this page
   */
  async flush(): Promise<void> {
    if (this.#unsaved.size > 0) this.#writing ??= this.#writeAll();
    await this.#writing;
  }

  /** The person's drafts, last typed first. */
  async list(): Promise<readonly KeptDraft[]> {
    await this.flush();
    const { scope, person } = this.#owner();
    const kept = await (await openStore()).getAllFromIndex("drafts", "owner", [scope, person]);
    return kept.sort((one, other) => other.savedAt.localeCompare(one.savedAt));
  }

  /** One draft, where it is this person's. */
  async load(id: ChangeId): Promise<Draft | undefined> {
    await this.flush();
    const { scope, person } = this.#owner();
    return (await (await openStore()).get("drafts", [scope, person, id]))?.draft;
  }

  /** Forgets a draft: it was thrown away, or it became a change. */
  async delete(id: ChangeId): Promise<void> {
    this.#unsaved.delete(id);
    await this.#writing?.catch(() => undefined);
    const { scope, person } = this.#owner();
    await (await openStore()).delete("drafts", [scope, person, id]);
  }

  /** Writes what is left and stops listening. */
  async close(): Promise<void> {
    this.#listening.abort();
    await this.flush();
  }

  #owner(): { scope: string; person: string } {
    return { scope: this.#host.scope ?? "", person: this.#host.person() };
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#unsaved.size > 0) await this.#write([...this.#unsaved.values()]);
    } finally {
      this.#writing = undefined;
    }
  }

  async #write(drafts: readonly KeptDraft[]): Promise<void> {
    const writing = (await openStore()).transaction("drafts", "readwrite", DURABLE);
    await Promise.all([...drafts.map((draft) => writing.store.put(draft)), writing.done]);
    for (const draft of drafts) if (this.#unsaved.get(draft.id) === draft) this.#unsaved.delete(draft.id);
  }
}
