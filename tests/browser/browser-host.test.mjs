// The host in the browser alone: the same rules, the same ids, the same record, from static files.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openPage, startBrowser, startHost } from "./demo.mjs";
import { content, goBlank, make } from "./record.mjs";
import { later, START } from "./time.mjs";

describe("a host in the browser alone", { concurrency: false }, () => {
  let host;
  let browser;
  let page;
  let close;
  let change;

  before(async () => {
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  /** Nothing but static files is asked for. */
  async function begin(organisation = "defra") {
    ({ page, close } = await openPage(browser));
    await page.route("**/api/**", (route) => route.abort());
    await goBlank(page, host.address);
    await page.evaluate(
      async ([organisation, clock]) => {
        await import("/pkg/index.js");
        const { browserHost } = await import("/pkg/browser-host.js");
        window.open = () => browserHost({ base: "/data/organisations", organisation, clock });
        window.host = window.open();
      },
      [organisation, START],
    );
  }

  const clock = () => page.evaluate(() => window.host.clock());

  const uuid = () => page.evaluate(() => crypto.randomUUID().replace(/^(.{14})4/, "$17"));

  async function reportAs(person, expectedSeq, command, id) {
    const report = {
      id: id ?? (await uuid()),
      changeId: change,
      expectedSeq,
      command,
      occurredAt: await clock(),
    };
    return page.evaluate(
      ([person, report]) => {
        window.host.signIn(person);
        return window.host.report(report);
      },
      [person, report],
    );
  }

  async function submit(id) {
    change = await uuid();
    return reportAs("e1041", 0, { type: "submit", model: "normal", language: "en", fields: await content() }, id);
  }

  async function showTo(person) {
    await page.evaluate(
      ([person, change]) => {
        window.host.signIn(person);
        const element = document.createElement("change-request");
        element.host = window.host;
        element.setAttribute("change", change);
        document.body.replaceChildren(element);
      },
      [person, change],
    );
    await page.locator("changegate-record .record").waitFor();
  }

  const state = (phase) => page.locator(`changegate-record [part=state][data-phase=${phase}]`).waitFor();

  async function moveClock(to) {
    await page.evaluate((to) => window.host.moveClock(to), to);
  }

  test("carries a change to closed, by the same hands and with the same record", async () => {
    await begin();
    assert.equal((await submit()).type, "accepted");
    const { start, end } = await content();
    await showTo("e1013");
    await make(page, "move pass");
    await showTo("e1030");
    await make(page, "approve service-owner", { comment: "A good moment" });
    await page.locator(".record-waits", { hasText: "Change manager" }).waitFor();
    await showTo("e1011");
    await make(page, "approve change-manager");
    await state("scheduled");
    await moveClock(start);
    await showTo("e1045");
    await make(page, "move start");
    await moveClock(new Date(Date.parse(end) + 120_000).toISOString());
    await showTo("e1045");
    await page.locator('[data-key="complete"]').click();
    await page.locator("[data-asked=outcome] label").first().click();
    await page.locator("#cgr-panel [data-action=make]").click();
    await state("review");
    await page.locator("changegate-record [data-flag=overrun]").waitFor();
    await showTo("e1010");
    await make(page, "review", { text: "A minute late: the checks took longer" });
    await make(page, "move close");
    await state("closed");
    await page.locator("details[data-panel=log] summary").click();
    await page.locator("[data-action=verify]").click();
    await page.locator("[part=verdict][data-ok=true]").waitFor();
    await close();
  });

  test("keeps its records when it is opened again", async () => {
    await begin();
    const { stored } = await submit();
    const again = await page.evaluate(async (change) => {
      const other = window.open();
      other.signIn("e1041");
      await other.load();
      return { log: await other.change(change), changes: await other.changes() };
    }, change);
    assert.deepEqual(again.log, stored);
    assert.match(again.changes[0].number, /^CHG-\d{4}-0001$/);
    assert.equal(again.changes[0].title, (await content()).title);
    await close();
  });

  test("takes a report once, whoever sends it again, and no other under its id", async () => {
    await begin();
    await submit();
    const id = await uuid();
    const comment = (text) => ({ type: "comment", text });
    const at = await clock();
    const send = (person, text) =>
      page.evaluate(
        ([person, report]) => {
          window.host.signIn(person);
          return window.host.report(report);
        },
        [person, { id, changeId: change, expectedSeq: 1, command: comment(text), occurredAt: at }],
      );
    const first = await send("e1041", "once");
    assert.equal(first.type, "accepted");
    assert.deepEqual(await send("e1041", "once"), first);
    assert.equal((await send("e1041", "another")).problem.code, "report.reused");
    assert.equal((await send("e1013", "once")).problem.code, "report.not-yours");
    const log = await page.evaluate((change) => window.host.change(change), change);
    assert.equal(log.length, 2);
    await close();
  });

  test("says that somebody moved first, and remembers a refusal", async () => {
    await begin();
    await submit();
    const conflict = await reportAs("e1041", 0, { type: "comment", text: "late" });
    assert.equal(conflict.type, "conflict");
    assert.equal(conflict.log.length, 1);
    const id = await uuid();
    const command = { type: "move", transition: "pass" };
    const refused = await reportAs("e1041", 1, command, id);
    assert.equal(refused.type, "refused");
    assert.equal(refused.refusals[0].code, "role.missing");
    await close();
  });

  test("erases texts so that the record still verifies, and says so", async () => {
    await begin();
    await submit();
    await reportAs("e1041", 1, { type: "comment", text: "my telephone number" });
    await showTo("e1060");
    await page.locator("details.more-gestures summary").click();
    await page.locator('[data-key="erase"]').click();
    await page.locator("[data-asked=people] label").first().click();
    await page.locator("[data-asked=ground] label").first().click();
    await page.locator("#cgr-panel [data-action=make]").click();
    await page.locator("changegate-record .comment", { hasText: "(erased)" }).waitFor();
    assert.doesNotMatch(await page.locator("changegate-record").textContent(), /telephone/);
    await page.locator("details[data-panel=log] summary").click();
    await page.locator("[data-action=verify]").click();
    await page.locator("[part=verdict][data-ok=true]", { hasText: "erased, as the record says" }).waitFor();
    const [summary] = await page.evaluate(() => window.host.changes());
    assert.equal(summary.title, "");
    await close();
  });

  test("signs nobody in who has left", async () => {
    await begin();
    await page.route("**/defra/people.csv", async (route) => {
      const [head, ...rows] = (await (await route.fetch()).text()).trim().split("\n");
      const left = rows.map((row) => `${row},${row.startsWith("e1041,") ? "yes" : ""}`);
      await route.fulfill({ body: [`${head},left`, ...left].join("\n") });
    });
    const people = await page.evaluate(async () => (await window.host.people()).map(({ id }) => id));
    assert.ok(people.includes("e1042") && !people.includes("e1041"), people.join());
    change = await uuid();
    const submission = reportAs("e1041", 0, {
      type: "submit",
      model: "normal",
      language: "en",
      fields: await content(),
    });
    await assert.rejects(submission, /nobody is signed in/);
    await close();
  });

  test("moves a change to newer rules, and goes on by them", async () => {
    await begin();
    await submit();
    await page.route("**/defra/policy.json", async (route) => {
      const policy = await (await route.fetch()).json();
      const needs = { filled: "related" };
      const gate = { id: "ticket", name: { en: "The ticket is named" }, into: "implement", needs };
      await route.fulfill({ json: { ...policy, version: "99", gates: [...(policy.gates ?? []), gate] } });
    });
    const policy = await page.evaluate(async () => {
      window.host = window.open();
      window.host.signIn("e1010");
      return (await window.host.load()).policyHash;
    });
    const [{ entry }] = await page.evaluate((change) => window.host.change(change), change);
    assert.notEqual(entry.policyHash, policy, "submitted under the older ones");
    await showTo("e1010");
    await page.locator('[data-notice=newer-rules] [data-key="adoptPolicy"]').click();
    await page.locator("#cgr-panel [data-action=make]").click();
    await page.locator("[data-notice=newer-rules]").waitFor({ state: "detached" });
    const adopted = await page.evaluate((change) => window.host.change(change), change);
    assert.equal(adopted.at(-1).entry.policyHash, policy);
    await showTo("e1013");
    await make(page, "move pass");
    const last = await page.evaluate((change) => window.host.change(change), change);
    assert.equal(last.at(-1).entry.policyHash, policy, "decided by the newer ones");
    await close();
  });

  test("keeps meetings of a board over what waits for it", async () => {
    await begin();
    const fields = { ...(await content()), riskSystems: "many", riskServices: "many" };
    change = await uuid();
    await reportAs("e1041", 0, { type: "submit", model: "normal", language: "en", fields });
    await reportAs("e1012", 1, { type: "move", transition: "pass" });
    const board = "change-approval-board";
    assert.deepEqual(await page.evaluate((board) => window.host.agenda(board), board), [], "it waits for the owner");
    const owned = async (seq) => {
      const { contentHash, level } = (await page.evaluate((id) => window.host.permitted(id), change)).change;
      const yes = { type: "approve", rule: "service-owner", contentHash, level };
      assert.equal((await reportAs("e1030", seq, yes)).type, "accepted");
    };
    await owned(2);
    const [first] = await page.evaluate(() => window.host.boards());
    assert.deepEqual([first.board, first.waiting], [board, 1]);
    const [item] = await page.evaluate((board) => window.host.agenda(board), board);
    assert.equal(item.change, change);
    const at = await clock();
    const call = { type: "meeting", step: { type: "call", board, at, agenda: [change] } };
    change = await uuid();
    assert.equal((await reportAs("e1041", 0, call)).refusals[0].code, "role.missing");
    assert.equal((await reportAs("e1010", 0, call)).type, "accepted");
    const minute = { type: "meeting", step: { type: "minute", text: "Asked about the backout." } };
    assert.equal((await reportAs("e1010", 1, minute)).type, "accepted");
    const { records, callable } = await page.evaluate(() => window.host.records());
    assert.equal(records.length, 1);
    assert.equal(records[0].meeting.minutes[0].said.text, "Asked about the backout.");
    assert.ok(callable.every(({ allowed }) => allowed));
    const there = { type: "meeting", step: { type: "attend", person: "e1020", present: true } };
    assert.equal((await reportAs("e1010", 2, there)).type, "accepted");
    assert.equal((await reportAs("e1010", 3, { type: "meeting", step: { type: "close" } })).type, "accepted");
    const sinceMet = async () => (await page.evaluate((board) => window.open().agenda(board), board))[0].sinceMet;
    assert.equal(await sinceMet(), undefined);
    change = item.change;
    const edit = { type: "edit", fields: { backoutPlan: "From the tested copy." } };
    assert.equal((await reportAs("e1041", 3, edit)).type, "accepted");
    await owned(4);
    const { fields: others } = await sinceMet();
    assert.deepEqual(
      others.map(({ field, after }) => [field, after]),
      [["backoutPlan", "From the tested copy."]],
    );
    await close();
  });

  test("takes proposals of ready-made changes, and says how far they have come", async () => {
    await begin();
    const { start, end, implementers, ...fields } = await content();
    for (const risk of Object.keys(fields).filter((field) => field.startsWith("risk") && field !== "riskAnalysis"))
      delete fields[risk];
    const name = { en: "Ruleset update, new way" };
    const template = { model: "standard", name, fields, open: ["start", "end", "implementers"] };
    const step = { type: "propose", template: "new-way", language: "en", content: template };
    change = await uuid();
    const proposed = await reportAs("e1041", 0, { type: "template", step });
    assert.equal(proposed.type, "accepted", JSON.stringify(proposed));
    const known = await page.evaluate(() => window.host.records());
    assert.equal(known.standings["new-way"].status, "proposed");
    assert.deepEqual(known.standings["new-way"].next, { needs: "samples", have: 0, need: 3 });
    const { contentHash } = known.records[0].template.proposed;
    const yes = { type: "template", step: { type: "agree", version: 1, contentHash } };
    assert.equal((await reportAs("e1010", 1, yes)).refusals[0].code, "template.samples");
    const { world } = await page.evaluate(() => window.host.load());
    const { active } = world.templates.find(({ id }) => id === "new-way");
    assert.equal(active, false);
    await close();
  });

  test("says which steps of a template are open to whom, as the reference host does", async () => {
    await begin();
    change = await uuid();
    const { title, description, services } = await content();
    const fields = { title, description, services };
    const own = { model: "standard", name: { en: "New way" }, fields, open: ["start", "end", "implementers"] };
    const step = { type: "propose", template: "new-way", language: "en", content: own };
    assert.equal((await reportAs("e1041", 0, { type: "template", step })).type, "accepted");
    await page.evaluate(async () => {
      await import("/pkg/lists.js");
      const element = document.createElement("change-catalogue");
      element.host = window.host;
      window.host.signIn("e1010");
      document.body.replaceChildren(element);
    });
    const row = page.locator('change-catalogue [data-template="new-way"]');
    await row.locator("[data-part=next]", { hasText: "0 of 3" }).waitFor();
    await row.locator(".why-not summary").click();
    await row.locator(".why-not [data-step=agree]", { hasText: "0 of 3 changes" }).waitFor();
    await row.locator("[data-action=decide]").click();
    assert.equal(await row.locator("button[data-step=agree]").count(), 0);
    await row.locator("#step-reason").fill("Name the changes first.");
    await row.locator("button[data-step=decline]").click();
    await row.locator("[data-part=declined]", { hasText: "Name the changes first." }).waitFor();
    await close();
  });

  test("does not show a record that was altered behind its back", async () => {
    await begin();
    await submit();
    await page.evaluate(async (change) => {
      const database = await new Promise((resolve, reject) => {
        const asked = indexedDB.open("changegate-host browser:defra");
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
      await new Promise((resolve) => {
        const writing = database.transaction("entries", "readwrite");
        const entries = writing.objectStore("entries");
        const asked = entries.get([change, 1]);
        asked.onsuccess = () => {
          asked.result.entry.actor.person = "e1042";
          entries.put(asked.result);
        };
        writing.oncomplete = resolve;
      });
      database.close();
    }, change);
    const code = await page.evaluate((change) => window.host.change(change).catch(({ code }) => code), change);
    assert.equal(code, "log-broken");
    await close();
  });

  test("reminds who has not answered, and asks those above, by its own hand", async () => {
    await begin();
    assert.equal((await submit()).type, "accepted");
    assert.equal((await reportAs("e1013", 1, { type: "move", transition: "pass" })).type, "accepted");
    const waits = (person) =>
      page.evaluate((person) => {
        window.host.signIn(person);
        return window.host.waiting();
      }, person);
    assert.equal((await waits("e1030"))[0].reminded, undefined);
    const asked = await clock();
    await moveClock(later(asked, 25));
    assert.equal((await waits("e1030"))[0].reminded.times, 1);
    await moveClock(later(asked, 80));
    const log = await page.evaluate((change) => window.host.change(change), change);
    const own = log.filter(({ entry }) => entry.actor.type === "host").map(({ entry }) => entry.command.type);
    assert.deepEqual(own, ["remind", "escalate", "remind"]);
    await showTo("e1032");
    await make(page, "approve service-owner", { comment: "For those who did not answer" });
    await page.locator("details[data-panel=log] summary").click();
    await page.locator("[data-action=verify]").click();
    await page.locator("[part=verdict][data-ok=true]").waitFor();
    await close();
  });

  test("has a clock that begins when it was told to and goes forward only", async () => {
    await begin();
    const begun = await clock();
    assert.ok(begun >= START && begun < later(START, 1), begun);
    const ahead = later(begun, 24);
    const [moved, back] = await page.evaluate(
      async (ahead) => [await window.host.moveClock(ahead), await window.host.moveClock("2020-01-01T00:00:00.000Z")],
      ahead,
    );
    assert.ok(moved >= ahead);
    assert.ok(back >= moved);
    const again = await page.evaluate(() => window.open().clock());
    assert.ok(again >= back, "opened again it does not begin anew");
    await close();
  });

  for (const organisation of ["bakery", "facilities", "eleven", "servicenow", "itop"])
    test(`reads ${organisation} as well`, async () => {
      await begin(organisation);
      const [people, hash] = await page.evaluate(async () => {
        const people = await window.host.people();
        window.host.signIn(people[0].id);
        return [people, (await window.host.load()).policyHash];
      });
      assert.ok(people.length > 3);
      assert.match(hash, /^[0-9a-f]{64}$/);
      await close();
    });
});
