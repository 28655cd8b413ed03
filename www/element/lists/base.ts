import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ask, tell } from "../events.js";
import { type FaultReport, faultOf } from "../fault.js";
import { direction, languageTag } from "../format.js";
import type { Host, Loaded } from "../host.js";
import { httpHost } from "../http.js";
import { keeperOf } from "../keeper.js";
import { Lexicon } from "../lexicon.js";
import { t } from "../messages.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { listStyles } from "./styles.js";
import { type ListCode, loadListWords, words } from "./words.js";

/** How often the host is asked again while the page is seen. */
const LOOK_EVERY_MS = 15_000;

/** An element that shows what a host has, and keeps it up to date while it is seen. */
export abstract class HostElement extends LitElement {
  static override styles = [tokens, controls, listStyles];

  /** The address of a backend, where no `host` is given. */
  @property() endpoint: string | null = null;
  /** A BCP 47 tag; left out, the language of the page. */
  @property() language: string | null = null;
  /** Where a change is shown; `{id}` stands for its id. */
  @property() href = "#change/{id}";
  /** Whoever keeps the records. */
  @property({ attribute: false }) host: Host | undefined;

  @state() protected lexicon: Lexicon | undefined;
  @state() protected fault: FaultReport | undefined;

  protected loaded: Loaded | undefined;
  #made: Host | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #looks = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#comeBack);
    this.#timer = setInterval(this.#comeBack, LOOK_EVERY_MS);
    if (this.hasUpdated) void this.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#comeBack);
    clearInterval(this.#timer);
  }

  /** Asks the host anew. */
  async refresh(): Promise<void> {
    this.#looks += 1;
    const look = this.#looks;
    try {
      const host = this.keeper ?? (await keeperOf(this));
      if (look !== this.#looks) return;
      const [loaded] = await Promise.all([host.load(), loadListWords(this.tag)]);
      if (look !== this.#looks) return;
      this.loaded = loaded;
      await this.look(host);
      if (look !== this.#looks) return;
      // Only now: before the answer is here, nothing is said to be missing.
      this.lexicon = new Lexicon(loaded, this.tag);
      this.fault = undefined;
    } catch (error) {
      if (look === this.#looks) this.failed(faultOf(error));
    }
  }

  /** The same trouble, met at every look, is told once. */
  protected failed(fault: FaultReport): void {
    if (this.fault?.code !== fault.code) tell(this, "changegate-fault", { fault });
    this.fault = fault;
  }

  /** What else is asked of the host. */
  protected abstract look(host: Host): Promise<void>;

  /** What is shown once the host has answered. */
  protected abstract show(lexicon: Lexicon): TemplateResult;

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("endpoint")) this.#made = undefined;
    if ((["host", "endpoint", "language"] as const).some((name) => changed.has(name))) void this.refresh();
  }

  protected get keeper(): Host | undefined {
    if (this.host) return this.host;
    if (this.endpoint === null) return undefined;
    this.#made ??= httpHost({ endpoint: this.endpoint });
    return this.#made;
  }

  protected get tag(): string {
    const around = this.closest("[lang]")?.getAttribute("lang") || navigator.language;
    return languageTag(this.language || around, "en");
  }

  protected say(code: ListCode, params: Record<string, string | number> = {}): string {
    return words(this.tag, code, params);
  }

  protected link(id: string): string {
    return this.href.replace("{id}", encodeURIComponent(id));
  }

  readonly #comeBack = (): void => {
    if (document.visibilityState === "visible" && (this.lexicon || this.fault)) void this.refresh();
  };

  /** A portal may open a change its own way: it is asked before the browser follows the link. */
  readonly #openChange = (event: Event): void => {
    const link = event.composedPath().find((part) => part instanceof HTMLAnchorElement && part.dataset.open);
    if (!(link instanceof HTMLAnchorElement)) return;
    const opened = { changeId: link.dataset.open ?? "", href: link.href };
    if (ask(this, "changegate-before-open", opened)) tell(this, "changegate-opened", opened);
    else event.preventDefault();
  };

  protected override render() {
    const { lexicon, fault } = this;
    return html`<div class="root" part="root" @click=${this.#openChange} lang=${this.tag} dir=${direction(this.tag)} aria-busy=${lexicon || fault ? nothing : "true"}>
      ${fault ? this.#troubled(fault) : nothing}${lexicon ? this.show(lexicon) : this.#waiting(fault)}</div>`;
  }

  /** Nothing has to be fetched to say that something is. */
  #waiting(fault: FaultReport | undefined) {
    return fault ? nothing : html`<p class="quiet" role="status">${this.say("list.loading")}</p>`;
  }

  #troubled(fault: FaultReport) {
    const said = t(this.tag, `fault.${fault.code}`);
    return html`<div class="notice stops" part="notice" role="alert"><p>${said}</p>
      <p class="fault-detail">${fault.detail}</p></div>`;
  }
}
