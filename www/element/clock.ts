// The one place where the page's clock is read.

let aheadMs = 0;

/** Milliseconds since the epoch by this device's clock. */
export function deviceNow(): number {
  return Date.now();
}

/** Milliseconds since the epoch by the host's clock, as far as the host has told it. */
export function now(): number {
  return deviceNow() + aheadMs;
}

/** Follows the host's clock, which is the one that counts. */
export function keepTimeWith(hostNow: string): void {
  const told = Date.parse(hostNow);
  aheadMs = Number.isNaN(told) ? 0 : aheadMs + told - now();
}
