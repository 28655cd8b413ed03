// Each role's part in one change of a bank, on the record: by the keyboard alone, or by touch on a small screen.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fits, isReadable, openPage, readJson, shoot, startBrowser, startHost } from "./demo.mjs";
import { choose, comesToFocus, pressOn, tabTo, writeInto } from "./keys.mjs";
import { ask, goBlank, logOf, newId, report, session, show, showChange } from "./record.mjs";
import { onDay } from "./time.mjs";

/** A day some weeks ahead, at an hour. */
const at = (time, days = 18) => onDay(days, time);

const FIELDS = {
  title: "Move the mortgage calculator to the new rates service",
  summary: "The calculator reads its rates from a nightly file. It shall read them from the new rates service.",
  systems: ["lending", "branches"],
  benefit: "Fewer than two complaints a month about wrong quotes, from thirty today.",
  cost: 14_000,
  start: at("20:00"),
  end: at("22:00"),
  interruption: true,
  implementers: ["n14"],
  authors: ["n10"],
  businessOwner: ["n06"],
  code: true,
  personalData: false,
  impact: "service",
  likelihood: "possible",
  undoable: "minutes",
  difference: "The test environment has a tenth of the data and no branch printers.",
  implementationPlan: "Deploy version 4.2, point it to the rates service, compare ten quotes with the printed table.",
  backoutPlan: "Deploy version 4.1 from the release store and restore the nightly file.",
  testPlan: "Regression suite of 214 quotes, then ten real cases in a branch.",
  communicationPlan: "Branches hear by the Monday bulletin; the help desk has an article.",
  tasks: [
    { id: "t1", what: "Make a backup and switch to maintenance", plan: "implementation", person: ["n14"] },
    { id: "t2", what: "Deploy version 4.2", plan: "implementation", person: ["n14"], after: ["t1"] },
  ],
};

/** Touch on a screen of 320 pixels. */
const SMALL = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

