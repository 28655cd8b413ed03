// A template, or a new version of one, while somebody writes it.

import type { Core } from "../../core.js";
import { Drafting, type DraftListener } from "../../form/drafting.js";
import type { Lexicon } from "../../lexicon.js";
import type {
  ChangeId,
  Field,
  FieldId,
  Proposable,
  TemplateContent,
  TemplateRecord,
  TemplateStep,
  Value,
} from "../../wire.js";
import { nameOf } from "./shelf.js";

/** What a form for templates stands on. */
export interface Ground {
  readonly lexicon: Lexicon;
  readonly core: Core;
  /** The content of an earlier change. */
  contentOf(change: ChangeId): Promise<Readonly<Record<FieldId, Value>>>;
}

/** Kinds that differ from time to time: when it is done, and by whom. A first guess, which the person may change. */
const OF_THE_TIME: readonly Field["kind"]["type"][] = ["dateTime", "people", "tasks"];

const LONGEST_ID = 60;

/** An id that people can read, for the addresses in which it stands. */
function idOf(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST_ID)
    .replace(/^-+|-+$/g, "");
}

/** What is written, and what the core makes of its answers. */
export class Proposing {
  /** The changes that are named as samples. */
  samples: ReadonlySet<ChangeId> = new Set();
  /** The fields that are asked each time. */
  open: ReadonlySet<FieldId> = new Set();
  /** The fields whose answer is being changed. */
  edited: ReadonlySet<FieldId> = new Set();
  services: ReadonlySet<string> = new Set();
  windowMin = "";
  level = "";
  name = "";
  /** None before there is a content to write on. */
  drafting: Drafting | undefined;
  /** A name that somebody typed is not replaced by that of a sample. */
  #isNamed = false;
  #takes = 0;

  private constructor(
    readonly ground: Ground,
    readonly rule: Proposable,
    /** The template of which this will be a new version. */
    readonly revised: TemplateRecord | undefined,
    readonly listener: DraftListener,
  ) {}

  /** Begins a template of a model. */
  static begin(ground: Ground, rule: Proposable, listener: DraftListener): Proposing {
    return new Proposing(ground, rule, undefined, listener);
  }

  /** Begins a new version, from the one in use or the one that waits. */
  static async revise(
    ground: Ground,
    rule: Proposable,
    record: TemplateRecord,
    listener: DraftListener,
  ): Promise<Proposing> {
    const own = new Proposing(ground, rule, record, listener);
    const current = record.proposed ?? record.agreed;
    if (!current) return own;
    const { fields, open, covers } = current.content;
    own.name = nameOf(ground, current.content);
    own.#isNamed = true;
    own.services = new Set(covers?.services);
    own.windowMin = covers?.windowMin ? String(covers.windowMin) : "";
    await own.#write(fields);
    own.open = new Set(open);
    return own;
  }

  rename(name: string): void {
    this.name = name;
    this.#isNamed = name !== "";
    this.listener.changed();
  }

  /** Names a change as a sample, or no longer. The latest of them gives name and content to a new template. */
  async toggle(change: ChangeId): Promise<void> {
    const others = [...this.samples].filter((known) => known !== change);
    this.samples = new Set(this.samples.has(change) ? others : [...others, change]);
    this.listener.changed();
    const latest = this.rule.samples?.find(({ change: known }) => this.samples.has(known))?.change;
    if (this.revised?.agreed || this.revised?.proposed || latest === undefined) return;
    const takes = ++this.#takes;
    const fields = await this.ground.contentOf(latest);
    // Another choice was made while this one was fetched.
    if (takes === this.#takes) await this.#take(fields);
  }

  async #take(fields: Readonly<Record<FieldId, Value>>): Promise<void> {
    const { policy } = this.ground.lexicon;
    const title = fields[policy.fields.find(({ means }) => means === "title")?.id ?? ""];
    if (!this.#isNamed && typeof title === "string") this.name = title;
    await this.#write(fields);
    const drafting = this.drafting;
    if (!drafting) return;
    const { required } = drafting.assessment;
    const isOfTheTime = ({ id, kind }: Field) =>
      OF_THE_TIME.includes(kind.type) || (required.includes(id) && drafting.draft.fields[id] === undefined);
    this.open = new Set(this.fields.filter(isOfTheTime).map(({ id }) => id));
    this.listener.changed();
  }

  async #write(fields: Readonly<Record<FieldId, Value>>): Promise<void> {
    const { core, lexicon } = this.ground;
    const draft = { id: core.newId(), model: this.rule.model, language: lexicon.language, fields: { ...fields } };
    this.drafting = await Drafting.open(core, draft, this.listener);
    this.edited = new Set();
    this.listener.changed();
  }

