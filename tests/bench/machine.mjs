// The normal model's life cycle as an XState machine, with the same way from submitted to closed: who may take a transition, who
// may not approve, and the automatic steps.

import { assign, setup } from "xstate";

/** The machine of one change that this person asked for and that needs these yeses. */
export function machineOf(model, requester, rules) {
  return setup({
    guards: {
      mayTake: ({ event }, { by }) => by.some((role) => event.roles.includes(role)),
      mayApprove: ({ context, event }) => isCandidate(context, event),
      isLast: ({ context, event }) =>
        isCandidate(context, event) && context.rules.every(({ id }) => id === event.rule || context.votes[id]),
    },
    actions: {
      vote: assign({ votes: ({ context, event }) => ({ ...context.votes, [event.rule]: event.person }) }),
      complete: assign({ outcome: ({ event }) => event.outcome }),
    },
  }).createMachine({
    id: model.id,
    context: { requester, rules, votes: {}, outcome: undefined },
    initial: model.lifeCycle.start,
    states: Object.fromEntries(model.lifeCycle.states.map((state) => [state.id, { on: waysFrom(model, state.id) }])),
  });
}

function isCandidate({ requester, rules, votes }, { rule, person }) {
  if (person === requester || votes[rule]) return false;
  return rules.some(({ id, eligible }) => id === rule && eligible.includes(person));
}

function waysFrom(model, state) {
  const ways = model.lifeCycle.transitions.filter(({ from }) => from === state);
  const byHand = ways.filter(({ by }) => by);
  return {
    ...Object.fromEntries(
      byHand.map(({ id, to, by }) => [id, { target: to, guard: { type: "mayTake", params: { by } } }]),
    ),
    ...votes(ways.find(({ on }) => on === "authorized")),
    ...completed(ways.find(({ on }) => on === "completed")),
  };
}

function votes(authorized) {
  if (!authorized) return {};
  const last = { target: authorized.to, guard: "isLast", actions: "vote" };
  return { approve: [last, { guard: "mayApprove", actions: "vote" }] };
}

function completed(way) {
  return way ? { complete: { target: way.to, actions: "complete" } } : {};
}
