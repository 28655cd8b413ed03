import assert from "node:assert/strict";
import { test } from "node:test";
import { type CalendarRules, expand, localInstant } from "../../www/element/calendar.ts";

const LONDON: CalendarRules = {
  zone: "Europe/London",
  workingDays: { weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "17:00", holidays: ["2026-12-25"] },
  freezes: [{ id: "yearEnd", name: { en: "Year end" }, from: "2026-12-18T17:00", to: "2027-01-04" }],
  windows: [{ id: "night", name: { en: "Night" }, services: ["mail"], weekdays: [6], from: "22:00", to: "02:00" }],
};

const froms = (now: string) => expand(LONDON, now).workingDays.map(({ from }) => from);

test("working days follow local time through the change of clocks", () => {
  const days = froms("2026-10-23T12:00:00.000Z");
  assert.ok(days.includes("2026-10-23T08:00:00.000Z"), "in summer time");
  assert.ok(days.includes("2026-10-26T09:00:00.000Z"), "in winter time");
  assert.ok(!days.some((from) => from.startsWith("2026-10-24")), "no Saturday");
  assert.ok(!days.some((from) => from.startsWith("2026-12-25")), "no holiday");
});

test("a window past midnight ends on the next day", () => {
  const [nights] = expand(LONDON, "2026-11-23T12:00:00.000Z").windows ?? [];
  const night = nights?.periods.find(({ from }) => from === "2026-11-21T22:00:00.000Z");
  assert.equal(night?.to, "2026-11-22T02:00:00.000Z");
});

test("freezes are given however far ahead, and not once they are long over", () => {
  for (const now of ["2024-11-23T12:00:00.000Z", "2026-11-23T12:00:00.000Z"])
    assert.deepEqual(expand(LONDON, now).freezes, [
      { id: "yearEnd", name: { en: "Year end" }, from: "2026-12-18T17:00:00.000Z", to: "2027-01-04T00:00:00.000Z", services: [], except: [] },
    ]);
  assert.deepEqual(expand(LONDON, "2027-06-01T12:00:00.000Z").freezes, []);
});

test("a calendar says from when to when it is known", () => {
  const everyDay = { ...LONDON, workingDays: { weekdays: [1, 2, 3, 4, 5, 6, 7], from: "09:00", to: "17:00" } };
  const { workingDays: days, known } = expand(everyDay, "2026-11-23T12:00:00.000Z");
  assert.equal(days.length, 501);
  assert.equal(days[0]?.from, "2026-08-15T08:00:00.000Z", "in summer time");
  assert.deepEqual(known, { from: "2026-08-14T23:00:00.000Z", to: "2027-12-28T00:00:00.000Z" });
});

test("today is the organisation's, not the reader's", () => {
  const auckland = { zone: "Pacific/Auckland", workingDays: { weekdays: [1, 2, 3, 4, 5, 6, 7], from: "08:00", to: "17:00" } };
  const [first] = expand(auckland, "2026-11-22T23:30:00.000Z").workingDays;
  assert.equal(first?.from, "2026-08-14T20:00:00.000Z");
});

test("where clocks jump, the wall time before the jump counts", () => {
  assert.equal(localInstant("2026-03-29T01:30", "Europe/London"), "2026-03-29T01:30:00.000Z", "skipped");
  assert.equal(localInstant("2026-10-25T01:30", "Europe/London"), "2026-10-25T00:30:00.000Z", "comes twice: the first");
});

test("dates, local times and instants are read; anything else is named", () => {
  assert.equal(localInstant("2026-07-01", "Europe/London"), "2026-06-30T23:00:00.000Z");
  assert.equal(localInstant("2026-07-01T09:00:00Z", "Europe/London"), "2026-07-01T09:00:00.000Z");
  assert.throws(() => localInstant("soon", "Europe/London"), { message: /`soon` is no date/ });
});
