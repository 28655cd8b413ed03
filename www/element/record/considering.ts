import type { Core, RecordCore } from "../core.js";
import type { Answer } from "../host.js";
import type { Assessment, Stored } from "../wire.js";

/** A core that opens the content of a log in place of a draft. */
export function over(core: RecordCore, log: readonly Stored[]): Core {
  return {
    policyHash: core.policyHash,
    rulesVersion: core.rulesVersion,
    now: () => core.now(),
    refresh: (loaded) => core.refresh(loaded),
    open: (): Answer<Assessment> => core.edit(log),
    set: (field, value) => core.set(field, value),
    choose: (chosen) => core.choose(chosen),
    draft: () => core.draft(),
    submission: () => core.submission(),
    newId: () => core.newId(),
  };
}
