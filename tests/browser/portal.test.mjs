// The intranet around the element: with a host and without, for every organisation, on a large screen and a small one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dated } from "./calendar.mjs";
import { fits, isReadable, openPage, readJson, shoot, signIn, startBrowser, startHost } from "./demo.mjs";
import { begin, isClosed, make, openForm, submit, write } from "./hands.mjs";
import { START } from "./time.mjs";

const PAGES = ["", "raise", "changes", "planned", "board", "catalogue", "rules", "people"];
const ORGANISATIONS = ["defra", "bakery", "facilities", "eleven", "servicenow", "itop"];

describe("the demo portal", { concurrency: false }, () => {
  let host;
  let browser;

  before(async () => {
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  for (const organisation of ORGANISATIONS) {
    test(`${organisation} has every page without a server, readable by all`, async () => {
      const { page, faults, close } = await openPage(browser, { bypassCSP: true });
      await page.goto(`${host.address}/?host=browser&clock=${START}`);
      await page.locator("#demo-organisation").selectOption(organisation);
      await page.locator(`html[data-organisation=${organisation}] h1`).waitFor();
      for (const address of PAGES) {
        await visit(page, address);
        await isReadable(page);
        await shoot(page, `portal-${organisation}`, address || "home");
      }
      assert.deepEqual(withoutAbsent(faults), []);
      await close();
    });
  }

  // The second and the third day lie in a freeze, the last is the day before the clocks change.
  for (const clock of [START, "2026-12-20T22:59:00.000Z", "2027-03-25T10:00:00.000Z", "2027-10-30T12:00:00.000Z"])
    test(`a bakery without a server takes a change from form to done on ${clock}, in German, and keeps it`, () =>
      carryTill(clock));

  async function carryTill(clock) {
    const { page, faults, close } = await openPage(browser);
    await page.goto(`${host.address}/?host=browser&clock=${clock}`);
    await page.locator("#demo-organisation").selectOption("bakery");
    await page.locator("#demo-language").selectOption("de");
    await page.locator("html[data-organisation=bakery][lang=de] h1").waitFor();
    const fields = dated(await readJson("tests/organisations/bakery/calendar.json"), clock, TILL);
    await openForm(page, {});
    await write(page, "bakery", fields);
    await submit(page);
    for (const hand of TILL_HANDS) {
      await begin(page, hand, fields.end);
      await make(page);
    }
    await isClosed(page);
    await page.reload();
    await page.locator("change-request [part=state]", { hasText: "Erledigt" }).waitFor();
    assert.deepEqual(withoutAbsent(faults), []);
    await close();
  }

  test("every page fits a screen of 320 pixels", async () => {
    const { page, close } = await openPage(browser, { viewport: { width: 320, height: 640 } });
    await page.goto(host.address);
    await page.locator("#demo summary").click();
    for (const address of PAGES) {
      await visit(page, address);
      await fits(page);
    }
    await close();
  });

  test("language, colours and person stay as they were chosen", async () => {
    const { page, faults, close } = await openPage(browser);
    await page.goto(host.address);
    await page.locator("#demo-language").selectOption("de");
    await page.locator("#demo-theme").selectOption("dark");
    await signIn(page, "e1010");
    await page.reload();
    await page.locator("html[lang=de][data-theme=dark]").waitFor();
    await page.locator("#me", { hasText: "Samira Haddad" }).waitFor();
    await visit(page, "raise");
    assert.equal(await page.locator("change-request [data-action=submit]").textContent(), "Änderung einreichen");
    assert.deepEqual(faults, []);
    await close();
  });

  test("a keyboard skips the navigation and finds the heading of a new page", async () => {
    const { page, close } = await openPage(browser);
    await page.goto(host.address);
    await page.locator("h1").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "content");
    await page.locator("#navigation a[href='#/people']").press("Enter");
    await page.locator("h1", { hasText: "People" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "People");
    await close();
  });

  test("the smallest page that embeds the element shows the form to whoever is signed in", async () => {
    const { page, faults, close } = await openPage(browser);
    await page.goto(host.address);
    await page.locator("h1").waitFor();
    await page.goto(`${host.address}/embed.html`);
    await page.locator("change-request [data-action=submit]").waitFor();
    assert.deepEqual(withoutAbsent(faults), []);
    await close();
  });
});

/** A change of a small company, and who takes it through. */
const TILL = {
  what: "Neue Kasse am Bahnhof",
  why: "Die alte Kasse verliert zweimal am Tag die Verbindung.",
  area: "shops",
  start: { workingDays: 4, at: "13:00" },
  end: { workingDays: 4, at: "14:00" },
  noticed: true,
  shops: ["station"],
  who: ["b08"],
  cost: 640,
  depends: "shop",
  damage: "day",
  likely: "maybe",
  undo: "Die alte Kasse bleibt eine Woche unter der Theke.",
};
const TILL_HANDS = [
  { person: "b01", approves: "owner" },
  { person: "b08", moves: "begin", time: "start" },
  { person: "b08", completes: "successful", downtimeMin: 20, time: "end" },
  { person: "b01", moves: "tick-off" },
];

/** The list of a page, which comes after the page. */
const LISTS = {
  board: "change-board",
  catalogue: "change-catalogue",
  rules: "change-policies",
  planned: "change-notice",
};

async function visit(page, address) {
  await page.locator(`#navigation a[href='#/${address}']`).click();
  await page.locator(`#navigation a[href='#/${address}'][aria-current=page]`).waitFor();
  if (address === "raise") await page.locator("change-request [data-action=submit]").waitFor();
  const list = LISTS[address];
  if (list) await page.locator(`${list} .root:not([aria-busy])`).waitFor();
}

/** An organisation without services has no file of them, and a bare page no icon, which the browser notes. */
function withoutAbsent(faults) {
  return faults.filter((fault) => !/\/(services|delegations)\.csv$|\/favicon\.ico$/.test(fault));
}
