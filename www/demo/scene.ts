import type { ChangeSummary, Loaded, Reading, Text } from "/pkg/index.js";
import { type Intranet, intranetOf } from "./organisations.js";
import type { Settings } from "./settings.js";
import type { Stage } from "./stage.js";
import { say, type Word } from "./words.js";

/** How much of an instant is told. */
export type DateStyle = "moment" | "day";

const STYLES = {
  moment: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "long", year: "numeric" },
} satisfies Record<DateStyle, Intl.DateTimeFormatOptions>;

/** How many open changes are asked whether they wait for the reader. */
const ASKED_AT_MOST = 40;

/** What a page is drawn from: what the host loaded, its changes, and the reader's language. */
export class Scene {
  readonly intranet: Intranet;

  constructor(
    readonly stage: Stage,
    readonly loaded: Loaded,
    readonly changes: readonly ChangeSummary[],
    readonly settings: Settings,
  ) {
    this.intranet = intranetOf(loaded.policy);
  }

  /** The portal's own words. */
  t(word: Word, places?: Readonly<Record<string, string>>): string {
    return say(this.settings.language, word, places);
  }

  /** Words of the organisation, in the reader's language or the first that it has. */
  say(text: Text): string {
    return text[this.settings.language] ?? Object.values(text)[0] ?? "";
  }

  /** An instant by the organisation's wall clock. */
  date(instant: string, style: DateStyle = "moment"): string {
    const timeZone = this.loaded.world.calendar?.zone ?? "UTC";
    return new Intl.DateTimeFormat(this.locale, { ...STYLES[style], timeZone }).format(Date.parse(instant));
  }

  /** From one instant to another, the day said once where it is one day. */
  period(from: string, to: string): string {
    const timeZone = this.loaded.world.calendar?.zone ?? "UTC";
    const format = new Intl.DateTimeFormat(this.locale, { ...STYLES.moment, timeZone });
    return format.formatRange(Date.parse(from), Date.parse(to));
  }

  /** A day so many days before now. */
  daysAgo(days: number): string {
    return this.date(new Date(Date.parse(this.loaded.now) - days * 86_400_000).toISOString(), "day");
  }

  person(id: string): string {
    return this.loaded.world.people?.find((person) => person.id === id)?.name ?? id;
  }

  service(id: string): string {
    return this.loaded.world.services?.find((service) => service.id === id)?.name ?? id;
  }

  /** The state of a change by the organisation's name for it. */
  state(change: ChangeSummary): string {
    const model = this.loaded.policy.models.find((known) => known.id === change.model);
    const state = model?.lifeCycle.states.find((known) => known.id === change.state);
    return state ? this.say(state.name) : change.state;
  }

  level(change: ChangeSummary): string {
    const level = this.loaded.policy.risk.levels.find((known) => known.id === change.level);
    return level ? this.say(level.name) : change.level;
  }

  /** Where a level stands among the policy's, from 0 for the lowest to 3 for the highest: for its colour. */
  severity(change: ChangeSummary): string {
    const { levels } = this.loaded.policy.risk;
    const rank = levels.findIndex((known) => known.id === change.level);
    return String(Math.round((Math.max(0, rank) / Math.max(1, levels.length - 1)) * 3));
  }

  /** The open changes that go on only when the reader does something. */
  async waiting(): Promise<readonly ChangeSummary[]> {
    const open = this.changes.filter(isOpen).slice(0, ASKED_AT_MOST);
    const waits = await Promise.all(open.map(async ({ id }) => isWaiting(await this.stage.host.permitted?.(id))));
    return open.filter((_, position) => waits[position]);
  }

  /** British dates for English: all English-speaking organisations here are British. */
  get locale(): string {
    return this.settings.language === "en" ? "en-GB" : this.settings.language;
  }
}

/** Whether a change still goes somewhere. */
export function isOpen({ phase }: ChangeSummary): boolean {
  return phase !== "closed" && phase !== "canceled";
}

/** Withdrawing and sending back need a reason and can wait; what is asked of a person does not. */
function isWaiting(reading: Reading | undefined): boolean {
  if (!reading) return false;
  const { change, permissions } = reading;
  return permissions.some(({ allowed, command, reason }) => {
    if (!allowed) return false;
    return (
      command === "approve" ||
      (command === "move" && !reason) ||
      (command === "complete" && change.phase === "implement")
    );
  });
}
