import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { ask, tell } from "./events.js";
import { type FaultReport, faultOf } from "./fault.js";
import type { DraftActions, DraftForm, Notice } from "./form/draft-form.js";
import { Drafting, type DraftListener } from "./form/drafting.js";
import type { Face } from "./form/faces.js";
import { direction, languageTag } from "./format.js";
import type { Host } from "./host.js";
import { keeperOf } from "./keeper.js";
import { Lexicon } from "./lexicon.js";
import { extendMessages, loadMessages, type Messages, t } from "./messages.js";
import type { Sent, Settled } from "./outbox.js";
import { refusalText } from "./reasons.js";
import { closeSession, openSession, type Session, submissionReport } from "./session.js";
import { controls } from "./styles/controls.js";
import { form } from "./styles/form.js";
import { tokens } from "./styles/tokens.js";
import type { ChangeId, Draft, Refusal, Report, Stored } from "./wire.js";

/** Wordings of the page's own, by language. */
export type OwnMessages = Readonly<Record<string, Partial<Messages>>>;

/** What a page may give of a draft: the rest is made. */
export type DraftStart = Partial<Draft>;

type View =
  | { readonly type: "loading" }
  | { readonly type: "fault"; readonly fault: FaultReport }
  | { readonly type: "draft"; readonly drafting: Drafting }
  | { readonly type: "waiting"; readonly changeId: ChangeId }
  | { readonly type: "record"; readonly changeId: ChangeId };

/**
 * A change request: the form of a draft, and after it is submitted the change through its whole life.
 *
 * Light or dark follows the page's `color-scheme`. Every `--changegate-*` property has a default.
 *
 * @slot heading - in place of the name of the process
 * @slot side - below what the form says about the draft
 * @slot actions - below the submit button
 * @csspart root - everything
 * @csspart title - the name of the process
 * @csspart face - a button that chooses how much is asked
 * @csspart questions - the questions of a face
 * @csspart section, section-title - a group of questions and its heading
 * @csspart field, label, help, input, finding - one question and its parts
 * @csspart options, option - the answers of a choice
 * @csspart results, chip - what a picker offers, and what was picked
 * @csspart row - one row of a list
 * @csspart route - the kind of change
 * @csspart side - what the form says about the draft
 * @csspart status, level - the line at rest, and the risk in it
 * @csspart panel, disclosure - a part that opens on request, and what opens it
 * @csspart approval, bar - whose yes is needed; how much an answer adds
 * @csspart summary, notice - what is to be put right; what is told
 * @csspart actions, submit, button - what can be done
 * @cssprop --changegate-font, --changegate-font-size
 * @cssprop --changegate-color-text, --changegate-color-muted
 * @cssprop --changegate-color-surface, --changegate-color-raised
 * @cssprop --changegate-color-border, --changegate-color-edge - of parts; of what can be typed into
 * @cssprop --changegate-color-accent, --changegate-color-on-accent, --changegate-color-focus
 * @cssprop --changegate-color-stops, --changegate-color-warns - of findings
 * @cssprop --changegate-color-low, --changegate-color-on-low, and the same with `middle` and `high` - of risk levels
 * @cssprop --changegate-radius, --changegate-space
 * @cssprop --changegate-sticky-top - how far below the top of the window the side stays, under a page's own bar
 * @fires changegate-ready, changegate-draft-changed, changegate-before-submit, changegate-submitted,
 *   changegate-before-report, changegate-reported, changegate-refused, changegate-fault
 */
export class ChangeRequest extends LitElement implements DraftListener, DraftActions {
  static readonly formAssociated = true;
  static override styles = [tokens, controls, form];

  /** The address of a backend that takes CloudEvents, where no `host` is given. */
  @property() endpoint: string | null = null;
  /** The id of a change to show; left out, a draft is written. */
  @property({ reflect: true }) change: ChangeId | null = null;
  /** A BCP 47 tag; left out, the language of the page. */
  @property() language: string | null = null;
  /** `ask` for a few plain questions, `complete` for everything. */
  @property() face: string | null = null;
  /** A ready-made change to begin with. */
  @property() template: string | null = null;
  /** Whoever keeps the records. */
  @property({ attribute: false }) host: Host | undefined;
  /** What a new draft begins with; left out, the draft last typed is taken up again. */
  @property({ attribute: false }) draft: DraftStart | undefined;
  /** Wordings of the page's own, over the element's. */
  @property({ attribute: false }) messages: OwnMessages | undefined;

