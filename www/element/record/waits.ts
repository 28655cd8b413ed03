// For whom the change waits.

import type { RequiredApproval, Role } from "../wire.js";
import { type ChangeRecord, fieldOf, isOver, modelOf } from "./record.js";

const MOST_NAMES = 3;

/** The approvals that are asked for now. */
export function openApprovals({ reading }: ChangeRecord): readonly RequiredApproval[] {
  return reading.change.approvals.filter(({ rule }) => reading.says.asked.includes(rule));
}

function names({ lexicon }: ChangeRecord, people: readonly string[]): string {
  const rest = people.length - MOST_NAMES;
  const shown = people.slice(0, MOST_NAMES).map((person) => lexicon.person(person));
  return rest > 0 ? `${shown.join(", ")} ${lexicon.t("approvals.more", { count: rest })}` : lexicon.list(shown);
}

function whoApproves(record: ChangeRecord, { rule, eligible }: RequiredApproval): string {
  const { lexicon } = record;
  const people = [...new Set(eligible.map(({ person }) => person))];
  return `${lexicon.rule(rule)} (${people.length > 0 ? names(record, people) : lexicon.t("record.waits.nobody")})`;
}

/** Those who hold a role by what they are to this change. */
function related(record: ChangeRecord, { relation }: Role): readonly string[] {
  const { change } = record.reading;
  if (relation === "requester") return [change.requester];
  if (relation !== "implementer") return [];
  const named = change.fields[fieldOf(record, "implementers")?.id ?? ""] ?? [];
  return [named].flat().filter((person) => typeof person === "string");
}

function whoMoves(record: ChangeRecord, id: string): string {
  const role = record.lexicon.policy.roles.find((known) => known.id === id);
  const people = role ? related(record, role) : [];
  return people.length > 0 ? `${record.lexicon.role(id)} (${names(record, people)})` : record.lexicon.role(id);
}

/** The roles whose hand takes it on from here. Work under way waits for those who carry it out. */
function movers(record: ChangeRecord): readonly string[] {
  const { state } = record.reading.change;
  const ways = modelOf(record)?.lifeCycle.transitions.filter(({ from }) => from === state) ?? [];
  const byHand = ways.filter(({ on, reason, to }) => !on && !reason && isOnward(record, to));
  if (byHand.length > 0) return [...new Set(byHand.flatMap(({ by }) => by ?? []))];
  const isReported = ways.some(({ on }) => on === "completed");
  return isReported
    ? record.lexicon.policy.roles.filter(({ relation }) => relation === "implementer").map(({ id }) => id)
    : [];
}

/** Whether a state lies ahead on the way that changes usually take. */
function isOnward(record: ChangeRecord, to: string): boolean {
  const states = modelOf(record)?.lifeCycle.states ?? [];
  const place = (id: string) => states.findIndex((state) => state.id === id);
  const phase = states[place(to)]?.phase;
  return place(to) > place(record.reading.change.state) && phase !== "rejected" && phase !== "canceled";
}

/** For whom it waits, in one line; empty where it waits for nobody. */
export function waitsFor(record: ChangeRecord): string {
  const { lexicon } = record;
  if (isOver(record)) return "";
  const approvals = openApprovals(record).map((approval) => whoApproves(record, approval));
  const who = approvals.length > 0 ? approvals : movers(record).map((role) => whoMoves(record, role));
  return who.length > 0 ? lexicon.t("record.waits", { who: lexicon.list(who) }) : "";
}
