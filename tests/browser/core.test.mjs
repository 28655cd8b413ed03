// The core in the page: after a trap it goes on with the draft as it was; where the page forbids wasm, the host stands in.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPage, startBrowser, startHost } from "./demo.mjs";
import { goBlank, make, session, show, showChange, submitted } from "./record.mjs";
import { withLeastMemory } from "./wasm.mjs";

const NO_WASM =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

describe("the core in the page", { concurrency: false }, () => {
  let host;
  let browser;
  let requester;

  before(async () => {
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
    requester = await session(host.address, "e1041");
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  const field = (page, id) => page.locator(`changegate-draft [data-field="${id}"]`);
  const title = (page) => field(page, "title").locator("input");
  const press = (page, id, value) =>
    field(page, id)
      .locator("label", { has: page.locator(`[value="${value}"]`) })
      .click();

  test("is started afresh after a trap, with everything typed before", async () => {
    const { page, close } = await openPage(browser);
    await page.route("**/pkg/changegate.wasm", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: withLeastMemory(await response.body(), 24) });
    });
    await goBlank(page, host.address);
    await show(page, requester, { face: "complete" });
    await title(page).fill("Typed before the trap");
    await press(page, "riskVip", "true");
    await field(page, "description").locator("textarea").fill("x".repeat(3_000_000));
    await page.locator("changegate-draft .notice.stops", { hasText: "was started again" }).waitFor();
    assert.equal(await title(page).inputValue(), "Typed before the trap");
    await press(page, "riskVip", "false");
    await page.locator("change-request [data-action=submit]").click();
    await page.locator("change-request .summary li").first().waitFor();
    const missing = await page
      .locator("change-request .summary a")
      .evaluateAll((links) => links.map(({ hash }) => hash));
    assert.ok(missing.includes("#cg-start"), "the core goes on");
    assert.ok(!missing.includes("#cg-title"), "with the draft as it was");
    await close();
  });

  test("answers from the host where the page forbids wasm: the form", async () => {
    const { page, close } = await openPage(browser);
    const asked = [];
    page.on("request", (request) => request.url().endsWith("/api/assess") && asked.push(request.url()));
    await goBlank(page, host.address, NO_WASM);
    await show(page, requester, { face: "complete" });
    await title(page).waitFor();
    const before = await page.locator("change-request details[data-panel=risk] .panel-short").textContent();
    await press(page, "riskVip", "false");
    await title(page).pressSequentially("Typed without wasm");
    await page.waitForFunction(() => performance.getEntriesByName(`${origin}/api/assess`).length > 5);
    assert.equal(await title(page).inputValue(), "Typed without wasm");
    assert.ok(asked.length > 5);
    assert.ok(before.length > 0);
    await close();
  });

  test("answers from the host where the page forbids wasm: the record", async () => {
    const { page, close } = await openPage(browser);
    const change = await submitted(requester);
    const coordinator = await session(host.address, "e1013");
    await goBlank(page, host.address, NO_WASM);
    await showChange(page, coordinator, change);
    await make(page, "move pass");
    await page.locator("changegate-record [part=state][data-phase=authorize]").waitFor();
    await page.locator("details[data-panel=risk] summary").click();
    await page.locator("details[data-panel=risk] .engine").first().waitFor();
    await page.locator("details[data-panel=log] summary").click();
    await page.locator("[data-action=verify]").click();
    await page.locator("[part=verdict][data-ok=true]").waitFor();
    await close();
  });

  test("says what to do where neither is possible", async () => {
    const { page, close } = await openPage(browser);
    await goBlank(page, host.address, NO_WASM);
    await page.evaluate(async () => {
      await import("/pkg/index.js");
      const { browserHost } = await import("/pkg/browser-host.js");
      const element = document.createElement("change-request");
      element.host = browserHost({ base: "/data/organisations", organisation: "defra" });
      element.host.signIn("e1041");
      document.body.replaceChildren(element);
    });
    await page.locator("change-request [role=alert]", { hasText: "wasm-unsafe-eval" }).waitFor();
    await close();
  });
});
