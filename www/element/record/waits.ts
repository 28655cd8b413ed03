// For whom the change waits.

import type { RequiredApproval, RuleId } from "../wire.js";
import { type ChangeRecord, isOver, modelOf } from "./record.js";

const MOST_NAMES = 3;

/** The approvals that are open by what the core says; none where it does not say. */
function openRules({ reading }: ChangeRecord): ReadonlySet<RuleId> {
  const refusals = reading.permissions.flatMap((permission) => permission.refusals);
  return new Set(
    refusals.flatMap((refusal) => {
      if (refusal.code === "approval.missing" || refusal.code === "ratification.missing") return refusal.rules;
      return refusal.code === "approval.not-yet" ? refusal.waitsFor : [];
    }),
  );
}

/** The approvals that are asked for now. */
export function openApprovals(record: ChangeRecord): readonly RequiredApproval[] {
  const { approvals, phase } = record.reading.change;
  const open = openRules(record);
  const told = approvals.filter(({ rule }) => open.has(rule));
  if (told.length > 0) return phase === "authorize" || phase === "review" ? firstStage(told) : [];
  return phase === "authorize" ? approvals : [];
}

function firstStage(approvals: readonly RequiredApproval[]): readonly RequiredApproval[] {
  const first = Math.min(...approvals.map(({ stage }) => stage));
  return approvals.filter(({ stage }) => stage === first);
}

function people({ lexicon }: ChangeRecord, { rule, eligible }: RequiredApproval): string {
  const names = eligible.slice(0, MOST_NAMES).map(({ person }) => lexicon.person(person));
  const rest = eligible.length - names.length;
  const all = rest > 0 ? `${names.join(", ")} ${lexicon.t("approvals.more", { count: rest })}` : lexicon.list(names);
  return `${lexicon.rule(rule)} (${all || lexicon.t("record.waits.nobody")})`;
}

/** Those whose hand takes it on from here, by role. */
function movers(record: ChangeRecord): readonly string[] {
  const { state } = record.reading.change;
  const ways = modelOf(record)?.lifeCycle.transitions.filter(({ from, reason }) => from === state && !reason) ?? [];
  return [...new Set(ways.flatMap(({ by }) => by ?? []))].map((role) => record.lexicon.role(role));
}

/** For whom it waits, in one line; empty where it waits for nobody. */
export function waitsFor(record: ChangeRecord): string {
  const { lexicon } = record;
  if (isOver(record)) return "";
  const approvals = openApprovals(record);
  if (approvals.length > 0)
    return lexicon.t("record.waits", { who: lexicon.list(approvals.map((approval) => people(record, approval))) });
  const roles = movers(record);
  return roles.length > 0 ? lexicon.t("record.waits", { who: lexicon.list(roles) }) : "";
}
