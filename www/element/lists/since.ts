// What is new about a change since its board last met.

import { html, nothing } from "lit";
import type { Lexicon } from "../lexicon.js";
import { comparedView } from "../record/changed.js";
import type { AgendaItem, SinceMet } from "../wire.js";
import type { Speaker } from "./catalogue/shelf.js";

type Touched = Extract<SinceMet, { type: "touched" }>;
type Vote = NonNullable<Touched["votes"]>[number];

function voteLine(lexicon: Lexicon, { rule, by, onBehalfOf, answer, at, void: isVoid }: Vote) {
  const person = onBehalfOf
    ? lexicon.t("person.for", { person: lexicon.person(by), other: lexicon.person(onBehalfOf) })
    : lexicon.person(by);
  const said = lexicon.t(`record.vote.${answer}`, { person, when: lexicon.date(at) });
  return html`${lexicon.rule(rule)}: ${said}${isVoid ? html` <span class="tag">${lexicon.t("record.vote.void")}</span>` : nothing}`;
}

/** In short lines, the fields before and after folded away beneath them. */
export function sinceView({ lexicon, say }: Pick<Speaker, "lexicon" | "say">, { number, sinceMet: since }: AgendaItem) {
  if (!since) return nothing;
  if (since.type === "submitted") return html`<p class="since">${say("since.submitted")}</p>`;
  const { fields = [], level, asked = [], dropped = [], adopted, votes = [] } = since;
  const counts = (["answered", "evidence", "comments"] as const).filter((what) => since[what] > 0);
  const lines = [
    ...(level ? [say("since.level", { level: lexicon.level(level) })] : []),
    ...(asked.length > 0 ? [say("since.asked", { rules: lexicon.rules(asked) })] : []),
    ...(dropped.length > 0 ? [say("since.dropped", { rules: lexicon.rules(dropped) })] : []),
    ...(adopted ? [say("since.adopted")] : []),
    ...votes.map((vote) => voteLine(lexicon, vote)),
    ...counts.map((what) => say(`since.${what}`, { count: since[what] })),
  ];
  const compared =
    fields.length > 0
      ? html`<details data-part="compared"><summary part="disclosure" aria-label=${`${say("since.fields", { count: fields.length })}: ${say("since.fields.of", { number })}`}>${say("since.fields", { count: fields.length })}</summary>${comparedView({ lexicon }, fields)}</details>`
      : nothing;
  return html`<div class="since" data-part="since"><p class="label small">${say("since.title")}</p>
    ${lines.length > 0 ? html`<ul class="reasons">${lines.map((line) => html`<li>${line}</li>`)}</ul>` : nothing}${compared}</div>`;
}
