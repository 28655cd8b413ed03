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
function where(at: string, within: readonly string[]): string {
  const path = segments(at).filter((part) => !/^\d+$/.test(part));
  return (within.length > 0 ? path.slice(1) : path).join(" › ");
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // What is very long was cut, and is shown as it is.
    return json;
  }
}

/** A value of the document: a text in the reader's language, a plain value as it is, anything else as it is written. */
function value(lexicon: Lexicon, called: (id: string) => string, json: string | null | undefined) {
  if (json === undefined || json === null) return nothing;
  const found = parsed(json);
  if (isText(found)) return html`<span dir="auto">${lexicon.say(found)}</span>`;
  if (typeof found === "string") return html`<span dir="auto">${called(found)}</span>`;
  if (typeof found === "number") return html`${found}`;
  if (typeof found === "boolean") return html`${lexicon.t(found ? "control.yes" : "control.no")}`;
  if (Array.isArray(found) && found.every((item) => typeof item === "string"))
    return html`${lexicon.list(found.map(called))}`;
  return html`<pre class="json" tabindex="0">${typeof found === "string" ? found : JSON.stringify(found, undefined, 2)}</pre>`;
}

function kindOf({ before, after }: Part): ListCode {
  if (typeof before !== "string") return "policies.added";
  return typeof after === "string" ? "policies.changed" : "policies.removed";
}

function line(speaker: Speaker, lexicon: Lexicon, called: (id: string) => string, part: Part) {
  const { say } = speaker;
  const within = part.within ?? [];
  const path = where(part.at, within);
  const both = (mark: "before" | "after") => {
    const json = part[mark];
    if (typeof json !== "string") return nothing;
    const shown = value(lexicon, called, json);
    return html`<div><p class="note">${say(`diff.${mark}`)}</p>${mark === "before" ? html`<del>${shown}</del>` : html`<ins>${shown}</ins>`}</div>`;
  };
  const name = within.map(called).join(" › ");
  return html`<div class="entry" data-at=${part.at}><dt>${partOf(speaker, part.at)}${name ? html`: <span dir="auto">${name}</span>` : nothing}
      <span class="tag">${say(kindOf(part))}</span>${path ? html` <code class="note">${path}</code>` : nothing}</dt>
    <dd class="compared">${both("before")}${both("after")}</dd></div>`;
}

/** Part by part: what it is about, and what it says before and after. */
export function differenceView(speaker: Speaker, newer: Policy, { parts, more }: Difference) {
  const { say } = speaker;
  const known = new Map([...names(speaker.lexicon.policy), ...names(newer)]);
  const lexicon = new Lexicon({ policy: newer, world: speaker.lexicon.world }, speaker.lexicon.language);
  const called = (id: string) => {
    const name = known.get(id);
    return name ? lexicon.say(name) : id;
  };
  return html`<section class="part" data-part="difference" aria-labelledby="difference"><h4 id="difference">${say("policies.difference")}</h4>
    ${parts.length === 0 ? html`<p>${say("policies.difference.none")}</p>` : html`<dl class="entries">${parts.map((part) => line(speaker, lexicon, called, part))}</dl>`}
    ${more > 0 ? html`<p class="note">${say("policies.difference.more", { count: more })}</p>` : nothing}</section>`;
}
