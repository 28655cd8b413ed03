import { html, nothing } from "lit";
import type { Lexicon } from "../lexicon.js";
import type { Assessment, Contribution, RiskAssessment } from "../wire.js";
import { levelTag } from "./status.js";

type Question = Extract<Contribution, { type: "question" }>;
type Engine = Exclude<Contribution, Question>;

function isQuestion(contribution: Contribution): contribution is Question {
  return contribution.type === "question";
}

function engineName(lexicon: Lexicon, risk: RiskAssessment, engine: Engine): string {
  switch (engine.type) {
    case "points":
      return lexicon.t("risk.points", { points: risk.points, most: risk.mostPoints });
    case "floor":
      return lexicon.rule(engine.rule);
    case "matrix":
      return lexicon.t("risk.matrix");
    case "template":
      return lexicon.t("risk.template");
  }
}

function isAssumed(engine: Engine): boolean {
  return (engine.type === "floor" || engine.type === "matrix") && engine.unknown;
}

function engineView(lexicon: Lexicon, risk: RiskAssessment, engine: Engine) {
  const wins = engine.level === risk.level;
  return html`<li class="engine" data-engine=${engine.type}>
    <span>${engineName(lexicon, risk, engine)}${isAssumed(engine) ? html`<span class="more">${lexicon.t("risk.assumed")}</span>` : nothing}</span>
    <span class="engine-level">${levelTag(lexicon, engine.level)}${wins ? html` <span class="note">${lexicon.t("risk.wins")}</span>` : nothing}</span></li>`;
}

function answerOf(lexicon: Lexicon, { field, answer }: Question): string {
  const known = lexicon.fields.get(field);
  if (typeof answer !== "string") return lexicon.t("risk.answer.none");
  if (!known) return answer;
  return lexicon.value(known, known.kind.type === "yesNo" ? answer === "true" : answer);
}

function questionView(lexicon: Lexicon, question: Question) {
  const { field, points, most } = question;
  const said = lexicon.t("risk.answer.points", { points, most });
  return html`<li class="answer" data-question=${field}>
    <span class="answer-name">${lexicon.field(field)}<span class="more ${typeof question.answer === "string" ? "" : "open"}">${answerOf(lexicon, question)}</span></span>
    <span class="answer-points"><meter class="bar" part="bar" min="0" max=${most} value=${points} aria-hidden="true"></meter>${said}</span></li>`;
}

function answers(lexicon: Lexicon, risk: RiskAssessment) {
  const questions = risk.contributions.filter(isQuestion);
  const raising = questions.filter(({ points }) => points > 0);
  const others = questions.filter(({ points }) => points === 0);
  if (questions.length === 0) return nothing;
  return html`<h4 class="label small">${lexicon.t("risk.answers")}</h4>
    ${raising.length === 0 ? html`<p class="note">${lexicon.t("risk.nothing")}</p>` : nothing}
    <ul class="answers">${raising.map((question) => questionView(lexicon, question))}</ul>
    ${
      others.length === 0
        ? nothing
        : html`<details class="others"><summary>${lexicon.t("risk.answers.zero", { count: others.length })}</summary>
      <ul class="answers">${others.map((question) => questionView(lexicon, question))}</ul></details>`
    }`;
}

/** How risky it is and why: every way in which risk is found, the highest counts; and what each answer adds. */
export function riskView(lexicon: Lexicon, { risk }: Assessment) {
  const engines = risk.contributions.filter((contribution): contribution is Engine => !isQuestion(contribution));
  return html`
    ${risk.unanswered > 0 ? html`<p class="finding"><span class="warns">${lexicon.t("risk.unanswered", { count: risk.unanswered })}</span></p>` : nothing}
    ${
      engines.length === 0
        ? nothing
        : html`<p class="label small">${lexicon.t("risk.highest")}</p>
      <ul class="engines">${engines.map((engine) => engineView(lexicon, risk, engine))}</ul>`
    }
    ${answers(lexicon, risk)}`;
}
