// The catalogue of ready-made changes: proposed, agreed to, used, suspended and let back, each by those who may.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fits, isReadable, startBrowser, startHost } from "./demo.mjs";
import { does, earlierChanges, recordOf, used } from "./earlier.mjs";
import { comesToFocus, pressOn, tabTo, writeInto } from "./keys.mjs";
import { looks, put, SMALL } from "./lists.mjs";
import { logOf, session } from "./record.mjs";

const TAG = "change-catalogue";
const TEMPLATE = "charging-module-release";

describe("the catalogue", { concurrency: false }, () => {
  let host;
  let browser;
  let samples;
  const people = {};

  before(async () => {
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
    for (const id of ["e1041", "e1042", "e1013", "e1030", "e1010", "e1011", "e1045"])
      people[id] = await session(host.address, id);
    samples = await earlierChanges(host.address, people, ["Release 3.1", "Release 3.2", "Release 3.3"]);
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  const as = (person, work, options) =>
    looks(browser, people[person], TAG, work, { options, "use-href": "#raise/{id}" });
  const record = () => recordOf(people.e1010, TEMPLATE);
  const row = (page, template = TEMPLATE) => page.locator(`${TAG} [data-template="${template}"]`);
  const isSaid = (page, text) => page.locator(`${TAG} [data-said]`, { hasText: text }).waitFor();

  /** The last command on it that the host took, with its texts. */
  async function taken() {
    const log = await logOf(people.e1010, (await record()).id);
    const { entry, values } = log.at(-1);
    return {
      step: entry.command.step,
      texts: Object.values(values ?? {}).map(({ text }) => text),
      person: entry.actor.person,
    };
  }

  test("says that it is being fetched, and then what may be used by whom and for what", async () => {
    await as("e1042", async (page) => {
      let see;
      const isSeen = new Promise((resolve) => {
        see = resolve;
      });
      await page.route("**/api/records", async (route) => {
        await isSeen;
        await route.continue();
      });
      const waiting = page.waitForFunction((tag) => {
        const said = document.querySelector(tag)?.shadowRoot?.querySelector("[role=status]");
        return said?.textContent?.startsWith("One moment");
      }, TAG);
      await Promise.all([waiting.then(see), put(page, people.e1042, TAG)]);
      const known = row(page, "charging-rules-update");
      await known.locator("[part=state][data-status=active]", { hasText: "may be used" }).waitFor();
      assert.match(await known.locator("[data-part=covers]").textContent(), /Charging Module Rules Service/);
      assert.match(await known.locator("[data-part=runs]").textContent(), /Went well: 14/);
      assert.equal(await known.locator("[data-step=suspend]:is(button)").count(), 0, "a developer suspends nothing");
      await known.locator(".why-not summary").click();
      await known.locator(".why-not [data-step=suspend]", { hasText: "Change manager" }).waitFor();
    });
  });

  test("a developer proposes one from three earlier changes, by the keyboard alone", async () => {
    await as("e1041", async (page, list) => {
      await pressOn(page, "button[data-step=propose]");
      await comesToFocus(page, "#p-title");
      for (const id of [...samples].reverse()) {
        await tabTo(page, `[data-sample="${id}"]`);
        await page.keyboard.press("Space");
      }
      await list.locator(".set").first().waitFor();
      assert.equal(await list.locator("#p-name").inputValue(), "Release 3.3", "the name of the latest");
      await isReadable(page, TAG);
      await tabTo(page, "#p-name");
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.press("Delete");
      await tabTo(page, "[data-ask=title]");
      await page.keyboard.press("Space");
      await pressOn(page, "[data-action=send]");
      await list.locator("[data-refused] li").first().waitFor();
      assert.ok(await list.locator("[data-refused] li").count(), "without a name it is refused");
      await list.locator("#p-title").focus();
      await writeInto(page, "#p-name", "Charging Module release");
      await tabTo(page, "[data-edit=description]");
      await page.keyboard.press("Enter");
      await tabTo(page, "#cg-description");
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type("A version that was signed off in pre-production is released.");
      await pressOn(page, "[data-action=send]");
      await isSaid(page, "It is proposed");
      await row(page).locator("[data-status=proposed]").first().waitFor();
      assert.match(await row(page).locator("[data-part=next]").textContent(), /0 of 1/);
    });
    const { proposed } = await record();
    assert.deepEqual([...proposed.samples].sort(), [...samples].sort());
    assert.ok(proposed.content.open.includes("title") && !("title" in proposed.content.fields));
    assert.deepEqual(
      ["start", "end", "implementers"].filter((id) => id in proposed.content.fields),
      [],
      "what differs each time is asked",
    );
    assert.match(proposed.content.fields.description, /^A version that was signed off/);
  });

  test("whoever proposed it does not agree to it and reads why; a bystander is offered nothing to decide", async () => {
    await as("e1042", async (page) => {
      await row(page).waitFor();
      assert.equal(await row(page).locator("[data-action=decide]").count(), 0);
    });
    await as("e1041", async (page) => {
      await row(page).locator("[data-action=decide]").click();
      assert.equal(await row(page).locator("button[data-step=agree]").count(), 0);
      await row(page).locator("[data-action=cancel]").click();
      await row(page).locator(".why-not summary").click();
      const why = await row(page).locator(".why-not [data-step=agree]").textContent();
      assert.match(why, /whoever proposed it does not agree/);
      assert.match(why, /Change manager/);
    });
  });

  test("a no needs a reason, and a refused attempt names every reason why", async () => {
    await as("e1010", async (page) => {
      await row(page).locator("[data-action=decide]").click();
      await row(page).locator("button[data-step=decline]").click();
      const refused = row(page).locator("[data-refused] li");
      await refused.first().waitFor();
      assert.equal(await refused.count(), 1);
      await isReadable(page, TAG);
      // Somebody was faster: what this page still offers is refused, and the reason is there.
      const { id, proposed } = await record();
      const { version } = proposed;
      await does(people.e1011, id, {
        type: "template",
        step: { type: "decline", version, reason: "Name the runbook." },
      });
      await row(page).locator("button[data-step=agree]").click();
      await row(page).locator("[data-refused] li", { hasText: "Nothing waits for a yes here" }).waitFor();
    });
    await as("e1041", async (page) => {
      await row(page).locator("[data-part=declined]", { hasText: "Name the runbook." }).waitFor();
    });
  });

  test("every reason is named where there are several", async () => {
    await as("e1041", async (_page, list) => {
      await list.locator(`[data-template="${TEMPLATE}"] button[data-step=revise]`).click();
      for (const id of samples) await list.locator(`[data-sample="${id}"]`).check();
      await list.locator(".set").first().waitFor();
      await list.locator("#p-name").fill("");
      // A critical service goes away, and yet the risk is said to be low.
      await list.locator("[data-edit=downtime]").click();
      const downtime = list.locator(".field[data-field=downtime]");
      await downtime.getByText("Yes", { exact: true }).click();
      await list.locator("#p-level").selectOption("low");
      await list.locator("[data-action=send]").click();
      await list.locator("[data-refused] li", { hasText: "Its risk is at least" }).waitFor();
      await list.locator("[data-refused] li", { hasText: "Please write something" }).waitFor();
      assert.equal(await list.locator("[data-refused] li").count(), 2);
      await list.locator("#p-name").fill("Charging Module release");
      await downtime.getByText("No", { exact: true }).click();
      await list.locator("#p-level").selectOption("");
      await list.locator("[data-edit=backoutPlan]").click();
      await list.locator("#cg-backoutPlan").fill("Run the job with the previous version, as the runbook says.");
      await list.locator("[data-ask=title]").check();
      await list.locator("[data-action=send]").click();
      await list.locator("[data-said]", { hasText: "The new version is proposed" }).waitFor();
    });
  });

  test("another agrees on a card that holds the samples, the content and the level, by touch on a small screen", async () => {
    await as(
      "e1010",
      async (page, list) => {
        await fits(page);
        await row(page).locator("[data-action=decide]").tap();
        const card = row(page).locator("[data-part=card]");
        assert.equal(await card.locator("[data-part=samples] li:not([data-fault])").count(), 3);
        await card.locator("[data-field=backoutPlan]", { hasText: "as the runbook says" }).waitFor();
        await card.locator("[data-open]", { hasText: "Planned start" }).waitFor();
        await fits(page);
        await isReadable(page, TAG);
        await row(page).locator("button[data-step=agree]").tap();
        await list.locator("[data-said]", { hasText: "Your yes is recorded" }).waitFor();
        await row(page).locator("[part=state][data-status=probation]", { hasText: "on trial" }).waitFor();
      },
      SMALL,
    );
    const { step, person } = await taken();
    assert.deepEqual([step.type, step.version, person], ["agree", 2, "e1010"]);
  });

  test("each use shows in its standing, and failures suspend it with the very runs that caused that", async () => {
    const known = await record();
    await used(host.address, people, known);
    await as("e1042", async (page) => {
      await row(page).locator("[data-part=runs]", { hasText: "Went well: 1" }).waitFor();
      await row(page).locator("[data-part=next]", { hasText: "1 of 3" }).waitFor();
    });
    const failed = [];
    for (const _time of [1, 2]) failed.push(await used(host.address, people, known, "unsuccessful"));
    await as("e1042", async (page) => {
      await row(page).locator("[part=state][data-status=suspended]").waitFor();
      const links = row(page).locator("[data-part=because] a");
      const hrefs = await links.evaluateAll((found) => found.map((link) => link.getAttribute("href")));
      assert.deepEqual(hrefs.sort(), failed.map((id) => `#change/${id}`).sort());
      await row(page).locator("[data-part=history] summary").click();
      await row(page).locator(".history li", { hasText: "The figures put it out of use" }).waitFor();
      await row(page).locator(".history li", { hasText: "Name the runbook." }).waitFor();
      assert.equal(await row(page).locator("[data-action=use]").count(), 0, "nobody may use it");
      const usable = row(page, "charging-rules-update").locator("[data-action=use]");
      assert.equal(await usable.getAttribute("href"), "#raise/charging-rules-update");
      await isReadable(page, TAG);
    });
  });

  test("it is let be used again with a reason, suspended by hand, and given up by somebody else", async () => {
    const takes = async (page, [step, reason, status]) => {
      await row(page).locator(`button[data-step=${step}]`).click();
      await comesToFocus(page, "#step-title");
      await page.keyboard.press("Tab");
      await page.keyboard.type(reason);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await row(page).locator(`[part=state][data-status=${status}]`).waitFor();
      await comesToFocus(page, "h3");
    };
    await as("e1010", async (page) => {
      await takes(page, ["reinstate", "The job was mended.", "probation"]);
      await takes(page, ["suspend", "The server is replaced on Monday.", "suspended"]);
      assert.equal(await row(page).locator("button[data-step=retire]").count(), 0, "not by whoever suspended it");
    });
    await as("e1011", async (page) => {
      await takes(page, ["retire", "The service has ended.", "retired"]);
      await row(page).locator("[data-part=said]", { hasText: "The service has ended." }).waitFor();
      assert.equal(await row(page).locator("button").count(), 0, "nothing more can be done with it");
    });
    assert.deepEqual((await taken()).texts, ["The service has ended."]);
  });

  test("a new version shows what changes against the version in use, in German too", async () => {
    const own = (page) => row(page, "water-licensing-release");
    await as("e1041", async (page) => {
      await own(page).locator("button[data-step=revise]").click();
      await own(page).locator("[data-edit=testPlan]").click();
      await own(page).locator("#cg-testPlan").fill("The smoke test after each app, and a licence returned by hand.");
      const changed = own(page).locator("[data-part=difference] [data-field=testPlan]");
      await changed.locator("del", { hasText: "automated acceptance tests" }).waitFor();
      await changed.locator("ins", { hasText: "a licence returned by hand" }).waitFor();
      assert.equal(await own(page).locator("[data-part=difference] .entry").count(), 1);
      await own(page).locator("[data-action=send]").click();
      await isSaid(page, "The old one stays in use");
    });
    await looks(
      browser,
      people.e1011,
      TAG,
      async (page) => {
        await own(page).locator("[part=state]", { hasText: "darf genutzt werden" }).waitFor();
        await own(page).locator("[data-action=decide]", { hasText: "Über Fassung 6 entscheiden" }).click();
        await own(page).locator("[data-part=card] ins", { hasText: "a licence returned by hand" }).waitFor();
        await isReadable(page, TAG);
        await own(page).locator("button[data-step=agree]").click();
        await isSaid(page, "Ihr Ja ist festgehalten");
      },
      { language: "de" },
    );
    const { agreed, proposed } = await recordOf(people.e1010, "water-licensing-release");
    assert.deepEqual([agreed.version, proposed ?? null], [6, null]);
  });
});