  /** What the form of a change of this model shows, in the policy's order: the core says which. */
  get fields(): readonly Field[] {
    const { lexicon } = this.ground;
    const visible = this.drafting?.assessment.visible ?? [];
    const sections = lexicon.policy.sections.flatMap(({ fields }) => fields);
    return sections.flatMap((id) => (visible.includes(id) ? (lexicon.fields.get(id) ?? []) : []));
  }

  /** Whether somebody may choose services: where the template fixes none. */
  get asksServices(): boolean {
    const { lexicon } = this.ground;
    const field = lexicon.policy.fields.find(({ means }) => means === "services");
    const isFixed =
      field !== undefined && this.drafting?.draft.fields[field.id] !== undefined && !this.open.has(field.id);
    return !isFixed && lexicon.services.size > 0;
  }

  ask(field: FieldId, isAsked: boolean): void {
    const others = [...this.open].filter((known) => known !== field);
    this.open = new Set(isAsked ? [...others, field] : others);
    this.listener.changed();
  }

  edit(field: FieldId): void {
    this.edited = new Set([...this.edited, field]);
    this.listener.changed();
  }

  cover(service: string, isCovered: boolean): void {
    const others = [...this.services].filter((known) => known !== service);
    this.services = new Set(isCovered ? [...others, service] : others);
    this.listener.changed();
  }

  /** What it would be. */
  get content(): TemplateContent {
    const shown = this.fields.map(({ id }) => id);
    const filled: Readonly<Record<FieldId, Value>> = this.drafting?.draft.fields ?? {};
    const isFixed = (id: FieldId) => filled[id] !== undefined && !this.open.has(id);
    const fixed = shown.filter(isFixed).map((id) => [id, filled[id]] as const);
    const services = this.asksServices ? [...this.services] : [];
    const window = Number.parseInt(this.windowMin, 10);
    const covers = {
      ...(services.length > 0 ? { services } : {}),
      ...(Number.isFinite(window) ? { windowMin: window } : {}),
    };
    return {
      model: this.rule.model,
      name: this.#names(),
      fields: Object.fromEntries(fixed) as TemplateContent["fields"],
      open: shown.filter((id) => this.open.has(id)),
      ...(Object.keys(covers).length > 0 ? { covers } : {}),
    };
  }

  /** The name in the language in which it was typed; in others it stays what it was. */
  #names(): TemplateContent["name"] {
    const { policy, language } = this.ground.lexicon;
    const before = (this.revised?.proposed ?? this.revised?.agreed)?.content.name ?? {};
    const kept = Object.entries(before).filter(([, words]) => typeof words === "string");
    const own = policy.languages.find((tag) => tag === language || tag === language.split("-")[0]);
    return { ...Object.fromEntries(kept), [own ?? policy.languages[0] ?? "en"]: this.name };
  }

  /** What is reported. */
  step(): TemplateStep {
    const samples = [...this.samples];
    const common = {
      language: this.ground.lexicon.language,
      content: this.content,
      ...(samples.length > 0 ? { samples } : {}),
      ...(this.level === "" ? {} : { level: this.level }),
    };
    if (this.revised) return { type: "revise", ...common };
    return { type: "propose", template: idOf(this.name) || this.ground.core.newId(), ...common };
  }
}
