// The command that the answers to a gesture make.

import type { Command, ErasureGround, Outcome, Relationship, TestResult, Value, YesNo } from "../wire.js";
import type { Answers } from "./asked.js";
import { type Gesture, writers } from "./gesture.js";
import { stillNamed } from "./mention.js";
import type { ChangeRecord } from "./record.js";

function text(answers: Answers, id: string): string {
  const value = answers[id];
  return typeof value === "string" ? value : "";
}

/** A text, where one was written. */
function optional<N extends string>(answers: Answers, id: N): { readonly [K in N]?: string } {
  const value = text(answers, id);
  return (value.trim() === "" ? {} : { [id]: value }) as { readonly [K in N]?: string };
}

function completing(answers: Answers): Command {
  const { downtimeMin } = answers;
  return {
    type: "complete",
    outcome: text(answers, "outcome") as Outcome,
    startedAt: text(answers, "startedAt"),
    endedAt: text(answers, "endedAt"),
    downtimeMin: typeof downtimeMin === "number" ? downtimeMin : 0,
    ...optional(answers, "note"),
    ...(Object.keys(fieldsOf(answers)).length > 0 ? { fields: fieldsOf(answers) } : {}),
  };
}

function erasing(record: ChangeRecord, answers: Answers): Command {
  const people = [answers.people ?? []].flat().filter((person) => typeof person === "string");
  const texts = writers(record);
  const commitments = people.flatMap((person) => texts.get(person) ?? []);
  return { type: "erase", commitments, ground: text(answers, "ground") as ErasureGround };
}

/** The fields among the answers. */
function fieldsOf(answers: Answers): Record<string, Value> {
  const filled = Object.entries(answers).flatMap(([id, value]) =>
    id.startsWith("field:") && value !== undefined ? [[id.slice("field:".length), value] as const] : [],
  );
  return Object.fromEntries(filled);
}

