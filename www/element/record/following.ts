// One change, followed: read again when asked, judged by the policy that it keeps.

import { now } from "../clock.js";
import { type Core, loadAudit, loadRecordCore, type RecordCore } from "../core.js";
import { Drafting, type DraftListener } from "../form/drafting.js";
import { Fault, type Host, type Loaded, type Reading } from "../host.js";
import { keptOf } from "../kept.js";
import { Lexicon } from "../lexicon.js";
import { hasEnded } from "../phase.js";
import { reportOf } from "../report.js";
import type { ChangeId, Command, Digest, Policy, Refusal, Report, Stored, Verdict } from "../wire.js";
import { over } from "./considering.js";
import { type Adoption, type ChangeRecord, textsOf } from "./record.js";

/** Which change, at which host, in which language. */
export interface Subject {
  readonly core: Core;
  readonly host: Host;
  readonly loaded: Loaded;
  readonly changeId: ChangeId;
  readonly language: string;
}

interface Judge {
  readonly core: RecordCore;
  readonly policy: Policy;
}

/** How old people, services and calendar may be. */
const WORLD_AGE_MS = 60_000;

/** Reads one change again and again, and tells only what is new. */
export class Following {
  readonly #subject: Subject;
  #loaded: Loaded;
  #worldAt = now();
  /** The core that judges this change, and its policy. */
  #judge: Judge | undefined;
  #newer: RecordCore | undefined;
  #asked = 0;
  #told = "";

  constructor(subject: Subject) {
    this.#subject = subject;
    this.#loaded = subject.loaded;
  }