  @state() private view: View = { type: "loading" };
  @state() private lexicon: Lexicon | undefined;
  @state() private notice: Notice | undefined;
  @state() private isBusy = false;
  @state() private isDisabled = false;
  @query("changegate-draft") private readonly form!: DraftForm | null;

  readonly #internals = this.attachInternals();
  #session: Session | undefined;
  #starts = 0;
  #unkept: Drafting | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.reload();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#starts += 1;
    this.#end();
  }

  /** Asks the host again for everything. Nothing typed is lost. */
  async reload(): Promise<void> {
    const start = ++this.#starts;
    this.#end();
    this.view = { type: "loading" };
    try {
      const host = await keeperOf(this);
      if (start !== this.#starts) return;
      const session = await this.#open(host);
      if (start !== this.#starts) return closeSession(session);
      this.#session = session;
      this.lexicon = new Lexicon(session.loaded, this.#language);
      await this.#show(session);
    } catch (error) {
      if (start === this.#starts) this.#fault(error);
    }
  }

  /** The form's owner asks for an empty form. */
  formResetCallback(): void {
    if (this.view.type === "draft") this.discard();
  }

  /** A `<fieldset disabled>` around the element. */
  formDisabledCallback(isDisabled: boolean): void {
    this.isDisabled = isDisabled;
  }

  /** Whether the change could be submitted as it stands, as a form control says it. */
  checkValidity(): boolean {
    return this.#internals.checkValidity();
  }

  get #language(): string {
    const around = this.closest("[lang]")?.getAttribute("lang") || navigator.language;
    return languageTag(this.language || around, "en");
  }

  get #face(): Face {
    return this.face === "complete" ? "complete" : "ask";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("messages")) for (const [tag, own] of Object.entries(this.messages ?? {})) extendMessages(tag, own);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const isNew = (["host", "endpoint", "draft", "template"] as const).some((name) => changed.has(name));
    if (isNew || !this.#starts) void this.reload();
    else if (changed.has("change") && this.#session) void this.#follow(this.#session);
    else if (changed.has("language") || changed.has("messages")) void this.#translate();
  }

  /** The draft is of the language that is shown from now on. */
  async #translate(): Promise<void> {
    const language = this.#language;
    await loadMessages(language);
    if (!this.#session) return;
    this.lexicon = new Lexicon(this.#session.loaded, language);
    if (this.view.type === "draft") await this.#showDraft({ ...this.view.drafting.draft, language }, this.#session);
  }

  async #open(host: Host): Promise<Session> {
    const [session] = await Promise.all([openSession(host), loadMessages(this.#language)]);
    session.outbox.addEventListener("settled", ({ detail }) => void this.#settled(detail));
    return session;
  }

  #end(): void {
    if (this.#session) closeSession(this.#session);
    this.#session = undefined;
  }

  async #show(session: Session): Promise<void> {
    if (this.change) await this.#showRecord(this.change);
    else await this.#showDraft(await this.#firstDraft(session), session);
    await this.updateComplete;
    if (this.#changeId) tell(this, "changegate-ready", { changeId: this.#changeId });
  }

  /** The page has set another change, or none. */
  async #follow(session: Session): Promise<void> {
    if (this.view.type === "record" && this.view.changeId === this.change) return;
    await this.#show(session).catch((error: unknown) => this.#fault(error));
  }

  get #changeId(): ChangeId | undefined {
    if (this.view.type === "draft") return this.view.drafting.draft.id;
    return "changeId" in this.view ? this.view.changeId : undefined;
  }

  /** What the page gives, else what was typed last, else an empty one. */
  async #firstDraft(session: Session): Promise<Draft> {
    const kept = await session.drafts.list().catch(() => []);
    const given = this.draft?.id;
    const found = this.draft && !given ? undefined : kept.find(({ draft }) => !given || draft.id === given)?.draft;
    if (found && !this.template) {
      this.#note("plain", t(this.#language, "form.restored"));
      return found;
    }
    return this.#newDraft(session);
  }

  #newDraft({ core, loaded }: Session): Draft {
    const known = (loaded.world.templates ?? []).find(({ id }) => id === this.template);
    const chosen = known ? { model: known.model, template: known.id } : {};
    return { id: core.newId(), fields: {}, ...chosen, ...this.draft, language: this.#language };
  }

  async #showDraft(draft: Draft, session: Session): Promise<void> {
    const waiting = session.outbox.of(draft.id);
    if (waiting.some(({ halt }) => !halt)) {
      this.view = { type: "waiting", changeId: draft.id };
      return;
    }
    for (const { report } of waiting) await session.outbox.discard(report.id);
    this.view = { type: "draft", drafting: await Drafting.open(session.core, draft, this) };
    this.#describe();
  }

  async #showRecord(changeId: ChangeId): Promise<void> {
    const { RecordView } = await import("./record/record-view.js");
    if (!customElements.get("changegate-record")) customElements.define("changegate-record", RecordView);
    this.view = { type: "record", changeId };
    this.change = changeId;
    this.#internals.setFormValue(changeId);
    this.#internals.setValidity({});
  }

  /** What had the focus is gone: a reader on the keyboard goes on where the element begins. */
  async #focus(selector: ".root" | ".notice"): Promise<void> {
    await this.updateComplete;
    await this.form?.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
    this.scrollIntoView({ block: "start" });
  }

  #fault(error: unknown): void {
    const fault = faultOf(error);
    this.view = { type: "fault", fault };
    tell(this, "changegate-fault", { fault });
  }

  #note(tone: Notice["tone"], title: string, lines: readonly string[] = []): void {
    this.notice = { tone, title, lines };
  }

  /** The core has answered a keystroke: first it is shown, then it is kept and told. */
  changed(): void {
    if (this.view.type !== "draft") return;
    const { drafting } = this.view;
    this.form?.requestUpdate();
    if (this.#unkept === undefined) void (this.form ?? this).updateComplete.then(() => this.#keep());
    this.#unkept = drafting;
  }

  #keep(): void {
    const drafting = this.#unkept;
    this.#unkept = undefined;
    if (!drafting || !this.#session) return;
    const { draft, assessment } = drafting;
    this.#session.drafts.save(draft).catch((error: unknown) => this.#notKept(error));
    this.#describe();
    tell(this, "changegate-draft-changed", { draft, assessment });
  }

  /** The core could not answer. */
  failed(error: unknown): void {
    const fault = faultOf(error);
    this.#note("stops", t(this.#language, `fault.${fault.code}`), [fault.detail]);
    tell(this, "changegate-fault", { fault });
  }

  #notKept(error: unknown): void {
    if (!this.notice || this.notice.tone === "plain") this.failed(error);
  }

  /** What a `<form>` around the element sees. */
  #describe(): void {
    if (this.view.type !== "draft") return;
    const { draft, assessment } = this.view.drafting;
    if (this.#internals.form) this.#internals.setFormValue(draft.id, JSON.stringify(draft));
    const count = assessment.findings.filter(({ severity }) => severity === "stops").length;
    const message = t(this.#language, "form.summary.title", { count });
    this.#internals.setValidity({ customError: !assessment.ready }, assessment.ready ? "" : message);
  }

  /** The person wants to submit, and the core would take it. */
  submit(): void {
    if (this.view.type !== "draft" || !this.#session || this.isBusy) return;
    void this.#submit(this.#session, this.view.drafting);
  }

  async #submit(session: Session, drafting: Drafting): Promise<void> {
    const command = session.core.submission();
    if (!ask(this, "changegate-before-submit", { draft: drafting.draft, command })) return;
    const report = submissionReport(session, drafting, command);
    if (!ask(this, "changegate-before-report", { report })) return;
    this.isBusy = true;
    this.notice = undefined;
    try {
      await this.#became(report, await session.outbox.send(report));
    } catch (error) {
      this.failed(error);
      await this.#focus(".notice");
    } finally {
      this.isBusy = false;
    }
  }

  async #became(report: Report, sent: Sent): Promise<void> {
    const { changeId } = report;
    switch (sent.type) {
      case "accepted":
        return this.#submitted(report, sent.stored);
      case "waiting":
        this.view = { type: "waiting", changeId };
        return;
      case "refused":
        return this.#refused(report, sent.refusals, sent.problem?.detail);
      case "conflict":
        await this.#forget(report);
        this.#note("plain", t(this.#language, "form.conflict"));
        return this.#showRecord(changeId);
    }
  }

  /** A report that waited was settled: by this tab, another, or after days. */
  async #settled({ report, outcome }: Settled): Promise<void> {
    const isOurs = this.view.type === "waiting" && this.view.changeId === report.changeId;
    if (isOurs && report.command.type === "submit") await this.#became(report, outcome);
  }

  async #submitted(report: Report, stored: readonly Stored[]): Promise<void> {
    await this.#session?.drafts.delete(report.changeId).catch(() => undefined);
    this.notice = undefined;
    await this.#showRecord(report.changeId);
    await this.#focus(".root");
    tell(this, "changegate-reported", { report, stored });
    tell(this, "changegate-submitted", { changeId: report.changeId, stored });
  }

  /** The answer was no: the draft is there again, with every reason. */
  async #refused(report: Report, refusals: readonly Refusal[], problem?: string): Promise<void> {
    const session = this.#session;
    if (!session || !this.lexicon) return;
    const { lexicon } = this;
    await session.outbox.discard(report.id).catch(() => undefined);
    if (this.view.type === "waiting") await this.#show(session);
    const model = report.command.type === "submit" ? report.command.model : "";
    const lines = refusals.map((refusal) => refusalText(lexicon, refusal, model));
    this.#note("stops", lexicon.t("form.refused"), lines.length > 0 ? lines : [problem ?? ""]);
    await this.#focus(".notice");
    tell(this, "changegate-refused", { changeId: report.changeId, refusals });
  }

  async #forget({ id, changeId }: Report): Promise<void> {
    await this.#session?.outbox.discard(id).catch(() => undefined);
    await this.#session?.drafts.delete(changeId).catch(() => undefined);
  }

  /** Throws the draft away and begins anew. */
  discard(): void {
    const session = this.#session;
    if (this.view.type !== "draft" || !session) return;
    const { id } = this.view.drafting.draft;
    this.notice = undefined;
    const fresh: Draft = { id: session.core.newId(), fields: {}, language: this.#language };
    void session.drafts.delete(id).catch(() => undefined);
    const shown = this.#showDraft(fresh, session).then(() => this.#focus(".root"));
    shown.catch((error: unknown) => this.#fault(error));
  }

  #loadingView() {
    return html`<div class="skeleton" role="status" aria-busy="true">
      <span class="hidden">${t(this.#language, "form.loading")}</span>
      <div class="bone thin"></div><div class="bone"></div><div class="bone thin"></div><div class="bone"></div></div>`;
  }

  #faultView({ code, detail }: FaultReport) {
    const language = this.#language;
    return html`<div class="notice stops" part="notice" role="alert"><p>${t(language, `fault.${code}`)}</p>
      <details class="fault-detail"><summary>${t(language, "form.details")}</summary>${code}: ${detail}</details>
      <button type="button" class="secondary" part="button" data-action="retry" @click=${() => this.reload()}>${t(language, "form.retry")}</button></div>`;
  }

  #heading() {
    const { lexicon } = this;
    return html`<slot name="heading"><h2 class="title" part="title">${lexicon?.say(lexicon.policy.name)}</h2></slot>`;
  }

  #waitingView() {
    const language = this.#language;
    return html`${this.#heading()}<div class="notice waiting" part="notice" role="status">
      <p><strong>${t(language, "form.waiting")}</strong></p><p>${t(language, "form.waiting.help")}</p>
      <button type="button" class="primary" part="button" data-action="retry"
        @click=${() => this.#session?.outbox.flush()}>${t(language, "form.waiting.send")}</button></div>`;
  }

  #draftView(drafting: Drafting, lexicon: Lexicon) {
    return html`${this.#heading()}<changegate-draft .drafting=${drafting} .lexicon=${lexicon} .face=${this.#face} .notice=${this.notice}
        .actions=${this} .busy=${this.isBusy}
        @turned=${({ detail }: CustomEvent<Face>) => {
          this.face = detail;
        }}></changegate-draft>`;
  }

  #recordView(changeId: ChangeId) {
    const { core, host, loaded, outbox } = this.#session ?? {};
    if (!core) return nothing;
    return html`<changegate-record .core=${core} .host=${host} .loaded=${loaded} .outbox=${outbox}
      .changeId=${changeId} .language=${this.#language}></changegate-record>`;
  }

  #content() {
    const { view, lexicon } = this;
    switch (view.type) {
      case "loading":
        return this.#loadingView();
      case "fault":
        return this.#faultView(view.fault);
      case "draft":
        return lexicon ? this.#draftView(view.drafting, lexicon) : nothing;
      case "waiting":
        return this.#waitingView();
      case "record":
        return this.#recordView(view.changeId);
    }
  }

  protected override render() {
    const language = this.#language;
    return html`<div class="root" part="root" tabindex="-1" lang=${language} dir=${direction(language)} ?inert=${this.isDisabled}>${this.#content()}</div>`;
  }
}
