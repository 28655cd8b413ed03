// Five real requests, each typed into the form and carried to closed by the hands of the right people.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { dated } from "./calendar.mjs";
import { openPage, readJson, shoot, signIn, startBrowser, startHost } from "./demo.mjs";
import { begin, isClosed, make, openForm, submit, write } from "./hands.mjs";

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
      const draw = (page, name) => shoot(page, request.id, name);
      await carriedAlone(browser, host, request, DRAWN.includes(request.id) ? draw : undefined);
    });
  }

  // In a freeze, a minute before the midnight of a Saturday on which the clocks change, and on a leap day.
  for (const [id, clock] of [
    ["ruleset-update", "2026-12-20T10:00:00.000Z"],
    ["interim-charging-release", "2027-03-27T23:59:00.000Z"],
    ["deployment-jobs", "2028-02-29T09:00:00.000Z"],
  ]) {
    test(`${id} goes from an empty form to closed where it is asked for on ${clock}`, async () => {
      const then = await startHost("defra", { clock });
      const request = requests.find((known) => known.id === id);
      await carriedAlone(browser, then, request).finally(() => then.stop());
    });
  }
});

async function carriedAlone(browser, { address }, request, draw = () => undefined) {
  const { page, faults, close } = await openPage(browser);
  await carry(page, address, request, (name) => draw(page, name));
  assert.deepEqual(faults, []);
  await close();
}

/** Those that between them pass every state are drawn. */
const DRAWN = ["deployment-jobs", "ruleset-update"];

async function carry(page, address, request, seen) {
  await page.goto(address);
  await page.locator("#demo-person").waitFor({ state: "attached" });
  await signIn(page, request.requester);
  const { now } = await page.evaluate(() => fetch("/api/demo/clock").then((answer) => answer.json()));
  const fields = dated(calendar, now, request.fields);
  await openForm(page, request);
  await seen("1-empty");
  await write(page, "defra", fields);
  if (request.corrected) {
    await isStopped(page, request.expect.stops);
    await seen("2-stopped");
    const corrected = dated(calendar, now, request.corrected.fields);
    await write(page, "defra", corrected);
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