describe("each role", { concurrency: false }, () => {
  let host;
  let browser;
  const change = newId();
  const people = {};

  before(async () => {
    [host, browser] = await Promise.all([startHost("eleven"), startBrowser()]);
    for (const id of ["n01", "n04", "n06", "n07", "n08", "n09", "n11", "n12", "n13", "n14", "n16", "n17"])
      people[id] = await session(host.address, id);
    await does("n17", { type: "submit", model: "normal", language: "en", fields: FIELDS });
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  /** A gesture past any page. */
  async function does(person, command) {
    const isFirst = command.type === "submit";
    const seq = isFirst ? 0 : (await logOf(people[person], change)).length;
    return report(people[person], change, seq, command);
  }

  /** The last command that the host took. */
  async function taken(person) {
    const log = await logOf(people[person], change);
    const { entry, values } = log.at(-1);
    const texts = Object.values(values ?? {}).map(({ text }) => text);
    return { command: entry.command, texts, person: entry.actor.person };
  }

  /** Shows the change to somebody, does what they do, and lets nothing go wrong unheard. */
  async function as(person, options, work) {
    const { page, faults, close } = await openPage(browser, options);
    await goBlank(page, host.address);
    await showChange(page, people[person], change);
    await work(page);
    assert.deepEqual(faults, []);
    await close();
  }

  function isTaken(page) {
    return page.locator("#cgr-panel").waitFor({ state: "detached" });
  }

  async function moveClock(to) {
    const response = await fetch(`${host.address}/api/demo/clock`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ to }),
    });
    assert.equal(response.status, 200);
  }

  test("the coordinator takes it up, and who may do what is said in one place", async () => {
    await as("n08", {}, async (page) => {
      await tabTo(page, ".why-not > summary");
      await page.keyboard.press("Enter");
      const lines = await page.locator(".why-not > .refused [data-codes]").count();
      assert.ok(lines < 8, `${lines} lines of what is not possible`);
      await pressOn(page, '[data-key="move take-up"]');
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[part=state]", { hasText: "Evaluation" }).waitFor();
    });
  });

  test("the evaluator says who answers for the step, and sends it back with a question for a field", async () => {
    await as("n07", {}, async (page) => {
      await pressOn(page, '[data-key="assign evaluation"]');
      await writeInto(page, "#cgr-person", "Orla");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator(".step[data-state=evaluation] .step-who.own", { hasText: "you" }).waitFor();

      await pressOn(page, '[data-key="ask"]');
      await tabTo(page, "#cgr-questions-0-field");
      await page.keyboard.type("Expected benefit");
      await writeInto(page, "#cgr-questions-0-text", "How do you count the complaints today?");
      await pressOn(page, "#cgr-questions");
      await writeInto(page, "#cgr-questions-1-text", "Does the fraud team know?");
      await isReadable(page, "change-request");
      await choose(page, "[data-asked=transition]", 1);
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[part=state]", { hasText: "Request" }).waitFor();
    });
    const { command } = await taken("n07");
    assert.deepEqual(
      command.questions.map(({ field }) => field),
      ["benefit", undefined],
    );
    assert.equal(command.transition, "send-back");
  });

  test("the requester answers beside the field, by touch on a small screen", async () => {
    await as("n17", SMALL, async (page) => {
      await fits(page);
      await page.locator('[data-jump="questions"]').tap();
      await page.locator('.entry[data-field=benefit] .question[data-open=true] [data-key="answer 1"]').tap();
      const panel = page.locator(".entry[data-field=benefit] #cgr-panel");
      await panel.locator("textarea").fill("By the tickets of the help desk with the word quote.");
      await fits(page);
      await isReadable(page, "change-request");
      await panel.locator("[data-action=make]").tap();
      await isTaken(page);
      await page.locator(".entry[data-field=benefit] .question[data-open=false]").waitFor();
      await page.locator('[data-key="answer 2"]').tap();
      await page.locator("#cgr-panel textarea").fill("Yes, Winston has read it.");
      await page.locator("#cgr-panel [data-action=make]").tap();
      await isTaken(page);
      await page.locator('.question[data-open="true"]').waitFor({ state: "detached" });
    });
  });

  test("the evaluator judges it against the criteria, each asked by its own control", async () => {
    await does("n08", { type: "move", transition: "take-up" });
    await as("n07", {}, async (page) => {
      await pressOn(page, '[data-key="evaluate"]');
      await pressOn(page, "#cgr-panel [data-action=make]");
      assert.equal(await page.locator("#cgr-panel .finding .stops").count(), 4);
      for (const criterion of ["effective", "feasible", "worthIt", "fitsPolicy"])
        await choose(page, `[data-asked="field:${criterion}"]`, 0);
      await isReadable(page, "change-request");
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[part=state]", { hasText: "Planning" }).waitFor();
      await page.locator("[data-part=judged] [data-field=effective]", { hasText: "Yes" }).waitFor();
    });
    await does("n17", { type: "move", transition: "planned" });
    for (const [state, person] of [
      ["approval", "n07"],
      ["code-review", "n11"],
      ["testing", "n12"],
      ["post-implementation-review", "n07"],
      ["post-deployment-testing", "n13"],
    ])
      await does("n07", { type: "assign", state, person });
  });

  test("an approver finds everything on one card, and says yes with a condition", async () => {
    await as("n09", {}, async (page) => {
      await pressOn(page, '[data-key="decide peer"]');
      const card = page.locator(".decision");
      for (const part of [
        ".card-side .label",
        "[data-field=summary]",
        "[data-field=backoutPlan]",
        "[data-part=services]",
      ])
        await card.locator(part).first().waitFor();
      for (const part of ["tasks", "checklist", "judged"]) await card.locator(`[data-part=${part}]`).waitFor();
      await card.locator(".engine, .answer").first().waitFor();
      assert.equal(await card.locator(".question").count(), 2);
      assert.equal(await card.locator("button[data-command]").count(), 0);
      await isReadable(page, "change-request");
      await choose(page, ".answers", 1);
      await writeInto(page, "#cgr-conditions", "The help desk article is online");
      await isReadable(page, "change-request");
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[data-part=conditions] [data-open=true]").waitFor();
    });
    const { command, texts } = await taken("n09");
    assert.equal(command.type, "approve");
    assert.deepEqual(texts, ["The help desk article is online"]);
  });

  test("an approver prints the card without what can be pressed", async () => {
    await as("n06", {}, async (page) => {
      await pressOn(page, '[data-key="decide business-owner"]');
      await page.locator(".decision .engine, .decision .answer").first().waitFor();
      await shoot(page, "roles", "decision");
      await page.emulateMedia({ media: "print" });
      const shown = await page.locator("button:visible, input:visible, textarea:visible").count();
      assert.equal(shown, 0);
      assert.ok(await page.locator(".decision [data-field=backoutPlan]").isVisible());
      await page.emulateMedia({ media: null });
    });
  });

  test("a record prints with what is folded away on the screen, and without what can be pressed", async () => {
    await as("n06", {}, async (page) => {
      await page.locator("details[data-panel=risk] > summary").click();
      await page.locator("details[data-panel=risk] .engine").first().waitFor();
      await page.locator("details[data-panel=risk] > summary").click();
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      await page.emulateMedia({ media: "print" });
      const shown = await page.locator("button:visible, input:visible, textarea:visible").count();
      assert.equal(shown, 0);
      for (const wanted of ["[data-field=backoutPlan]", "[data-panel=log] .log li", "[data-panel=risk] .engine"])
        assert.ok(await page.locator(wanted).first().isVisible(), wanted);
      await page.emulateMedia({ media: null });
    });
  });

  test("a panel that is closed the moment before it is printed is on the paper all the same", async () => {
    await as("n06", {}, async (page) => {
      const risk = page.locator("details[data-panel=risk]");
      await risk.locator("> summary").click();
      await risk.locator(".engine").first().waitFor();
      await risk.locator("> summary").evaluate((summary) => {
        summary.click();
        dispatchEvent(new Event("beforeprint"));
      });
      await page.emulateMedia({ media: "print" });
      assert.ok(await risk.locator(".engine").first().isVisible());
    });
  });

  test("an approver asks for more instead, then says yes by touch on a small screen", async () => {
    await as("n06", SMALL, async (page) => {
      await page.locator('[data-key="decide business-owner"]').tap();
      await page.locator(".decision [data-action=go]").tap();
      await page.locator(".answers [data-answer=ask]").tap();
      await page.locator("#cgr-questions-0-text").fill("Can it be done by 21:30?");
      await fits(page);
      await page.locator("#cgr-panel [data-action=make]").tap();
      await isTaken(page);
    });
    await does("n17", { type: "answer", question: 3, text: "Yes." });
    await as("n06", SMALL, async (page) => {
      await page.locator('[data-key="decide business-owner"]').tap();
      await page.locator(".answers [data-answer=yes]").tap();
      await page.locator("#cgr-panel [data-action=make]").tap();
      await isTaken(page);
    });
    const { command, person } = await taken("n06");
    assert.deepEqual([command.type, command.rule, person], ["approve", "business-owner", "n06"]);
  });

  test("somebody is named in a comment, by an @ and the keyboard", async () => {
    await as("n12", {}, async (page) => {
      await pressOn(page, '[data-key="comment"]');
      await writeInto(page, "#cgr-text", "Can you do the comparison, @Lei");
      await page.locator(".results [role=option]", { hasText: "Leila Haddad" }).waitFor();
      await isReadable(page, "change-request");
      await page.keyboard.press("Enter");
      await page.keyboard.type("that evening?");
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[data-part=comments] .mention", { hasText: "@Leila Haddad" }).waitFor();
    });
    const { command, texts } = await taken("n12");
    assert.deepEqual(command.mentions, ["n13"]);
    assert.deepEqual(texts, ["Can you do the comparison, @Leila Haddad that evening?"]);
  });

  test("an edit of what was approved shows before and after to those who decide again", async () => {
    await does("n08", { type: "edit", fields: { backoutPlan: "Deploy version 4.1. Tried on Tuesday and Friday." } });
    await as("n09", {}, async (page) => {
      await pressOn(page, '[data-key="decide peer"]');
      const changed = page.locator(".decision [data-part=changed] [data-field=backoutPlan]");
      await changed.locator("del", { hasText: "restore the nightly file" }).waitFor();
      await changed.locator("ins", { hasText: "Tried on Tuesday and Friday" }).waitFor();
      await choose(page, ".answers", 1);
      await writeInto(page, "#cgr-conditions", "The help desk article is online");
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
    });
  });

  test("the tester brings evidence with a file, which opens again with the same bytes", async () => {
    for (const [person, rule] of [
      ["n06", "business-owner"],
      ["n04", "it-management"],
      ["n12", "cab"],
      ["n16", "cab"],
    ])
      await approves(person, rule);
    await does("n11", { type: "attach", kind: "code-review", name: "Review 1182", result: "passed" });
    await does("n11", { type: "move", transition: "code-reviewed" });
    await as("n13", {}, async (page) => {
      await pressOn(page, '[data-jump="evidence"]');
      await comesToFocus(page, "#cgr-evidence");
      await pressOn(page, '[data-key="attach test-result"]');
      await writeInto(page, "#cgr-name", "Regression suite");
      await page.locator("#cgr-file").setInputFiles({
        name: "report.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("214 of 214"),
      });
      await choose(page, "[data-asked=result]", 0);
      await isReadable(page, "change-request");
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await comesToFocus(page, "#cgr-evidence");
      const [download] = await Promise.all([page.waitForEvent("download"), pressOn(page, "[data-file]")]);
      const chunks = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk);
      assert.equal(Buffer.concat(chunks).toString(), "214 of 214");
    });
  });

  /** A yes to what stands now. */
  async function approves(person, rule) {
    const events = (await logOf(people[person], change)).flatMap(({ entry }) => entry.events);
    const { contentHash } = events.findLast(({ type }) => type === "submitted" || type === "edited");
    const { level } = events.findLast(({ type }) => type === "assessed");
    return does(person, { type: "approve", rule, contentHash, level });
  }

  test("the implementer takes tasks on, answers the checklist, and starts when nothing is missing", async () => {
    await moveClock(at("20:01"));
    await as("n14", {}, async (page) => {
      await page.locator('.missing[data-missing*="condition.open"]').waitFor();
      await pressOn(page, '[data-key="task t2 refused"]');
      await pressOn(page, "#cgr-panel [data-action=make]");
      await page.locator("#cgr-panel .finding .stops").waitFor();
      await pressOn(page, "#cgr-panel [data-action=close]");
      await comesToFocus(page, '[data-key="task t2 refused"]');
      await goBack(page);
      for (const key of ["fulfill 2", "task t1 accepted", "task t2 accepted"]) {
        await pressOn(page, `[data-key="${key}"]`);
        await pressOn(page, "#cgr-panel [data-action=make]");
        await isTaken(page);
        await goBack(page);
      }
      for (const item of ["backup", "help-desk"]) {
        await pressOn(page, `[data-key="check ${item}"]`);
        await choose(page, "[data-asked=answer]", 0);
        await pressOn(page, "#cgr-panel [data-action=make]");
        await isTaken(page);
        await goBack(page);
      }
      await isReadable(page, "change-request");
      await pressOn(page, '[data-key="move deploy"]');
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[part=state]", { hasText: "Deployment" }).waitFor();
    });
  });

  /** To the top of the record again, as by a reload. */
  function goBack(page) {
    return page.locator("#cgr-title").focus();
  }

  test("work that runs over its time says so; more time is asked for, and given by somebody else", async () => {
    await moveClock(at("22:25"));
    await as("n14", {}, async (page) => {
      await page.locator("[data-banner=overrun]", { hasText: "25 minutes ago" }).waitFor();
      await pressOn(page, '[data-key="extend"]');
      await tabTo(page, "#cgr-until");
      await page.locator("#cgr-until").fill(`${at("23:00").slice(0, 16)}`);
      await writeInto(page, "#cgr-reason", "The comparison takes longer than planned");
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[data-banner=extension]").waitFor();
    });
    await as("n07", {}, async (page) => {
      await isReadable(page, "change-request");
      await pressOn(page, '[data-key="decideExtension"]');
      await choose(page, "[data-asked=answer]", 0);
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[data-banner=extension]").waitFor({ state: "detached" });
    });
  });

  test("the implementer finishes the tasks and reports the work", async () => {
    await as("n14", {}, async (page) => {
      for (const key of ["task t1 started", "task t1 done", "task t2 started", "task t2 done"]) {
        await goBack(page);
        await pressOn(page, `[data-key="${key}"]`);
        await pressOn(page, "#cgr-panel [data-action=make]");
        await isTaken(page);
      }
      await page.locator("[data-part=tasks] .progress", { hasText: "2 of 2" }).waitFor();
      await goBack(page);
      await pressOn(page, '[data-key="complete"]');
      await choose(page, "[data-asked=outcome]", 0);
      await writeInto(page, '[id="cgr-field:done"]', "As planned, a little later.");
      await isReadable(page, "change-request");
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[data-part=work]").waitFor();
    });
  });

  test("the reviewer sees why a look back is needed, and what was expected beside what came of it", async () => {
    await as("n07", {}, async (page) => {
      await page.locator("[data-part=review] li").first().waitFor();
      await pressOn(page, '[data-key="observe errors"]');
      await choose(page, "[data-asked=answer]", 0);
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      await page.locator("[data-measure=errors][data-answer=yes]").waitFor();
      await goBack(page);
      await pressOn(page, '[data-key="review"]');
      await page.locator("#cgr-panel .help", { hasText: "14,000 pounds" }).waitFor();
      await writeInto(page, "#cgr-text", "The window was too short by an hour.");
      await writeInto(page, '[id="cgr-field:measured"]', "One complaint in the first week.");
      await writeInto(page, '[id="cgr-field:costInTheEnd"]', "15000");
      await writeInto(page, '[id="cgr-field:lessons"]', "Plan the comparison with an hour to spare.");
      await isReadable(page, "change-request");
      await pressOn(page, "#cgr-panel [data-action=make]");
      await isTaken(page);
      const cost = page.locator("[data-part=afterwards] [data-field=costInTheEnd] .compared");
      await cost.getByText("14,000 pounds").waitFor();
      await cost.getByText("15,000 pounds").waitFor();
      await isReadable(page, "change-request");
      await shoot(page, "roles", "reviewed");
      await page.evaluate(() => {
        document.documentElement.dir = "rtl";
      });
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await fits(page);
      }
    });
  });

  test("the change manager reads in German what is not yet possible", async () => {
    const { page, faults, close } = await openPage(browser);
    await goBlank(page, host.address);
    await show(page, people.n07, { change, lang: "de" });
    await page.locator("#cgr-next", { hasText: "Was Sie tun können" }).waitFor();
    await page.locator(".hat .label", { hasText: "Sie blicken auf sie zurück" }).waitFor();
    await isReadable(page, "change-request");
    assert.deepEqual(faults, []);
    await close();
  });

  test("newer rules are noticed by whoever may move a change to them, with what would be different", async () => {
    const open = newId();
    const fields = { ...FIELDS, start: at("20:00", 40), end: at("22:00", 40) };
    await report(people.n17, open, 0, { type: "submit", model: "normal", language: "en", fields });
    await publish();
    const { page, faults, close } = await openPage(browser);
    await goBlank(page, host.address);
    await showChange(page, people.n17, open);
    assert.equal(await page.locator("[data-notice=newer-rules]").count(), 0);
    await showChange(page, people.n07, open);
    await page.locator("[data-notice=newer-rules] li", { hasText: "Executives" }).waitFor();
    await isReadable(page, "change-request");
    await pressOn(page, '[data-key="adoptPolicy"]');
    await pressOn(page, "#cgr-panel [data-action=make]");
    await isTaken(page);
    await page.locator("[data-notice=newer-rules]").waitFor({ state: "detached" });
    await page.locator("details[data-panel=approvals] [data-rule=executives]").waitFor();
    assert.deepEqual(faults, []);
    await close();
  });

  /** Puts rules in force that ask the executives of every change: one proposes them, another agrees. */
  async function publish() {
    const policy = await readJson("tests/organisations/eleven/policy.json");
    const approvals = policy.approvals.map((rule) => (rule.id === "executives" ? { ...rule, when: undefined } : rule));
    const manager = people.n07;
    const { hash } = await ask(`${host.address}/api/policies`, {
      body: { ...policy, version: `${policy.version}.1`, approvals },
      token: manager.token,
    });
    const { records } = await ask(`${host.address}/api/records`, { token: manager.token });
    const { id } = records.find(({ type }) => type === "publication").publication;
    const steps = [
      ["n07", "propose"],
      ["n01", "agree"],
    ];
    for (const [person, type] of steps) {
      const seq = (await logOf(people[person], id)).length;
      await report(people[person], id, seq, { type: "policy", step: { type, hash } });
    }
  }
});
