// The lists: what waits for whom, the board at its meeting, and what everybody may know of planned work.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fits, isReadable, openPage, shoot, startBrowser, startHost } from "./demo.mjs";
import { does, hoursOn, moveClock, says } from "./earlier.mjs";
import { pressOn, tabTo, writeInto } from "./keys.mjs";
import { looks, SMALL } from "./lists.mjs";
import { ask, content, goBlank, logOf, newId, session } from "./record.mjs";
import { later } from "./time.mjs";

/** Answers that make a risk of the middle, and the highest there is. */
const MEDIUM = { riskFrequency: "never" };
const HIGHEST = {
  ...MEDIUM,
  riskSystems: "many",
  riskServices: "many",
  riskEffect: "slower",
  riskDependents: "several",
  riskUsers: "public",
  riskClass: "gold",
};

describe("the lists", { concurrency: false }, () => {
  let host;
  let browser;
  const people = {};
  const changes = {};

  before(async () => {
    [host, browser] = await Promise.all([startHost(), startBrowser()]);
    for (const id of ["e1041", "e1042", "e1013", "e1030", "e1010", "e1011", "e1020", "e1021", "e1045"])
      people[id] = await session(host.address, id);
    await submit("plain", "Move the help pages");
    await submit("other", "Renew the certificates", {}, "e1040");
    await forBoard("early", "Archive the old invoices", MEDIUM);
    await forBoard("later", "Replace the print service", MEDIUM);
    await forBoard("great", "Replace the charging database", HIGHEST);
    await planned("seen", "Bring Interim Charging up to date");
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  /** Each in a window of its own, so that nothing is in the way of another. */
  async function submit(name, title, answers = {}, by = "e1041") {
    people[by] ??= await session(host.address, by);
    const fields = await content();
    const window = hoursOn(fields, 2 * Object.keys(changes).length);
    changes[name] = { id: newId(), title, ...window };
    const all = { ...fields, ...window, ...answers, title };
    await does(people[by], changes[name].id, { type: "submit", model: "normal", language: "en", fields: all });
  }

  async function forBoard(name, title, answers) {
    await submit(name, title, answers);
    await does(people.e1013, changes[name].id, { type: "move", transition: "pass" });
    await says(people.e1030, changes[name].id, "service-owner");
  }

  async function planned(name, title) {
    await forBoard(name, title, {});
    await says(people.e1011, changes[name].id, "change-manager");
    await does(people.e1013, changes[name].id, { type: "announce", text: "Invoices can be a few minutes late." });
  }

  const list = (person, show, work, options = {}) =>
    looks(browser, people[person], "change-list", work, { show, options });
  const row = (page, name) => page.locator(`[part=row][data-change="${changes[name].id}"]`);
  const shown = (page) => page.locator("[part=row] .title, [part=row] h3").allTextContents();

  test("what somebody asked for is theirs to see, and it is not said to wait for them", async () => {
    await list("e1041", "mine", async (page) => {
      await row(page, "plain").waitFor();
      assert.equal((await shown(page)).length, 5);
      assert.equal(await row(page, "other").count(), 0, "somebody else asked for it");
      assert.equal(await row(page, "plain").locator("[part=asks]").count(), 0);
      await isReadable(page, "change-list");
    });
    await list("e1042", "mine", (page) => page.getByText("You have not asked for anything yet.").waitFor());
  });

  test("what waits appears for whose role it is, with what they are asked to do, and for nobody else", async () => {
    await list("e1013", "waiting", async (page) => {
      await row(page, "plain").locator("[part=asks]", { hasText: "You are asked to" }).waitFor();
      await row(page, "other").waitFor();
      assert.equal(await row(page, "seen").count(), 0);
      await isReadable(page, "change-list");
    });
    await list("e1021", "waiting", async (page) => {
      await row(page, "great").waitFor();
      assert.equal(await row(page, "plain").count(), 0, "it waits for a coordinator first");
    });
    await list("e1042", "waiting", (page) => page.getByText("Nothing waits for you.").waitFor());
  });

  test("a keyboard searches all changes and opens one", async () => {
    await list("e1042", "all", async (page) => {
      await row(page, "plain").waitFor();
      assert.equal((await shown(page)).length, 6);
      await tabTo(page, "#search");
      await page.keyboard.type("CERTIF");
      await page.locator("[role=status]", { hasText: "One change" }).waitFor();
      assert.equal((await shown(page)).length, 1);
      await pressOn(page, "a[part=link]");
      await page.waitForURL(`**#change/${changes.other.id}`);
      await tabTo(page, "#search");
      await page.keyboard.type(" nowhere");
      await page.getByText("No change fits that.").waitFor();
    });
  });

  test("a list fits a screen of 320 pixels, and a touch opens a change", async () => {
    const work = async (page) => {
      await row(page, "plain").waitFor();
      await fits(page);
      await isReadable(page, "change-list");
      await row(page, "plain").locator("a").tap();
      await page.waitForURL(`**#change/${changes.plain.id}`);
    };
    await list("e1013", "waiting", work, SMALL);
  });

  const board = (person, work) =>
    looks(browser, people[person], "change-board", work, { board: "change-approval-board" });

  test("a board has the exceptions first, and says yes to several at once, by the keyboard", async () => {
    await board("e1020", async (page) => {
      await row(page, "early").waitFor();
      const titles = await shown(page);
      assert.deepEqual(
        titles.map((title) => title.replace(/^CHG-\S+ /, "").trim()),
        [changes.great.title, changes.early.title, changes.later.title],
      );
      await row(page, "great").locator(".tag", { hasText: "high risk" }).waitFor();
      await row(page, "early").getByText("Nothing out of the ordinary").waitFor();
      await isReadable(page, "change-board");
      for (const name of ["early", "later"]) {
        await tabTo(page, `[data-change="${changes[name].id}"] input`);
        await page.keyboard.press("Space");
      }
      await pressOn(page, "[data-action=yes]");
      await page.locator("[role=status]", { hasText: "Yes said to 2 changes" }).waitFor();
    });
    for (const [name, given] of [
      ["early", true],
      ["later", true],
      ["great", false],
    ]) {
      const log = await logOf(people.e1010, changes[name].id);
      const own = log.filter(({ entry }) => entry.command.type === "approve" && entry.actor.person === "e1020");
      assert.deepEqual(
        own.map(({ entry }) => entry.command.rule),
        given ? ["cab"] : [],
        name,
      );
    }
    await board("e1020", async (page) => {
      await row(page, "great").locator("input[type=checkbox]").waitFor();
      assert.equal(await row(page, "early").locator("input").count(), 0, "nobody says yes twice");
    });
  });

  test("a member reads all that a decision needs in its place on the agenda, and decides there", async () => {
    await board("e1021", async (page) => {
      const great = row(page, "great");
      await great.locator("summary").click();
      const card = great.locator("changegate-record .decision");
      await card.locator(".card-side .card-block").first().waitFor();
      await card.locator(".card-main").getByText(changes.great.title).first().waitFor();
      await isReadable(page, "change-board");
      await card.locator('.answers [data-answer="yes"]').click();
      await card.locator("[data-action=make]").click();
      await great.locator("input[type=checkbox]").waitFor({ state: "detached" });
      await great.locator('changegate-record .votes [data-void="false"]', { hasText: "said yes" }).first().waitFor();
      assert.equal(await great.locator("[data-notice=moved-on]").count(), 0, "their own yes is no news to them");
    });
    const log = await logOf(people.e1010, changes.great.id);
    assert.deepEqual([log.at(-1).entry.command.rule, log.at(-1).entry.actor.person], ["cab", "e1021"]);
  });

  test("a yes is to what the agenda showed: what was edited since is refused and looked at anew", async () => {
    await forBoard("moving", "Move the archive", MEDIUM);
    await board("e1020", async (page) => {
      await row(page, "moving").locator("input[type=checkbox]").check();
      await does(people.e1041, changes.moving.id, { type: "edit", fields: { backoutPlan: "By hand, from the copy." } });
      await says(people.e1030, changes.moving.id, "service-owner");
      await page.locator("[data-action=yes]").click();
      await page.locator("[role=status]", { hasText: "was edited since" }).waitFor();
      assert.equal((await logOf(people.e1010, changes.moving.id)).at(-1).entry.command.rule, "service-owner");
      await row(page, "moving").locator("input[type=checkbox]").check();
      await page.locator("[data-action=yes]").click();
      await page.locator("[role=status]", { hasText: "Yes said to one change" }).waitFor();
    });
    assert.equal((await logOf(people.e1010, changes.moving.id)).at(-1).entry.command.rule, "cab");
  });

  test("a portal is asked before a change is opened, and may open it its own way", async () => {
    await list("e1010", "all", async (page) => {
      await row(page, "plain").waitFor();
      const asked = await page.evaluate((id) => {
        const heard = [];
        const hear = ({ type, detail }) => heard.push(`${type} ${detail.changeId === id}`);
        addEventListener("changegate-opened", hear);
        addEventListener("changegate-before-open", (event) => {
          hear(event);
          event.preventDefault();
        });
        const found = document.querySelector("change-list").shadowRoot.querySelector(`[data-change="${id}"] a`);
        found.click();
        return { heard, hash: location.hash };
      }, changes.plain.id);
      assert.deepEqual(asked, { heard: ["changegate-before-open true"], hash: "" });
    });
  });

  test("without anybody who keeps the records, a list says so", async () => {
    const { page, close } = await openPage(browser);
    await goBlank(page, host.address);
    const fault = page.evaluate(async () => {
      await import("/pkg/lists.js");
      const told = new Promise((resolve) =>
        addEventListener("changegate-fault", ({ detail }) => resolve(detail.fault.code)),
      );
      document.body.replaceChildren(document.createElement("change-list"));
      return told;
    });
    assert.equal(await fault, "no-host");
    await page.locator("change-list [role=alert]").waitFor();
    await close();
  });

  test("who sits on no board is offered no yes, and calls no meeting", async () => {
    await board("e1042", async (page) => {
      await row(page, "great").waitFor();
      assert.equal(await page.locator("[part=row] input").count(), 0);
      assert.equal(await page.locator("[data-action=call]").count(), 0);
      await page.locator(".why-not summary").click();
      await page.locator(".why-not [data-step=call]", { hasText: "Change manager" }).waitFor();
    });
    const { records } = await ask(`${host.address}/api/records`, { token: people.e1010.token });
    assert.equal(records.filter(({ type }) => type === "meeting").length, 0);
  });

  const meetings = async () => {
    const { records } = await ask(`${host.address}/api/records`, { token: people.e1010.token });
    return records.flatMap(({ type, meeting }) => (type === "meeting" ? meeting : []));
  };

  test("a board opens on one of the reader's own, and of those on the one for which most waits", async () => {
    const opensOn = async (person) => {
      let chosen;
      await looks(browser, people[person], "change-board", async (page) => {
        await page.locator("#board").waitFor();
        chosen = await page.locator("#board").inputValue();
      });
      return chosen;
    };
    people.e1002 = await session(host.address, "e1002");
    assert.equal(
      await opensOn("e1002"),
      "board-for-emergencies",
      "the only one that is hers, though nothing waits for it",
    );
    assert.equal(await opensOn("e1020"), "change-approval-board", "of two, the one for which more waits");
    assert.equal(await opensOn("e1042"), "change-approval-board", "of none, the one for which most waits");
  });

  test("a change that waits for others first is on no agenda of a board", async () => {
    await submit("ahead", "Move the print queue", MEDIUM);
    await does(people.e1013, changes.ahead.id, { type: "move", transition: "pass" });
    await board("e1020", async (page) => {
      await row(page, "great").waitFor();
      assert.equal(await row(page, "ahead").count(), 0, "it waits for the owner of the service");
    });
    await says(people.e1030, changes.ahead.id, "service-owner");
    await board("e1020", (page) => row(page, "ahead").waitFor());
    await does(people.e1041, changes.ahead.id, {
      type: "move",
      transition: "withdraw-approval",
      reason: "Not needed.",
    });
  });

  test("before a meeting is called it is asked when, where and over what, and nothing is sent before it is confirmed", async () => {
    await board("e1010", async (page) => {
      await pressOn(page, "[data-action=call]");
      const form = page.locator("[part=calling]");
      await form.waitFor();
      await isReadable(page, "change-board");
      await pressOn(page, "[part=calling] [data-action=cancel]");
      await form.waitFor({ state: "detached" });
      await pressOn(page, "[data-action=call]");
      await pressOn(page, "[data-action=call-confirm]");
      await page.locator("#call-at-finding .stops").waitFor();
      assert.deepEqual(await meetings(), [], "nothing was called");
      await shoot(page, "board", "calling");
      await page.locator("#call-at").fill("2027-02-01T10:00");
      await writeInto(page, "#call-place", "Room 4");
      await page.locator(`[data-agenda="${changes.great.id}"]`).uncheck();
      await pressOn(page, "[data-action=call-confirm]");
      await page.locator("[part=meeting] [data-part=place]", { hasText: "Room 4" }).waitFor();
      await shoot(page, "board", "called");
    });
    const [meeting] = await meetings();
    assert.equal(meeting.meets.slice(0, 10), "2027-02-01");
    assert.equal(meeting.agenda.includes(changes.great.id), false, "what was left off is not on it");
  });

  test("a meeting that was called by mistake is called off with a reason, on a small screen", async () => {
    const work = async (page) => {
      await page.locator("[data-step=callOff]").click();
      await page.locator("#call-off-reason").fill("It was the wrong day.");
      await fits(page);
      await isReadable(page, "change-board");
      await shoot(page, "board", "calling-off-320");
      await page.locator("[data-action=call-off-confirm]").click();
      await page.locator("[data-action=call]").waitFor();
      await page.locator("details summary", { hasText: "Meetings before" }).click();
      await page.locator("[data-part=called-off]", { hasText: "It was the wrong day." }).waitFor();
    };
    await looks(browser, people.e1010, "change-board", work, { board: "change-approval-board", options: SMALL });
    const [meeting] = await meetings();
    assert.equal(meeting.calledOff.by, "e1010");
  });

  test("the chair calls a meeting, notes who is there and what was said, and ends it", async () => {
    await board("e1010", async (page) => {
      await pressOn(page, "[data-action=call]");
      await page.locator("#call-at").fill("2027-02-01T10:00");
      await pressOn(page, "[data-action=call-confirm]");
      const meeting = page.locator("[part=meeting]");
      await meeting.waitFor();
      await tabTo(page, "[data-person=e1020]");
      await page.keyboard.press("Space");
      await tabTo(page, "[data-person=e1021]");
      await page.keyboard.press("Space");
      await page.locator("#about").selectOption(changes.great.id);
      await page.locator("#minute").fill("Wait for the test of the backup.");
      await pressOn(page, "[data-action=minute]");
      await meeting.locator(".said", { hasText: "Wait for the test of the backup." }).waitFor();
      assert.equal(await page.locator("#minute").inputValue(), "", "ready for the next");
      await isReadable(page, "change-board");
      await pressOn(page, "[data-action=close]");
      await meeting.waitFor({ state: "detached" });
      await page.locator("details summary", { hasText: "Meetings before" }).click();
      await page.locator("details", { hasText: "Wait for the test of the backup." }).waitFor();
      await page.locator("details .note", { hasText: "Yusuf Demir and Ingrid Haugen" }).waitFor();
    });
    await board("e1042", async (page) => {
      await page.locator("details", { hasText: "Wait for the test of the backup." }).waitFor();
      assert.equal(await page.locator("[part=meeting]").count(), 0);
    });
    const meeting = (await meetings()).find(({ closed }) => closed);
    assert.deepEqual(meeting.attendance, { e1020: true, e1021: true });
    assert.equal(meeting.minutes[0].change, changes.great.id);
    assert.equal(meeting.closed.by, "e1010");
  });

  test("a board reads what is new since it last met, with what stood there before", async () => {
    await board("e1020", async (page) => {
      await row(page, "great").waitFor();
      assert.equal(await page.locator("[data-part=since]").count(), 0, "it met just now");
      await page.locator("details summary", { hasText: "Meetings before" }).click();
      const lookedAt = page.locator("details ul", { hasText: changes.great.title });
      await lookedAt.locator("[part=state]").first().waitFor();
    });
    const { id } = changes.great;
    await does(people.e1045, id, { type: "comment", text: "The backup was tested." });
    await does(people.e1041, id, {
      type: "edit",
      fields: { backoutPlan: "From the tested copy.", riskSystems: "few" },
    });
    await says(people.e1030, id, "service-owner");
    await forBoard("fresh", "Renew the routers", MEDIUM);
    await board("e1020", async (page) => {
      const since = row(page, "great").locator("[data-part=since]");
      await since.getByText("Service owner: Rosalind Achterberg said yes").waitFor();
      await since.getByText("One remark").waitFor();
      await since.locator("summary", { hasText: "2 answers have changed" }).click();
      const plan = since.locator("[data-field=backoutPlan]");
      await plan.locator("ins", { hasText: "From the tested copy." }).waitFor();
      assert.notEqual((await plan.locator("del").textContent()).trim(), "");
      await row(page, "great").locator(".tag", { hasText: "changed since the last meeting" }).waitFor();
      await row(page, "fresh").getByText("New since the last meeting").waitFor();
      await isReadable(page, "change-board");
    });
    await looks(
      browser,
      people.e1020,
      "change-board",
      async (page) => {
        await row(page, "great").locator("[data-part=since] summary").click();
        await fits(page);
      },
      { board: "change-approval-board", options: SMALL },
    );
  });

  test("who has not answered is reminded, and finds that in their list, on the change and in its log", async () => {
    await submit("slow", "Tidy the archive");
    await does(people.e1013, changes.slow.id, { type: "move", transition: "pass" });
    const { now } = await ask(`${host.address}/api/demo/clock`);
    await list("e1030", "waiting", async (page) => {
      await row(page, "slow").waitFor();
      assert.equal(await row(page, "slow").locator(".reminded").count(), 0, "they were asked just now");
    });
    await moveClock(host.address, later(now, 25));
    await list("e1030", "waiting", (page) => row(page, "slow").getByText("You were reminded on").waitFor());
    await moveClock(host.address, later(now, 74));
    await list("e1030", "waiting", async (page, element) => {
      await row(page, "slow").getByText("You were reminded 2 times, last on").waitFor();
      const told = element.evaluate(
        (element) => new Promise((tell) => element.addEventListener("changegate-listed", ({ detail }) => tell(detail))),
      );
      await element.evaluate((element) => element.refresh());
      const { reminded, late } = await told;
      assert.deepEqual({ reminded, late }, { reminded: 1, late: 0 });
      await isReadable(page, "change-list");
    });
    await list("e1013", "waiting", async (page) => {
      await row(page, "plain").waitFor();
      assert.equal(await page.locator(".reminded").count(), 0, "others were");
    });
    const reminded = (await logOf(people.e1041, changes.slow.id)).flatMap(({ entry }) => entry.events).slice(-1);
    assert.deepEqual([reminded[0].type, reminded[0].rule], ["reminded", "service-owner"]);
    const onRecord = async (page) => {
      await page.locator("[data-reminded]", { hasText: "Rosalind Achterberg" }).waitFor();
      await page.locator("[data-escalated]", { hasText: "these may decide as well" }).waitFor();
    };
    await looks(browser, people.e1041, "change-request", onRecord, { change: changes.slow.id });
  });

  const notice = (work, options = {}, attributes = {}) =>
    looks(browser, people.e1042, "change-notice", work, { ...attributes, options });

  test("planned work is shown to whoever has no part in it, and what is not decided yet is not", async () => {
    await notice(async (page) => {
      await row(page, "seen").getByText("planned").waitFor();
      await row(page, "seen").getByText("Nobody should notice an interruption.").waitFor();
      await row(page, "seen").getByText("Touches: Charging Module").waitFor();
      await row(page, "seen").locator("[part=told]", { hasText: "Invoices can be a few minutes late." }).waitFor();
      assert.equal((await shown(page)).length, 1);
      await isReadable(page, "change-notice");
    });
  });

  test("a notice fits a screen of 320 pixels by touch, and tells that the work is being done", async () => {
    const { id, start } = changes.seen;
    await moveClock(host.address, later(start, 1 / 60));
    await does(people.e1045, id, { type: "move", transition: "start" });
    const work = async (page) => {
      await row(page, "seen").locator("[part=state]", { hasText: "being done now" }).waitFor();
      assert.equal(await row(page, "seen").locator(".progress .on").count(), 2);
      await fits(page);
      await isReadable(page, "change-notice");
    };
    await notice(work, SMALL, { change: id });
    await notice((page) => page.getByText("No work is planned.").waitFor(), {}, { change: changes.plain.id });
  });
});
