// What a phase says by itself.

import type { Phase } from "./wire.js";

/** Whether a change has come to its end. */
export function hasEnded({ phase }: { readonly phase: Phase }): boolean {
  return phase === "closed" || phase === "canceled";
}
