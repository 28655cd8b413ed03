// The wordings of the lists, which come with them.

import type { Message } from "../messages/en.js";
import { loadMessages, type Params } from "../messages.js";
import { loadRecordMessages } from "../record/words.js";
import type { Exception, Phase } from "../wire.js";
import { catalogueDe, catalogueEn } from "./catalogue/words.js";
import { policiesDe, policiesEn } from "./policies/words.js";

const en = {
  ...catalogueEn,
  ...policiesEn,
  "list.loading": "One moment, this is being fetched",
  "list.waiting": "Waits for you",
  "list.waiting.none": "Nothing waits for you.",
  "list.mine": "What you asked for",
  "list.mine.none": "You have not asked for anything yet.",
  "list.open": "Open changes",
  "list.open.none": "No change is open.",
  "list.all": "All changes",
  "list.all.none": "There is no change yet.",
  "list.search": "Search by number or title",
  "list.found": { one: "One change", other: "{count} changes" },
  "list.nothing": "No change fits that.",
  "list.asks": "You are asked to: {what}",
  "list.late": "late since {when}",
  "list.reminded": { one: "You were reminded on {when}", other: "You were reminded {count} times, last on {when}" },
  "list.updated": "last touched {when}",
  "notice.title": "Planned work",
  "notice.none": "No work is planned.",
  "notice.downtime": "Will not work {period}",
  "notice.no-downtime": "Nobody should notice an interruption.",
  "notice.services": "Touches: {services}",
  "notice.told": "What was told",
  "notice.scheduled": "planned",
  "notice.implement": "being done now",
  "notice.review": "done, being looked at",
  "notice.early": "not yet decided",
  "board.title": "Board",
  "board.choose": "Which board?",
  "board.none": "This organisation has no board.",
  "board.agenda": "On the agenda",
  "board.agenda.none": "Nothing waits for this board.",
  "board.exceptions": "Out of the ordinary",
  "board.ordinary": "Nothing out of the ordinary",
  "board.card": "Read and decide",
  "board.in-place-of": "Your approval is given in place of: {people}",
  "board.card.of": "Read and decide: {number}",
  "board.choose.item": "Choose {number}",
  "board.yes": { one: "Say yes to the one chosen", other: "Say yes to the {count} chosen" },
  "board.yes.done": { one: "Yes said to one change", other: "Yes said to {count} changes" },
  "board.refused": "{number}: {reasons}",
  "board.call": "Call a meeting with this agenda",
  "board.meeting": "Meeting, {when}",
  "board.present": "Who is there",
  "board.minutes": "Minutes",
  "board.minute": "What was said?",
  "board.minute.about": "About which change?",
  "board.minute.whole": "About none in particular",
  "board.minute.add": "Put it into the minutes",
  "board.close": "End the meeting",
  "board.agenda.was": "What was on the agenda, and where that is now",
  "board.closed": "Meetings before",
  "board.closed.by": "ended {when}",
  "exception.conflict": "something is in the way",
  "exception.highLevel": "high risk",
  "exception.shortNotice": "short notice",
  "exception.deferred": "put off before",
  "exception.openQuestion": "questions are open",
  "exception.changed": "changed since the last meeting",
  "since.title": "Since the last meeting",
  "since.fields.of": "What has changed about {number}",
  "since.submitted": "New since the last meeting",
  "since.fields": { one: "One answer has changed", other: "{count} answers have changed" },
  "since.level": "The risk was: {level}",
  "since.asked": "Now also asked: {rules}",
  "since.dropped": "Not asked any more: {rules}",
  "since.adopted": "It follows newer rules",
  "since.answered": { one: "One question was answered", other: "{count} questions were answered" },
  "since.evidence": { one: "One proof was added", other: "{count} proofs were added" },
  "since.comments": { one: "One remark", other: "{count} remarks" },
} satisfies Record<string, Message> & Record<`exception.${Exception}`, Message>;

/** A wording of the lists. */
export type ListCode = keyof typeof en;

