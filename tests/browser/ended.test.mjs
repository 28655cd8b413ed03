// A record after its end: what is learned later is added to it, and whoever is to look at that is told.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fits, isReadable, openPage, shoot, startBrowser, startHost } from "./demo.mjs";
import { does, earlierChanges, moveClock } from "./earlier.mjs";
import { pressOn, writeInto } from "./keys.mjs";
import { looks, SMALL } from "./lists.mjs";
import { ask, goBlank, logOf, session, showChange, submitted } from "./record.mjs";

const WEEK_MS = 7 * 86_400_000;

describe("a record after its end", { concurrency: false }, () => {
  let host;
  let browser;
  let change;
  const people = {};

  before(async () => {
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
    for (const id of ["e1010", "e1011", "e1013", "e1030", "e1041", "e1044", "e1045"])
      people[id] = await session(host.address, id);
    [change] = await earlierChanges(host.address, people, ["Replace the print service"]);
    const { now } = await ask(`${host.address}/api/demo/clock`);
    await moveClock(host.address, new Date(Date.parse(now) + WEEK_MS).toISOString());
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  async function opened(person, work, options = {}) {
    const { page, faults, close } = await openPage(browser, options);
    await goBlank(page, host.address);
    await showChange(page, people[person], change);
    await work(page, page.locator("changegate-record"));
    assert.deepEqual(faults, []);
    await close();
  }

  test("says nothing of checklist items that were never asked, and offers no way to change the past", async () => {
    await opened("e1041", async (page, record) => {
      await record.getByText("This change is finished. Nothing in it changes any more.").waitFor();
      assert.equal(await record.getByText("not answered").count(), 0);
      assert.equal(await record.locator("[data-command=recordIncident]").count(), 0, "it is not hers to record");
      await shoot(page, "ended", "closed");
    });
  });

  test("takes an incident a week later, by the keyboard", async () => {
    await opened("e1013", async (page, record) => {
      await record.getByText("No incident was recorded.").waitFor();
      await pressOn(page, "[data-command=recordIncident]");
      await writeInto(page, "#cgr-incident", "INC-4711");
      await writeInto(page, "#cgr-note", "Exports stay empty.");
      await isReadable(page, "change-request");
      await pressOn(page, "#cgr-panel [data-action=make]");
      const known = record.locator("[data-incident='1']");
      await known.getByText("INC-4711").waitFor();
      await known.getByText("waits for its review").waitFor();
      await record.getByText("An incident that showed later waits for its review.").waitFor();
      await record.locator("[data-flag=causedIncident]").waitFor();
      await shoot(page, "ended", "incident");
    });
    assert.equal((await logOf(people.e1010, change)).at(-1).entry.events[0].type, "incidentRecorded");
  });

  test("waits for whoever may review and did not do the work, and for nobody else", async () => {
    const waits = (person, work) => looks(browser, people[person], "change-list", work, { show: "waiting" });
    const row = `[part=row][data-change="${change}"]`;
    await waits("e1045", (page) => page.getByText("Nothing waits for you.").waitFor());
    await waits("e1010", async (page) => {
      await page.locator(`${row} [part=asks]`, { hasText: "Review incident" }).waitFor();
      await isReadable(page, "change-list");
    });
    await looks(browser, people.e1010, "change-list", (page) => page.getByText("No change is open.").waitFor(), {
      show: "open",
    });
  });

  test("is reviewed on a small screen, and then over", async () => {
    const work = async (page, record) => {
      await record.locator("[data-jump=incidents]").click();
      await record.locator("[data-incident='1'] [data-command=reviewIncident]").click();
      await record.locator("#cgr-text").fill("The export was never tested. It is now.");
      await fits(page);
      await shoot(page, "ended", "review-320");
      await record.locator("#cgr-panel [data-action=make]").click();
      await record.locator("[data-incident='1']").getByText("The export was never tested").waitFor();
      await record.getByText("This change is finished. Nothing in it changes any more.").waitFor();
    };
    await opened("e1010", work, SMALL);
    await looks(browser, people.e1011, "change-list", (page) => page.getByText("Nothing waits for you.").waitFor(), {
      show: "waiting",
    });
  });

  test("takes evidence that an auditor asks for, and says that it came after closing", async () => {
    await opened("e1013", async (page, record) => {
      await record.locator('[data-key="attach linked-record"]').click();
      await record.locator("#cgr-name").fill("Audit 2027-3");
      await record.locator("#cgr-panel [data-action=make]").click();
      await record.locator("[data-evidence='1']").getByText("added after closing").waitFor();
      await isReadable(page, "change-request");
    });
  });
});

describe("a record that others go on with", { concurrency: false }, () => {
  let host;
  let browser;
  const people = {};

  before(async () => {
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
    for (const id of ["e1013", "e1030", "e1041", "e1044"]) people[id] = await session(host.address, id);
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  test("somebody who decides is told who did something meanwhile, and not of what they did themselves", async () => {
    const change = await submitted(people.e1041);
    await does(people.e1013, change, { type: "move", transition: "pass" });
    const { page, faults, close } = await openPage(browser);
    await goBlank(page, host.address);
    await showChange(page, people.e1030, change);
    const record = page.locator("changegate-record");
    await record.locator('[data-key="decide service-owner"]').click();
    const notice = record.locator("[data-notice=moved-on]");
    const comeBack = () => page.evaluate(() => dispatchEvent(new Event("focus")));
    await does(people.e1030, change, { type: "comment", text: "I look at it now." });
    const seen = page.waitForResponse((response) => response.url().endsWith(`/api/changes/${change}`));
    await comeBack();
    await seen;
    await record.locator(".card-main").getByText("I look at it now.").waitFor();
    assert.equal(await notice.count(), 0, "their own is no news");
    await does(people.e1044, change, { type: "comment", text: "The team is ready." });
    await comeBack();
    await notice.waitFor();
    assert.match(await notice.innerText(), /was updated by [A-Z]/);
    await notice.locator("[data-action=catch-up]").click();
    await record.locator(".card-main").getByText("The team is ready.").waitFor();
    assert.deepEqual(faults, []);
    await close();
  });
});
