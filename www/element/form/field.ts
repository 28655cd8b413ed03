import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import type { ControlState } from "../controls/control.js";
import { controlOf, isGroup } from "../controls/registry.js";
import type { Lexicon } from "../lexicon.js";
import { findingText } from "../reasons.js";
import type { Field, FieldId, Finding, Value } from "../wire.js";
import type { Drafting } from "./drafting.js";

/** How a question is put: plainly to staff, or by its name to those who know the process. */
export type Wording = "plain" | "label";

/** The id of what takes the focus in a field. */
export function controlId(field: FieldId): string {
  return `cg-${field}`;
}

/** What one field shows, by value: two that are equal look the same. */
interface FieldLook {
  readonly field: Field;
  readonly lexicon: Lexicon;
  readonly wording: Wording;
  readonly value: Value | undefined;
  readonly required: boolean;
  readonly fixed: boolean;
  readonly findings: readonly Finding[];
}

/** The findings of a field that may show by now, those of its cells among them. That an answer can wait, its mark says. */
function findingsOf(drafting: Drafting, id: FieldId): readonly Finding[] {
  return drafting.shownOf(id).filter(({ severity }) => severity !== "later");
}

function isCell(finding: Finding): boolean {
  return typeof finding.row === "number";
}

function describedBy(look: FieldLook): string | undefined {
  const id = controlId(look.field.id);
  const own = look.findings.some((finding) => !isCell(finding));
  return [look.field.help ? `${id}-help` : "", own ? `${id}-finding` : ""].filter(Boolean).join(" ") || undefined;
}

function cellFinding(look: FieldLook, model: string, row: number, column: string): string | undefined {
  const found = look.findings.find((finding) => finding.row === row && finding.column === column);
  return found && findingText(look.lexicon, found, model);
}

/** Choosing is answering; typing is done when the field is left. */
function isChosen(field: Field): boolean {
  return field.kind.type === "choice" || field.kind.type === "yesNo";
}

function controlState(look: FieldLook, drafting: Drafting): ControlState {
  const { field, lexicon, value, required } = look;
  const id = controlId(field.id);
  return {
    id,
    kind: field.kind,
    value,
    label: questionOf(look),
    labelId: `${id}-label`,
    describedBy: describedBy(look),
    invalid: look.findings.some((finding) => finding.severity === "stops" && !isCell(finding)),
    required,
    lexicon,
    cellFinding: (row, column) => cellFinding(look, drafting.assessment.model, row, column),
    change: (next) => {
      drafting.set(field.id, next);
      if (isChosen(field)) drafting.leave(field.id);
    },
  };
}

function questionOf({ field, lexicon, wording }: FieldLook): string {
  return lexicon.say((wording === "plain" && field.plain) || field.label);
}

/** What may be filled in after the submission, by somebody who knows. */
function canWait({ field, findings }: FieldLook): boolean {
  const before = field.requiredBefore ?? "authorize";
  const isDue = findings.some(({ code, severity }) => code === "field.required" && severity === "stops");
  return !isDue && before !== "draft" && before !== "assess";
}

function mark(look: FieldLook) {
  if (!look.required) return nothing;
  return html` <span class="mark">${look.lexicon.t(canWait(look) ? "form.later" : "form.required")}</span>`;
}

function help({ field, lexicon }: FieldLook) {
  return field.help
    ? html`<p class="help" part="help" id="${controlId(field.id)}-help">${lexicon.say(field.help)}</p>`
    : nothing;
}

function line({ lexicon }: FieldLook, finding: Finding, model: string) {
  const lead = lexicon.t(finding.severity === "stops" ? "form.error" : "form.warns");
  return html`<span class=${finding.severity}><strong>${lead}</strong> ${findingText(lexicon, finding, model)}</span>`;
}

/** What is wrong with the field; its control is described by it. */
function findings(look: FieldLook, model: string) {
  const own = look.findings.filter((finding) => !isCell(finding));
  return html`<div class="finding" part="finding" id="${controlId(look.field.id)}-finding">${own.map((finding) => line(look, finding, model))}</div>`;
}

function leaves(event: FocusEvent, drafting: Drafting, field: FieldId): void {
  const root = event.currentTarget as Element;
  if (event.relatedTarget instanceof Node && root.contains(event.relatedTarget)) return;
  afterPress(() => drafting.leave(field));
}

/** A finding that appears between press and release would move what is being clicked from under the pointer. */
function afterPress(act: () => void): void {
  if (!document.querySelector(":active")) {
    act();
    return;
  }
  const soon = () => setTimeout(act);
  for (const end of ["pointerup", "pointercancel", "keyup"]) addEventListener(end, soon, { once: true });
}

function single(look: FieldLook, drafting: Drafting, state: ControlState) {
  return html`<div class="field" part="field" data-field=${look.field.id}
    @focusout=${(event: FocusEvent) => leaves(event, drafting, look.field.id)}>
    <label class="label" part="label" id=${state.labelId} for=${state.id}>${state.label}${mark(look)}</label>
    ${help(look)}${controlOf(state)}${findings(look, drafting.assessment.model)}</div>`;
}

function group(look: FieldLook, drafting: Drafting, state: ControlState) {
  const { type } = look.field.kind;
  const isRadio = type === "choice" || type === "yesNo";
  return html`<fieldset class="field" part="field" data-field=${look.field.id} role=${isRadio ? "radiogroup" : "group"}
    aria-labelledby=${state.labelId}
    aria-describedby=${state.describedBy ?? nothing}
    aria-required=${isRadio && state.required ? "true" : nothing}
    aria-invalid=${isRadio && state.invalid ? "true" : nothing}
    @focusout=${(event: FocusEvent) => leaves(event, drafting, look.field.id)}>
    <legend class="label" part="label" id=${state.labelId}>${state.label}${mark(look)}</legend>
    ${help(look)}${controlOf(state)}${findings(look, drafting.assessment.model)}</fieldset>`;
}

/** A value that the ready-made change has set: to read, not to change. */
function fixed(look: FieldLook) {
  const { field, lexicon, value } = look;
  return html`<div class="field fixed" part="field" data-field=${field.id}>
    <p class="label">${questionOf(look)} <span class="mark">${lexicon.t("form.fixed")}</span></p>
    <p class="value">${value === undefined ? "–" : lexicon.value(field, value)}</p></div>`;
}

function draw(look: FieldLook, drafting: Drafting) {
  if (look.fixed) return fixed(look);
  const state = controlState(look, drafting);
  return isGroup(look.field.kind) ? group(look, drafting, state) : single(look, drafting, state);
}

function fixedValue(drafting: Drafting, lexicon: Lexicon, id: FieldId): Value | undefined {
  return lexicon.templates.get(drafting.draft.template ?? "")?.fields[id];
}

/** One field: question, help, control and findings. Drawn again only when something of it changed. */
export function fieldView(drafting: Drafting, lexicon: Lexicon, field: Field, wording: Wording) {
  const { assessment, draft } = drafting;
  const isFixed = assessment.fixed?.includes(field.id) ?? false;
  const look: FieldLook = {
    field,
    lexicon,
    wording,
    value: draft.fields[field.id] ?? (isFixed ? fixedValue(drafting, lexicon, field.id) : undefined),
    required: assessment.required.includes(field.id),
    fixed: isFixed,
    findings: findingsOf(drafting, field.id),
  };
  const seen = look.findings.length > 0 ? JSON.stringify([look.findings, assessment.model]) : "";
  return guard([drafting, lexicon, wording, look.value, look.required, look.fixed, seen], () => draw(look, drafting));
}
