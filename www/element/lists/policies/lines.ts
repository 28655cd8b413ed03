// Which rules are in force, which were, and what is wrong with those that somebody wants to propose.

import { html, nothing } from "lit";
import type { KeptPolicy } from "../../host.js";
import type { InForce, PolicyFinding, Publication } from "../../wire.js";
import type { Speaker } from "../catalogue/shelf.js";

function byWhom({ lexicon, say }: Speaker, { proposedBy, agreedBy }: InForce): string {
  return proposedBy && agreedBy
    ? say("policies.by-two", { one: lexicon.person(proposedBy), other: lexicon.person(agreedBy) })
    : say("policies.of-file");
}

function before(speaker: Speaker, earlier: readonly InForce[]) {
  if (earlier.length === 0) return nothing;
  const { lexicon, say } = speaker;
  const lines = [...earlier]
    .reverse()
    .map(
      (known) =>
        html`<li data-version=${known.version}><p>${say("policies.before.line", { version: known.version, when: lexicon.date(known.since) })}</p><p class="note">${byWhom(speaker, known)}</p></li>`,
    );
  return html`<details data-part="before"><summary part="disclosure">${say("policies.before")}</summary><ul class="history">${lines}</ul></details>`;
}

/** The rules in force, and those before them. */
export function policyLines(speaker: Speaker, publication: Publication | undefined) {
  const { lexicon, say } = speaker;
  const { name, version } = lexicon.policy;
  const stands = publication?.inForce;
  return html`<section class="row part" part="row" data-part="in-force" aria-labelledby="in-force"><h3 id="in-force">${say("policies.in-force")}</h3>
    <p class="title">${say("policies.version", { name: lexicon.say(name), version: stands?.version ?? version })}</p>
    ${stands ? html`<p>${say("policies.since", { when: lexicon.date(stands.since) })} · ${byWhom(speaker, stands)}</p>` : nothing}
    <p class="note">${say("policies.keep")}</p>${before(speaker, publication?.earlier ?? [])}</section>`;
}

function list(findings: readonly PolicyFinding[]) {
  return html`<ul class="reasons">${findings.map(({ at, message }) => html`<li data-at=${at}>${message} <code>${at || "/"}</code></li>`)}</ul>`;
}

/** What the check of a document found: what stops it first, then what is worth a look. */
export function findingsView({ say }: Speaker, { findings }: KeptPolicy) {
  const [stops, others] = [
    findings.filter(({ severity }) => severity === "stops"),
    findings.filter(({ severity }) => severity !== "stops"),
  ];
  if (findings.length === 0) return html`<p data-part="good">${say("policies.good")}</p>`;
  return html`${stops.length > 0 ? html`<div class="notice stops" part="notice" role="alert" data-part="stops"><p>${say("policies.stops")}</p>${list(stops)}</div>` : nothing}
    ${others.length > 0 ? html`<div class="notice plain" part="notice" data-part="warns"><p>${say("policies.warns")}</p>${list(others)}</div>` : nothing}`;
}
