// Wall time of the organisation's zone, and back. The browser's Intl knows the zones.

import { cached } from "./format.js";

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  return cached(clocks, zone, () => {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    return new Intl.DateTimeFormat("en-u-ca-iso8601", { ...parts, hourCycle: "h23", timeZone: zone });
  });
}

/** The zone, or UTC where the browser does not know it. */
export function knownZone(zone: string | undefined): string {
  try {
    clock(zone ?? "UTC");
    return zone ?? "UTC";
  } catch {
    return "UTC";
  }
}

/** What a clock on the wall shows at an instant: `2026-11-23T09:30`, as `datetime-local` takes it. */
export function toWall(instant: string, zone: string): string {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? "" : wallOf(ms, zone);
}

function wallOf(ms: number, zone: string): string {
  const found = new Map(
    clock(zone)
      .formatToParts(ms)
      .map((part) => [part.type, part.value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The instant that a wall time means. Where clocks change, it may be skipped, or come twice. */
export interface Meant {
  readonly instant: string;
  /** `gap`: the clocks skip it, the time after the gap is meant. `twice`: the first is meant. */
  readonly change: "none" | "gap" | "twice";
}

const A_DAY = 86_400_000;

/** The instant of a wall time in a zone, or undefined where the text is no wall time. */
export function toInstant(wall: string, zone: string): Meant | undefined {
  const local = Date.parse(`${wall}Z`);
  if (Number.isNaN(local)) return undefined;
  const offset = (at: number) => Date.parse(`${wallOf(at, zone)}Z`) - Math.floor(at / 60_000) * 60_000;
  const [before, after] = [local - offset(local - A_DAY), local - offset(local + A_DAY)];
  const fits = [before, after].filter((ms) => offset(ms) === local - ms);
  const instant = new Date(fits.length > 0 ? Math.min(...fits) : Math.max(before, after)).toISOString();
  return { instant, change: fits.length === 0 ? "gap" : before !== after && fits.length === 2 ? "twice" : "none" };
}
