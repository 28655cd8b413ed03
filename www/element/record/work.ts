// What became of the work, and what was said about it.

import { html, nothing } from "lit";
import type { Flag, Said } from "../wire.js";
import { type ChangeRecord, wordsOf } from "./record.js";

function flagView({ lexicon }: ChangeRecord, flag: Flag) {
  return html`<span class="tag flag" data-flag=${flag}>${lexicon.t(`flag.${flag}`)}</span>`;
}

function saidView(record: ChangeRecord, { by, at, text }: Said) {
  const { lexicon } = record;
  return html`<li class="comment" part="comment"><p class="log-head"><strong>${lexicon.person(by)}</strong> <time datetime=${at}>${lexicon.date(at)}</time></p>
    <p class="said" dir="auto">${wordsOf(record, text)}</p></li>`;
}

/** How the work ended, by whose report, and what was out of order. */
export function workView(record: ChangeRecord) {
  const { lexicon } = record;
  const { completed, review } = record.reading.change;
  if (!completed) return nothing;
  const { by, at, outcome, startedAt, endedAt, downtimeMin, note, flags } = completed;
  const period = lexicon.t("conflicts.period", { from: lexicon.date(startedAt), to: lexicon.date(endedAt) });
  return html`<section class="work" part="work" aria-labelledby="cgr-work"><h3 class="section-title" id="cgr-work">${lexicon.t("record.work")}</h3>
    <p><strong>${lexicon.t(`outcome.${outcome}`)}</strong> · ${period}${downtimeMin > 0 ? html` · ${lexicon.t("log.downtime", { span: lexicon.minutes(downtimeMin) })}` : nothing}</p>
    ${flags.length > 0 ? html`<p>${flags.map((flag) => flagView(record, flag))}</p>` : nothing}
    ${note ? html`<p class="said" dir="auto">${wordsOf(record, note)}</p>` : nothing}
    <p class="note">${lexicon.t("record.work.by", { person: lexicon.person(by), when: lexicon.date(at) })}</p>
    ${review ? html`<h4 class="label">${lexicon.t("record.review")}</h4><ul class="comments">${saidView(record, review)}</ul>` : nothing}</section>`;
}

/** What was said about it, the first first. */
export function commentsView(record: ChangeRecord) {
  const { comments } = record.reading.change;
  if (comments.length === 0) return nothing;
  return html`<section class="said-about" aria-labelledby="cgr-comments"><h3 class="section-title" id="cgr-comments">${record.lexicon.t("record.comments")}</h3>
    <ul class="comments">${comments.map((comment) => saidView(record, comment))}</ul></section>`;
}
