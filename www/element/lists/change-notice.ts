import { html, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Host } from "../host.js";
import type { Lexicon } from "../lexicon.js";
import type { Notice, Phase } from "../wire.js";
import { HostElement } from "./base.js";
import { plainPhase } from "./words.js";

const STEPS: readonly Phase[] = ["scheduled", "implement", "review"];

/**
 * What everybody may know of planned work: when something will not work, and how it stands. It needs no role.
 *
 * @csspart root, title, row, state, told - the parts of a notice
 */
export class ChangeNotice extends HostElement {
  /** The id of one change; left out, all planned work is shown. */
  @property() change: string | null = null;

  @state() private notices: readonly Notice[] = [];

  protected async look(host: Host): Promise<void> {
    const notices = (await host.notices?.()) ?? [];
    const shown = notices.filter(({ id }) => this.change === null || id === this.change);
    this.notices = [...shown].sort((one, other) => (one.from ?? "9999").localeCompare(other.from ?? "9999"));
  }

  protected show(lexicon: Lexicon) {
    const rows = this.notices.map((notice) => this.#row(lexicon, notice));
    return html`<h2 part="title" id="title">${this.say("notice.title")}</h2>
      ${rows.length === 0 ? html`<p class="quiet">${this.say("notice.none")}</p>` : html`<ul class="rows" role="list" aria-labelledby="title">${rows}</ul>`}`;
  }

  #row(lexicon: Lexicon, notice: Notice) {
    const { id, number, title, services, from, to, downtime, phase, told } = notice;
    const period = (start: string, end: string) =>
      lexicon.t("conflicts.period", { from: lexicon.date(start), to: lexicon.date(end) });
    const [downFrom, downTo] = [notice.downtimeFrom ?? from, notice.downtimeTo ?? to];
    const reached = STEPS.indexOf(phase);
    const outage =
      downtime && downFrom && downTo
        ? html`<p class="asks">${this.say("notice.downtime", { period: period(downFrom, downTo) })}</p>`
        : html`<p>${this.say("notice.no-downtime")}</p>`;
    return html`<li class="row" part="row" data-change=${id} data-phase=${phase}>
      <h3 dir="auto">${number} ${title}</h3>
      <p class="facts"><span class="tag" part="state">${this.say(plainPhase(phase))}</span>${from && to ? html`<span>${period(from, to)}</span>` : nothing}</p>
      <div class="progress" aria-hidden="true">${STEPS.map((_, step) => html`<span class=${step <= reached ? "on" : ""}></span>`)}</div>
      ${outage}
      ${services.length > 0 ? html`<p class="note">${this.say("notice.services", { services: lexicon.list(services.map((service) => lexicon.service(service))) })}</p>` : nothing}
      ${
        told.length > 0
          ? html`<div class="part" part="told"><p class="label small">${this.say("notice.told")}</p><ul class="rows">${[
              ...told,
            ]
              .reverse()
              .map(
                ({ at, text }) =>
                  html`<li><time class="note" datetime=${at}>${lexicon.date(at)}</time><p class="said" dir="auto">${text}</p></li>`,
              )}</ul></div>`
          : nothing
      }</li>`;
  }
}
