// The map of the life cycle: what is behind, where the change is, what comes next and what is missing for it.

import { html, nothing } from "lit";
import type { State, StateId, Transition } from "../wire.js";
import { type ChangeRecord, isOver, modelOf, reasonsOf, statesOf } from "./record.js";

/** Off the usual way: shown only where the change has been there. */
function isAside({ phase }: State): boolean {
  return phase === "rejected" || phase === "canceled";
}

/** When the change came to each state last. */
function arrivals({ reading }: ChangeRecord): ReadonlyMap<StateId, string> {
  return new Map(reading.change.path.map(({ state, at }) => [state, at]));
}

/** Who answers for a step: exactly one person, or nobody yet. */
function accountableView(record: ChangeRecord, { id, accountable: rule }: State) {
  const { lexicon, reading } = record;
  const person = reading.accountable[id];
  const isOwn = person === record.person;
  if (person)
    return html`<span class="step-who ${isOwn ? "own" : ""}"><span class="hidden">${lexicon.t("process.accountable.label")} </span>${isOwn ? lexicon.t("process.accountable.you") : lexicon.person(person)}</span>`;
  return rule ? html`<span class="step-who nobody">${lexicon.t("process.accountable.nobody")}</span>` : nothing;
}

type Stands = "passed" | "here" | "ahead";

function stateView(record: ChangeRecord, state: State, stands: Stands, came: string | undefined) {
  const { lexicon } = record;
  const when =
    came && stands !== "ahead"
      ? html`<time class="step-when" datetime=${came}>${lexicon.date(came, "short")}</time>`
      : nothing;
  return html`<li class="step ${stands}" part="step" data-state=${state.id} data-phase=${state.phase} aria-current=${stands === "here" ? "step" : nothing}>
    <span class="dot" aria-hidden="true"></span>
    <span class="step-text"><span class="step-name">${lexicon.say(state.name)}<span class="hidden">, ${lexicon.t(`record.step.${stands}`)}</span></span>
    ${when}${accountableView(record, state)}</span></li>`;
}

/** Steps of other kinds of change that this one leaves out, each with why. */
function leftOutView(record: ChangeRecord) {
  const { lexicon } = record;
  const steps = modelOf(record)?.leavesOut ?? [];
  if (steps.length === 0) return nothing;
  const items = steps.map(
    ({ step, because }) =>
      html`<li><del>${lexicon.say(step)}</del> <span class="note">${lexicon.say(because)}</span></li>`,
  );
  const names = lexicon.list(steps.map(({ step }) => lexicon.say(step)));
  return html`<details class="left-out"><summary part="disclosure">${lexicon.t("process.left-out", { step: names })}</summary>
    <ul class="items">${items}</ul></details>`;
}

/** Refusals that speak of the reader, and not of the change. */
const OF_READER: readonly string[] = ["role.missing", "duty.conflict", "actor.not-a-person"];

/** What is missing for the way that takes it on, as the core says it. */
function missingView(record: ChangeRecord) {
  const { reading, lexicon } = record;
  const isOnward = ({ command, reason }: { command: string; reason: boolean }) => command === "move" && !reason;
  const next = reading.permissions.find((known) => isOnward(known) && !known.allowed);
  const missing = next?.refusals.filter(({ code }) => !OF_READER.includes(code)) ?? [];
  if (!next || missing.length === 0 || isOver(record)) return nothing;
  const way = next.name ? lexicon.say(next.name) : "";
  return html`<div class="missing" data-missing=${missing.map(({ code }) => code).join(" ")}><p class="label small">${lexicon.t("process.missing", { way })}</p>
    <ul>${reasonsOf(record, missing).map((reason) => html`<li>${reason}</li>`)}</ul></div>`;
}

function byWhom({ lexicon }: ChangeRecord, { on, by }: Transition): string {
  if (on) return lexicon.t(`record.trigger.${on}`);
  return by?.length ? lexicon.list(by.map((role) => lexicon.role(role))) : "";
}

function wayView(record: ChangeRecord, way: Transition) {
  const { lexicon, reading } = record;
  return html`<li><span>${lexicon.say(way.name)}</span>
    <span class="more">${lexicon.t("record.way", { state: lexicon.state(way.to, reading.change.model), who: byWhom(record, way) })}</span></li>`;
}

/** Every way that leads on from here, with who may take it. */
function waysView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const ways = modelOf(record)?.lifeCycle.transitions.filter(({ from }) => from === reading.change.state) ?? [];
  if (ways.length === 0) return nothing;
  return html`<details class="ways"><summary part="disclosure">${lexicon.t("record.ways")}</summary>
    <ul class="items">${ways.map((way) => wayView(record, way))}</ul></details>`;
}

/** The states in order with where it stands, and what can come next. An ordered list, also to those who hear it. */
export function mapView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const came = arrivals(record);
  const here = reading.change.state;
  const states = statesOf(record).filter((state) => !isAside(state) || came.has(state.id));
  const place = states.findIndex(({ id }) => id === here);
  const standsOf = ({ id }: State, at: number): Stands =>
    id === here ? "here" : came.has(id) && at < place ? "passed" : "ahead";
  const isLong = states.length > 7;
  return html`<nav class="life-cycle" part="life-cycle" aria-label=${lexicon.t("record.life-cycle")}>
    <ol class="steps ${isLong ? "long" : ""}">${states.map((state, at) => stateView(record, state, standsOf(state, at), came.get(state.id)))}</ol></nav>
    ${missingView(record)}<div class="map-more">${waysView(record)}${leftOutView(record)}</div>`;
}
