// What stands beside the change: other changes, waived duties, and what those who are affected were told.

import { html, nothing } from "lit";
import { allowedOf, bylineOf, gestureButton, type Hands, handsOn, partOf, saidView } from "./part.js";
import { type ChangeRecord, dutyText } from "./record.js";

/** How it stands to other changes, and the gesture that links one more. */
export function relationsView(record: ChangeRecord, hands: Hands) {
  const { lexicon, reading } = record;
  const { relations } = reading.change;
  const more = allowedOf(record, "relate");
  if (relations.length === 0 && more.length === 0) return nothing;
  const known = [...(lexicon.world.related ?? []), ...(lexicon.world.changes ?? [])];
  const items = relations.map(({ relation, to }) => {
    const other = known.find(({ id }) => id === to);
    const name = other?.shown ? `${other.shown.number} ${other.shown.title}` : lexicon.t("conflict.hidden");
    return html`<li data-relation=${relation}><p class="log-head"><span class="note">${lexicon.t(`relation.${relation}`)}</span> <strong dir="auto">${name}</strong>${
      other ? html` <span class="tag">${lexicon.phase(other.phase)}</span>` : nothing
    }</p>${handsOn(record, hands, allowedOf(record, "unrelate", `${relation} ${to}`))}</li>`;
  });
  const buttons = more.map((permission) => gestureButton(record, { permission }, hands, { kind: "secondary" }));
  return partOf(
    "relations",
    lexicon.t("process.relations"),
    html`${items.length > 0 ? html`<ul class="items">${items}</ul>` : html`<p class="note">${lexicon.t("process.relations.none")}</p>`}
    ${more.length > 0 ? html`<div class="buttons small">${buttons}</div>${hands.form(more)}` : nothing}`,
  );
}

/** Duties that were waived, each with its end and the look back at it. */
export function waiversView(record: ChangeRecord, hands: Hands) {
  const { lexicon, reading } = record;
  const { waivers } = reading.change;
  if (waivers.length === 0) return nothing;
  const items = waivers.map(({ duty, person, until, given, review }, at) => {
    const isOpen = reading.says.open.waivers?.includes(at + 1) ?? false;
    const params = { duty: dutyText(lexicon, duty), person: lexicon.person(person), until: lexicon.date(until) };
    const stands = review
      ? html`<div class="answer-given">${saidView(record, review)}${bylineOf(record, review)}</div>`
      : html`<p><span class="tag open">${lexicon.t(isOpen ? "process.waiver.open" : "process.waiver.left")}</span></p>`;
    const open = allowedOf(record, "reviewWaiver", String(at + 1));
    return html`<li data-waiver=${at + 1}><p><strong>${lexicon.t("process.waiver", params)}</strong></p>${saidView(record, given)}${bylineOf(record, given)}
      ${stands}${handsOn(record, hands, open, open[0])}</li>`;
  });
  return partOf("waivers", lexicon.t("process.waivers"), html`<ol class="items">${items}</ol>`);
}

/** What everybody who is affected was told, the last first. */
export function announcementsView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const told = [...reading.change.announcements].reverse();
  if (told.length === 0) return nothing;
  const items = told.map((known) => html`<li>${saidView(record, known)}${bylineOf(record, known)}</li>`);
  return partOf("announcements", lexicon.t("process.announcements"), html`<ol class="items">${items}</ol>`);
}
