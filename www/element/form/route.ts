import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import type { Lexicon } from "../lexicon.js";
import { findingText } from "../reasons.js";
import type { ChangeModel, Finding, Template } from "../wire.js";
import type { Drafting } from "./drafting.js";

/** Findings about the route as a whole: they show as soon as somebody has chosen. */
export function isAboutRoute({ code, fields }: Finding): boolean {
  return (fields ?? []).length === 0 && (code.startsWith("model.") || code.startsWith("template."));
}

function templatesOf(lexicon: Lexicon, model: string): readonly Template[] {
  return [...lexicon.templates.values()].filter((template) => template.model === model && template.active);
}

function templateOption(drafting: Drafting, lexicon: Lexicon, template: Template) {
  const { id, model, name, successes } = template;
  return html`<label class="option" part="option">
    <input type="radio" name="cg-template" value=${id} .checked=${live(drafting.draft.template === id)}
      @change=${() => drafting.choose({ model, template: id })} />
    <span>${lexicon.say(name)}<span class="more">${lexicon.t("route.template.tried", { count: successes })}</span></span></label>`;
}

function templates(drafting: Drafting, lexicon: Lexicon, model: string) {
  const all = templatesOf(lexicon, model);
  if (drafting.draft.model !== model || all.length === 0) return nothing;
  return html`<fieldset class="templates" data-choice="template">
    <legend class="label small">${lexicon.t("route.template")}</legend>
    <div class="options">${all.map((template) => templateOption(drafting, lexicon, template))}</div></fieldset>`;
}

function modelOption(drafting: Drafting, lexicon: Lexicon, model: ChangeModel) {
  const isProposed = drafting.assessment.proposal.model === model.id;
  return html`<label class="option" part="option">
      <input type="radio" name="cg-model" value=${model.id} .checked=${live(drafting.draft.model === model.id)}
        @change=${() => drafting.choose({ model: model.id })} />
      <span>${lexicon.say(model.name)}${isProposed ? html` <span class="tag">${lexicon.t("route.proposal")}</span>` : nothing}
        <span class="more">${lexicon.say(model.plain)}</span></span></label>
    ${templates(drafting, lexicon, model.id)}`;
}

function autoOption(drafting: Drafting, lexicon: Lexicon) {
  return html`<label class="option" part="option">
    <input type="radio" name="cg-model" value="" .checked=${live(!drafting.draft.model)} @change=${() => drafting.choose({})} />
    <span>${lexicon.t("route.auto")}<span class="more">${lexicon.model(drafting.assessment.proposal.model)}</span></span></label>`;
}

function sentence({ draft, assessment }: Drafting, lexicon: Lexicon) {
  const model = lexicon.model(assessment.model);
  if (!draft.model) return lexicon.t("route.proposed", { model });
  const template = lexicon.templates.get(draft.template ?? "");
  return lexicon.t("route.chosen", { model: template ? `${model}, ${lexicon.say(template.name)}` : model });
}

function because({ draft, assessment }: Drafting, lexicon: Lexicon) {
  const known = lexicon.models.get(assessment.model);
  if (draft.model) return known ? lexicon.say(known.plain) : "";
  return lexicon.t("route.because", { because: lexicon.say(assessment.proposal.because) });
}

function findings(drafting: Drafting, lexicon: Lexicon) {
  const { assessment, draft } = drafting;
  const shown = draft.model || drafting.tried ? assessment.findings.filter(isAboutRoute) : [];
  return shown.map(
    (finding) =>
      html`<p class="finding"><span class=${finding.severity}>${findingText(lexicon, finding, assessment.model)}</span></p>`,
  );
}

/** Which kind of change this is: what the form proposes and why, and every other way. */
export function routeView(drafting: Drafting, lexicon: Lexicon) {
  return html`<section class="route" part="route" aria-labelledby="cg-route">
    <h3 class="label" id="cg-route">${lexicon.t("route.title")}</h3>
    <p class="route-model" role="status">${sentence(drafting, lexicon)}</p>
    <p class="help">${because(drafting, lexicon)}</p>
    ${findings(drafting, lexicon)}
    <details class="others" ?open=${Boolean(drafting.draft.model)}>
      <summary part="disclosure">${lexicon.t("route.other")}</summary>
      <fieldset class="options" data-choice="model" aria-labelledby="cg-route">
        ${autoOption(drafting, lexicon)}
        ${lexicon.policy.models.map((model) => modelOption(drafting, lexicon, model))}</fieldset>
    </details></section>`;
}
