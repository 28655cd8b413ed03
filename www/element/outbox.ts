/**
 * Reports on their way to the host: kept until the host has taken them, sent once, in order, by one tab at a time.
 */

import { now } from "./clock.js";
import { Fault, type Host, NotSignedIn, type Outcome, Unreachable } from "./host.js";
import { DURABLE, type Halt, openStore, type QueuedReport, type Store } from "./store.js";
import type { ChangeId, Command, Digest, Instant, PersonId, Report } from "./wire.js";

/** A report that the host has not taken. */
export interface Waiting {
  readonly report: Report;
  readonly queuedAt: Instant;
  /** Why it stays until somebody decides; left out while it only waits to be sent. */
  readonly halt?: Halt;
}

/** What became of a report: the host's outcome, or it waits here and goes out by itself. */
export type Sent = Outcome | { readonly type: "waiting" };

/** Why nothing goes out at present. */
export type Trouble = "unreachable" | "not-signed-in";

/** The host's outcome of one report, as it is told to whoever listens. */
export interface Settled {
  readonly report: Report;
  readonly outcome: Outcome;
}

interface OutboxEvents {
  /** Something was queued, sent, halted or dropped. */
  change: CustomEvent<undefined>;
  /** The host said what becomes of a report, in this tab or another. */
  settled: CustomEvent<Settled>;
}

/** What the tabs of one browser tell each other. */
interface Told {
  readonly scope: string;
  readonly person: PersonId;
  readonly settled?: Settled;
}

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;
/** How long another tab, which has just sent a report of ours, may take to say so. */
const TELLING_MS = 1_000;

type Writing = ReturnType<typeof writingIn>;

function writingIn(stored: Store) {
  return stored.transaction(["reports", "files"], "readwrite", DURABLE);
}

/** The file that a report names. */
function fileOf({ command }: Report): Digest | undefined {
  return command.type === "attach" ? command.file?.sha256 : undefined;
}

/** What a host does that asks people for what they are asked already: nobody wants anything else for having seen it. */
const PROMPTS: readonly Command["type"][] = ["remind", "escalate"];

/** How many entries a report did not know of, where they are nothing but those; otherwise 0. */
function promptsBefore({ report, outcome }: Settled): number {
  if (outcome.type !== "conflict") return 0;
  const later = outcome.log.filter(({ entry }) => entry.seq > report.expectedSeq);
  return later.every(({ entry }) => PROMPTS.includes(entry.command.type)) ? later.length : 0;
}

/** The queue of one host. Only the reports of the person who is signed in are seen and sent; those of others stay where they are. */
export class Outbox {
  readonly #host: Host;
  readonly #scope: string;
  readonly #events = new EventTarget();
  readonly #tabs = new BroadcastChannel("changegate-outbox");
  readonly #closing = new AbortController();
  readonly #awaited = new Map<string, (outcome: Outcome) => void>();
  #waiting: readonly Waiting[] = [];
  #trouble: Trouble | undefined;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing: Promise<void> | undefined;
  #isAskedAgain = false;

