// The dates that the tests and their demo plan, on days on which planning is hard.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wallTime } from "./calendar.mjs";
import { readJson } from "./demo.mjs";

const ORGANISATIONS = ["defra", "bakery", "facilities", "eleven", "servicenow", "itop"];

/** In a freeze, before one, both changes of the clocks, a leap day, the end of a year, weekends, a minute before midnight. */
const DAYS = [
  "2026-11-28T10:00:00Z",
  "2026-12-17T23:59:00Z",
  "2026-12-20T10:00:00Z",
  "2026-12-31T23:59:59Z",
  "2027-03-26T12:00:00Z",
  "2027-03-28T00:59:00Z",
  "2027-03-30T10:00:00Z",
  "2027-05-09T22:30:00Z",
  "2027-07-04T23:30:00Z",
  "2027-10-31T00:30:00Z",
  "2027-12-19T10:00:00Z",
  "2028-02-29T10:00:00Z",
];

describe("planned dates", () => {
  for (const organisation of ORGANISATIONS)
    test(`of ${organisation} are on working days ahead, and begin in no freeze`, async () => {
      const calendar = await readJson(`tests/organisations/${organisation}/calendar.json`);
      const { weekdays, holidays } = calendar.workingDays;
      for (const now of DAYS)
        for (const workingDays of [1, 3, 4, 12]) {
          const start = wallTime(calendar, now, { workingDays, at: "09:30" });
          const said = `${start}, planned on ${now}`;
          const day = start.slice(0, 10);
          const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
          assert.ok(day > now.slice(0, 10) && weekdays.includes(weekday) && !holidays.includes(day), said);
          const freeze = calendar.freezes.find(({ from, to }) => from <= start && start < to);
          assert.equal(freeze, undefined, said);
          assert.ok(Date.parse(`${start}Z`) - Date.parse(now) > (workingDays - 1) * 86_400_000, said);
        }
    });

  test("are so many days after the day there, not after the day in Greenwich", async () => {
    const calendar = { ...(await readJson("tests/organisations/bakery/calendar.json")), freezes: [] };
    const inOneDay = (now) => wallTime(calendar, now, { workingDays: 1, at: "09:30" });
    assert.equal(inOneDay("2027-06-08T21:30:00Z"), "2027-06-09T09:30");
    assert.equal(inOneDay("2027-06-08T22:30:00Z"), "2027-06-10T09:30");
  });
});
