// What the signed-in person may do next, or every reason why not.

import { html, nothing, type TemplateResult } from "lit";
import type { CommandKind, Permission, Refusal, RuleId } from "../wire.js";
import { nameOf } from "./gesture.js";
import { gathered, HATS, type Hat, hatOf, isOfChange, isOfOthers, isWhose, type Refused } from "./hats.js";
import { gestureButton, type Hands, isInPlace } from "./part.js";
import { type ChangeRecord, isOver, reasonsOf, taskName } from "./record.js";

/** What comes next also takes somebody to a decision, and to what is done elsewhere on the page. */
export interface NextHands extends Hands {
  /** The rule that is being decided on. */
  readonly deciding: RuleId | undefined;
  decide(rule: RuleId): void;
  goTo(part: string): void;
}

/** The gestures that take it on stand first; what leads aside or away stands last. */
const ORDER: readonly CommandKind[] = [
  "assign",
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
const ASIDE: readonly CommandKind[] = ["complete", "hold", "announce", "assign", "waive", "handOn", "erase"];

/** Votes are given on one page for all answers. */
const VOTES: readonly CommandKind[] = ["approve", "decline", "defer"];

/** Whether a gesture is an answer to an approval rule. */
export function isVote({ command, rule }: Permission): boolean {
  return VOTES.includes(command) || (command === "ask" && Boolean(rule));
}

/** Work can be told of at any time, and somebody named for any step: that is only in place when it is its time. */
function isInTime({ reading }: ChangeRecord, { command, about }: Permission): boolean {
  const { phase, startedAt, state } = reading.change;
  if (command === "complete") return phase === "implement" || Boolean(startedAt);
  if (command === "assign") return about === state && !reading.accountable[state];
  return ORDER.includes(command);
}

function inOrder(record: ChangeRecord, permissions: readonly Permission[]): readonly Permission[] {
  // A way that asks for a reason leads aside: it stands behind what takes the change on.
  const place = ({ command, reason }: Permission) =>
    command === "move" && reason ? ORDER.length : ORDER.indexOf(command);
  const own = permissions.filter((permission) => !isVote(permission) && isInTime(record, permission));
  return own.sort((one, other) => place(one) - place(other));
}

/** Whether it is what the core says the change waits for from the reader. */
function isAwaited({ reading }: ChangeRecord, { command, name, reason }: Permission): boolean {
  const asked = reading.waiting?.gestures ?? [];
  const isSame = (other: Permission["name"]) => JSON.stringify(other ?? null) === JSON.stringify(name ?? null);
  return !reason && asked.some((known) => known.command === command && isSame(known.name));
}

function kindOf(record: ChangeRecord, permission: Permission): "primary" | "secondary" | "quiet" {
  // Where nobody answers for the step, it goes no further.
  if (isAwaited(record, permission) || permission.command === "assign") return "primary";
  return permission.command === "move" && permission.reason ? "quiet" : "secondary";
}

/** The rules to which the reader may give an answer. */
function rulesOf(permissions: readonly Permission[]): readonly RuleId[] {
  return [...new Set(permissions.filter(isVote).flatMap(({ rule }) => rule ?? []))];
}

/** The way to a decision by a rule, with in whose place it is made. */
function decideText({ lexicon, reading }: ChangeRecord, rule: RuleId): string {
  const text = lexicon.t("gesture.decide", { rule: lexicon.rule(rule) });
  const own = reading.permissions.find((known) => known.rule === rule && known.allowed && isVote(known));
  return own?.onBehalfOf
    ? lexicon.t("gesture.in-place-of", { gesture: text, person: lexicon.person(own.onBehalfOf) })
    : text;
}

function decideButton(record: ChangeRecord, rule: RuleId, hands: NextHands) {
  const isOpen = hands.deciding === rule;
  return html`<button type="button" class="primary" part="button" data-command="decide" data-key="decide ${rule}"
    aria-expanded=${isOpen ? "true" : "false"} aria-controls=${isOpen ? "cgr-panel" : nothing}
    @click=${() => hands.decide(rule)}>${decideText(record, rule)}</button>`;
}

/** Where on the page something is done. */
const JUMPS = [
  { command: "answer", part: "questions" },
  { command: "fulfill", part: "conditions" },
  { command: "task", part: "tasks" },
  { command: "check", part: "checklist" },
  { command: "attach", part: "evidence" },
  { command: "observe", part: "observation" },
  { command: "reviewWaiver", part: "waivers" },
  { command: "reviewIncident", part: "incidents" },
] as const satisfies readonly { command: CommandKind; part: string }[];

/** The way to where something is done, with how many things wait there. */
function jumpsOf(record: ChangeRecord, permissions: readonly Permission[], hands: NextHands) {
  return JUMPS.flatMap(({ command, part }) => {
    const own = permissions.filter((known) => known.command === command);
    const count = new Set(own.map(({ about }) => about)).size;
    if (count === 0) return [];
    const kind = own.some((permission) => isAwaited(record, permission)) ? "primary" : "secondary";
    return html`<button type="button" class="${kind} jump" part="button" data-jump=${part} @click=${() => hands.goTo(part)}>${record.lexicon.t(`next.${command}`, { count })}</button>`;
  });
}

function hatView(record: ChangeRecord, hat: Hat, permissions: readonly Permission[], hands: NextHands) {
  const own = permissions.filter((permission) => hatOf(record, permission) === hat);
  const buttons = inOrder(
    record,
    own.filter((permission) => !isInPlace(permission)),
  );
  const rules = rulesOf(own);
  const jumps = jumpsOf(record, own, hands);
  if (buttons.length + rules.length + jumps.length === 0) return [];
  return html`<li class="hat" data-hat=${hat}><h4 class="label small">${record.lexicon.t(`hat.${hat}`)}</h4>
    <div class="buttons">${rules.map((rule) => decideButton(record, rule, hands))}${jumps}${buttons.map((permission) =>
      gestureButton(record, { permission }, hands, { kind: kindOf(record, permission) }),
    )}</div></li>`;
}

/** What is not needed often. */
function asideView(record: ChangeRecord, permissions: readonly Permission[], hands: Hands) {
  const isAside = (permission: Permission) => ASIDE.includes(permission.command) && !isInTime(record, permission);
  const aside = permissions.filter(isAside);
  if (aside.length === 0) return nothing;
  return html`<details class="more-gestures"><summary part="disclosure">${record.lexicon.t("record.more")}</summary>
    <div class="buttons">${aside.map((permission) => gestureButton(record, { permission }, hands, { kind: "quiet" }))}</div></details>`;
}

/** What a gesture is called among others that are refused for the same: votes by their rule, steps by their task. */
function shortly(record: ChangeRecord, permission: Permission): string {
  const { command, about, rule } = permission;
  if (isVote(permission) && rule) return record.lexicon.t("why.decide", { rule: record.lexicon.rule(rule) });
  if (command === "task" && about) return record.lexicon.t("why.task", { task: taskName(record, about) });
  return nameOf(record, { permission });
}

/** One line for gestures that are refused for the same reasons. */
function refusedView(record: ChangeRecord, { permissions, reasons }: Refused) {
  const names = [...new Set(permissions.map((permission) => shortly(record, permission)))];
  const codes = [...new Set(permissions.flatMap(({ refusals }) => refusals.map(({ code }) => code)))].join(" ");
  const commands = [...new Set(permissions.map(({ command }) => command))].join(" ");
  return html`<li data-commands=${commands} data-codes=${codes}><p>${names.join(" · ")}</p>
    <ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul></li>`;
}

type Reasons = (refusals: readonly Refusal[]) => readonly string[];

function refusedByHat(record: ChangeRecord, permissions: readonly Permission[], reasons: Reasons) {
  return HATS.flatMap((hat) => {
    const own = permissions.filter((permission) => hatOf(record, permission) === hat);
    if (own.length === 0) return [];
    return html`<li><p class="label small">${record.lexicon.t(`hat.${hat}.other`)}</p>
      <ul>${gathered(own, reasons).map((refused) => refusedView(record, refused))}</ul></li>`;
  });
}

/** Whose it is: that is enough of a reason for whoever it is not. */
function whose(record: ChangeRecord, refusals: readonly Refusal[]): readonly string[] {
  const { lexicon } = record;
  const said = refusals.filter(isWhose).map((refusal) => {
    if (refusal.code === "approval.not-yours") return lexicon.t("why.approver");
    return refusal.code === "task.not-yours" ? lexicon.t("why.assignee") : reasonsOf(record, [refusal])[0];
  });
  return [...new Set(said)].flatMap((reason) => reason ?? []);
}

/** What is refused: first what is only not yet possible, and behind it what others do. */
function whyNotView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const refused = reading.permissions.filter((known) => !known.allowed && isOfChange(known));
  const [others, own] = [refused.filter(isOfOthers), refused.filter((permission) => !isOfOthers(permission))];
  if (refused.length === 0) return nothing;
  const ofOthers =
    others.length === 0
      ? nothing
      : html`<details class="of-others"><summary part="disclosure">${lexicon.t("record.of-others")}</summary>
        <ul class="refused">${refusedByHat(record, others, (refusals) => whose(record, refusals))}</ul></details>`;
  const list = refusedByHat(record, own, (refusals) => reasonsOf(record, refusals));
  return html`<details class="why-not"><summary part="disclosure">${lexicon.t("record.why-not")}</summary>
    ${list.length === 0 ? html`<p class="note">${lexicon.t("record.why-not.none")}</p>` : html`<ul class="refused">${list}</ul>`}${ofOthers}</details>`;
}

/** What is said where nothing is asked of the reader. */
function idleView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  if (isOver(record))
    return html`<p class="note">${lexicon.t(reading.says.over ? "record.next.over" : "record.next.incident")}</p>`;
  return reading.waiting ? nothing : html`<p class="note">${lexicon.t("record.next.none")}</p>`;
}

/** Everything that the reader may do now, by what they are to the change; the rest in disclosures, with its reasons. */
export function nextView(record: ChangeRecord, hands: NextHands): TemplateResult {
  const allowed = record.reading.permissions.filter((permission) => permission.allowed);
  return html`<div class="next" part="next">${idleView(record)}
    <ul class="hats">${HATS.flatMap((hat) => hatView(record, hat, allowed, hands))}</ul>
    ${asideView(record, allowed, hands)}${whyNotView(record)}</div>`;
}
