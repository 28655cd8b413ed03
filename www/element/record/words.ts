import { recordEn } from "../messages/record-en.js";
import { loadMessages, underlay } from "../messages.js";

/** Fetches the wordings of the record in a language. English is always there. */
export async function loadRecordMessages(language: string): Promise<void> {
  underlay("en", recordEn);
  const isGerman = language.split("-")[0] === "de";
  const [german] = await Promise.all([
    isGerman ? import("../messages/record-de.js") : undefined,
    loadMessages(language),
  ]);
  if (german) underlay("de", german.recordDe);
}
