import { html } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import type { Choice, Value } from "../wire.js";
import { aria, type ControlState, type ControlView, inputOf, type KindOf } from "./control.js";

/** More answers than this are folded into a list to pick from. */
export const MOST_RADIOS = 4;

interface Option {
  readonly key: string;
  readonly label: string;
  readonly value: Value;
}

/** The first radio carries the id, so that whoever goes to the field lands on it. */
function radios(state: ControlState, options: readonly Option[]) {
  return html`<div class="options" part="options">${options.map(
    (option, index) => html`<label class="option" part="option">
      <input
        type="radio"
        id=${index === 0 ? state.id : `${state.id}-${option.key}`}
        name=${state.id}
        value=${option.key}
        aria-describedby=${ifDefined(state.describedBy)}
        .checked=${live(state.value === option.value)}
        @change=${() => state.change(option.value)}
      /><span>${option.label}</span></label>`,
  )}</div>`;
}

function toOption(state: ControlState, option: Choice): Option {
  return { key: option.id, label: state.lexicon.say(option.label), value: option.id };
}

const select: ControlView<KindOf<"choice">> = (state) => html`
  <select
    class="input" part="input"
    id=${state.id}
    aria-describedby=${ifDefined(state.describedBy)}
    aria-invalid=${ifDefined(aria(state.invalid))}
    aria-required=${ifDefined(aria(state.required))}
    @change=${(event: Event) => state.change(inputOf(event).value || undefined)}
  >
    <option value="" .selected=${live(state.value === undefined)}>${state.lexicon.t("control.choose")}</option>
    ${state.kind.options.map(
      ({ id, label }) =>
        html`<option value=${id} .selected=${live(state.value === id)}>${state.lexicon.say(label)}</option>`,
    )}
  </select>`;

/** One of several answers: radios while they are few. */
export const choice: ControlView<KindOf<"choice">> = (state) => {
  const { options } = state.kind;
  if (options.length > MOST_RADIOS) return select(state);
  return radios(
    state,
    options.map((option) => toOption(state, option)),
  );
};

/** Yes or no. */
export const yesNo: ControlView<KindOf<"yesNo">> = (state) =>
  radios(state, [
    { key: "true", label: state.lexicon.t("control.yes"), value: true },
    { key: "false", label: state.lexicon.t("control.no"), value: false },
  ]);

function ticked(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

function toggle(state: ControlState<KindOf<"several">>, id: string, event: Event): void {
  const { checked } = inputOf(event);
  const before = ticked(state.value);
  const after = state.kind.options
    .map((option) => option.id)
    .filter((known) => (known === id ? checked : before.includes(known)));
  state.change(after.length > 0 ? after : undefined);
}

/** Any of several answers. */
export const several: ControlView<KindOf<"several">> = (state) => html`
  <div class="options" part="options">${state.kind.options.map(
    (option, index) => html`<label class="option" part="option">
      <input
        type="checkbox"
        id=${index === 0 ? state.id : `${state.id}-${option.id}`}
        value=${option.id}
        aria-describedby=${ifDefined(state.describedBy)}
        .checked=${live(ticked(state.value).includes(option.id))}
        @change=${(event: Event) => toggle(state, option.id, event)}
      /><span>${state.lexicon.say(option.label)}</span></label>`,
  )}</div>`;
