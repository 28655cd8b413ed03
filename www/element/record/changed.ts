// What has changed since the content that was last agreed to.

import { html, nothing } from "lit";
import type { Field, Value } from "../wire.js";
import { partOf } from "./part.js";
import type { ChangeRecord } from "./record.js";
import { valueView } from "./value.js";

function shown(record: ChangeRecord, field: Field | undefined, value: Value | null | undefined) {
  return field && value !== undefined && value !== null
    ? valueView(record, field, value)
    : html`<span class="note">${record.lexicon.t("process.changed.empty")}</span>`;
}

/** Before and after, field by field, for those who decide again. */
export function changedView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const isAgain = reading.change.votes.some(({ void: isVoid }) => isVoid);
  if (reading.changedSince.length === 0 || !isAgain) return nothing;
  const entries = reading.changedSince.map(({ field: id, before, after }) => {
    const field = lexicon.fields.get(id);
    return html`<div class="entry" data-field=${id}><dt>${lexicon.field(id)}</dt><dd class="compared">
      <div><p class="label small">${lexicon.t("process.changed.before")}</p><del>${shown(record, field, before)}</del></div>
      <div><p class="label small">${lexicon.t("process.changed.after")}</p><ins>${shown(record, field, after)}</ins></div></dd></div>`;
  });
  return partOf("changed", lexicon.t("process.changed"), html`<dl class="entries">${entries}</dl>`);
}
