// What belongs to a change beside its content: questions, conditions, tasks, checklist, evidence, other changes, what is watched.

import { html, nothing, type TemplateResult } from "lit";
import type { Done, Evidence, Field, Permission, Relationship, Said, Value } from "../wire.js";
import { valueView } from "./content.js";
import { gestureButton } from "./next.js";
import { type ChangeRecord, modelOf, wordsOf } from "./record.js";

/** What the parts ask of the record. */
export interface ProcessActions {
  readonly chosen: string | undefined;
  choose(permission: Permission): void;
  /** Opens a file of evidence. */
  open(sha256: string, name: string): void;
}

function section(part: string, title: string, content: unknown) {
  const id = `cgr-${part}`;
  return html`<section class="process" part="process" data-part=${part} aria-labelledby=${id}>
    <h3 class="section-title" id=${id}>${title}</h3>${content}</section>`;
}

/** The gestures of a command about one thing that are allowed. */
function allowed(record: ChangeRecord, command: Permission["command"], about?: string): readonly Permission[] {
  return record.reading.permissions.filter(
    (permission) =>
      permission.allowed && permission.command === command && (about === undefined || permission.about === about),
  );
}

function buttons(record: ChangeRecord, actions: ProcessActions, permissions: readonly Permission[]) {
  if (permissions.length === 0) return nothing;
  return html`<div class="buttons">${permissions.map((permission) => gestureButton(record, permission, actions.chosen, (chosen) => actions.choose(chosen)))}</div>`;
}

function said(record: ChangeRecord, { text }: Pick<Said, "text">) {
  return html`<p class="said" dir="auto">${wordsOf(record, text)}</p>`;
}

function note(record: ChangeRecord, done: Done | null | undefined) {
  return done?.note ? html`<q class="said" dir="auto">${wordsOf(record, done.note)}</q>` : nothing;
}

function questionsView(record: ChangeRecord, actions: ProcessActions) {
  const { lexicon, reading } = record;
  const { questions } = reading.change;
  if (questions.length === 0) return nothing;
  const items = questions.map(({ field, asked, answer }, position) => {
    const who = lexicon.t("process.question", { person: lexicon.person(asked.by), when: lexicon.date(asked.at) });
    const open = allowed(record, "answer", String(position + 1));
    return html`<li class="question" data-open=${answer ? "false" : "true"}>
      <p class="log-head"><strong>${who}</strong>${field ? html` · ${lexicon.field(field)}` : nothing}</p>${said(record, asked)}
      ${answer ? html`<blockquote>${said(record, answer)}<p class="note">${lexicon.person(answer.by)}, ${lexicon.date(answer.at)}</p></blockquote>` : html`<p class="tag">${lexicon.t("process.question.open")}</p>`}
      ${buttons(record, actions, open)}</li>`;
  });
  return section("questions", lexicon.t("process.questions"), html`<ol class="items">${items}</ol>`);
}

function conditionsView(record: ChangeRecord, actions: ProcessActions) {
  const { lexicon, reading } = record;
  const items = reading.change.conditions.flatMap((condition, position) => {
    if (condition.void) return [];
    const { met, rule, set } = condition;
    const stands = met
      ? lexicon.t("process.condition.met", { person: lexicon.person(met.by), when: lexicon.date(met.at) })
      : lexicon.t("process.condition.open");
    return html`<li data-open=${met ? "false" : "true"}><p class="log-head"><strong>${lexicon.rule(rule)}</strong></p>${said(record, set)}
      <p class=${met ? "note" : "tag"}>${stands}</p>${note(record, met)}${buttons(record, actions, allowed(record, "fulfill", String(position + 1)))}</li>`;
  });
  if (items.length === 0) return nothing;
  return section("conditions", lexicon.t("process.conditions"), html`<ol class="items">${items}</ol>`);
}

type Cells = Readonly<Record<string, Value>>;

function isCells(value: Value): value is Record<string, Value> {
  return typeof value === "object" && !Array.isArray(value) && !("commitment" in value);
}

function textIn(record: ChangeRecord, cell: Value | undefined): string {
  if (typeof cell === "string") return cell;
  return typeof cell === "object" && !Array.isArray(cell) && "commitment" in cell
    ? wordsOf(record, cell as { commitment: string })
    : "";
}

