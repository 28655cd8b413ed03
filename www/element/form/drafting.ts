import type { Core } from "../core.js";
import type { Answer } from "../host.js";
import type { Assessment, Draft, FieldId, Finding, Value } from "../wire.js";

/** Who hears of a draft. */
export interface DraftListener {
  /** The core has answered; typed values stand at once, its answer may come later. */
  changed(): void;
  /** The core could not answer. */
  failed(error: unknown): void;
}

const NONE: readonly Finding[] = [];

/** Findings by the field to go to. */
function byField({ findings }: Assessment): ReadonlyMap<FieldId, readonly Finding[]> {
  const found = new Map<FieldId, Finding[]>();
  for (const finding of findings) {
    const field = finding.fields?.[0];
    if (field !== undefined) found.set(field, [...(found.get(field) ?? []), finding]);
  }
  return found;
}

/** A draft being written: what was typed, what the core makes of it, and which fields were left already. */
export class Drafting {
  /** Fields that were left, or that came filled. */
  readonly left = new Set<FieldId>();
  /** Whether the person has tried to submit: from then on all findings show. */
  tried = false;
  readonly #core: Core;
  readonly #listener: DraftListener;
  #draft: Draft;
  #assessment: Assessment;
  #asked = 0;
  #byField: ReadonlyMap<FieldId, readonly Finding[]> = new Map();

  private constructor(core: Core, draft: Draft, assessment: Assessment, listener: DraftListener) {
    this.#core = core;
    this.#draft = draft;
    this.#assessment = assessment;
    this.#byField = byField(assessment);
    this.#listener = listener;
    for (const field of Object.keys(draft.fields)) this.left.add(field);
  }

  /** Opens a draft in the core. */
  static async open(core: Core, draft: Draft, listener: DraftListener): Promise<Drafting> {
    const assessment = await core.open(draft);
    return new Drafting(core, draft, assessment, listener);
  }

  get draft(): Draft {
    return this.#draft;
  }

  get assessment(): Assessment {
    return this.#assessment;
  }

  /** Whether anything was typed. */
  get isEmpty(): boolean {
    return Object.keys(this.#draft.fields).length === 0;
  }

  /** One keystroke. */
  set(field: FieldId, value: Value | undefined): void {
    const { [field]: _before, ...others } = this.#draft.fields;
    this.#draft = { ...this.#draft, fields: value === undefined ? others : { ...others, [field]: value } };
    this.#hear(() => this.#core.set(field, value));
  }

  /** Takes a model, a template, or with neither the model that the form proposes. */
  choose(chosen: { model?: string; template?: string }): void {
    this.#hear(
      () => this.#core.choose(chosen),
      () => {
        this.#draft = this.#core.draft();
      },
    );
  }

  /** A field was left: its findings may show. */
  leave(field: FieldId): void {
    if (this.left.has(field)) return;
    this.left.add(field);
    this.#listener.changed();
  }

  /** The person wants to submit: every finding may show. */
  try(): void {
    this.tried = true;
    this.#listener.changed();
  }

  /** What is wrong with a field, as far as it may show by now. */
  shownOf(field: FieldId): readonly Finding[] {
    return (this.#byField.get(field) ?? NONE).filter((finding) => this.shows(finding));
  }

  /** Whether a finding may show yet: not while its field is typed into for the first time. */
  shows(finding: Finding): boolean {
    return this.tried || (finding.fields ?? []).every((field) => this.left.has(field));
  }

  #hear(question: () => Answer<Assessment>, then?: () => void): void {
    const asked = ++this.#asked;
    try {
      const answer = question();
      then?.();
      if (answer instanceof Promise) this.#await(asked, answer);
      else this.#take(asked, answer);
    } catch (error) {
      this.#listener.failed(error);
    }
  }

  /** What was typed stands while the host's core thinks. */
  #await(asked: number, answer: Promise<Assessment>): void {
    this.#listener.changed();
    answer.then((late) => this.#take(asked, late)).catch((error: unknown) => this.#listener.failed(error));
  }

  /** An answer to an earlier question is out of date. */
  #take(asked: number, assessment: Assessment): void {
    if (asked !== this.#asked) return;
    this.#assessment = assessment;
    this.#byField = byField(assessment);
    this.#listener.changed();
  }
}
