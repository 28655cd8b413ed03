// What happened, in plain words.

import { html, nothing } from "lit";
import type { Event, Flag, Stored, Verdict, Words } from "../wire.js";
import { type ChangeRecord, wordsOf } from "./record.js";

/** What happened, and what was said with it. */
interface Told {
  readonly text: string;
  readonly words?: Words | null | undefined;
}

type Of<T extends Event["type"]> = Extract<Event, { type: T }>;

function moved({ lexicon, reading }: ChangeRecord, { from, to, by }: Of<"moved">): string {
  const { model } = reading.change;
  const state = lexicon.state(to, model);
  if (!from) return lexicon.t("log.entered", { state });
  return lexicon.t(by ? "log.moved" : "log.moved.itself", { from: lexicon.state(from, model), to: state });
}

/** Of work that was only reported nobody had agreed to it yet, though entries of earlier rules say so. */
function flagThen(flag: Flag): Flag {
  return flag === "ratified" ? "awaitingRatification" : flag;
}

function completed(
  { lexicon }: ChangeRecord,
  { outcome, startedAt, endedAt, downtimeMin, flags }: Of<"completed">,
): string {
  const period = lexicon.t("conflicts.period", { from: lexicon.date(startedAt), to: lexicon.date(endedAt) });
  const parts = [lexicon.t("log.completed", { outcome: lexicon.t(`outcome.${outcome}`), period })];
  if (downtimeMin > 0) parts.push(lexicon.t("log.downtime", { span: lexicon.minutes(downtimeMin) }));
  if (flags.length > 0) parts.push(lexicon.list(flags.map((flag) => lexicon.t(`flag.${flagThen(flag)}`))));
  return parts.join(" · ");
}

function told(record: ChangeRecord, event: Event): Told {
  const { lexicon } = record;
  switch (event.type) {
    case "submitted":
      return { text: lexicon.t("log.submitted", { number: event.number, model: lexicon.model(event.model) }) };
    case "edited":
      return {
        text: lexicon.t("log.edited", {
          fields: lexicon.list(Object.keys(event.fields).map((id) => lexicon.field(id))),
        }),
      };
    case "assessed":
      return { text: lexicon.t("log.assessed", { level: lexicon.level(event.level) }) };
    case "moved":
      return { text: moved(record, event), words: event.reason };
    case "commented":
      return { text: lexicon.t("log.commented"), words: event.text };
    case "completed":
      return { text: completed(record, event), words: event.note };
    case "reviewed":
      return { text: lexicon.t("log.reviewed"), words: event.text };
    case "erased":
      return {
        text: lexicon.t("log.erased", { count: event.commitments.length, ground: lexicon.t(`ground.${event.ground}`) }),
      };
    default:
      return inPlace(record, event, decided(record, event));
  }
}

/** A vote says in whose place it was given. */
function inPlace({ lexicon }: ChangeRecord, event: Event, said: Told): Told {
  if (!("onBehalfOf" in event) || !event.onBehalfOf) return said;
  const person = lexicon.person(event.onBehalfOf);
  return { ...said, text: lexicon.t("gesture.in-place-of", { gesture: said.text, person }) };
}

