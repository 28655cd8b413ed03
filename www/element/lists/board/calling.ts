// What is asked before a meeting is called, or called off.

import { html, nothing, type TemplateResult } from "lit";
import { inputOf } from "../../controls/control.js";
import { dateTime } from "../../controls/time.js";
import type { AgendaItem, ChangeId, Instant } from "../../wire.js";
import type { Speaker } from "../catalogue/shelf.js";

/** A meeting that somebody is about to call: nothing is sent before it is confirmed. */
export interface Calling {
  readonly at: Instant | undefined;
  readonly place: string;
  /** What is left off the agenda. */
  readonly without: ReadonlySet<ChangeId>;
  /** Whether it was tried: from then on what is missing is said. */
  readonly tried: boolean;
}

export const NOT_CALLED: Calling = { at: undefined, place: "", without: new Set(), tried: false };

/** What the forms ask of the board. */
export interface CallingHands {
  /** Every reason why it was not taken. */
  readonly refused: TemplateResult | typeof nothing;
  write(calling: Partial<Calling>): void;
  send(): void;
  cancel(): void;
}

/** Whether a time is given. */
export function isInstant(at: string | undefined): at is Instant {
  return at !== undefined && !Number.isNaN(Date.parse(at));
}

function whenView({ lexicon, say }: Speaker, { at, tried }: Calling, hands: CallingHands) {
  const invalid = tried && !isInstant(at);
  const control = dateTime({
    id: "call-at",
    kind: { type: "dateTime" },
    value: at,
    label: say("call.when"),
    labelId: "call-at-label",
    describedBy: invalid ? "call-at-finding" : undefined,
    invalid,
    required: true,
    lexicon,
    cellFinding: () => undefined,
    change: (value) => hands.write({ at: typeof value === "string" ? value : undefined }),
  });
  const finding = invalid
    ? html`<span class="stops"><strong>${lexicon.t("form.error")}</strong> ${lexicon.t("field.required")}</span>`
    : nothing;
  return html`<div class="field"><label class="label" id="call-at-label" for="call-at">${say("call.when")} <span class="mark">${lexicon.t("form.required")}</span></label>
    ${control}<div class="finding" id="call-at-finding">${finding}</div></div>`;
}

function itemView({ lexicon }: Speaker, item: AgendaItem, { without }: Calling, hands: CallingHands) {
  const { change, number, title } = item;
  const toggle = (event: Event) => {
    const others = [...without].filter((known) => known !== change);
    hands.write({ without: new Set(inputOf(event).checked ? others : [...others, change]) });
  };
  return html`<label class="option"><input type="checkbox" data-agenda=${change} .checked=${!without.has(change)} @change=${toggle}>
    <span dir="auto">${number} ${title || lexicon.t("record.erased")}</span></label>`;
}

/** When, where and over what; then it is confirmed. */
export function callingView(speaker: Speaker, calling: Calling, items: readonly AgendaItem[], hands: CallingHands) {
  const { say } = speaker;
  const agenda =
    items.length === 0
      ? html`<p class="quiet">${say("board.agenda.none")}</p>`
      : html`<fieldset class="field"><legend class="label">${say("call.agenda")}</legend>${items.map((item) => itemView(speaker, item, calling, hands))}</fieldset>`;
  return html`<section class="part" part="calling" aria-labelledby="calling"><h3 id="calling" tabindex="-1">${say("step.call")}</h3>
    ${whenView(speaker, calling, hands)}
    <div class="field"><label class="label" for="call-place">${say("call.place")}</label>
      <input class="input" id="call-place" autocomplete="off" .value=${calling.place} @input=${(event: Event) => hands.write({ place: inputOf(event).value })}></div>
    ${agenda}${hands.refused}
    <div class="buttons"><button type="button" class="primary" part="button" data-action="call-confirm" @click=${() => hands.send()}>${say("call.confirm")}</button>
      <button type="button" class="quiet" part="button" data-action="cancel" @click=${() => hands.cancel()}>${say("step.cancel")}</button></div></section>`;
}

/** Why a meeting is called off. */
export function callingOffView({ say }: Speaker, reason: string, write: (reason: string) => void, hands: CallingHands) {
  const typed = (event: Event) => write((event.currentTarget as HTMLTextAreaElement).value);
  return html`<div class="part" data-part="calling-off"><div class="field"><label class="label" for="call-off-reason">${say("step.reason")}</label>
      <textarea class="input" id="call-off-reason" rows="2" .value=${reason} @input=${typed}></textarea></div>${hands.refused}
    <div class="buttons"><button type="button" class="primary" part="button" data-action="call-off-confirm" @click=${() => hands.send()}>${say("call.off.confirm")}</button>
      <button type="button" class="quiet" part="button" data-action="cancel" @click=${() => hands.cancel()}>${say("step.cancel")}</button></div></div>`;
}
