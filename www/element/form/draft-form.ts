import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Lexicon } from "../lexicon.js";
import { findingLine } from "../reasons.js";
import type { FieldId, Finding } from "../wire.js";
import { approvalsView } from "./approvals.js";
import type { Drafting } from "./drafting.js";
import { askFace, completeFace, type Face, isOnFace } from "./faces.js";
import { controlId } from "./field.js";
import { riskView } from "./risk.js";
import { isAboutRoute, routeView } from "./route.js";
import { statusLine, whoDecides } from "./status.js";
import { conflictsShort, conflictsView, timingShort, timingView } from "./when.js";

/** What is told to the person above the form. */
export interface Notice {
  readonly tone: "plain" | "stops";
  readonly title: string;
  readonly lines: readonly string[];
}

/** Whom the form asks to do what it cannot do itself. */
export interface DraftActions {
  submit(): void;
  discard(): void;
}

interface Panel {
  readonly id: string;
  readonly title: string;
  readonly short: string;
  readonly content: () => TemplateResult;
}

/** The form of a draft. Draws into its parent's root, so that one root holds labels, controls and findings. */
export class DraftForm extends LitElement {
  @property({ attribute: false }) drafting!: Drafting;
  @property({ attribute: false }) lexicon!: Lexicon;
  @property({ attribute: false }) face: Face = "ask";
  @property({ attribute: false }) notice: Notice | undefined;
  @property({ attribute: false }) actions!: DraftActions;
  @property({ attribute: false }) busy = false;

  @state() private isDiscarding = false;
  @state() private open: ReadonlySet<string> = new Set();
  @state() private summary: readonly Finding[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("beforeprint", this.#openAll);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("beforeprint", this.#openAll);
  }

  /** What is folded away on the screen is wanted on paper. */
  readonly #openAll = (): void => {
    this.open = new Set(this.#panels().map(({ id }) => id));
    this.performUpdate();
    // One that was closed this very moment has not told so yet, and counts as drawn open.
    for (const panel of this.querySelectorAll<HTMLDetailsElement>("details[data-panel]")) panel.open = true;
  };

  /** Moves the focus to a field, on the face that shows it. */
  async goTo(field: FieldId): Promise<void> {
    if (!isOnFace(this.drafting, this.lexicon, this.face, field)) this.#turnTo("complete");
    await this.updateComplete;
    const target = this.querySelector<HTMLElement>(`#${CSS.escape(controlId(field))}`);
    target?.focus();
    target?.closest(".field")?.scrollIntoView({ block: "nearest" });
  }

  #turnTo(face: Face): void {
    this.face = face;
    this.dispatchEvent(new CustomEvent<Face>("turned", { detail: face }));
  }

