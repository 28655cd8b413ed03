// What the signed-in person may do next, or every reason why not.

import { html, nothing } from "lit";
import type { Permission } from "../wire.js";
import { keyOf, nameOf } from "./gesture.js";
import { type ChangeRecord, isOver, reasonsOf } from "./record.js";

/** The gestures that take it on stand first; what anybody may do at any time stands last. */
const ORDER = [
  "approve",
  "decline",
  "move",
  "complete",
  "review",
  "edit",
  "comment",
  "erase",
  "submit",
] as const satisfies readonly Permission["command"][];

function inOrder(permissions: readonly Permission[]): readonly Permission[] {
  // A way that asks for a reason leads aside: it stands behind what takes the change on.
  const aside = ORDER.indexOf("review") + 0.5;
  const place = ({ command, reason }: Permission) => (command === "move" && reason ? aside : ORDER.indexOf(command));
  return [...permissions].sort((one, other) => place(one) - place(other));
}

function takesOn({ command, reason }: Permission): boolean {
  return command === "approve" || (command === "move" && !reason) || command === "complete" || command === "review";
}

/** Work can be told of at any time; that is the main thing only once it has begun. */
function isMain({ reading }: ChangeRecord, permission: Permission): boolean {
  return takesOn(permission) && (permission.command !== "complete" || reading.change.startedAt !== undefined);
}

function button(
  record: ChangeRecord,
  permission: Permission,
  chosen: string | undefined,
  choose: (permission: Permission) => void,
) {
  const { lexicon } = record;
  const isChosen = keyOf(permission) === chosen;
  const kind = isMain(record, permission)
    ? "primary"
    : permission.command === "comment" || permission.command === "erase"
      ? "quiet"
      : "secondary";
  return html`<button type="button" class=${kind} part="button" data-command=${permission.command} data-key=${keyOf(permission)}
    aria-expanded=${isChosen ? "true" : "false"} aria-controls=${isChosen ? "cgr-panel" : nothing}
    @click=${() => choose(permission)}>${nameOf(lexicon, permission)}</button>`;
}

function whyNot(record: ChangeRecord, permission: Permission) {
  const codes = [...new Set(permission.refusals.map(({ code }) => code))].join(" ");
  return html`<li data-command=${permission.command} data-key=${keyOf(permission)} data-codes=${codes}>
    <p class="label small">${nameOf(record.lexicon, permission)}</p>
    <ul>${reasonsOf(record, permission.refusals).map((reason) => html`<li>${reason}</li>`)}</ul></li>`;
}

/** What is said where nothing is asked of the reader. */
function idle(record: ChangeRecord, allowed: readonly Permission[]) {
  if (isOver(record)) return html`<p class="note">${record.lexicon.t("record.next.over")}</p>`;
  return allowed.some((permission) => isMain(record, permission))
    ? nothing
    : html`<p class="note">${record.lexicon.t("record.next.none")}</p>`;
}

/** Buttons for what is allowed; the rest in one disclosure, each with its reasons. */
export function nextView(record: ChangeRecord, chosen: string | undefined, choose: (permission: Permission) => void) {
  const { lexicon, reading } = record;
  const ordered = inOrder(reading.permissions);
  const allowed = ordered.filter((permission) => permission.allowed);
  const refused = ordered.filter((permission) => !permission.allowed);
  return html`<div class="next" part="next">
    ${idle(record, allowed)}
    <div class="buttons">${allowed.map((permission) => button(record, permission, chosen, choose))}</div>
    ${
      refused.length === 0
        ? nothing
        : html`<details class="why-not"><summary part="disclosure">${lexicon.t("record.why-not", { count: refused.length })}</summary>
      <ul>${refused.map((permission) => whyNot(record, permission))}</ul></details>`
    }</div>`;
}
