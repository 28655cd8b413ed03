// What the signed-in person may do next, or every reason why not.

import { html, nothing } from "lit";
import type { Permission } from "../wire.js";
import { keyOf, nameOf } from "./gesture.js";
import { type ChangeRecord, isOver, reasonsOf } from "./record.js";

/** The gestures that take it on stand first; what anybody may do at any time stands last. */
const ORDER = [
  "evaluate",
  "approve",
  "ask",
  "defer",
  "decline",
  "move",
  "complete",
  "extend",
  "decideExtension",
  "review",
  "resume",
  "edit",
  "comment",
] as const satisfies readonly Permission["command"][];

/** What is not asked for often stands behind one disclosure. */
const ASIDE = [
  "hold",
  "announce",
  "relate",
  "assign",
  "waive",
  "reviewWaiver",
  "erase",
] as const satisfies readonly Permission["command"][];

function isOf(commands: readonly Permission["command"][]): (permission: Permission) => boolean {
  return ({ command }) => commands.includes(command);
}

function inOrder(permissions: readonly Permission[]): readonly Permission[] {
  const order: readonly Permission["command"][] = ORDER;
  // A way that asks for a reason leads aside: it stands behind what takes the change on.
  const aside = order.indexOf("review") + 0.5;
  const place = ({ command, reason }: Permission) => (command === "move" && reason ? aside : order.indexOf(command));
  return permissions.filter(isOf(order)).sort((one, other) => place(one) - place(other));
}

const TAKES_ON: readonly Permission["command"][] = [
  "evaluate",
  "approve",
  "complete",
  "review",
  "decideExtension",
  "resume",
];

function takesOn({ command, reason }: Permission): boolean {
  return TAKES_ON.includes(command) || (command === "move" && !reason);
}

/** Work can be told of at any time; that is the main thing only once it has begun. */
function isMain({ reading }: ChangeRecord, permission: Permission): boolean {
  return takesOn(permission) && (permission.command !== "complete" || reading.change.startedAt !== undefined);
}

/** The button of a gesture. */
export function gestureButton(
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

/** Buttons for what is allowed; the rest in one disclosure, each with its reasons. What belongs to a task, a question or a piece of evidence stands there. */
export function nextView(record: ChangeRecord, chosen: string | undefined, choose: (permission: Permission) => void) {
  const { lexicon, reading } = record;
  const ordered = inOrder(reading.permissions);
  const allowed = ordered.filter((permission) => permission.allowed);
  const refused = ordered.filter((permission) => !permission.allowed);
  const aside = reading.permissions.filter(isOf(ASIDE)).filter((permission) => permission.allowed);
  const buttons = (permissions: readonly Permission[]) =>
    permissions.map((permission) => gestureButton(record, permission, chosen, choose));
  return html`<div class="next" part="next">
    ${idle(record, allowed)}
    <div class="buttons">${buttons(allowed)}</div>
    ${
      aside.length === 0
        ? nothing
        : html`<details class="more-gestures"><summary part="disclosure">${lexicon.t("record.more")}</summary>
      <div class="buttons">${buttons(aside)}</div></details>`
    }
    ${
      refused.length === 0
        ? nothing
        : html`<details class="why-not"><summary part="disclosure">${lexicon.t("record.why-not", { count: refused.length })}</summary>
      <ul>${refused.map((permission) => whyNot(record, permission))}</ul></details>`
    }</div>`;
}
