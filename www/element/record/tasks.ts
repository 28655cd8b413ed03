// The tasks of the work with how they stand, and the go/no-go checklist.

import { html, nothing } from "lit";
import type { Choice, Permission, TaskStep } from "../wire.js";
import { allowedOf, type Hands, handsOn, noteOf, partOf } from "./part.js";
import { type Cells, type ChangeRecord, cellText, taskName, taskRows, tasksField } from "./record.js";

type Stands = TaskStep | "untouched";

/** The step that comes after each, of those that take a task on. */
const NEXT: Readonly<Partial<Record<Stands, TaskStep>>> = {
  untouched: "accepted",
  refused: "accepted",
  accepted: "started",
  failed: "started",
  started: "done",
};

function standsOf({ reading }: ChangeRecord, id: string): Stands {
  return reading.change.tasks[id]?.step ?? "untouched";
}

function ids(cells: Cells, column: string): readonly string[] {
  return [cells[column] ?? []].flat().filter((id) => typeof id === "string");
}

/** From when to when, as far as it is planned. */
function timeOf({ lexicon }: ChangeRecord, { from, to }: Cells): string {
  const times = [from, to].filter((time) => typeof time === "string");
  return times.map((time, at) => lexicon.date(time, at === 0 ? "moment" : "time")).join(" – ");
}

/** Whose it is, when, and after what. */
function detailsOf(record: ChangeRecord, cells: Cells): string {
  const { lexicon } = record;
  const after = ids(cells, "after").map((id) => `“${taskName(record, id)}”`);
  return [
    ...ids(cells, "person").map((id) => lexicon.person(id)),
    cellText(record, cells.team),
    timeOf(record, cells),
    after.length > 0 ? lexicon.t("process.task.after", { tasks: lexicon.list(after) }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function taskView(record: ChangeRecord, hands: Hands, cells: Cells) {
  const { lexicon, reading } = record;
  const id = cellText(record, cells.id);
  const stands = standsOf(record, id);
  const own = allowedOf(record, "task", id);
  const next = own.find(({ step }) => step === NEXT[stands]);
  const ordered: readonly Permission[] = next ? [next, ...own.filter((known) => known !== next)] : own;
  const word = lexicon.t(stands === "untouched" ? "process.task.untouched" : `step.${stands}`);
  return html`<li class="task" part="task" data-task=${id} data-step=${stands}>
    <p class="log-head"><strong dir="auto">${taskName(record, id)}</strong> <span class="tag step-tag">${word}</span></p>
    <p class="note">${detailsOf(record, cells)}</p>${noteOf(record, reading.change.tasks[id]?.said)}${handsOn(record, hands, ordered, next)}</li>`;
}

function planView(record: ChangeRecord, hands: Hands, plan: Choice, rows: readonly Cells[]) {
  if (rows.length === 0) return nothing;
  return html`<li class="plan" data-plan=${plan.id}><h4 class="label small">${record.lexicon.say(plan.label)}</h4>
    <ol class="items">${rows.map((cells) => taskView(record, hands, cells))}</ol></li>`;
}

/** The tasks by the plan that they belong to. */
export function tasksView(record: ChangeRecord, hands: Hands) {
  const { lexicon } = record;
  const rows = taskRows(record);
  const kind = tasksField(record)?.kind;
  if (rows.length === 0 || kind?.type !== "tasks") return nothing;
  const done = rows.filter((cells) => ["done", "skipped"].includes(standsOf(record, cellText(record, cells.id))));
  const plans = kind.plans.map((plan) =>
    planView(
      record,
      hands,
      plan,
      rows.filter((cells) => cells.plan === plan.id),
    ),
  );
  const progress = lexicon.t("process.tasks.done", { done: done.length, count: rows.length });
  return partOf(
    "tasks",
    lexicon.t("process.tasks"),
    html`<p class="progress"><meter class="bar" min="0" max=${rows.length} value=${done.length} aria-hidden="true"></meter> <span class="note">${progress}</span></p>
    <ul class="plans">${plans}</ul>`,
  );
}

/** The go/no-go checklist, as far as it is of this change; an answer to other content than stands counts no more. */
export function checklistView(record: ChangeRecord, hands: Hands) {
  const { lexicon, reading } = record;
  const views = reading.says.checklist.flatMap(({ item: id, stands }) => {
    const item = lexicon.policy.checklist?.find((known) => known.id === id);
    if (!item) return [];
    const said = reading.change.checks[id]?.said;
    const word = lexicon.t(`process.check.${stands}`, { person: said ? lexicon.person(said.by) : "" });
    const open = allowedOf(record, "check", id);
    const isUnanswered = stands === "open" || stands === "otherContent";
    return html`<li class="check" data-item=${id} data-answer=${stands}><p class="log-head"><strong>${lexicon.say(item.name)}</strong> <span class="tag step-tag">${word}</span></p>
      <p class="note">${lexicon.t("process.check.before", { phase: lexicon.phase(item.before) })}</p>${noteOf(record, said)}${handsOn(record, hands, open, isUnanswered ? open[0] : undefined)}</li>`;
  });
  if (views.length === 0) return nothing;
  return partOf("checklist", lexicon.t("process.checklist"), html`<ol class="items">${views}</ol>`);
}