function taskView(record: ChangeRecord, actions: ProcessActions, cells: Cells) {
  const { lexicon, reading } = record;
  const id = textIn(record, cells.id);
  const progress = reading.change.tasks[id];
  const person = [cells.person ?? []].flat().find((known) => typeof known === "string");
  const after = [cells.after ?? []].flat().filter((known) => typeof known === "string");
  const stands = progress ? lexicon.t(`step.${progress.step}`) : lexicon.t("process.task.untouched");
  return html`<li class="task" data-task=${id} data-step=${progress?.step ?? "untouched"}>
    <p class="log-head"><strong dir="auto">${textIn(record, cells.what)}</strong> <span class="tag">${stands}</span></p>
    <p class="note">${person ? lexicon.person(person) : nothing}${cells.team ? html` · ${textIn(record, cells.team)}` : nothing}${
      after.length > 0 ? html` · ${lexicon.t("process.task.after", { tasks: lexicon.list(after) })}` : nothing
    }</p>${note(record, progress?.said)}${buttons(record, actions, allowed(record, "task", id))}</li>`;
}

function tasksView(record: ChangeRecord, actions: ProcessActions) {
  const { lexicon, reading } = record;
  const field = lexicon.policy.fields.find(({ kind }) => kind.type === "tasks");
  const rows = [(field && reading.change.fields[field.id]) ?? []].flat().filter(isCells);
  if (rows.length === 0) return nothing;
  const items = rows.map((cells) => taskView(record, actions, cells));
  return section("tasks", lexicon.t("process.tasks"), html`<ol class="items">${items}</ol>`);
}

/** An item that neither was answered nor can be belongs to another kind of change. */
function checklistView(record: ChangeRecord, actions: ProcessActions) {
  const { lexicon, reading } = record;
  const { checks, contentHash } = reading.change;
  const isKnown = (id: string) =>
    reading.permissions.some(
      ({ command, about, refusals }) =>
        command === "check" && about === id && refusals.every(({ code }) => code !== "check.unknown"),
    );
  const items = (lexicon.policy.checklist ?? []).filter(({ id }) => id in checks || isKnown(id));
  if (items.length === 0) return nothing;
  const views = items.map(({ id, name }) => {
    const checked = checks[id];
    const isOld = checked?.contentHash && checked.contentHash !== contentHash;
    const stands = checked
      ? lexicon.t(`process.check.${checked.answer}`, { person: lexicon.person(checked.said.by) })
      : lexicon.t("process.check.open");
    return html`<li data-item=${id} data-answer=${checked && !isOld ? checked.answer : "open"}><p class="log-head"><strong>${lexicon.say(name)}</strong></p>
      <p class=${checked && !isOld ? "note" : "tag"}>${isOld ? lexicon.t("process.check.old") : stands}</p>${note(record, checked?.said)}
      ${buttons(record, actions, allowed(record, "check", id))}</li>`;
  });
  return section("checklist", lexicon.t("process.checklist"), html`<ol class="items">${views}</ol>`);
}

function isLink(text: string): boolean {
  return /^https?:\/\//.test(text);
}

function linkView(record: ChangeRecord, { link }: Evidence) {
  if (!link) return nothing;
  const text = wordsOf(record, link);
  return html`<p>${isLink(text) ? html`<a href=${text} rel="noopener noreferrer">${text}</a>` : text}</p>`;
}

function evidenceItem(record: ChangeRecord, actions: ProcessActions, evidence: Evidence, number: number) {
  const { lexicon, reading } = record;
  const { kind, name, file, result, note: remark, by, at, retracted, contentHash } = evidence;
  const bound = lexicon.policy.evidence?.find(({ id }) => id === kind)?.bound ?? false;
  const gone = retracted
    ? "process.evidence.gone"
    : bound && contentHash !== reading.change.contentHash
      ? "process.evidence.old"
      : undefined;
  return html`<li class=${gone ? "evidence void" : "evidence"} data-kind=${kind}>
    <p class="log-head"><strong>${lexicon.rule(kind)}</strong>${result ? html` <span class="tag" data-result=${result}>${lexicon.t(`result.${result}`)}</span>` : nothing}${
      gone ? html` <span class="tag">${lexicon.t(gone)}</span>` : nothing
    }</p>
    <p class="said" dir="auto">${wordsOf(record, name)}</p>${linkView(record, evidence)}
    ${
      file
        ? html`<p><button type="button" class="quiet" part="button" data-file=${file.sha256} @click=${() => actions.open(file.sha256, wordsOf(record, name))}>${lexicon.t("ask.file")} · ${lexicon.t("process.file", { size: Math.ceil(file.bytes / 1000) })}</button></p>`
        : nothing
    }
    ${remark ? html`<q class="said" dir="auto">${wordsOf(record, remark)}</q>` : nothing}
    <p class="note">${lexicon.t("process.evidence.by", { person: lexicon.person(by), when: lexicon.date(at) })}</p>
    ${buttons(record, actions, allowed(record, "retract", String(number)))}</li>`;
}

