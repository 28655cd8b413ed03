// Who keeps the records, as the page says it to an element.

import type { Host } from "./host.js";
import { httpHost } from "./http.js";

/** How long an element waits for a page to connect it before it says that nobody did. */
const HOST_PATIENCE_MS = 3_000;

/** An element that a page connects. */
export interface Connected {
  readonly host: Host | undefined;
  readonly endpoint: string | null;
}

/**
 * The host that a page has set, or one over HTTP. A page may say who keeps the records a moment after the element is there.
 *
 * @throws {NoHost} when it does not
 */
export async function keeperOf(element: Connected): Promise<Host> {
  if (!element.host && element.endpoint === null) await new Promise((resolve) => setTimeout(resolve, HOST_PATIENCE_MS));
  if (element.host) return element.host;
  if (element.endpoint === null) throw new NoHost("neither `host` nor `endpoint` is set");
  return httpHost({ endpoint: element.endpoint });
}

/** The page has not said who keeps the records. */
export class NoHost extends Error {}
