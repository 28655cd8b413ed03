// What was asked for, to read.

import { html, nothing } from "lit";
import { taskColumns } from "../controls/tasks.js";
import type { Column, Field, Section, Value } from "../wire.js";
import type { Hands } from "./part.js";
import { questionsAbout } from "./questions.js";
import { type ChangeRecord, isErased } from "./record.js";

type Row = { readonly [column: string]: Value };

function isRow(value: Value): value is Row {
  return typeof value === "object" && !Array.isArray(value);
}

function cell(record: ChangeRecord, column: Column, row: Row) {
  const value = row[column.id];
  return html`<td data-label=${record.lexicon.say(column.label)} dir="auto">${value === undefined ? "–" : textOf(record, column, value)}</td>`;
}

function table(record: ChangeRecord, columns: readonly Column[], value: Value) {
  const rows = [value].flat().filter(isRow);
  return html`<table class="rows-table">
    <thead><tr>${columns.map((column) => html`<th scope="col">${record.lexicon.say(column.label)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${columns.map((column) => cell(record, column, row))}</tr>`)}</tbody></table>`;
}

function textOf({ lexicon }: ChangeRecord, field: Pick<Field, "kind">, value: Value): string {
  return isErased(value) ? lexicon.t("record.erased") : lexicon.value(field, value);
}

/** A value as it reads, a list of rows as a table. */
export function valueView(record: ChangeRecord, field: Field, value: Value) {
  if (field.kind.type === "list" && !isErased(value)) return table(record, field.kind.columns, value);
  if (field.kind.type === "tasks" && !isErased(value))
    return table(record, taskColumns(record.lexicon, field.kind), value);
  return html`<span class="said" dir="auto">${textOf(record, field, value)}</span>`;
}

function entry(record: ChangeRecord, hands: Hands, field: Field) {
  const value = record.reading.change.fields[field.id];
  if (value === undefined) return nothing;
  return html`<div class="entry" data-field=${field.id}><dt>${record.lexicon.say(field.label)}</dt>
    <dd>${valueView(record, field, value)}${questionsAbout(record, hands, field.id)}</dd></div>`;
}

/** Tasks have a part of their own, with how they stand. */
function isHere(record: ChangeRecord, { id, kind }: Field): boolean {
  return record.reading.change.fields[id] !== undefined && kind.type !== "tasks";
}

function sectionView(record: ChangeRecord, hands: Hands, section: Section) {
  const fields = section.fields.flatMap((id) => record.lexicon.fields.get(id) ?? []);
  const filled = fields.filter((field) => isHere(record, field));
  if (filled.length === 0) return nothing;
  return html`<section class="content-section"><h4 class="section-title" id="cgr-section-${section.id}" tabindex="-1">${record.lexicon.say(section.name)}</h4>
    <dl class="entries">${filled.map((field) => entry(record, hands, field))}</dl></section>`;
}

/** Everything that was filled, by sections; questions stand beside what they are about. */
export function contentView(record: ChangeRecord, hands: Hands) {
  const { sections } = record.lexicon.policy;
  return html`<div class="content" part="content">${sections.map((section) => sectionView(record, hands, section))}</div>`;
}
