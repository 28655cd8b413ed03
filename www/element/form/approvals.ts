import { html, nothing } from "lit";
import type { Lexicon } from "../lexicon.js";
import type { Assessment, Candidate, RequiredApproval } from "../wire.js";

/** How many names are said before "and more". */
const MOST_NAMES = 6;

/** Who can give it, by name. */
function candidate(lexicon: Lexicon, { person, onBehalfOf }: Candidate): string {
  const name = lexicon.person(person);
  return onBehalfOf ? lexicon.t("person.for", { person: name, other: lexicon.person(onBehalfOf) }) : name;
}

/** How many of them, in words. */
export function quorumText(lexicon: Lexicon, { quorum, eligible }: RequiredApproval): string {
  if (eligible.length === 1) return "";
  switch (quorum.type) {
    case "any":
      return lexicon.t("approvals.any");
    case "all":
      return lexicon.t("approvals.all");
    case "atLeast":
      return lexicon.t("approvals.atLeast", { count: quorum.number });
    case "percent":
      return lexicon.t("approvals.percent", { percent: quorum.percent });
  }
}

function people(lexicon: Lexicon, approval: RequiredApproval) {
  const { eligible } = approval;
  if (eligible.length === 0)
    return html`<p class="finding"><span class="stops">${lexicon.t("approvals.nobody")}</span></p>`;
  const quorum = quorumText(lexicon, approval);
  const rest = eligible.length - MOST_NAMES;
  const names = eligible
    .slice(0, MOST_NAMES)
    .map((known) => candidate(lexicon, known))
    .join(", ");
  return html`<p class="people">${quorum ? `${quorum}: ` : ""}<strong>${names}</strong>
    ${rest > 0 ? lexicon.t("approvals.more", { count: rest }) : nothing}</p>`;
}

function conflicted(lexicon: Lexicon, { conflicted }: RequiredApproval) {
  if (!conflicted?.length) return nothing;
  const named = lexicon.list(conflicted.map((person) => lexicon.person(person)));
  return html`<p class="note">${lexicon.t("approvals.conflicted", { people: named })}</p>`;
}

function approvalView(lexicon: Lexicon, approval: RequiredApproval) {
  const rule = lexicon.policy.approvals.find((known) => known.id === approval.rule);
  return html`<li class="approval" part="approval" data-rule=${approval.rule}>
    <p class="label small">${lexicon.rule(approval.rule)}</p>
    ${people(lexicon, approval)}
    ${rule ? html`<p class="note">${lexicon.t("approvals.why", { because: lexicon.say(rule.because) })}</p>` : nothing}
    ${approval.byDeputies ? html`<p class="note">${lexicon.t("approvals.deputies")}</p>` : nothing}
    ${conflicted(lexicon, approval)}</li>`;
}

function stageView(lexicon: Lexicon, approvals: readonly RequiredApproval[], stage: number, at: number, count: number) {
  const own = approvals.filter((approval) => approval.stage === stage);
  const title =
    count > 1 ? html`<p class="stage-title">${lexicon.t("approvals.stage", { stage: at + 1 })}</p>` : nothing;
  return html`<li class="stage">${title}<ul class="approvals">${own.map((approval) => approvalView(lexicon, approval))}</ul></li>`;
}

/** Whose yes it will need, in order of stage: who can give it, by which rule and why. */
export function approvalsView(lexicon: Lexicon, { approvals, model }: Assessment) {
  if (approvals.length === 0) {
    const isPreApproved = lexicon.models.get(model)?.authorization.type === "preApproved";
    return html`<p>${lexicon.t(isPreApproved ? "approvals.none" : "approvals.none.unknown")}</p>`;
  }
  const stages = [...new Set(approvals.map(({ stage }) => stage))];
  return html`<ol class="stages">${stages.map((stage, at) => stageView(lexicon, approvals, stage, at, stages.length))}</ol>`;
}
