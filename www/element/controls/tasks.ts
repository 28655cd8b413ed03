import type { Lexicon } from "../lexicon.js";
import type { FormCode } from "../messages.js";
import type { Choice, Column, Kind, Value } from "../wire.js";
import type { ControlState, ControlView, KindOf } from "./control.js";
import { rows } from "./rows.js";

type Tasks = KindOf<"tasks">;
type Row = Readonly<Record<string, Value>>;

function isRow(value: Value): value is Record<string, Value> {
  return typeof value === "object" && !Array.isArray(value);
}

function rowsOf(value: Value | undefined): readonly Row[] {
  return Array.isArray(value) ? value.filter(isRow) : [];
}

/** The groups of the directory: a task can be given to one. */
function teams(lexicon: Lexicon): readonly string[] {
  return [...new Set([...lexicon.people.values()].flatMap(({ groups }) => groups ?? []))].sort();
}

/** The columns of a task as a reader sees them; its id is made, and not shown. */
export function taskColumns(lexicon: Lexicon, kind: Tasks, others: readonly Choice[] = []): Column[] {
  const said = (text: string) => ({ [lexicon.language]: text });
  const column = (id: string, code: FormCode, kind: Kind, required = false): Column => ({
    id,
    label: said(lexicon.t(code)),
    kind,
    required,
  });
  const options = (ids: readonly string[]) => ids.map((id) => ({ id, label: said(id) }));
  return [
    column("what", "tasks.what", { type: "text", maxLength: 500 }, true),
    column("plan", "tasks.plan", { type: "choice", options: kind.plans }, true),
    column("person", "tasks.person", { type: "people" }, true),
    column("team", "tasks.team", { type: "choice", options: options(teams(lexicon)) }),
    column("from", "tasks.from", { type: "dateTime" }),
    column("to", "tasks.to", { type: "dateTime" }),
    ...(others.length > 1 ? [column("after", "tasks.after", { type: "several", options: [...others] })] : []),
  ];
}

/** A short name for each task that has none: `t1`, `t2` and on, none of them twice. */
function named(all: readonly Row[]): Row[] {
  const taken = new Set(all.map(({ id }) => id));
  let next = 1;
  return all.map((row) => {
    if (row.id !== undefined) return row;
    while (taken.has(`t${next}`)) next += 1;
    taken.add(`t${next}`);
    return { id: `t${next}`, ...row };
  });
}

/** The tasks by what they are, to say which come first; one that says nothing yet by its name. */
function choicesOf({ lexicon, value }: ControlState<Tasks>): readonly Choice[] {
  return rowsOf(value).flatMap(({ id, what }) => {
    if (typeof id !== "string") return [];
    const label = typeof what === "string" && what.trim() ? what : id;
    return { id, label: { [lexicon.language]: label } };
  });
}

/** The tasks of the work, as rows. */
export const tasks: ControlView<Tasks> = (state) => {
  const columns = taskColumns(state.lexicon, state.kind, choicesOf(state));
  const list: ControlState<KindOf<"list">> = {
    ...state,
    kind: { type: "list", columns, ...(state.kind.most ? { most: state.kind.most } : {}) },
    change: (value) => state.change(value === undefined ? undefined : named(rowsOf(value)).map((row) => ({ ...row }))),
  };
  return rows(list);
};
