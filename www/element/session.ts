import { type Core, fetchCore, loadCore } from "./core.js";
import { Drafts } from "./drafts.js";
import type { Drafting } from "./form/drafting.js";
import type { Host, Loaded } from "./host.js";
import { Outbox } from "./outbox.js";
import { reportOf } from "./report.js";
import type { Command, Report } from "./wire.js";

/** Everything that is there once the host has answered. */
export interface Session {
  readonly host: Host;
  readonly loaded: Loaded;
  readonly core: Core;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
}

/** Asks the host, and fetches the core meanwhile. */
export async function openSession(host: Host): Promise<Session> {
  fetchCore();
  const loaded = await host.load();
  const [core, outbox] = await Promise.all([loadCore(loaded, host), Outbox.open(host)]);
  return { host, loaded, core, outbox, drafts: new Drafts(host) };
}

/** Stops sending; what waits is kept. */
export function closeSession({ outbox, drafts }: Session): void {
  outbox.close();
  void drafts.close().catch(() => undefined);
}

/** The report of a submission, with what the person saw when they pressed the button. */
export function submissionReport({ core, loaded }: Session, { draft, assessment }: Drafting, command: Command): Report {
  const approvals = assessment.approvals.map(({ rule }) => rule);
  return reportOf(core, loaded, {
    changeId: draft.id,
    expectedSeq: 0,
    command,
    level: assessment.risk.level,
    approvals,
  });
}
