// What the signed-in person may do next, or every reason why not.

import { html, nothing, type TemplateResult } from "lit";
import type { CommandKind, Permission, Refusal, RuleId } from "../wire.js";
import { nameOf } from "./gesture.js";
import { gathered, HATS, type Hat, hatOf, isOfOthers, type Refused } from "./hats.js";
import { gestureButton, type Hands, isInPlace } from "./part.js";
import { type ChangeRecord, isOver, reasonsOf } from "./record.js";

/** What comes next also takes somebody to a decision, and to what is done elsewhere on the page. */
export interface NextHands extends Hands {
  /** The rule that is being decided on. */
  readonly deciding: RuleId | undefined;
  decide(rule: RuleId): void;
  goTo(part: string): void;
}

/** The gestures that take it on stand first; what leads aside or away stands last. */
const ORDER: readonly CommandKind[] = [
  "evaluate",
  "resume",
  "move",
  "complete",
  "extend",
  "decideExtension",
  "review",
  "edit",
  "ask",
];

/** What is not asked for often stands behind one disclosure. */
const ASIDE: readonly CommandKind[] = ["hold", "announce", "assign", "waive", "handOn", "erase"];

/** Votes are given on one page for all answers. */
const VOTES: readonly CommandKind[] = ["approve", "decline", "defer"];

/** Whether a gesture is an answer to an approval rule. */
export function isVote({ command, rule }: Permission): boolean {
  return VOTES.includes(command) || (command === "ask" && Boolean(rule));
}

function inOrder(permissions: readonly Permission[]): readonly Permission[] {
  // A way that asks for a reason leads aside: it stands behind what takes the change on.
  const place = ({ command, reason }: Permission) =>
    command === "move" && reason ? ORDER.length : ORDER.indexOf(command);
  return permissions.filter(({ command }) => ORDER.includes(command)).sort((one, other) => place(one) - place(other));
}

/** Whether it is what the core says the change waits for from the reader. */
function isAwaited({ reading }: ChangeRecord, { command, name, reason }: Permission): boolean {
  const asked = reading.waiting?.gestures ?? [];
  const isSame = (other: Permission["name"]) => JSON.stringify(other ?? null) === JSON.stringify(name ?? null);
  return !reason && asked.some((known) => known.command === command && isSame(known.name));
}

function kindOf(record: ChangeRecord, permission: Permission): "primary" | "secondary" | "quiet" {
  if (isAwaited(record, permission)) return "primary";
  return permission.command === "move" && permission.reason ? "quiet" : "secondary";
}

/** The rules to which the reader may give an answer. */
function rulesOf(permissions: readonly Permission[]): readonly RuleId[] {
  return [...new Set(permissions.filter(isVote).flatMap(({ rule }) => rule ?? []))];
}

function decideButton(record: ChangeRecord, rule: RuleId, hands: NextHands) {
  const isOpen = hands.deciding === rule;
  return html`<button type="button" class="primary" part="button" data-command="decide" data-key="decide ${rule}"
    aria-expanded=${isOpen ? "true" : "false"} aria-controls=${isOpen ? "cgr-panel" : nothing}
    @click=${() => hands.decide(rule)}>${record.lexicon.t("gesture.decide", { rule: record.lexicon.rule(rule) })}</button>`;
}

/** Where on the page something is done, and how many things wait there. */
const JUMPS = [
  { command: "answer", part: "questions", hat: "requester" },
  { command: "fulfill", part: "conditions", hat: "implementer" },
  { command: "task", part: "tasks", hat: "implementer" },
  { command: "check", part: "checklist", hat: "implementer" },
  { command: "attach", part: "evidence", hat: "implementer" },
  { command: "observe", part: "observation", hat: "reviewer" },
  { command: "reviewWaiver", part: "waivers", hat: "reviewer" },
] as const satisfies readonly { command: CommandKind; part: string; hat: Hat }[];

function jumpsOf(record: ChangeRecord, hat: Hat, hands: NextHands) {
  const { lexicon, reading } = record;
  return JUMPS.filter((jump) => jump.hat === hat).flatMap(({ command, part }) => {
    const own = reading.permissions.filter((known) => known.allowed && known.command === command);
    const count = new Set(own.map(({ about }) => about)).size;
    if (count === 0) return [];
    const kind = own.some((permission) => isAwaited(record, permission)) ? "primary" : "secondary";
    return html`<button type="button" class="${kind} jump" part="button" data-jump=${part} @click=${() => hands.goTo(part)}>${lexicon.t(`next.${command}`, { count })}</button>`;
  });
}

