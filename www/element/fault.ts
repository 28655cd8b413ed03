import { Fault, type FaultCode, NotSignedIn, Unreachable } from "./host.js";
import { NoHost } from "./keeper.js";

/** What can go wrong around the form: not the person's doing, and not a decision. */
export type Trouble = FaultCode | "unreachable" | "not-signed-in" | "no-host" | "unexpected";

/** One trouble: a stable code, and what the machine said, for support. */
export interface FaultReport {
  readonly code: Trouble;
  readonly detail: string;
}

function codeOf(thrown: unknown): Trouble {
  if (thrown instanceof Fault) return thrown.code;
  if (thrown instanceof Unreachable) return "unreachable";
  if (thrown instanceof NoHost) return "no-host";
  return thrown instanceof NotSignedIn ? "not-signed-in" : "unexpected";
}

/** The report of a thrown value. */
export function faultOf(thrown: unknown): FaultReport {
  return { code: codeOf(thrown), detail: thrown instanceof Error ? thrown.message : String(thrown) };
}
