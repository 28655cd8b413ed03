// Where it stands among the states that it usually passes.

import { html, nothing } from "lit";
import type { State, StateId, Transition } from "../wire.js";
import { type ChangeRecord, modelOf, statesOf } from "./record.js";

/** The states that it has been in. */
function passed({ log }: ChangeRecord): ReadonlySet<StateId> {
  return new Set(log.flatMap(({ entry }) => entry.events.flatMap((event) => (event.type === "moved" ? event.to : []))));
}

/** Off the usual way: shown only where the change has been there. */
function isAside({ phase }: State): boolean {
  return phase === "rejected" || phase === "canceled";
}

function stateView({ lexicon, reading }: ChangeRecord, state: State, been: ReadonlySet<StateId>) {
  const isHere = state.id === reading.change.state;
  const stands = isHere ? "here" : been.has(state.id) ? "passed" : "ahead";
  return html`<li class="step ${stands}" part="step" data-state=${state.id} data-phase=${state.phase} aria-current=${isHere ? "step" : nothing}>
    <span class="dot" aria-hidden="true"></span>
    <span class="step-name">${lexicon.say(state.name)}<span class="hidden">, ${lexicon.t(`record.step.${stands}`)}</span></span></li>`;
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
    <ol class="steps">${states.map((state) => stateView(record, state, been))}</ol></nav>
    ${
      ways.length === 0
        ? nothing
        : html`<details class="ways"><summary part="disclosure">${lexicon.t("record.ways")}</summary>
      <ul>${ways.map((way) => wayView(record, way))}</ul></details>`
    }`;
}
