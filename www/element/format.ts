// Dates, numbers and lists as a reader of a language expects them.

import type { Text } from "./wire.js";

/** What the map holds under the key, made once. */
export function cached<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();
const lists = new Map<string, Intl.ListFormat>();

/** A number with the separators of the language. */
export function number(language: string, value: number): string {
  return cached(numbers, language, () => new Intl.NumberFormat(language)).format(value);
}

/** A text of the policy: in the language, else its primary language, else the policy's own, else the first there is. */
export function say(language: string, text: Text, own: string | undefined): string {
  const primary = language.split("-")[0] ?? language;
  return text[language] ?? text[primary] ?? text[own ?? ""] ?? Object.values(text)[0] ?? "";
}

/** Names as one phrase: "A, B and C". */
export function list(language: string, names: Iterable<string>): string {
  return cached(lists, language, () => new Intl.ListFormat(language)).format(names);
}

const STYLES = {
  moment: { dateStyle: "medium", timeStyle: "short" },
  short: { day: "numeric", month: "short" },
  day: { weekday: "short", day: "numeric", month: "long", year: "numeric" },
  time: { timeStyle: "short" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** How much of an instant is said. */
export type DateStyle = keyof typeof STYLES;

/** An instant as the organisation's zone reads it. */
export function date(language: string, zone: string, instant: string, style: DateStyle): string {
  const make = () => new Intl.DateTimeFormat(language, { ...STYLES[style], timeZone: zone });
  return cached(dates, `${language} ${zone} ${style}`, make).format(Date.parse(instant));
}

function unit(language: string, value: number, name: "day" | "hour" | "minute"): string {
  const make = () => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" });
  return cached(numbers, `${language} ${name}`, make).format(value);
}

/** Minutes as days, hours and minutes: "2 hours, 30 minutes". */
export function span(language: string, minutes: number): string {
  const whole = Math.abs(Math.trunc(minutes));
  const [days, hours, rest] = [Math.floor(whole / 1440), Math.floor(whole / 60) % 24, whole % 60];
  const parts = [
    ...(days ? [unit(language, days, "day")] : []),
    ...(hours ? [unit(language, hours, "hour")] : []),
    ...(rest || whole === 0 ? [unit(language, rest, "minute")] : []),
  ];
  return list(language, parts);
}

/** The tag in its canonical form, or the fallback where it is none that `Intl` knows. */
export function languageTag(tag: string, fallback: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? fallback;
  } catch {
    return fallback;
  }
}

const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|he|ps|sd|syr|ug|ur|yi)\b/;

/** The direction in which the language is written. */
export function direction(language: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr";
}
