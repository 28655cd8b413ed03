// A value as it reads.

import { html } from "lit";
import { taskColumns } from "../controls/tasks.js";
import type { Lexicon } from "../lexicon.js";
import type { Column, Field, Value } from "../wire.js";
import { isErased } from "./record.js";

/** Whatever knows what things are called. */
export interface Worded {
  readonly lexicon: Lexicon;
}

type Row = { readonly [column: string]: Value };

function isRow(value: Value): value is Row {
  return typeof value === "object" && !Array.isArray(value);
}

function cell(record: Worded, column: Column, row: Row) {
  const value = row[column.id];
  return html`<td data-label=${record.lexicon.say(column.label)} dir="auto">${value === undefined ? "–" : textOf(record, column, value)}</td>`;
}

function table(record: Worded, columns: readonly Column[], value: Value) {
  const rows = [value].flat().filter(isRow);
  return html`<table class="rows-table">
    <thead><tr>${columns.map((column) => html`<th scope="col">${record.lexicon.say(column.label)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${columns.map((column) => cell(record, column, row))}</tr>`)}</tbody></table>`;
}

function textOf({ lexicon }: Worded, field: Pick<Field, "kind">, value: Value): string {
  return isErased(value) ? lexicon.t("record.erased") : lexicon.value(field, value);
}

/** A value as it reads, a list of rows as a table. */
export function valueView(record: Worded, field: Field, value: Value) {
  if (field.kind.type === "list" && !isErased(value)) return table(record, field.kind.columns, value);
  if (field.kind.type === "tasks" && !isErased(value))
    return table(record, taskColumns(record.lexicon, field.kind), value);
  return html`<span class="said" dir="auto">${textOf(record, field, value)}</span>`;
}
