// One template of the catalogue.

import { html, nothing, type TemplateResult } from "lit";
import { levelTag } from "../../form/status.js";
import type { Said, Stored, Template, TemplateVersion } from "../../wire.js";
import { historyView } from "../history.js";
import { stepButton, whyNot } from "../steps.js";
import { contentView, coverage, differenceView } from "./content.js";
import { currentOf, type Entry, may, nameOf, type Speaker, spoken } from "./shelf.js";

/** What can be done with a template beside reading it. */
export type Action = "decide" | "suspend" | "reinstate" | "retire" | "revise";

/** What a row asks of the list. */
export interface Hands {
  /** Whether somebody is deciding on it: then the card stands in place of the button. */
  readonly deciding: boolean;
  /** The form that is open in this row. */
  readonly form: TemplateResult | typeof nothing;
  /** Its log, where somebody wanted to see it. */
  readonly log: readonly Stored[] | undefined;
  open(action: Action): void;
  history(): void;
}

/** Its name, how far it is trusted, what it is, and for what. */
function heading(
  speaker: Speaker,
  id: string,
  name: string,
  status: Entry["standing"]["status"],
  { version, content, level }: Pick<TemplateVersion, "version" | "content" | "level">,
) {
  const { lexicon, say } = speaker;
  return html`<h3 id="t-${id}" tabindex="-1" dir="auto">${name}</h3>
    <p class="facts"><span class="tag status ${status}" part="state" data-status=${status}>${say(`status.${status}`)}</span>
      <span>${lexicon.model(content.model)}</span><span>${say("catalogue.version", { version })}</span><span>${say("content.level")}: ${levelTag(lexicon, level)}</span></p>
    <p data-part="covers">${coverage(speaker, content)}</p><p>${say(`status.${status}.means`)}</p>`;
}

/** The way to a form by it, while it may be used. */
function use(speaker: Speaker, id: string) {
  const href = speaker.lexicon.templates.get(id)?.active ? speaker.use?.(id) : undefined;
  return href
    ? html`<p><a part="link" data-action="use" href=${href}>${speaker.say("catalogue.use")}</a></p>`
    : nothing;
}

/** Why it stands as it does: the very runs, or what somebody said. */
function because(speaker: Speaker, { record, standing }: Entry) {
  const { say, lexicon } = speaker;
  const runs = standing.because ?? [];
  const said = (code: "said.suspended" | "said.retired", words: Said | null | undefined) =>
    words
      ? html`<p data-part="said">${say(code, { who: lexicon.person(words.by), when: lexicon.date(words.at), reason: spoken(speaker, words.text) })}</p>`
      : nothing;
  const caused =
    runs.length > 0
      ? html`<div data-part="because"><p>${say("catalogue.because")}</p><ul class="links">${runs.map(
          ({ change, number }) =>
            html`<li><a part="link" data-open=${change} href=${speaker.link(change)}>${speaker.change(change) || number}</a></li>`,
        )}</ul></div>`
      : nothing;
  const lapsed =
    record.lapsed && !record.suspended && !record.retired
      ? html`<p class="note">${say("lapsed.since", { when: lexicon.date(record.lapsed.at) })}</p>`
      : nothing;
  return html`${caused}${lapsed}${said("said.suspended", record.retired ? undefined : record.suspended)}${said("said.retired", record.retired)}`;
}

/** What it needs to come further, as words and as a bar; the words say it all. */
function next({ say }: Speaker, { standing }: Entry) {
  if (!standing.next) return nothing;
  const { needs, have, need } = standing.next;
  return html`<div data-part="next"><p>${say(`next.${needs}`, { have, need })}</p>
    <div class="progress" aria-hidden="true">${Array.from({ length: need }, (_, at) => html`<span class=${at < have ? "on" : ""}></span>`)}</div></div>`;
}

/** The changes that were named as samples, each with what became of it. */
export function samplesView(speaker: Speaker, { samples }: Pick<Entry, "samples">) {
  const { say } = speaker;
  const line = ({ change, fault }: Entry["samples"][number]) =>
    html`<li data-fault=${fault ?? nothing}><a part="link" data-open=${change} href=${speaker.link(change)}>${speaker.change(change)}</a> <span class=${fault ? "late-since" : "note"}>${say(fault ? `fault.${fault}` : "samples.good")}</span></li>`;
  return html`<div data-part="samples"><p class="label small">${say("samples.title")}</p>
    ${samples.length > 0 ? html`<ul class="links">${samples.map(line)}</ul>` : html`<p class="note">${say("samples.none")}</p>`}</div>`;
}

