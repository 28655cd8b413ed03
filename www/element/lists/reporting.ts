import { html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { type Core, loadCore } from "../core.js";
import { ask, tell } from "../events.js";
import { faultOf } from "../fault.js";
import { refusalText } from "../reasons.js";
import { reportOf } from "../report.js";
import type { ChangeId, Command, Refusal } from "../wire.js";
import { HostElement } from "./base.js";

/** What became of a report: every reason why not; none where it was taken. */
export type Reasons = readonly string[];

/** A list from which something can be done with records that are no changes. */
export abstract class ReportingElement extends HostElement {
  /** What came of the last gesture. */
  @state() protected said = "";
  /** Every reason why the last gesture was not taken. */
  @state() protected refused: Reasons = [];
  /** Whether a gesture is on its way. */
  @state() protected sending = false;

  #core: Core | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** A core for what was loaded last. */
  protected async theCore(): Promise<Core> {
    const [host, loaded] = [this.keeper, this.loaded];
    if (!host || !loaded) throw new Error("nothing was loaded yet");
    this.#core ??= await loadCore(loaded, host);
    this.#core.refresh(loaded);
    return this.#core;
  }

  /** Reports a first gesture, which begins a record. */
  protected async begin(command: Command): Promise<Reasons> {
    return this.#once(async () => this.sendTo((await this.theCore()).newId(), 0, command));
  }

  /** Reports a gesture on a record that there is. */
  protected async go(id: ChangeId, command: Command): Promise<Reasons> {
    return this.#once(async () => this.sendTo(id, ((await this.keeper?.change(id)) ?? []).length, command));
  }

  /** One after the other: each is made on what the one before it came to. */
  #once(gesture: () => Promise<Reasons>): Promise<Reasons> {
    this.sending = true;
    const made = this.#last.then(gesture).catch((error: unknown) => {
      const { code, detail } = faultOf(error);
      tell(this, "changegate-fault", { fault: { code, detail } });
      return [this.lexicon?.t(`fault.${code}`) ?? detail];
    });
    this.#last = made;
    return made.then((reasons) => {
      this.sending = this.#last !== made;
      this.refused = reasons;
      return reasons;
    });
  }

  /** One report to the host. */
  protected async sendTo(changeId: ChangeId, expectedSeq: number, command: Command): Promise<Reasons> {
    const [host, loaded, core] = [this.keeper, this.loaded, await this.theCore()];
    if (!host || !loaded) return [];
    const report = { ...reportOf(core, loaded, { changeId, expectedSeq, command, level: "", approvals: [] }) };
    delete report.claim;
    if (!ask(this, "changegate-before-report", { report })) return [this.say("step.held-back")];
    const outcome = await host.report(report);
    if (outcome.type === "accepted") {
      tell(this, "changegate-reported", { report, stored: outcome.stored });
      return [];
    }
    if (outcome.type === "conflict")
      return this.reasons([{ code: "report.sequence", expected: expectedSeq, actual: outcome.log.length }]);
    tell(this, "changegate-refused", { changeId, refusals: outcome.refusals });
    return outcome.refusals.length > 0 ? this.reasons(outcome.refusals) : [outcome.problem?.detail ?? ""];
  }

  /** Refusals as sentences, each once. */
  protected reasons(refusals: readonly Refusal[]): Reasons {
    const { lexicon } = this;
    return lexicon ? [...new Set(refusals.map((refusal) => refusalText(lexicon, refusal, "")))] : [];
  }

  /** Every reason why not, beside what was asked for. */
  protected refusedView() {
    if (this.refused.length === 0) return nothing;
    return html`<div class="notice stops" part="notice" role="alert" data-refused><p>${this.say("step.refused")}</p>
      <ul class="reasons">${this.refused.map((reason) => html`<li>${reason}</li>`)}</ul></div>`;
  }

  /** Puts the focus on something of this element, once it is drawn. */
  protected async focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    const found = this.renderRoot.querySelector<HTMLElement>(selector);
    found?.focus();
    found?.scrollIntoView({ block: "nearest" });
  }
}
