// Where it stands among the states that it usually passes.

import { html, nothing } from "lit";
import type { State, StateId, Transition } from "../wire.js";
import { type ChangeRecord, modelOf, reasonsOf, statesOf } from "./record.js";

/** The states that it has been in. */
function passed({ log }: ChangeRecord): ReadonlySet<StateId> {
  return new Set(log.flatMap(({ entry }) => entry.events.flatMap((event) => (event.type === "moved" ? event.to : []))));
}

/** Off the usual way: shown only where the change has been there. */
function isAside({ phase }: State): boolean {
  return phase === "rejected" || phase === "canceled";
}

/** When the change came to a state last. */
function cameTo({ reading }: ChangeRecord, id: StateId): string | undefined {
  return reading.change.path.filter(({ state }) => state === id).at(-1)?.at;
}

/** Who answers for a step: exactly one person, or nobody yet. */
function accountable({ lexicon, reading }: ChangeRecord, { id, accountable: rule }: State) {
  const person = reading.accountable[id];
  if (person)
    return html`<span class="more">${lexicon.t("process.accountable", { person: lexicon.person(person) })}</span>`;
  return rule ? html`<span class="more">${lexicon.t("process.accountable.nobody")}</span>` : nothing;
}

function stateView(record: ChangeRecord, state: State, been: ReadonlySet<StateId>) {
  const { lexicon, reading } = record;
  const isHere = state.id === reading.change.state;
  const stands = isHere ? "here" : been.has(state.id) ? "passed" : "ahead";
  const came = cameTo(record, state.id);
  return html`<li class="step ${stands}" part="step" data-state=${state.id} data-phase=${state.phase} aria-current=${isHere ? "step" : nothing}>
    <span class="dot" aria-hidden="true"></span>
    <span class="step-name">${lexicon.say(state.name)}<span class="hidden">, ${lexicon.t(`record.step.${stands}`)}</span></span>
    ${came ? html`<span class="more"><time datetime=${came}>${lexicon.date(came, "short")}</time></span>` : nothing}${accountable(record, state)}</li>`;
}

/** What is missing for the way that takes it on, as the core says it. */
function missing(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const ahead = reading.permissions.filter(({ command, reason, allowed }) => command === "move" && !reason && !allowed);
  const [next] = ahead;
  if (!next) return nothing;
  const others = next.refusals.filter(({ code }) => code !== "role.missing" && code !== "duty.conflict");
  if (others.length === 0) return nothing;
  return html`<div class="missing"><p class="label small">${lexicon.t("process.missing")}: ${next.name ? lexicon.say(next.name) : nothing}</p>
    <ul>${reasonsOf(record, others).map((reason) => html`<li>${reason}</li>`)}</ul></div>`;
}

/** Steps that this kind of change leaves out, said openly. */
function leftOut(record: ChangeRecord) {
  const { lexicon } = record;
  const steps = modelOf(record)?.leavesOut ?? [];
  if (steps.length === 0) return nothing;
  return html`<ul class="left-out">${steps.map(
    ({ step, because }) =>
      html`<li><span>${lexicon.t("process.left-out", { step: lexicon.say(step) })}</span> <span class="more">${lexicon.say(because)}</span></li>`,
  )}</ul>`;
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

/** The states in order with where it stands, and what can come next. */
export function lifeCycleView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const been = passed(record);
  const states = statesOf(record).filter(
    (state) => !isAside(state) || been.has(state.id) || state.id === reading.change.state,
  );
  const ways = modelOf(record)?.lifeCycle.transitions.filter(({ from }) => from === reading.change.state) ?? [];
  return html`<nav class="life-cycle" part="life-cycle" aria-label=${lexicon.t("record.life-cycle")}>
    <ol class="steps">${states.map((state) => stateView(record, state, been))}</ol></nav>${leftOut(record)}${missing(record)}
    ${
      ways.length === 0
        ? nothing
        : html`<details class="ways"><summary part="disclosure">${lexicon.t("record.ways")}</summary>
      <ul>${ways.map((way) => wayView(record, way))}</ul></details>`
    }`;
}
