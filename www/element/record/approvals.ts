// Whose yes it needs, and what was said.

import { html, nothing } from "lit";
import { quorumText } from "../form/approvals.js";
import type { ApprovalStands, RequiredApproval, Vote } from "../wire.js";
import { type ChangeRecord, wordsOf } from "./record.js";

function who({ lexicon }: ChangeRecord, person: string, other: string | null | undefined): string {
  return other
    ? lexicon.t("person.for", { person: lexicon.person(person), other: lexicon.person(other) })
    : lexicon.person(person);
}

function voteView(record: ChangeRecord, vote: Vote) {
  const { lexicon } = record;
  const said = lexicon.t(`record.vote.${vote.answer}`, {
    person: who(record, vote.by, vote.onBehalfOf),
    when: lexicon.date(vote.at),
  });
  const until = vote.until ? ` ${lexicon.t("record.vote.until", { until: lexicon.date(vote.until) })}` : "";
  return html`<li class="vote ${vote.answer} ${vote.void ? "void" : ""}" part="vote" data-void=${vote.void}>
    <span class="vote-said">${said}${until}</span>${vote.void ? html` <span class="tag">${lexicon.t("record.vote.void")}</span>` : nothing}
    ${vote.words ? html`<q class="said" dir="auto">${wordsOf(record, vote.words)}</q>` : nothing}</li>`;
}

function eligible(record: ChangeRecord, approval: RequiredApproval) {
  const { lexicon } = record;
  if (approval.eligible.length === 0)
    return html`<p class="finding"><span class="stops">${lexicon.t("approvals.nobody")}</span></p>`;
  const names = approval.eligible.map(({ person, onBehalfOf }) => who(record, person, onBehalfOf)).join(", ");
  const quorum = quorumText(lexicon, approval);
  return html`<p class="note">${quorum ? `${quorum}: ` : ""}${names}</p>${aboveView(record, approval)}${remindedView(record, approval)}`;
}

/** Who was last reminded, while their answer is waited for. */
function remindedView({ lexicon, reading }: ChangeRecord, { rule }: RequiredApproval) {
  const { askedSince, resumedAt, reminded } = reading.change;
  const isAsked = (at: string) => at >= (askedSince ?? "") && at >= (resumedAt ?? "");
  const last = reminded?.filter((known) => known.rule === rule && isAsked(known.at)).at(-1);
  if (!last || !reading.says.asked.includes(rule)) return nothing;
  const people = lexicon.list(last.people.map((person) => lexicon.person(person)));
  return html`<p class="note" data-reminded>${lexicon.t("process.reminded", { people, when: lexicon.date(last.at) })}</p>`;
}

/** Those above, who were asked because it waited too long. */
function aboveView({ lexicon, reading }: ChangeRecord, { rule }: RequiredApproval) {
  const { askedSince, escalated } = reading.change;
  const last = escalated.filter((known) => known.rule === rule && known.at >= (askedSince ?? "")).at(-1);
  if (!last || !reading.says.asked.includes(rule)) return nothing;
  const people = lexicon.list(last.to.map((person) => lexicon.person(person)));
  return html`<p class="note" data-escalated>${lexicon.t("process.escalated", { people })}</p>`;
}

/** Where a rule stands, as the core says it; what is not known to it was never asked. */
function standsOf({ reading }: ChangeRecord, { rule }: RequiredApproval): ApprovalStands {
  return reading.says.approvals.find((known) => known.rule === rule)?.stands ?? { type: "missing" };
}

function standsView({ lexicon }: ChangeRecord, stands: ApprovalStands) {
  switch (stands.type) {
    case "withdrawn":
      return html`<span class="tag">${lexicon.t("record.withdrawn", { because: lexicon.t(`moot.${stands.because}`) })}</span>`;
    case "refused":
      return html`<span class="tag stops-tag">${lexicon.t("record.stands.no")}</span>`;
    case "given":
      return html`<span class="tag good-tag">${lexicon.t("record.stands.yes")}</span>`;
    case "asked":
      return html`<span class="tag">${lexicon.t("record.stands.open")}</span>`;
    case "later":
      return html`<span class="tag">${lexicon.t("record.stands.later")}</span>`;
    case "missing":
      return html`<span class="tag">${lexicon.t("record.stands.missing")}</span>`;
  }
}

/** Decisions that others took on because somebody left. */
function handedOnView({ lexicon, reading }: ChangeRecord) {
  const { handedOn } = reading.change;
  return handedOn.map(
    ({ from, to }) =>
      html`<p class="note">${lexicon.t("log.handedOn", { from: lexicon.person(from), to: lexicon.person(to) })}</p>`,
  );
}

function approvalView(record: ChangeRecord, approval: RequiredApproval) {
  const { lexicon } = record;
  const votes = record.reading.change.votes.filter(({ rule }) => rule === approval.rule);
  const rule = lexicon.policy.approvals.find(({ id }) => id === approval.rule);
  const stands = votes.filter((vote) => !vote.void).at(-1)?.answer ?? "open";
  return html`<li class="approval" part="approval" data-rule=${approval.rule} data-stands=${stands}>
    <p class="label small">${lexicon.rule(approval.rule)} ${standsView(record, standsOf(record, approval))}</p>
    ${rule ? html`<p class="note">${lexicon.t("approvals.why", { because: lexicon.say(rule.because) })}</p>` : nothing}
    ${eligible(record, approval)}
    ${votes.length > 0 ? html`<ul class="votes">${votes.map((vote) => voteView(record, vote))}</ul>` : nothing}</li>`;
}

/** Votes to rules that the change does not need any more. */
function formerView(record: ChangeRecord) {
  const { approvals, votes } = record.reading.change;
  const former = votes.filter(({ rule }) => approvals.every((approval) => approval.rule !== rule));
  if (former.length === 0) return nothing;
  return html`<p class="label small">${record.lexicon.t("record.vote.former")}</p>
    <ul class="votes">${former.map((vote) => voteView(record, vote))}</ul>`;
}

function authorized({ lexicon, reading }: ChangeRecord) {
  const { authorized } = reading.change;
  return authorized
    ? html`<p class="authorized">${lexicon.t("record.authorized", { when: lexicon.date(authorized.at) })}</p>`
    : nothing;
}

/** Every approval with its votes; those that count no more are marked. */
export function approvalsView(record: ChangeRecord) {
  const { approvals } = record.reading.change;
  return html`${authorized(record)}
    ${approvals.length === 0 ? html`<p class="note">${record.lexicon.t("record.approvals.none")}</p>` : nothing}
    <ul class="approvals">${approvals.map((approval) => approvalView(record, approval))}</ul>${formerView(record)}${handedOnView(record)}`;
}