function decided(record: ChangeRecord, event: Event): Told {
  const { lexicon } = record;
  switch (event.type) {
    case "approved":
      return {
        text: lexicon.t("log.approved", { rule: lexicon.rule(event.rule), level: lexicon.level(event.level) }),
        words: event.comment,
      };
    case "declined":
      return { text: lexicon.t("log.declined", { rule: lexicon.rule(event.rule) }), words: event.reason };
    case "deferred":
      return { text: deferred(record, event), words: event.reason };
    case "authorized":
      return { text: lexicon.t("log.authorized") };
    case "voided":
      return { text: lexicon.t("log.voided", { rules: lexicon.rules(event.rules) }) };
    case "withdrawn": {
      const because = lexicon.t(`moot.${event.because}`);
      return { text: lexicon.t("log.withdrawn", { because, rules: lexicon.rules(event.rules) }) };
    }
    case "ratificationRefused":
      return { text: lexicon.t("log.ratificationRefused") };
    case "reminded": {
      const people = lexicon.list(event.people.map((person) => lexicon.person(person)));
      return { text: lexicon.t("log.reminded", { people, rule: lexicon.rule(event.rule) }) };
    }
    case "escalated": {
      const people = lexicon.list(event.to.map((person) => lexicon.person(person)));
      return { text: lexicon.t("log.escalated", { people, rule: lexicon.rule(event.rule) }) };
    }
    case "handedOn":
      return { text: lexicon.t("log.handedOn", { from: lexicon.person(event.from), to: lexicon.person(event.to) }) };
    case "evaluated":
      return { text: lexicon.t("log.evaluated"), words: event.note };
    case "asked":
      return { text: lexicon.t("log.asked", { count: event.questions.length }), words: event.questions[0]?.text };
    case "answered":
      return { text: lexicon.t("log.answered", { number: event.question }), words: event.text };
    case "fulfilled":
      return { text: lexicon.t("log.fulfilled", { number: event.condition }), words: event.note };
    default:
      return prepared(record, event);
  }
}

function deferred({ lexicon }: ChangeRecord, { rule, until }: Of<"deferred">): string {
  const named = { rule: lexicon.rule(rule) };
  return until
    ? lexicon.t("log.deferred.until", { ...named, until: lexicon.date(until) })
    : lexicon.t("log.deferred", named);
}

/** The number and title of another change, as far as the reader may know them. */
function otherChange({ lexicon }: ChangeRecord, id: string): string {
  const known = [...(lexicon.world.related ?? []), ...(lexicon.world.changes ?? [])].find((other) => other.id === id);
  return known?.shown ? `${known.shown.number} ${known.shown.title}` : lexicon.t("conflict.hidden");
}

function prepared(record: ChangeRecord, event: Event): Told {
  const { lexicon, reading } = record;
  switch (event.type) {
    case "held":
      return { text: lexicon.t("log.held"), words: event.reason };
    case "resumed":
      return { text: lexicon.t("log.resumed"), words: event.note };
    case "assigned": {
      const state = lexicon.state(event.state, reading.change.model);
      return { text: lexicon.t("log.assigned", { person: lexicon.person(event.person), state }) };
    }
    case "taskReported":
      return {
        text: lexicon.t("log.taskReported", { task: event.task, step: lexicon.t(`step.${event.step}`) }),
        words: event.note,
      };
    case "checked":
      return { text: lexicon.t(`log.checked.${event.answer}`, { item: lexicon.rule(event.item) }), words: event.note };
    case "related":
    case "unrelated": {
      const relation = lexicon.t(`relation.${event.relation}`);
      return { text: lexicon.t(`log.${event.type}`, { relation, change: otherChange(record, event.to) }) };
    }
    case "announced":
      return { text: lexicon.t("log.announced"), words: event.text };
    case "policyAdopted":
      return { text: lexicon.t("log.policyAdopted", { state: lexicon.state(event.state, reading.change.model) }) };
    case "template":
    case "policy":
    case "meeting":
      return { text: lexicon.t(`log.${event.type}`) };
    default:
      return proven(record, event);
  }
}

