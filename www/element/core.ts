/**
 * The core in the page, and the only file that imports its wasm.
 */

import { keepTimeWith, now } from "./clock.js";
import * as face from "./generated/changegate.js";
import type { Answer, Host, Loaded, Reading } from "./host.js";
import { Fault, Unreachable } from "./host.js";
import { resource } from "./http.js";
import type {
  Assessment,
  Command,
  Draft,
  FieldId,
  Instant,
  PersonId,
  Policy,
  PolicyFinding,
  Refusal,
  Report,
  Stored,
  Value,
  Verdict,
  World,
} from "./wire.js";

/** What the form and the record ask: at once where wasm runs, later where the host answers for it. */
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
  /** A change with what the person may do with it. */
  read(log: readonly Stored[]): Answer<Reading>;
  /** Opens the content of a change as the draft, to edit it or to see what it comes to. */
  edit(log: readonly Stored[]): Answer<Assessment>;
  /** Why a report would be refused as things stand; nothing is stored. Left out where only the host can tell. */
  foresee?(log: readonly Stored[], report: Report): readonly Refusal[];
  /** A new uuid, ordered by time. */
  newId(): string;
}

/** The answer of the core to a report, before anything is stored. */
export type Taken = { readonly stored: Stored } | { readonly refusals: readonly Refusal[] };

/**
 * The core for what a host loaded: in the page where wasm runs, else over HTTP where the host can.
 *
 * @throws {Fault} `wasm-blocked` or `core-missing` where neither is possible
 */
export async function loadCore(loaded: Loaded, host: Host): Promise<Core> {
  try {
    return await loadLocalCore(loaded);
  } catch (fault) {
    const { RemoteCore, canAssess } = await import("./remote-core.js");
    const isWithout = fault instanceof Fault && (fault.code === "wasm-blocked" || fault.code === "core-missing");
    if (isWithout && canAssess(host)) return new RemoteCore(loaded, host);
    throw fault;
  }
}

/** Begins to fetch the core, so that it is here when the host has answered. */
export function fetchCore(): void {
  once(mainModule).catch(() => undefined);
}

/** The core in the page, also where it decides: a host in the browser alone asks it. */
export async function loadLocalCore(loaded: Loaded): Promise<LocalCore> {
  face.initSync({ module: await once(mainModule) });
  return new LocalCore(loaded);
}

const mainModule = () => compile(new URL("./changegate.wasm", import.meta.url));
const auditModule = () => compile(new URL("./changegate_audit.wasm", import.meta.url));

const modules = new Map<() => Promise<WebAssembly.Module>, Promise<WebAssembly.Module>>();

/** Compiles a module once a page; what failed is tried again by the next who asks. */
function once(load: () => Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
  const module = modules.get(load) ?? load();
  modules.set(load, module);
  module.catch(() => modules.delete(load));
  return module;
}

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

/** Rises with each fresh instance: a handle of an earlier one is dead. */
let instance = 0;

function replaceInstance(): void {
  face.__wbg_reset_state();
  instance += 1;
}

/** A trap leaves memory as it was in the middle of a step, so the instance must not be used again. */
function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** The core in the page. After a trap it goes on with a fresh instance and the draft as it was. */
export class LocalCore implements Core {
  readonly policyHash: string;
  readonly rulesVersion: number;
  readonly #policy: Policy;
  #world: World;
  #person: PersonId;
  #draft: Draft | undefined;
  /** The log whose content is edited; none while a new draft is written. */
  #edited: string | undefined;
  #handle: face.Core | undefined;
  #instance = instance;

  constructor(loaded: Loaded) {
    this.#policy = loaded.policy;
    this.#world = loaded.world;
    this.#person = loaded.person;
    keepTimeWith(loaded.now);
    this.policyHash = this.#ask((handle) => handle.policyHash());
    this.rulesVersion = face.rulesVersion();
  }

  refresh(loaded: Loaded): void {
    const isSamePerson = loaded.person === this.#person;
    this.#world = loaded.world;
    this.#person = loaded.person;
    keepTimeWith(loaded.now);
    if (isSamePerson) this.#ask((handle) => handle.setWorld(JSON.stringify(loaded.world)));
    else this.#drop();
  }

  now(): Instant {
    return new Date(now()).toISOString();
  }

  open(draft: Draft): Assessment {
    const json = JSON.stringify(draft);
    const assessment = this.#json<Assessment>((handle) => handle.open(json, now()));
    this.#draft = JSON.parse(json) as Draft;
    this.#edited = undefined;
    return assessment;
  }