const de: Readonly<Record<ListCode, Message>> = {
  ...catalogueDe,
  ...policiesDe,
  "list.loading": "Einen Moment, das wird geholt",
  "list.waiting": "Wartet auf Sie",
  "list.waiting.none": "Auf Sie wartet nichts.",
  "list.mine": "Was Sie gewünscht haben",
  "list.mine.none": "Sie haben noch nichts gewünscht.",
  "list.open": "Offene Änderungen",
  "list.open.none": "Keine Änderung ist offen.",
  "list.all": "Alle Änderungen",
  "list.all.none": "Es gibt noch keine Änderung.",
  "list.search": "Nach Nummer oder Titel suchen",
  "list.found": { one: "Eine Änderung", other: "{count} Änderungen" },
  "list.nothing": "Dazu passt keine Änderung.",
  "list.asks": "Sie sind gebeten: {what}",
  "list.late": "überfällig seit {when}",
  "list.reminded": {
    one: "Sie wurden am {when} erinnert",
    other: "Sie wurden {count}-mal erinnert, zuletzt am {when}",
  },
  "list.updated": "zuletzt bearbeitet {when}",
  "notice.title": "Geplante Arbeiten",
  "notice.none": "Es sind keine Arbeiten geplant.",
  "notice.downtime": "Geht nicht {period}",
  "notice.no-downtime": "Niemand sollte eine Unterbrechung bemerken.",
  "notice.services": "Betrifft: {services}",
  "notice.told": "Was mitgeteilt wurde",
  "notice.scheduled": "geplant",
  "notice.implement": "läuft gerade",
  "notice.review": "getan, wird nachgesehen",
  "notice.early": "noch nicht entschieden",
  "board.title": "Gremium",
  "board.choose": "Welches Gremium?",
  "board.none": "Diese Organisation hat kein Gremium.",
  "board.agenda": "Auf der Tagesordnung",
  "board.agenda.none": "Auf dieses Gremium wartet nichts.",
  "board.exceptions": "Nicht wie gewöhnlich",
  "board.ordinary": "Nichts Ungewöhnliches",
  "board.card": "Lesen und entscheiden",
  "board.in-place-of": "Ihre Zustimmung geben Sie in Vertretung von: {people}",
  "board.card.of": "Lesen und entscheiden: {number}",
  "board.choose.item": "{number} auswählen",
  "board.yes": { one: "Der ausgewählten zustimmen", other: "Den {count} ausgewählten zustimmen" },
  "board.yes.done": { one: "Einer Änderung zugestimmt", other: "{count} Änderungen zugestimmt" },
  "board.refused": "{number}: {reasons}",
  "board.call": "Sitzung mit dieser Tagesordnung einberufen",
  "board.meeting": "Sitzung, {when}",
  "board.present": "Wer da ist",
  "board.minutes": "Protokoll",
  "board.minute": "Was wurde gesagt?",
  "board.minute.about": "Zu welcher Änderung?",
  "board.minute.whole": "Zu keiner bestimmten",
  "board.minute.add": "Ins Protokoll aufnehmen",
  "board.close": "Sitzung beenden",
  "board.agenda.was": "Was auf der Tagesordnung stand, und wo es jetzt steht",
  "board.closed": "Frühere Sitzungen",
  "board.closed.by": "beendet {when}",
  "exception.conflict": "etwas ist im Weg",
  "exception.highLevel": "hohes Risiko",
  "exception.shortNotice": "kurzfristig",
  "exception.deferred": "schon einmal verschoben",
  "exception.openQuestion": "Fragen sind offen",
  "exception.changed": "seit der letzten Sitzung geändert",
  "since.title": "Seit der letzten Sitzung",
  "since.fields.of": "Was sich an {number} geändert hat",
  "since.submitted": "Neu seit der letzten Sitzung",
  "since.fields": { one: "Eine Angabe hat sich geändert", other: "{count} Angaben haben sich geändert" },
  "since.level": "Das Risiko war: {level}",
  "since.asked": "Nun auch gefragt: {rules}",
  "since.dropped": "Nicht mehr gefragt: {rules}",
  "since.adopted": "Sie folgt neueren Regeln",
  "since.answered": { one: "Eine Frage wurde beantwortet", other: "{count} Fragen wurden beantwortet" },
  "since.evidence": { one: "Ein Nachweis kam hinzu", other: "{count} Nachweise kamen hinzu" },
  "since.comments": { one: "Eine Bemerkung", other: "{count} Bemerkungen" },
};

/** A wording of the lists in a language. */
export function words(language: string, code: ListCode, params: Params = {}): string {
  const table = language.split("-")[0] === "de" ? de : en;
  const found: Message = table[code];
  const count = Number(params.count ?? 0);
  const wording = typeof found === "string" ? found : ((count === 1 ? found.one : undefined) ?? found.other);
  return wording.replace(/\{(\w+)\}/g, (whole, name: string) =>
    params[name] === undefined ? whole : String(params[name]),
  );
}

/** How a phase reads to somebody whom it merely affects. */
export function plainPhase(phase: Phase): ListCode {
  return phase === "scheduled" || phase === "implement" || phase === "review" ? `notice.${phase}` : "notice.early";
}

/** Fetches what the lists say in a language. */
export async function loadListWords(language: string): Promise<void> {
  await Promise.all([loadMessages(language), loadRecordMessages(language)]);
}