function proven({ lexicon }: ChangeRecord, event: Event): Told {
  switch (event.type) {
    case "attached": {
      const kind = lexicon.rule(event.kind);
      const result = event.result ? lexicon.t(`result.${event.result}`) : "";
      return { text: lexicon.t("log.attached.result", { kind, result }), words: event.name };
    }
    case "retracted":
      return { text: lexicon.t("log.retracted", { number: event.evidence }), words: event.reason };
    case "waived": {
      const until = lexicon.date(event.until);
      const params = { duty: lexicon.rule(event.duty), person: lexicon.person(event.person), until };
      return { text: lexicon.t("log.waived", params), words: event.reason };
    }
    case "waiverReviewed":
      return { text: lexicon.t("log.waiverReviewed", { number: event.waiver }), words: event.text };
    case "incidentRecorded":
      return {
        text: lexicon.t("log.incidentRecorded", { when: lexicon.date(event.noticedAt) }),
        words: event.incident,
      };
    case "incidentReviewed":
      return { text: lexicon.t("log.incidentReviewed", { number: event.incident }), words: event.text };
    case "extensionAsked":
      return { text: lexicon.t("log.extensionAsked", { until: lexicon.date(event.until) }), words: event.reason };
    case "extensionDecided":
      return {
        text: lexicon.t(`log.extensionDecided.${event.answer}`, { until: lexicon.date(event.until) }),
        words: event.reason,
      };
    case "observed":
      return {
        text: lexicon.t(`log.observed.${event.answer}`, { measure: lexicon.rule(event.measure) }),
        words: event.note,
      };
    case "observationEnded":
      return { text: lexicon.t("log.observationEnded"), words: event.reason };
    default:
      return { text: event.type };
  }
}

function eventView(record: ChangeRecord, event: Event) {
  const { text, words } = told(record, event);
  return html`<li data-event=${event.type}>${text}${words ? html`<q class="said" dir="auto">${wordsOf(record, words)}</q>` : nothing}</li>`;
}

function actor({ lexicon }: ChangeRecord, { entry }: Stored): string {
  return entry.actor.type === "host" ? lexicon.t("log.host") : lexicon.person(entry.actor.person);
}

const SHORT_HASH = 8;

/** One entry: who, when, what, and the start of its hash. */
export function entryView(record: ChangeRecord, stored: Stored) {
  const { lexicon } = record;
  const { entry, hash } = stored;
  return html`<li class="log-entry" part="log-entry" data-seq=${entry.seq}>
    <p class="log-head"><strong>${actor(record, stored)}</strong> <time datetime=${entry.at}>${lexicon.date(entry.at)}</time>
      <code class="hash" title=${hash}>${hash.slice(0, SHORT_HASH)}</code></p>
    <ul class="events">${entry.events.map((event) => eventView(record, event))}</ul></li>`;
}

function counts({ lexicon }: ChangeRecord, verdict: Verdict) {
  const { chainOnly, erased, missing, faults } = verdict;
  const lines = [
    ...(chainOnly.length > 0 ? [lexicon.t("verify.chain-only", { count: chainOnly.length })] : []),
    ...(erased.length > 0 ? [lexicon.t("verify.erased", { count: erased.length })] : []),
    ...(missing.length > 0 ? [lexicon.t("verify.missing", { count: missing.length })] : []),
    ...faults.map(({ seq, kind }) => lexicon.t("verify.fault", { seq, what: lexicon.t(`verify.fault.${kind}`) })),
  ];
  return lines.length > 0 ? html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` : nothing;
}

function verdictView(record: ChangeRecord, verdict: Verdict) {
  const { lexicon } = record;
  const said = lexicon.t(verdict.ok ? "verify.ok" : "verify.broken", { count: verdict.entries });
  return html`<div class="verdict ${verdict.ok ? "good" : "bad"}" part="verdict" data-ok=${verdict.ok}>
    <p><strong>${said}</strong></p>${counts(record, verdict)}
    <p class="note">${lexicon.t("verify.head")} <code class="hash long">${verdict.head}</code></p></div>`;
}

/** The log, the last entry first, with the button that has it checked. */
export function logView(record: ChangeRecord, verdict: Verdict | undefined, verify: () => void) {
  const { lexicon, log } = record;
  return html`<div class="verify"><button type="button" class="secondary" part="button" data-action="verify" @click=${verify}>${lexicon.t("verify")}</button>
    <div role="status">${verdict ? verdictView(record, verdict) : nothing}</div></div>
    <ol class="log" part="log" reversed>${[...log].reverse().map((stored) => entryView(record, stored))}</ol>`;
}
