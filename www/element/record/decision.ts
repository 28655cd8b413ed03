// The card on which a decision is made: everything that it needs, in one place.

import { html, nothing, type TemplateResult } from "lit";
import type { Drafting } from "../form/drafting.js";
import { riskView } from "../form/risk.js";
import { levelTag } from "../form/status.js";
import { conflictsView } from "../form/when.js";
import type { Permission } from "../wire.js";
import { approvalsView } from "./approvals.js";
import { contentView } from "./content.js";
import { changedView, processToRead } from "./process.js";
import { type ChangeRecord, windowOf } from "./record.js";
import { commentsView } from "./work.js";

/** Whether a gesture says yes, no or neither to the change. */
export function isDecision({ command, rule }: Permission): boolean {
  return command === "approve" || command === "decline" || command === "defer" || (command === "ask" && Boolean(rule));
}

function block(title: unknown, content: TemplateResult) {
  return html`<section class="card-block"><h4 class="label">${title}</h4><div class="panel-body">${content}</div></section>`;
}

/** Risk with its reasons, window, what is in the way, other votes, and the whole content. */
export function decisionCard(record: ChangeRecord, drafting: Drafting | undefined) {
  const { lexicon, reading } = record;
  const window = windowOf(record);
  return html`<div class="card-columns" part="decision">
    <div class="card-side">
      ${block(html`${lexicon.t("risk.title")} ${levelTag(lexicon, reading.change.level)}`, drafting ? riskView(lexicon, drafting.assessment) : html`…`)}
      ${window ? block(lexicon.t("record.window"), html`<p>${window}</p>`) : nothing}
      ${block(lexicon.t("conflicts.title"), drafting ? conflictsView(drafting, lexicon) : html`…`)}
      ${block(lexicon.t("record.votes"), approvalsView(record))}</div>
    <div class="main">${changedView(record)}${contentView(record)}${processToRead(record)}${commentsView(record)}</div></div>`;
}
