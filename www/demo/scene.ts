import type { ChangeSummary, Loaded, Text } from "/pkg/index.js";
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

  /** British dates for English: all English-speaking organisations here are British. */
  get locale(): string {
    return this.settings.language === "en" ? "en-GB" : this.settings.language;
  }
}
