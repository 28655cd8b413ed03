import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Core } from "../core.js";
import { ask, tell } from "../events.js";
import { type FaultReport, faultOf } from "../fault.js";
import type { Drafting } from "../form/drafting.js";
import { riskView } from "../form/risk.js";
import { conflictsView } from "../form/when.js";
import type { Host, Loaded } from "../host.js";
import type { Outbox, Sent, Waiting } from "../outbox.js";
import type { ChangeId, Command, Permission, Refusal, Report, RuleId, Value, Verdict } from "../wire.js";
import { adoptView } from "./adopt.js";
import { approvalsView } from "./approvals.js";
import { askedFor, firstAnswers, unanswered } from "./asked.js";
import { bannersView } from "./banners.js";
import { commandOf } from "./command.js";
import { type DecisionActions, decisionView } from "./decision.js";
import { Editing, editView } from "./editing.js";
import { Files } from "./files.js";
import { Following } from "./following.js";
import { type Gesture, keyOf, nameOf } from "./gesture.js";
import { headerView } from "./header.js";
import { mainView } from "./layout.js";
import { logView } from "./log.js";
import { mapView } from "./map.js";
import { Mention } from "./mention.js";
import { isVote, type NextHands, nextView } from "./next.js";
import { type Making, panelView } from "./panel.js";
import { isInPlace } from "./part.js";
import type { ChangeRecord } from "./record.js";
import { recordStyles } from "./styles.js";
import { waitingView } from "./waiting.js";
import { loadRecordMessages } from "./words.js";

/** How often the host is asked whether somebody else did something. */
const LOOK_EVERY_MS = 15_000;

/** A part that is folded away. */
type Fold = "approvals" | "risk" | "conflicts" | "log";

/** One change: where it stands, what the reader may do next, and everything that happened. Draws into its parent's root. */
export class RecordView extends LitElement {
  @property({ attribute: false }) core!: Core;
  @property({ attribute: false }) host!: Host;
  @property({ attribute: false }) loaded!: Loaded;
  @property({ attribute: false }) changeId: ChangeId = "";
  @property({ attribute: false }) language = "en";
  @property({ attribute: false }) outbox: Outbox | undefined;
  /** Nothing but the card of the decision on this rule, where many are decided in one place. */
  @property({ attribute: false }) card: RuleId | undefined;

  @state() private record: ChangeRecord | undefined;
  /** What stands by now, held back while the reader is in the middle of something. */
  @state() private newer: ChangeRecord | undefined;
  /** The approval rule that the reader is deciding on. */
  @state() private deciding: RuleId | undefined;
  @state() private making: Making | undefined;
  @state() private editing: Editing | undefined;
  /** What the content comes to, once somebody wants to see it. */
  @state() private considered: Drafting | undefined;
  @state() private open: ReadonlySet<Fold> = new Set(["approvals"]);
  @state() private verdict: Verdict | undefined;
  @state() private fault: FaultReport | undefined;
  @state() private announced = "";