  edit(log: readonly Stored[]): Assessment {
    const json = JSON.stringify(log);
    const assessment = this.#json<Assessment>((handle) => beginEdit(handle, json, now()));
    this.#draft = this.draft();
    this.#edited = json;
    return assessment;
  }

  foresee(log: readonly Stored[], report: Report): readonly Refusal[] {
    const taken = this.take(log, report, this.#person, undefined);
    return "refusals" in taken ? taken.refusals : [];
  }

  set(field: FieldId, value: Value | undefined): Assessment {
    const json = value === undefined ? undefined : JSON.stringify(value);
    const assessment = this.#json<Assessment>((handle) => handle.set(field, json, now()));
    if (this.#draft && value === undefined) delete this.#draft.fields[field];
    else if (this.#draft && value !== undefined) this.#draft.fields[field] = value;
    return assessment;
  }

  choose({ model, template }: { model?: string; template?: string }): Assessment {
    const assessment = this.#json<Assessment>((handle) => handle.choose(model, template, now()));
    this.#draft = this.draft();
    return assessment;
  }

  draft(): Draft {
    return this.#json((handle) => handle.draft());
  }

  submission(): Command {
    return this.#json((handle) => handle.submission());
  }

  read(log: readonly Stored[]): Reading {
    const json = JSON.stringify(log);
    return this.#json((handle) => handle.read(json, now()));
  }

  newId(): string {
    return face.newId(now());
  }

  /** Decides a report over a log, and seals what comes of it. Only who keeps the log may store that. */
  take(log: readonly Stored[], report: Report, person: PersonId, spokenNumber: string | undefined): Taken {
    const texts = [JSON.stringify(log), JSON.stringify(report)] as const;
    return this.#json((handle) => handle.take(...texts, person, now(), spokenNumber));
  }

  #json<T>(question: (handle: face.Core) => string): T {
    return JSON.parse(this.#ask(question)) as T;
  }

  /** Asks; after a trap once more on a fresh instance, since what trapped may have been the state and not the question. */
  #ask<T>(question: (handle: face.Core) => T): T {
    try {
      return this.#attempt(question);
    } catch (error) {
      if (error instanceof Fault && error.code === "core-trapped") return this.#attempt(question);
      throw error;
    }
  }

  #attempt<T>(question: (handle: face.Core) => T): T {
    try {
      return question(this.#ready());
    } catch (error) {
      if (!isTrap(error)) throw new Fault("input-malformed", String(error), { cause: error });
      replaceInstance();
      throw new Fault(
        "core-trapped",
        "the core stopped in the middle of a step and was started afresh; nothing typed is lost",
        {
          cause: error,
        },
      );
    }
  }

  #ready(): face.Core {
    if (this.#handle && this.#instance === instance) return this.#handle;
    const handle = new face.Core(JSON.stringify(this.#policy), JSON.stringify(this.#world), this.#person);
    if (this.#draft) restore(handle, this.#draft, this.#edited);
    this.#handle = handle;
    this.#instance = instance;
    return handle;
  }

  #drop(): void {
    if (this.#instance === instance) this.#handle?.free();
    this.#handle = undefined;
  }
}

function beginEdit(handle: face.Core, log: string, nowMs: number): string {
  handle.read(log, nowMs);
  return handle.edit(nowMs);
}

/** Brings a fresh handle to where the one before it was. */
function restore(handle: face.Core, draft: Draft, edited: string | undefined): void {
  if (edited === undefined) {
    handle.open(JSON.stringify(draft), now());
    return;
  }
  beginEdit(handle, edited, now());
  const before = JSON.parse(handle.draft()) as Draft;
  for (const field of new Set([...Object.keys(before.fields), ...Object.keys(draft.fields)])) {
    const value = draft.fields[field];
    handle.set(field, value === undefined ? undefined : JSON.stringify(value), now());
  }
}

/** What is loaded only when somebody opens it. */
export interface Audit {
  /** Checks a chain, and replays each decision under its policy. */
  verify(log: readonly Stored[], policies: readonly Policy[]): Verdict;
  /** What is wrong with the text of a policy. */
  check(policyText: string): readonly PolicyFinding[];
}

/**
 * The second module.
 *
 * @throws {Fault} `wasm-blocked` or `core-missing`
 */
export async function loadAudit(): Promise<Audit> {
  const audit = await import("./generated/changegate_audit.js").catch((cause: unknown) => {
    throw new Unreachable(`the module that verifies could not be fetched: ${String(cause)}`);
  });
  audit.initSync({ module: await once(auditModule) });
  return {
    verify: (log, policies) => JSON.parse(audit.verify(JSON.stringify(log), JSON.stringify(policies))) as Verdict,
    check: (policyText) => JSON.parse(audit.check(policyText)) as PolicyFinding[],
  };
}
