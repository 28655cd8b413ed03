// Incidents that showed after the work was reported, each with its review.

import { html, nothing } from "lit";
import { allowedOf, bylineOf, gestureButton, type Hands, handsOn, noteOf, partOf, saidView } from "./part.js";
import { type ChangeRecord, wordsOf } from "./record.js";

/** The incidents so far, what waits for its review, and the gesture that records one more. */
export function incidentsView(record: ChangeRecord, hands: Hands) {
  const { lexicon, reading } = record;
  const incidents = reading.change.laterIncidents ?? [];
  const more = allowedOf(record, "recordIncident");
  if (incidents.length === 0 && more.length === 0) return nothing;
  const items = incidents.map(({ incident, noticedAt, recorded, review }, at) => {
    const open = allowedOf(record, "reviewIncident", String(at + 1));
    const reviewed = review
      ? html`<div class="answer-given">${saidView(record, review)}${bylineOf(record, review)}</div>`
      : nothing;
    const isOpen = reading.says.open.incidents?.includes(at + 1) ?? false;
    const waits = isOpen ? html` <span class="tag open">${lexicon.t("process.incident.open")}</span>` : nothing;
    return html`<li data-incident=${at + 1}><p class="log-head"><strong dir="auto">${wordsOf(record, incident)}</strong>${waits}</p>
      <p class="note">${lexicon.t("process.incident.noticed", { when: lexicon.date(noticedAt) })}</p>${noteOf(record, recorded)}${bylineOf(record, recorded)}
      ${reviewed}${handsOn(record, hands, open, open[0])}</li>`;
  });
  const list =
    items.length > 0
      ? html`<ol class="items">${items}</ol>`
      : html`<p class="note">${lexicon.t("process.incidents.none")}</p>`;
  const buttons = more.map((permission) => gestureButton(record, { permission }, hands, { kind: "secondary" }));
  const adding = more.length === 0 ? nothing : html`<div class="buttons small">${buttons}</div>${hands.form(more)}`;
  return partOf("incidents", lexicon.t("process.incidents.later"), html`${list}${adding}`);
}
