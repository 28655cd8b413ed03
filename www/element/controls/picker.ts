import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import type { Value } from "../wire.js";
import { aria, type ControlState, type ControlView } from "./control.js";
import { directory, type Entry, folded, type Picked, search } from "./directory.js";

/** How many results are shown at once. */
const MOST_SHOWN = 30;
/** At most so many where the policy does not say. */
const MOST_SERVICES = 50;

function most(kind: Picked): number {
  return kind.most ?? (kind.type === "people" ? 1 : MOST_SERVICES);
}

function ids(value: Value | undefined): readonly string[] {
  return (value === undefined ? [] : [value]).flat().filter((id) => typeof id === "string");
}

/**
 * Picks people or services by typing a part of their name. Draws into its parent's root, so that label, help and
 * finding are wired by id.
 *
 * @source ARIA APG, combobox with list autocomplete
 */
export class Picker extends LitElement {
  /** What is shown, and whom a choice is told. */
  @property({ attribute: false }) control!: ControlState<Picked>;

  @state() private typed = "";
  @state() private isOpen = false;
  @state() private active = -1;
  @state() private said = "";
  @query("input") private input!: HTMLInputElement | null;

  #shown: readonly Entry[] = [];
  #value: Value | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  get #single(): boolean {
    return most(this.control.kind) === 1;
  }

  /** A host without a list of services takes what is typed. */
  get #free(): boolean {
    return this.control.kind.type === "services" && !this.control.lexicon.world.services;
  }

  #name(id: string): string {
    const { kind, lexicon } = this.control;
    const known = kind.type === "people" ? lexicon.people.get(id) : lexicon.services.get(id);
    return known?.name ?? id;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { kind, lexicon, value } = this.control;
    if (value !== this.#value) this.#follow(value);
    const isChosen = this.#single && this.typed === this.#name(ids(value)[0] ?? "");
    const found = search(directory(lexicon, kind), isChosen ? "" : this.typed, this.#single ? [] : ids(value));
    this.#shown = this.isOpen ? found.slice(0, MOST_SHOWN) : [];
    if (this.isOpen) this.said = this.#results(found.length);
  }

  /** A single choice reads as its name in the input; typed text that is no choice stays as it is. */
  #follow(value: Value | undefined): void {
    this.#value = value;
    const [id] = ids(value);
    if (this.#single && id !== undefined) this.typed = this.#name(id);
    else if (this.#single && value === undefined && !this.isOpen) this.typed = "";
  }

  #results(count: number): string {
    const { lexicon } = this.control;
    if (count === 0) return lexicon.t(this.#free ? "control.search.free" : "control.results.none");
    if (count > MOST_SHOWN) return lexicon.t("control.results.first", { count: MOST_SHOWN });
    return lexicon.t("control.results", { count });
  }

  #change(chosen: readonly string[]): void {
    const value = chosen.length > 0 ? [...chosen] : undefined;
    this.#value = value;
    this.control.change(value);
  }

  #choose(id: string): void {
    this.typed = this.#single ? this.#name(id) : "";
    this.#close();
    this.#change(this.#single ? [id] : [...ids(this.control.value), id]);
    this.input?.focus();
  }

  #remove(id: string): void {
    this.said = this.control.lexicon.t("control.removed", { name: this.#name(id) });
    this.#change(ids(this.control.value).filter((known) => known !== id));
    this.input?.focus();
  }

  #close(): void {
    this.isOpen = false;
    this.active = -1;
  }

  #type(typed: string): void {
    this.typed = typed;
    this.isOpen = true;
    this.active = -1;
    if (this.#single && this.control.value !== undefined) this.#change([]);
  }

  /** Leaving with a name written out chooses it; other text stays, and the core says that it is nobody. */
  #leave(): void {
    const { kind, lexicon } = this.control;
    const typed = this.typed.trim();
    const isNew = typed !== "" && !(this.#single && ids(this.control.value).length > 0);
    const named = isNew ? directory(lexicon, kind).find((known) => folded(known.name) === folded(typed)) : undefined;
    this.#close();
    if (named) this.#pick(named.id);
    else if (isNew) this.#pick(typed);
  }

  #pick(id: string): void {
    const chosen = ids(this.control.value);
    if (!this.#single) this.typed = "";
    this.#change(this.#single ? [id] : [...chosen.filter((known) => known !== id), id]);
  }

  #move(by: 1 | -1): void {
    const count = this.#shown.length;
    if (!this.isOpen) this.isOpen = true;
    else if (count > 0) this.active = (this.active + by + count + (this.active < 0 && by < 0 ? 1 : 0)) % count;
  }

  #enter(event: KeyboardEvent): void {
    const found = this.#shown[this.active] ?? (this.#shown.length === 1 ? this.#shown[0] : undefined);
    if (!this.isOpen && !this.#free) return;
    event.preventDefault();
    if (found) this.#choose(found.id);
    else if (this.#free && this.typed.trim()) this.#choose(this.typed.trim());
  }

  #escape(event: KeyboardEvent): void {
    if (!this.isOpen && !this.typed) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.isOpen) this.#close();
    else this.#type("");
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Enter") this.#enter(event);
    if (event.key === "Escape") this.#escape(event);
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    this.#move(event.key === "ArrowDown" ? 1 : -1);
  }

  protected override updated(): void {
    this.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  #chips() {
    const { lexicon, value } = this.control;
    if (this.#single || ids(value).length === 0) return nothing;
    return html`<ul class="chips">${ids(value).map(
      (id) => html`<li class="chip" part="chip">${this.#name(id)}
        <button type="button" class="chip-remove" aria-label=${lexicon.t("control.remove", { name: this.#name(id) })}
          @click=${() => this.#remove(id)}><span aria-hidden="true">×</span></button></li>`,
    )}</ul>`;
  }

  #option(entry: Entry, index: number) {
    return html`<li class="result" role="option" id="${this.control.id}-o${index}"
      aria-selected=${index === this.active ? "true" : "false"}
      @click=${() => this.#choose(entry.id)}>${entry.name}<span class="more">${entry.more}</span></li>`;
  }

  #list() {
    const { id, label, lexicon } = this.control;
    const isEmpty = this.isOpen && this.#shown.length === 0;
    return html`<ul class="results" part="results" role="listbox" id="${id}-list" aria-label=${label}
        ?hidden=${!this.isOpen || isEmpty} @mousedown=${(event: Event) => event.preventDefault()}>
        ${this.#shown.map((entry, index) => this.#option(entry, index))}</ul>
      <p class="results none" aria-hidden="true" ?hidden=${!isEmpty || !this.typed}>
        ${lexicon.t(this.#free ? "control.search.free" : "control.results.none")}</p>`;
  }

  #prompt(): string {
    const { kind, lexicon } = this.control;
    if (kind.type === "people") return lexicon.t("control.search.people");
    return lexicon.t(this.#free ? "control.search.free" : "control.search.services");
  }

  #combobox() {
    const { id, describedBy, invalid, required } = this.control;
    return html`<input class="input" part="input" type="text" role="combobox" autocomplete="off" spellcheck="false"
      id=${id}
      placeholder=${this.#prompt()}
      aria-autocomplete="list"
      aria-expanded=${this.isOpen && this.#shown.length > 0 ? "true" : "false"}
      aria-controls="${id}-list"
      aria-activedescendant=${ifDefined(this.active < 0 ? undefined : `${id}-o${this.active}`)}
      aria-describedby=${ifDefined(describedBy)}
      aria-invalid=${ifDefined(aria(invalid))}
      aria-required=${ifDefined(aria(required))}
      .value=${live(this.typed)}
      @input=${() => this.#type(this.input?.value ?? "")}
      @click=${() => {
        this.isOpen = true;
      }}
      @keydown=${this.#key}
      @blur=${this.#leave}
    />`;
  }

  protected override render() {
    const { kind, lexicon, value } = this.control;
    const isFull = !this.#single && ids(value).length >= most(kind);
    return html`${this.#chips()}
      <div class="picker">${isFull ? html`<p class="note" tabindex="-1" id=${this.control.id}>${lexicon.t("control.full", { count: most(kind) })}</p>` : html`${this.#combobox()}${this.#list()}`}</div>
      <span class="hidden" role="status">${this.said}</span>`;
  }
}

/** People or services, one or several. */
export const picker: ControlView<Picked> = (state) => html`<changegate-picker .control=${state}></changegate-picker>`;