/** One thing a line. */
function linesOf(answers: Answers, id: string): readonly string[] {
  return text(answers, id)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function peopleOf(answers: Answers, id: string): string[] {
  return [answers[id] ?? []].flat().filter((person) => typeof person === "string");
}

function yesNo(answers: Answers): YesNo {
  return answers.answer === true ? "yes" : "no";
}

type Question = Extract<Command, { type: "ask" }>["questions"][number];

function questionsOf(answers: Answers): Question[] {
  return [answers.questions ?? []].flat().flatMap((row) => {
    if (typeof row !== "object" || Array.isArray(row)) return [];
    const { field, text } = row as Readonly<Record<string, Value>>;
    if (typeof text !== "string") return [];
    return typeof field === "string" && field ? { field, text } : { text };
  });
}

function asking(answers: Answers, rule: string | null | undefined): Command {
  const transition = text(answers, "transition");
  const questions = questionsOf(answers);
  return { type: "ask", questions, ...(rule ? { rule } : {}), ...(transition ? { transition } : {}) };
}

/** Whoever was chosen and still is named. */
function commenting({ lexicon }: ChangeRecord, answers: Answers): Command {
  const said = text(answers, "text");
  const mentions = [...stillNamed(said, peopleOf(answers, "mentions"), (person) => lexicon.person(person))];
  return { type: "comment", text: said, ...(mentions.length > 0 ? { mentions } : {}) };
}

function unrelating(about: string): Command {
  const [relation = "", to = ""] = about.split(" ");
  return { type: "unrelate", relation: relation as Relationship, to };
}

function attaching(kind: string, answers: Answers): Command {
  const { file, result } = answers;
  const [sha256, bytes] = typeof file === "string" ? file.split(" ") : [];
  return {
    type: "attach",
    kind,
    name: text(answers, "name"),
    ...optional(answers, "link"),
    ...optional(answers, "note"),
    ...(sha256 ? { file: { sha256, bytes: Number(bytes) } } : {}),
    ...(typeof result === "string" ? { result: result as TestResult } : {}),
  };
}

/** The command of a gesture. An approval names the content and the level that were seen. */
export function commandOf(record: ChangeRecord, { permission }: Gesture, answers: Answers): Command {
  const { contentHash, level } = record.reading.change;
  const { command, transition, step } = permission;
  const [rule, about] = [permission.rule ?? "", permission.about ?? ""];
  const reason = text(answers, "reason");
  const due = typeof answers.until === "string" ? { until: answers.until } : {};
  switch (command) {
    case "move":
      return { type: "move", transition: transition ?? "", ...optional(answers, "reason") };
    case "approve": {
      const conditions = [...linesOf(answers, "conditions")];
      const set = conditions.length > 0 ? { conditions } : {};
      return { type: "approve", rule, contentHash, level, ...optional(answers, "comment"), ...set };
    }
    case "decline":
      return { type: "decline", rule, contentHash, reason };
    case "defer":
      return { type: "defer", rule, contentHash, reason, ...due };
    case "evaluate":
      return { type: "evaluate", fields: fieldsOf(answers), ...optional(answers, "note") };
    case "ask":
      return asking(answers, permission.rule);
    case "answer":
      return { type: "answer", question: Number(about), text: text(answers, "text") };
    case "fulfill":
      return { type: "fulfill", condition: Number(about), ...optional(answers, "note") };
    case "hold":
      return { type: "hold", reason };
    case "resume":
      return { type: "resume", ...optional(answers, "note") };
    case "assign":
      return { type: "assign", state: about, person: peopleOf(answers, "person")[0] ?? "" };
    case "task":
      return { type: "task", task: about, step: step ?? "accepted", ...optional(answers, "note") };
    case "check":
      return { type: "check", item: about, answer: yesNo(answers), ...optional(answers, "note") };
    case "observe":
      return { type: "observe", measure: about, answer: yesNo(answers), ...optional(answers, "note") };
    case "endObservation":
      return { type: "endObservation", reason };
    case "extend":
      return { type: "extend", until: text(answers, "until"), reason };
    case "decideExtension":
      return { type: "decideExtension", answer: yesNo(answers), ...optional(answers, "reason") };
    case "attach":
      return attaching(about, answers);
    case "retract":
      return { type: "retract", evidence: Number(about), reason };
    case "relate":
      return { type: "relate", relation: text(answers, "relation") as Relationship, to: text(answers, "to") };
    case "waive":
      return {
        type: "waive",
        duty: about,
        person: peopleOf(answers, "person")[0] ?? "",
        until: text(answers, "until"),
        reason,
      };
    case "reviewWaiver":
      return { type: "reviewWaiver", waiver: Number(about), text: text(answers, "text") };
    case "recordIncident":
      return {
        type: "recordIncident",
        incident: text(answers, "incident"),
        noticedAt: text(answers, "noticedAt"),
        ...optional(answers, "note"),
      };
    case "reviewIncident":
      return { type: "reviewIncident", incident: Number(about), text: text(answers, "text") };
    case "complete":
      return completing(answers);
    case "review":
      return reviewing(answers);
    case "announce":
      return { type: "announce", text: text(answers, "text") };
    case "comment":
      return commenting(record, answers);
    case "erase":
      return erasing(record, answers);
    case "unrelate":
      return unrelating(about);
    case "adoptPolicy":
      return { type: "adoptPolicy", policy: record.adoption?.policyHash ?? "", state: text(answers, "state") };
    case "edit":
    case "submit":
    case "remind":
    case "escalate":
    case "handOn":
    case "template":
    case "policy":
    case "meeting":
      throw new TypeError(`\`${command}\` is not written on this panel`);
  }
}

function reviewing(answers: Answers): Command {
  const fields = fieldsOf(answers);
  const incidents = [...linesOf(answers, "incidents")];
  return {
    type: "review",
    text: text(answers, "text"),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(incidents.length > 0 ? { incidents } : {}),
  };
}
