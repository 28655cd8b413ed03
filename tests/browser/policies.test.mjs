// The rules in force: one person proposes others, a second reads what changes and agrees, or says no.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isReadable, openPage, readJson, startBrowser, startHost } from "./demo.mjs";
import { does } from "./earlier.mjs";
import { comesToFocus, pressOn, tabTo, writeInto } from "./keys.mjs";
import { looks, SMALL } from "./lists.mjs";
import { ask, goBlank, session } from "./record.mjs";

const TAG = "change-policies";

describe("the rules in force", { concurrency: false }, () => {
  let host;
  let browser;
  let policy;
  const people = {};

  before(async () => {
    policy = await readJson("tests/organisations/defra/policy.json");
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
    for (const id of ["e1041", "e1010", "e1011", "e1002"]) people[id] = await session(host.address, id);
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  const as = (person, work, options) => looks(browser, people[person], TAG, work, { options });

  /** Other rules: a shorter notice, and one more sample for a ready-made change. */
  function newer(version) {
    const models = policy.models.map((model) =>
      model.id === "normal" ? { ...model, leadTime: { ...model.leadTime, atLeast: { workingDays: 5 } } } : model,
    );
    const trust = policy.trust.map((rule) => ({ ...rule, successes: rule.successes + 1 }));
    return { ...policy, version, models, trust };
  }

  async function publication() {
    const { records } = await ask(`${host.address}/api/records`, { token: people.e1010.token });
    return records.find(({ type }) => type === "publication").publication;
  }

  test("everybody reads which rules are in force; who may not propose others is told so", async () => {
    await as("e1041", async (page, list) => {
      await list.locator("[data-part=in-force]", { hasText: policy.version }).waitFor();
      assert.equal(await list.locator("button").count(), 0);
      await pressOn(page, ".why-not > summary");
      await list.locator(".why-not [data-step=propose]", { hasText: "Change manager" }).waitFor();
      await list.locator("[data-part=history] summary").click();
      await list.locator(".history li", { hasText: `Version ${policy.version} came into force` }).waitFor();
      await isReadable(page, TAG);
    });
  });

  test("what is no set of rules, or does not hold together, is not taken, and it is said where", async () => {
    await as("e1010", async (page, list) => {
      await list.locator("button[data-step=propose]").click();
      await list.locator("#p-text").fill("{ not rules");
      await list.locator("[data-action=check]").click();
      await list.locator("[data-trouble]", { hasText: "not JSON" }).waitFor();
      await list.locator("#p-text").fill('{ "id": 3 }');
      await list.locator("[data-action=check]").click();
      await list.locator("[data-trouble]", { hasText: "/id" }).waitFor();
      const [model, ...models] = newer("broken").models;
      const broken = { ...model, lifeCycle: { ...model.lifeCycle, start: "nowhere" } };
      await list.locator("#p-text").fill(JSON.stringify({ ...newer("broken"), models: [broken, ...models] }));
      await list.locator("[data-action=check]").click();
      await list.locator('[data-part=stops] [data-at="/models/0/lifeCycle/start"]').waitFor();
      assert.equal(await list.locator("[data-action=send]").count(), 0);
      await isReadable(page, TAG);
    });
    assert.equal((await publication()).proposed ?? null, null);
  });

  test("a change manager proposes rules from a file, by the keyboard, and sees first what they change", async () => {
    await as("e1010", async (page, list) => {
      await pressOn(page, "button[data-step=propose]");
      await comesToFocus(page, "#step-title");
      await tabTo(page, "#p-file");
      const buffer = Buffer.from(JSON.stringify(newer("2027-01")));
      await list.locator("#p-file").setInputFiles({ name: "policy.json", mimeType: "application/json", buffer });
      await pressOn(page, "[data-action=check]");
      await comesToFocus(page, "#p-note");
      const shorter = list.locator('[data-at="/models/0/leadTime/atLeast/workingDays"]');
      assert.match(await shorter.locator("dt").textContent(), /Kind of change: Normal change/);
      assert.deepEqual(
        [await shorter.locator("del").textContent(), await shorter.locator("ins").textContent()],
        ["10", "5"],
      );
      await page.keyboard.type("Five working days are enough.");
      await isReadable(page, TAG);
      await pressOn(page, "[data-action=send]");
      await list.locator("[data-said]", { hasText: "Somebody else has to agree" }).waitFor();
    });
    assert.equal((await publication()).proposed.by, "e1010");
  });

  test("whoever proposed them does not agree, and is told why; a no needs a reason", async () => {
    await as("e1010", async (_page, list) => {
      await list.locator("[data-action=decide]").click();
      assert.equal(await list.locator("button[data-step=agree]").count(), 0);
      await list.locator("[data-action=cancel]").click();
      await list.locator(".why-not > summary").click();
      const why = await list.locator(".why-not [data-step=agree]").textContent();
      assert.match(why, /whoever proposed it does not agree/);
      assert.match(why, /Director/);
    });
    await as("e1002", async (page, list) => {
      await list.locator("[data-part=waits]", { hasText: "Five working days are enough." }).waitFor();
      await list.locator("[data-action=decide]").click();
      await list.locator("button[data-step=decline]").click();
      await list.locator("[data-refused] li").first().waitFor();
      await tabTo(page, "#step-reason");
      await page.keyboard.type("Ask the service owners first.");
      await list.locator("button[data-step=decline]").click();
      await list.locator("[data-said]", { hasText: "Your no is recorded" }).waitFor();
      await list.locator("[data-part=waits-none]", { hasText: "Ask the service owners first." }).waitFor();
    });
  });

  test("a second person puts them in force, by touch on a small screen; the rules before are still named", async () => {
    const { id } = await publication();
    const { hash } = await ask(`${host.address}/api/policies`, { body: newer("2027-02"), token: people.e1010.token });
    await does(people.e1010, id, { type: "policy", step: { type: "propose", hash, note: "The owners agree." } });
    await as(
      "e1002",
      async (page, list) => {
        await list.locator("[data-action=decide]").tap();
        await isReadable(page, TAG);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.equal(over, 0);
        await list.locator("button[data-step=agree]").tap();
        await list.locator("[data-said]", { hasText: "The new rules are in force" }).waitFor();
        const stands = list.locator("[data-part=in-force]");
        await stands.getByText("2027-02").waitFor();
        await stands.getByText("Proposed by Samira Haddad, agreed to by Tobias Rautio").waitFor();
        await stands.locator("[data-part=before] summary").tap();
        await stands.locator(`[data-version="${policy.version}"]`).waitFor();
      },
      SMALL,
    );
    const { inForce } = await publication();
    assert.deepEqual([inForce.version, inForce.proposedBy, inForce.agreedBy], ["2027-02", "e1010", "e1002"]);
  });

  test("rules that were overtaken are refused with the reason, in German too", async () => {
    await looks(
      browser,
      people.e1010,
      TAG,
      async (page, list) => {
        await list.locator("h2", { hasText: "Regeln für Änderungen" }).waitFor();
        await list.locator("button[data-step=propose]").click();
        await list.locator("#p-text").fill(JSON.stringify({ ...newer("2027-02"), ask: policy.ask.slice(1) }));
        await list.locator("[data-action=check]").click();
        await writeInto(page, "#p-note", "Noch einmal.");
        await list.locator("[data-action=send]").click();
        await list.locator("[data-refused] li", { hasText: "Die Fassung 2027-02 gilt schon" }).waitFor();
        await isReadable(page, TAG);
      },
      { language: "de" },
    );
  });

  test("a host in the browser alone says plainly that it does not publish", async () => {
    const { page, faults, close } = await openPage(browser);
    await page.route("**/api/**", (route) => route.abort());
    await goBlank(page, host.address);
    await page.evaluate(async (tag) => {
      const [{ browserHost }] = await Promise.all([import("/pkg/browser-host.js"), import("/pkg/lists.js")]);
      const element = document.createElement(tag);
      element.host = browserHost({ base: "/data/organisations", organisation: "defra" });
      element.host.signIn("e1010");
      document.body.replaceChildren(element);
    }, TAG);
    await page.locator(`${TAG} [data-part=folder]`, { hasText: "cannot be published from this page" }).waitFor();
    await page.locator(`${TAG} [data-part=in-force]`, { hasText: policy.version }).waitFor();
    assert.equal(await page.locator(`${TAG} button`).count(), 0);
    assert.deepEqual(faults, []);
    await close();
  });
});
