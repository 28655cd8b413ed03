// What is watched after the work.

import { html, nothing } from "lit";
import type { Measure } from "../wire.js";
import { allowedOf, bylineOf, gestureButton, type Hands, handsOn, noteOf, partOf, saidView } from "./part.js";
import { type ChangeRecord, modelOf } from "./record.js";

function measureView(record: ChangeRecord, hands: Hands, { id, name }: Measure) {
  const { lexicon, reading } = record;
  const seen = reading.change.observations.filter(({ measure }) => measure === id);
  const last = seen.at(-1);
  const word = lexicon.t(last ? `process.observed.${last.answer}` : "process.observation.none");
  const open = allowedOf(record, "observe", id);
  return html`<li data-measure=${id} data-answer=${last?.answer ?? "open"}><p class="log-head"><strong>${lexicon.say(name)}</strong> <span class="tag step-tag">${word}</span></p>
    ${noteOf(record, last?.said)}${last ? bylineOf(record, last.said) : nothing}
    ${seen.length > 1 ? html`<p class="note">${lexicon.t("process.observation.times", { count: seen.length })}</p>` : nothing}
    ${handsOn(record, hands, open, last ? undefined : open[0])}</li>`;
}

/** How long it is still watched, or that it was ended early. */
function timeView(record: ChangeRecord, now: string) {
  const { lexicon, reading } = record;
  const ended = reading.change.observationEnded;
  if (ended)
    return html`<p>${lexicon.t("process.observation.ended")}</p>${saidView(record, ended)}${bylineOf(record, ended)}`;
  const until = reading.due.find(({ what }) => what.type === "observe");
  if (!until) return nothing;
  const left = Math.floor((Date.parse(until.at) - Date.parse(now)) / 60_000);
  const span = left > 0 ? lexicon.t("process.observation.left", { span: lexicon.minutes(left) }) : "";
  return html`<p class="note">${[lexicon.t("process.observation.until", { until: lexicon.date(until.at) }), span].filter(Boolean).join(" · ")}</p>`;
}

/** The measures that are watched, from the report of the work on. */
export function observationView(record: ChangeRecord, hands: Hands, now: string) {
  const { lexicon, reading } = record;
  const observe = modelOf(record)?.observe;
  if (!observe || !reading.change.completed) return nothing;
  const end = allowedOf(record, "endObservation");
  const buttons = end.map((permission) => gestureButton(record, { permission }, hands, { kind: "quiet" }));
  return partOf(
    "observation",
    lexicon.t("process.observation"),
    html`${timeView(record, now)}<ul class="items">${observe.measures.map((measure) => measureView(record, hands, measure))}</ul>
    ${end.length > 0 ? html`<div class="buttons small">${buttons}</div>${hands.form(end)}` : nothing}`,
  );
}
