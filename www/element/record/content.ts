// What was asked for, to read.

import { html, nothing } from "lit";
import type { Field, Section } from "../wire.js";
import type { Hands } from "./part.js";
import { questionsAbout } from "./questions.js";
import type { ChangeRecord } from "./record.js";
import { valueView } from "./value.js";

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
