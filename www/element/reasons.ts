// Findings and refusals as sentences.

import { number } from "./format.js";
import type { Lexicon } from "./lexicon.js";
import type { Params } from "./messages.js";
import type { Finding, Refusal } from "./wire.js";

function bound(lexicon: Lexicon, { bound, fields }: Finding): string {
  const kind = lexicon.fields.get(fields?.[0] ?? "")?.kind;
  return kind?.type === "duration" ? lexicon.minutes(bound ?? 0) : number(lexicon.language, bound ?? 0);
}

function notice(lexicon: Lexicon, model: string): string {
  const lead = lexicon.models.get(model)?.leadTime;
  return lead ? lexicon.span(lead.atLeast) : "";
}

/** What is wrong and what to do; the policy's own words where it has some. */
export function findingText(lexicon: Lexicon, finding: Finding, model: string): string {
  if (finding.message) return lexicon.say(finding.message);
  return lexicon.t(finding.code, {
    count: finding.bound ?? 0,
    bound: bound(lexicon, finding),
    span: notice(lexicon, model),
    rule: finding.rule ? lexicon.rule(finding.rule) : "",
  });
}

/** The same with the question that it is about, to be read on its own. */
export function findingLine(lexicon: Lexicon, finding: Finding, model: string): string {
  const field = finding.fields?.[0];
  const text = findingText(lexicon, finding, model);
  return field === undefined ? text : `${lexicon.question(field)} ${text}`;
}

/** Why the answer was no, in one sentence. */
export function refusalText(lexicon: Lexicon, refusal: Refusal, model: string): string {
  return lexicon.t(refusal.code, reasons(lexicon, refusal, model));
}

function reasons(lexicon: Lexicon, refusal: Refusal, model: string): Params {
  switch (refusal.code) {
    case "lifecycle.not-in-phase":
      return { phase: lexicon.phase(refusal.phase) };
    case "lifecycle.not-in-state":
      return { transition: lexicon.transition(refusal.transition, model), state: lexicon.state(refusal.state, model) };
    case "lifecycle.automatic":
    case "guard.not-met":
      return { transition: lexicon.transition(refusal.transition, model) };
    case "content.finding":
      return { finding: findingLine(lexicon, refusal.finding, model) };
    case "content.needed":
      return { field: lexicon.question(refusal.field) };
    case "model.unknown":
      return { model: lexicon.model(refusal.model) };
    default:
      return whoAndWhen(lexicon, refusal);
  }
}

function whoAndWhen(lexicon: Lexicon, refusal: Refusal): Params {
  switch (refusal.code) {
    case "role.missing":
      return { roles: lexicon.list(refusal.roles.map((id) => lexicon.role(id))) };
    case "gate.shut":
      return { gate: lexicon.rule(refusal.gate) };
    case "duty.conflict":
      return duty(lexicon, refusal);
    case "window.not-open":
      return { opens: lexicon.date(refusal.opens) };
    case "window.passed":
      return { closed: lexicon.date(refusal.closed) };
    case "window.conflict":
      return { with: lexicon.conflict(refusal) };
    default:
      return approvals(lexicon, refusal);
  }
}

function duty(lexicon: Lexicon, refusal: Extract<Refusal, { code: "duty.conflict" }>): Params {
  const { person, did, wants } = refusal;
  return { person: lexicon.person(person), did: lexicon.t(`act.${did}`), wants: lexicon.t(`act.${wants}`) };
}

function approvals(lexicon: Lexicon, refusal: Refusal): Params {
  switch (refusal.code) {
    case "approval.not-needed":
    case "approval.not-yours":
    case "approval.given-already":
      return { rule: lexicon.rule(refusal.rule) };
    case "approval.not-yet":
      return { rules: lexicon.rules(refusal.waitsFor) };
    case "approval.missing":
    case "ratification.missing":
      return { rules: lexicon.rules(refusal.rules) };
    case "approval.level-changed":
      return { seen: lexicon.level(refusal.seen), stands: lexicon.level(refusal.stands) };
    default:
      return prepared(lexicon, refusal);
  }
}

function prepared(lexicon: Lexicon, refusal: Refusal): Params {
  switch (refusal.code) {
    case "question.open":
      return { count: refusal.questions.length };
    case "condition.open":
      return { count: refusal.conditions.length };
    case "assign.unknown-person":
    case "hand-on.not-left":
    case "hand-on.nothing":
    case "hand-on.not-missing":
    case "hand-on.not-named":
    case "authority.gains":
    case "authority.party":
      return { person: lexicon.person(refusal.person) };
    case "accountable.missing":
      return { state: lexicon.state(refusal.state) };
    case "task.unknown":
    case "task.not-yours":
    case "task.step":
      return { task: refusal.task };
    case "task.waits":
      return { task: refusal.task, after: lexicon.list(refusal.after) };
    case "task.open":
      return { tasks: lexicon.list(refusal.tasks) };
    case "check.not-go":
      return { items: lexicon.rules(refusal.items) };
    case "evidence.file-missing":
    case "evidence.result-missing":
      return { kind: lexicon.rule(refusal.kind) };
    default:
      return afterwards(lexicon, refusal);
  }
}

function afterwards(lexicon: Lexicon, refusal: Refusal): Params {
  switch (refusal.code) {
    case "waiver.period":
      return { most: lexicon.date(refusal.most) };
    case "waiver.not-reviewed":
      return { count: refusal.waivers.length };
    case "incident.before-work":
      return { began: lexicon.date(refusal.began) };
    case "extension.too-early":
      return { ends: lexicon.date(refusal.ends) };
    case "observation.running":
      return { until: lexicon.date(refusal.until) };
    case "observation.unseen":
      return { count: refusal.measures.length };
    case "template.level":
      return { least: lexicon.level(refusal.least) };
    case "template.fixed-and-open":
      return { field: lexicon.field(refusal.field) };
    case "template.samples":
      return { have: refusal.have, need: refusal.need };
    case "policy.stops":
      return { count: refusal.findings };
    case "log.rules-unknown":
      return { seq: refusal.seq, version: refusal.rulesVersion };
    case "policy.same-version":
      return { version: refusal.version };
    default:
      return {};
  }
}
