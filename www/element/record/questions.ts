// What the requester was asked, and what a yes was made conditional on.

import { html, nothing } from "lit";
import type { FieldId, Question } from "../wire.js";
import { allowedOf, bylineOf, type Hands, handsOn, noteOf, partOf, saidView } from "./part.js";
import { type ChangeRecord, fieldsShown } from "./record.js";

/** Whether a number is among those that are still to be done. */
function isIn(open: readonly number[] | undefined, number: number): boolean {
  return open?.includes(number) ?? false;
}

function questionView(record: ChangeRecord, hands: Hands, { asked, answer, rule }: Question, number: number) {
  const { lexicon, reading } = record;
  const who = lexicon.t("process.question", { person: lexicon.person(asked.by), when: lexicon.date(asked.at) });
  const open = allowedOf(record, "answer", String(number));
  const isOpen = isIn(reading.says.open.questions, number);
  const stands = answer
    ? html`<div class="answer-given">${saidView(record, answer)}${bylineOf(record, answer)}</div>`
    : html`<p><span class="tag open">${lexicon.t(isOpen ? "process.question.open" : "process.question.left")}</span></p>`;
  return html`<li class="question" data-question=${number} data-open=${isOpen ? "true" : "false"}>
    <p class="log-head"><span class="note">${who}${rule ? ` · ${lexicon.rule(rule)}` : ""}</span></p>
    ${saidView(record, asked)}${stands}${handsOn(record, hands, open, open[0])}</li>`;
}

function list(record: ChangeRecord, hands: Hands, isShown: (question: Question) => boolean) {
  const views = record.reading.change.questions.flatMap((question, at) =>
    isShown(question) ? questionView(record, hands, question, at + 1) : [],
  );
  return views.length === 0 ? nothing : html`<ol class="items questions">${views}</ol>`;
}

/** The questions about a field, to be answered beside it. */
export function questionsAbout(record: ChangeRecord, hands: Hands, id: FieldId) {
  return list(record, hands, ({ field }) => field === id);
}

/** The questions about the whole, and those whose field is not shown; a word on open ones that stand beside their field. */
export function questionsView(record: ChangeRecord, hands: Hands) {
  const { lexicon, reading } = record;
  const shown = fieldsShown(record);
  const isBeside = ({ field }: Question) => Boolean(field && shown.has(field));
  const count = reading.change.questions.filter(
    (question, at) => isBeside(question) && isIn(reading.says.open.questions, at + 1),
  ).length;
  const views = list(record, hands, (question) => !isBeside(question));
  if (count === 0 && views === nothing) return nothing;
  const word = count > 0 ? html`<p class="note">${lexicon.t("process.questions.beside.open", { count })}</p>` : nothing;
  return partOf("questions", lexicon.t("process.questions"), html`${word}${views}`);
}

/** What approvers made conditions of their yes; what belongs to a yes that counts no more is left out. */
export function conditionsView(record: ChangeRecord, hands: Hands) {
  const { lexicon, reading } = record;
  const items = reading.change.conditions.flatMap((condition, at) => {
    if (condition.void) return [];
    const { met, rule, set } = condition;
    const isOpen = isIn(reading.says.open.conditions, at + 1);
    const stands = met
      ? html`<p class="note">${lexicon.t("process.condition.met", { person: lexicon.person(met.by), when: lexicon.date(met.at) })}</p>`
      : html`<p><span class="tag open">${lexicon.t(isOpen ? "process.condition.open" : "process.condition.left")}</span></p>`;
    const open = allowedOf(record, "fulfill", String(at + 1));
    return html`<li data-condition=${at + 1} data-open=${isOpen ? "true" : "false"}>
      ${saidView(record, set)}<p class="note">${lexicon.rule(rule)}, ${lexicon.person(set.by)}</p>${stands}${noteOf(record, met)}${handsOn(record, hands, open, open[0])}</li>`;
  });
  if (items.length === 0) return nothing;
  return partOf("conditions", lexicon.t("process.conditions"), html`<ol class="items">${items}</ol>`);
}