  /** The change as it stands; undefined where nothing is different from what was told last. */
  async look(): Promise<ChangeRecord | undefined> {
    this.#asked += 1;
    const asked = this.#asked;
    const { host, changeId, language } = this.#subject;
    const log = await host.change(changeId);
    const { core, policy } = await this.#judgeOf(log);
    const reading = await core.read(log);
    const told = JSON.stringify([
      log.map(({ hash, values }) => [hash, Object.keys(values ?? {})]),
      reading.permissions,
    ]);
    if (asked !== this.#asked || told === this.#told) return undefined;
    this.#told = told;
    const { world, person } = this.#loaded;
    const adoption = await this.#adoptionOf(reading, log);
    return { lexicon: new Lexicon({ policy, world }, language), reading, log, person, texts: textsOf(log), adoption };
  }

  /** The same, with people, services and calendar read again where they are old. */
  async lookAround(oldestMs = WORLD_AGE_MS): Promise<ChangeRecord | undefined> {
    if (now() - this.#worldAt >= oldestMs) await this.#load();
    return this.look();
  }

  get #core(): RecordCore {
    if (!this.#judge) throw new Fault("not-found", "no change was read yet");
    return this.#judge.core;
  }

  /** The report of a gesture; `waiting` reports go before it. */
  reportOf({ reading }: ChangeRecord, command: Command, waiting: number): Report {
    const { id: changeId, seq, level, approvals } = reading.change;
    const seen = { level, approvals: approvals.map(({ rule }) => rule) };
    return reportOf(this.#deciding(command), this.#loaded, { changeId, expectedSeq: seq + waiting, command, ...seen });
  }

  /** A move to newer rules is decided by those. */
  #deciding(command: Command): RecordCore {
    return command.type === "adoptPolicy" && this.#newer ? this.#newer : this.#core;
  }

  /** Why a report would be refused, where the core in the page can tell. */
  foresee({ log }: ChangeRecord, report: Report): readonly Refusal[] {
    return this.#deciding(report.command).foresee?.(log, report) ?? [];
  }

  /** Opens the content as a draft: to see what it comes to, or to edit it. */
  consider({ log, reading }: ChangeRecord, listener: DraftListener): Promise<Drafting> {
    return Drafting.open(over(this.#core, log), reading.draft, listener);
  }

  /** The command that makes the content what is in the draft now. */
  editOf({ reading }: ChangeRecord): Command {
    const submission = this.#core.submission();
    const after = submission.type === "submit" ? submission.fields : {};
    return { type: "edit", fields: patchOf(reading.draft.fields, after) };
  }

  /** The host's time. */
  now(): string {
    return this.#core.now();
  }

  /** Checks the log with the second module, or asks the host where the page may not run wasm. */
  async verify({ log }: ChangeRecord): Promise<Verdict> {
    const { host, changeId } = this.#subject;
    const hashes = [...new Set(log.map(({ entry }) => entry.policyHash))];
    try {
      const [audit, ...policies] = await Promise.all([loadAudit(), ...hashes.map((hash) => this.#policyOf(hash))]);
      return audit.verify(log, policies);
    } catch (error) {
      if (error instanceof Fault && error.code === "wasm-blocked" && host.verdict) return host.verdict(changeId);
      throw error;
    }
  }

  async #load(): Promise<void> {
    this.#loaded = await this.#subject.host.load();
    this.#worldAt = now();
    this.#subject.core.refresh(this.#loaded);
    this.#judge?.core.refresh(this.#loaded);
    this.#newer?.refresh(this.#loaded);
  }

  /** What the rules in force would make of it, where it follows others and the reader may move it. */
  async #adoptionOf(reading: Reading, log: readonly Stored[]): Promise<Adoption | undefined> {
    const { policy, policyHash } = this.#loaded;
    const { change } = reading;
    if (policyHash === change.policyHash || hasEnded(change) || policy.id !== this.#judge?.policy.id) return undefined;
    const model = policy.models.find(({ id }) => id === change.model);
    const states = model?.lifeCycle.states.filter(({ phase }) => phase === change.phase) ?? [];
    const state = (states.find(({ id }) => id === change.state) ?? states[0])?.id;
    if (state === undefined) return undefined;
    const command: Command = { type: "adoptPolicy", policy: policyHash, state };
    const core = await this.#newerCore();
    const kept = keptOf(this.#judge.policy, change.policyHash);
    core.refresh({ ...this.#loaded, world: { ...this.#loaded.world, kept } });
    const gesture = { changeId: change.id, expectedSeq: change.seq, command, level: change.level, approvals: [] };
    const taken = core.preview?.(log, reportOf(core, this.#loaded, gesture));
    if (!taken || "refusals" in taken) return undefined;
    const lexicon = new Lexicon(this.#loaded, this.#subject.language);
    const { events } = taken.stored.entry;
    return { policyHash, version: policy.version, states, state, events, lexicon };
  }

  /** A core of the rules in force, for a change that follows others. */
  async #newerCore(): Promise<RecordCore> {
    if (this.#newer?.policyHash !== this.#loaded.policyHash)
      this.#newer = await loadRecordCore(this.#loaded, this.#subject.host);
    return this.#newer;
  }

  /** A change keeps the policy that it was submitted under, until it is moved to a newer one. */
  async #judgeOf(log: readonly Stored[]): Promise<Judge> {
    const hash = log.at(-1)?.entry.policyHash ?? this.#loaded.policyHash;
    if (this.#judge?.core.policyHash === hash) return this.#judge;
    const policy = await this.#policyOf(hash);
    this.#judge = {
      core: await loadRecordCore({ ...this.#loaded, policy, policyHash: hash }, this.#subject.host),
      policy,
    };
    return this.#judge;
  }

  async #policyOf(hash: Digest): Promise<Policy> {
    const { host, loaded } = this.#subject;
    if (hash === loaded.policyHash) return loaded.policy;
    if (!host.policy) throw new Fault("not-found", `the host has no policy \`${hash}\``);
    return host.policy(hash);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** What is different after an edit; `null` where a field was emptied. */
export function patchOf<V>(
  before: Readonly<Record<string, V>>,
  after: Readonly<Record<string, V>>,
): Record<string, V | null> {
  const isDifferent = (field: string) =>
    JSON.stringify((before as Fields)[field]) !== JSON.stringify((after as Fields)[field]);
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(isDifferent);
  return Object.fromEntries(changed.map((field) => [field, after[field] ?? null]));
}
