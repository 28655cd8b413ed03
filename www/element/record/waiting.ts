// What was done here and is not with the host yet, or came back.

import { html, nothing } from "lit";
import type { RecordCode } from "../messages.js";
import type { Outbox, Waiting } from "../outbox.js";
import type { Stored } from "../wire.js";
import { saidOf } from "./gesture.js";
import { entryView } from "./log.js";
import { type ChangeRecord, reasonsOf, textsOf } from "./record.js";

/** What a person can do about a report that came back. */
export interface WaitingActions {
  /** Wants the same on what stands now. */
  again(waiting: Waiting): void;
  drop(waiting: Waiting): void;
  retry(): void;
}

/** What others did since the person looked. */
function since({ report }: Waiting, log: readonly Stored[]): readonly Stored[] {
  return log.filter(({ entry }) => entry.seq > report.expectedSeq);
}

/** The other version: what happened meanwhile. Nothing did where only something of one's own, done before, was not taken. */
function meanwhile(record: ChangeRecord, waiting: Waiting) {
  if (waiting.halt?.type !== "conflict") return nothing;
  const { log } = waiting.halt;
  const seen = { ...record, texts: textsOf(log) };
  const entries = since(waiting, log);
  if (entries.length === 0) return nothing;
  return html`<div class="version"><p class="label small">${record.lexicon.t("outbox.meanwhile")}</p>
    <ol class="log">${entries.map((stored) => entryView(seen, stored))}</ol></div>`;
}

function headline(waiting: Waiting): RecordCode {
  const { halt } = waiting;
  if (halt?.type !== "conflict") return "outbox.refused";
  return since(waiting, halt.log).length > 0 ? "outbox.conflict" : "outbox.orphaned";
}

function yours(record: ChangeRecord, { report }: Waiting) {
  const { text, words } = saidOf(record, report.command);
  return html`<div class="version"><p class="label small">${record.lexicon.t("outbox.yours", { when: record.lexicon.date(report.occurredAt) })}</p>
    <p>${text}${words ? html`<q class="said" dir="auto">${words}</q>` : nothing}</p></div>`;
}

function reasons(record: ChangeRecord, { halt }: Waiting) {
  if (halt?.type !== "refused") return nothing;
  const lines = [...reasonsOf(record, halt.refusals), ...(halt.problem ? [halt.problem.detail] : [])];
  return html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function haltedView(record: ChangeRecord, waiting: Waiting, actions: WaitingActions) {
  const { lexicon } = record;
  const { halt, report } = waiting;
  return html`<div class="notice stops halted" part="notice" role="alert" data-halt=${halt?.type ?? nothing} data-report=${report.id}>
    <p><strong>${lexicon.t(headline(waiting))}</strong></p>
    ${reasons(record, waiting)}
    <div class="versions">${yours(record, waiting)}${meanwhile(record, waiting)}</div>
    <div class="buttons"><button type="button" class="secondary" part="button" data-action="again" @click=${() => actions.again(waiting)}>${lexicon.t("outbox.again")}</button>
      <button type="button" class="quiet" part="button" data-action="drop" @click=${() => actions.drop(waiting)}>${lexicon.t("outbox.drop")}</button></div></div>`;
}

function unsentItem(record: ChangeRecord, { report }: Waiting) {
  const { text, words } = saidOf(record, report.command);
  return html`<li>${text}${words ? html`<q class="said" dir="auto">${words}</q>` : nothing}</li>`;
}

/** Held back by what came back, or on its way. */
function unsentView(
  record: ChangeRecord,
  unsent: readonly Waiting[],
  held: boolean,
  outbox: Outbox,
  actions: WaitingActions,
) {
  const { lexicon } = record;
  const count = unsent.length;
  if (count === 0) return nothing;
  const isTroubled = outbox.trouble && !held;
  return html`<div class="notice plain unsent" part="notice" role="status" data-unsent=${count}>
    <p><strong>${lexicon.t(held ? "outbox.held" : "outbox.waiting", { count })}</strong></p>
    ${isTroubled ? html`<p>${lexicon.t(`outbox.trouble.${outbox.trouble}`)}</p>` : nothing}
    <ul>${unsent.map((waiting) => unsentItem(record, waiting))}</ul>
    ${isTroubled ? html`<div class="buttons"><button type="button" class="secondary" part="button" data-action="retry" @click=${() => actions.retry()}>${lexicon.t("outbox.retry")}</button></div>` : nothing}</div>`;
}

/** What waits to be sent, and what came back with the reason or with what others did meanwhile. */
export function waitingView(record: ChangeRecord, outbox: Outbox, actions: WaitingActions) {
  const all = outbox.of(record.reading.change.id);
  const halted = all.filter(({ halt }) => halt);
  const unsent = all.filter(({ halt }) => !halt);
  return html`${halted.map((waiting) => haltedView(record, waiting, actions))}
    ${unsentView(record, unsent, halted.length > 0, outbox, actions)}`;
}
