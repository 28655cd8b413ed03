import { html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { inputOf } from "../controls/control.js";
import { faultOf } from "../fault.js";
import type { Host, KeptPolicy, Records } from "../host.js";
import type { Lexicon } from "../lexicon.js";
import type { Difference, Digest, Policy, PolicyStep, Publication, StepPermission, Stored } from "../wire.js";
import { type Speaker, spoken } from "./catalogue/shelf.js";
import { historyView } from "./history.js";
import { differenceView } from "./policies/difference.js";
import { findingsView, policyLines } from "./policies/lines.js";
import { ReportingElement } from "./reporting.js";
import { stepButton, whyNot } from "./steps.js";
import { recordStyles } from "./styles.js";

/** What is open: nothing, the form of a proposal, or the decision on one. */
type Panel = "propose" | "decide" | undefined;

/** A document that was checked, with what it changes. */
interface Checked {
  readonly answer: KeptPolicy;
  readonly difference: Difference | undefined;
  readonly policy: Policy;
}

/**
 * The rules in force: which, since when and by whom; those before and those proposed; and what its reader may do with them.
 *
 * @csspart root, title, panel, button, disclosure, notice - the parts of it
 * @fires changegate-reported - a report was taken
 * @fires changegate-refused - the answer was no
 */
export class ChangePolicies extends ReportingElement {
  static override styles = [...ReportingElement.styles, recordStyles];

  @state() private records: Records | undefined;
  @state() private proposed: { readonly difference: Difference; readonly policy: Policy } | undefined;
  @state() private log: readonly Stored[] | undefined;
  @state() private panel: Panel;
  @state() private text = "";
  @state() private note = "";
  @state() private reason = "";
  @state() private checked: Checked | undefined;
  @state() private trouble = "";
  @state() private checking = false;

  protected async look(host: Host): Promise<void> {
    this.records = await host.records?.();
    const waits = this.#publication?.proposed;
    this.proposed = waits ? await this.#compare(host, waits.hash) : undefined;
    if (this.log && this.#publication) this.log = await host.change(this.#publication.id);
  }

  async #compare(host: Host, hash: Digest) {
    const [difference, policy] = await Promise.all([host.difference?.(hash), host.policy?.(hash)]);
    return difference && policy ? { difference, policy } : undefined;
  }

  get #publication(): Publication | undefined {
    const found = this.records?.records.find((known) => known.type === "publication");
    return found?.type === "publication" ? found.publication : undefined;
  }

  get #steps(): readonly StepPermission[] {
    return this.records?.steps[this.#publication?.id ?? ""] ?? [];
  }

  #may(step: StepPermission["step"]): boolean {
    return this.#steps.some((known) => known.step === step && known.allowed);
  }

  #speaker(lexicon: Lexicon): Speaker {
    return {
      lexicon,
      say: (code, params) => this.say(code, params),
      link: (id) => this.link(id),
      change: () => "",
    };
  }

  protected show(lexicon: Lexicon) {
    const speaker = this.#speaker(lexicon);
    const known = this.#publication;
    return html`<h2 part="title" id="title" tabindex="-1">${this.say("policies.title")}</h2>
      <p role="status" data-said>${this.said}</p>
      ${policyLines(speaker, known)}${known ? this.#published(speaker, known) : html`<p class="note" data-part="folder">${this.say("policies.folder")}</p>`}`;
  }

  #published(speaker: Speaker, known: Publication) {
    const { say } = speaker;
    const toggled = (event: Event) => (event.currentTarget as HTMLDetailsElement).open && void this.#history(known.id);
    return html`${known.proposed ? this.#waits(speaker, known.proposed) : this.#nothingWaits(speaker, known)}
      ${this.#offer(speaker)}${this.panel === "propose" ? this.#form(speaker) : nothing}
      <details data-part="history" @toggle=${toggled}><summary part="disclosure">${say("step.history")}</summary>
        ${this.log ? historyView(speaker, this.log) : html`<p class="quiet" role="status">${say("list.loading")}</p>`}</details>
      ${whyNot(speaker, this.#steps)}`;
  }

  async #history(id: string): Promise<void> {
    try {
      this.log = await this.keeper?.change(id);
    } catch (error) {
      this.failed(faultOf(error));
    }
  }

  #nothingWaits({ lexicon, say }: Speaker, { declined }: Publication) {
    const said = declined?.said;
    const last = said
      ? say("policies.declined", {
          who: lexicon.person(said.by),
          when: lexicon.date(said.at),
          reason: spoken({ lexicon }, said.text),
        })
      : say("policies.waits.none");
    return html`<p class="note" data-part="waits-none">${last}</p>`;
  }

  // ---- the second person

  #waits(speaker: Speaker, { version, by, at, note }: NonNullable<Publication["proposed"]>) {
    const { lexicon, say } = speaker;
    const isOpen = this.#may("agree") || this.#may("decline");
    const decide = html`<div class="buttons"><button type="button" class="primary" part="button" data-action="decide" @click=${() => void this.#open("decide")}>${say("policies.decide")}</button></div>`;
    return html`<section class="row exception part" part="row" data-part="waits" aria-labelledby="waits"><h3 id="waits" tabindex="-1">${say("policies.waits", { version })}</h3>
      <p class="note">${say("policies.waits.by", { who: lexicon.person(by), when: lexicon.date(at) })}</p>
      ${note ? html`<p class="said" dir="auto">${spoken(speaker, note)}</p>` : nothing}
      ${this.proposed ? differenceView(speaker, this.proposed.policy, this.proposed.difference) : nothing}
      ${this.panel === "decide" ? this.#deciding(speaker) : isOpen ? decide : nothing}</section>`;
  }

  #deciding(speaker: Speaker) {
    const hash = this.#publication?.proposed?.hash;
    if (hash === undefined) return nothing;
    const write = (event: Event) => (this.reason = (event.currentTarget as HTMLTextAreaElement).value);
    const agree = () => void this.#send({ type: "agree", hash });
    const decline = () => void this.#send({ type: "decline", hash, reason: this.reason });
    const why = html`<div class="field"><label class="label" for="step-reason">${this.say("step.reason.no")}</label>
      <textarea class="input" id="step-reason" rows="2" .value=${this.reason} @input=${write}></textarea></div>`;
    return html`<section class="panel part" part="panel" data-panel="decide" aria-labelledby="step-title"><h4 id="step-title" tabindex="-1">${this.say("policies.decide")}</h4>
      ${this.#may("decline") ? why : nothing}${this.refusedView()}
      <div class="buttons">${this.#may("agree") ? stepButton(speaker, "agree", agree, "primary") : nothing}
      ${this.#may("decline") ? stepButton(speaker, "decline", decline) : nothing}${this.#cancel()}</div></section>`;
  }

  // ---- the first person

  #offer(speaker: Speaker) {
    if (!this.#may("propose") || this.panel === "propose" || !this.keeper?.keepPolicy) return nothing;
    const press = () => void this.#open("propose");
    return html`<div class="buttons">${stepButton(speaker, "propose", press, "secondary", this.say("policies.propose"))}</div>`;
  }

  #form(speaker: Speaker) {
    const write = (event: Event) => this.#typed((event.currentTarget as HTMLTextAreaElement).value);
    const choose = async (event: Event) => {
      const file = inputOf(event).files?.[0];
      if (file) this.#typed(await file.text());
    };
    return html`<section class="panel part" part="panel" data-panel="propose" aria-labelledby="step-title"><h3 id="step-title" tabindex="-1">${this.say("policies.propose")}</h3>
      <div class="field"><label class="label" for="p-file">${this.say("policies.file")}</label>
        <input class="input" id="p-file" type="file" accept=".json,application/json" @change=${choose}></div>
      <div class="field"><label class="label" for="p-text">${this.say("policies.text")}</label>
        <textarea class="input code" id="p-text" rows="6" spellcheck="false" .value=${this.text} @input=${write}></textarea></div>
      <div class="buttons"><button type="button" class=${this.checked?.answer.kept ? "secondary" : "primary"} part="button" data-action="check" @click=${() => void this.#check()}>${this.say("policies.check")}</button>${this.checked?.answer.kept ? nothing : this.#cancel()}</div>
      <div role="status">${this.checking ? html`<p class="quiet">${this.say("policies.checking")}</p>` : nothing}</div>
      ${this.trouble ? html`<div class="notice stops" part="notice" role="alert" data-trouble><p>${this.trouble}</p></div>` : nothing}
      ${this.checked ? this.#found(speaker, this.checked) : nothing}</section>`;
  }

  #found(speaker: Speaker, { answer, difference, policy }: Checked) {
    const write = (event: Event) => (this.note = (event.currentTarget as HTMLTextAreaElement).value);
    const { hash } = answer;
    const send = () => {
      const note = this.note.trim() === "" ? {} : { note: this.note };
      void this.#send({ type: "propose", hash, ...note });
    };
    const proposal = html`<div class="field"><label class="label" for="p-note">${this.say("policies.note")}</label>
      <textarea class="input" id="p-note" rows="2" .value=${this.note} @input=${write}></textarea></div>${this.refusedView()}
      <div class="buttons"><button type="button" class="primary" part="button" data-action="send" @click=${send}>${this.say("policies.send")}</button>${this.#cancel()}</div>`;
    return html`${findingsView(speaker, answer)}${difference ? differenceView(speaker, policy, difference) : nothing}${answer.kept ? proposal : nothing}`;
  }

  #typed(text: string): void {
    this.text = text;
    this.checked = undefined;
    this.trouble = "";
  }

  /** The host keeps what nothing stops; only then can it be proposed. */
  async #check(): Promise<void> {
    const host = this.keeper;
    if (this.checking || !host?.keepPolicy) return;
    this.trouble = "";
    this.checked = undefined;
    const policy = this.#parsed();
    if (policy === undefined) return;
    this.checking = true;
    try {
      const answer = await host.keepPolicy(policy);
      const difference = answer.kept ? await host.difference?.(answer.hash) : undefined;
      this.checked = { answer, difference, policy };
    } catch (error) {
      this.trouble = faultOf(error).detail;
    } finally {
      this.checking = false;
    }
    if (this.checked) await this.focusOn("#p-note");
  }

  /** What was pasted, as the host will read it: it checks the form of it, and says where that is wrong. */
  #parsed(): Policy | undefined {
    try {
      return JSON.parse(this.text) as Policy;
    } catch (error) {
      this.trouble = this.say("policies.unreadable", { detail: error instanceof Error ? error.message : "" });
      return undefined;
    }
  }

  // ---- both

  #cancel() {
    return html`<button type="button" class="quiet" part="button" data-action="cancel" @click=${() => void this.#close()}>${this.say("step.cancel")}</button>`;
  }

  async #open(panel: Panel): Promise<void> {
    this.#clear();
    this.panel = panel;
    await this.focusOn("#step-title");
  }

  #clear(): void {
    this.#typed("");
    this.reason = "";
    this.note = "";
    this.refused = [];
    this.said = "";
  }

  async #close(): Promise<void> {
    this.panel = undefined;
    this.#clear();
    await this.focusOn("#title");
  }

  async #send(step: PolicyStep): Promise<void> {
    const id = this.#publication?.id;
    if (this.sending || id === undefined || step.type === "initial") return;
    const reasons = await this.go(id, { type: "policy", step });
    if (reasons.length > 0) return;
    await this.refresh();
    await this.#close();
    this.said = this.say(`policies.done.${step.type}`);
  }
}
