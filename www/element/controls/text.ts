import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import type { Value } from "../wire.js";
import { aria, type ControlState, type ControlView, inputOf, type KindOf, kept, textOf } from "./control.js";

function shownText(value: Value | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** One line of text. */
export const text: ControlView<KindOf<"text">> = (state) => html`
  <input
    class="input" part="input" type="text" autocomplete="off"
    id=${state.id}
    aria-describedby=${ifDefined(state.describedBy)}
    aria-invalid=${ifDefined(aria(state.invalid))}
    aria-required=${ifDefined(aria(state.required))}
    ${kept(shownText(state.value), (typed) => typed === shownText(state.value))}
    @input=${(event: Event) => state.change(textOf(event))}
  />`;

const LEAST_ROWS = 3;
const MOST_ROWS = 16;

/** Where style sheets cannot let a text area grow with its text, the lines are counted. */
function rows(value: string): number {
  if (CSS.supports("field-sizing", "content")) return LEAST_ROWS;
  const lines = value.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 80), 0);
  return Math.min(MOST_ROWS, Math.max(LEAST_ROWS, lines));
}

/** Text of several lines, as tall as the text. */
export const longText: ControlView<KindOf<"longText">> = (state) => html`
  <textarea
    class="input long" part="input"
    id=${state.id}
    rows=${rows(shownText(state.value))}
    aria-describedby=${ifDefined(state.describedBy)}
    aria-invalid=${ifDefined(aria(state.invalid))}
    aria-required=${ifDefined(aria(state.required))}
    ${kept(shownText(state.value), (typed) => typed === shownText(state.value))}
    @input=${(event: Event) => state.change(textOf(event))}
  ></textarea>`;

/** A whole number where the text is one that JavaScript holds exactly; else the text as it was typed. */
export function wholeOrTyped(typed: string): number | string | undefined {
  const trimmed = typed.trim();
  const number = Number(trimmed);
  if (/^[+-]?\d+$/.test(trimmed) && Number.isSafeInteger(number)) return number === 0 ? 0 : number;
  return typed || undefined;
}

function unit({ kind, id, lexicon }: ControlState<KindOf<"number">>) {
  return kind.unit ? html`<span class="unit" id="${id}-unit">${lexicon.say(kind.unit)}</span>` : nothing;
}

/** A whole number with its unit. What is none is kept as typed. */
export const number: ControlView<KindOf<"number">> = (state) => {
  const described = [state.kind.unit ? `${state.id}-unit` : "", state.describedBy ?? ""].join(" ").trim();
  return html`<span class="with-unit">
    <input
      class="input short" part="input" type="text" inputmode="numeric" autocomplete="off"
      id=${state.id}
      aria-describedby=${ifDefined(described || undefined)}
      aria-invalid=${ifDefined(aria(state.invalid))}
      aria-required=${ifDefined(aria(state.required))}
      ${kept(shownText(state.value), (typed) => wholeOrTyped(typed) === state.value)}
      @input=${(event: Event) => state.change(wholeOrTyped(inputOf(event).value))}
    />${unit(state)}</span>`;
};
