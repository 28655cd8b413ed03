// The parts of the record that are pure functions.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { minutesSince } from "../../www/element/record/banners.js";
import { stretches } from "../../www/element/record/comments.js";
import { isLink } from "../../www/element/record/evidence.js";
import { gathered, isOfChange, isOfOthers } from "../../www/element/record/hats.js";
import { nameBefore, stillNamed } from "../../www/element/record/mention.js";
import { foundBy } from "../../www/element/record/search.js";
import { dependents } from "../../www/element/record/services.js";
import type { Permission, Refusal } from "../../www/element/wire.js";

function refused(command: Permission["command"], ...refusals: Refusal[]): Permission {
  return { command, reason: false, allowed: false, refusals };
}

describe("what is refused", () => {
  const role: Refusal = { code: "role.missing", roles: ["coordinator"] };
  const phase: Refusal = { code: "lifecycle.not-in-phase", command: "review", phase: "assess" };
  const codes = (refusals: readonly Refusal[]) => refusals.map(({ code }) => code);

  test("is somebody else's where a role, a rule or a task says so", () => {
    assert.equal(isOfOthers(refused("edit", phase, role)), true);
    assert.equal(isOfOthers(refused("approve", { code: "approval.not-yours", rule: "cab" })), true);
    assert.equal(isOfOthers(refused("task", { code: "task.not-yours", task: "t1" })), true);
    assert.equal(isOfOthers(refused("review", phase)), false);
  });

  test("is left out where it belongs to another kind of change", () => {
    assert.equal(isOfChange(refused("check", { code: "check.unknown", item: "go" })), false);
    assert.equal(isOfChange(refused("observe", { code: "observation.none" })), false);
    assert.equal(isOfChange(refused("check", role)), true);
  });

  test("is gathered by its reasons, in the order in which they come first", () => {
    const found = gathered([refused("edit", role), refused("review", phase), refused("hold", role)], codes);
    const commands = found.map(({ permissions }) => permissions.map(({ command }) => command));
    assert.deepEqual(commands, [["edit", "hold"], ["review"]]);
    assert.deepEqual(found[0]?.reasons, ["role.missing"]);
  });
});

describe("a name behind an @", () => {
  test("is being typed from the @ to the cursor", () => {
    assert.deepEqual(nameBefore("Ask @Ham", 8), { at: 4, typed: "Ham" });
    assert.deepEqual(nameBefore("@Hamish Bo and more", 10), { at: 0, typed: "Hamish Bo" });
    assert.deepEqual(nameBefore("(@", 2), { at: 1, typed: "" });
  });

  test("is none in an address, on another line, or behind the cursor", () => {
    assert.equal(nameBefore("mail me@example.org", 19), undefined);
    assert.equal(nameBefore("@Ham\nnext", 9), undefined);
    assert.equal(nameBefore("x @Ham", 1), undefined);
  });

  test("counts while it still stands in the text, and once", () => {
    const names: Record<string, string> = { a: "Ada", b: "Bo" };
    const nameOf = (person: string) => names[person] ?? "";
    assert.deepEqual(stillNamed("@Bo, look", ["a", "b", "b"], nameOf), ["b"]);
  });

  test("is marked where it stands, the longer before one that begins like it", () => {
    const cut = stretches("To @Ann Lee and @Ann.", ["Ann", "Ann Lee"]);
    const names = cut.filter(({ isName }) => isName).map(({ text }) => text);
    assert.deepEqual(names, ["@Ann Lee", "@Ann"]);
    assert.equal(cut.map(({ text }) => text).join(""), "To @Ann Lee and @Ann.");
  });
});

describe("one of many", () => {
  const options = [
    { id: "a", label: { en: "CHG-1 Doors" } },
    { id: "b", label: { en: "CHG-2 Windows" } },
    { id: "c", label: { en: "CHG-2 Windows again" } },
  ];
  const find = (typed: string) => foundBy(typed, options, ({ label }) => label.en ?? "");

  test("is found by all of what it is called, or by its number where that is its alone", () => {
    assert.equal(find("chg-2 windows"), "b");
    assert.equal(find(" CHG-1 "), "a");
  });

  test("is none where two begin so, or nothing does", () => {
    assert.equal(find("CHG-2"), undefined);
    assert.equal(find("Doors"), undefined);
    assert.equal(find("  "), undefined);
  });
});

describe("what belongs to a change", () => {
  test("are the services that depend on those touched, at any depth, also in a ring", () => {
    const services = [
      { id: "base", name: "Base", dependsOn: ["top"] },
      { id: "middle", name: "Middle", dependsOn: ["base"] },
      { id: "top", name: "Top", dependsOn: ["middle"] },
      { id: "other", name: "Other" },
    ];
    assert.deepEqual(dependents(services as never, ["base"]), ["middle", "top"]);
    assert.deepEqual(dependents(services as never, ["other"]), []);
  });

  test("is a link only where it is an address of the web", () => {
    assert.equal(isLink("https://code.example/reviews/1182"), true);
    assert.equal(isLink("javascript:alert(1)"), false);
    assert.equal(isLink("see https://code.example"), false);
  });

  test("is over its time by whole minutes, never by less than none", () => {
    assert.equal(minutesSince("2026-12-05T22:00:00.000Z", "2026-12-05T22:25:59.000Z"), 25);
    assert.equal(minutesSince("2026-12-05T22:00:00.000Z", "2026-12-05T21:00:00.000Z"), 0);
  });
});