function hatView(record: ChangeRecord, hat: Hat, permissions: readonly Permission[], hands: NextHands) {
  const own = permissions.filter((permission) => hatOf(record, permission) === hat);
  const buttons = inOrder(own).filter((permission) => !isVote(permission));
  const rules = rulesOf(own);
  const jumps = jumpsOf(record, hat, hands);
  if (buttons.length + rules.length + jumps.length === 0) return [];
  return html`<li class="hat" data-hat=${hat}><h4 class="label small">${record.lexicon.t(`hat.${hat}`)}</h4>
    <div class="buttons">${rules.map((rule) => decideButton(record, rule, hands))}${jumps}${buttons.map((permission) =>
      gestureButton(record, { permission }, hands, { kind: kindOf(record, permission) }),
    )}</div></li>`;
}

/** What is not needed often. */
function asideView(record: ChangeRecord, permissions: readonly Permission[], hands: Hands) {
  const aside = permissions.filter(({ command }) => ASIDE.includes(command));
  if (aside.length === 0) return nothing;
  return html`<details class="more-gestures"><summary part="disclosure">${record.lexicon.t("record.more")}</summary>
    <div class="buttons">${aside.map((permission) => gestureButton(record, { permission }, hands, { kind: "quiet" }))}</div></details>`;
}

/** One line for gestures that are refused for the same reasons. */
function refusedView(record: ChangeRecord, { permissions, reasons }: Refused) {
  const names = [...new Set(permissions.map((permission) => nameOf(record, { permission })))];
  const codes = [...new Set(permissions.flatMap(({ refusals }) => refusals.map(({ code }) => code)))].join(" ");
  const commands = [...new Set(permissions.map(({ command }) => command))].join(" ");
  return html`<li data-commands=${commands} data-codes=${codes}><p>${names.join(" · ")}</p>
    <ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul></li>`;
}

function refusedByHat(record: ChangeRecord, permissions: readonly Permission[]) {
  return HATS.map((hat) => {
    const own = permissions.filter((permission) => hatOf(record, permission) === hat);
    const reasons = (refusals: readonly Refusal[]) => reasonsOf(record, refusals);
    return own.length === 0
      ? nothing
      : html`<li><p class="label small">${record.lexicon.t(`hat.${hat}.other`)}</p>
      <ul>${gathered(own, reasons).map((refused) => refusedView(record, refused))}</ul></li>`;
  });
}

/** What is refused: first what is only not yet possible, and behind it what others do. */
function whyNotView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const refused = reading.permissions.filter(({ allowed }) => !allowed);
  const [others, own] = [refused.filter(isOfOthers), refused.filter((permission) => !isOfOthers(permission))];
  if (refused.length === 0) return nothing;
  const ofOthers =
    others.length === 0
      ? nothing
      : html`<details class="of-others"><summary part="disclosure">${lexicon.t("record.of-others")}</summary>
        <ul class="refused">${refusedByHat(record, others)}</ul></details>`;
  return html`<details class="why-not"><summary part="disclosure">${lexicon.t("record.why-not")}</summary>
    ${own.length === 0 ? html`<p class="note">${lexicon.t("record.why-not.none")}</p>` : html`<ul class="refused">${refusedByHat(record, own)}</ul>`}${ofOthers}</details>`;
}

/** What is said where nothing is asked of the reader. */
function idleView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  if (isOver(record)) return html`<p class="note">${lexicon.t("record.next.over")}</p>`;
  return reading.waiting ? nothing : html`<p class="note">${lexicon.t("record.next.none")}</p>`;
}

/** Everything that the reader may do now, by what they are to the change; the rest in disclosures, with its reasons. */
export function nextView(record: ChangeRecord, hands: NextHands): TemplateResult {
  const allowed = record.reading.permissions.filter((permission) => permission.allowed);
  const here = allowed.filter((permission) => !isInPlace(permission));
  return html`<div class="next" part="next">${idleView(record)}
    <ul class="hats">${HATS.flatMap((hat) => hatView(record, hat, here, hands))}</ul>
    ${asideView(record, here, hands)}${whyNotView(record)}</div>`;
}
