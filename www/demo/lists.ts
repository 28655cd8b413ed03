import type { ChangeSummary } from "/pkg/index.js";
import { type Child, h } from "./dom.js";
import type { Scene } from "./scene.js";
import type { Word } from "./words.js";

/** A part of a page under its own heading. */
export function section(heading: string, ...children: readonly Child[]): HTMLElement {
  return h("section", { class: "card" }, h("h2", {}, heading), ...children);
}

/** Changes under a heading, or what is said where there are none. */
export function changeList(scene: Scene, heading: Word, none: Word, changes: readonly ChangeSummary[]): HTMLElement {
  return section(scene.t(heading), listed(scene, none, changes));
}

function listed(scene: Scene, none: Word, changes: readonly ChangeSummary[]): HTMLElement {
  if (changes.length === 0) return h("p", { class: "quiet" }, scene.t(none));
  return h("ul", { class: "changes", role: "list" }, ...changes.map((change) => row(scene, change)));
}

function row(scene: Scene, change: ChangeSummary): HTMLLIElement {
  const { windowFrom, windowTo } = change;
  const when = windowFrom && windowTo ? h("span", {}, scene.period(windowFrom, windowTo)) : undefined;
  return h(
    "li",
    {},
    h(
      "a",
      { class: "title", href: `#/change/${change.id}` },
      h("span", { class: "number" }, change.number),
      ` ${change.title}`,
    ),
    h(
      "p",
      { class: "facts" },
      h("span", { class: "state" }, scene.state(change)),
      h(
        "span",
        { class: "level", "data-severity": scene.severity(change) },
        scene.t("risk", { level: scene.level(change) }),
      ),
      when,
      h("span", {}, scene.person(change.requester)),
    ),
  );
}

/** What waits for the reader: it is worked out while the rest of the page is there already. */
export function waitList(scene: Scene, most: number): HTMLElement {
  const list = section(scene.t("waits"), h("p", { class: "quiet" }, scene.t("wait")));
  list.classList.add("waits");
  void scene.waiting().then(
    (changes) => list.lastElementChild?.replaceWith(listed(scene, "waitsNone", changes.slice(0, most))),
    (cause: unknown) =>
      list.lastElementChild?.replaceWith(h("p", { class: "quiet" }, `${scene.t("trouble")}: ${String(cause)}`)),
  );
  return list;
}
