/**
 * The core in the page, and the only file that imports its wasm: a module for the form, and one for an opened change.
 */

import { keepTimeWith, now } from "./clock.js";
import * as form from "./generated/changegate.js";
import type * as record from "./generated/changegate_record.js";
import type { Answer, Host, Loaded, Reading } from "./host.js";
import { Fault, Unreachable } from "./host.js";
import { resource } from "./http.js";
import type {
  AgendaItem,
  Assessment,
  BoardStanding,
  Callable,
  Command,
  Draft,
  FieldId,
  Instant,
  Other,
  PersonId,
  Policy,
  PolicyFinding,
  Proposable,
  Refusal,
  Report,
  Sample,
  Standing,
  StepPermission,
  Stored,
  Template,
  Value,
  Verdict,
  World,
} from "./wire.js";

/** What the form asks: at once where wasm runs, later where the host answers for it. */
export interface Core {
  /** The policy that it judges by. */
  readonly policyHash: string;
  /** The version of its rules; 0 where the host judges. */
  readonly rulesVersion: number;
  /** The host's time, carried on by the page's clock. */
  now(): Instant;
  /** Takes a newer world, person's rights and time from the host; the policy stays. */
  refresh(loaded: Loaded): void;
  /** Opens a draft. */
  open(draft: Draft): Answer<Assessment>;
  /** One keystroke; `undefined` empties the field. */
  set(field: FieldId, value: Value | undefined): Answer<Assessment>;
  /** Chooses a model, a template or neither: the one proposed. */
  choose(chosen: { model?: string; template?: string }): Answer<Assessment>;
  /** The draft as typed. */
  draft(): Draft;
  /** The draft as a command: what is shown and filled. */
  submission(): Command;
  /** A new uuid, ordered by time. */
  newId(): string;
}

/** What an opened change asks, beside all that the form does. */
export interface RecordCore extends Core {
  /** A change with what the person may do with it. */
  read(log: readonly Stored[]): Answer<Reading>;
  /** Opens the content of a change as the draft, to edit it or to see what it comes to. */
  edit(log: readonly Stored[]): Answer<Assessment>;
  /** Why a report would be refused as things stand; nothing is stored. Left out where only the host can tell. */
  foresee?(log: readonly Stored[], report: Report): readonly Refusal[];
  /** What would come of a report as things stand; nothing is stored. Left out where only the host can tell. */
  preview?(log: readonly Stored[], report: Report): Taken;
}

/** A record that is of no change: what it is of, and how far a template is trusted. */
export interface OtherReading {
  readonly record?: Other;
  readonly standing?: Standing;
  /** The template as the catalogue shows it. */
  readonly template?: Template;
  /** What the person may do with it next. */
  readonly steps: readonly StepPermission[];
  /** What the samples of a version that waits come to. */
  readonly samples: readonly Sample[];
}

/** The answer of the core to a report, before anything is stored. */
export type Taken = { readonly stored: Stored } | { readonly refusals: readonly Refusal[] };

/**
 * The core of the form for what a host loaded: in the page where wasm runs, else over HTTP where the host can.
 *
 * @throws {Fault} `wasm-blocked` or `core-missing` where neither is possible
 */
export async function loadCore(loaded: Loaded, host: Host): Promise<Core> {
  return orRemote(async () => new LocalCore(await formModule.get(), loaded), loaded, host);
}

/**
 * The core of an opened change.
 *
 * @throws {Fault} as {@link loadCore}
 */
export async function loadRecordCore(loaded: Loaded, host: Host): Promise<RecordCore> {
  return orRemote(() => loadLocalRecordCore(loaded), loaded, host);
}

/** The core of an opened change in the page, also where it decides: a host in the browser alone asks it. */
export async function loadLocalRecordCore(loaded: Loaded): Promise<LocalRecordCore> {
  return new LocalRecordCore(await recordModule.get(), loaded);
}

