import { cached, number } from "./format.js";
import { en, type Message } from "./messages/en.js";
import type { recordEn } from "./messages/record-en.js";

/** A wording of the form: of a finding, a refusal, a fault, or anything that the page shows. */
export type FormCode = keyof typeof en;

/** A wording of the record, whose table comes with the record. */
export type RecordCode = keyof typeof recordEn;

/** A wording of the element. */
export type Code = FormCode | RecordCode;

/** A whole table: a missing or misspelled code does not compile. */
export type Messages = Readonly<Record<FormCode, Message>>;

/** The whole table of the record. */
export type RecordMessages = Readonly<Record<RecordCode, Message>>;

/** What stands in the braces of a wording; `count` also chooses the plural form. */
export type Params = Readonly<Record<string, string | number>>;

type Table = Readonly<Partial<Record<Code, Message>>>;

const tables = new Map<string, Table>([["en", en satisfies Messages]]);
const plurals = new Map<string, Intl.PluralRules>();

const LATER: Readonly<Record<string, () => Promise<Messages>>> = {
  de: async () => (await import("./messages/de.js")).de,
};

function primary(language: string): string {
  return language.split("-")[0] ?? language;
}

/** Fetches the table of a language, where there is one that is not loaded yet. English is always there. */
export async function loadMessages(language: string): Promise<void> {
  const tag = primary(language);
  const table = await LATER[tag]?.();
  if (table) underlay(tag, table);
}

/** Puts wordings under those that are there: a page's own stay. */
export function underlay(language: string, table: Table): void {
  tables.set(language, { ...table, ...tables.get(language) });
}

/** Puts a page's own wordings over the element's, or adds a language. */
export function extendMessages(language: string, own: Table): void {
  tables.set(language, { ...tables.get(language), ...own });
}

function message(language: string, code: Code): Message {
  return tables.get(language)?.[code] ?? tables.get(primary(language))?.[code] ?? tables.get("en")?.[code] ?? code;
}

function pluralForm(language: string, count: number): Intl.LDMLPluralRule {
  return cached(plurals, language, () => new Intl.PluralRules(language)).select(count);
}

/** The wording of a code in a language, with what stands in its braces. */
export function t(language: string, code: Code, params: Params = {}): string {
  const found = message(language, code);
  if (typeof found === "string") return fill(found, language, params);
  return fill(found[pluralForm(language, Number(params.count ?? 0))] ?? found.other, language, params);
}

function fill(wording: string, language: string, params: Params): string {
  return wording.replace(/\{(\w+)\}/g, (whole, name: string) => shown(language, params[name]) ?? whole);
}

function shown(language: string, value: string | number | undefined): string | undefined {
  return typeof value === "number" ? number(language, value) : value;
}

/** Whether there is a wording of that code: codes that come from elsewhere are checked before they are shown. */
export function isCode(code: string): code is FormCode {
  return Object.hasOwn(en, code);
}
