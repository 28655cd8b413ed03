// What later gestures recorded beside the request: the judgement, and what came of it, beside what had been expected.

import { html, nothing } from "lit";
import type { Field, ReviewReason, Stage } from "../wire.js";
import { bylineOf, partOf } from "./part.js";
import { type ChangeRecord, wordsOf } from "./record.js";
import { valueView } from "./value.js";

function entryView(record: ChangeRecord, field: Field) {
  const { lexicon, reading } = record;
  const { recorded, fields } = reading.change;
  const value = recorded[field.id];
  const beside = field.beside ? lexicon.fields.get(field.beside) : undefined;
  const expected = beside && fields[beside.id];
  if (value === undefined) return nothing;
  if (!beside || expected === undefined)
    return html`<div class="entry" data-field=${field.id}><dt>${lexicon.say(field.label)}</dt><dd>${valueView(record, field, value)}</dd></div>`;
  return html`<div class="entry" data-field=${field.id}><dt>${lexicon.say(field.label)}</dt><dd class="compared">
    <div><p class="label small">${lexicon.say(beside.label)}</p>${valueView(record, beside, expected)}</div>
    <div><p class="label small">${lexicon.say(field.label)}</p>${valueView(record, field, value)}</div></dd></div>`;
}

function ofStages(record: ChangeRecord, stages: readonly Stage[]): readonly Field[] {
  const { recorded } = record.reading.change;
  return record.lexicon.policy.fields.filter(
    ({ id, asked }) => stages.includes(asked ?? "request") && recorded[id] !== undefined,
  );
}

/** How it was judged before its approvals were asked for. */
export function judgedView(record: ChangeRecord) {
  const { evaluated } = record.reading.change;
  const fields = ofStages(record, ["evaluation"]);
  if (fields.length === 0 && !evaluated) return nothing;
  const note = evaluated?.note ? html`<p class="said" dir="auto">${wordsOf(record, evaluated.note)}</p>` : nothing;
  return partOf(
    "judged",
    record.lexicon.t("process.judged"),
    html`${fields.length > 0 ? html`<dl class="entries">${fields.map((field) => entryView(record, field))}</dl>` : nothing}${note}${evaluated ? bylineOf(record, evaluated) : nothing}`,
  );
}

/** What was recorded with the report of the work and the look back. */
export function afterwardsView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const fields = ofStages(record, ["completion", "review"]);
  const incidents = reading.change.incidents.map((incident) => wordsOf(record, incident));
  if (fields.length + incidents.length === 0) return nothing;
  const caused =
    incidents.length === 0
      ? nothing
      : html`<div class="entry"><dt>${lexicon.t("process.incidents")}</dt><dd dir="auto">${incidents.join(", ")}</dd></div>`;
  return partOf(
    "afterwards",
    lexicon.t("process.afterwards"),
    html`<dl class="entries">${fields.map((field) => entryView(record, field))}${caused}</dl>`,
  );
}

function reasonView({ lexicon }: ChangeRecord, reason: ReviewReason) {
  const isRule = reason.type === "trigger";
  const trigger = isRule ? lexicon.policy.reviews?.find(({ id }) => id === reason.trigger) : undefined;
  const because = trigger ? lexicon.say(trigger.because) : "";
  const due = isRule && reason.due ? lexicon.t("process.due.by", { when: lexicon.date(reason.due) }) : "";
  return html`<li>${lexicon.t(`review.reason.${reason.type}`, { because })}${due ? html` <span class="note">${due}</span>` : nothing}</li>`;
}

/** Why a review is needed, while none knew of everything that asks for it. */
export function reviewReasonsView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  if (reading.says.review !== "needed") return nothing;
  return partOf(
    "review",
    lexicon.t("process.review.why"),
    html`<ul class="items">${reading.reviewReasons.map((reason) => reasonView(record, reason))}</ul>`,
  );
}
