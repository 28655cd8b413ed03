// The form in which a template, or a new version of one, is proposed.

import { html, nothing, type TemplateResult } from "lit";
import { inputOf } from "../../controls/control.js";
import { fieldView } from "../../form/field.js";
import { valueView } from "../../record/value.js";
import type { Field, RunRef, Section } from "../../wire.js";
import { differenceView } from "./content.js";
import type { Proposing } from "./proposing.js";
import { nameOf, type Speaker } from "./shelf.js";

/** What the form asks of the list. */
export interface FormHands {
  /** What was not taken, and why. */
  readonly refused: TemplateResult | typeof nothing;
  /** The models of which the reader may propose, where there are several. */
  readonly models: readonly { readonly id: string; readonly name: string }[];
  /** When a change was closed. */
  closed(change: string): string | undefined;
  choose(model: string): void;
  send(): void;
  cancel(): void;
}

function modelChoice({ say }: Speaker, proposing: Proposing, { models, choose }: FormHands) {
  if (proposing.revised || models.length < 2) return nothing;
  const chosen = (event: Event) => choose((event.currentTarget as HTMLSelectElement).value);
  return html`<div class="field"><label class="label" for="p-model">${say("form.model")}</label>
    <select class="input" id="p-model" @change=${chosen}>${models.map(({ id, name }) => html`<option value=${id} ?selected=${id === proposing.rule.model}>${name}</option>`)}</select></div>`;
}

function sample(speaker: Speaker, proposing: Proposing, { change, number }: RunRef, closed: string | undefined) {
  const { say } = speaker;
  return html`<label class="option"><input type="checkbox" data-sample=${change} .checked=${proposing.samples.has(change)} @change=${() => void proposing.toggle(change)}>
    <span>${speaker.change(change) || number}${closed ? html` <span class="note">${say("form.closed", { when: closed })}</span>` : nothing}</span></label>`;
}

function samples(speaker: Speaker, proposing: Proposing, hands: FormHands) {
  const { say } = speaker;
  const { samples: known = [], successes } = proposing.rule;
  const help = proposing.revised?.agreed ? say("form.samples.again") : say("form.samples.help", { count: successes });
  return html`<fieldset class="field" aria-describedby="p-samples-help"><legend class="label">${say("form.samples")}</legend>
    <p class="help" id="p-samples-help">${known.length > 0 ? help : say("form.samples.none")}</p>
    ${known.map((run) => sample(speaker, proposing, run, hands.closed(run.change)))}</fieldset>`;
}

function naming({ say }: Speaker, proposing: Proposing) {
  return html`<div class="field"><label class="label" for="p-name">${say("form.name")}</label>
    <input class="input" id="p-name" autocomplete="off" .value=${proposing.name} @input=${(event: Event) => proposing.rename(inputOf(event).value)}></div>`;
}

/** The answer to read, with a way to change it; or its control. */
function answer(speaker: Speaker, proposing: Proposing, field: Field) {
  const { lexicon, say } = speaker;
  const { drafting } = proposing;
  const value = drafting?.draft.fields[field.id];
  const label = lexicon.field(field.id);
  if (!drafting || proposing.open.has(field.id)) return html`<p class="label">${label}</p>`;
  if (proposing.edited.has(field.id)) return fieldView(drafting, lexicon, field, "label");
  const edit = html`<button type="button" class="quiet" part="button" data-edit=${field.id} aria-label=${say("form.edit.of", { field: label })} @click=${() => proposing.edit(field.id)}>${say("form.edit")}</button>`;
  return html`<div><p class="label">${label}</p>
    ${value === undefined ? html`<p class="note">${say("form.unanswered")}</p>` : valueView(speaker, field, value)}<div>${edit}</div></div>`;
}

function row(speaker: Speaker, proposing: Proposing, field: Field) {
  const { lexicon, say } = speaker;
  const isOpen = proposing.open.has(field.id);
  const ask = (event: Event) => proposing.ask(field.id, inputOf(event).checked);
  return html`<li class="set" data-field=${field.id} data-open=${isOpen}>${answer(speaker, proposing, field)}
    <label class="option"><input type="checkbox" data-ask=${field.id} aria-label=${say("form.ask.of", { field: lexicon.field(field.id) })} .checked=${isOpen} @change=${ask}>
    <span>${say("form.ask")}</span></label></li>`;
}

