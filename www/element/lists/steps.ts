// What a person may do with a record that is no change: what is open to them, and why the rest is not.

import { html, nothing } from "lit";
import { refusalText } from "../reasons.js";
import type { StepKind, StepPermission } from "../wire.js";
import type { Speaker } from "./catalogue/shelf.js";

/** One button a step that is open. */
export function stepButton(
  { say }: Speaker,
  step: StepKind,
  press: () => void,
  kind: "primary" | "secondary" | "quiet" = "secondary",
  text = say(`step.${step}`),
) {
  return html`<button type="button" class=${kind} part="button" data-step=${step} @click=${press}>${text}</button>`;
}

/** Every step that is not open, with every reason; folded away, since nobody has to read it. */
export function whyNot({ lexicon, say }: Speaker, steps: readonly StepPermission[]) {
  const shut = steps.filter(({ allowed }) => !allowed);
  if (shut.length === 0) return nothing;
  const line = ({ step, refusals }: StepPermission) =>
    html`<li data-step=${step}><strong>${say(`step.${step}`)}</strong>: ${refusals.map((refusal) => refusalText(lexicon, refusal, "")).join(". ")}</li>`;
  return html`<details class="why-not"><summary part="disclosure">${say("step.why-not")}</summary><ul class="reasons">${shut.map(line)}</ul></details>`;
}
