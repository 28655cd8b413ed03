import { html, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { now } from "../clock.js";
import { inputOf } from "../controls/control.js";
import type { Core } from "../core.js";
import { levelTag } from "../form/status.js";
import type { ChangeSummary, Host, Records } from "../host.js";
import type { Lexicon } from "../lexicon.js";
import type { AgendaItem, Board, ChangeId, Meeting, MeetingStep, StepKind } from "../wire.js";
import type { Speaker } from "./catalogue/shelf.js";
import { type Reasons, ReportingElement } from "./reporting.js";
import { sinceView } from "./since.js";
import { whyNot } from "./steps.js";
import { recordStyles } from "./styles.js";

/** What is done at a meeting that was called. */
type Taken = Extract<MeetingStep, { type: StepKind }>;

/**
 * A board: its agenda with the exceptions first, several decided at once, attendance and minutes.
 *
 * @csspart root, title, row, agenda, meeting, disclosure - the parts of a board
 * @fires changegate-reported - a report was taken
 */
export class ChangeBoard extends ReportingElement {
  static override styles = [...ReportingElement.styles, recordStyles];

  /** The id of the board; left out, the reader chooses. */
  @property() board: string | null = null;

  @state() private items: readonly AgendaItem[] = [];
  @state() private records: Records | undefined;
  @state() private changes: ReadonlyMap<ChangeId, ChangeSummary> = new Map();
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private lines: readonly string[] = [];
  @state() private minute = "";
  @state() private about = "";
  /** The change whose decision card is open: one at a time. */
  @state() private opened = "";
  @state() private core: Core | undefined;

  get #boards(): readonly Board[] {
    return this.loaded?.policy.boards ?? [];
  }

  get #board(): Board | undefined {
    return this.#boards.find(({ id }) => id === this.board) ?? this.#boards[0];
  }

  protected async look(host: Host): Promise<void> {
    const board = this.#board;
    if (!board) return;
    const [items, records, changes] = await Promise.all([
      host.agenda?.(board.id) ?? [],
      host.records?.(),
      host.changes(),
    ]);
    this.items = items;
    this.records = records;
    this.changes = new Map(changes.map((change) => [change.id, change]));
  }

  get #meetings(): readonly Meeting[] {
    return (this.records?.records ?? []).flatMap((known) => (known.type === "meeting" ? known.meeting : []));
  }

  protected show(lexicon: Lexicon) {
    const board = this.#board;
    if (!board) return html`<p class="quiet">${this.say("board.none")}</p>`;
    const open = this.#meetings.find((meeting) => meeting.board === board.id && !meeting.closed);
    const ended = this.#meetings
      .filter((meeting) => meeting.board === board.id && meeting.closed)
      .sort((one, other) => other.meets.localeCompare(one.meets));
    const calling = this.records?.callable?.find((known) => known.board === board.id);
    return html`<h2 part="title">${lexicon.say(board.name)}</h2>${this.#choice(lexicon, board)}
      <section class="part" part="agenda" aria-labelledby="agenda"><h3 id="agenda">${this.say("board.agenda")}</h3>
        ${this.items.length === 0 ? html`<p class="quiet">${this.say("board.agenda.none")}</p>` : html`<ol class="rows">${this.items.map((item) => this.#item(lexicon, item))}</ol>`}
        <div class="buttons">
          ${this.chosen.size > 0 ? html`<button type="button" class="primary" part="button" data-action="yes" @click=${() => void this.#approve()}>${this.say("board.yes", { count: this.chosen.size })}</button>` : nothing}
          ${!open && calling?.allowed ? html`<button type="button" class="secondary" part="button" data-action="call" @click=${() => void this.#call(board)}>${this.say("board.call")}</button>` : nothing}
        </div>${!open && calling ? whyNot(this.#speaker(lexicon), [{ ...calling, step: "call" }]) : nothing}<div role="status">${this.lines.map((line) => html`<p>${line}</p>`)}</div></section>
      ${open ? this.#meeting(lexicon, open) : nothing}
      ${ended.length > 0 ? html`<details><summary part="disclosure">${this.say("board.closed")}</summary>${ended.map((meeting) => this.#ended(lexicon, meeting))}</details>` : nothing}`;
  }

  #choice(lexicon: Lexicon, board: Board) {
    if (this.#boards.length < 2) return nothing;
    const choose = (event: Event) => {
      this.board = (event.currentTarget as HTMLSelectElement).value;
      this.chosen = new Set();
      void this.refresh();
    };
    return html`<div class="search"><label class="label small" for="board">${this.say("board.choose")}</label>
      <select id="board" @change=${choose}>${this.#boards.map(({ id, name }) => html`<option value=${id} ?selected=${id === board.id}>${lexicon.say(name)}</option>`)}</select></div>`;
  }

  #item(lexicon: Lexicon, item: AgendaItem) {
    const { change, number, title, level, starts, exceptions, rules, yours, inPlaceOf = {} } = item;
    const places = [...new Set(Object.values(inPlaceOf))].map((person) => lexicon.person(person));
    const toggle = (event: Event) => {
      const others = [...this.chosen].filter((known) => known !== change);
      this.chosen = new Set(inputOf(event).checked ? [...others, change] : others);
    };
    const odd = exceptions.map((exception) => html`<span class="tag">${this.say(`exception.${exception}`)}</span>`);
    return html`<li class=${exceptions.length > 0 ? "row exception" : "row"} part="row" data-change=${change}>
      <div class="choice">${
        yours?.length
          ? html`<input type="checkbox" aria-label=${this.say("board.choose.item", { number })} .checked=${this.chosen.has(change)} @change=${toggle}>`
          : nothing
      }<div><a class="title" part="link" data-open=${change} href=${this.link(change)} dir="auto">${number} ${title || lexicon.t("record.erased")}</a>
      <p class="facts">${levelTag(lexicon, level)}<span>${lexicon.rules(rules)}</span>${starts ? html`<span>${lexicon.date(starts)}</span>` : nothing}</p>
      ${places.length > 0 ? html`<p class="note" data-place>${this.say("board.in-place-of", { people: lexicon.list(places) })}</p>` : nothing}
      <p class="facts">${odd.length > 0 ? odd : this.say("board.ordinary")}</p></div></div>
      ${sinceView(this.#speaker(lexicon), item)}${this.#card(item)}</li>`;
  }

  #speaker(lexicon: Lexicon): Speaker {
    const change = (id: ChangeId) => {
      const { number = "", title = "" } = this.changes.get(id) ?? {};
      return `${number} ${title || lexicon.t("record.erased")}`;
    };
    return {
      lexicon,
      say: (code, params) => this.say(code, params),
      link: (id) => this.link(id),
      change,
    };
  }

  /** All that a decision needs, in place: the record's own card, fetched when the first is opened. */
  #card({ change, number, rules, yours }: AgendaItem) {
    const { core, keeper: host, loaded } = this;
    const isOpen = this.opened === change;
    const rule = yours?.[0] ?? rules[0];
    const toggle = (event: Event) => {
      const { open } = event.currentTarget as HTMLDetailsElement;
      if (open !== isOpen) void this.#open(open ? change : "");
    };
    const card = isOpen && core && host && loaded && rule;
    return html`<details .open=${isOpen} @toggle=${toggle}><summary part="disclosure" aria-label=${this.say("board.card.of", { number })}>${this.say("board.card")}</summary>${
      card
        ? html`<changegate-record .core=${core} .host=${host} .loaded=${loaded} .changeId=${change} .language=${this.tag} .card=${rule}
            @changegate-reported=${() => void this.refresh()}></changegate-record>`
        : nothing
    }</details>`;
  }

  async #open(change: string): Promise<void> {
    this.opened = change;
    if (change === "" || this.core) return;
    const [{ RecordView }, core] = await Promise.all([import("../record/record-view.js"), this.theCore()]);
    if (!customElements.get("changegate-record")) customElements.define("changegate-record", RecordView);
    this.core = core;
  }

  #meeting(lexicon: Lexicon, meeting: Meeting) {
    const members = this.#members(lexicon);
    const steps = this.records?.steps[meeting.id] ?? [];
    const may = (step: StepKind) => steps.some((known) => known.step === step && known.allowed);
    const present = (person: string) => meeting.attendance[person] === true;
    const attend = (person: string) => (event: Event) =>
      void this.#step(meeting, { type: "attend", person, present: inputOf(event).checked });
    const add = () => {
      const about = this.about ? { change: this.about } : {};
      void this.#step(meeting, { type: "minute", text: this.minute, ...about });
    };
    return html`<section class="part" part="meeting" aria-labelledby="meeting"><h3 id="meeting">${this.say("board.meeting", { when: lexicon.date(meeting.meets) })}</h3>
      <fieldset class="part"><legend class="label small">${this.say("board.present")}</legend><div class="present">${members.map(
        (person) =>
          html`<label><input type="checkbox" data-person=${person} .checked=${present(person)} ?disabled=${!may("attend")} @change=${attend(person)}> ${lexicon.person(person)}</label>`,
      )}</div></fieldset>
      ${this.#minutes(lexicon, meeting)}
      ${may("minute") ? this.#minuting(add) : nothing}
      <div class="buttons">${may("close") ? html`<button type="button" class="quiet" part="button" data-action="close" @click=${() => void this.#step(meeting, { type: "close" })}>${this.say("board.close")}</button>` : nothing}</div>
      ${whyNot(this.#speaker(lexicon), steps)}</section>`;
  }

  #minuting(add: () => void) {
    return html`<div class="search"><label class="label small" for="about">${this.say("board.minute.about")}</label>
        <select id="about" @change=${(event: Event) => (this.about = (event.currentTarget as HTMLSelectElement).value)}>
          <option value="">${this.say("board.minute.whole")}</option>${this.items.map(({ change, number, title }) => html`<option value=${change}>${number} ${title}</option>`)}</select>
        <label class="label small" for="minute">${this.say("board.minute")}</label>
        <textarea id="minute" rows="3" .value=${this.minute} @input=${(event: Event) => (this.minute = (event.currentTarget as HTMLTextAreaElement).value)}></textarea></div>
      <div class="buttons"><button type="button" class="secondary" part="button" data-action="minute" @click=${add}>${this.say("board.minute.add")}</button></div>`;
  }

  #minutes(lexicon: Lexicon, { minutes }: Meeting) {
    if (minutes.length === 0) return nothing;
    const number = (id: string) => this.changes.get(id)?.number ?? "";
    return html`<div class="part"><p class="label small">${this.say("board.minutes")}</p><ol class="rows">${minutes.map(
      ({ change, said: { text, at } }) =>
        html`<li><p class="note">${lexicon.date(at)}${change ? ` · ${number(change)}` : ""}</p><p class="said" dir="auto">${typeof text === "string" ? text : lexicon.t("record.erased")}</p></li>`,
    )}</ol></div>`;
  }

  #ended(lexicon: Lexicon, meeting: Meeting) {
    const ended = meeting.closed ? this.say("board.closed.by", { when: lexicon.date(meeting.closed.at) }) : "";
    const there = Object.entries(meeting.attendance).flatMap(([person, present]) =>
      present ? lexicon.person(person) : [],
    );
    return html`<div class="part"><h4>${this.say("board.meeting", { when: lexicon.date(meeting.meets) })}, ${ended}</h4>
      <p class="note">${this.say("board.present")}: ${lexicon.list(there)}</p>${this.#lookedAt(lexicon, meeting)}${this.#minutes(lexicon, meeting)}</div>`;
  }

  /** What became of what a meeting looked at. */
  #lookedAt(lexicon: Lexicon, { agenda }: Meeting) {
    const known = agenda.flatMap((id) => this.changes.get(id) ?? []);
    if (known.length === 0) return nothing;
    const line = ({ id, number, title, model, state: where }: ChangeSummary) =>
      html`<li data-change=${id}><a part="link" data-open=${id} href=${this.link(id)} dir="auto">${number} ${title || lexicon.t("record.erased")}</a>
        <span class="tag" part="state">${lexicon.state(where, model)}</span></li>`;
    return html`<p class="label small">${this.say("board.agenda.was")}</p><ul class="rows">${known.map(line)}</ul>`;
  }

  /** Those who can give the yeses that the board is asked for. */
  #members(lexicon: Lexicon): readonly string[] {
    const rules = lexicon.policy.approvals.filter(({ id }) => this.#board?.rules.includes(id));
    const groups = rules.flatMap(({ from }) => (from.type === "group" ? from.group : []));
    return [...lexicon.people.values()]
      .filter((person) => person.groups?.some((group) => groups.includes(group)))
      .map(({ id }) => id);
  }

  /** Each yes is a person's own, to what stands, and to what the board asks of them: one report a rule. */
  async #approve(): Promise<void> {
    const refused: string[] = [];
    let taken = 0;
    for (const item of this.items.filter(({ change }) => this.chosen.has(change))) {
      for (const rule of item.yours ?? []) {
        const reasons = await this.#yes(item, rule);
        if (reasons.length === 0) taken += 1;
        else refused.push(this.say("board.refused", { number: item.number, reasons: this.#listed(reasons) }));
      }
    }
    this.chosen = new Set();
    this.lines = [this.say("board.yes.done", { count: taken }), ...refused];
    await this.refresh();
  }

  /** A yes is to what the agenda showed, whatever stands there by now. */
  #yes({ change, contentHash, level }: AgendaItem, rule: string): Promise<Reasons> {
    return this.go(change, { type: "approve", rule, contentHash, level });
  }

  async #call(board: Board): Promise<void> {
    const agenda = this.items.map(({ change }) => change);
    const at = new Date(now()).toISOString();
    this.#tell(await this.begin({ type: "meeting", step: { type: "call", board: board.id, at, agenda } }), "call");
    await this.refresh();
  }

  async #step(meeting: Meeting, step: Taken): Promise<void> {
    const reasons = await this.go(meeting.id, { type: "meeting", step });
    // What was typed meanwhile stays.
    if (step.type === "minute" && reasons.length === 0 && this.minute === step.text) this.minute = "";
    const about = step.type === "attend" ? this.lexicon?.person(step.person) : "";
    this.#tell(reasons, step.type, about);
    await this.refresh();
  }

  #tell(reasons: Reasons, step: StepKind, about = ""): void {
    const done = about ? `${this.say(`done.${step}`)} ${about}` : this.say(`done.${step}`);
    this.lines = [reasons.length > 0 ? this.#listed(reasons) : done];
  }

  #listed(reasons: Reasons): string {
    return this.lexicon?.list(reasons) ?? "";
  }
}
