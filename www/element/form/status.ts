import { html } from "lit";
import type { Lexicon } from "../lexicon.js";
import type { Assessment, RiskAssessment } from "../wire.js";

/** How many names the line holds before it says "and more". */
const MOST_NAMES = 2;

function names(lexicon: Lexicon, { approvals }: Assessment): string {
  const all = approvals.map(({ rule }) => lexicon.rule(rule));
  const rest = all.length - MOST_NAMES;
  if (rest <= 0) return lexicon.list(all);
  return `${all.slice(0, MOST_NAMES).join(", ")} ${lexicon.t("approvals.more", { count: rest })}`;
}

/** Who decides, in a few words. */
export function whoDecides(lexicon: Lexicon, assessment: Assessment): string {
  const way = lexicon.models.get(assessment.model)?.authorization.type;
  if (way === "preApproved") return lexicon.t("status.nobody");
  if (assessment.approvals.length === 0) return lexicon.t("status.unknown");
  return lexicon.t(way === "afterwards" ? "status.afterwards" : "status.who", { who: names(lexicon, assessment) });
}

/** The level, by how high it stands among the policy's: 0 is the lowest, 1 the highest. */
export function height(lexicon: Lexicon, level: string): number {
  const { levels } = lexicon.policy.risk;
  const rank = levels.findIndex((known) => known.id === level);
  return levels.length < 2 ? 0 : rank / (levels.length - 1);
}

/** Which of three shades a level has. */
export function shade(lexicon: Lexicon, level: string): "low" | "middle" | "high" {
  const at = height(lexicon, level);
  if (at >= 0.75) return "high";
  return at >= 0.34 ? "middle" : "low";
}

/** The level as a word on its shade; the word says it all. */
export function levelTag(lexicon: Lexicon, level: string) {
  return html`<span class="level ${shade(lexicon, level)}" part="level">${lexicon.level(level)}</span>`;
}

/** Whether the level stands only because of what is not answered or not known. */
function isAssumed({ contributions, level }: RiskAssessment): boolean {
  const winners = contributions.filter((engine) => engine.type !== "question" && engine.level === level);
  return winners.length > 0 && winners.every((engine) => "unknown" in engine && engine.unknown);
}

/** A level that only stands because something is open is drawn lightly, and says so. */
function levelSoFar(lexicon: Lexicon, { risk }: Assessment) {
  const { unanswered: count, level } = risk;
  if (count === 0 && !isAssumed(risk)) return levelTag(lexicon, level);
  const note = count === 0 ? lexicon.t("status.assumed") : lexicon.t("status.open", { count });
  return html`<span class="level open" part="level">${lexicon.level(level)}</span> <span class="note">${note}</span>`;
}

/** One line: how risky, who decides, earliest day. */
export function statusLine(lexicon: Lexicon, assessment: Assessment) {
  const day = assessment.earliest
    ? lexicon.t("status.earliest", { day: lexicon.date(assessment.earliest, "day") })
    : "";
  const parts = [whoDecides(lexicon, assessment), day].filter(Boolean);
  return html`<p class="status" part="status" role="status" aria-live="polite">
    <span class="status-level">${lexicon.t("status.level", { level: "" })}${levelSoFar(lexicon, assessment)}</span>
    ${parts.map((part) => html`<span class="status-part">${part}</span>`)}</p>`;
}
