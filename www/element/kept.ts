// What the core asks of the policy that a change keeps, where the change is to be moved to another.

import type { Digest, KeptPolicy, Policy } from "./wire.js";

/** The part of a policy that says who may move open changes: the core judges by it. */
export function keptOf(policy: Policy, hash: Digest): KeptPolicy {
  const may = policy.may?.adopt ?? [];
  return { hash, adopt: policy.roles.filter(({ id }) => may.includes(id)) };
}
