import type { TemplateResult } from "lit";
import { Directive, directive, type ElementPart, type PartInfo, PartType } from "lit/directive.js";
import type { Lexicon } from "../lexicon.js";
import type { Kind, Value } from "../wire.js";

/** One kind of field by its tag. */
export type KindOf<T extends Kind["type"]> = Extract<Kind, { type: T }>;

/** Everything that a control shows, and whom it tells. */
export interface ControlState<K extends Kind = Kind> {
  /** The id of what takes the focus; the label points at it. */
  readonly id: string;
  /** What the field holds, with its bounds. */
  readonly kind: K;
  /** The value as typed; it need not fit the kind. */
  readonly value: Value | undefined;
  /** The question, for parts that need a name of their own. */
  readonly label: string;
  /** The id of the label. */
  readonly labelId: string;
  /** The ids of help and finding. */
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly required: boolean;
  /** What things are called, in the language that is shown. */
  readonly lexicon: Lexicon;
  /** What is wrong with one cell of a list. */
  readonly cellFinding: (row: number, column: string) => string | undefined;
  /** Tells a new value, at once on each input; `undefined` empties the field. */
  readonly change: (value: Value | undefined) => void;
}

/** How a control is drawn. */
export type ControlView<K extends Kind = Kind> = (state: ControlState<K>) => TemplateResult;

/** An aria flag: left out where it says nothing. */
export function aria(flag: boolean): "true" | undefined {
  return flag ? "true" : undefined;
}

/** The target of an input event. */
export function inputOf(event: Event): HTMLInputElement {
  return event.currentTarget as HTMLInputElement;
}

/** Text, or nothing where the control is empty. */
export function textOf(event: Event): string | undefined {
  return inputOf(event).value || undefined;
}

class Kept extends Directive {
  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.ELEMENT) throw new TypeError("`kept` belongs on an element");
  }

  render(_text: string, _stands: (typed: string, input: HTMLInputElement) => boolean): void {}

  override update(part: ElementPart, [text, stands]: Parameters<this["render"]>): void {
    const input = part.element as HTMLInputElement;
    if (!stands(input.value, input)) input.value = text;
  }
}

/** Writes a text into a control, but leaves what was typed where that already means the value: `007` stays. */
export const kept = directive(Kept);
