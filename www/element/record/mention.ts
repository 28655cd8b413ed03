// A text in which people are named by an @, chosen while it is typed.

import { html, LitElement, nothing } from "lit";
import { property, query, state } from "lit/decorators.js";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import { aria, type ControlState } from "../controls/control.js";
import { directory, type Entry, search } from "../controls/directory.js";

/** How many people are offered at once. */
const MOST_OFFERED = 8;

/** The beginning of a name behind an @, from where it stands to the cursor; none where no name is being typed. */
export function nameBefore(text: string, cursor: number): { readonly at: number; readonly typed: string } | undefined {
  const before = text.slice(0, cursor);
  const at = before.lastIndexOf("@");
  const typed = before.slice(at + 1);
  const isBegun = at >= 0 && (at === 0 || /[\s(]/.test(before[at - 1] ?? ""));
  return isBegun && typed.length <= 40 && !/[\n@]/.test(typed) ? { at, typed } : undefined;
}

/** Those of the people chosen whose name still stands in the text. */
export function stillNamed(
  text: string,
  chosen: readonly string[],
  nameOf: (person: string) => string,
): readonly string[] {
  return [...new Set(chosen)].filter((person) => text.includes(`@${nameOf(person)}`));
}

/**
 * A text area that offers people behind an @. Draws into its parent's root, so that label and finding are wired by id.
 *
 * @source ARIA APG, listbox; the text area keeps the focus
 */
export class Mention extends LitElement {
  @property({ attribute: false }) control!: ControlState;
  @property({ attribute: false }) chosen: readonly string[] = [];
  @property({ attribute: false }) choose!: (people: readonly string[]) => void;

  @state() private offered: readonly Entry[] = [];
  @state() private active = 0;
  @query("textarea") private area!: HTMLTextAreaElement | null;

  protected override createRenderRoot(): this {
    return this;
  }

  #typed(): void {
    const { area } = this;
    if (!area) return;
    this.control.change(area.value || undefined);
    this.#offer(area);
  }

  #offer(area: HTMLTextAreaElement): void {
    const name = nameBefore(area.value, area.selectionStart);
    const all = directory(this.control.lexicon, { type: "people" });
    this.offered = name ? search(all, name.typed, []).slice(0, MOST_OFFERED) : [];
    this.active = 0;
  }

  #take(entry: Entry): void {
    const { area } = this;
    const name = area && nameBefore(area.value, area.selectionStart);
    if (!area || !name) return;
    const text = `${area.value.slice(0, name.at)}@${entry.name} `;
    const after = area.value.slice(area.selectionStart);
    area.value = text + after;
    area.setSelectionRange(text.length, text.length);
    this.offered = [];
    this.choose([...this.chosen, entry.id]);
    this.control.change(area.value);
    area.focus();
  }

  #move(by: number): void {
    const count = this.offered.length;
    this.active = (this.active + by + count) % count;
  }

  #key(event: KeyboardEvent): void {
    const entry = this.offered[this.active];
    if (!entry || event.isComposing) return;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.#move(1),
      ArrowUp: () => this.#move(-1),
      Enter: () => this.#take(entry),
      Tab: () => this.#take(entry),
      Escape: () => {
        this.offered = [];
      },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }

  #option(entry: Entry, at: number) {
    return html`<li class="result" role="option" id="${this.control.id}-o${at}" aria-selected=${at === this.active ? "true" : "false"}
      @click=${() => this.#take(entry)}>${entry.name}<span class="more">${entry.more}</span></li>`;
  }

  #list() {
    const { id, lexicon } = this.control;
    const isOpen = this.offered.length > 0;
    return html`<ul class="results" part="results" role="listbox" id="${id}-list" aria-label=${lexicon.t("mention.people")} ?hidden=${!isOpen}
        @mousedown=${(event: Event) => event.preventDefault()}>${this.offered.map((entry, at) => this.#option(entry, at))}</ul>
      <span class="hidden" role="status">${isOpen ? lexicon.t("control.results", { count: this.offered.length }) : nothing}</span>`;
  }

  protected override render() {
    const { id, value, describedBy, invalid, required } = this.control;
    const isOpen = this.offered.length > 0;
    return html`<div class="picker"><textarea class="input long" part="input" rows="3" id=${id}
      aria-autocomplete="list" aria-controls="${id}-list"
      aria-activedescendant=${ifDefined(isOpen ? `${id}-o${this.active}` : undefined)}
      aria-describedby=${ifDefined(describedBy)} aria-invalid=${ifDefined(aria(invalid))} aria-required=${ifDefined(aria(required))}
      .value=${live(typeof value === "string" ? value : "")}
      @input=${this.#typed}
      @keydown=${this.#key}
      @blur=${() => {
        this.offered = [];
      }}></textarea>${this.#list()}</div>`;
  }
}
