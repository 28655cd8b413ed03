// The services that a change touches, and who depends on them.

import { html, nothing } from "lit";
import type { Service, ServiceId } from "../wire.js";
import { partOf } from "./part.js";
import { type ChangeRecord, fieldOf } from "./record.js";

/** Every service that depends on one of these, at any depth, those themselves left out. */
export function dependents(services: readonly Service[], touched: readonly ServiceId[]): readonly ServiceId[] {
  const found = new Set(touched);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { id, dependsOn } of services) if (dependsOn?.some((other) => found.has(other))) found.add(id);
  }
  return [...found].filter((id) => !touched.includes(id));
}

/** The services touched with their owners, and those that would notice. */
export function servicesView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const value = reading.change.fields[fieldOf(record, "services")?.id ?? ""] ?? [];
  const touched = [value].flat().filter((id) => typeof id === "string");
  if (touched.length === 0) return nothing;
  const items = touched.map((id) => {
    const owner = lexicon.services.get(id)?.owner;
    const said = owner ? lexicon.t("services.owner", { person: lexicon.person(owner) }) : "";
    return html`<li data-service=${id}><strong>${lexicon.service(id)}</strong> <span class="note">${said}</span></li>`;
  });
  const others = dependents([...lexicon.services.values()], touched).map((id) => lexicon.service(id));
  const who =
    others.length > 0
      ? lexicon.t("services.dependents", { services: lexicon.list(others), count: others.length })
      : lexicon.t("services.dependents.none");
  return partOf("services", lexicon.t("services.title"), html`<ul class="items">${items}</ul><p>${who}</p>`);
}
