// What shows that something was done: files, links, results.

import { html, nothing } from "lit";
import type { Evidence } from "../wire.js";
import { allowedOf, bylineOf, gestureButton, type Hands, handsOn, partOf, saidView } from "./part.js";
import { type ChangeRecord, wordsOf } from "./record.js";

/** Only an address of the web becomes a link; anything else stays text. */
export function isLink(text: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(text);
}

function linkView(record: ChangeRecord, { link }: Evidence) {
  if (!link) return nothing;
  const text = wordsOf(record, link);
  return html`<p class="said">${isLink(text) ? html`<a href=${text} rel="noopener noreferrer" target="_blank">${text}</a>` : text}</p>`;
}

const KILO = 1000;

/** A size in a unit that a person reads. */
function sizeOf({ lexicon }: ChangeRecord, bytes: number): string {
  const isSmall = bytes < KILO * KILO;
  const unit = isSmall ? "kilobyte" : "megabyte";
  const amount = Math.max(1, Math.round(bytes / (isSmall ? KILO : KILO * KILO)));
  return new Intl.NumberFormat(lexicon.language, { style: "unit", unit }).format(amount);
}

function fileView(record: ChangeRecord, hands: Hands, { file, name }: Evidence) {
  if (!file) return nothing;
  const said = wordsOf(record, name);
  return html`<div class="file"><button type="button" class="secondary" part="button" data-file=${file.sha256}
      @click=${() => hands.openFile(file.sha256, said)}>${record.lexicon.t("process.file.open", { size: sizeOf(record, file.bytes) })}</button>
    <code class="hash" title=${file.sha256}>${file.sha256.slice(0, 12)}</code></div>`;
}

/** Why it does not count, as the core says it. */
function goneOf({ reading }: ChangeRecord, number: number) {
  const stands = reading.says.evidence[number - 1] ?? "counts";
  return stands === "counts" ? undefined : (`process.evidence.${stands}` as const);
}

function itemView(record: ChangeRecord, hands: Hands, evidence: Evidence, number: number) {
  const { lexicon } = record;
  const { kind, name, result, note, retracted } = evidence;
  const gone = goneOf(record, number);
  const tags = html`${result ? html` <span class="tag" data-result=${result}>${lexicon.t(`result.${result}`)}</span>` : nothing}${
    gone ? html` <span class="tag">${lexicon.t(gone)}</span>` : nothing
  }`;
  return html`<li class=${gone ? "evidence void" : "evidence"} part="evidence" data-kind=${kind} data-evidence=${number}>
    <p class="log-head"><strong>${lexicon.rule(kind)}</strong>${tags}</p>
    <p class="said name" dir="auto">${wordsOf(record, name)}</p>${linkView(record, evidence)}${fileView(record, hands, evidence)}
    ${note ? html`<q class="said" dir="auto">${wordsOf(record, note)}</q>` : nothing}${bylineOf(record, evidence)}
    ${retracted ? html`<div class="answer-given">${saidView(record, retracted)}${bylineOf(record, retracted)}</div>` : nothing}
    ${handsOn(record, hands, allowedOf(record, "retract", String(number)))}</li>`;
}

/** The evidence so far, and what the reader may add. */
export function evidenceView(record: ChangeRecord, hands: Hands) {
  const { lexicon, reading } = record;
  const { evidence } = reading.change;
  const more = allowedOf(record, "attach");
  if (evidence.length === 0 && more.length === 0) return nothing;
  const list =
    evidence.length > 0
      ? html`<ol class="items">${evidence.map((known, at) => itemView(record, hands, known, at + 1))}</ol>`
      : html`<p class="note">${lexicon.t("process.evidence.none")}</p>`;
  const buttons = more.map((permission) => gestureButton(record, { permission }, hands, { kind: "secondary" }));
  const adding = more.length === 0 ? nothing : html`<div class="buttons small">${buttons}</div>${hands.form(more)}`;
  return partOf("evidence", lexicon.t("process.evidence"), html`${list}${adding}`);
}
