// Five real requests, each typed into the form and carried to closed by the hands of the right people.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { isDate, wallTime } from "./calendar.mjs";
import { jump, openPage, readJson, readRows, shoot, signIn, startBrowser, startHost } from "./demo.mjs";
import { answer } from "./form.mjs";

const policy = await readJson("tests/organisations/defra/policy.json");
const calendar = await readJson("tests/organisations/defra/calendar.json");
const folder = new URL("../requests/", import.meta.url);
const files = (await readdir(folder)).filter((file) => file.endsWith(".json"));
const requests = await Promise.all(files.map((file) => readJson(`tests/requests/${file}`)));

describe("five real requests", { concurrency: false }, () => {
  let host;
  let browser;

  before(async () => {
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  for (const request of requests) {
    test(`${request.id} goes from an empty form to closed`, async () => {
      const { page, faults, close } = await openPage(browser);
      await carry(page, host.address, request);
      assert.deepEqual(faults, []);
      await close();
    });
  }
});

/** Those that between them pass every state are drawn. */
const DRAWN = ["deployment-jobs", "ruleset-update"];

async function carry(page, address, request) {
  const seen = (name) => (DRAWN.includes(request.id) ? shoot(page, request.id, name) : undefined);
  await page.goto(address);
  await page.locator("#demo-person").waitFor({ state: "attached" });
  await signIn(page, request.requester);
  const { now } = await page.evaluate(() => fetch("/api/demo/clock").then((answer) => answer.json()));
  const fields = dated(request.fields, now);
  await openForm(page, request);
  await seen("1-empty");
  await write(page, fields);
  if (request.corrected) {
    await isStopped(page, request.expect.stops);
    await seen("2-stopped");
    const corrected = dated(request.corrected.fields, now);
    await write(page, corrected);
    Object.assign(fields, corrected);
  }
  const { expect, hands } = request.corrected ?? request;
  await comesTo(page, expect);
  await seen("3-written");
  await submit(page);
  await seen("4-submitted");
  for (const [at, hand] of hands.entries()) {
    const name = `${at + 5}-${Object.keys(hand)[1]}`;
    await begin(page, hand, fields.end);
    await seen(`${name}-panel`);
    await make(page);
    await seen(name);
  }
  await isClosed(page);
}

/** By the catalogue where there is a template, else by the navigation; then all fields are shown. */
async function openForm(page, { template }) {
  await page.locator("#navigation a[href='#/raise']").click();
  if (template) await page.locator(`a[href='#/raise/${template}']`).click();
  await page.locator("change-request [data-face=complete]").click();
  await page.locator("change-request [data-field=department]").waitFor();
}

/** The fields with their dates as a clock on the wall shows them. */
function dated(fields, now) {
  const dates = Object.entries(fields).filter(([, value]) => isDate(value));
  return { ...fields, ...Object.fromEntries(dates.map(([id, value]) => [id, wallTime(calendar, now, value)])) };
}

/** In the order of the policy, as a person goes down the form. */
async function write(page, fields) {
  const names = await namesOf(page);
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
async function namesOf(page) {
  const people = await page.locator("#demo-person option").evaluateAll((options) => {
    return options.map(({ value, text }) => [value, text.split(",")[0]]);
  });
  const services = await readRows("tests/organisations/defra/services.csv");
  return new Map([...people, ...services.map(([id, name]) => [id, name])]);
}

function withNames(field, names) {
  const columns = field.kind.columns?.map((column) => withNames(column, names));
  return { ...field, kind: { ...field.kind, names, ...(columns ? { columns } : {}) } };
}

/** The findings that a person reads when the form does not go off. */
const SAYS = {
  "window.ends-before-start": "The end must come after the start",
  "window.downtime-outside": "The interruption must lie between start and end",
  "content.inconsistent": policy.consistency.find(({ id }) => id === "downtime-without-effect").message.en,
};

async function isStopped(page, codes) {
  await page.locator("change-request [data-action=submit]").click();
  const summary = page.locator("change-request .summary");
  await summary.waitFor();
  const lines = await summary.locator("li").allTextContents();
  assert.equal(lines.length, codes.length, lines.join("; "));
  for (const code of codes)
    assert.ok(
      lines.some((line) => line.includes(SAYS[code])),
      `${code}: ${lines.join("; ")}`,
    );
  assert.match(page.url(), /#\/raise$/);
}

/** What the form says of risk and approvals before anything is sent. */
async function comesTo(page, { level, approvals }) {
  const name = policy.risk.levels.find(({ id }) => id === level).name.en;
  assert.equal(await page.locator("change-request [part=status] [part=level]").textContent(), name);
  const panel = page.locator("change-request details[data-panel=approvals]");
  await panel.locator("summary").click();
  await panel.locator(".panel-body > *").first().waitFor();
  const rules = await panel.locator("[data-rule]").evaluateAll((items) => items.map((item) => item.dataset.rule));
  assert.deepEqual(rules, approvals);
}

async function submit(page) {
  await page.locator("change-request [data-action=submit]").click();
  await page.locator("change-request #cgr-title").waitFor();
  assert.match(page.url(), /#\/change\//);
}

/** One hand: somebody signs in, finds the change, and says what is theirs to say, when it is time. */
async function begin(page, hand, plannedEnd) {
  await signIn(page, hand.person);
  if (hand.moves === "start") await jump(page, "toStart");
  if (hand.completes) await jump(page, "toEnd");
  await page.locator(`change-request button[data-key="${keyOf(hand)}"]`).click();
  const panel = page.locator("change-request #cgr-panel");
  await panel.waitFor();
  if (hand.completes) await report(panel, hand, plannedEnd);
  if (hand.reviews) await panel.locator("[data-asked=text] textarea").pressSequentially(hand.reviews);
}

async function make(page) {
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

async function isClosed(page) {
  const record = page.locator("change-request changegate-record");
  await record.locator("[part=state][data-phase=closed]").waitFor();
  await record.locator("details[data-panel=log] summary").click();
  await record.locator("[data-action=verify]").click();
  await record.locator("[part=verdict][data-ok=true]").waitFor();
}
