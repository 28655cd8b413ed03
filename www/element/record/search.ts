// One of many, found by typing a part of what it is called.

import { html } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import { aria, type ControlState, inputOf } from "../controls/control.js";
import type { Choice } from "../wire.js";

/** The one that a text names: whole, or by its first word, where only one begins so. */
export function foundBy(
  typed: string,
  options: readonly Choice[],
  say: (option: Choice) => string,
): string | undefined {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return undefined;
  const whole = options.find((option) => say(option).toLowerCase() === wanted);
  const begun = options.filter((option) => say(option).toLowerCase().split(" ")[0] === wanted);
  return (whole ?? (begun.length === 1 ? begun[0] : undefined))?.id;
}

/** What was typed into a control and means nothing yet. */
const typedTexts = new Map<string, string>();

/** A text with suggestions; what names none of them is no answer. */
export function searchOf(state: ControlState) {
  const { id, kind, lexicon } = state;
  const options = kind.type === "choice" ? kind.options : [];
  const say = (option: Choice) => lexicon.say(option.label);
  const chosen = options.find((option) => option.id === state.value);
  const take = (typed: string) => {
    typedTexts.set(id, typed);
    state.change(foundBy(typed, options, say));
  };
  const shown = typedTexts.get(id);
  const stands = shown !== undefined && foundBy(shown, options, say) === state.value ? shown : chosen && say(chosen);
  return html`<input class="input" part="input" type="text" autocomplete="off" id=${id} list="${id}-list"
      aria-describedby=${ifDefined(state.describedBy)} aria-invalid=${ifDefined(aria(state.invalid))} aria-required=${ifDefined(aria(state.required))}
      .value=${live(stands ?? "")} @input=${(event: Event) => take(inputOf(event).value)}>
    <datalist id="${id}-list">${options.map((option) => html`<option value=${say(option)}></option>`)}</datalist>`;
}
