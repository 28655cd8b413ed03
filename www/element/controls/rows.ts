import { html, nothing } from "lit";
import type { Column, Value } from "../wire.js";
import type { ControlState, ControlView, KindOf } from "./control.js";
import { controlOf, isGroup } from "./registry.js";

type Rows = KindOf<"list">;
type Row = Readonly<Record<string, Value>>;

/** At most so many rows where the policy does not say. */
const MOST_ROWS = 50;

function isRow(value: Value): value is Record<string, Value> {
  return typeof value === "object" && !Array.isArray(value);
}

function rowsOf(value: Value | undefined): readonly Row[] {
  return Array.isArray(value) ? value.filter(isRow) : [];
}

function tell(state: ControlState<Rows>, rows: readonly Row[]): void {
  state.change(rows.length > 0 ? rows.map((row) => ({ ...row })) : undefined);
}

function withCell(row: Row, column: string, value: Value | undefined): Row {
  const others = Object.entries(row).filter(([id]) => id !== column);
  return Object.fromEntries(value === undefined ? others : [...others, [column, value]]);
}

function setCell(state: ControlState<Rows>, at: number, column: string, value: Value | undefined): void {
  const rows = rowsOf(state.value);
  tell(
    state,
    rows.map((row, index) => (index === at ? withCell(row, column, value) : row)),
  );
}

/** Focus goes where the row went or came: without it, a person on the keyboard starts again at the top. */
function focusSoon(from: EventTarget | null, selector: string): void {
  const root = (from as Element).getRootNode() as ShadowRoot;
  requestAnimationFrame(() => root.querySelector<HTMLElement>(selector)?.focus());
}

function add(state: ControlState<Rows>, event: Event): void {
  const rows = rowsOf(state.value);
  const first = state.kind.columns[0]?.id ?? "";
  tell(state, [...rows, {}]);
  focusSoon(event.currentTarget, `#${CSS.escape(cellId(state, rows.length, first))}`);
}

function remove(state: ControlState<Rows>, at: number, event: Event): void {
  const rows = rowsOf(state.value).filter((_, index) => index !== at);
  tell(state, rows);
  const next = Math.min(at, rows.length - 1);
  focusSoon(event.currentTarget, `#${CSS.escape(next < 0 ? state.id : `${state.id}-${next}-remove`)}`);
}

function cellId(state: ControlState<Rows>, row: number, column: string): string {
  return `${state.id}-${row}-${column}`;
}

function cellState(state: ControlState<Rows>, row: Row, at: number, column: Column): ControlState {
  const id = cellId(state, at, column.id);
  const finding = state.cellFinding(at, column.id);
  return {
    ...state,
    id,
    kind: column.kind,
    value: row[column.id],
    label: state.lexicon.say(column.label),
    labelId: `${id}-label`,
    describedBy: finding === undefined ? undefined : `${id}-finding`,
    invalid: finding !== undefined,
    required: column.required ?? false,
    change: (value) => setCell(state, at, column.id, value),
  };
}

function cell(state: ControlState<Rows>, row: Row, at: number, column: Column) {
  const own = cellState(state, row, at, column);
  const finding = state.cellFinding(at, column.id);
  const group = isGroup(column.kind);
  return html`<div class="cell" role=${group ? "group" : "none"} aria-labelledby=${group ? own.labelId : nothing}>
    <label class="label small" id=${own.labelId} for=${group ? nothing : own.id}>${own.label}</label>
    ${controlOf(own)}
    ${finding === undefined ? nothing : html`<p class="finding" id="${own.id}-finding">${finding}</p>`}</div>`;
}

function rowView(state: ControlState<Rows>, row: Row, at: number) {
  const number = at + 1;
  return html`<fieldset class="row" part="row">
    <legend class="row-title">${state.lexicon.t("control.row", { number })}</legend>
    ${state.kind.columns.map((column) => cell(state, row, at, column))}
    <button type="button" class="quiet" part="button" id="${state.id}-${at}-remove"
      aria-label=${state.lexicon.t("control.row.remove", { number })}
      @click=${(event: Event) => remove(state, at, event)}><span aria-hidden="true">×</span></button></fieldset>`;
}

/** Rows of columns; each cell has the control of its own kind. */
export const rows: ControlView<Rows> = (state) => {
  const all = rowsOf(state.value);
  const isFull = all.length >= (state.kind.most ?? MOST_ROWS);
  return html`<div class="rows">
    ${all.length === 0 ? html`<p class="note">${state.lexicon.t("control.row.none")}</p>` : nothing}
    ${all.map((row, at) => rowView(state, row, at))}
    <button type="button" class="secondary" part="button" id=${state.id} ?disabled=${isFull}
      @click=${(event: Event) => add(state, event)}>${state.lexicon.t("control.row.add")}</button></div>`;
};