/** Who proposed a version, and who agreed so far. */
function proposedBy({ lexicon, say }: Speaker, { proposedBy: who, proposedAt, agreedBy = [] }: TemplateVersion) {
  const agreed = agreedBy.map((id) => lexicon.person(id));
  return html`${who ? html`<p class="note">${say("waits.by", { who: lexicon.person(who), when: lexicon.date(proposedAt) })}</p>` : nothing}
    ${agreed.length > 0 ? html`<p class="note">${say("waits.agreed", { who: lexicon.list(agreed) })}</p>` : nothing}`;
}

/** Everything that a decision needs: what it is or how it differs, its samples, its level, who proposed it. */
export function decidingCard(speaker: Speaker, entry: Entry) {
  const { proposed, agreed } = entry.record;
  if (!proposed) return nothing;
  return html`<div class="part" data-part="card">${proposedBy(speaker, proposed)}${samplesView(speaker, entry)}
    ${agreed ? differenceView(speaker, agreed, proposed) : nothing}
    <p class="label small">${speaker.say("content.title")}</p>${contentView(speaker, proposed)}</div>`;
}

function waits(speaker: Speaker, entry: Entry, hands: Hands) {
  const { proposed } = entry.record;
  if (!proposed || hands.deciding) return nothing;
  const { say } = speaker;
  const { version } = proposed;
  const isOpen = may(entry, "agree") || may(entry, "decline");
  const decide = html`<button type="button" class="primary" part="button" data-action="decide" @click=${() => hands.open("decide")}>${say("catalogue.decide", { version })}</button>`;
  return html`<div class="waits" data-part="waits"><p class="asks">${say("waits.title", { version })}</p>${proposedBy(speaker, proposed)}
    ${isOpen ? html`<div class="buttons">${decide}</div>` : nothing}</div>`;
}

function declined(speaker: Speaker, { record }: Entry) {
  if (!record.declined || record.proposed) return nothing;
  const { version, said } = record.declined;
  const { lexicon, say } = speaker;
  const params = { version, who: lexicon.person(said.by), when: lexicon.date(said.at) };
  return html`<p class="note" data-part="declined">${say("declined.was", { ...params, reason: spoken(speaker, said.text) })}</p>`;
}

const STEPS = ["revise", "suspend", "reinstate", "retire"] as const;

function buttons(speaker: Speaker, entry: Entry, hands: Hands) {
  const open = STEPS.filter((step) => may(entry, step));
  if (open.length === 0) return nothing;
  return html`<div class="buttons small">${open.map((step) => stepButton(speaker, step, () => hands.open(step)))}</div>`;
}

/** What there is to read of a version, and of its life; a declined first version has left only the latter. */
function details(speaker: Speaker, current: TemplateVersion | undefined, hands: Hands) {
  const { say } = speaker;
  const toggled = (event: Event) => (event.currentTarget as HTMLDetailsElement).open && hands.history();
  return html`${current ? html`<details><summary part="disclosure">${say("content.title")}</summary>${contentView(speaker, current)}</details>` : nothing}
    <details data-part="history" @toggle=${toggled}><summary part="disclosure">${say("step.history")}</summary>
      ${hands.log ? historyView(speaker, hands.log) : html`<p class="quiet" role="status">${say("list.loading")}</p>`}</details>`;
}

/** One template with its record. */
export function entryView(speaker: Speaker, entry: Entry, hands: Hands) {
  const { record, standing, steps } = entry;
  const current = currentOf(entry);
  const { say } = speaker;
  const { status, successes, failures } = standing;
  const head = current
    ? heading(speaker, record.template, nameOf(speaker, current.content), status, current)
    : html`<h3 id="t-${record.template}" tabindex="-1">${record.template}</h3>`;
  const runs = record.agreed
    ? html`<p class="note" data-part="runs">${say("catalogue.runs", { successes, failures })}</p>`
    : nothing;
  return html`<li class="row ${record.proposed ? "exception" : ""}" part="row" data-template=${record.template} data-status=${status}>
    ${head}${use(speaker, record.template)}${because(speaker, entry)}${next(speaker, entry)}${runs}
    ${waits(speaker, entry, hands)}${declined(speaker, entry)}${buttons(speaker, entry, hands)}${hands.form}
    ${details(speaker, current, hands)}${whyNot(speaker, steps)}</li>`;
}

/** One template that comes from a file alone. */
export function filedView(speaker: Speaker, template: Template) {
  const { id, name, active, successes, failures, version, level, fields, open, model, covers } = template;
  const { say } = speaker;
  const status = active ? "active" : "suspended";
  const content = { model, name, fields, open, ...(covers ? { covers } : {}) };
  return html`<li class="row" part="row" data-template=${id} data-status=${status}>
    ${heading(speaker, id, speaker.lexicon.say(name), status, { version, content, level })}${use(speaker, id)}
    <p class="note" data-part="runs">${say("catalogue.runs", { successes, failures })} · ${say("catalogue.of-file")}</p>
    <details><summary part="disclosure">${say("content.title")}</summary>${contentView(speaker, { content, level })}</details></li>`;
}
