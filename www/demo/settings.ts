import { LANGUAGES, type Language } from "./words.js";

/** What the reader has chosen, kept in this browser. */
export interface Settings {
  organisation: string;
  person: string;
  language: Language;
  theme: Theme;
}

/** Light, dark, or as the device has it. */
export const THEMES = ["auto", "light", "dark"] as const;

/** One of them. */
export type Theme = (typeof THEMES)[number];

const KEY = "changegate-demo";

/** What was chosen last, else what suits at first. */
export function readSettings(): Settings {
  const stored = storedSettings();
  return {
    organisation: stored.organisation ?? "defra",
    person: stored.person ?? "",
    language: oneOf(Object.keys(LANGUAGES) as Language[], stored.language, "en"),
    theme: oneOf(THEMES, stored.theme, "auto"),
  };
}

/** Keeps what was chosen. Where the browser keeps nothing, it lasts as long as the page. */
export function keepSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch (cause) {
    console.warn("the choices of this page are not kept", cause);
  }
}

function storedSettings(): Partial<Record<keyof Settings, string>> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Record<keyof Settings, string>>;
  } catch {
    return {};
  }
}

function oneOf<T extends string>(known: readonly T[], given: string | undefined, otherwise: T): T {
  return known.find((one) => one === given) ?? otherwise;
}
