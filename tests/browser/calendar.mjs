// Dates of the requests: so many working days ahead, by the organisation's wall clock, and never in a freeze.

const A_DAY = 86_400_000;

/** Whether work is planned on that day of the calendar file: no weekend, no holiday, and no freeze of anything. */
function isWorkingDay({ workingDays, freezes }, day) {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
  const isFrozen = freezes.some(({ from, to }) => from.slice(0, 10) <= day && day <= to.slice(0, 10));
  return workingDays.weekdays.includes(weekday) && !workingDays.holidays.includes(day) && !isFrozen;
}

function dayAfter(day) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + A_DAY).toISOString().slice(0, 10);
}

/** Which day it is there, as a calendar on the wall shows it. */
function today({ zone }, now) {
  const parts = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" };
  return new Intl.DateTimeFormat("sv-SE", parts).format(new Date(now));
}

/** The wall time, such as `2026-12-08T09:30`, of a date as the requests write it. */
export function wallTime(calendar, now, { workingDays, at, years = 0 }) {
  let day = today(calendar, now);
  for (let left = workingDays; left > 0; ) {
    day = dayAfter(day);
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return `${Number(day.slice(0, 4)) + years}${day.slice(4)}T${at}`;
}

function isDate(value) {
  return typeof value === "object" && value !== null && "workingDays" in value;
}

/** The fields of a request, their dates as a clock on the wall shows them. */
export function dated(calendar, now, fields) {
  const dates = Object.entries(fields).filter(([, value]) => isDate(value));
  return { ...fields, ...Object.fromEntries(dates.map(([id, value]) => [id, wallTime(calendar, now, value)])) };
}
