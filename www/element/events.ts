import type { FaultReport } from "./fault.js";
import type { Assessment, ChangeId, Command, Draft, Refusal, Report, Stored } from "./wire.js";

/** What each event of the elements carries in its `detail`. All of them bubble and cross shadow roots. */
export interface ChangegateEvents {
  /** The first question can be answered, or the record is shown. */
  "changegate-ready": { changeId: ChangeId };
  /** Something was typed or chosen. */
  "changegate-draft-changed": { draft: Draft; assessment: Assessment };
  /** Cancelable: the person pressed submit and the core would take it. */
  "changegate-before-submit": { draft: Draft; command: Command };
  /** The change is submitted, and the host has stored it. */
  "changegate-submitted": { changeId: ChangeId; stored: readonly Stored[] };
  /** Cancelable: a report is about to be handed to the host. */
  "changegate-before-report": { report: Report };
  /** The host took a report. */
  "changegate-reported": { report: Report; stored: readonly Stored[] };
  /** The answer was no. */
  "changegate-refused": { changeId: ChangeId; refusals: readonly Refusal[] };
  /** Something around the decision went wrong. */
  "changegate-fault": { fault: FaultReport };
  /** A list was asked for anew: how many changes it shows, how many of these are late, of how many the reader was reminded. */
  "changegate-listed": { count: number; late: number; reminded: number };
  /** Cancelable: a change was chosen in a list. */
  "changegate-before-open": { changeId: ChangeId; href: string };
  /** The browser follows the link to a change. */
  "changegate-opened": { changeId: ChangeId; href: string };
}

/** The name of an event that asks first and can be canceled. */
export type Cancelable = "changegate-before-submit" | "changegate-before-report" | "changegate-before-open";

function dispatch<N extends keyof ChangegateEvents>(
  from: EventTarget,
  name: N,
  detail: ChangegateEvents[N],
  cancelable: boolean,
): boolean {
  return from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
}

/** Tells that something happened. */
export function tell<N extends Exclude<keyof ChangegateEvents, Cancelable>>(
  from: EventTarget,
  name: N,
  detail: ChangegateEvents[N],
): void {
  dispatch(from, name, detail, false);
}

/** Asks whether something may happen; false where the page said no. */
export function ask<N extends Cancelable>(from: EventTarget, name: N, detail: ChangegateEvents[N]): boolean {
  return dispatch(from, name, detail, true);
}
