/**
 * One gesture makes one report.
 */

import type { Core } from "./core.js";
import type { Loaded } from "./host.js";
import type { ChangeId, Command, LevelId, Report, RuleId } from "./wire.js";

/** What a person wants, and what they saw when they wanted it. */
export interface Gesture {
  readonly changeId: ChangeId;
  /** How many entries of the change were seen, and how many reports wait before this one. */
  readonly expectedSeq: number;
  readonly command: Command;
  /** The level and the approvals that were shown. */
  readonly level: LevelId;
  readonly approvals: readonly RuleId[];
}

/** The report of a gesture. Where the host judges for the page, nothing is claimed. */
export function reportOf(core: Core, loaded: Loaded, gesture: Gesture): Report {
  const { changeId, expectedSeq, command, level, approvals } = gesture;
  const { rulesVersion: coreVersion, policyHash } = core;
  const claim = { coreVersion, policyHash, worldAsOf: loaded.world.asOf, level, approvals: [...approvals] };
  const report = { id: core.newId(), changeId, expectedSeq, command, occurredAt: core.now() };
  return coreVersion > 0 ? { ...report, claim } : report;
}
