/** The bar that only a demonstration has: who is signed in, which time it is, how the page looks. */

import type { Pickable } from "/pkg/index.js";
import { h } from "./dom.js";
import { INTRANETS } from "./organisations.js";
import type { Scene } from "./scene.js";
import { type Settings, THEMES } from "./settings.js";
import { LANGUAGES } from "./words.js";

/** What the bar asks of the portal. */
export interface BarActions {
  choose(changed: Partial<Settings>): void;
  moveClock(to: string): void;
}

/** Everything of the bar but its summary. */
export function bar(scene: Scene, people: readonly Pickable[], address: string, actions: BarActions): readonly Node[] {
  const { settings, stage } = scene;
  const organisations = INTRANETS.map(({ id, name }) => [id, scene.say(name)] as const);
  const persons = people.map(({ id, name, title }) => [id, title ? `${name}, ${title}` : name] as const);
  const themes = THEMES.map((theme) => [theme, scene.t(`theme.${theme}`)] as const);
  return [
    h("p", { class: "note" }, scene.t("demoNote")),
    ...(stage.isServerless
      ? [select("organisation", scene.t("organisation"), organisations, settings.organisation, actions)]
      : []),
    select("person", scene.t("person"), persons, scene.loaded.person, actions),
    clock(scene, address, actions),
    select("language", scene.t("language"), Object.entries(LANGUAGES), settings.language, actions),
    select("theme", scene.t("theme"), themes, settings.theme, actions),
  ];
}

type Options = Iterable<readonly [value: string, label: string]>;

function select(
  name: keyof Settings,
  label: string,
  options: Options,
  chosen: string,
  actions: BarActions,
): HTMLElement {
  const items = Array.from(options, ([value, text]) => h("option", { value, selected: value === chosen }, text));
  const control = h("select", { id: `demo-${name}` }, ...items);
  control.addEventListener("change", () => actions.choose({ [name]: control.value }));
  return h("div", { class: "choice" }, h("label", { for: `demo-${name}` }, label), control);
}

const A_DAY = 86_400_000;

function clock(scene: Scene, address: string, actions: BarActions): HTMLElement {
  const { now } = scene.loaded;
  const tomorrow = new Date(Date.parse(now) + A_DAY).toISOString();
  const jumps = [
    button("day", scene.t("aDayOn"), () => actions.moveClock(tomorrow)),
    ...ahead(scene, address, actions),
  ];
  return h("div", { class: "clock" }, h("span", {}, scene.t("clock")), h("strong", {}, scene.date(now)), ...jumps);
}

/** On the page of a change: to its planned start, and once that is there, to its planned end. */
function ahead(scene: Scene, address: string, actions: BarActions): readonly HTMLButtonElement[] {
  const { windowFrom, windowTo } = scene.changes.find(({ id }) => address === `change/${id}`) ?? {};
  const { now } = scene.loaded;
  const jump = (name: "toStart" | "toEnd", to: string) => [
    button(name, scene.t(name, { time: scene.date(to) }), () => actions.moveClock(to)),
  ];
  if (windowFrom && windowFrom > now) return jump("toStart", windowFrom);
  return windowTo && windowTo > now ? jump("toEnd", windowTo) : [];
}

function button(name: string, text: string, press: () => void): HTMLButtonElement {
  const element = h("button", { type: "button", id: `demo-${name}` }, text);
  element.addEventListener("click", press);
  return element;
}
