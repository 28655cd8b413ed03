import { html, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { inputOf } from "../controls/control.js";
import { tell } from "../events.js";
import { levelTag } from "../form/status.js";
import { type ChangeSummary, type DamagedChange, type Host, isWhole } from "../host.js";
import type { Lexicon } from "../lexicon.js";
import { hasEnded } from "../phase.js";
import type { Waiting } from "../wire.js";
import { HostElement } from "./base.js";

/** What a list shows. */
export type Shown = "waiting" | "mine" | "open" | "all";

const SHOWN: readonly Shown[] = ["waiting", "mine", "open", "all"];

/**
 * Changes in a list: what waits for the reader, what they asked for, what is open, or all.
 *
 * @csspart root, title, search, row, link, state, asks - the parts of a list
 * @fires changegate-listed - how many are shown, and of those how many are late and of how many the reader was reminded
 */
export class ChangeList extends HostElement {
  /** `waiting`, `mine`, `open` or `all`. */
  @property({ attribute: "show" }) shown: string | null = null;
  /** At most so many; left out, all. */
  @property({ type: Number }) most: number | null = null;

  @state() private changes: readonly ChangeSummary[] = [];
  @state() private damaged: readonly DamagedChange[] = [];
  @state() private waits: ReadonlyMap<string, Waiting> = new Map();
  @state() private search = "";

  get #shown(): Shown {
    return SHOWN.find((shown) => shown === this.shown) ?? "open";
  }

  protected async look(host: Host): Promise<void> {
    const [changes, waiting] = await Promise.all([host.changes(), host.waiting?.() ?? []]);
    this.changes = changes.filter(isWhole);
    this.damaged = changes.flatMap((change) => (isWhole(change) ? [] : change));
    this.waits = new Map(waiting.map((known) => [known.change, known]));
    const listed = this.#listed();
    const how = (is: (waits: Waiting) => unknown) =>
      listed.filter(({ id }) => {
        const waits = this.waits.get(id);
        return waits && is(waits);
      }).length;
    const [late, reminded] = [how(({ lateSince }) => lateSince), how(({ reminded: known }) => known)];
    tell(this, "changegate-listed", { count: listed.length, late, reminded });
  }

  #listed(): readonly ChangeSummary[] {
    const isOpen = (change: ChangeSummary) => !hasEnded(change);
    const isShown = {
      waiting: ({ id }: ChangeSummary) => this.waits.has(id),
      mine: ({ requester }: ChangeSummary) => requester === this.loaded?.person,
      open: isOpen,
      all: () => true,
    }[this.#shown];
    const wanted = this.search.trim().toLocaleLowerCase(this.tag);
    const fits = ({ number, title }: ChangeSummary) =>
      wanted === "" || `${number} ${title}`.toLocaleLowerCase(this.tag).includes(wanted);
    const found = this.changes.filter((change) => isShown(change) && fits(change));
    if (this.#shown !== "waiting") return found.slice(0, this.most ?? undefined);
    // What is late comes first, then what the reader was reminded of, then the rest.
    const soonest = ({ id, windowFrom }: ChangeSummary) => {
      const { lateSince, reminded } = this.waits.get(id) ?? {};
      if (lateSince) return `0 ${lateSince}`;
      return reminded ? `1 ${reminded.last}` : `2 ${windowFrom ?? "9999"}`;
    };
    return [...found].sort((one, other) => soonest(one).localeCompare(soonest(other))).slice(0, this.most ?? undefined);
  }

  protected show(lexicon: Lexicon) {
    const listed = this.#listed();
    const shown = this.#shown;
    // Of a damaged row nobody can tell whose it is, or whether it is open.
    const damaged = shown === "open" || shown === "all" ? this.damaged : [];
    const hasSearch = this.search !== "" || (this.most === null && listed.length > 5);
    const none = this.search === "" ? this.say(`list.${shown}.none`) : this.say("list.nothing");
    return html`<h2 part="title" id="title">${this.say(`list.${shown}`)}</h2>
      ${
        hasSearch
          ? html`<div class="search" part="search"><label class="label small" for="search">${this.say("list.search")}</label>
        <input id="search" type="search" .value=${this.search} @input=${(event: Event) => (this.search = inputOf(event).value)}></div>`
          : nothing
      }
      <p class="hidden" role="status">${this.say("list.found", { count: listed.length })}</p>
      ${damaged.length === 0 ? nothing : html`<ul class="rows" role="list">${damaged.map((change) => this.#damagedRow(change))}</ul>`}
      ${listed.length === 0 ? html`<p class="quiet">${none}</p>` : html`<ul class="rows" role="list" aria-labelledby="title">${listed.map((change) => this.#row(lexicon, change))}</ul>`}`;
  }

  #damagedRow({ id }: DamagedChange) {
    return html`<li class="row" part="row" data-change=${id} data-damaged>
      <a class="title" part="link" data-open=${id} href=${this.link(id)}>${this.say("list.damaged")}</a>
      <p class="facts">${this.say("list.damaged.do", { id })}</p></li>`;
  }

  #row(lexicon: Lexicon, change: ChangeSummary) {
    const { id, number, title, state: where, model, level, windowFrom, windowTo, updatedAt } = change;
    const waits = this.waits.get(id);
    const [from, to] = [windowFrom, windowTo].map((time) => (time ? lexicon.date(time, "short") : ""));
    const window = from && to && from !== to ? lexicon.t("conflicts.period", { from, to }) : (from ?? "");
    return html`<li class=${waits?.lateSince ? "row late" : "row"} part="row" data-change=${id}>
      <a class="title" part="link" data-open=${id} href=${this.link(id)} dir="auto">${number} ${title || lexicon.t("record.erased")}</a>
      <p class="facts"><span class="tag" part="state">${lexicon.state(where, model)}</span>${levelTag(lexicon, level)}
        ${window ? html`<span>${window}</span>` : nothing}<span>${this.say("list.updated", { when: lexicon.date(updatedAt) })}</span></p>
      ${waits ? html`<p class="asks" part="asks">${this.say("list.asks", { what: lexicon.list(waits.gestures.map((asked) => this.#asked(lexicon, asked))) })}</p>` : nothing}
      ${waits?.reminded ? html`<p class="reminded">${this.say("list.reminded", { count: waits.reminded.times, when: lexicon.date(waits.reminded.last) })}</p>` : nothing}
      ${waits?.lateSince ? html`<p class="late-since">${this.say("list.late", { when: lexicon.date(waits.lateSince) })}</p>` : nothing}</li>`;
  }

  #asked(lexicon: Lexicon, { command, name, onBehalfOf }: Waiting["gestures"][number]): string {
    const named = name ? lexicon.say(name) : "";
    if (command === "move" && name) return named;
    const gesture = lexicon.t(`gesture.${command}`, { rule: named, about: named, step: "" }).replace(/[:„“"\s]+$/, "");
    return onBehalfOf ? lexicon.t("gesture.in-place-of", { gesture, person: lexicon.person(onBehalfOf) }) : gesture;
  }
}
