/**
 * The core as the host answers it over HTTP, for pages whose content security policy forbids wasm: slower, never without a form.
 */

import { keepTimeWith, now } from "./clock.js";
import type { RecordCore } from "./core.js";
import type { Host, Loaded, Reading } from "./host.js";
import { Fault } from "./host.js";
import type { Assessment, Command, Draft, FieldId, Instant, Stored, Value } from "./wire.js";

/** A host that answers for the core. */
export type AssessingHost = Host & Required<Pick<Host, "assess" | "permitted">>;

/** Whether a host answers for the core. */
export function canAssess(host: Host): host is AssessingHost {
  return host.assess !== undefined && host.permitted !== undefined;
}

/** Keeps the draft here and asks the host about it. A late answer to an earlier keystroke is not shown over a later one. */
export class RemoteCore implements RecordCore {
  readonly policyHash: string;
  /** The host's own; it judges, so the page claims none. */
  readonly rulesVersion = 0;
  readonly #host: AssessingHost;
  #draft: Draft | undefined;
  #assessment: Assessment | undefined;
  #asked = 0;
  #latest: Promise<Assessment> | undefined;

  constructor(loaded: Loaded, host: AssessingHost) {
    this.#host = host;
    this.policyHash = loaded.policyHash;
    this.refresh(loaded);
  }

  refresh(loaded: Loaded): void {
    keepTimeWith(loaded.now);
  }

  now(): Instant {
    return new Date(now()).toISOString();
  }

  open(draft: Draft): Promise<Assessment> {
    this.#draft = structuredClone(draft);
    return this.#assess();
  }

  set(field: FieldId, value: Value | undefined): Promise<Assessment> {
    const fields = { ...this.draft().fields };
    if (value === undefined) delete fields[field];
    else fields[field] = value;
    this.#draft = { ...this.draft(), fields };
    return this.#assess();
  }

  choose(chosen: { model?: string; template?: string }): Promise<Assessment> {
    const { model: _model, template: _template, ...rest } = this.draft();
    this.#draft = { ...rest, ...chosen };
    return this.#assess();
  }

  draft(): Draft {
    if (!this.#draft) throw new Fault("input-malformed", "no draft is open");
    return this.#draft;
  }

  submission(): Command {
    const { model, template, language, fields } = this.draft();
    if (!this.#assessment) throw new Fault("input-malformed", "the host has not answered yet");
    const shown = new Set(this.#assessment.visible);
    return {
      type: "submit",
      model: model ?? this.#assessment.model,
      ...(template ? { template } : {}),
      language,
      fields: Object.fromEntries(
        Object.entries(fields).filter(([field, value]) => shown.has(field) && isFilled(value)),
      ),
    };
  }

  read(log: readonly Stored[]): Promise<Reading> {
    const first = log[0];
    if (!first) throw new Fault("log-broken", "the log is empty");
    return this.#host.permitted(first.entry.changeId);
  }

  async edit(log: readonly Stored[]): Promise<Assessment> {
    const { draft } = await this.read(log);
    return this.open(draft);
  }

  newId(): string {
    return uuidV7(now());
  }

  #assess(): Promise<Assessment> {
    this.#asked += 1;
    const mine = this.#asked;
    const answer = this.#host.assess(this.draft()).then((assessment) => this.#keep(mine, assessment));
    this.#latest = answer;
    return answer;
  }

  #keep(asked: number, assessment: Assessment): Promise<Assessment> | Assessment {
    if (asked !== this.#asked && this.#latest) return this.#latest;
    this.#assessment = assessment;
    return assessment;
  }
}

function isFilled(value: Value): boolean {
  if (typeof value === "string") return value.trim() !== "";
  if (Array.isArray(value)) return value.some(isFilled);
  return typeof value === "object" ? Object.values(value).some(isFilled) : true;
}

/**
 * A uuid of version 7.
 *
 * @source RFC 9562, section 5.7
 */
export function uuidV7(ms: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(ms / 0x1_0000));
  new DataView(bytes.buffer).setUint16(4, ms % 0x1_0000);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
