/**
 * Local rules of a calendar, expanded to instants.
 */

import { Fault } from "./host.js";
import type { Calendar, Freeze, Instant, MaintenanceWindow, Period, Text } from "./wire.js";
import { toInstant, toWall } from "./zone.js";

/** `calendar.json`: working days, freezes and maintenance windows in the organisation's local time. */
export interface CalendarRules {
  /** An IANA zone. */
  readonly zone: string;
  readonly workingDays: DayRule & { readonly holidays?: readonly string[] };
  readonly freezes?: readonly FreezeRule[];
  readonly windows?: readonly WindowRule[];
}

/** On these days of the week, 1 for Monday, from one time to another; past midnight where the end is not after the start. */
interface DayRule {
  readonly weekdays: readonly number[];
  readonly from: string;
  readonly to: string;
}

interface FreezeRule {
  readonly id: string;
  readonly name: Text;
  readonly from: string;
  readonly to: string;
  readonly services?: readonly string[];
  readonly except?: readonly string[];
}

interface WindowRule extends DayRule {
  readonly id: string;
  readonly name: Text;
  readonly services: readonly string[];
}

/** How far back: a change that waited for a season still has the working days since it was planned. */
const DAYS_BACK = 100;
/** How far ahead: thirteen months. Of what is planned beyond that, nothing is told as certain. */
const DAYS_AHEAD = 400;
const DAY_MS = 86_400_000;

/**
 * The instants of these rules around `now`, and from when to when they are known. A freeze that the file names is told however far
 * ahead it lies.
 */
export function expand(rules: CalendarRules, now: Instant): Calendar {
  const { zone, workingDays, freezes = [], windows = [] } = rules;
  const days = localDays(now, zone);
  const holidays = new Set(workingDays.holidays);
  const horizon = { from: localInstant(days[0] ?? now, zone), to: localInstant(days.at(-1) ?? now, zone) };
  return {
    zone,
    known: horizon,
    workingDays: periods(
      workingDays,
      days.filter((day) => !holidays.has(day)),
      zone,
    ),
    freezes: freezes.map((rule) => freeze(rule, zone)).filter(({ to }) => to > horizon.from),
    windows: windows.map((rule) => maintenanceWindow(rule, days, zone)),
  };
}

/**
 * The instant of `2026-12-24` or `2026-12-24T09:00`, both local, or of an instant that ends with `Z`. Where clocks jump, it is the
 * one that the same wall time had before the jump.
 *
 * @throws {Fault} `organisation-broken` when it is none of these
 */
export function localInstant(text: string, zone: string): Instant {
  const isInstant = text.endsWith("Z") && !Number.isNaN(Date.parse(text));
  const instant = isInstant
    ? new Date(text).toISOString()
    : toInstant(text.includes("T") ? text : `${text}T00:00`, zone)?.instant;
  if (instant === undefined)
    throw new Fault("organisation-broken", `\`${text}\` is no date, write it like \`2026-12-24T09:00\``);
  return instant;
}

/** The local dates of the horizon, the first first. */
function localDays(now: Instant, zone: string): readonly string[] {
  const today = Date.parse(`${toWall(now, zone).slice(0, 10)}T00:00Z`);
  return Array.from({ length: DAYS_BACK + DAYS_AHEAD + 1 }, (_, index) =>
    isoDate(today + (index - DAYS_BACK) * DAY_MS),
  );
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** @source ISO 8601: 1 is Monday, 7 Sunday */
function weekday(day: string): number {
  return new Date(`${day}T00:00Z`).getUTCDay() || 7;
}

function periods({ weekdays, from, to }: DayRule, days: readonly string[], zone: string): Period[] {
  const open = days.filter((day) => weekdays.includes(weekday(day)));
  return open.map((day) => {
    const last = to > from ? day : isoDate(Date.parse(`${day}T00:00Z`) + DAY_MS);
    return { from: localInstant(`${day}T${from}`, zone), to: localInstant(`${last}T${to}`, zone) };
  });
}

function freeze({ id, name, from, to, services = [], except = [] }: FreezeRule, zone: string): Freeze {
  return {
    id,
    name,
    from: localInstant(from, zone),
    to: localInstant(to, zone),
    services: [...services],
    except: [...except],
  };
}

function maintenanceWindow(rule: WindowRule, days: readonly string[], zone: string): MaintenanceWindow {
  return { id: rule.id, name: rule.name, services: [...rule.services], periods: periods(rule, days, zone) };
}
