import { type Child, h } from "./dom.js";
import type { Scene } from "./scene.js";

/** A part of a page under its own heading. */
export function section(heading: string, ...children: readonly Child[]): HTMLElement {
  return h("section", { class: "card" }, h("h2", {}, heading), ...children);
}

type Tag = "change-list" | "change-board" | "change-notice" | "change-catalogue" | "change-policies";

/** One of the lists, in a card of its own. Its code is fetched when the first is shown. */
export function shown(scene: Scene, tag: Tag, attributes: Readonly<Record<string, string>> = {}): HTMLElement {
  void import("/pkg/lists.js");
  const element = document.createElement(tag);
  const lists = { host: scene.stage.host };
  Object.assign(element, lists);
  element.setAttribute("language", scene.locale);
  element.setAttribute("href", "#/change/{id}");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return h("section", { class: "card" }, element);
}

/** Changes of one sort. */
export function changeList(scene: Scene, show: "waiting" | "mine" | "open" | "all", most?: number): HTMLElement {
  return shown(scene, "change-list", { show, ...(most === undefined ? {} : { most: String(most) }) });
}