  constructor(host: Host) {
    this.#host = host;
    this.#scope = host.scope ?? "";
    this.#tabs.onmessage = ({ data }: MessageEvent<Told>) => void this.#hear(data);
    const { signal } = this.#closing;
    addEventListener("online", () => void this.flush(), { signal });
    document.addEventListener("visibilitychange", () => void this.#wake(), { signal });
  }

  /** Opens the queue and sends what was left from before. */
  static async open(host: Host): Promise<Outbox> {
    const outbox = new Outbox(host);
    await outbox.#look().catch(() => undefined);
    void outbox.flush();
    return outbox;
  }

  /** What the host has not taken, in the order in which it was queued. */
  get waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  /** Why nothing goes out at present, where it does not. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** What waits for one change. */
  of(change: ChangeId): readonly Waiting[] {
    return this.#waiting.filter(({ report }) => report.changeId === change);
  }

  addEventListener<N extends keyof OutboxEvents>(
    name: N,
    listener: (event: OutboxEvents[N]) => void,
    options?: AddEventListenerOptions,
  ): void {
    this.#events.addEventListener(name, listener as EventListener, options);
  }

  /**
   * Queues a report and sends it, if the host answers. Once it is queued it is not lost, and neither is the file that it names.
   *
   * @throws {Unreachable} where the browser keeps nothing for this page and the host does not answer: nothing was kept
   */
  async send(report: Report, file?: Blob): Promise<Sent> {
    const stored = await openStore().catch(() => undefined);
    if (!stored) return (await this.#upload(report, file)) ?? this.#host.report(report);
    const outcome = new Promise<Outcome>((resolve) => this.#awaited.set(report.id, resolve));
    await this.#keep(stored, report, file);
    await this.#changed();
    await this.flush();
    const sent = await this.#fate(report.id, outcome);
    this.#awaited.delete(report.id);
    return sent;
  }

  /** Drops a report that the host did not take; what waits behind it goes out. */
  async discard(id: string): Promise<void> {
    const writing = writingIn(await openStore());
    const reports = writing.objectStore("reports");
    const order = await reports.index("id").getKey(id);
    if (order !== undefined) await reports.delete(order);
    await this.#forgetFiles(writing);
    await writing.done;
    await this.#changed();
    await this.flush();
  }

  /** Puts another report in the place of one that was halted: what the person wants now, having seen why. */
  async replace(id: string, report: Report): Promise<void> {
    const writing = (await openStore()).transaction("reports", "readwrite", DURABLE);
    const order = await writing.store.index("id").getKey(id);
    if (order !== undefined) await writing.store.put({ ...this.#frozen(report), order });
    await writing.done;
    await this.#changed();
    await this.flush();
  }

  /** Sends what can be sent now. One call at a time; a call meanwhile makes it look once more. */
  flush(): Promise<void> {
    if (this.#flushing) this.#isAskedAgain = true;
    this.#flushing ??= this.#flushAll();
    return this.#flushing;
  }

  /** Stops sending; the queue stays. */
  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#tabs.close();
  }

  async #flushAll(): Promise<void> {
    try {
      do {
        this.#isAskedAgain = false;
        await this.#alone(() => this.#attempt());
      } while (this.#isAskedAgain && !this.#closing.signal.aborted);
    } finally {
      this.#flushing = undefined;
    }
  }

  /** One tab sends at a time, so that the order holds. The host's memory of report ids is what keeps doubles out. */
  async #alone(work: () => Promise<void>): Promise<void> {
    if (!navigator.locks) return work();
    await navigator.locks.request(`changegate-outbox ${this.#scope}`, work);
  }

  async #attempt(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.#sendAll();
      this.#failures = 0;
      await this.#say(undefined);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#waitFor(error instanceof Unreachable ? error.retryAfterMs : undefined);
      await this.#say(error instanceof NotSignedIn ? "not-signed-in" : "unreachable");
    }
  }

  async #sendAll(): Promise<void> {
    if (await this.#next()) await this.#confirmPerson();
    let next = await this.#next();
    while (next && next.person === this.#host.person() && !this.#closing.signal.aborted) {
      const report = JSON.parse(next.text) as Report;
      const outcome = (await this.#uploadOf(report)) ?? (await this.#host.report(report, this.#closing.signal));
      const prompts = promptsBefore({ report, outcome });
      if (prompts > 0) await this.#moveOn(report.changeId, prompts);
      else await this.#settle(next, { report, outcome });
      next = await this.#next();
    }
  }

  async #keep(stored: Store, report: Report, file: Blob | undefined): Promise<void> {
    const writing = writingIn(stored);
    const sha256 = fileOf(report);
    const { scope, person } = this.#owner();
    if (file && sha256) await writing.objectStore("files").put({ scope, person, sha256, file });
    await writing.objectStore("reports").add(this.#frozen(report));
    await writing.done;
  }

  /** A file that was kept goes up before the report that names it. */
  async #uploadOf(report: Report): Promise<Outcome | undefined> {
    const sha256 = fileOf(report);
    if (!sha256) return undefined;
    const { scope, person } = this.#owner();
    const kept = await (await openStore()).get("files", [scope, person, sha256]);
    return this.#upload(report, kept?.file);
  }

  /** What the host says of a file that it does not take, which is said of the report too. */
  async #upload(report: Report, file: Blob | undefined): Promise<Outcome | undefined> {
    const sha256 = fileOf(report);
    if (!sha256 || !file) return undefined;
    try {
      await this.#host.upload?.(file, sha256);
      return undefined;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { code, message } = error;
      return { type: "refused", refusals: [], problem: { code, title: message, detail: message, status: 0 } };
    }
  }

  /** Files that no report of the person names any more are forgotten. */
  async #forgetFiles(writing: Writing): Promise<void> {
    const { scope, person } = this.#owner();
    const queued = await writing.objectStore("reports").index("owner").getAll([scope, person]);
    const named = new Set(queued.map(({ text }) => fileOf(JSON.parse(text) as Report)));
    const files = writing.objectStore("files");
    for (const key of await files.getAllKeys(IDBKeyRange.bound([scope, person], [scope, person, []])))
      if (!named.has(key[2])) await files.delete(key);
  }

