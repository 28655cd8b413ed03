// An edit of the content, on the same questions as a new change.

import { html, nothing } from "lit";
import { Drafts } from "../drafts.js";
import type { Drafting, DraftListener } from "../form/drafting.js";
import { completeFace } from "../form/faces.js";
import { controlId } from "../form/field.js";
import type { Host } from "../host.js";
import { findingLine } from "../reasons.js";
import type { Refusal } from "../wire.js";
import { type Following, patchOf } from "./following.js";
import { type ChangeRecord, reasonsOf, wordsOf } from "./record.js";

/** An edit that is not sent: kept as it is typed, apart from new drafts. */
export class Editing {
  readonly drafting: Drafting;
  /** Whether something typed before was put back. */
  readonly isRestored: boolean;
  readonly #kept: Drafts;

  private constructor(drafting: Drafting, kept: Drafts, isRestored: boolean) {
    this.drafting = drafting;
    this.#kept = kept;
    this.isRestored = isRestored;
  }

  /** Opens the content, and what was typed into it before. */
  static async begin(
    following: Following,
    record: ChangeRecord,
    host: Host,
    listener: DraftListener,
  ): Promise<Editing> {
    const kept = new Drafts({ scope: `${host.scope ?? ""} edit`, person: () => host.person() });
    const drafting = await following.consider(record, listener);
    const before = await kept.load(record.reading.change.id).catch(() => undefined);
    const typed = before ? Object.entries(patchOf(drafting.draft.fields, before.fields)) : [];
    for (const [field, value] of typed) drafting.set(field, value ?? undefined);
    return new Editing(drafting, kept, typed.length > 0);
  }

  /** Keeps what was typed. */
  async keep(): Promise<void> {
    await this.#kept.save(this.drafting.draft);
  }

  /** Forgets it: it was sent, or thrown away. */
  async forget(): Promise<void> {
    await this.#kept.delete(this.drafting.draft.id);
    await this.#kept.close();
  }

  /** Leaves it for later. */
  async leave(): Promise<void> {
    await this.#kept.close();
  }
}

/** What the form of an edit asks of the record. */
export interface EditActions {
  save(): void;
  close(): void;
  discard(): void;
}

function refusalList(record: ChangeRecord, refusals: readonly Refusal[]) {
  if (refusals.length === 0) return nothing;
  return html`<div class="notice stops" role="alert" tabindex="-1"><p>${record.lexicon.t("record.refused")}</p>
    <ul>${reasonsOf(record, refusals).map((reason) => html`<li>${reason}</li>`)}</ul></div>`;
}

/** What is still to be answered, with where it is filled in: an edit may be the answer. */
function openQuestions(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const open = reading.change.questions.filter(({ answer }) => !answer);
  if (open.length === 0) return nothing;
  const items = open.map(({ field, asked }) => {
    const name = field
      ? html`<a href="#${controlId(field)}" @click=${(event: Event) => goTo(event, controlId(field))}>${lexicon.field(field)}</a>: `
      : nothing;
    return html`<li>${name}<span class="said" dir="auto">${wordsOf(record, asked.text)}</span></li>`;
  });
  return html`<div class="notice plain" part="notice"><p><strong>${lexicon.t("record.edit.questions", { count: open.length })}</strong></p><ul>${items}</ul></div>`;
}

/** The fragment of a page is not the page's alone: the focus goes there without it. */
function goTo(event: Event, id: string): void {
  event.preventDefault();
  const root = (event.currentTarget as Element).getRootNode() as ShadowRoot;
  root.querySelector<HTMLElement>(`#${CSS.escape(id)}`)?.focus();
}

/** All questions, filled as the change stands. */
export function editView(record: ChangeRecord, editing: Editing, refusals: readonly Refusal[], actions: EditActions) {
  const { lexicon } = record;
  const { drafting, isRestored } = editing;
  const { findings, model } = drafting.assessment;
  const general = findings.filter(({ fields }) => !fields?.length);
  return html`<section class="gesture" part="gesture" id="cgr-panel" tabindex="-1" aria-labelledby="cgr-panel-title" data-gesture="edit">
    <h3 class="gesture-title" id="cgr-panel-title">${lexicon.t("gesture.edit")}</h3>
    <p class="note">${lexicon.t(isRestored ? "record.edit.restored" : "record.edit.help")}</p>
    ${openQuestions(record)}${completeFace(drafting, lexicon)}
    ${general.map((finding) => html`<p class="finding"><span class=${finding.severity}>${findingLine(lexicon, finding, model)}</span></p>`)}
    ${refusalList(record, refusals)}
    <div class="buttons"><button type="button" class="primary" part="button" data-action="make" @click=${() => actions.save()}>${lexicon.t("record.edit.save")}</button>
      <button type="button" class="secondary" part="button" data-action="close" @click=${() => actions.close()}>${lexicon.t("record.close")}</button>
      <button type="button" class="quiet" part="button" data-action="discard" @click=${() => actions.discard()}>${lexicon.t("record.edit.discard")}</button></div></section>`;
}
