// What one document of rules has otherwise than another, in the words of a reader.

import { html, nothing } from "lit";
import { Lexicon } from "../../lexicon.js";
import type { Difference, Policy, Text } from "../../wire.js";
import type { Speaker } from "../catalogue/shelf.js";
import type { ListCode } from "../words.js";

type Part = Difference["parts"][number];

/** The parts of a document that staff have a word for. */
const NAMED = [
  "fields",
  "sections",
  "models",
  "approvals",
  "risk",
  "roles",
  "gates",
  "duties",
  "boards",
  "trust",
  "publishing",
  "version",
  "name",
  "ask",
  "languages",
  "evidence",
  "checklist",
  "may",
] as const;

function segments(at: string): readonly string[] {
  const parts = at.split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function partOf({ say }: Speaker, at: string): string {
  const first = NAMED.find((known) => known === segments(at)[0]);
  const code: ListCode = first ? `part.${first}` : "part.other";
  return say(code);
}

/** Everything in a document that has an id and a name, by its id. */
function names(document: unknown, found = new Map<string, Text>()): ReadonlyMap<string, Text> {
  if (Array.isArray(document)) for (const item of document) names(item, found);
  else if (typeof document === "object" && document !== null) {
    const { id, name, label } = document as { id?: unknown; name?: unknown; label?: unknown };
    const called = name ?? label;
    if (typeof id === "string" && isText(called) && !found.has(id)) found.set(id, called);
    for (const value of Object.values(document)) names(value, found);
  }
  return found;
}

function isText(value: unknown): value is Text {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap && Object.values(value).length > 0 && Object.values(value).every((text) => typeof text === "string");
}

/** Which properties of the thing that is named: for those who know the document, and nobody else. */
function where(at: string, within: readonly string[], languages: readonly string[]): string {
  const [first, ...path] = segments(at).filter((part) => !/^\d+$/.test(part));
  const below = path.filter((part) => !within.includes(part));
  const last = below.at(-1);
  const named = last !== undefined && languages.includes(last) ? below.slice(0, -1) : below;
  return first === undefined ? "" : named.join(" › ");
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // What is very long was cut, and is shown as it is.
    return json;
  }
}

/** What a document calls things. */
interface Names {
  readonly lexicon: Lexicon;
  called(id: string): string;
}

function namesIn(speaker: Speaker, policy: Policy): Names {
  const { language, world } = speaker.lexicon;
  const lexicon = new Lexicon({ policy, world }, language);
  const known = names(policy);
  return {
    lexicon,
    called: (id) => {
      const name = known.get(id);
      return name ? lexicon.say(name) : id;
    },
  };
}

/** A value of the document: a text in the reader's language, ids by name, and what holds others as a list of them. */
function valueView(of: Names, found: unknown): unknown {
  const { lexicon, called } = of;
  if (isText(found)) return html`<span dir="auto">${lexicon.say(found)}</span>`;
  if (typeof found === "string") return html`<span dir="auto">${called(found)}</span>`;
  if (typeof found === "boolean") return lexicon.t(found ? "control.yes" : "control.no");
  if (typeof found !== "object" || found === null) return String(found);
  if (Array.isArray(found) && found.every((item) => typeof item === "string")) return lexicon.list(found.map(called));
  // Its name says more than its id.
  const entries = Object.entries(found).filter(([key]) => key !== "id" || !("name" in found || "label" in found));
  const lines = entries.map(([key, item]) => {
    const lead = Array.isArray(found) ? nothing : html`<code>${key}</code>: `;
    return html`<li>${lead}${valueView(of, item)}</li>`;
  });
  return html`<ul class="reasons">${lines}</ul>`;
}

function isOrder(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return false;
  return before.length === after.length && before.every((item) => after.includes(item));
}

function kindOf({ before, after }: Part): ListCode {
  if (typeof before !== "string") return "policies.added";
  if (typeof after !== "string") return "policies.removed";
  return isOrder(parsed(before), parsed(after)) ? "policies.order" : "policies.changed";
}

/** What a side says there; nothing where it says nothing. */
function side(speaker: Speaker, of: Names, mark: "before" | "after", json: string | null | undefined) {
  if (typeof json !== "string") return nothing;
  const shown = valueView(of, parsed(json));
  const marked = mark === "before" ? html`<del>${shown}</del>` : html`<ins>${shown}</ins>`;
  return html`<div class=${mark}><p class="note">${speaker.say(`diff.${mark}`)}</p>${marked}</div>`;
}

function line(speaker: Speaker, old: Names, newer: Names, part: Part) {
  const { say } = speaker;
  const within = part.within ?? [];
  const path = where(part.at, within, newer.lexicon.policy.languages);
  const called = (id: string) => {
    const name = newer.called(id);
    return name === id ? old.called(id) : name;
  };
  const name = within.map(called).join(" › ");
  return html`<div class="entry" data-at=${part.at}><dt>${partOf(speaker, part.at)}${name ? html`: <span dir="auto">${name}</span>` : nothing}
      <span class="tag">${say(kindOf(part))}</span>${path ? html` <code class="note">${path}</code>` : nothing}</dt>
    <dd class="compared">${side(speaker, old, "before", part.before)}${side(speaker, newer, "after", part.after)}</dd></div>`;
}

/** Part by part: what it is about, and what it says before and after. */
export function differenceView(speaker: Speaker, policy: Policy, { parts, more }: Difference) {
  const { say } = speaker;
  const [old, newer] = [namesIn(speaker, speaker.lexicon.policy), namesIn(speaker, policy)];
  return html`<section class="part" data-part="difference" aria-labelledby="difference"><h4 id="difference">${say("policies.difference")}</h4>
    ${parts.length === 0 ? html`<p>${say("policies.difference.none")}</p>` : html`<dl class="entries">${parts.map((part) => line(speaker, old, newer, part))}</dl>`}
    ${more > 0 ? html`<p class="note">${say("policies.difference.more", { count: more })}</p>` : nothing}</section>`;
}
