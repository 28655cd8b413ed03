// What was said about it, to whom, and what is to be said.

import { html, nothing } from "lit";
import type { Said } from "../wire.js";
import { allowedOf, gestureButton, type Hands, partOf } from "./part.js";
import { type ChangeRecord, wordsOf } from "./record.js";

/** A stretch of a text, and whether it names somebody. */
export interface Stretch {
  readonly text: string;
  readonly isName: boolean;
}

/** A text cut at the names in it. A longer name goes before one that begins like it. */
export function stretches(text: string, names: readonly string[]): readonly Stretch[] {
  const longest = [...names].sort((one, other) => other.length - one.length).map((name) => `@${name}`);
  const found: Stretch[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const name = longest.find((known) => text.startsWith(known, at));
    if (name) {
      if (plain) found.push({ text: plain, isName: false });
      found.push({ text: name, isName: true });
      plain = "";
    } else {
      plain += text[at];
    }
    at += name?.length ?? 1;
  }
  return plain ? [...found, { text: plain, isName: false }] : found;
}

function textView(record: ChangeRecord, said: Said) {
  const people = (said.mentions ?? []).map((person) => record.lexicon.person(person));
  const text = wordsOf(record, said.text);
  const cut = stretches(text, people).map(({ text, isName }) =>
    isName ? html`<strong class="mention">${text}</strong>` : text,
  );
  const unnamed = people.filter((name) => !text.includes(`@${name}`));
  const whom =
    unnamed.length === 0
      ? nothing
      : html`<p class="note">${record.lexicon.t("record.comment.for", { people: record.lexicon.list(unnamed) })}</p>`;
  return html`<p class="said" dir="auto">${cut}</p>${whom}`;
}

function commentView(record: ChangeRecord, said: Said) {
  const { lexicon, person } = record;
  const isMine = said.mentions?.includes(person) ?? false;
  return html`<li class="comment ${isMine ? "mine" : ""}" part="comment"><p class="log-head"><strong>${lexicon.person(said.by)}</strong> <time datetime=${said.at}>${lexicon.date(said.at)}</time>${
    isMine ? html` <span class="tag">${lexicon.t("record.comment.mine")}</span>` : nothing
  }</p>${textView(record, said)}</li>`;
}

/** The comments, the first first, and the gesture that adds one. */
export function commentsView(record: ChangeRecord, hands: Hands) {
  const { lexicon, reading } = record;
  const { comments } = reading.change;
  const own = allowedOf(record, "comment");
  if (comments.length === 0 && own.length === 0) return nothing;
  const list =
    comments.length > 0
      ? html`<ul class="comments">${comments.map((said) => commentView(record, said))}</ul>`
      : html`<p class="note">${lexicon.t("record.comments.none")}</p>`;
  const buttons = own.map((permission) => gestureButton(record, { permission }, hands, { kind: "secondary" }));
  return partOf(
    "comments",
    lexicon.t("record.comments"),
    html`${list}${own.length > 0 ? html`<div class="buttons small">${buttons}</div>${hands.form(own)}` : nothing}`,
  );
}
