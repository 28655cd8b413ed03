// When it can start, and what is in the way then.

import { html, nothing } from "lit";
import type { Lexicon } from "../lexicon.js";
import type { Conflict, Conflicts, Field, Meaning } from "../wire.js";
import type { Drafting } from "./drafting.js";

function meaning(lexicon: Lexicon, meaning: Meaning): Field | undefined {
  return lexicon.policy.fields.find((field) => field.means === meaning);
}

function hasWindow({ draft, assessment }: Drafting, lexicon: Lexicon): boolean {
  const ends = (["windowStart", "windowEnd"] as const).map((end) => meaning(lexicon, end)?.id ?? "");
  const isWrong = assessment.findings.some(({ fields }) => ends.includes(fields?.[0] ?? ""));
  return !isWrong && ends.every((id) => draft.fields[id] !== undefined);
}

/** What is in the way, in a few words. */
export function conflictsShort(drafting: Drafting, lexicon: Lexicon): string {
  const { conflicts } = drafting.assessment;
  if (!conflicts || (conflicts.total === 0 && conflicts.onlyKnown)) return lexicon.t("conflicts.short.open");
  return conflicts.total === 0 ? lexicon.t("conflicts.short.none") : String(conflicts.total);
}

function conflictView(lexicon: Lexicon, conflict: Conflict) {
  const { from, to, services, stops } = conflict;
  const common = (services ?? []).map((id) => lexicon.service(id));
  return html`<li class="conflict" data-kind=${conflict.kind}>
    <span>${lexicon.conflict(conflict)}</span>
    <span class="more">${lexicon.t("conflicts.period", { from: lexicon.date(from), to: lexicon.date(to) })}</span>
    ${common.length > 0 ? html`<span class="more">${lexicon.list(common)}</span>` : nothing}
    ${stops ? html`<span class="finding"><span class="stops">${lexicon.t("conflicts.stops")}</span></span>` : nothing}</li>`;
}

/** How far the calendar is known, where what is planned reaches beyond it. */
function beyondView({ onlyKnown }: Conflicts, lexicon: Lexicon) {
  if (!onlyKnown) return nothing;
  const [from, to] = [lexicon.date(onlyKnown.from, "short"), lexicon.date(onlyKnown.to, "short")];
  return html`<p class="note" data-beyond>${lexicon.t("conflicts.beyond", { from, to })}</p>`;
}

/** What else happens at that time: nothing, some things, or it could not be told. */
export function conflictsView(drafting: Drafting, lexicon: Lexicon) {
  const { conflicts } = drafting.assessment;
  if (!conflicts)
    return html`<p>${lexicon.t(hasWindow(drafting, lexicon) ? "conflicts.unknown" : "conflicts.open")}</p>`;
  const beyond = beyondView(conflicts, lexicon);
  if (conflicts.total === 0) return conflicts.onlyKnown ? html`${beyond}` : html`<p>${lexicon.t("conflicts.none")}</p>`;
  const rest = conflicts.total - conflicts.first.length;
  return html`<p class="label small">${lexicon.t("conflicts.count", { count: conflicts.total })}</p>
    <ul class="conflicts">${conflicts.first.map((conflict) => conflictView(lexicon, conflict))}</ul>
    ${rest > 0 ? html`<p class="note">${lexicon.t("conflicts.more", { count: rest })}</p>` : nothing}${beyond}`;
}

/** The earliest start, in a few words. */
export function timingShort({ assessment }: Drafting, lexicon: Lexicon): string {
  const { earliest } = assessment;
  return earliest ? lexicon.date(earliest, "short") : lexicon.t("conflicts.short.open");
}

function given({ assessment }: Drafting, lexicon: Lexicon) {
  const lead = assessment.leadTime;
  if (!lead) return nothing;
  if (lead.minutes < 0) return html`<p>${lexicon.t("timing.past")}</p>`;
  const span = typeof lead.workingDays === "number" ? { workingDays: lead.workingDays } : { minutes: lead.minutes };
  const words = lead.atLeast ? "timing.given.least" : "timing.given";
  return html`<p>${lexicon.t(words, { span: lexicon.span(span) })}</p>`;
}

const QUARTER_MS = 900_000;

/** The next full quarter of an hour: nobody plans work for 09:03:27. */
function nextQuarter(instant: string): string {
  return new Date(Math.ceil(Date.parse(instant) / QUARTER_MS) * QUARTER_MS).toISOString();
}

function earliest(drafting: Drafting, lexicon: Lexicon, goTo: (field: string) => void) {
  const { earliest } = drafting.assessment;
  const start = meaning(lexicon, "windowStart");
  if (!earliest) return html`<p class="note">${lexicon.t("timing.unknown")}</p>`;
  const take = () => {
    drafting.set(start?.id ?? "", nextQuarter(earliest));
    goTo(start?.id ?? "");
  };
  return html`<p class="earliest"><strong>${lexicon.t("timing.earliest", { when: lexicon.date(earliest) })}</strong>
    ${start ? html`<button type="button" class="secondary" part="button" @click=${take}>${lexicon.t("timing.take")}</button>` : nothing}</p>`;
}

/** How much notice is asked, how much there is, and the earliest start. */
export function timingView(drafting: Drafting, lexicon: Lexicon, goTo: (field: string) => void) {
  const lead = lexicon.models.get(drafting.assessment.model)?.leadTime;
  const asks = lead ? lexicon.t("timing.lead", { span: lexicon.span(lead.atLeast) }) : lexicon.t("timing.lead.none");
  return html`<p>${asks}</p>${given(drafting, lexicon)}${earliest(drafting, lexicon, goTo)}`;
}
