/**
 * One organisation as its files tell it: the policy, and what lies beside it.
 */

import { type CalendarRules, expand, localInstant } from "./calendar.js";
import { parseCsv, parts, type Row } from "./csv.js";
import { Fault } from "./host.js";
import { resource } from "./http.js";
import type { Calendar, Delegation, Instant, Person, Policy, Service, Template, World } from "./wire.js";

/** What the host knows, other changes aside. */
export interface Organisation {
  readonly policy: Policy;
  readonly people: readonly Person[];
  readonly delegations: readonly Delegation[];
  /** Left out where there is no list of them. */
  readonly services?: readonly Service[];
  readonly calendar?: CalendarRules;
  readonly templates: readonly Template[];
}

/**
 * Reads `policy.json` and `people.csv`, and beside them, where they are there, `services.csv`, `delegations.csv`, `calendar.json`
 * and `templates.json`.
 *
 * @throws {Fault} `organisation-broken` with the file and what to do; `not-found` where one that is needed is missing
 */
export async function readOrganisation(folder: URL): Promise<Organisation> {
  const needed = (name: string) => resource(new URL(name, folder)).then((response) => response.text());
  const optional = (name: string) => needed(name).catch(unlessMissing);
  const [policy, people, ...rest] = await Promise.all([
    needed("policy.json"),
    needed("people.csv"),
    ...["services.csv", "delegations.csv", "calendar.json", "templates.json"].map(optional),
  ]);
  const [services, delegations, calendar, templates] = rest;
  const rules = calendar === undefined ? undefined : json<CalendarRules>(calendar, "calendar.json");
  const zone = rules?.zone ?? "UTC";
  return {
    policy: json<Policy>(policy, "policy.json"),
    people: parseCsv(people, "people.csv").map((row) => person(row, zone)),
    delegations: parseCsv(delegations ?? "", "delegations.csv").map((row) => delegation(row, zone)),
    ...(services === undefined ? {} : { services: parseCsv(services, "services.csv").map(service) }),
    ...(rules === undefined ? {} : { calendar: rules }),
    templates: templates === undefined ? [] : json<Template[]>(templates, "templates.json"),
  };
}

/** What is known at that moment, other changes aside. */
export function worldOf(organisation: Organisation, asOf: Instant): World {
  const { people, delegations, services, calendar, templates } = organisation;
  return {
    asOf,
    people: [...people],
    delegations: [...delegations],
    ...(services ? { services: [...services] } : {}),
    ...(calendar ? { calendar: expandedOn(calendar, asOf) } : {}),
    templates: [...templates],
  };
}

const expanded = new WeakMap<CalendarRules, { readonly day: string; readonly calendar: Calendar }>();

/** The calendar around a moment, expanded once a day. */
function expandedOn(rules: CalendarRules, asOf: Instant): Calendar {
  const day = asOf.slice(0, 10);
  const known = expanded.get(rules);
  if (known?.day === day) return known.calendar;
  const calendar = expand(rules, asOf);
  expanded.set(rules, { day, calendar });
  return calendar;
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof Fault && error.code === "not-found")) throw error;
}

function json<T>(text: string, file: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Fault("organisation-broken", `${file}: ${String(cause)}, mend it there`, { cause });
  }
}

function cell(row: Row, column: string, file: string): string {
  const text = row[column];
  if (text === undefined)
    throw new Fault("organisation-broken", `${file}: column \`${column}\` is missing or empty, fill it`);
  return text;
}

function person(row: Row, zone: string): Person {
  const { title, manager, absentUntil } = row;
  return {
    id: cell(row, "id", "people.csv"),
    name: cell(row, "name", "people.csv"),
    ...(title ? { title } : {}),
    groups: parts(row.groups),
    ...(manager ? { manager } : {}),
    ...(absentUntil ? { absentUntil: localInstant(absentUntil, zone) } : {}),
    ...(hasLeft(row) ? { left: true } : {}),
  };
}

/** Somebody who left stays in the file, so that what waits for them can be given on. */
function hasLeft({ left }: Row): boolean {
  if (left && left !== "yes" && left !== "no")
    throw new Fault(
      "organisation-broken",
      `people.csv: column \`left\`: \`${left}\` is not known, write \`yes\`, \`no\` or nothing`,
    );
  return left === "yes";
}

function delegation(row: Row, zone: string): Delegation {
  const file = "delegations.csv";
  const [from, until] = [localInstant(cell(row, "from", file), zone), localInstant(cell(row, "until", file), zone)];
  return { of: cell(row, "of", file), to: cell(row, "to", file), from, until };
}

const IMPORTANCE: Readonly<Record<string, number>> = { low: 1, medium: 2, high: 3, critical: 4 };

function service(row: Row): Service {
  const { owner, importance } = row;
  return {
    id: cell(row, "id", "services.csv"),
    name: cell(row, "name", "services.csv"),
    ...(owner ? { owner } : {}),
    ...(importance ? { importance: IMPORTANCE[importance] ?? Number(importance) } : {}),
    dependsOn: parts(row.dependsOn),
  };
}
