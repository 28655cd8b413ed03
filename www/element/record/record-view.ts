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
import type { ChangeId, Command, Permission, Refusal, Report, Value, Verdict } from "../wire.js";
import { approvalsView } from "./approvals.js";
import { contentView } from "./content.js";
import { decisionCard, isDecision } from "./decision.js";
import { Editing, editView } from "./editing.js";
import { chosenFile } from "./files.js";
import { Following } from "./following.js";
import { askedFor, commandOf, firstAnswers, keyOf, nameOf, unanswered } from "./gesture.js";
import { headerView } from "./header.js";
import { lifeCycleView } from "./life-cycle.js";
import { logView } from "./log.js";
import { nextView } from "./next.js";
import { type Making, panelView } from "./panel.js";
import { bannersView, changedView, dueView, type ProcessActions, processView } from "./process.js";
import type { ChangeRecord } from "./record.js";
import { recordStyles } from "./styles.js";
import { waitingView } from "./waiting.js";
import { loadRecordMessages } from "./words.js";
import { commentsView, workView } from "./work.js";

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

  @state() private record: ChangeRecord | undefined;
  /** What stands by now, held back while the reader is in the middle of something. */
  @state() private newer: ChangeRecord | undefined;
  @state() private making: Making | undefined;
  @state() private editing: Editing | undefined;
  /** What the content comes to, once somebody wants to see it. */
  @state() private considered: Drafting | undefined;
  @state() private open: ReadonlySet<Fold> = new Set(["approvals"]);
  @state() private verdict: Verdict | undefined;
  @state() private fault: FaultReport | undefined;
  @state() private announced = "";

  /** Files that were chosen for evidence, by their hash, until they are sent. */
  readonly #files = new Map<string, Blob>();
  #following: Following | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #connected = new AbortController();

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
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

  /** Shows what is new; to somebody in the middle of a gesture only that there is something new, since what they see is what they decide on. */
  #show(record: ChangeRecord | undefined): void {
    if (!record) return;
    const isMeanwhile = (this.making || this.editing) && this.record && record.log.length !== this.record.log.length;
    if (isMeanwhile) {
      this.newer = record;
      return;
    }
    this.record = record;
    this.newer = undefined;
    this.verdict = undefined;
    void this.#try(() => this.#reconsider());
  }

  /** What is new comes in place of what was seen; what was written stays. */
  readonly #catchUp = (): void => {
    this.record = this.newer;
    this.newer = undefined;
    if (this.editing) this.#leave();
    void this.#try(() => this.#reconsider());
  };

  async #reconsider(): Promise<void> {
    const isWanted =
      this.open.has("risk") || this.open.has("conflicts") || (this.making && isDecision(this.making.permission));
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

  readonly #choose = (permission: Permission): void => {
    const { record } = this;
    const isChosen = this.#chosen() === keyOf(permission);
    this.#leave();
    if (isChosen || !record) return;
    if (permission.command === "edit") void this.#try(() => this.#edit(record));
    else this.#begin(record, permission);
  };

  #chosen(): string | undefined {
    if (this.editing) return "edit";
    return this.making && keyOf(this.making.permission);
  }

  #begin(record: ChangeRecord, permission: Permission): void {
    const answers = firstAnswers(record, permission.command, this.#following?.now() ?? "");
    this.making = { permission, asked: askedFor(record, permission), answers, tried: false, busy: false, refusals: [] };
    void this.#try(() => this.#reconsider());
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

  /** A file is hashed at once; its bytes go up before the report that names it. */
  readonly #attach = async (id: string, file: File | undefined): Promise<void> => {
    if (!file) return this.#answer(id, undefined);
    await this.#try(async () => {
      const { sha256, bytes } = await chosenFile(file);
      this.#files.set(sha256, file);
      this.#answer(id, `${sha256} ${bytes}`);
    });
  };

  async #upload(command: Command): Promise<void> {
    const sha256 = command.type === "attach" ? command.file?.sha256 : undefined;
    const file = sha256 && this.#files.get(sha256);
    if (sha256 && file) await this.host.upload?.(file, sha256);
  }

  readonly #openFile = (sha256: string, name: string): void => {
    void this.#try(async () => {
      const file = await this.host.file?.(sha256);
      if (!file) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  };

  get #actions(): ProcessActions {
    return { chosen: this.#chosen(), choose: this.#choose, open: this.#openFile };
  }

  readonly #make = async (): Promise<void> => {
    const { record, making } = this;
    if (!record || !making || making.busy) return;
    this.making = { ...making, tried: true, refusals: [] };
    const [first] = unanswered(making.asked, making.answers);
    if (first) return this.#focus(`[data-asked="${CSS.escape(first.id)}"] :is(input, textarea, select)`);
    await this.#try(() => this.#send(commandOf(record, making.permission, making.answers)));
  };

  async #saveEdit(): Promise<void> {
    const { record, editing } = this;
    const permission = record?.reading.permissions.find(({ command }) => command === "edit");
    if (!record || !editing || !permission || !this.#following || this.making?.busy) return;
    editing.drafting.try();
    this.making = { permission, asked: [], answers: {}, tried: true, busy: false, refusals: [] };
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
      await this.#upload(command);
      await this.#settle(report, await (this.outbox ? this.outbox.send(report) : this.host.report(report)));
    } finally {
      if (this.making) this.making = { ...this.making, busy: false };
    }
  }

  async #settle(report: Report, sent: Sent): Promise<void> {
    if (sent.type === "refused" && sent.refusals.length > 0) {
      await this.outbox?.discard(report.id);
      return this.#refused(sent.refusals);
    }
    const name = this.record && this.making ? nameOf(this.record.lexicon, this.making.permission) : "";
    const isTaken = sent.type === "accepted";
    await this.editing?.forget();
    this.#leave();
    if (isTaken) tell(this, "changegate-reported", { report, stored: sent.stored });
    this.announced = this.record?.lexicon.t(isTaken ? "record.done" : "record.kept", { name }) ?? "";
    await this.#look();
    await this.#focus(isTaken ? "#cgr-title" : ".record-waiting");
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

  /** What is folded away on the screen is wanted on paper. */
  readonly #openAll = (): void => {
    this.open = new Set(["approvals", "log"]);
    this.performUpdate();
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
    if (!making) return nothing;
    const above = isDecision(making.permission) ? decisionCard(record, this.considered) : nothing;
    return panelView(
      record,
      making,
      {
        answer: this.#answer,
        attach: (id, file) => void this.#attach(id, file),
        make: () => void this.#make(),
        close: this.#close,
      },
      above,
    );
  }

  #movedOn({ lexicon }: ChangeRecord) {
    if (!this.newer) return nothing;
    return html`<div class="notice stops" part="notice" role="alert" data-notice="moved-on"><p>${lexicon.t("record.moved-on")}</p>
      <div class="buttons"><button type="button" class="secondary" part="button" data-action="catch-up" @click=${this.#catchUp}>${lexicon.t("record.catch-up")}</button></div></div>`;
  }

  #troubled({ lexicon }: ChangeRecord) {
    if (!this.fault) return nothing;
    return html`<div class="notice stops" part="notice" role="alert" data-notice="fault"><p>${lexicon.t(`fault.${this.fault.code}`)}</p>
      <p class="fault-detail">${this.fault.detail}</p>
      <div class="buttons"><button type="button" class="secondary" part="button" @click=${() => void this.refresh()}>${lexicon.t("form.retry")}</button></div></div>`;
  }

  protected override render() {
    const { record, making, editing } = this;
    if (!record) return nothing;
    const { lexicon } = record;
    const isReadAbove = editing || (making && isDecision(making.permission));
    return html`<article class="record" part="record" aria-labelledby="cgr-title">
      <p class="hidden" role="status" aria-live="polite">${this.announced}</p>
      ${headerView(record)}${bannersView(record, this.#following?.now() ?? "")}<div class="where">${lifeCycleView(record)}</div>${this.#troubled(record)}${this.#waiting(record)}
      <section class="record-next" aria-labelledby="cgr-next"><h3 class="section-title" id="cgr-next">${lexicon.t("record.next")}</h3>
        ${nextView(record, this.#chosen(), this.#choose)}${this.#movedOn(record)}${this.#doing(record)}</section>
      ${
        isReadAbove
          ? nothing
          : html`<div class="columns"><div class="main">${dueView(record)}${workView(record)}${processView(record, this.#actions)}${changedView(record)}${contentView(record)}${commentsView(record)}${this.#log(record)}</div>
        ${this.#side(record)}</div>`
      }</article>`;
  }
}
