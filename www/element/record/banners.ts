// What must not be overlooked, and what is late.

import { html, nothing } from "lit";
import { partOf, saidView } from "./part.js";
import type { ChangeRecord } from "./record.js";

function banner(kind: string, text: string, words: unknown = nothing) {
  return html`<div class="notice stops" part="notice" role="status" data-banner=${kind}><p><strong>${text}</strong></p>${words}</div>`;
}

function holdBanner(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const { hold } = reading.change;
  if (!hold) return nothing;
  const text = lexicon.t("process.hold", { when: lexicon.date(hold.at), person: lexicon.person(hold.by) });
  return banner("hold", text, saidView(record, hold));
}

/** How long ago an instant was, to the minute. */
export function minutesSince(instant: string, now: string): number {
  return Math.max(0, Math.floor((Date.parse(now) - Date.parse(instant)) / 60_000));
}

/** The window is over and the work goes on: a situation of its own, until it is decided or undone. */
function overrunBanner(record: ChangeRecord, now: string) {
  const { lexicon, reading } = record;
  const { extension, phase } = reading.change;
  if (extension && !extension.answer && phase === "implement") {
    const text = lexicon.t("process.overrun.asked", { until: lexicon.date(extension.until) });
    return banner("extension", text, saidView(record, extension.asked));
  }
  const end = reading.due.find(({ what }) => what.type === "end");
  if (!end?.overdue) return nothing;
  return banner("overrun", lexicon.t("process.overrun", { span: lexicon.minutes(minutesSince(end.at, now)) }));
}

function ratifyBanner({ lexicon, reading }: ChangeRecord) {
  const ratify = reading.due.find(({ what }) => what.type === "ratify");
  if (!ratify) return nothing;
  const code = ratify.overdue ? "process.ratify.late" : "process.ratify";
  return banner("ratify", lexicon.t(code, { by: lexicon.date(ratify.at) }));
}

/** An entry of rules that this core does not have: shown as it is written, and nothing is built upon it. */
function unjudgedBanner({ lexicon, reading }: ChangeRecord) {
  const { unjudged } = reading;
  return unjudged ? banner("unjudged", lexicon.t("process.unjudged", { seq: unjudged.seq })) : nothing;
}

/** That it rests, runs over its time, or was started before anybody said yes. */
export function bannersView(record: ChangeRecord, now: string) {
  const unauthorized = record.reading.change.unauthorized
    ? banner("unauthorized", record.lexicon.t("process.unauthorized"))
    : nothing;
  return html`${unjudgedBanner(record)}${holdBanner(record)}${overrunBanner(record, now)}${ratifyBanner(record)}${unauthorized}`;
}

/** What has a banner, or stands where it is done. */
const ELSEWHERE: readonly string[] = ["start", "end", "ratify", "answer"];

/** What waits too long. */
export function dueView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const late = reading.due.filter(({ overdue, what }) => overdue && !ELSEWHERE.includes(what.type));
  if (late.length === 0) return nothing;
  const items = late.map(({ what, at, people }) => {
    const rule = "rule" in what ? lexicon.rule(what.rule) : "";
    const whom = people?.length ? lexicon.list(people.map((person) => lexicon.person(person))) : "";
    const since = lexicon.t("process.due.late", { when: lexicon.date(at) });
    return html`<li data-due=${what.type}>${lexicon.t(`due.${what.type}`, { rule })} <span class="note">${[since, whom].filter(Boolean).join(" · ")}</span></li>`;
  });
  return partOf("due", lexicon.t("process.due"), html`<ul class="items">${items}</ul>`);
}
