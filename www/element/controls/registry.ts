import { noChange, type TemplateResult } from "lit";
import { Directive, type DirectiveResult, directive } from "lit/directive.js";
import type { Kind } from "../wire.js";
import { choice, MOST_RADIOS, several, yesNo } from "./choice.js";
import type { ControlState } from "./control.js";
import { picker } from "./picker.js";
import { rows } from "./rows.js";
import { tasks } from "./tasks.js";
import { longText, number, text } from "./text.js";
import { dateTime, durationControl } from "./time.js";

/** A control of the page's own design system, in place of the element's. */
export interface OwnControl {
  /** What is put in the place of the control, once. */
  readonly element: HTMLElement;
  /** Shows a new state. Called at once after creation, and whenever something changed. */
  update(state: ControlState): void;
}

/** Makes a control for one field. */
export type ControlFactory = () => OwnControl;

const own = new Map<Kind["type"], ControlFactory>();

/**
 * Replaces the control of a kind of field, for every form of the page.
 *
 * The control shows `state.value` and calls `state.change(value)` on each input, with the value as typed even where it
 * does not fit. It gives what takes the focus the id `state.id`, and the aria attributes that `state` holds.
 *
 * @example
 * registerControl("yesNo", () => {
 *   const element = document.createElement("my-switch");
 *   let change = (_value: boolean) => {};
 *   element.addEventListener("change", () => change(element.checked));
 *   return {
 *     element,
 *     update(state) {
 *       change = state.change;
 *       element.id = state.id;
 *       element.checked = state.value === true;
 *       element.setAttribute("aria-labelledby", state.labelId);
 *     },
 *   };
 * });
 */
export function registerControl(kind: Kind["type"], make: ControlFactory): void {
  own.set(kind, make);
}

class Mounted extends Directive {
  #control: OwnControl | undefined;

  render(make: ControlFactory, state: ControlState): HTMLElement | typeof noChange {
    const isNew = this.#control === undefined;
    this.#control ??= make();
    this.#control.update(state);
    return isNew ? this.#control.element : noChange;
  }
}

const mounted = directive(Mounted);

/** Whether the control is several inputs, so that its name is a legend and not a label. */
export function isGroup(kind: Kind): boolean {
  switch (kind.type) {
    case "several":
    case "yesNo":
    case "duration":
    case "list":
    case "tasks":
      return true;
    case "choice":
      return kind.options.length <= MOST_RADIOS;
    default:
      return false;
  }
}

function has<T extends Kind["type"]>(
  state: ControlState,
  type: T,
): state is ControlState & ControlState<Extract<Kind, { type: T }>> {
  return state.kind.type === type;
}

function builtIn(state: ControlState): TemplateResult {
  if (has(state, "longText")) return longText(state);
  if (has(state, "choice")) return choice(state);
  if (has(state, "several")) return several(state);
  if (has(state, "yesNo")) return yesNo(state);
  if (has(state, "dateTime")) return dateTime(state);
  if (has(state, "number")) return number(state);
  if (has(state, "duration")) return durationControl(state);
  if (has(state, "people") || has(state, "services")) return picker(state);
  if (has(state, "list")) return rows(state);
  if (has(state, "tasks")) return tasks(state);
  return text(state as Parameters<typeof text>[0]);
}

/** The control of a field: the page's own where it registered one. */
export function controlOf(state: ControlState): TemplateResult | DirectiveResult {
  const make = own.get(state.kind.type);
  return make ? mounted(make, state) : builtIn(state);
}