/** Begins to fetch the core of the form, so that it is here when the host has answered. */
export function fetchCore(): void {
  formModule.get().catch(() => undefined);
}

async function orRemote<C extends Core>(local: () => Promise<C>, loaded: Loaded, host: Host): Promise<C | RecordCore> {
  try {
    return await local();
  } catch (fault) {
    const { RemoteCore, canAssess } = await import("./remote-core.js");
    const isWithout = fault instanceof Fault && (fault.code === "wasm-blocked" || fault.code === "core-missing");
    if (isWithout && canAssess(host)) return new RemoteCore(loaded, host);
    throw fault;
  }
}

/** What the form's module has; the record's has all of it. */
interface Face<H> {
  readonly Core: new (policy: string, world: string, person: string) => H;
  initSync(module: { module: WebAssembly.Module }): unknown;
  newId(nowMs: number): string;
  rulesVersion(): number;
  __wbg_reset_state(): void;
}

/** A module that runs. After a trap it is started afresh, and handles of the instance before are dead. */
class Running<F extends Face<unknown>> {
  /** Rises with each fresh instance. */
  instance = 0;

  constructor(
    readonly face: F,
    module: WebAssembly.Module,
  ) {
    face.initSync({ module });
  }

  restart(): void {
    this.face.__wbg_reset_state();
    this.instance += 1;
  }
}

/** Made once a page; what failed is tried again by the next who asks. */
class Once<T> {
  #value: Promise<T> | undefined;

  constructor(readonly make: () => Promise<T>) {}

  get(): Promise<T> {
    this.#value ??= this.make().catch((error: unknown) => {
      this.#value = undefined;
      throw error;
    });
    return this.#value;
  }
}

const formModule = new Once(
  async () => new Running(form, await compile(new URL("./changegate.wasm", import.meta.url))),
);

const recordModule = new Once(async () => {
  const [face, module] = await Promise.all([
    import("./generated/changegate_record.js").catch((cause: unknown) => {
      throw new Unreachable(`the code of an opened change could not be fetched: ${String(cause)}`);
    }),
    compile(new URL("./changegate_record.wasm", import.meta.url)),
  ]);
  return new Running(face, module);
});

async function compile(url: URL): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === "undefined") throw blocked(undefined);
  const response = await resource(url).catch((cause: unknown) => {
    throw new Fault("core-missing", cause instanceof Error ? cause.message : String(cause), { cause });
  });
  try {
    return await compileAny(response);
  } catch (cause) {
    if (cause instanceof WebAssembly.CompileError || cause instanceof EvalError) throw blocked(cause);
    throw new Fault("core-missing", `\`${url.pathname}\` was cut off: ${String(cause)}`, { cause });
  }
}

