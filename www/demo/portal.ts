/** The demo intranet: it knows who is signed in and what the pages are; changes are the element's business. */

import { isWhole, type Loaded, type Pickable } from "/pkg/index.js";
import { bar } from "./bar.js";
import { byId, h, picture } from "./dom.js";
import { INTRANETS } from "./organisations.js";
import { pageAt } from "./pages.js";
import { Scene } from "./scene.js";
import { keepSettings, readSettings, type Settings } from "./settings.js";
import { openStage, type Stage } from "./stage.js";
import { say, type Word } from "./words.js";

const NAVIGATION: readonly (readonly [address: string, word: Word])[] = [
  ["", "home"],
  ["raise", "raise"],
  ["changes", "changes"],
  ["planned", "planned"],
  ["board", "board"],
  ["catalogue", "readyMade"],
  ["rules", "rules"],
  ["people", "people"],
];

/** Why a page is drawn. After a report only what is around it is: the element shows what came of the report. */
type Because = "start" | "page" | "choice" | "report";

class Portal {
  readonly #settings = readSettings();
  readonly #main = byId("content", HTMLElement);
  #stage: Stage | undefined;
  #people: readonly Pickable[] = [];
  /** Rises with each drawing: an earlier one that is still being fetched is dropped. */
  #drawing = 0;

  /** Draws the page of the address, now and whenever it changes. */
  start(): void {
    addEventListener("hashchange", () => void this.#draw("page"));
    this.#main.addEventListener("changegate-reported", () => void this.#draw("report"));
    byId("skip", HTMLAnchorElement).addEventListener("click", (event) => {
      event.preventDefault();
      this.#main.focus();
    });
    const demo = byId("demo", HTMLDetailsElement);
    demo.open = matchMedia("(min-width: 64rem)").matches;
    void this.#draw("start");
  }

  async #draw(because: Because): Promise<void> {
    this.#drawing += 1;
    const drawing = this.#drawing;
    this.#look();
    try {
      const scene = await this.#scene();
      if (drawing === this.#drawing) this.#show(scene, because);
    } catch (cause) {
      if (drawing === this.#drawing) this.#showTrouble(cause);
    }
  }

  /** What does not wait for the host: language and colours. */
  #look(): void {
    const { language, theme } = this.#settings;
    const { dataset } = document.documentElement;
    document.documentElement.lang = language;
    if (theme === "auto") delete dataset.theme;
    else dataset.theme = theme;
  }

  async #scene(): Promise<Scene> {
    const stage = await this.#signedIn();
    const [loaded, changes] = await Promise.all([stage.host.load(), stage.host.changes()]);
    return new Scene(stage, loaded, changes.filter(isWhole), this.#settings);
  }

  /** The stage, with somebody signed in: who was last, else who the organisation starts with. */
  async #signedIn(): Promise<Stage> {
    if (this.#stage) return this.#stage;
    const stage = await openStage(this.#settings.organisation);
    this.#people = await stage.people();
    const suggested = INTRANETS.map(({ person }) => person);
    const wanted = [this.#settings.person, ...suggested].find((id) => this.#people.some((person) => person.id === id));
    await stage.signIn(wanted ?? this.#people[0]?.id ?? "");
    this.#stage = stage;
    return stage;
  }

  #show(scene: Scene, because: Because): void {
    const address = addressOfPage();
    if (because !== "report") this.#main.replaceChildren(...pageAt(scene, address));
    this.#showShell(scene, address);
    const heading = this.#main.querySelector("h1");
    document.title = `${heading?.textContent ?? ""} - ${scene.say(scene.intranet.short)}`;
    if (because === "page") heading?.focus();
  }

  #showShell(scene: Scene, address: string): void {
    const { intranet, loaded } = scene;
    document.documentElement.dataset.organisation = intranet.id;
    byId("skip", HTMLAnchorElement).textContent = scene.t("skip");
    byId("brand", HTMLAnchorElement).replaceChildren(picture(`logo-${intranet.id}`, "logo"), scene.say(intranet.name));
    byId("me", HTMLElement).replaceChildren(me(loaded));
    const navigation = byId("navigation", HTMLElement);
    navigation.setAttribute("aria-label", scene.t("navigation"));
    navigation.replaceChildren(links(scene, address));
    byId("footer", HTMLElement).textContent = scene.t("footer");
    byId("demo-summary", HTMLElement).textContent =
      `${scene.t("demo")}: ${scene.person(loaded.person)}, ${scene.date(loaded.now)}`;
    this.#showBar(scene, address);
  }

  /** The control in use keeps the focus, although it is drawn again. */
  #showBar(scene: Scene, address: string): void {
    const focused = document.activeElement?.id ?? "";
    byId("demo-bar", HTMLElement).replaceChildren(
      ...bar(scene, this.#people, address, {
        choose: (changed) => void this.#choose(changed),
        moveClock: (to) => void this.#moveClock(to),
      }),
    );
    if (focused.startsWith("demo-")) document.getElementById(focused)?.focus();
  }

  async #choose(changed: Partial<Settings>): Promise<void> {
    Object.assign(this.#settings, changed);
    keepSettings(this.#settings);
    if (changed.organisation) {
      this.#stage = undefined;
      history.replaceState(null, "", "#/");
    }
    if (changed.person) await this.#stage?.signIn(changed.person);
    if (changed.theme) this.#look();
    else await this.#draw("choice");
  }

  async #moveClock(to: string): Promise<void> {
    await this.#stage?.moveClock(to);
    await this.#draw("choice");
  }

  #showTrouble(cause: unknown): void {
    const { language } = this.#settings;
    const again = h("button", { type: "button", class: "button" }, say(language, "again"));
    again.addEventListener("click", () => void this.#draw("choice"));
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#main.replaceChildren(h("h1", { tabindex: "-1" }, say(language, "trouble")), h("p", {}, reason), again);
  }
}

/** The address of the page that is shown: `change/0199...`. */
function addressOfPage(): string {
  return location.hash.replace(/^#\/?/, "");
}

function links(scene: Scene, address: string): HTMLUListElement {
  const page = address.split("/")[0] ?? "";
  const shown = page === "change" ? "changes" : page;
  const items = NAVIGATION.map(([to, word]) => {
    const current = to === shown ? "page" : undefined;
    return h("li", {}, h("a", { class: "link", href: `#/${to}`, "aria-current": current }, scene.t(word)));
  });
  return h("ul", { role: "list" }, ...items);
}

function me({ person, world }: Loaded): HTMLElement {
  const known = world.people?.find(({ id }) => id === person);
  const initials = (known?.name ?? "?").split(" ").map((part) => part[0] ?? "");
  return h(
    "p",
    { class: "me" },
    h("span", { class: "initials", "aria-hidden": "true" }, initials.slice(0, 2).join("")),
    h("span", {}, known?.name ?? person),
  );
}

new Portal().start();
