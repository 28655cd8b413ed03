// As what somebody may do something: in plain words, not by the policy's roles.

import type { CommandKind, Permission, Refusal } from "../wire.js";
import { type ChangeRecord, fieldOf, modelOf } from "./record.js";

/** What a person is to a change at a gesture. */
export type Hat = "requester" | "evaluator" | "approver" | "implementer" | "reviewer" | "coordinator" | "anybody";

/** In the order in which a change meets them. */
export const HATS: readonly Hat[] = [
  "requester",
  "evaluator",
  "approver",
  "implementer",
  "reviewer",
  "coordinator",
  "anybody",
];

const WORN: Readonly<Partial<Record<CommandKind, Hat>>> = {
  answer: "requester",
  edit: "requester",
  evaluate: "evaluator",
  approve: "approver",
  decline: "approver",
  defer: "approver",
  fulfill: "implementer",
  task: "implementer",
  check: "implementer",
  attach: "implementer",
  retract: "implementer",
  extend: "implementer",
  complete: "implementer",
  observe: "reviewer",
  endObservation: "reviewer",
  review: "reviewer",
  reviewWaiver: "reviewer",
  reviewIncident: "reviewer",
  comment: "anybody",
};

/** Whether the reader asked for the change. */
function isRequester({ person, reading }: ChangeRecord): boolean {
  return person === reading.change.requester;
}

/** Whether the reader is named to do the work. */
function isImplementer(record: ChangeRecord): boolean {
  const named = record.reading.change.fields[fieldOf(record, "implementers")?.id ?? ""] ?? [];
  return [named].flat().includes(record.person);
}

/** Whoever takes a way: by what its roles are to the change, then by where it leads. */
function moverOf(record: ChangeRecord, { transition, into }: Permission): Hat {
  const way = modelOf(record)?.lifeCycle.transitions.find(({ id }) => id === transition);
  const relations = record.lexicon.policy.roles.filter(({ id }) => way?.by?.includes(id)).map((role) => role.relation);
  if (relations.includes("requester") && isRequester(record)) return "requester";
  if (relations.includes("implementer") && (isImplementer(record) || into === "implement")) return "implementer";
  if (into === "review" || into === "closed") return "reviewer";
  return "coordinator";
}

/** As what somebody makes a gesture. Whoever did not ask edits and answers as one who looks after it. */
export function hatOf(record: ChangeRecord, permission: Permission): Hat {
  const { command, rule } = permission;
  if (command === "move") return moverOf(record, permission);
  if (command === "ask") return rule ? "approver" : "evaluator";
  if (command === "attach" && !isImplementer(record)) return "anybody";
  const hat = WORN[command] ?? "coordinator";
  return hat === "requester" && !isRequester(record) ? "coordinator" : hat;
}

const OF_OTHERS: readonly Refusal["code"][] = [
  "role.missing",
  "approval.not-yours",
  "task.not-yours",
  "actor.only-host",
  "lifecycle.automatic",
];

/** Whether a refusal says that something is somebody else's to do. */
export function isWhose({ code }: Refusal): boolean {
  return OF_OTHERS.includes(code);
}

/** Whether a gesture is refused because it is somebody else's to make. */
export function isOfOthers({ refusals }: Permission): boolean {
  return refusals.some(isWhose);
}

/** Whether a gesture belongs to this kind of change at all. */
export function isOfChange({ refusals }: Permission): boolean {
  return refusals.every(({ code }) => code !== "check.unknown" && code !== "observation.none");
}

/** Gestures that are refused for the same reasons. */
export interface Refused {
  readonly permissions: readonly Permission[];
  readonly reasons: readonly string[];
}

/** What is refused, gathered by its reasons: sixty gestures are seldom refused for more than a few. */
export function gathered(
  permissions: readonly Permission[],
  reasonsOf: (refusals: readonly Refusal[]) => readonly string[],
): readonly Refused[] {
  const found = new Map<string, { permissions: Permission[]; reasons: readonly string[] }>();
  for (const permission of permissions) {
    const reasons = reasonsOf(permission.refusals);
    const key = reasons.join("\n");
    const known = found.get(key) ?? { permissions: [], reasons };
    known.permissions.push(permission);
    found.set(key, known);
  }
  return [...found.values()];
}
