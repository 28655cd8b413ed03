// A change as tests need it: submitted behind the page's back, then shown on a page that holds nothing else.

import { randomUUID } from "node:crypto";
import { readJson } from "./demo.mjs";
import { onDay, START } from "./time.mjs";

const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

/** A session of somebody at a host in demo mode. */
export async function session(address, person) {
  const { token } = await ask(`${address}/api/demo/session`, { body: { person } });
  return { address, person, token };
}

/** A uuid of version 7. */
export function newId() {
  const time = Date.parse(START).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** Asks a host, and takes nothing but an answer that went well. */
export async function ask(url, { body, token, headers = {} } = {}) {
  const authorization = token ? { Authorization: `Bearer ${token}` } : {};
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(url, {
    ...sent,
    headers: { "Content-Type": "application/json", ...authorization, ...headers },
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** The log of a change as the host has it. */
export async function logOf({ address, token }, change) {
  const { log } = await ask(`${address}/api/changes/${change}`, { token });
  return log;
}

/** Reports a gesture as somebody, past any page. */
export async function report({ address, token }, change, expectedSeq, command) {
  const { now: time } = await ask(`${address}/api/demo/clock`);
  const id = newId();
  const data = { id, changeId: change, expectedSeq, command, occurredAt: time };
  const about = { specversion: "1.0", id, source: address, type: "changegate.report.v1", subject: change };
  const event = { ...about, time, datacontenttype: "application/json", data };
  const headers = { "Content-Type": "application/cloudevents+json", "Idempotency-Key": id };
  return ask(`${address}/api/reports`, { body: event, token, headers });
}

/** The content of one of the five requests, its window some weeks ahead. */
export async function content(name = "interim-charging-release") {
  const { fields } = await readJson(`tests/requests/${name}.json`);
  return { ...fields, start: onDay(18, "11:30"), end: onDay(18, "12:30") };
}

/** Submits a normal change as somebody; answers its id. */
export async function submitted(by) {
  const change = newId();
  await report(by, change, 0, { type: "submit", model: "normal", language: "en", fields: await content() });
  return change;
}

/** Goes to an empty page of the origin, under a strict content security policy. */
export async function goBlank(page, address, csp = CSP) {
  // Without it a phone lays a page out as wide as a desk's screen.
  const wide = '<meta name="viewport" content="width=device-width, initial-scale=1">';
  const body = `<!doctype html><html lang="en"><meta charset="utf-8">${wide}<title>Blank</title><body></body></html>`;
  const headers = { "Content-Type": "text/html", "Content-Security-Policy": csp };
  await page.route(`${address}/blank`, (route) => route.fulfill({ body, headers }));
  await page.goto(`${address}/blank`);
}

/** Puts the element on the page, signed in as somebody; what went wrong before is gone with the element before. */
export async function show(page, { token }, attributes) {
  await page.evaluate(
    async ([token, attributes]) => {
      const { httpHost } = await import("/pkg/index.js");
      const element = document.createElement("change-request");
      element.host = httpHost({ endpoint: "/api", token: async () => token });
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.body.replaceChildren(element);
    },
    [token, attributes],
  );
}

/** Shows a change to somebody. */
export async function showChange(page, as, change) {
  await show(page, as, { change });
  await page.locator("changegate-record .record").waitFor();
}

const ANSWERS = ["approve", "decline", "defer", "ask"];

/** Opens the form of a gesture. An answer to a rule is chosen on the card on which all of them stand. */
export async function open(page, key) {
  const [command, rule] = key.split(" ");
  if (!rule || !ANSWERS.includes(command)) return page.locator(`[data-key="${key}"]`).click();
  await page.locator(`[data-key="decide ${rule}"]`).click();
  await page.locator(`#cgr-panel input[data-key="${key}"]`).check();
}

/** Makes one gesture: opens its form, writes, and presses the button. */
export async function make(page, key, answers = {}) {
  await open(page, key);
  const panel = page.locator("#cgr-panel");
  for (const [asked, text] of Object.entries(answers)) await panel.locator(`[data-asked=${asked}] textarea`).fill(text);
  await panel.locator("[data-action=make]").click();
  await panel.waitFor({ state: "detached" });
}

/** What was said in the comments of a log, in order. */
export function comments(log) {
  return log
    .filter(({ entry }) => entry.command.type === "comment")
    .map(({ entry, values }) => values[entry.command.text.commitment].text);
}
