import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { loadCore, loadRecordCore } from "../core.js";
import { faultOf } from "../fault.js";
import { type ChangeSummary, type Host, isWhole, type Records } from "../host.js";
import type { Lexicon } from "../lexicon.js";
import { refusalText } from "../reasons.js";
import type { ChangeId, Proposable, StepKind, Stored, TemplateStep } from "../wire.js";
import { type Action, decidingCard, entryView, filedView, type Hands } from "./catalogue/entry.js";
import { proposingForm } from "./catalogue/form.js";
import { type Ground, Proposing } from "./catalogue/proposing.js";
import { type Entry, entriesOf, filedOf, may, type Speaker } from "./catalogue/shelf.js";
import { type Reasons, ReportingElement } from "./reporting.js";
import { stepButton } from "./steps.js";
import { recordStyles } from "./styles.js";

/** What is open: the form of a proposal, or one gesture on one template. */
interface Panel {
  readonly action: Action | "propose";
  /** The record that it is about; left out for a proposal of something new. */
  readonly id?: ChangeId;
}

/**
 * The catalogue of ready-made changes: for what each may be used, how far it is trusted and by which runs, and what its
 * reader may do with it.
 *
 * @csspart root, title, row, state, link, panel, button, disclosure, notice - the parts of a catalogue
 * @fires changegate-reported - a report was taken
 * @fires changegate-refused - the answer was no
 */
export class ChangeCatalogue extends ReportingElement {
  static override styles = [...ReportingElement.styles, recordStyles];

  /** Where a change is asked for by a template; `{id}` stands for its id. Left out, no way there is shown. */
  @property({ attribute: "use-href" }) useHref: string | null = null;

  @state() private records: Records | undefined;
  @state() private changes: ReadonlyMap<ChangeId, ChangeSummary> = new Map();
  @state() private panel: Panel | undefined;
  @state() private proposing: Proposing | undefined;
  @state() private reason = "";
  @state() private logs: ReadonlyMap<ChangeId, readonly Stored[]> = new Map();

  protected async look(host: Host): Promise<void> {
    const [records, changes] = await Promise.all([host.records?.(), host.changes()]);
    this.records = records;
    this.changes = new Map(changes.filter(isWhole).map((change) => [change.id, change]));
    const logs = [...this.logs.keys()].map(async (id) => [id, await host.change(id)] as const);
    this.logs = new Map(await Promise.all(logs));
  }

