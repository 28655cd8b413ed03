import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Lexicon } from "../lexicon.js";
import type { Field, FieldId, Section } from "../wire.js";
import type { Drafting } from "./drafting.js";
import { fieldView, type Wording } from "./field.js";

/** How much is asked at once. */
export type Face = "ask" | "complete";

function shownOf(drafting: Drafting, lexicon: Lexicon, ids: readonly FieldId[]): readonly Field[] {
  const { visible } = drafting.assessment;
  return ids.flatMap((id) => (visible.includes(id) ? (lexicon.fields.get(id) ?? []) : []));
}

function fields(drafting: Drafting, lexicon: Lexicon, ids: readonly FieldId[], wording: Wording) {
  return repeat(
    shownOf(drafting, lexicon, ids),
    (field) => field.id,
    (field) => fieldView(drafting, lexicon, field, wording),
  );
}

function progress(drafting: Drafting, lexicon: Lexicon, section: Section) {
  const shown = shownOf(drafting, lexicon, section.fields);
  const done = shown.filter(
    ({ id }) => drafting.draft.fields[id] !== undefined || drafting.assessment.fixed?.includes(id),
  );
  return lexicon.t("form.done", { done: done.length, count: shown.length });
}

function sectionView(drafting: Drafting, lexicon: Lexicon, section: Section) {
  if (shownOf(drafting, lexicon, section.fields).length === 0) return nothing;
  return html`<section class="section" part="section" aria-labelledby="cg-section-${section.id}">
    <header class="section-head">
      <h3 class="section-title" part="section-title" id="cg-section-${section.id}">${lexicon.say(section.name)}</h3>
      <span class="note">${progress(drafting, lexicon, section)}</span></header>
    ${section.help ? html`<p class="help">${lexicon.say(section.help)}</p>` : nothing}
    ${fields(drafting, lexicon, section.fields, "label")}</section>`;
}

/** The plain questions of the policy, and what a ready-made change leaves open and needs. */
function plainQuestions({ draft, assessment }: Drafting, lexicon: Lexicon): readonly FieldId[] {
  const open = lexicon.templates.get(draft.template ?? "")?.open ?? [];
  return [...new Set([...lexicon.policy.ask, ...open.filter((field) => assessment.required.includes(field))])];
}

/** A few plain questions. */
export function askFace(drafting: Drafting, lexicon: Lexicon) {
  const asked = plainQuestions(drafting, lexicon);
  return html`<div class="questions" part="questions">${fields(drafting, lexicon, asked, "plain")}</div>`;
}

/** Everything, by sections. */
export function completeFace(drafting: Drafting, lexicon: Lexicon) {
  return html`<div class="questions" part="questions">${lexicon.policy.sections.map((section) =>
    sectionView(drafting, lexicon, section),
  )}</div>`;
}

/** Whether a face shows the field. */
export function isOnFace(drafting: Drafting, lexicon: Lexicon, face: Face, field: FieldId): boolean {
  const isAsked = face === "complete" || plainQuestions(drafting, lexicon).includes(field);
  return isAsked && drafting.assessment.visible.includes(field);
}