  readonly #files = new Files();
  #following: Following | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #connected = new AbortController();

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!customElements.get("changegate-mention")) customElements.define("changegate-mention", Mention);
    this.#connected = new AbortController();
    const { signal } = this.#connected;
    this.#adoptStyles();
    this.#hearOutbox();
    addEventListener("focus", this.#comeBack, { signal });
    addEventListener("beforeprint", this.#openAll, { signal });
    document.addEventListener("visibilitychange", this.#comeBack, { signal });
    this.#timer = setInterval(this.#comeBack, LOOK_EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connected.abort();
    clearInterval(this.#timer);
    void this.editing?.leave().catch(() => undefined);
  }

  /** Asks the host anew: who is there, what is planned, what happened. */
  refresh(): Promise<void> {
    return this.#try(async () => this.#show(await this.#following?.lookAround(0)));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("outbox") && this.isConnected) this.#hearOutbox();
    if (changed.has("card")) this.deciding = this.card;
    const subject = ["core", "host", "changeId", "language"] as const;
    if (subject.some((name) => changed.has(name))) void this.#follow();
  }

  #adoptStyles(): void {
    const root = this.getRootNode() as Document | ShadowRoot;
    const sheet = recordStyles.styleSheet;
    if (sheet && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  }

  #hearOutbox(): void {
    const { signal } = this.#connected;
    this.outbox?.addEventListener("change", () => this.requestUpdate(), { signal });
    this.outbox?.addEventListener("settled", ({ detail }) => this.#hear(detail.report), { signal });
  }

  /** Something of ours arrived: from this tab or another, now or hours after it was done. */
  #hear({ changeId }: Report): void {
    if (changeId === this.changeId && !this.making?.busy) void this.#try(() => this.#look());
  }

  async #follow(): Promise<void> {
    const { core, host, loaded, changeId, language } = this;
    this.#leave();
    this.#following = new Following({ core, host, loaded, changeId, language });
    this.verdict = undefined;
    await this.#try(async () => {
      await loadRecordMessages(language);
      await this.#look();
    });
  }

  readonly #comeBack = (): void => {
    if (document.visibilityState !== "visible" || !this.record) return;
    void this.#try(async () => this.#show(await this.#following?.lookAround()));
  };

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.fault = undefined;
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.fault = faultOf(error);
    tell(this, "changegate-fault", { fault: this.fault });
  }

  async #look(): Promise<void> {
    this.#show(await this.#following?.look());
  }

  /**
   * Shows what is new; to somebody in the middle of a gesture only that there is something new, since what they see is what they
   * decide on. What they did themselves is no news to them, but to an edit that stands on what was there before.
   */
  #show(record: ChangeRecord | undefined): void {
    if (!record) return;
    const isBusy = this.making || this.editing || this.deciding;
    if (isBusy && this.#hasNews(record)) {
      this.newer = record;
      return;
    }
    this.record = record;
    this.newer = undefined;
    this.verdict = undefined;
    void this.#try(() => this.#reconsider());
  }

  /** Who has done something since that the reader has not seen; the host has no name. */
  #others(record: ChangeRecord): readonly string[] {
    const since = record.log.slice(this.record?.log.length ?? 0).map(({ entry }) => entry.actor);
    const names = since.flatMap((actor) =>
      actor.type === "host"
        ? record.lexicon.t("log.host")
        : actor.person === record.person
          ? []
          : record.lexicon.person(actor.person),
    );
    return [...new Set(names)];
  }

  #hasNews(record: ChangeRecord): boolean {
    if (!this.record || record.log.length === this.record.log.length) return false;
    return this.editing !== undefined || this.#others(record).length > 0;
  }

  /** What is new comes in place of what was seen; what was written stays. */
  readonly #catchUp = (): void => {
    this.record = this.newer;
    this.newer = undefined;
    if (this.editing) this.#leave();
    void this.#try(() => this.#reconsider());
  };

  async #reconsider(): Promise<void> {
    const isWanted = this.open.has("risk") || this.open.has("conflicts") || this.deciding;
    if (this.editing || !isWanted || !this.record) return;
    this.considered = await this.#following?.consider(this.record, this.#listener);
  }

  readonly #listener = {
    changed: (): void => {
      this.requestUpdate();
      void this.editing?.keep().catch((error: unknown) => this.#failed(error));
    },
    failed: (error: unknown): void => this.#failed(error),
  };

  readonly #choose = (gesture: Gesture): void => {
    const { record } = this;
    const isChosen = this.#chosen() === keyOf(gesture);
    this.#leave();
    if (isChosen || !record) return;
    if (gesture.permission.command === "edit") void this.#try(() => this.#edit(record));
    else this.#begin(record, gesture);
  };

  /** Opens the page of a decision, or leaves it. */
  readonly #decide = (rule: RuleId): void => {
    const isOpen = this.deciding === rule;
    this.#leave();
    if (isOpen) return;
    this.deciding = rule;
    void this.#try(() => this.#reconsider());
    void this.#focus("#cgr-panel");
  };

  /** An answer is chosen on the page of the decision: the focus stays on it. */
  readonly #answerWith = (gesture: Gesture): void => {
    const { record } = this;
    if (record) this.making = this.#makingOf(record, gesture);
  };

  #chosen(): string | undefined {
    if (this.editing) return "edit";
    if (this.deciding) return `decide ${this.deciding}`;
    return this.making && keyOf(this.making.gesture);
  }

  #makingOf(record: ChangeRecord, gesture: Gesture): Making {
    const answers = firstAnswers(record, gesture.permission.command, this.#following?.now() ?? "");
    return { gesture, asked: askedFor(record, gesture), answers, tried: false, busy: false, refusals: [] };
  }

  #begin(record: ChangeRecord, gesture: Gesture): void {
    this.making = this.#makingOf(record, gesture);
    void this.#focus("#cgr-panel");
  }

  async #edit(record: ChangeRecord): Promise<void> {
    const { host } = this;
    if (this.#following) this.editing = await Editing.begin(this.#following, record, host, this.#listener);
    await this.#focus("#cgr-panel");
  }

  #leave(): void {
    void this.editing?.leave().catch(() => undefined);
    this.making = undefined;
    this.editing = undefined;
    this.deciding = this.card;
    if (this.newer) this.#catchUp();
  }

  /** Leaves what was begun, and puts the focus back where it was begun. */
  readonly #close = (): void => {
    const key = this.#chosen() ?? "";
    this.#leave();
    void this.#focus(`[data-key="${CSS.escape(key)}"]`);
  };

  async #focus(selector: string): Promise<void> {
    await this.updateComplete;
    const target = this.querySelector<HTMLElement>(selector);
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest" });
  }

  readonly #answer = (id: string, value: Value | undefined): void => {
    if (!this.making) return;
    const { [id]: _before, ...others } = this.making.answers;
    this.making = { ...this.making, answers: value === undefined ? others : { ...others, [id]: value } };
  };

  /** A file is hashed at once; its bytes wait with the report that names it, and go up before it. */
  readonly #attach = async (id: string, file: File | undefined): Promise<void> => {
    await this.#try(async () => this.#answer(id, file && (await this.#files.keep(file))));
  };

  /** A file that a report names waits with it, and goes up before it. */
  async #hand(report: Report): Promise<Sent> {
    if (this.outbox) return this.outbox.send(report, this.#files.of(report.command));
    await this.#files.upload(this.host, report.command);
    return this.host.report(report);
  }

  get #hands(): NextHands {
    return {
      chosen: this.#chosen(),
      deciding: this.deciding,
      choose: this.#choose,
      decide: this.#decide,
      form: (permissions) => this.#formAmong(permissions),
      goTo: (part) => void this.#goTo(part),
      openFile: (sha256, name) => void this.#try(() => this.#files.open(this.host, sha256, name)),
    };
  }

  /** The form of what was begun, beside what it is about. */
  #formAmong(permissions: readonly Permission[]) {
    const { record, making } = this;
    const isHere = making && permissions.some((permission) => keyOf({ permission }) === keyOf(making.gesture));
    return record && isHere ? panelView(record, making, this.#actions) : nothing;
  }

  get #actions(): DecisionActions {
    return {
      answer: this.#answer,
      answerWith: this.#answerWith,
      attach: (id, file) => void this.#attach(id, file),
      make: () => void this.#make(),
      close: this.#close,
    };
  }

  /** Where on the page something is to be done: a question may stand beside its field. */
  #goTo(part: string): Promise<void> {
    const open = part === "questions" ? '.question[data-open="true"] [data-command="answer"]' : `#cgr-${part}`;
    return this.#focus(open);
  }

  readonly #make = async (): Promise<void> => {
    const { record, making } = this;
    if (!record || !making || making.busy) return;
    this.making = { ...making, tried: true, refusals: [] };
    const [first] = unanswered(making.asked, making.answers);
    if (first) return this.#focus(`[data-asked="${CSS.escape(first.id)}"] :is(input, textarea, select)`);
    await this.#try(() => this.#send(commandOf(record, making.gesture, making.answers)));
  };

  async #saveEdit(): Promise<void> {
    const { record, editing } = this;
    const permission = record?.reading.permissions.find(({ command }) => command === "edit");
    if (!record || !editing || !permission || !this.#following || this.making?.busy) return;
    editing.drafting.try();
    this.making = { gesture: { permission }, asked: [], answers: {}, tried: true, busy: false, refusals: [] };
    await this.#send(this.#following.editOf(record));
  }

  /** What only the host can tell: whether a file has arrived, or another change is there. */
  #isUpTo(command: Command): boolean {
    return (command.type === "attach" && Boolean(command.file)) || command.type === "relate";
  }

  /** One gesture, one report. What the core here can tell is wrong is said at once and not sent. */
  async #send(command: Command): Promise<void> {
    const { record, making } = this;
    if (!record || !making || !this.#following) return;
    const waiting = this.outbox?.of(this.changeId).length ?? 0;
    const report = this.#following.reportOf(record, command, waiting);
    const foreseen = waiting === 0 && !this.#isUpTo(command) ? this.#following.foresee(record, report) : [];
    if (foreseen.length > 0) return this.#refused(foreseen);
    if (!ask(this, "changegate-before-report", { report })) return;
    this.making = { ...making, refusals: [], busy: true };
    try {
      await this.#settle(report, await this.#hand(report));
    } finally {
      if (this.making) this.making = { ...this.making, busy: false };
    }
  }

  async #settle(report: Report, sent: Sent): Promise<void> {
    if (sent.type === "refused" && sent.refusals.length > 0) {
      await this.outbox?.discard(report.id);
      return this.#refused(sent.refusals);
    }
    const name = this.record && this.making ? nameOf(this.record, this.making.gesture) : "";
    const place = this.#place();
    const isTaken = sent.type === "accepted";
    await this.editing?.forget();
    this.#leave();
    if (isTaken) tell(this, "changegate-reported", { report, stored: sent.stored });
    this.announced = this.record?.lexicon.t(isTaken ? "record.done" : "record.kept", { name }) ?? "";
    await this.#look();
    await this.#focus(isTaken ? place : ".record-waiting");
  }

  /** Where the reader was: the part in which the form stood, or the whole change. */
  #place(): string {
    const isBeside = this.making && isInPlace(this.making.gesture.permission);
    const title =
      isBeside && this.querySelector("#cgr-panel")?.closest("section:not(.gesture)")?.querySelector("[tabindex='-1']");
    return title ? `#${CSS.escape(title.id)}` : "#cgr-title";
  }

  /** The form stays open with what was written. */
  #refused(refusals: readonly Refusal[]): void {
    tell(this, "changegate-refused", { changeId: this.changeId, refusals });
    if (this.making) this.making = { ...this.making, refusals, busy: false };
    void this.#focus(".gesture .notice.stops");
  }

  /** The same wish on what stands now, under a new id: the host keeps its answer to the old one. */
  async #again({ report }: Waiting): Promise<void> {
    await this.refresh();
    if (!this.record || !this.#following) return;
    await this.outbox?.replace(report.id, this.#following.reportOf(this.record, report.command, 0));
    await this.#look();
  }

  readonly #verify = (): void => {
    void this.#try(async () => {
      if (this.record) this.verdict = await this.#following?.verify(this.record);
    });
  };

  #toggle(fold: Fold, event: Event): void {
    const isOpen = (event.currentTarget as HTMLDetailsElement).open;
    if (isOpen === this.open.has(fold)) return;
    const others = [...this.open].filter((known) => known !== fold);
    this.open = new Set(isOpen ? [...others, fold] : others);
    void this.#try(() => this.#reconsider());
  }

  /** What is folded away on the screen is wanted on paper, as far as it is worked out: paper does not wait. */
  readonly #openAll = (): void => {
    this.open = new Set<Fold>(["approvals", "log", ...(this.considered ? (["risk", "conflicts"] as const) : [])]);
    this.performUpdate();
    // One that was closed this very moment has not told so yet, and counts as drawn open.
    for (const panel of this.querySelectorAll<HTMLDetailsElement>("details[data-panel]"))
      if (this.open.has(panel.dataset.panel as Fold)) panel.open = true;
  };

  #fold(fold: Fold, title: string, short: string, content: () => TemplateResult) {
    const isOpen = this.open.has(fold);
    return html`<details class="panel" part="panel" data-panel=${fold} .open=${isOpen} @toggle=${(event: Event) => this.#toggle(fold, event)}>
      <summary part="disclosure"><span class="panel-title">${title}</span><span class="panel-short">${short}</span></summary>
      <div class="panel-body">${isOpen ? content() : nothing}</div></details>`;
  }

  #side(record: ChangeRecord) {
    const { lexicon, reading } = record;
    const { considered } = this;
    return html`<aside class="side" part="side" aria-label=${lexicon.t("record.side")}>
      ${this.#fold("approvals", lexicon.t("approvals.title"), String(reading.change.approvals.length), () => approvalsView(record))}
      ${this.#fold("risk", lexicon.t("risk.title"), lexicon.level(reading.change.level), () => (considered ? riskView(lexicon, considered.assessment) : html`…`))}
      ${this.#fold("conflicts", lexicon.t("conflicts.title"), "", () => (considered ? conflictsView(considered, lexicon) : html`…`))}
      <slot name="side"></slot></aside>`;
  }

  #log(record: ChangeRecord) {
    const title = record.lexicon.t("record.log");
    return this.#fold("log", title, String(record.log.length), () => logView(record, this.verdict, this.#verify));
  }

  #waiting(record: ChangeRecord) {
    const { outbox } = this;
    if (!outbox || this.making?.busy) return nothing;
    const actions = {
      again: (waiting: Waiting) => void this.#try(() => this.#again(waiting)),
      drop: ({ report }: Waiting) => void this.#try(() => outbox.discard(report.id)),
      retry: () => void this.#try(() => outbox.flush()),
    };
    return html`<div class="record-waiting" tabindex="-1">${waitingView(record, outbox, actions)}</div>`;
  }

  #doing(record: ChangeRecord) {
    const { making, editing } = this;
    if (editing) {
      const discard = () => void this.#try(() => editing.forget()).then(this.#close);
      return editView(record, editing, making?.refusals ?? [], {
        save: () => void this.#try(() => this.#saveEdit()),
        close: this.#close,
        discard,
      });
    }
    const { deciding } = this;
    if (deciding) return decisionView(record, deciding, this.considered, making, this.#actions);
    const isElsewhere = !making || isInPlace(making.gesture.permission) || isVote(making.gesture.permission);
    return isElsewhere ? nothing : panelView(record, making, this.#actions);
  }

  #movedOn({ lexicon }: ChangeRecord) {
    if (!this.newer) return nothing;
    const people = this.#others(this.newer);
    return html`<div class="notice stops" part="notice" role="alert" data-notice="moved-on"><p>${people.length > 0 ? lexicon.t("record.moved-on", { people: lexicon.list(people) }) : lexicon.t("record.moved-on.own")}</p>
      <div class="buttons"><button type="button" class="secondary" part="button" data-action="catch-up" @click=${this.#catchUp}>${lexicon.t("record.catch-up")}</button></div></div>`;
  }

  #troubled({ lexicon }: ChangeRecord) {
    if (!this.fault) return nothing;
    return html`<div class="notice stops" part="notice" role="alert" data-notice="fault"><p>${lexicon.t(`fault.${this.fault.code}`)}</p>
      <p class="fault-detail">${this.fault.detail}</p>
      <div class="buttons"><button type="button" class="secondary" part="button" @click=${() => void this.refresh()}>${lexicon.t("form.retry")}</button></div></div>`;
  }

  /** What is read: not while the same stands above, to be edited or decided on. */
  #read(record: ChangeRecord) {
    if (this.editing || this.deciding) return nothing;
    const now = this.#following?.now() ?? "";
    return html`<div class="columns"><div class="main">${mainView(record, this.#hands, now)}${this.#log(record)}</div>${this.#side(record)}</div>`;
  }

  #carded(record: ChangeRecord) {
    return html`<article class="record deciding" part="record" aria-label=${record.reading.change.number}>
      <p class="hidden" role="status" aria-live="polite">${this.announced}</p>
      ${this.#troubled(record)}${this.#waiting(record)}${this.#movedOn(record)}${this.#doing(record)}</article>`;
  }

  protected override render() {
    const { record } = this;
    if (!record) return nothing;
    const { lexicon } = record;
    if (this.card) return this.#carded(record);
    const isDeciding = this.deciding !== undefined;
    return html`<article class="record ${isDeciding ? "deciding" : ""}" part="record" aria-labelledby="cgr-title">
      <p class="hidden" role="status" aria-live="polite">${this.announced}</p>
      ${headerView(record)}<div class="where">${mapView(record)}</div>${this.#troubled(record)}${this.#waiting(record)}
      ${bannersView(record, this.#following?.now() ?? "")}${adoptView(record, this.#hands)}
      <section class="record-next" aria-labelledby="cgr-next"><h3 class="section-title" id="cgr-next">${lexicon.t("record.next")}</h3>
        ${isDeciding ? nothing : nextView(record, this.#hands)}${this.#movedOn(record)}${this.#doing(record)}</section>
      ${this.#read(record)}</article>`;
  }
}