  #speaker(lexicon: Lexicon): Speaker {
    return {
      lexicon,
      say: (code, params) => this.say(code, params),
      link: (id) => this.link(id),
      use: (template) => this.useHref?.replace("{id}", encodeURIComponent(template)),
      change: (id) => {
        const known = this.changes.get(id);
        return known ? `${known.number} ${known.title || lexicon.t("record.erased")}` : lexicon.t("conflict.hidden");
      },
    };
  }

  protected show(lexicon: Lexicon) {
    const speaker = this.#speaker(lexicon);
    const entries = this.records ? entriesOf(speaker, this.records) : [];
    const filed = filedOf(speaker, entries);
    const rows = html`<ul class="rows" role="list" aria-labelledby="title">${entries.map((entry) => entryView(speaker, entry, this.#hands(speaker, entry)))}${filed.map((known) => filedView(speaker, known))}</ul>`;
    return html`<h2 part="title" id="title" tabindex="-1">${this.say("catalogue.title")}</h2>
      ${this.#offer(speaker)}<p role="status" data-said>${this.said}</p>
      ${this.panel?.action === "propose" && this.proposing ? this.#form(speaker, this.proposing) : nothing}
      ${entries.length + filed.length === 0 ? html`<p class="quiet">${this.say("catalogue.none")}</p>` : rows}`;
  }

  /** The button that begins a proposal, or why there is none. */
  #offer(speaker: Speaker) {
    const rules = this.records?.proposable ?? [];
    if (rules.length === 0) return html`<p class="note">${this.say("catalogue.no-rules")}</p>`;
    if (rules.some(({ allowed }) => allowed)) {
      const press = () => void this.#propose();
      const text = this.say("catalogue.propose");
      return this.panel?.action === "propose"
        ? nothing
        : html`<div class="buttons">${stepButton(speaker, "propose", press, "primary", text)}</div>`;
    }
    const { lexicon } = speaker;
    const why = new Set(rules.flatMap(({ refusals }) => refusals.map((refusal) => refusalText(lexicon, refusal, ""))));
    return html`<details class="why-not"><summary part="disclosure">${this.say("step.why-not")}</summary><ul class="reasons"><li data-step="propose"><strong>${this.say("catalogue.propose")}</strong>: ${[...why].join(". ")}</li></ul></details>`;
  }

  #hands(speaker: Speaker, entry: Entry): Hands {
    const { id } = entry.record;
    const isOpen = this.panel?.id === id;
    return {
      deciding: isOpen && this.panel?.action === "decide",
      form: isOpen ? this.#panelOf(speaker, entry) : nothing,
      log: this.logs.get(id),
      open: (action) => void this.#open(entry, action),
      history: () => void this.#history(id),
    };
  }

  async #history(id: ChangeId): Promise<void> {
    try {
      const log = await this.keeper?.change(id);
      if (log) this.logs = new Map([...this.logs, [id, log]]);
    } catch (error) {
      this.failed(faultOf(error));
    }
  }

  // ---- what is open

  async #open(entry: Entry, action: Action): Promise<void> {
    this.#begin();
    if (action === "revise") await this.#revise(entry);
    this.panel = { action, id: entry.record.id };
    await this.focusOn(action === "revise" ? "#p-title" : "#step-title");
  }

  #begin(): void {
    this.reason = "";
    this.refused = [];
    this.said = "";
    this.proposing = undefined;
  }

  readonly #close = async (): Promise<void> => {
    const { panel } = this;
    const entry = this.#entries().find(({ record }) => record.id === panel?.id);
    this.panel = undefined;
    this.#begin();
    await this.focusOn(entry ? `#t-${CSS.escape(entry.record.template)}` : "#title");
  };

  #entries(): readonly Entry[] {
    return this.lexicon && this.records ? entriesOf(this.#speaker(this.lexicon), this.records) : [];
  }

  #panelOf(speaker: Speaker, entry: Entry): TemplateResult | typeof nothing {
    const { panel } = this;
    if (panel?.action === "revise") return this.proposing ? this.#form(speaker, this.proposing) : nothing;
    if (panel?.action === "decide") return this.#deciding(speaker, entry);
    return panel && panel.action !== "propose" ? this.#reasoned(speaker, entry, panel.action) : nothing;
  }

  #reasonBox(code: "step.reason" | "step.reason.no") {
    const write = (event: Event) => (this.reason = (event.currentTarget as HTMLTextAreaElement).value);
    return html`<div class="field"><label class="label" for="step-reason">${this.say(code)}</label>
      <textarea class="input" id="step-reason" rows="2" .value=${this.reason} @input=${write}></textarea></div>`;
  }

  #cancel() {
    return html`<button type="button" class="quiet" part="button" data-action="cancel" @click=${this.#close}>${this.say("step.cancel")}</button>`;
  }

  #deciding(speaker: Speaker, entry: Entry) {
    const { proposed, id } = entry.record;
    if (!proposed) return nothing;
    const { version, contentHash } = proposed;
    const agree = () => this.#send(id, { type: "agree", version, contentHash });
    const decline = () => this.#send(id, { type: "decline", version, reason: this.reason });
    return html`<section class="panel part" part="panel" data-panel="decide" aria-labelledby="step-title">
      <h4 id="step-title" tabindex="-1">${this.say("catalogue.decide", { version })}</h4>${decidingCard(speaker, entry)}
      ${may(entry, "decline") ? this.#reasonBox("step.reason.no") : nothing}${this.refusedView()}
      <div class="buttons">${may(entry, "agree") ? stepButton(speaker, "agree", agree, "primary") : nothing}
      ${may(entry, "decline") ? stepButton(speaker, "decline", decline) : nothing}${this.#cancel()}</div></section>`;
  }

  #reasoned(speaker: Speaker, entry: Entry, action: "suspend" | "reinstate" | "retire") {
    const send = () => this.#send(entry.record.id, { type: action, reason: this.reason });
    return html`<section class="panel part" part="panel" data-panel=${action} aria-labelledby="step-title">
      <h4 id="step-title" tabindex="-1">${this.say(`step.${action}`)}</h4>${this.#reasonBox("step.reason")}${this.refusedView()}
      <div class="buttons">${stepButton(speaker, action, send, "primary")}${this.#cancel()}</div></section>`;
  }

  // ---- proposals

  async #ground(): Promise<Ground> {
    const [host, loaded, lexicon] = [this.keeper, this.loaded, this.lexicon];
    if (!host || !loaded || !lexicon) throw new Error("nothing was loaded yet");
    const contentOf = async (id: ChangeId) => {
      if (host.permitted) return (await host.permitted(id)).change.fields;
      const core = await loadRecordCore(loaded, host);
      return (await core.read(await host.change(id))).change.fields;
    };
    return { lexicon, core: await loadCore(loaded, host), contentOf };
  }

  readonly #listener = {
    changed: () => this.requestUpdate(),
    failed: (error: unknown) => {
      this.failed(faultOf(error));
    },
  };

  #rule(model: string | undefined): Proposable | undefined {
    const open = (this.records?.proposable ?? []).filter(({ allowed }) => allowed);
    return open.find((rule) => rule.model === model) ?? open[0];
  }

  async #propose(model?: string): Promise<void> {
    const rule = this.#rule(model);
    if (!rule) return;
    this.#begin();
    try {
      this.proposing = Proposing.begin(await this.#ground(), rule, this.#listener);
      this.panel = { action: "propose" };
      await this.focusOn(model === undefined ? "#p-title" : "#p-model");
    } catch (error) {
      this.failed(faultOf(error));
    }
  }

  async #revise({ record }: Entry): Promise<void> {
    const current = record.proposed ?? record.agreed;
    const rules = this.records?.proposable ?? [];
    // Of a first version that was declined nothing is left: the next begins as a new one does.
    const rule = current ? rules.find(({ model }) => model === current.content.model) : this.#rule(undefined);
    if (!rule) return;
    try {
      this.proposing = await Proposing.revise(await this.#ground(), rule, record, this.#listener);
    } catch (error) {
      this.failed(faultOf(error));
    }
  }

  #form(speaker: Speaker, proposing: Proposing) {
    const { lexicon } = speaker;
    const open = (this.records?.proposable ?? []).filter(({ allowed }) => allowed);
    const closedAt = new Map((lexicon.world.runs ?? []).map(({ change, closedAt: at }) => [change, at]));
    return proposingForm(speaker, proposing, {
      refused: this.refusedView(),
      models: open.map(({ model: id }) => ({ id, name: lexicon.model(id) })),
      closed: (change) => {
        const at = closedAt.get(change);
        return at ? lexicon.date(at, "day") : undefined;
      },
      choose: (model) => void this.#propose(model),
      send: () => this.#send(proposing.revised?.id, proposing.step()),
      cancel: () => void this.#close(),
    });
  }

  // ---- reports

  /** Every reason why not is shown beside what was asked; what was taken closes its form, and says so. */
  async #send(id: ChangeId | undefined, step: TemplateStep): Promise<void> {
    if (this.sending) return;
    const command = { type: "template", step } as const;
    const reasons: Reasons = id === undefined ? await this.begin(command) : await this.go(id, command);
    if (reasons.length > 0) return;
    await this.refresh();
    await this.#close();
    this.said = this.say(`done.${step.type as StepKind}`);
  }
}
