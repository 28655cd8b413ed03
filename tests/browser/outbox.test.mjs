// What is done while the host does not answer: kept, sent once, in order, by one tab, for one person.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPage, startBrowser, startHost } from "./demo.mjs";
import { moveClock } from "./earlier.mjs";
import { ask, comments, goBlank, logOf, make, report, session, showChange, submitted } from "./record.mjs";
import { later, until } from "./time.mjs";

const REPORTS = "**/api/reports";
const UNSENT = "changegate-record .unsent";
const HALTED = "changegate-record .halted";

describe("what the host has not taken", { concurrency: false }, () => {
  let host;
  let browser;
  let requester;
  let page;
  let context;
  let change;

  before(async () => {
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
    requester = await session(host.address, "e1041");
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  async function begin(as = requester) {
    ({ page } = await openPage(browser));
    context = page.context();
    change = await submitted(requester);
    await goBlank(page, host.address);
    await showChange(page, as, change);
  }

  const cut = () => context.route(REPORTS, (route) => route.abort());
  const mend = () => context.unroute(REPORTS);
  const comment = (text, on = page) => make(on, "comment", { text });
  const unsent = async (count, on = page) => on.locator(`${UNSENT}[data-unsent="${count}"]`).waitFor();
  /** Has it sent at once; it goes out by itself, too, and may have gone meanwhile. */
  const sendNow = () => page.evaluate(() => dispatchEvent(new Event("online")));
  const allSent = (on = page) => on.locator(UNSENT).waitFor({ state: "detached" });
  const said = async () => comments(await logOf(requester, change));

  test("goes out by itself, once and in order, when the connection is back", async () => {
    await begin();
    await cut();
    for (const text of ["one", "two", "three"]) await comment(text);
    await unsent(3);
    assert.deepEqual(await said(), []);
    await mend();
    await sendNow();
    await allSent();
    assert.deepEqual(await said(), ["one", "two", "three"]);
    await page.locator("changegate-record .comment").nth(2).waitFor();
    await context.close();
  });

  test("goes out although the host has reminded somebody meanwhile", async () => {
    const coordinator = await session(host.address, "e1013");
    ({ page } = await openPage(browser));
    context = page.context();
    change = await submitted(requester);
    await report(coordinator, change, 1, { type: "move", transition: "pass" });
    await goBlank(page, host.address);
    await showChange(page, requester, change);
    await cut();
    for (const text of ["before", "after"]) await comment(text);
    await unsent(2);
    const { now } = await ask(`${host.address}/api/demo/clock`);
    await moveClock(host.address, later(now, 25));
    await mend();
    await sendNow();
    await allSent();
    assert.deepEqual(await said(), ["before", "after"]);
    const commands = (await logOf(requester, change)).map(({ entry }) => entry.command.type);
    assert.deepEqual(commands, ["submit", "move", "remind", "comment", "comment"]);
    assert.equal(await page.locator(HALTED).count(), 0);
    await context.close();
  });

  test("goes out when the person wants it, although the host asked for an hour's patience", async () => {
    await begin();
    const headers = { "Retry-After": "3600" };
    await context.route(REPORTS, (route) => route.fulfill({ status: 503, headers, json: { type: "unavailable" } }));
    await comment("now, please");
    await page.locator(`${UNSENT} [data-action=retry]`).waitFor();
    await mend();
    await page.locator(`${UNSENT} [data-action=retry]`).click();
    await allSent();
    assert.deepEqual(await said(), ["now, please"]);
    await context.close();
  });

  test("outlives the page, and goes out when the page is opened again", async () => {
    await begin();
    await cut();
    await comment("before the page was closed");
    await unsent(1);
    await page.close();
    await mend();
    page = await context.newPage();
    await goBlank(page, host.address);
    await showChange(page, requester, change);
    await allSent();
    await page.locator("changegate-record .comment").waitFor();
    assert.deepEqual(await said(), ["before the page was closed"]);
    await context.close();
  });

  test("is taken once where the host's answer was lost on the way", async () => {
    await begin();
    await context.route(REPORTS, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await comment("heard, but not answered");
    await unsent(1);
    assert.deepEqual(await said(), ["heard, but not answered"]);
    await mend();
    await sendNow();
    await allSent();
    assert.deepEqual(await said(), ["heard, but not answered"]);
    await context.close();
  });

  test("is frozen: what goes out later is what was reported first", async () => {
    await begin();
    const bodies = [];
    let isCut = true;
    await context.route(REPORTS, (route) => {
      bodies.push(route.request().postData());
      return isCut ? route.abort() : route.continue();
    });
    await comment("the same bytes");
    await unsent(1);
    for (const times of [2, 3]) {
      await sendNow();
      await until(() => bodies.length >= times, `the ${times}. attempt`);
    }
    isCut = false;
    await sendNow();
    await allSent();
    assert.deepEqual(await said(), ["the same bytes"]);
    assert.ok(bodies.length >= 4, `sent ${bodies.length} times`);
    assert.equal(new Set(bodies).size, 1);
    await context.close();
  });

  test("is sent by one of two tabs, and both see it arrive", async () => {
    await begin();
    const other = await context.newPage();
    await goBlank(other, host.address);
    await showChange(other, requester, change);
    await cut();
    await comment("from the first tab");
    await comment("from the second tab", other);
    await Promise.all([unsent(2), unsent(2, other)]);
    await mend();
    await Promise.all([page, other].map((tab) => tab.evaluate(() => dispatchEvent(new Event("online")))));
    await Promise.all([allSent(), allSent(other)]);
    assert.deepEqual(await said(), ["from the first tab", "from the second tab"]);
    for (const tab of [page, other]) await tab.locator("changegate-record .comment").nth(1).waitFor();
    await context.close();
  });

  test("is not sent, nor shown, by the session of somebody else at the same computer", async () => {
    await begin();
    await cut();
    await comment("mine alone");
    await unsent(1);
    await mend();
    const sent = [];
    context.on("request", (request) => request.url().endsWith("/api/reports") && sent.push(request.postData()));
    const colleague = await session(host.address, "e1013");
    await goBlank(page, host.address);
    await showChange(page, colleague, change);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await comment("by the colleague");
    assert.equal(await page.locator(UNSENT).count(), 0);
    assert.equal(sent.filter((body) => body.includes("mine alone")).length, 0);
    assert.deepEqual(await said(), ["by the colleague"]);
    await goBlank(page, host.address);
    await showChange(page, requester, change);
    await page.locator(HALTED).waitFor();
    assert.match(await page.locator(HALTED).textContent(), /mine alone/);
    await context.close();
  });

  test("is not sent with the token of somebody who signed in behind the page's back", async () => {
    await begin();
    const colleague = await session(host.address, "e1013");
    await page.evaluate(
      async ([mine, theirs, change]) => {
        const { httpHost } = await import("/pkg/index.js");
        window.token = mine;
        const element = document.createElement("change-request");
        element.host = httpHost({ endpoint: "/api", token: async () => window.token });
        element.setAttribute("change", change);
        document.body.replaceChildren(element);
        window.switchSession = () => {
          window.token = theirs;
        };
      },
      [requester.token, colleague.token, change],
    );
    await page.locator("changegate-record .record").waitFor();
    await page.evaluate(() => window.switchSession());
    await comment("whose is this?");
    await page.locator(`${UNSENT} [data-action=retry]`).waitFor();
    assert.deepEqual(await said(), []);
    await context.close();
  });

  test("halts when it is refused, says why, and holds what was done after it", async () => {
    await begin();
    const coordinator = await session(host.address, "e1013");
    const owner = await session(host.address, "e1030");
    await report(coordinator, change, 1, { type: "move", transition: "pass" });
    await showChange(page, owner, change);
    await cut();
    await make(page, "approve service-owner");
    await make(page, "approve service-owner", { comment: "To be sure" });
    await comment("done after it");
    await unsent(3);
    await mend();
    await sendNow();
    await page.locator(`${HALTED}[data-halt=refused]`).waitFor();
    assert.match(
      await page.locator(HALTED).textContent(),
      /You have approved this already, and one person counts once: Service owner.*To be sure/s,
    );
    await unsent(1);
    assert.equal((await logOf(owner, change)).length, 3);
    await page.locator(`${HALTED} [data-action=drop]`).click();
    await page.locator(`${HALTED}[data-halt=conflict]`).waitFor();
    assert.match(await page.locator(HALTED).textContent(), /What you did before this was not taken.*done after it/s);
    await page.locator(`${HALTED} [data-action=again]`).click();
    await page.locator("changegate-record .comment", { hasText: "done after it" }).waitFor();
    assert.deepEqual(await said(), ["done after it"]);
    assert.equal(await page.locator(HALTED).count(), 0);
    await context.close();
  });

  test("shows both versions when somebody moved first, and sends again when that is wanted", async () => {
    await begin();
    const coordinator = await session(host.address, "e1013");
    await cut();
    await comment("what I wanted to say");
    await unsent(1);
    await report(coordinator, change, 1, { type: "comment", text: "what was said meanwhile" });
    await mend();
    await sendNow();
    const halted = page.locator(`${HALTED}[data-halt=conflict]`);
    await halted.waitFor();
    const [mine, theirs] = await halted.locator(".version").allTextContents();
    assert.match(mine, /what I wanted to say/);
    assert.match(theirs, /Callum Tarrant.*what was said meanwhile/s);
    await halted.locator("[data-action=again]").click();
    await page.locator("changegate-record .comment", { hasText: "what I wanted to say" }).waitFor();
    assert.deepEqual(await said(), ["what was said meanwhile", "what I wanted to say"]);
    await context.close();
  });

  test("is not lost when it is dropped only by the person", async () => {
    await begin();
    const coordinator = await session(host.address, "e1013");
    await cut();
    await comment("never mind");
    await unsent(1);
    await report(coordinator, change, 1, { type: "comment", text: "first" });
    await mend();
    await sendNow();
    await page.locator(HALTED).waitFor();
    await goBlank(page, host.address);
    await showChange(page, requester, change);
    await page.locator(HALTED).waitFor();
    await page.locator(`${HALTED} [data-action=drop]`).click();
    await page.locator(HALTED).waitFor({ state: "detached" });
    assert.deepEqual(await said(), ["first"]);
    await context.close();
  });
});
