// What happened to a record that is no change, the latest first.

import { html, nothing } from "lit";
import { textsOf, wordsOf } from "../record/record.js";
import type { Event, Stored, Words } from "../wire.js";
import type { Speaker } from "./catalogue/shelf.js";

/** What happened, and what was said with it. */
interface Told {
  readonly text: string;
  readonly words?: Words | null | undefined;
}

function versionOf(event: object): Record<string, string | number> {
  return "version" in event && (typeof event.version === "number" || typeof event.version === "string")
    ? { version: event.version }
    : {};
}

function wordsIn(event: object): Words | null | undefined {
  const said = event as { readonly reason?: Words; readonly note?: Words | null };
  return said.reason ?? said.note;
}

/** None where it belongs to another kind of record. */
function told({ lexicon, say }: Speaker, event: Event): Told | undefined {
  if (event.type === "template")
    return { text: say(`event.${event.event.type}`, versionOf(event.event)), words: wordsIn(event.event) };
  if (event.type === "policy")
    return { text: say(`policy-event.${event.event.type}`, versionOf(event.event)), words: wordsIn(event.event) };
  if (event.type !== "erased") return undefined;
  const { commitments, ground } = event;
  return { text: lexicon.t("log.erased", { count: commitments.length, ground: lexicon.t(`ground.${ground}`) }) };
}

/** Who did what when, with the reasons that were given. */
export function historyView(speaker: Speaker, log: readonly Stored[]) {
  const { lexicon, say } = speaker;
  const texts = textsOf(log);
  const entries = [...log].reverse().map(({ entry }) => {
    const { actor, at, events, seq } = entry;
    const who = actor.type === "host" ? say("by.host") : lexicon.person(actor.person);
    const happened = events.flatMap((event) => told(speaker, event) ?? []);
    const lines = happened.map(
      ({ text, words }) =>
        html`<p>${text}${words ? html`: <q class="said" dir="auto">${wordsOf({ lexicon, texts }, words)}</q>` : nothing}</p>`,
    );
    return html`<li data-seq=${seq}><p class="note"><strong>${who}</strong>, <time datetime=${at}>${lexicon.date(at)}</time></p>${lines}</li>`;
  });
  return html`<ol class="history" reversed>${entries}</ol>`;
}
