// A titled part of the record, and what can be set off from it.

import { html, nothing, type TemplateResult } from "lit";
import type { CommandKind, Done, Permission, Said } from "../wire.js";
import { type Gesture, keyOf, nameOf, shortNameOf } from "./gesture.js";
import { type ChangeRecord, wordsOf } from "./record.js";

/** What the parts of the record set off. */
export interface Hands {
  /** The gesture that is being made. */
  readonly chosen: string | undefined;
  choose(gesture: Gesture): void;
  /** The form of the gesture that is being made, where it was begun among these. */
  form(permissions: readonly Permission[]): unknown;
  /** Opens a file of evidence. */
  openFile(sha256: string, name: string): void;
}

/** Hands that rest: what is only read, on a card or on paper. */
export const AT_REST: Hands = {
  chosen: undefined,
  choose: () => undefined,
  form: () => nothing,
  openFile: () => undefined,
};

/** Gestures that are begun beside what they are about. */
const IN_PLACE: readonly CommandKind[] = [
  "answer",
  "fulfill",
  "task",
  "check",
  "attach",
  "retract",
  "observe",
  "endObservation",
  "relate",
  "unrelate",
  "reviewWaiver",
  "recordIncident",
  "reviewIncident",
  "comment",
  "adoptPolicy",
];

/** Whether a gesture is begun beside what it is about, and not under what comes next. */
export function isInPlace({ command }: Permission): boolean {
  return IN_PLACE.includes(command);
}

/** A part with its title, reachable as `cgr-<part>`. */
export function partOf(part: string, title: string, content: unknown): TemplateResult {
  const id = `cgr-${part}`;
  return html`<section class="process" part="process" data-part=${part} aria-labelledby=${id}>
    <h3 class="section-title" id=${id} tabindex="-1">${title}</h3>${content}</section>`;
}

/** The gestures of a command about one thing that are allowed. */
export function allowedOf(record: ChangeRecord, command: CommandKind, about?: string): readonly Permission[] {
  return record.reading.permissions.filter(
    (known) => known.allowed && known.command === command && (about === undefined || known.about === about),
  );
}

/** How a button looks and what it says. */
export interface Look {
  readonly kind: "primary" | "secondary" | "quiet";
  /** Whether it stands beside what it is about. */
  readonly short?: boolean;
}

/** The button of a gesture. Beside what it is about it says only what is done; the whole is read out. */
export function gestureButton(record: ChangeRecord, gesture: Gesture, hands: Hands, { kind, short }: Look) {
  const key = keyOf(gesture);
  const isChosen = key === hands.chosen;
  const name = nameOf(record, gesture);
  const shown = short ? shortNameOf(record, gesture) : name;
  return html`<button type="button" class=${kind} part="button" data-command=${gesture.permission.command} data-key=${key}
    aria-label=${short && shown !== name ? `${shown}: ${name}` : nothing}
    aria-expanded=${isChosen ? "true" : "false"} aria-controls=${isChosen ? "cgr-panel" : nothing}
    @click=${() => hands.choose(gesture)}>${shown}</button>`;
}

/** Buttons beside what they are about, the first the plainest; below them the form of the one that was begun. */
export function handsOn(record: ChangeRecord, hands: Hands, permissions: readonly Permission[], first?: Permission) {
  if (permissions.length === 0) return nothing;
  const button = (permission: Permission) =>
    gestureButton(record, { permission }, hands, {
      kind: permission === first ? "primary" : "secondary",
      short: true,
    });
  return html`<div class="buttons small">${permissions.map(button)}</div>${hands.form(permissions)}`;
}

/** What somebody said. */
export function saidView(record: ChangeRecord, { text }: Pick<Said, "text">) {
  return html`<p class="said" dir="auto">${wordsOf(record, text)}</p>`;
}

/** Who and when, in one quiet line. */
export function bylineOf({ lexicon }: ChangeRecord, { by, at }: Pick<Said, "by" | "at">) {
  return html`<p class="note">${lexicon.person(by)}, <time datetime=${at}>${lexicon.date(at)}</time></p>`;
}

/** What was remarked when something was done. */
export function noteOf(record: ChangeRecord, done: Done | null | undefined) {
  return done?.note ? html`<q class="said" dir="auto">${wordsOf(record, done.note)}</q>` : nothing;
}
