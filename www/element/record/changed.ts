// What has changed since the content that was last agreed to.

import { html, nothing } from "lit";
import type { Field, FieldChanged, Value } from "../wire.js";
import { partOf } from "./part.js";
import type { ChangeRecord } from "./record.js";
import { valueView, type Worded } from "./value.js";

function shown(worded: Worded, field: Field | undefined, value: Value | null | undefined) {
  return field && value !== undefined && value !== null
    ? valueView(worded, field, value)
    : html`<span class="note">${worded.lexicon.t("process.changed.empty")}</span>`;
}

/** Fields before and after, one beside the other. */
export function comparedView(worded: Worded, changes: readonly FieldChanged[]) {
  const { lexicon } = worded;
  const entries = changes.map(({ field: id, before, after }) => {
    const field = lexicon.fields.get(id);
    return html`<div class="entry" data-field=${id}><dt>${lexicon.field(id)}</dt><dd class="compared">
      <div><p class="label small">${lexicon.t("process.changed.before")}</p><del>${shown(worded, field, before)}</del></div>
      <div><p class="label small">${lexicon.t("process.changed.after")}</p><ins>${shown(worded, field, after)}</ins></div></dd></div>`;
  });
  return html`<dl class="entries">${entries}</dl>`;
}

/** Before and after, field by field, for those who decide again. */
export function changedView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const isAgain = reading.change.votes.some(({ void: isVoid }) => isVoid);
  if (reading.changedSince.length === 0 || !isAgain) return nothing;
  return partOf("changed", lexicon.t("process.changed"), comparedView(record, reading.changedSince));
}
