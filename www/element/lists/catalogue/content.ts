// What a template sets and asks, for what it may be used, and how one version differs from another.

import { html, nothing } from "lit";
import { valueView } from "../../record/value.js";
import type { FieldId, TemplateContent, Value } from "../../wire.js";
import { nameOf, type Speaker } from "./shelf.js";

/** A content with the level that it is agreed to with. */
export interface Levelled {
  readonly content: TemplateContent;
  readonly level: string;
}

/** The services that it is for: those that it sets, else those that it may be used for. */
function servicesOf({ lexicon }: Speaker, { fields, covers }: TemplateContent): readonly string[] {
  const field = lexicon.policy.fields.find(({ means }) => means === "services");
  const fixed = [fields[field?.id ?? ""] ?? []].flat().filter((item) => typeof item === "string");
  return (fixed.length > 0 ? fixed : (covers?.services ?? [])).map((id) => lexicon.service(id));
}

/** For what a template may be used, as sentences. */
export function coverage(speaker: Speaker, content: TemplateContent): string {
  const { lexicon, say } = speaker;
  const services = servicesOf(speaker, content);
  const window = content.covers?.windowMin;
  const parts = [
    ...(services.length > 0 ? [say("covers.services", { services: lexicon.list(services) })] : []),
    ...(typeof window === "number" ? [say("covers.window", { span: lexicon.minutes(window) })] : []),
  ];
  return parts.length > 0 ? parts.join(" · ") : say("covers.any");
}

/** The fields in the policy's order. */
function inOrder({ lexicon }: Speaker, ids: readonly FieldId[]): readonly FieldId[] {
  return lexicon.policy.fields.map(({ id }) => id).filter((id) => ids.includes(id));
}

function shown(speaker: Speaker, id: FieldId, value: Value | undefined) {
  const field = speaker.lexicon.fields.get(id);
  return field && value !== undefined
    ? valueView(speaker, field, value)
    : html`<span class="note">${speaker.say("diff.empty")}</span>`;
}

function asked(speaker: Speaker, open: readonly FieldId[]): string {
  const names = inOrder(speaker, open).map((id) => speaker.lexicon.field(id));
  return names.length > 0 ? speaker.lexicon.list(names) : speaker.say("content.open.none");
}

/** Everything that a version sets, and what is asked each time. */
export function contentView(speaker: Speaker, { content, level }: Levelled) {
  const { lexicon, say } = speaker;
  const fixed = inOrder(speaker, Object.keys(content.fields)).map(
    (id) => html`<div class="entry" data-field=${id}><dt>${lexicon.field(id)}</dt>
    <dd>${shown(speaker, id, content.fields[id])}</dd></div>`,
  );
  return html`<dl class="entries">
    <div class="entry"><dt>${say("content.level")}</dt><dd>${lexicon.level(level)}</dd></div>
    <div class="entry"><dt>${say("content.covers")}</dt><dd>${coverage(speaker, content)}</dd></div>
    <div class="entry" data-open><dt>${say("content.open")}</dt><dd>${asked(speaker, content.open)}</dd></div>${fixed}</dl>`;
}

interface Line {
  readonly id: string;
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

function lines(speaker: Speaker, before: Levelled, after: Levelled): readonly Line[] {
  const { lexicon, say } = speaker;
  const line = (id: string, name: string, text: (of: Levelled) => string): Line[] => {
    const [was, is] = [text(before), text(after)];
    return was === is ? [] : [{ id, name, before: was, after: is }];
  };
  const ids = [...Object.keys(before.content.fields), ...Object.keys(after.content.fields)];
  const fields = inOrder(speaker, ids)
    .filter((id) => !isSame(before.content.fields[id], after.content.fields[id]))
    .map((id) => ({
      id,
      name: lexicon.field(id),
      before: shown(speaker, id, before.content.fields[id]),
      after: shown(speaker, id, after.content.fields[id]),
    }));
  return [
    ...line("name", say("content.name"), ({ content }) => nameOf(speaker, content)),
    ...line("level", say("content.level"), ({ level }) => lexicon.level(level)),
    ...line("covers", say("content.covers"), ({ content }) => coverage(speaker, content)),
    ...line("open", say("content.open"), ({ content }) => asked(speaker, content.open)),
    ...fields,
  ];
}

/** What a version has otherwise than another, each before and after. */
export function differenceView(speaker: Speaker, before: Levelled, after: Levelled) {
  const { say } = speaker;
  const found = lines(speaker, before, after);
  return html`<div class="part" data-part="difference"><p class="label small">${say("diff.title")}</p>
    ${found.length === 0 ? html`<p>${say("diff.none")}</p>` : nothing}
    <dl class="entries">${found.map(
      ({
        id,
        name,
        before: was,
        after: is,
      }) => html`<div class="entry" data-field=${id}><dt>${name}</dt><dd class="compared">
      <div class="before"><p class="note">${say("diff.before")}</p><del>${was}</del></div>
      <div class="after"><p class="note">${say("diff.after")}</p><ins>${is}</ins></div></dd></div>`,
    )}</dl></div>`;
}
