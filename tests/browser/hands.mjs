// A change by the hands of people: typed into the form, then carried on by those whose turn it is.

import assert from "node:assert/strict";
import { jump, readJson, readRows, signIn } from "./demo.mjs";
import { answer } from "./form.mjs";
import { open } from "./record.mjs";

/** By the catalogue where there is a template, else by the navigation; then all fields are shown. */
export async function openForm(page, { template }) {
  await page.locator("#navigation a[href='#/raise']").click();
  if (template) await page.locator(`a[href='#/raise/${template}']`).click();
  await page.locator("change-request [data-face=complete]").click();
  await page.locator("change-request [data-face=complete][aria-pressed=true]").waitFor();
}

/** In the order of the policy, as a person goes down the form. */
export async function write(page, organisation, fields) {
  const policy = await readJson(`tests/organisations/${organisation}/policy.json`);
  const names = await namesOf(page, organisation);
  const inOrder = policy.sections.flatMap((section) => section.fields).filter((id) => id in fields);
  for (const id of inOrder) {
    const field = withNames(
      policy.fields.find((known) => known.id === id),
      names,
    );
    await answer(page, field, fields[id]);
  }
}

/** What people and services are called, by id: a person types names. */
async function namesOf(page, organisation) {
  const people = await page.locator("#demo-person option").evaluateAll((options) => {
    return options.map(({ value, text }) => [value, text.split(",")[0]]);
  });
  const services = await readRows(`tests/organisations/${organisation}/services.csv`);
  return new Map([...people, ...services.map(([id, name]) => [id, name])]);
}

function withNames(field, names) {
  const columns = field.kind.columns?.map((column) => withNames(column, names));
  return { ...field, kind: { ...field.kind, names, ...(columns ? { columns } : {}) } };
}

/** Sends the form off; the page becomes that of the change. */
export async function submit(page) {
  await page.locator("change-request [data-action=submit]").click();
  await page.locator("change-request #cgr-title").waitFor();
  assert.match(page.url(), /#\/change\//);
}

/** One hand: somebody signs in, finds the change, and says what is theirs to say, when it is time. */
export async function begin(page, hand, plannedEnd) {
  await signIn(page, hand.person);
  if (hand.time) await jump(page, hand.time === "start" ? "toStart" : "toEnd");
  await open(page, keyOf(hand));
  const panel = page.locator("change-request #cgr-panel");
  await panel.waitFor();
  if (hand.completes) await report(panel, hand, plannedEnd);
  if (hand.reviews) await panel.locator("[data-asked=text] textarea").pressSequentially(hand.reviews);
}

/** Says it, and waits until it is taken. */
export async function make(page) {
  const panel = page.locator("change-request #cgr-panel");
  await panel.locator("[data-action=make]").click();
  await panel.waitFor({ state: "detached" });
}

function keyOf({ moves, approves, completes }) {
  if (moves) return `move ${moves}`;
  if (approves) return `approve ${approves}`;
  return completes ? "complete" : "review";
}

/** The work ended when it was planned to: the clock went on since, and a minute more would be an overrun. */
async function report(panel, { completes, downtimeMin, note }, ended) {
  await panel.locator("[data-asked=outcome] label", { has: panel.page().locator(`[value=${completes}]`) }).click();
  await panel.locator("[data-asked=endedAt] input").fill(ended);
  await panel.locator("[data-asked=downtimeMin] input").last().fill(String(downtimeMin));
  if (note) await panel.locator("[data-asked=note] textarea").pressSequentially(note);
}

/** It is closed, and its record is whole. */
export async function isClosed(page) {
  const record = page.locator("change-request changegate-record");
  await record.locator("[part=state][data-phase=closed]").waitFor();
  await record.locator("details[data-panel=log] summary").click();
  await record.locator("[data-action=verify]").click();
  await record.locator("[part=verdict][data-ok=true]").waitFor();
}
