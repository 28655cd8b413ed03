/**
 * What the element asks of whoever keeps the records: a backend over HTTP, a callback of the page, or the browser itself.
 */

import type {
  AgendaItem,
  Assessment,
  BoardStanding,
  Callable,
  ChangeId,
  Difference,
  Digest,
  Draft,
  Instant,
  LevelId,
  ModelId,
  Notice,
  Other,
  PersonId,
  Phase,
  Policy,
  PolicyFinding,
  Proposable,
  Reading,
  Refusal,
  Report,
  RuleId,
  Sample,
  Standing,
  StateId,
  StepPermission,
  Stored,
  Verdict,
  Waiting,
  World,
} from "./wire.js";

/** Everything that the element needs before the first keystroke. */
export interface Loaded {
  /** The policy that new changes are submitted under. */
  readonly policy: Policy;
  /** The SHA-256 of its canonical JSON. */
  readonly policyHash: Digest;
  /** People, services, calendar and other changes, cut to what the person may read. */
  readonly world: World;
  /** Who is signed in, as the host sees it. */
  readonly person: PersonId;
  /** The host's time. */
  readonly now: Instant;
}

/** One change in a list. */
export interface ChangeSummary {
  readonly id: ChangeId;
  readonly number: string;
  /** Its title; empty where it was erased. */
  readonly title: string;
  readonly model: ModelId;
  readonly state: StateId;
  readonly phase: Phase;
  readonly level: LevelId;
  readonly requester: PersonId;
  readonly updatedAt: Instant;
  readonly windowFrom?: Instant | null;
  readonly windowTo?: Instant | null;
}

/** A change in a list whose row is not as the host wrote it; its log may be. */
export interface DamagedChange {
  readonly id: ChangeId;
  readonly damaged: true;
}

/** A row of a list. */
export type ListedChange = ChangeSummary | DamagedChange;

/** Whether a row of a list is as the host wrote it. */
export function isWhole(change: ListedChange): change is ChangeSummary {
  return !("damaged" in change);
}

export type { Reading } from "./wire.js";

/** The records that are no changes. */
export interface Records {
  readonly records: readonly Other[];
  /** How far each template is trusted, and by which runs. */
  readonly standings: Readonly<Record<string, Standing>>;
  /** By record: each step that it knows, and whether the person may take it. */
  readonly steps: Readonly<Record<ChangeId, readonly StepPermission[]>>;
  /** By record of a template: what the samples of the version that waits come to. */
  readonly samples: Readonly<Record<ChangeId, readonly Sample[]>>;
  /** Of which models the person may propose templates, and by which samples. */
  readonly proposable: readonly Proposable[];
  /** Of which boards the reader may call a meeting; left out, nobody is offered one. */
  readonly callable?: readonly Callable[];
}

/** What a host says to a policy document. */
export interface KeptPolicy {
  /** The hash by which it can be proposed. */
  readonly hash: Digest;
  /** Whether it is kept, so that it can be proposed: nothing stops it. */
  readonly kept: boolean;
  readonly findings: readonly PolicyFinding[];
}

/** What a host says to a report. `refused` without refusals carries the host's own words in `problem`. */
export type Outcome =
  | { readonly type: "accepted"; readonly stored: readonly Stored[] }
  | { readonly type: "refused"; readonly refusals: readonly Refusal[]; readonly problem?: Problem }
  | { readonly type: "conflict"; readonly log: readonly Stored[] };

/**
 * A problem that the host describes.
 *
 * @source RFC 9457, problem details
 */
export interface Problem {
  /** The last segment of its type URI, `report.reused` for one. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly status: number;
}

/** At once where the core is here, later where it answers over HTTP. */
export type Answer<T> = T | Promise<T>;

/** Whoever keeps the records. */
export interface Host {
  /** Names the host in storage: drafts and unsent reports of one host never go to another. */
  readonly scope?: string;
  /** Policy, world and person, as they are now. */
  load(): Promise<Loaded>;
  /** The log of one change. */
  change(id: ChangeId): Promise<readonly Stored[]>;
  /** The changes that the person may see, last touched first; and those that are damaged. */
  changes(): Promise<readonly ListedChange[]>;
  /**
   * Takes a report; the same one twice is taken once.
   *
   * @throws {Unreachable} when it is not known whether it arrived: send the same again
   * @throws {NotSignedIn} when the session is over
   */
  report(report: Report, signal?: AbortSignal): Promise<Outcome>;
  /** Who is signed in, as last heard; empty before the first `load`. */
  person(): PersonId;
  /** Asks again who is signed in, where that can change behind the page's back. */
  confirmPerson?(): Promise<PersonId>;
  /** The access token for one request; asked each time. */
  token?(): Promise<string>;
  /** The form's core, where the page may not run wasm. */
  assess?(draft: Draft): Promise<Assessment>;
  /** The record's core, where the page may not run wasm. */
  permitted?(change: ChangeId): Promise<Reading>;
  /** Whether a record verifies, where the page may not run wasm. */
  verdict?(change: ChangeId): Promise<Verdict>;
  /** The open changes that wait for the person, and for what. */
  waiting?(): Promise<readonly Waiting[]>;
  /** What everybody may know of open changes; it needs no role. */
  notices?(): Promise<readonly Notice[]>;
  /** What a board should look at, the exceptions first. */
  agenda?(board: RuleId): Promise<readonly AgendaItem[]>;
  /** Every board as the person has to do with it: their own first, then those for which most waits. */
  boards?(): Promise<readonly BoardStanding[]>;
  /** Records that are no changes: templates, publications of policies, meetings. */
  records?(): Promise<Records>;
  /** Takes the bytes of a file before the report that names it by its SHA-256. Left out where no files are kept. */
  upload?(file: Blob, sha256: Digest): Promise<void>;
  /** The bytes of a file that evidence names. */
  file?(sha256: Digest): Promise<Blob>;
  /** A policy by its hash, for changes submitted under an earlier one. */
  policy?(hash: Digest): Promise<Policy>;
  /** Takes a policy document that somebody wants to propose, and checks it. Left out where policies are not published. */
  keepPolicy?(document: unknown): Promise<KeptPolicy>;
  /** What a policy that the host keeps has otherwise than the one in force. */
  difference?(hash: Digest): Promise<Difference>;
}

/** The host did not answer; nothing is known of what was sent. Try again. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor(
    message: string,
    /** How long the host asks to wait. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** The session is over, or belongs to somebody else by now. */
export class NotSignedIn extends Error {
  override readonly name = "NotSignedIn";
}

/** What can go wrong around a decision. */
export type FaultCode =
  /** The page forbids wasm, and no host stands in. */
  | "wasm-blocked"
  /** The wasm file did not come. */
  | "core-missing"
  /** The core stopped in the middle of a step; it was started afresh, with the draft as it was before that step. */
  | "core-trapped"
  /** What was handed to the core is not of the documented form. */
  | "input-malformed"
  /** The log does not verify: it is not shown, and nothing is decided on it. */
  | "log-broken"
  /** There is no such change, policy or file. */
  | "not-found"
  /** The host described a problem that sending again does not mend. */
  | "host-problem"
  /** The organisation's files do not say what they should. */
  | "organisation-broken"
  /** The browser keeps nothing for this page. */
  | "storage-blocked";

/** Something went wrong around a decision: neither a finding nor a refusal. */
export class Fault extends Error {
  override readonly name = "Fault";

  constructor(
    readonly code: FaultCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
