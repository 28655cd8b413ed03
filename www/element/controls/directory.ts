// What a picker offers: people or services, and how they are found by what is typed.

import type { Lexicon } from "../lexicon.js";
import type { Person, Service } from "../wire.js";
import type { KindOf } from "./control.js";

/** One thing that can be picked. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  /** What tells it from another of that name. */
  readonly more: string;
  /** What is searched. */
  readonly key: string;
}

/** What a picker picks from. */
export type Picked = KindOf<"people"> | KindOf<"services">;

/** Text without case and marks, so that `müller` is found by `Muller`. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function entry(id: string, name: string, more: string): Entry {
  return { id, name, more, key: folded(`${name} ${more}`) };
}

function person(lexicon: Lexicon, { id, name, title, absentUntil }: Person): Entry {
  const away = absentUntil ? lexicon.t("control.absent", { day: lexicon.date(absentUntil, "day") }) : "";
  return entry(id, name, [title ?? "", away].filter(Boolean).join(", "));
}

function service(lexicon: Lexicon, { id, name, owner }: Service): Entry {
  return entry(id, name, owner ? lexicon.person(owner) : "");
}

function isOffered(person: Person, groups: readonly string[]): boolean {
  return groups.length === 0 || groups.some((group) => person.groups?.includes(group));
}

const entries = new WeakMap<Lexicon, Map<string, readonly Entry[]>>();

function make(lexicon: Lexicon, kind: Picked): readonly Entry[] {
  if (kind.type === "services") return [...lexicon.services.values()].map((known) => service(lexicon, known));
  const people = [...lexicon.people.values()].filter((known) => isOffered(known, kind.groups ?? []));
  return people.map((known) => person(lexicon, known));
}

/** Everything that can be picked, in order of name; worked out once. */
export function directory(lexicon: Lexicon, kind: Picked): readonly Entry[] {
  const known = entries.get(lexicon) ?? new Map<string, readonly Entry[]>();
  const key = kind.type === "people" ? `people ${kind.groups?.join(" ") ?? ""}` : kind.type;
  const order = new Intl.Collator(lexicon.language);
  const found = known.get(key) ?? [...make(lexicon, kind)].sort((a, b) => order.compare(a.name, b.name));
  entries.set(lexicon, known.set(key, found));
  return found;
}

/** The entries in which each typed word begins a word, in their order. */
export function search(all: readonly Entry[], typed: string, chosen: readonly string[]): readonly Entry[] {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const fits = ({ key }: Entry) => words.every((word) => key.startsWith(word) || key.includes(` ${word}`));
  return all.filter((known) => !chosen.includes(known.id) && fits(known));
}