function evidenceView(record: ChangeRecord, actions: ProcessActions) {
  const { lexicon, reading } = record;
  const { evidence } = reading.change;
  const more = allowed(record, "attach");
  if (evidence.length === 0 && more.length === 0) return nothing;
  const items = evidence.map((known, position) => evidenceItem(record, actions, known, position + 1));
  const list =
    items.length > 0
      ? html`<ol class="items">${items}</ol>`
      : html`<p class="note">${lexicon.t("process.evidence.none")}</p>`;
  const adding = more.length > 0 ? html`<div class="adding">${buttons(record, actions, more)}</div>` : nothing;
  return section("evidence", lexicon.t("process.evidence"), html`${list}${adding}`);
}

function relationsView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const { relations } = reading.change;
  if (relations.length === 0) return nothing;
  const known = [...(lexicon.world.related ?? []), ...(lexicon.world.changes ?? [])];
  const items = relations.map(([relation, to]) => {
    const other = known.find(({ id }) => id === to);
    const name = other?.shown ? `${other.shown.number} ${other.shown.title}` : lexicon.t("conflict.hidden");
    return html`<li><span class="label small">${lexicon.t(`relation.${relation as Relationship}`)}</span> <span dir="auto">${name}</span>${other ? html` <span class="tag">${lexicon.phase(other.phase)}</span>` : nothing}</li>`;
  });
  return section("relations", lexicon.t("process.relations"), html`<ul class="items">${items}</ul>`);
}

function waiversView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const { waivers } = reading.change;
  if (waivers.length === 0) return nothing;
  const items = waivers.map(({ duty, person, until, given, review }) => {
    const what = lexicon.t("process.waiver", {
      duty: lexicon.rule(duty),
      person: lexicon.person(person),
      until: lexicon.date(until),
    });
    return html`<li><p><strong>${what}</strong></p>${said(record, given)}
      ${review ? html`<blockquote>${said(record, review)}</blockquote>` : html`<p class="tag">${lexicon.t("process.waiver.open")}</p>`}</li>`;
  });
  return section("waivers", lexicon.t("process.waivers"), html`<ol class="items">${items}</ol>`);
}

function observationView(record: ChangeRecord, actions: ProcessActions) {
  const { lexicon, reading } = record;
  const observe = modelOf(record)?.observe;
  const { completed, observations, observationEnded } = reading.change;
  if (!observe || !completed) return nothing;
  const until = reading.due.find(({ what }) => what.type === "observe");
  const items = observe.measures.map(({ id, name }) => {
    const seen = observations.filter(({ measure }) => measure === id);
    const last = seen.at(-1);
    const stands = last
      ? lexicon.t(`log.observed.${last.answer}`, { measure: "" }).replace(/[:\s]+$/, "")
      : lexicon.t("process.observation.none");
    return html`<li data-measure=${id}><p class="log-head"><strong>${lexicon.say(name)}</strong> <span class="tag">${stands}</span></p>${note(record, last?.said)}
      ${buttons(record, actions, allowed(record, "observe", id))}</li>`;
  });
  return section(
    "observation",
    lexicon.t("process.observation"),
    html`${until && !observationEnded ? html`<p class="note">${lexicon.t("process.observation.until", { until: lexicon.date(until.at) })}</p>` : nothing}
    <ul class="items">${items}</ul>${buttons(record, actions, allowed(record, "endObservation"))}`,
  );
}

function announcementsView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const { announcements } = reading.change;
  if (announcements.length === 0) return nothing;
  const items = announcements.map(
    (known) =>
      html`<li><p class="log-head"><strong>${lexicon.person(known.by)}</strong> <time datetime=${known.at}>${lexicon.date(known.at)}</time></p>${said(record, known)}</li>`,
  );
  return section("announcements", lexicon.t("process.announcements"), html`<ol class="items">${items}</ol>`);
}

/** What later gestures recorded, beside what the request had expected. */
function recordedView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const { recorded, fields } = reading.change;
  const of = (stages: readonly Field["asked"][]) =>
    lexicon.policy.fields.filter(({ id, asked }) => stages.includes(asked) && recorded[id] !== undefined);
  const entry = (field: Field) => {
    const value = recorded[field.id];
    const beside = field.beside ? lexicon.fields.get(field.beside) : undefined;
    const expected = beside && fields[beside.id];
    return html`<div class="entry" data-field=${field.id}><dt>${lexicon.say(field.label)}</dt><dd>${value === undefined ? nothing : valueView(record, field, value)}
      ${beside && expected !== undefined ? html`<span class="note">${lexicon.t("process.expected", { value: lexicon.value(beside, expected) })}</span>` : nothing}</dd></div>`;
  };
  const list = (part: string, title: string, known: readonly Field[]) =>
    known.length === 0 ? nothing : section(part, title, html`<dl class="entries">${known.map(entry)}</dl>`);
  return html`${list("judged", lexicon.t("process.judged"), of(["evaluation"]))}${list("afterwards", lexicon.t("process.afterwards"), of(["completion", "review"]))}`;
}

