// The time of the tests: every host begins at the same one, whatever this machine's clock shows.

/** When a host begins: a Monday morning, seven weeks before the first freeze of any shipped organisation. */
export const START = "2026-11-02T09:00:00.000Z";

/**
 * How long something may take before it counts as not happening: no measure of how fast it is, so that a busy machine passes.
 */
export const PATIENCE_MS = 180_000;

/** So many hours after an instant. */
export function later(instant, hours) {
  return new Date(Date.parse(instant) + hours * 3_600_000).toISOString();
}

/** That many days after the start, at an hour of the day. */
export function onDay(days, time) {
  return `${later(START, days * 24).slice(0, 10)}T${time}:00.000Z`;
}

/** Waits until something is so that no page can be asked for. */
export async function until(isSo, what) {
  for (let waited = 0; waited < PATIENCE_MS; waited += 20) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what} does not come to be`);
}
