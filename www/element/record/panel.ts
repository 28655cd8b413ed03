// The inline form of one gesture.

import { html, nothing } from "lit";
import { type ControlState, inputOf } from "../controls/control.js";
import { controlOf, isGroup } from "../controls/registry.js";
import type { Lexicon } from "../lexicon.js";
import { findingText } from "../reasons.js";
import type { Finding, Refusal, Value } from "../wire.js";
import { type Answers, type Asked, isCellMissing, unanswered } from "./asked.js";
import { type Gesture, keyOf, nameOf } from "./gesture.js";
import { type ChangeRecord, reasonsOf } from "./record.js";
import { searchOf } from "./search.js";

/** A gesture that is being made. */
export interface Making {
  readonly gesture: Gesture;
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

/** What the core found wrong with one field among what is asked. */
function findingsOf({ refusals }: Making, { id }: Asked): readonly Finding[] {
  return refusals.flatMap((refusal) => {
    const isOwn = refusal.code === "content.finding" && `field:${refusal.finding.fields?.[0] ?? ""}` === id;
    return isOwn ? refusal.finding : [];
  });
}

/** Refusals that no field says. */
function general(making: Making): readonly Refusal[] {
  const said = new Set(making.asked.flatMap((asked) => findingsOf(making, asked)));
  return making.refusals.filter((refusal) => refusal.code !== "content.finding" || !said.has(refusal.finding));
}

function isMissing(making: Making, asked: Asked): boolean {
  return making.tried && unanswered([asked], making.answers).length > 0;
}

/** What is missing in a row is said at its cell. */
function cellFinding(record: ChangeRecord, making: Making, { id, kind }: Asked, row: number, column: string) {
  if (!making.tried || kind.type !== "list") return undefined;
  const cells = [making.answers[id] ?? []].flat()[row];
  const known = kind.columns.find((candidate) => candidate.id === column);
  return known && isCellMissing(known, cells) ? record.lexicon.t("field.required") : undefined;
}

function stateOf(record: ChangeRecord, making: Making, asked: Asked, actions: PanelActions): ControlState {
  const { lexicon } = record;
  const id = `cgr-${asked.id}`;
  const invalid = isMissing(making, asked) || findingsOf(making, asked).length > 0;
  const isHelped = asked.help || asked.expected;
  return {
    id,
    kind: asked.kind,
    value: making.answers[asked.id],
    label: asked.label,
    labelId: `${id}-label`,
    describedBy: [isHelped ? `${id}-help` : "", invalid ? `${id}-finding` : ""].filter(Boolean).join(" ") || undefined,
    invalid,
    required: asked.required,
    lexicon,
    cellFinding: (row, column) => cellFinding(record, making, asked, row, column),
    change: (value) => actions.answer(asked.id, value),
  };
}

function helpView(lexicon: Lexicon, { id }: ControlState, { help, expected }: Asked) {
  const told = [help, expected ? lexicon.t("process.expected", { value: expected }) : undefined].filter(Boolean);
  return told.length > 0 ? html`<p class="help" id="${id}-help">${told.join(" · ")}</p>` : nothing;
}

function findingView(record: ChangeRecord, making: Making, asked: Asked, { id }: ControlState) {
  const { lexicon, reading } = record;
  const found = findingsOf(making, asked).map((finding) => findingText(lexicon, finding, reading.change.model));
  const isEmpty = found.length === 0 && isMissing(making, asked) && asked.kind.type !== "list";
  const lines = isEmpty ? [lexicon.t("field.required")] : found;
  return html`<div class="finding" id="${id}-finding">${lines.map(
    (line) => html`<span class="stops"><strong>${lexicon.t("form.error")}</strong> ${line}</span>`,
  )}</div>`;
}

/** The control: of its kind, or as the question itself says. */
function control(making: Making, asked: Asked, state: ControlState, actions: PanelActions) {
  switch (asked.by) {
    case "file":
      return html`<input type="file" id=${state.id} aria-describedby=${state.describedBy ?? nothing}
        @change=${(event: Event) => actions.attach(asked.id, inputOf(event).files?.[0])}>`;
    case "search":
      return searchOf(state);
    case "mention": {
      const chosen = [making.answers.mentions ?? []].flat().filter((person) => typeof person === "string");
      return html`<changegate-mention .control=${state} .chosen=${chosen}
        .choose=${(people: readonly string[]) => actions.answer("mentions", [...people])}></changegate-mention>`;
    }
    default:
      return controlOf(state);
  }
}

function askedView(record: ChangeRecord, making: Making, asked: Asked, actions: PanelActions) {
  const { lexicon } = record;
  const state = stateOf(record, making, asked, actions);
  const mark = asked.required ? html` <span class="mark">${lexicon.t("form.required")}</span>` : nothing;
  const [help, finding] = [helpView(lexicon, state, asked), findingView(record, making, asked, state)];
  const inner = control(making, asked, state, actions);
  if (asked.by || !isGroup(asked.kind))
    return html`<div class="field" data-asked=${asked.id}><label class="label" id=${state.labelId} for=${state.id}>${asked.label}${mark}</label>
      ${help}${inner}${finding}</div>`;
  const isRadio = asked.kind.type === "choice" || asked.kind.type === "yesNo";
  return html`<fieldset class="field" data-asked=${asked.id} role=${isRadio ? "radiogroup" : "group"}
      aria-labelledby=${state.labelId} aria-describedby=${state.describedBy ?? nothing}>
      <legend class="label" id=${state.labelId}>${asked.label}${mark}</legend>${help}${inner}${finding}</fieldset>`;
}

function refusalsView(record: ChangeRecord, making: Making) {
  const refusals = general(making);
  if (refusals.length === 0) return nothing;
  return html`<div class="notice stops" role="alert" tabindex="-1"><p>${record.lexicon.t("record.refused")}</p>
    <ul>${reasonsOf(record, refusals).map((reason) => html`<li>${reason}</li>`)}</ul></div>`;
}

function consequence({ lexicon, reading }: ChangeRecord, { permission }: Gesture) {
  const { command, into, transition } = permission;
  if (command === "approve") return html`<p class="note">${lexicon.t("record.approve.binds")}</p>`;
  if (command !== "move" || !into || !transition) return nothing;
  const model = lexicon.models.get(reading.change.model);
  const to = model?.lifeCycle.transitions.find(({ id }) => id === transition)?.to;
  return to
    ? html`<p class="note">${lexicon.t("record.move.leads", { state: lexicon.state(to, reading.change.model) })}</p>`
    : nothing;
}

const DANGEROUS: readonly string[] = ["decline", "erase"];

/** What is asked, what comes of it, and the buttons. */
export function askedForm(record: ChangeRecord, making: Making, actions: PanelActions) {
  const { lexicon } = record;
  const { gesture, busy, asked } = making;
  const kind = DANGEROUS.includes(gesture.permission.command) ? "danger" : "primary";
  return html`${consequence(record, gesture)}${asked.map((known) => askedView(record, making, known, actions))}
    ${refusalsView(record, making)}
    <div class="buttons"><button type="button" class=${kind} part="button" data-action="make" aria-disabled=${busy ? "true" : "false"}
        @click=${() => actions.make()}>${busy ? lexicon.t("record.sending") : nameOf(record, gesture)}</button>
      <button type="button" class="secondary" part="button" data-action="close" @click=${() => actions.close()}>${lexicon.t("record.close")}</button></div>`;
}

/** The form of one gesture with its title. */
export function panelView(record: ChangeRecord, making: Making, actions: PanelActions, above: unknown = nothing) {
  const { command } = making.gesture.permission;
  return html`<section class="gesture" part="gesture" id="cgr-panel" tabindex="-1" aria-labelledby="cgr-panel-title" data-gesture=${command} data-of=${keyOf(making.gesture)}>
    <h4 class="gesture-title" id="cgr-panel-title">${nameOf(record, making.gesture)}</h4>${above}
    ${askedForm(record, making, actions)}</section>`;
}
