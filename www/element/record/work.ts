// What became of the work.

import { html, nothing } from "lit";
import type { Flag } from "../wire.js";
import { bylineOf, partOf, saidView } from "./part.js";
import { type ChangeRecord, wordsOf } from "./record.js";

function flagView({ lexicon }: ChangeRecord, flag: Flag) {
  return html`<span class="tag flag" data-flag=${flag}>${lexicon.t(`flag.${flag}`)}</span>`;
}

/** When it was started and reported here, where that is another time than the report tells: the worse of both counts. */
function recordedView({ lexicon, reading }: ChangeRecord) {
  const { completed, startedAt } = reading.change;
  const differ = completed?.flags.some((flag) => flag === "timesDiffer" || flag === "reportedLate");
  if (!completed || !differ) return nothing;
  const reported = lexicon.date(completed.at);
  const text = startedAt
    ? lexicon.t("record.work.recorded", { started: lexicon.date(startedAt), reported })
    : lexicon.t("record.work.reported", { reported });
  return html`<p class="note" data-recorded>${text}</p>`;
}

/** What was out of order, and where its ratification stands. */
function tagsView(record: ChangeRecord) {
  const { flags, ratification } = record.reading.says;
  if (flags.length === 0 && !ratification) return nothing;
  const ratified = ratification
    ? html`<span class="tag flag" data-ratification=${ratification}>${record.lexicon.t(`ratification.${ratification}`)}</span>`
    : nothing;
  return html`<p class="tags">${flags.map((flag) => flagView(record, flag))}${ratified}</p>`;
}

/** How the work ended, by whose report, what was out of order, and the look back. */
export function workView(record: ChangeRecord) {
  const { lexicon } = record;
  const { completed, review } = record.reading.change;
  if (!completed) return nothing;
  const { by, at, outcome, startedAt, endedAt, downtimeMin, note } = completed;
  const period = lexicon.t("conflicts.period", { from: lexicon.date(startedAt), to: lexicon.date(endedAt) });
  const downtime = downtimeMin > 0 ? lexicon.t("log.downtime", { span: lexicon.minutes(downtimeMin) }) : "";
  const looked = review
    ? html`<div><h4 class="label small">${lexicon.t("record.review")}</h4>${saidView(record, review)}${bylineOf(record, review)}</div>`
    : nothing;
  return partOf(
    "work",
    lexicon.t("record.work"),
    html`<p><strong>${lexicon.t(`outcome.${outcome}`)}</strong> · ${[period, downtime].filter(Boolean).join(" · ")}</p>
    ${tagsView(record)}
    ${recordedView(record)}${note ? html`<p class="said" dir="auto">${wordsOf(record, note)}</p>` : nothing}
    <p class="note">${lexicon.t("record.work.by", { person: lexicon.person(by), when: lexicon.date(at) })}</p>${looked}`,
  );
}