  async #submit(): Promise<void> {
    if (this.busy) return;
    this.drafting.try();
    const { assessment } = this.drafting;
    const stopping = assessment.findings.filter(({ severity }) => severity === "stops");
    this.summary = assessment.ready ? [] : stopping;
    if (assessment.ready || stopping.length === 0) return this.actions.submit();
    await this.updateComplete;
    this.querySelector<HTMLElement>(".summary")?.focus();
  }

  #panels(): readonly Panel[] {
    const { drafting, lexicon } = this;
    const { assessment } = drafting;
    const goTo = (field: FieldId) => void this.goTo(field);
    return [
      { id: "risk", short: this.#riskShort(), content: () => riskView(lexicon, assessment) },
      { id: "approvals", short: this.#countOfApprovals(), content: () => approvalsView(lexicon, assessment) },
      { id: "timing", short: timingShort(drafting, lexicon), content: () => timingView(drafting, lexicon, goTo) },
      { id: "conflicts", short: conflictsShort(drafting, lexicon), content: () => conflictsView(drafting, lexicon) },
    ].map((panel) => ({
      ...panel,
      title: lexicon.t(`${panel.id as "risk" | "approvals" | "timing" | "conflicts"}.title`),
    }));
  }

  #riskShort(): string {
    const { risk } = this.drafting.assessment;
    return risk.unanswered > 0
      ? this.lexicon.t("risk.open", { count: risk.unanswered })
      : this.lexicon.level(risk.level);
  }

  #countOfApprovals(): string {
    const { approvals } = this.drafting.assessment;
    return approvals.length === 0 ? whoDecides(this.lexicon, this.drafting.assessment) : String(approvals.length);
  }

  #toggle(id: string, event: Event): void {
    const isOpen = (event.currentTarget as HTMLDetailsElement).open;
    if (isOpen === this.open.has(id)) return;
    const others = [...this.open].filter((known) => known !== id);
    this.open = new Set(isOpen ? [...others, id] : others);
  }

  #panel({ id, title, short, content }: Panel) {
    const isOpen = this.open.has(id);
    return html`<details class="panel" part="panel" data-panel=${id} .open=${isOpen} @toggle=${(event: Event) => this.#toggle(id, event)}>
      <summary part="disclosure"><span class="panel-title">${title}</span><span class="panel-short">${short}</span></summary>
      <div class="panel-body">${isOpen ? content() : nothing}</div></details>`;
  }

  #faceButton(face: Face) {
    return html`<button type="button" part="face" class="face" data-face=${face} aria-pressed=${this.face === face ? "true" : "false"}
      @click=${() => this.#turnTo(face)}>${this.lexicon.t(`form.face.${face}`)}</button>`;
  }

  #faces() {
    const { lexicon } = this;
    return html`<div class="faces"><div class="switch" role="group" aria-label=${lexicon.t("form.face")}>
      ${this.#faceButton("ask")}${this.#faceButton("complete")}</div>
      <p class="help">${lexicon.t(`form.face.${this.face}.help`)}</p></div>`;
  }

  #summaryLine(finding: Finding) {
    const { drafting, lexicon, face } = this;
    const text = findingLine(lexicon, finding, drafting.assessment.model);
    const [field] = finding.fields ?? [];
    if (field === undefined) return html`<li>${text}</li>`;
    const go = (event: Event) => {
      event.preventDefault();
      void this.goTo(field);
    };
    const where = isOnFace(drafting, lexicon, face, field)
      ? nothing
      : html` <span class="note">(${lexicon.t("form.summary.elsewhere")})</span>`;
    return html`<li><a href="#${controlId(field)}" @click=${go}>${text}</a>${where}</li>`;
  }

  /** What was wrong when the person pressed submit, less what is put right by now. */
  #summary() {
    const still = new Set(this.drafting.assessment.findings.map((finding) => JSON.stringify(finding)));
    const open = this.summary.filter((finding) => still.has(JSON.stringify(finding)));
    if (open.length === 0) return nothing;
    return html`<div class="summary" part="summary" tabindex="-1" role="group" aria-labelledby="cg-summary">
      <h3 class="summary-title" id="cg-summary">${this.lexicon.t("form.summary.title", { count: open.length })}</h3>
      <ul>${open.map((finding) => this.#summaryLine(finding))}</ul></div>`;
  }

  #notice() {
    if (!this.notice) return nothing;
    const { tone, title, lines } = this.notice;
    return html`<div class="notice ${tone}" part="notice" tabindex="-1" role=${tone === "stops" ? "alert" : "status"}><p>${title}</p>
      ${lines.length > 0 ? html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` : nothing}</div>`;
  }

  /** What concerns the change as a whole, once the person has tried. */
  #general() {
    const { drafting, lexicon } = this;
    const { findings, model } = drafting.assessment;
    const shown = drafting.tried ? findings.filter((finding) => !finding.fields?.length && !isAboutRoute(finding)) : [];
    return shown.map(
      (finding) =>
        html`<p class="finding"><span class=${finding.severity}>${findingLine(lexicon, finding, model)}</span></p>`,
    );
  }

  #laters() {
    const count = this.drafting.assessment.findings.filter(({ severity }) => severity === "later").length;
    return count > 0 ? html`<p class="note">${this.lexicon.t("form.later.count", { count })}</p>` : nothing;
  }

  #discard() {
    const { lexicon } = this;
    if (!this.isDiscarding)
      return html`<button type="button" class="quiet" part="button" data-action="discard" @click=${() => {
        this.isDiscarding = true;
      }}>${lexicon.t("form.discard")}</button>`;
    const keep = () => {
      this.isDiscarding = false;
    };
    return html`<button type="button" class="danger" part="button" data-action="discard-sure"
        @click=${() => {
          keep();
          this.actions.discard();
        }}>${lexicon.t("form.discard.sure")}</button>
      <button type="button" class="secondary" part="button" data-action="keep" @click=${keep}>${lexicon.t("form.discard.keep")}</button>`;
  }

  #actions() {
    const { lexicon, busy, drafting } = this;
    const next = whoDecides(lexicon, drafting.assessment);
    return html`<div class="actions" part="actions">
      ${this.#general()}${this.#laters()}
      <div class="buttons">
        <button type="button" class="primary" part="submit" data-action="submit" aria-disabled=${busy ? "true" : "false"}
          @click=${this.#submit}>${lexicon.t(busy ? "form.submitting" : "form.submit")}</button>
        ${drafting.isEmpty ? nothing : this.#discard()}</div>
      <p class="note">${lexicon.t("form.submit.next", { next })}</p>
      <p class="note">${lexicon.t("form.kept")}</p>
      <slot name="actions"></slot></div>`;
  }

  protected override render() {
    const { drafting, lexicon, face } = this;
    return html`${this.#notice()}${this.#summary()}${this.#faces()}
      <div class="columns">
        <div class="main">
          ${face === "complete" ? routeView(drafting, lexicon) : nothing}
          ${face === "ask" ? askFace(drafting, lexicon) : completeFace(drafting, lexicon)}
          ${face === "ask" ? routeView(drafting, lexicon) : nothing}
        </div>
        <aside class="side" part="side" aria-label=${lexicon.t("status.title")}>
          ${statusLine(lexicon, drafting.assessment)}
          ${this.#panels().map((panel) => this.#panel(panel))}
          <slot name="side"></slot>
        </aside>
        ${this.#actions()}
      </div>`;
  }
}