  /** On a shared computer somebody else may have signed in behind the page's back: then nothing goes out under their name. */
  async #confirmPerson(): Promise<void> {
    const person = this.#host.person();
    const confirmed = await this.#host.confirmPerson?.();
    const isOther = confirmed !== undefined && person !== "" && confirmed !== person;
    if (isOther) throw new NotSignedIn("somebody else is signed in now");
  }

  /** The first report that nothing before it on the same change holds up. */
  async #next(): Promise<QueuedReport | undefined> {
    const held = new Set<ChangeId>();
    for (const queued of await this.#mine()) {
      if (!queued.halt && !held.has(queued.changeId)) return queued;
      held.add(queued.changeId);
    }
    return undefined;
  }

  /** What waits for a change goes out as made after so many entries more. The host keeps no outcome of what it did not take so. */
  async #moveOn(change: ChangeId, entries: number): Promise<void> {
    const waiting = (await this.#mine()).filter(({ changeId, halt }) => changeId === change && !halt);
    const writing = writingIn(await openStore());
    for (const queued of waiting) {
      const report = JSON.parse(queued.text) as Report;
      const text = JSON.stringify({ ...report, expectedSeq: report.expectedSeq + entries });
      await writing.objectStore("reports").put({ ...queued, text });
    }
    await writing.done;
  }

  async #settle(queued: QueuedReport, settled: Settled): Promise<void> {
    const { outcome } = settled;
    const writing = writingIn(await openStore());
    const reports = writing.objectStore("reports");
    if (outcome.type === "accepted") await reports.delete(queued.order ?? 0);
    else await reports.put({ ...queued, halt: outcome });
    await this.#forgetFiles(writing);
    await writing.done;
    await this.#changed(settled);
    this.#tell(settled);
  }

  /** What became of a report that was queued and, if the host answers, sent: by this tab or by another that held the lock. */
  async #fate(id: string, outcome: Promise<Outcome>): Promise<Sent> {
    const queued = await (await openStore()).getFromIndex("reports", "id", id);
    if (queued) return queued.halt ?? { type: "waiting" };
    const silence = new Promise<Sent>((resolve) => setTimeout(resolve, TELLING_MS, { type: "accepted", stored: [] }));
    return Promise.race([outcome, silence]);
  }

  #frozen(report: Report): QueuedReport {
    const queuedAt = new Date(now()).toISOString();
    const { id, changeId } = report;
    return { id, changeId, ...this.#owner(), text: JSON.stringify(report), queuedAt };
  }

  #owner(): { scope: string; person: PersonId } {
    return { scope: this.#scope, person: this.#host.person() };
  }

  async #mine(): Promise<readonly QueuedReport[]> {
    return (await openStore()).getAllFromIndex("reports", "owner", [this.#scope, this.#host.person()]);
  }

  async #look(): Promise<void> {
    this.#waiting = (await this.#mine()).map(({ text, queuedAt, halt }) => ({
      report: JSON.parse(text) as Report,
      queuedAt,
      ...(halt ? { halt } : {}),
    }));
    this.#events.dispatchEvent(new CustomEvent("change"));
  }

  async #changed(settled?: Settled): Promise<void> {
    await this.#look();
    const { scope, person } = { scope: this.#scope, person: this.#host.person() };
    if (!this.#closing.signal.aborted)
      this.#tabs.postMessage({ scope, person, ...(settled ? { settled } : {}) } satisfies Told);
  }

  async #hear({ scope, person, settled }: Told): Promise<void> {
    if (scope !== this.#scope || person !== this.#host.person()) return;
    await this.#look();
    if (settled) this.#tell(settled);
  }

  #tell(settled: Settled): void {
    this.#awaited.get(settled.report.id)?.(settled.outcome);
    this.#events.dispatchEvent(new CustomEvent<Settled>("settled", { detail: settled }));
  }

  async #say(trouble: Trouble | undefined): Promise<void> {
    const isNews = trouble !== this.#trouble;
    this.#trouble = trouble;
    if (isNews) this.#events.dispatchEvent(new CustomEvent("change"));
  }

  /** Waits twice as long after each failure, never less than the host asks; each tab a little differently. */
  #waitFor(retryAfterMs: number | undefined): void {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    const wait = Math.max(retryAfterMs ?? 0, longest * (0.5 + Math.random() / 2));
    this.#timer = setTimeout(() => void this.flush(), wait);
  }

  async #wake(): Promise<void> {
    if (document.visibilityState === "visible" && this.#trouble) await this.flush();
  }
}