/** Why a look back is needed, and is not recorded yet. */
function reviewView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  if (reading.reviewReasons.length === 0 || reading.change.review) return nothing;
  const reasons = reading.reviewReasons.map((reason) => {
    const trigger =
      reason.type === "trigger" ? lexicon.policy.reviews?.find(({ id }) => id === reason.trigger) : undefined;
    const because = trigger ? lexicon.say(trigger.because) : "";
    const due =
      reason.type === "trigger" && reason.due
        ? ` · ${lexicon.t("process.due.by", { when: lexicon.date(reason.due) })}`
        : "";
    return html`<li>${lexicon.t(`review.reason.${reason.type}`, { because })}${due}</li>`;
  });
  return section("review", lexicon.t("process.review.why"), html`<ul class="items">${reasons}</ul>`);
}

/** Everything that belongs to the change beside its content, as far as there is something. */
export function processView(record: ChangeRecord, actions: ProcessActions): TemplateResult {
  return html`${questionsView(record, actions)}${conditionsView(record, actions)}${tasksView(record, actions)}${checklistView(record, actions)}
    ${evidenceView(record, actions)}${observationView(record, actions)}${reviewView(record)}${recordedView(record)}
    ${relationsView(record)}${waiversView(record)}${announcementsView(record)}`;
}

/** The same to read, where a decision is made on it. */
export function processToRead(record: ChangeRecord): TemplateResult {
  const still: ProcessActions = { chosen: undefined, choose: () => undefined, open: () => undefined };
  const read = { ...record, reading: { ...record.reading, permissions: [] } };
  return processView(read, still);
}

/** What has changed since the content that was last agreed to. */
export function changedView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const votes = reading.change.votes.some(({ void: isVoid }) => isVoid);
  if (reading.changedSince.length === 0 || !votes) return nothing;
  const show = (field: Field | undefined, value: Value | null | undefined) =>
    field && value !== undefined && value !== null
      ? valueView(record, field, value)
      : lexicon.t("process.changed.empty");
  const entries = reading.changedSince.map(({ field: id, before, after }) => {
    const field = lexicon.fields.get(id);
    return html`<div class="entry changed" data-field=${id}><dt>${lexicon.field(id)}</dt>
      <dd><p><span class="label small">${lexicon.t("process.changed.before")}</span> <del>${show(field, before)}</del></p>
      <p><span class="label small">${lexicon.t("process.changed.after")}</span> <ins>${show(field, after)}</ins></p></dd></div>`;
  });
  return section("changed", lexicon.t("process.changed"), html`<dl class="entries">${entries}</dl>`);
}

/** What must not be overlooked: that it rests, runs over its time, or was started before anybody said yes. */
export function bannersView(record: ChangeRecord, now: string) {
  const { lexicon, reading } = record;
  const { hold, extension, unauthorized, phase } = reading.change;
  const end = reading.due.find(({ what }) => what.type === "end");
  const ratify = reading.due.find(({ what }) => what.type === "ratify");
  const banner = (kind: string, text: string, words: unknown) =>
    html`<div class="notice stops" part="notice" data-banner=${kind}><p>${text}</p>${words}</div>`;
  const asked = extension && !extension.answer && phase === "implement";
  const span = end?.overdue ? lexicon.minutes(Math.floor((Date.parse(now) - Date.parse(end.at)) / 60_000)) : "";
  return html`${
    hold
      ? banner(
          "hold",
          lexicon.t("process.hold", { when: lexicon.date(hold.at), person: lexicon.person(hold.by) }),
          said(record, hold),
        )
      : nothing
  }${end?.overdue && !asked ? banner("overrun", lexicon.t("process.overrun", { span }), nothing) : nothing}${
    asked
      ? banner(
          "extension",
          lexicon.t("process.overrun.asked", { until: lexicon.date(extension.until) }),
          said(record, extension.asked),
        )
      : nothing
  }${
    ratify
      ? banner(
          "ratify",
          lexicon.t(ratify.overdue ? "process.ratify.late" : "process.ratify", { by: lexicon.date(ratify.at) }),
          nothing,
        )
      : nothing
  }${unauthorized ? banner("unauthorized", lexicon.t("process.unauthorized"), nothing) : nothing}`;
}

/** What waits too long. */
export function dueView(record: ChangeRecord) {
  const { lexicon, reading } = record;
  const late = reading.due.filter(({ overdue, what }) => overdue && !["start", "end", "ratify"].includes(what.type));
  if (late.length === 0) return nothing;
  const items = late.map(({ what, at }) => {
    const rule = "rule" in what ? lexicon.rule(what.rule) : "";
    return html`<li data-due=${what.type}>${lexicon.t(`due.${what.type}`, { rule })} · ${lexicon.t("process.due.late", { when: lexicon.date(at) })}</li>`;
  });
  return section("due", lexicon.t("process.due"), html`<ul class="items">${items}</ul>`);
}
