import type { Booking, ChangegateEvents, Policy, Service, Stored, Template } from "/pkg/index.js";
import { h, picture } from "./dom.js";
import { changeList, section, shown } from "./lists.js";
import type { Scene } from "./scene.js";

/** What the reader sees of a page; its first heading names it. */
export type Page = readonly Node[];

/** The page of an address such as `raise/charging-rules-update`. */
export function pageAt(scene: Scene, address: string): Page {
  const [name, part] = address.split("/");
  switch (name) {
    case "raise":
      return raise(scene, part);
    case "change":
      return record(scene, part ?? "");
    case "changes":
      return changes(scene);
    case "planned":
      return planned(scene);
    case "board":
      return board(scene);
    case "catalogue":
      return readyMade(scene);
    case "rules":
      return rules(scene);
    case "people":
      return people(scene);
    default:
      return home(scene);
  }
}

function heading(text: string, ...more: readonly Node[]): HTMLElement {
  return h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, text), ...more);
}

function home(scene: Scene): Page {
  const { person, world } = scene.loaded;
  const firstName = scene.person(person).split(" ")[0] ?? "";
  const main = h(
    "div",
    { class: "column wide" },
    hero(scene),
    changeList(scene, "waiting", 6),
    changeList(scene, "mine", 6),
  );
  return [
    heading(scene.t("hello", { name: firstName })),
    h("div", { class: "columns" }, main, h("div", { class: "column" }, news(scene))),
    ...(world.services ? [services(scene, world.services)] : []),
  ];
}

function hero(scene: Scene): HTMLElement {
  return h(
    "section",
    { class: "card hero" },
    h("h2", {}, scene.t("heroTitle")),
    h("p", {}, scene.t("heroText")),
    h("a", { class: "button", href: "#/raise" }, scene.t("raise")),
  );
}

function news(scene: Scene): HTMLElement {
  const items = scene.intranet.news.map(({ daysAgo, title, text }) =>
    h(
      "article",
      {},
      h("h3", {}, scene.say(title)),
      h("p", { class: "quiet" }, scene.daysAgo(daysAgo)),
      h("p", {}, scene.say(text)),
    ),
  );
  return h("section", { class: "card news" }, h("h2", {}, scene.t("news")), ...items);
}

function services(scene: Scene, known: readonly Service[]): HTMLElement {
  return h(
    "section",
    { class: "services" },
    h("h2", {}, scene.say(scene.intranet.services)),
    h("p", { class: "quiet" }, scene.t("servicesHelp")),
    h("ul", { class: "tiles", role: "list" }, ...known.map((service) => tile(scene, service))),
  );
}

function tile(scene: Scene, service: Service): HTMLLIElement {
  const next = bookings(scene).find(({ services }) => services.includes(service.id));
  const { importance, owner } = service;
  return h(
    "li",
    { class: "card tile", "data-busy": next !== undefined },
    h("h3", {}, service.name),
    owner ? h("p", {}, scene.t("owner", { name: scene.person(owner) })) : undefined,
    importance ? h("p", {}, scene.t("importance", { level: importanceWord(scene, importance) })) : undefined,
    h("p", { class: "next" }, next ? nextWork(scene, next) : scene.t("noChange")),
  );
}

function importanceWord(scene: Scene, importance: number): string {
  const words = ["importance.1", "importance.2", "importance.3", "importance.4"] as const;
  return scene.t(words[importance - 1] ?? "importance.4");
}

function nextWork(scene: Scene, { shown, from }: Booking): string {
  const time = scene.date(from);
  return shown ? scene.t("nextChange", { number: shown.number, time }) : scene.t("nextHidden", { time });
}

/** Work still ahead or under way, the next first. */
function bookings(scene: Scene): readonly Booking[] {
  const ahead = (scene.loaded.world.changes ?? []).filter(({ to }) => to > scene.loaded.now);
  return [...ahead].sort((one, other) => one.from.localeCompare(other.from));
}

function raise(scene: Scene, template: string | undefined): Page {
  const form = changeRequest(scene, { face: "ask", ...(template ? { template } : {}) });
  const card = h("div", { class: "card form" }, form);
  form.addEventListener("changegate-submitted", (event) => {
    const { changeId, stored } = (event as CustomEvent<ChangegateEvents["changegate-submitted"]>).detail;
    becomeRecord(scene, card, changeId, numberIn(stored));
  });
  return [
    heading(scene.t("raise"), h("p", { class: "lead" }, scene.t("raiseIntro"))),
    ...catalogue(scene, template),
    card,
    routes(scene),
  ];
}

function numberIn(stored: readonly Stored[]): string {
  const events = stored.flatMap(({ entry }) => entry.events);
  return events.flatMap((event) => (event.type === "submitted" ? event.number : []))[0] ?? "";
}

/** The element goes on showing what became of the form; what was around it makes way, and the address follows. */
function becomeRecord(scene: Scene, card: HTMLElement, id: string, number: string): void {
  for (const node of [...(card.parentElement?.children ?? [])]) if (node !== card) node.remove();
  card.before(crumb(scene, `${scene.t("change")} ${number}`));
  history.replaceState(null, "", `#/change/${id}`);
}

