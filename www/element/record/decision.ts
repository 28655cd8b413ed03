// The card on which a decision is made: everything that it needs on one page, and the five answers to it.

import { html, nothing, type TemplateResult } from "lit";
import type { Drafting } from "../form/drafting.js";
import { riskView } from "../form/risk.js";
import { levelTag } from "../form/status.js";
import { conflictsView } from "../form/when.js";
import type { CommandKind, Permission, RuleId } from "../wire.js";
import { approvalsView } from "./approvals.js";
import { announcementsView, relationsView, waiversView } from "./beside.js";
import { changedView } from "./changed.js";
import { commentsView } from "./comments.js";
import { contentView } from "./content.js";
import { evidenceView } from "./evidence.js";
import { type Gesture, keyOf } from "./gesture.js";
import { askedForm, type Making, type PanelActions } from "./panel.js";
import { AT_REST } from "./part.js";
import { conditionsView, questionsView } from "./questions.js";
import { type ChangeRecord, reasonsOf, windowOf } from "./record.js";
import { judgedView } from "./recorded.js";
import { servicesView } from "./services.js";
import { checklistView, tasksView } from "./tasks.js";

/** The five answers, in the order in which they are offered. */
const ANSWERS = [
  { id: "yes", command: "approve" },
  { id: "conditions", command: "approve" },
  { id: "ask", command: "ask" },
  { id: "defer", command: "defer" },
  { id: "no", command: "decline" },
] as const satisfies readonly { id: string; command: CommandKind }[];

/** What a decision asks of the record. */
export interface DecisionActions extends PanelActions {
  answerWith(gesture: Gesture): void;
}

function block(title: unknown, content: TemplateResult | typeof nothing) {
  return html`<section class="card-block"><h4 class="label">${title}</h4><div class="panel-body">${content}</div></section>`;
}

/** The same to read: what can be done with it stands elsewhere. */
function toRead(record: ChangeRecord): ChangeRecord {
  const permissions = record.reading.permissions.map((permission) => ({ ...permission, allowed: false }));
  return { ...record, reading: { ...record.reading, permissions } };
}

/** How risky it is, when it is done, what is in the way then, and who else decides. */
function sideView(record: ChangeRecord, drafting: Drafting | undefined) {
  const { lexicon, reading } = record;
  const window = windowOf(record);
  return html`<div class="card-side">
    ${block(html`${lexicon.t("risk.title")} ${levelTag(lexicon, reading.change.level)}`, drafting ? riskView(lexicon, drafting.assessment) : html`…`)}
    ${block(lexicon.t("record.window"), html`<p>${window ?? lexicon.t("record.window.none")}</p>`)}
    ${block(lexicon.t("conflicts.title"), drafting ? conflictsView(drafting, lexicon) : html`…`)}
    ${block(lexicon.t("record.votes"), approvalsView(record))}</div>`;
}

function mainView(record: ChangeRecord) {
  const read = toRead(record);
  return html`<div class="card-main">${changedView(read)}${contentView(read, AT_REST)}${servicesView(read)}${questionsView(read, AT_REST)}${conditionsView(read, AT_REST)}
    ${tasksView(read, AT_REST)}${checklistView(read, AT_REST)}${evidenceView(read, AT_REST)}${judgedView(read)}${relationsView(read, AT_REST)}
    ${waiversView(read, AT_REST)}${announcementsView(read)}${commentsView(read, AT_REST)}</div>`;
}

/** The gesture of an answer to a rule. */
function gestureOf(record: ChangeRecord, rule: RuleId, answer: (typeof ANSWERS)[number]): Gesture | undefined {
  const isOwn = (known: Permission) => known.command === answer.command && known.rule === rule;
  const permission = record.reading.permissions.find(isOwn);
  return permission && { permission, conditional: answer.id === "conditions" };
}

/** An answer, with in whose place it is given. */
function answerText({ lexicon }: ChangeRecord, { permission }: Gesture, id: (typeof ANSWERS)[number]["id"]): string {
  const text = lexicon.t(`answer.${id}`);
  const { onBehalfOf } = permission;
  return onBehalfOf ? lexicon.t("gesture.in-place-of", { gesture: text, person: lexicon.person(onBehalfOf) }) : text;
}

function answerView(
  record: ChangeRecord,
  rule: RuleId,
  answer: (typeof ANSWERS)[number],
  making: Making | undefined,
  actions: DecisionActions,
) {
  const { lexicon } = record;
  const gesture = gestureOf(record, rule, answer);
  if (!gesture) return nothing;
  const { allowed, refusals } = gesture.permission;
  const isChosen = making !== undefined && keyOf(making.gesture) === keyOf(gesture);
  const why = allowed ? lexicon.t(`answer.${answer.id}.help`) : reasonsOf(record, refusals).join(". ");
  return html`<label class="option answer-option" part="option" data-answer=${answer.id}>
    <input type="radio" name="cgr-answer" value=${answer.id} data-key=${keyOf(gesture)} ?disabled=${!allowed} .checked=${isChosen}
      aria-describedby="cgr-answer-${answer.id}" @change=${() => actions.answerWith(gesture)}>
    <span>${answerText(record, gesture, answer.id)}<span class="more" id="cgr-answer-${answer.id}">${why}</span></span></label>`;
}

function answersView(record: ChangeRecord, rule: RuleId, making: Making | undefined, actions: DecisionActions) {
  const { lexicon } = record;
  const close = html`<div class="buttons"><button type="button" class="secondary" part="button" data-action="close" @click=${() => actions.close()}>${lexicon.t("record.close")}</button></div>`;
  return html`<div class="card-answer"><fieldset class="answers" role="radiogroup" aria-labelledby="cgr-answer-title">
      <legend class="gesture-title" id="cgr-answer-title">${lexicon.t("answer.title")}</legend>
      ${ANSWERS.map((answer) => answerView(record, rule, answer, making, actions))}</fieldset>
    ${making ? askedForm(record, making, actions) : close}</div>`;
}

/** The answers stand behind all that there is to read, or beside it. */
function goToAnswer(event: Event): void {
  const card = (event.currentTarget as Element).closest(".decision");
  const first = card?.querySelector<HTMLElement>(".answers input:not(:disabled)");
  first?.focus();
  first?.scrollIntoView({ block: "center" });
}

/** All that a decision needs, in the order in which one asks for it; then the answers. */
export function decisionView(
  record: ChangeRecord,
  rule: RuleId,
  drafting: Drafting | undefined,
  making: Making | undefined,
  actions: DecisionActions,
) {
  const { lexicon } = record;
  const known = lexicon.policy.approvals.find(({ id }) => id === rule);
  const title = lexicon.t("gesture.decide", { rule: lexicon.rule(rule) });
  return html`<section class="gesture decision" part="decision" id="cgr-panel" tabindex="-1" aria-labelledby="cgr-panel-title" data-gesture="decide" data-rule=${rule}>
    <div class="decision-head"><h3 class="gesture-title" id="cgr-panel-title">${title}</h3>
      <div class="buttons small"><button type="button" class="secondary" part="button" data-action="go" @click=${goToAnswer}>${lexicon.t("answer.go")}</button>
      <button type="button" class="quiet" part="button" data-action="print" @click=${() => globalThis.print()}>${lexicon.t("record.print")}</button></div></div>
    ${known ? html`<p class="note">${lexicon.t("approvals.why", { because: lexicon.say(known.because) })}</p>` : nothing}
    <div class="card-columns">${sideView(record, drafting)}${mainView(record)}${answersView(record, rule, making, actions)}</div></section>`;
}