function section(speaker: Speaker, proposing: Proposing, { id, name, fields }: Section) {
  const shown = proposing.fields.filter((field) => fields.includes(field.id));
  if (shown.length === 0) return nothing;
  return html`<h5 id="p-section-${id}">${speaker.lexicon.say(name)}</h5>
    <ul class="sets" aria-labelledby="p-section-${id}">${shown.map((field) => row(speaker, proposing, field))}</ul>`;
}

function fields(speaker: Speaker, proposing: Proposing) {
  if (!proposing.drafting) return nothing;
  const { say, lexicon } = speaker;
  return html`<section class="part" aria-labelledby="p-fields"><h4 id="p-fields">${say("form.fields")}</h4><p class="help">${say("form.fields.help")}</p>
    ${lexicon.policy.sections.map((known) => section(speaker, proposing, known))}</section>`;
}

function covers({ lexicon, say }: Speaker, proposing: Proposing) {
  const service = ({ id, name }: { readonly id: string; readonly name: string }) =>
    html`<label class="option"><input type="checkbox" data-service=${id} .checked=${proposing.services.has(id)} @change=${(event: Event) => proposing.cover(id, inputOf(event).checked)}> <span>${name}</span></label>`;
  const services = html`<fieldset class="field"><legend class="label">${say("form.services")}</legend><div class="options">${[...lexicon.services.values()].map(service)}</div></fieldset>`;
  return html`${proposing.asksServices ? services : nothing}
    <div class="field"><label class="label" for="p-window">${say("form.window")}</label>
      <input class="input short" id="p-window" type="number" min="1" inputmode="numeric" .value=${proposing.windowMin} @input=${(event: Event) => (proposing.windowMin = inputOf(event).value)}></div>`;
}

function level({ lexicon, say }: Speaker, proposing: Proposing) {
  const choose = (event: Event) => {
    proposing.level = (event.currentTarget as HTMLSelectElement).value;
    proposing.listener.changed();
  };
  return html`<div class="field"><label class="label" for="p-level">${say("form.level")}</label>
    <select class="input" id="p-level" @change=${choose}><option value="" ?selected=${proposing.level === ""}>${say("form.level.made")}</option>
    ${lexicon.policy.risk.levels.map(({ id }) => html`<option value=${id} ?selected=${proposing.level === id}>${lexicon.level(id)}</option>`)}</select></div>`;
}

/** Against the version in use, before it is proposed. */
function difference(speaker: Speaker, proposing: Proposing) {
  const agreed = proposing.revised?.agreed;
  if (!agreed || !proposing.drafting) return nothing;
  return differenceView(speaker, agreed, { content: proposing.content, level: proposing.level || agreed.level });
}

/** All of it, from the earlier changes to the button. */
export function proposingForm(speaker: Speaker, proposing: Proposing, hands: FormHands) {
  const { say } = speaker;
  const { revised } = proposing;
  const stands = revised?.agreed ?? revised?.proposed;
  const title = stands ? say("form.again", { name: nameOf(speaker, stands.content) }) : say("form.new");
  return html`<section class="panel part" part="panel" data-panel=${revised ? "revise" : "propose"} aria-labelledby="p-title">
    <h3 id="p-title" tabindex="-1">${title}</h3>
    ${modelChoice(speaker, proposing, hands)}${samples(speaker, proposing, hands)}${naming(speaker, proposing)}${fields(speaker, proposing)}
    ${proposing.drafting ? html`${covers(speaker, proposing)}${level(speaker, proposing)}` : nothing}${difference(speaker, proposing)}
    ${hands.refused}<div class="buttons">
      <button type="button" class="primary" part="button" data-action="send" @click=${() => hands.send()}>${say("form.propose")}</button>
      <button type="button" class="secondary" part="button" data-action="cancel" @click=${() => hands.cancel()}>${say("step.cancel")}</button></div></section>`;
}
