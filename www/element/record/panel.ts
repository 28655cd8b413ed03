// The inline form of one gesture.

import { html, nothing } from "lit";
import { type ControlState, inputOf } from "../controls/control.js";
import { controlOf, isGroup } from "../controls/registry.js";
import type { Lexicon } from "../lexicon.js";
import type { Permission, Refusal, Value } from "../wire.js";
import { type Answers, type Asked, nameOf } from "./gesture.js";
import { type ChangeRecord, reasonsOf } from "./record.js";

/** A gesture that is being made. */
export interface Making {
  readonly permission: Permission;
  readonly asked: readonly Asked[];
  readonly answers: Answers;
  /** Whether the person tried already: from then on what is missing is said. */
  readonly tried: boolean;
  readonly busy: boolean;
  /** Why the core or the host said no. */
  readonly refusals: readonly Refusal[];
}

/** What a panel asks of the record. */
export interface PanelActions {
  answer(id: string, value: Value | undefined): void;
  attach(id: string, file: File | undefined): void;
  make(): void;
  close(): void;
}

function isMissing(making: Making, { id, required }: Asked): boolean {
  const value = making.answers[id];
  return (
    making.tried && required && (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
  );
}

function stateOf(lexicon: Lexicon, making: Making, asked: Asked, actions: PanelActions): ControlState {
  const id = `cgr-${asked.id}`;
  const invalid = isMissing(making, asked);
  const describedBy = [asked.help || asked.expected ? `${id}-help` : "", invalid ? `${id}-finding` : ""]
    .filter(Boolean)
    .join(" ");
  return {
    id,
    kind: asked.kind,
    value: making.answers[asked.id],
    label: asked.label,
    labelId: `${id}-label`,
    describedBy: describedBy || undefined,
    invalid,
    required: asked.required,
    lexicon,
    cellFinding: () => undefined,
    change: (value) => actions.answer(asked.id, value),
  };
}

function askedView(lexicon: Lexicon, making: Making, asked: Asked, actions: PanelActions) {
  const state = stateOf(lexicon, making, asked, actions);
  const mark = asked.required ? html` <span class="mark">${lexicon.t("form.required")}</span>` : nothing;
  const told = [asked.help, asked.expected ? lexicon.t("process.expected", { value: asked.expected }) : undefined];
  const help = told.some(Boolean)
    ? html`<p class="help" id="${state.id}-help">${told.filter(Boolean).join(" · ")}</p>`
    : nothing;
  const finding = html`<div class="finding" id="${state.id}-finding">${
    state.invalid
      ? html`<span class="stops"><strong>${lexicon.t("form.error")}</strong> ${lexicon.t("field.required")}</span>`
      : nothing
  }</div>`;
  if (asked.file)
    return html`<div class="field" data-asked=${asked.id}><label class="label" id=${state.labelId} for=${state.id}>${asked.label}${mark}</label>
      ${help}<input type="file" id=${state.id} aria-describedby=${state.describedBy ?? nothing}
        @change=${(event: Event) => actions.attach(asked.id, inputOf(event).files?.[0])}>${finding}</div>`;
  if (!isGroup(asked.kind))
    return html`<div class="field" data-asked=${asked.id}><label class="label" id=${state.labelId} for=${state.id}>${asked.label}${mark}</label>
      ${help}${controlOf(state)}${finding}</div>`;
  return html`<fieldset class="field" data-asked=${asked.id} role=${asked.kind.type === "choice" ? "radiogroup" : "group"}
      aria-labelledby=${state.labelId} aria-describedby=${state.describedBy ?? nothing}>
      <legend class="label" id=${state.labelId}>${asked.label}${mark}</legend>${help}${controlOf(state)}${finding}</fieldset>`;
}

function refusals(record: ChangeRecord, { refusals }: Making) {
  if (refusals.length === 0) return nothing;
  return html`<div class="notice stops" role="alert" tabindex="-1"><p>${record.lexicon.t("record.refused")}</p>
    <ul>${reasonsOf(record, refusals).map((reason) => html`<li>${reason}</li>`)}</ul></div>`;
}

function consequence({ lexicon, reading }: ChangeRecord, { command, into, transition }: Permission) {
  if (command === "approve") return html`<p class="note">${lexicon.t("record.approve.binds")}</p>`;
  if (command !== "move" || !into || !transition) return nothing;
  const model = lexicon.models.get(reading.change.model);
  const to = model?.lifeCycle.transitions.find(({ id }) => id === transition)?.to;
  return to
    ? html`<p class="note">${lexicon.t("record.move.leads", { state: lexicon.state(to, reading.change.model) })}</p>`
    : nothing;
}

/** What is asked, what comes of it, and the buttons; `above` is what a decision is made on. */
export function panelView(record: ChangeRecord, making: Making, actions: PanelActions, above: unknown) {
  const { lexicon } = record;
  const { permission, busy } = making;
  const name = nameOf(lexicon, permission);
  const kind = permission.command === "decline" || permission.command === "erase" ? "danger" : "primary";
  return html`<section class="gesture" part="gesture" id="cgr-panel" tabindex="-1" aria-labelledby="cgr-panel-title" data-gesture=${permission.command}>
    <h3 class="gesture-title" id="cgr-panel-title">${name}</h3>
    ${above}${consequence(record, permission)}
    ${making.asked.map((asked) => askedView(lexicon, making, asked, actions))}
    ${refusals(record, making)}
    <div class="buttons"><button type="button" class=${kind} part="button" data-action="make" aria-disabled=${busy ? "true" : "false"}
        @click=${() => actions.make()}>${busy ? lexicon.t("record.sending") : name}</button>
      <button type="button" class="secondary" part="button" data-action="close" @click=${() => actions.close()}>${lexicon.t("record.close")}</button></div></section>`;
}