function catalogue(scene: Scene, chosen: string | undefined): readonly HTMLElement[] {
  const templates = (scene.loaded.world.templates ?? []).filter(({ active }) => active);
  if (templates.length === 0) return [];
  const items = templates.map((template) => offer(scene, template, chosen));
  const other = h("li", {}, h("a", { class: "offer", href: "#/raise" }, scene.t("ownWay")));
  const list = h("ul", { class: "offers", role: "list" }, ...items, ...(chosen ? [other] : []));
  const help = h("p", { class: "quiet" }, scene.t("catalogueHelp"));
  return [h("section", { class: "catalogue" }, h("h2", {}, scene.t("catalogue")), help, list)];
}

function offer(scene: Scene, { id, name, successes }: Template, chosen: string | undefined): HTMLLIElement {
  const runs = scene.t("catalogueRuns", { successes: String(successes) });
  const current = id === chosen ? "true" : undefined;
  return h(
    "li",
    {},
    h("a", { class: "offer", href: `#/raise/${id}`, "aria-current": current }, scene.say(name)),
    h("p", { class: "quiet" }, runs),
  );
}

function routes(scene: Scene): HTMLElement {
  const items = scene.loaded.policy.models.map((model) =>
    h("div", {}, h("dt", {}, scene.say(model.name)), h("dd", {}, scene.say(model.plain), leadTime(scene, model))),
  );
  return section(scene.t("routes"), h("dl", { class: "routes" }, ...items));
}

function leadTime(scene: Scene, { leadTime }: Policy["models"][number]): string {
  const count = leadTime?.atLeast.workingDays;
  return count ? ` ${scene.t("leadTime", { count: String(count) })}` : "";
}

function changeRequest(
  scene: Scene,
  attributes: Readonly<Record<string, string>>,
): HTMLElementTagNameMap["change-request"] {
  const element = document.createElement("change-request");
  element.host = scene.stage.host;
  element.setAttribute("language", scene.locale);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function record(scene: Scene, id: string): Page {
  const known = scene.changes.find((change) => change.id === id);
  const title = known ? `${scene.t("change")} ${known.number}` : scene.t("changeGone");
  const shown = known ? [h("div", { class: "card form" }, changeRequest(scene, { change: id }))] : [];
  return [crumb(scene, title), ...shown];
}

function crumb(scene: Scene, title: string): HTMLElement {
  const back = h("a", { href: "#/changes" }, picture("icon-back", "icon"), scene.t("back"));
  return h("div", { class: "crumb" }, back, h("h1", { tabindex: "-1" }, title));
}

function changes(scene: Scene): Page {
  const button = h("a", { class: "button", href: "#/raise" }, scene.t("raise"));
  const lists = (["waiting", "mine", "all"] as const).map((show) => changeList(scene, show));
  return [heading(scene.t("changes"), button), ...lists];
}

function board(scene: Scene): Page {
  return [heading(scene.t("board"), h("p", { class: "lead" }, scene.t("boardIntro"))), shown(scene, "change-board")];
}

function readyMade(scene: Scene): Page {
  const lead = h("p", { class: "lead" }, scene.t("readyMadeIntro"));
  return [heading(scene.t("readyMade"), lead), shown(scene, "change-catalogue", { "use-href": "#/raise/{id}" })];
}

function rules(scene: Scene): Page {
  return [heading(scene.t("rules"), h("p", { class: "lead" }, scene.t("rulesIntro"))), shown(scene, "change-policies")];
}

function planned(scene: Scene): Page {
  const { calendar } = scene.loaded.world;
  const freezes = (calendar?.freezes ?? []).filter(({ to }) => to > scene.loaded.now);
  const closed = freezes.map(({ name, services, from, to }) => {
    return entry(scene.say(name), scene.period(from, to), ...(services ?? []).map((id) => scene.service(id)));
  });
  return [
    heading(scene.t("planned"), h("p", { class: "lead" }, scene.t("plannedIntro"))),
    section(scene.t("freezes"), entries(closed, scene.t("freezesNone"))),
    shown(scene, "change-notice"),
  ];
}

function entry(name: Node | string, ...facts: readonly string[]): HTMLLIElement {
  return h("li", {}, name, h("p", { class: "facts" }, ...facts.map((fact) => h("span", {}, fact))));
}

function entries(items: readonly HTMLLIElement[], none: string): HTMLElement {
  return items.length > 0 ? h("ul", { class: "changes", role: "list" }, ...items) : h("p", { class: "quiet" }, none);
}

function people(scene: Scene): Page {
  const cards = (scene.loaded.world.people ?? []).map(({ name, title, manager }) =>
    h(
      "li",
      { class: "card tile" },
      h("h2", {}, name),
      h("p", {}, title ?? ""),
      manager ? h("p", { class: "quiet" }, scene.t("manager", { name: scene.person(manager) })) : undefined,
    ),
  );
  return [
    heading(scene.t("people"), h("p", { class: "lead" }, scene.t("peopleIntro"))),
    h("ul", { class: "tiles", role: "list" }, ...cards),
  ];
}
