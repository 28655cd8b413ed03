import { html, nothing } from "lit";
import { levelTag } from "../form/status.js";
import { type ChangeRecord, meant, titleOf, windowOf } from "./record.js";
import { waitsFor } from "./waits.js";

function fact(name: string, value: string | undefined) {
  return value ? html`<div class="fact"><dt>${name}</dt><dd>${value}</dd></div>` : nothing;
}

function hasStarted({ reading }: ChangeRecord): string | undefined {
  const { startedAt, completed } = reading.change;
  return completed ? undefined : (startedAt ?? undefined);
}

/** What it is, where it stands, and for whom it waits. */
export function headerView(record: ChangeRecord) {
  const { lexicon } = record;
  const { change } = record.reading;
  const waits = waitsFor(record);
  const started = hasStarted(record);
  return html`<header class="record-head" part="record-head">
    <p class="record-number">${change.number} · ${lexicon.model(change.model)}</p>
    <h2 class="record-title" part="record-title" id="cgr-title" tabindex="-1" dir="auto">${titleOf(record)}</h2>
    <p class="record-tags">
      <span class="state" part="state" data-phase=${change.phase}>${lexicon.state(change.state, change.model)}</span>
      <span class="record-level">${lexicon.t("status.level", { level: "" })}${levelTag(lexicon, change.level)}</span></p>
    ${waits ? html`<p class="record-waits">${waits}</p>` : nothing}
    <dl class="facts">
      ${fact(lexicon.t("record.requester"), lexicon.person(change.requester))}
      ${fact(lexicon.t("record.submitted"), lexicon.date(change.submittedAt))}
      ${fact(lexicon.t("record.window"), windowOf(record) ?? (meant(record, "windowStart") ? undefined : lexicon.t("record.window.none")))}
      ${started ? fact(lexicon.t("record.started"), lexicon.date(started)) : nothing}</dl></header>`;
}
