import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import type { Value } from "../wire.js";
import { toInstant, toWall } from "../zone.js";
import { aria, type ControlState, type ControlView, inputOf, type KindOf, kept } from "./control.js";
import { wholeOrTyped } from "./text.js";

function wall(state: ControlState): string {
  return typeof state.value === "string" ? toWall(state.value, state.lexicon.zone) : "";
}

/** What the core gets for a wall time: the instant, or the text where it means none. */
function meant(typed: string, zone: string): string | undefined {
  return toInstant(typed, zone)?.instant ?? (typed || undefined);
}

/** Says which zone is meant, and what is meant where clocks change. */
function zoneNote({ id, value, lexicon }: ControlState, typed: string | undefined) {
  const { zone } = lexicon;
  const found = toInstant(typed ?? "", zone);
  const change = found?.change ?? "none";
  const note = change === "gap" ? lexicon.t("control.gap", { time: lexicon.date(String(value), "time") }) : nothing;
  return html`<span class="note" id="${id}-zone">
    ${lexicon.t("control.zone", { zone: zone.replaceAll("_", " ") })}
    ${change === "twice" ? lexicon.t("control.twice") : note}</span>`;
}

/** What was last typed into a control that still means its value: a skipped time reads differently than it was typed. */
const typedWalls = new Map<string, string>();

function typedWall(state: ControlState): string {
  const typed = typedWalls.get(state.id);
  return typed !== undefined && meant(typed, state.lexicon.zone) === state.value ? typed : wall(state);
}

function takeWall(state: ControlState, typed: string): void {
  typedWalls.set(state.id, typed);
  state.change(meant(typed, state.lexicon.zone));
}

/** An instant, as the organisation's clocks show it. */
export const dateTime: ControlView<KindOf<"dateTime">> = (state) => html`<span class="with-unit">
  <input
    class="input moment" part="input" type="datetime-local"
    id=${state.id}
    aria-describedby="${[`${state.id}-zone`, state.describedBy ?? ""].join(" ").trim()}"
    aria-invalid=${ifDefined(aria(state.invalid))}
    aria-required=${ifDefined(aria(state.required))}
    ${kept(typedWall(state), (typed) => meant(typed, state.lexicon.zone) === state.value)}
    @input=${(event: Event) => takeWall(state, inputOf(event).value)}
  />${zoneNote(state, typedWall(state))}</span>`;

/** Hours and minutes as they stand in the two inputs. */
type Parts = readonly [hours: string, minutes: string];

function partsOf(value: Value | undefined): Parts {
  if (typeof value === "string") {
    const [hours = "", minutes = ""] = value.split(":", 2);
    return [hours, minutes];
  }
  if (typeof value !== "number") return ["", ""];
  return [String(Math.trunc(value / 60)), String(value % 60)];
}

/** Whole minutes where both parts are numbers; else the parts as they were typed, with a colon between. */
function duration([hours, minutes]: Parts): number | string | undefined {
  const [wholeHours, wholeMinutes] = [wholeOrTyped(hours) ?? 0, wholeOrTyped(minutes) ?? 0];
  if (!hours.trim() && !minutes.trim()) return undefined;
  const areNumbers = typeof wholeHours === "number" && typeof wholeMinutes === "number";
  return areNumbers ? wholeHours * 60 + wholeMinutes : `${hours}:${minutes}`;
}

function standing(within: Element): Parts {
  const [hours, minutes] = within.closest(".with-unit")?.querySelectorAll("input") ?? [];
  return [hours?.value ?? "", minutes?.value ?? ""];
}

/** Both inputs are read together, so that one alone never rewrites the other. */
function durationPart(state: ControlState, index: 0 | 1) {
  const id = index === 0 ? state.id : `${state.id}-minutes`;
  const name = state.lexicon.t(index === 0 ? "control.hours" : "control.minutes");
  const same = (_typed: string, input: Element) => duration(standing(input)) === state.value;
  return html`<label class="part-label"><input
      class="input tiny" part="input" type="text" inputmode="numeric" autocomplete="off"
      id=${id}
      aria-describedby=${ifDefined(state.describedBy)}
      aria-invalid=${ifDefined(aria(state.invalid))}
      ${kept(partsOf(state.value)[index], same)}
    /> ${name}</label>`;
}

/** Hours and minutes; minutes above 59 are taken as they are. */
export const durationControl: ControlView<KindOf<"duration">> = (state) => html`
  <span class="with-unit" @input=${(event: Event) => state.change(duration(standing(event.target as Element)))}>
    ${durationPart(state, 0)}${durationPart(state, 1)}</span>`;
