import { html, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { inputOf } from "../controls/control.js";
import type { Core } from "../core.js";
import { levelTag } from "../form/status.js";
import { type ChangeSummary, type Host, isWhole, type Records } from "../host.js";
import type { Lexicon } from "../lexicon.js";
import type { AgendaItem, Board, BoardStanding, ChangeId, Meeting, MeetingStep, StepKind, Words } from "../wire.js";
import {
  type Calling,
  type CallingHands,
  callingOffView,
  callingView,
  isInstant,
  NOT_CALLED,
} from "./board/calling.js";
import type { Speaker } from "./catalogue/shelf.js";
import { type Reasons, ReportingElement } from "./reporting.js";
import { sinceView } from "./since.js";
import { stepButton, whyNot } from "./steps.js";
import { recordStyles } from "./styles.js";

/** What is done at a meeting that was called. */
type Taken = Extract<MeetingStep, { type: StepKind }>;

/** Whether a meeting was neither ended nor called off. */
function isOpen({ closed, calledOff }: Meeting): boolean {
  return !closed && !calledOff;
}

/**
 * A board: its agenda with the exceptions first, several decided at once, attendance and minutes.
 *
 * @csspart root, title, row, agenda, meeting, disclosure - the parts of a board
 * @fires changegate-reported - a report was taken
 */
export class ChangeBoard extends ReportingElement {
  static override styles = [...ReportingElement.styles, recordStyles];

  /** The id of the board; left out, one of the reader's own for which most waits, and the reader chooses. */
  @property() board: string | null = null;

  @state() private items: readonly AgendaItem[] = [];
  /** Every board as the reader has to do with it: their own first, then those for which most waits. */
  @state() private standings: readonly BoardStanding[] = [];
  /** The meeting that the reader is about to call. */
  @state() private calling: Calling | undefined;
  /** Why the reader is about to call the meeting off. */
  @state() private callingOff: string | undefined;
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
    const named = (wanted: string | null | undefined) => this.#boards.find(({ id }) => id === wanted);
    return named(this.board) ?? named(this.standings[0]?.board) ?? this.#boards[0];
  }

  protected async look(host: Host): Promise<void> {
    this.standings = (await host.boards?.()) ?? [];
    // Which board it opened on stays, whatever waits for others meanwhile.
    this.board ??= this.#board?.id ?? null;
    const board = this.#board;
    if (!board) return;
    const [items, records, changes] = await Promise.all([
      host.agenda?.(board.id) ?? [],
      host.records?.(),
      host.changes(),
    ]);
    this.items = items;
    this.records = records;
    this.changes = new Map(changes.filter(isWhole).map((change) => [change.id, change]));
  }

  get #meetings(): readonly Meeting[] {
    return (this.records?.records ?? []).flatMap((known) => (known.type === "meeting" ? known.meeting : []));
  }

  protected show(lexicon: Lexicon) {
    const board = this.#board;
    if (!board) return html`<p class="quiet">${this.say("board.none")}</p>`;
    const open = this.#meetings.find((meeting) => meeting.board === board.id && isOpen(meeting));
    const ended = this.#meetings
      .filter((meeting) => meeting.board === board.id && !isOpen(meeting))
      .sort((one, other) => other.meets.localeCompare(one.meets));
    const calling = this.records?.callable?.find((known) => known.board === board.id);
    return html`<h2 part="title">${lexicon.say(board.name)}</h2>${this.#choice(lexicon, board)}
      <section class="part" part="agenda" aria-labelledby="agenda"><h3 id="agenda">${this.say("board.agenda")}</h3>
        ${this.items.length === 0 ? html`<p class="quiet">${this.say("board.agenda.none")}</p>` : html`<ol class="rows">${this.items.map((item) => this.#item(lexicon, item))}</ol>`}
        <div class="buttons">
          ${this.chosen.size > 0 ? html`<button type="button" class="primary" part="button" data-action="yes" @click=${() => void this.#approve()}>${this.say("board.yes", { count: this.chosen.size })}</button>` : nothing}
          ${!open && calling?.allowed ? html`<button type="button" class="secondary" part="button" data-action="call" aria-expanded=${this.calling ? "true" : "false"} @click=${() => this.#plan()}>${this.say("board.call")}</button>` : nothing}
        </div>${!open && calling?.allowed && this.calling ? callingView(this.#speaker(lexicon), this.calling, this.items, this.#callingHands(board)) : nothing}${!open && calling ? whyNot(this.#speaker(lexicon), [{ ...calling, step: "call" }]) : nothing}<div role="status">${this.lines.map((line) => html`<p>${line}</p>`)}</div></section>
      ${open ? this.#meeting(lexicon, open) : nothing}
      ${ended.length > 0 ? html`<details><summary part="disclosure">${this.say("board.closed")}</summary>${ended.map((meeting) => this.#ended(lexicon, meeting))}</details>` : nothing}`;
  }

  #choice(lexicon: Lexicon, board: Board) {
    if (this.#boards.length < 2) return nothing;
    const choose = (event: Event) => {
      this.board = (event.currentTarget as HTMLSelectElement).value;
      this.chosen = new Set();
      this.#forget();
      void this.refresh();
    };
    const count = (id: string) => this.standings.find((known) => known.board === id)?.waiting ?? 0;
    const named = ({ id, name }: Board) =>
      count(id) > 0 ? this.say("board.choice", { name: lexicon.say(name), count: count(id) }) : lexicon.say(name);
    return html`<div class="search"><label class="label small" for="board">${this.say("board.choose")}</label>
      <select id="board" @change=${choose}>${this.#boards.map((known) => html`<option value=${known.id} ?selected=${known.id === board.id}>${named(known)}</option>`)}</select></div>`;
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
    const members = this.standings.find((known) => known.board === meeting.board)?.members ?? [];
    const where = meeting.place ? this.#words(lexicon, meeting.place) : "";
    const steps = this.records?.steps[meeting.id] ?? [];
    const may = (step: StepKind) => steps.some((known) => known.step === step && known.allowed);
    const present = (person: string) => meeting.attendance[person] === true;
    const attend = (person: string) => (event: Event) =>
      void this.#step(meeting, { type: "attend", person, present: inputOf(event).checked });
    const add = () => {
      const about = this.about ? { change: this.about } : {};
      void this.#step(meeting, { type: "minute", text: this.minute, ...about });
    };
    return html`<section class="part" part="meeting" aria-labelledby="meeting"><h3 id="meeting" tabindex="-1">${this.say("board.meeting", { when: lexicon.date(meeting.meets) })}</h3>
      ${where ? html`<p class="note" data-part="place" dir="auto">${this.say("board.place", { where })}</p>` : nothing}
      <fieldset class="part"><legend class="label small">${this.say("board.present")}</legend><div class="present">${members.map(
        (person) =>
          html`<label><input type="checkbox" data-person=${person} .checked=${present(person)} ?disabled=${!may("attend")} @change=${attend(person)}> ${lexicon.person(person)}</label>`,
      )}</div></fieldset>
      ${this.#minutes(lexicon, meeting)}
      ${may("minute") ? this.#minuting(add) : nothing}
      <div class="buttons">${may("close") ? html`<button type="button" class="quiet" part="button" data-action="close" @click=${() => void this.#step(meeting, { type: "close" })}>${this.say("board.close")}</button>` : nothing}${may("callOff") && this.callingOff === undefined ? stepButton(this.#speaker(lexicon), "callOff", () => this.#unplan(), "quiet") : nothing}</div>
      ${may("callOff") && this.callingOff !== undefined ? callingOffView(this.#speaker(lexicon), this.callingOff, (reason) => (this.callingOff = reason), this.#callingOffHands(meeting)) : nothing}
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

  #words(lexicon: Lexicon, words: Words): string {
    return typeof words === "string" ? words : lexicon.t("record.erased");
  }

  #calledOff(lexicon: Lexicon, { meets, calledOff }: Meeting) {
    if (!calledOff) return nothing;
    const { at, text } = calledOff;
    return html`<div class="part" data-part="called-off"><h4>${this.say("board.meeting", { when: lexicon.date(meets) })}, ${this.say("board.called-off", { when: lexicon.date(at) })}</h4>
      <p class="said" dir="auto">${this.#words(lexicon, text)}</p></div>`;
  }

  #ended(lexicon: Lexicon, meeting: Meeting) {
    if (meeting.calledOff) return this.#calledOff(lexicon, meeting);
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

  /** Asks when, where and over what, before anything is sent. */
  #plan(): void {
    this.calling = this.calling ? undefined : NOT_CALLED;
    this.refused = [];
    if (this.calling) void this.focusOn("#calling");
  }

  #unplan(): void {
    this.callingOff = "";
    this.refused = [];
    void this.focusOn("#call-off-reason");
  }

  #forget(): void {
    this.calling = undefined;
    this.callingOff = undefined;
    this.refused = [];
  }

  #callingHands(board: Board): CallingHands {
    return {
      refused: this.refusedView(),
      write: (written) => (this.calling = { ...NOT_CALLED, ...this.calling, ...written }),
      send: () => void this.#call(board),
      cancel: () => {
        this.#forget();
        void this.focusOn("[data-action=call]");
      },
    };
  }

  #callingOffHands(meeting: Meeting): CallingHands {
    return {
      refused: this.refusedView(),
      write: () => undefined,
      send: () => void this.#callOff(meeting),
      cancel: () => {
        this.#forget();
        void this.focusOn("[data-step=callOff]");
      },
    };
  }

  async #call(board: Board): Promise<void> {
    const calling = { ...NOT_CALLED, ...this.calling, tried: true };
    this.calling = calling;
    const { at, without } = calling;
    if (!isInstant(at)) return this.focusOn("#call-at");
    const agenda = this.items.map(({ change }) => change).filter((change) => !without.has(change));
    const place = calling.place.trim();
    const step = { type: "call" as const, board: board.id, at, agenda, ...(place ? { place } : {}) };
    const reasons = await this.begin({ type: "meeting", step });
    if (reasons.length > 0) return this.focusOn("[data-refused]");
    this.#forget();
    this.#tell(reasons, "call");
    await this.refresh();
    await this.focusOn("#meeting");
  }

  async #callOff(meeting: Meeting): Promise<void> {
    const step = { type: "callOff" as const, reason: this.callingOff ?? "" };
    const reasons = await this.go(meeting.id, { type: "meeting", step });
    if (reasons.length > 0) return this.focusOn("#call-off-reason");
    this.#forget();
    this.#tell(reasons, "callOff");
    await this.refresh();
    await this.focusOn("[data-action=call]");
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