/** While it arrives, if the server calls it `application/wasm`; else when it is whole. */
async function compileAny(response: Response): Promise<WebAssembly.Module> {
  const isNamed = response.headers.get("Content-Type")?.startsWith("application/wasm") ?? false;
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

function blocked(cause: unknown): Fault {
  const remedy = "add 'wasm-unsafe-eval' to its script-src, or give the element a host that assesses";
  return new Fault("wasm-blocked", `this page does not let WebAssembly run; ${remedy}`, { cause });
}

/** A trap leaves memory as it was in the middle of a step, so the instance must not be used again. */
function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

type FormHandle = form.Core;

/** The core of the form in the page. After a trap it goes on with a fresh instance and the draft as it was. */
export class LocalCore<H extends FormHandle = FormHandle> implements Core {
  policyHash: string;
  readonly rulesVersion: number;
  readonly #running: Running<Face<H>>;
  readonly #policy: Policy;
  #world: World;
  #person: PersonId;
  #draft: Draft | undefined;
  #handle: H | undefined;
  #instance = -1;

  constructor(running: Running<Face<H>>, loaded: Loaded) {
    this.#running = running;
    this.#policy = loaded.policy;
    this.#world = loaded.world;
    this.#person = loaded.person;
    this.policyHash = loaded.policyHash;
    this.rulesVersion = running.face.rulesVersion();
    keepTimeWith(loaded.now);
  }

  refresh(loaded: Loaded): void {
    const isSamePerson = loaded.person === this.#person;
    this.#world = loaded.world;
    this.#person = loaded.person;
    keepTimeWith(loaded.now);
    if (isSamePerson) this.ask((handle) => handle.setWorld(JSON.stringify(loaded.world)));
    else this.#drop();
  }

  now(): Instant {
    return new Date(now()).toISOString();
  }

  open(draft: Draft): Assessment {
    const json = JSON.stringify(draft);
    const assessment = this.json<Assessment>((handle) => handle.open(json, now()));
    this.#draft = JSON.parse(json) as Draft;
    return assessment;
  }

  set(field: FieldId, value: Value | undefined): Assessment {
    const json = value === undefined ? undefined : JSON.stringify(value);
    const assessment = this.json<Assessment>((handle) => handle.set(field, json, now()));
    if (this.#draft && value === undefined) delete this.#draft.fields[field];
    else if (this.#draft && value !== undefined) this.#draft.fields[field] = value;
    return assessment;
  }

  choose({ model, template }: { model?: string; template?: string }): Assessment {
    const assessment = this.json<Assessment>((handle) => handle.choose(model, template, now()));
    this.#draft = this.draft();
    return assessment;
  }

  draft(): Draft {
    return this.json((handle) => handle.draft());
  }

  submission(): Command {
    return this.json((handle) => handle.submission());
  }

  newId(): string {
    return this.#running.face.newId(now());
  }

  protected get person(): PersonId {
    return this.#person;
  }

  /** Keeps the draft that the core has by now, to bring it back after a trap. */
  protected remember(): void {
    this.#draft = this.draft();
  }

  /** Brings a fresh handle to where the one before it was. */
  protected restore(handle: H, draft: Draft): void {
    handle.open(JSON.stringify(draft), now());
  }

  protected json<T>(question: (handle: H) => string): T {
    return JSON.parse(this.ask(question)) as T;
  }

  /** Asks; after a trap once more on a fresh instance, since what trapped may have been the state and not the question. */
  protected ask<T>(question: (handle: H) => T): T {
    try {
      return this.#attempt(question);
    } catch (error) {
      if (error instanceof Fault && error.code === "core-trapped") return this.#attempt(question);
      throw error;
    }
  }

  #attempt<T>(question: (handle: H) => T): T {
    try {
      return question(this.#ready());
    } catch (error) {
      if (!isTrap(error)) throw new Fault("input-malformed", String(error), { cause: error });
      this.#running.restart();
      const message = "the core stopped in the middle of a step and was started afresh; nothing typed is lost";
      throw new Fault("core-trapped", message, { cause: error });
    }
  }

  #ready(): H {
    const { face, instance } = this.#running;
    if (this.#handle && this.#instance === instance) return this.#handle;
    const handle = new face.Core(JSON.stringify(this.#policy), JSON.stringify(this.#world), this.#person);
    if (this.#draft) this.restore(handle, this.#draft);
    this.#handle = handle;
    this.#instance = instance;
    return handle;
  }

  #drop(): void {
    if (this.#instance === this.#running.instance) this.#handle?.free();
    this.#handle = undefined;
  }
}

/** The core of an opened change in the page. */
export class LocalRecordCore extends LocalCore<record.Core> implements RecordCore {
  /** The log whose content is edited; none while a new draft is written. */
  #edited: string | undefined;

  constructor(running: Running<typeof record>, loaded: Loaded) {
    super(running, loaded);
    this.policyHash = this.ask((handle) => handle.policyHash());
  }

  override open(draft: Draft): Assessment {
    this.#edited = undefined;
    return super.open(draft);
  }

  read(log: readonly Stored[]): Reading {
    const json = JSON.stringify(log);
    return this.json((handle) => handle.read(json, now()));
  }

  edit(log: readonly Stored[]): Assessment {
    const json = JSON.stringify(log);
    const assessment = this.json<Assessment>((handle) => beginEdit(handle, json));
    this.#edited = json;
    this.remember();
    return assessment;
  }

  foresee(log: readonly Stored[], report: Report): readonly Refusal[] {
    const taken = this.preview(log, report);
    return "refusals" in taken ? taken.refusals : [];
  }

  preview(log: readonly Stored[], report: Report): Taken {
    return this.take(log, report, this.person, undefined);
  }

  /** A record that is of no change, from its log. */
  readOther(log: readonly Stored[]): OtherReading {
    const json = JSON.stringify(log);
    return this.json((handle) => handle.readOther(json, now()));
  }

  /** Of which models the person may propose templates, and by which samples. */
  proposable(): readonly Proposable[] {
    return this.json((handle) => handle.proposable(now()));
  }

  /** Of which boards the person may call a meeting. */
  callable(): readonly Callable[] {
    return this.json((handle) => handle.callable(now()));
  }

  /** What a board should look at, of the changes with these logs; `last` is when it last met. */
  agenda(board: string, logs: readonly (readonly Stored[])[], last: Instant | undefined): readonly AgendaItem[] {
    const json = JSON.stringify(logs);
    return this.json((handle) => handle.agenda(board, json, last ? Date.parse(last) : undefined, now()));
  }

  /** Every board as the person has to do with it, by the changes with these logs. */
  boards(logs: readonly (readonly Stored[])[]): readonly BoardStanding[] {
    const json = JSON.stringify(logs);
    return this.json((handle) => handle.boards(json, now()));
  }

  /** What a host does by its own hand with the change of this log. */
  dueOfHost(log: readonly Stored[]): readonly Command[] {
    const json = JSON.stringify(log);
    return this.json((handle) => handle.dueOfHost(json, now()));
  }

  /**
   * Decides a report over a log, and seals what comes of it. Only who keeps the log may store that. Without a person, it is
   * what the host itself wants.
   */
  take(log: readonly Stored[], report: Report, person: PersonId | undefined, spokenNumber: string | undefined): Taken {
    const texts = [JSON.stringify(log), JSON.stringify(report)] as const;
    return this.json((handle) => handle.take(...texts, person, now(), spokenNumber));
  }

  protected override restore(handle: record.Core, draft: Draft): void {
    if (this.#edited === undefined) super.restore(handle, draft);
    else restoreEdit(handle, this.#edited, draft);
  }
}

/** Opens the content again, and types what was typed. */
function restoreEdit(handle: record.Core, log: string, draft: Draft): void {
  beginEdit(handle, log);
  const before = JSON.parse(handle.draft()) as Draft;
  for (const field of new Set([...Object.keys(before.fields), ...Object.keys(draft.fields)])) {
    const value = draft.fields[field];
    handle.set(field, value === undefined ? undefined : JSON.stringify(value), now());
  }
}

function beginEdit(handle: record.Core, log: string): string {
  handle.read(log, now());
  return handle.edit(now());
}

/** What is looked at only when somebody opens it. */
export interface Audit {
  /** Checks a chain, and replays each decision under its policy. */
  verify(log: readonly Stored[], policies: readonly Policy[]): Verdict;
  /** What is wrong with the text of a policy. */
  check(policyText: string): readonly PolicyFinding[];
}

/**
 * The checks of the second module.
 *
 * @throws {Fault} `wasm-blocked` or `core-missing`
 */
export async function loadAudit(): Promise<Audit> {
  const { face } = await recordModule.get();
  return {
    verify: (log, policies) => JSON.parse(face.verify(JSON.stringify(log), JSON.stringify(policies))) as Verdict,
    check: (policyText) => JSON.parse(face.check(policyText)) as PolicyFinding[],
  };
}
