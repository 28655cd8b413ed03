// Newer rules than those that a change follows: what would be different, and the gesture that moves it.

import { html, nothing } from "lit";
import type { Event, Permission } from "../wire.js";
import { gestureButton, type Hands } from "./part.js";
import type { Adoption, ChangeRecord } from "./record.js";

type Assessed = Extract<Event, { type: "assessed" }>;

/** The gesture, as a button names it; the core decides on it when it is made. */
const ADOPT: Permission = { command: "adoptPolicy", reason: false, allowed: true, refusals: [] };

function namesOf(rules: readonly string[], nameOf: (rule: string) => string): string {
  return rules.map(nameOf).join(", ");
}

function approvalLines(record: ChangeRecord, { lexicon }: Adoption, { approvals }: Assessed): readonly string[] {
  const before = record.reading.change.approvals.map(({ rule }) => rule);
  const after = approvals.map(({ rule }) => rule);
  const [more, fewer] = [
    after.filter((rule) => !before.includes(rule)),
    before.filter((rule) => !after.includes(rule)),
  ];
  const t = record.lexicon.t.bind(record.lexicon);
  return [
    ...(more.length > 0 ? [t("adopt.more", { rules: namesOf(more, (rule) => lexicon.rule(rule)) })] : []),
    ...(fewer.length > 0 ? [t("adopt.fewer", { rules: namesOf(fewer, (rule) => record.lexicon.rule(rule)) })] : []),
  ];
}

function linesOf(record: ChangeRecord, adoption: Adoption): readonly string[] {
  const { lexicon, reading } = record;
  return adoption.events.flatMap((event) => {
    if (event.type === "policyAdopted") {
      const fields = (event.leftOut ?? []).map((id) => lexicon.field(id));
      return fields.length > 0 ? [lexicon.t("adopt.left-out", { fields: lexicon.list(fields) })] : [];
    }
    if (event.type === "voided") return [lexicon.t("log.voided", { rules: lexicon.rules(event.rules) })];
    if (event.type !== "assessed") return [];
    const { level } = reading.change;
    const params = { before: lexicon.level(level), after: adoption.lexicon.level(event.level) };
    const risk = event.level === level ? [] : [lexicon.t("adopt.level", params)];
    return [...risk, ...approvalLines(record, adoption, event)];
  });
}

/** A quiet notice to whoever may move it: what the newer rules make of it. */
export function adoptView(record: ChangeRecord, hands: Hands) {
  const { adoption, lexicon } = record;
  if (!adoption) return nothing;
  const lines = linesOf(record, adoption);
  return html`<aside class="notice plain" part="notice" data-notice="newer-rules" aria-labelledby="cgr-adopt">
    <p id="cgr-adopt"><strong>${lexicon.t("process.newer-rules")}</strong> <span class="note">${lexicon.t("adopt.version", { version: adoption.version })}</span></p>
    ${lines.length > 0 ? html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` : html`<p>${lexicon.t("adopt.same")}</p>`}
    <div class="buttons small">${gestureButton(record, { permission: ADOPT }, hands, { kind: "secondary" })}</div>${hands.form([ADOPT])}</aside>`;
}
