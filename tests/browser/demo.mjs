// The demo as a browser test meets it: a host of its own, a page, and the gestures of a person.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "../../pkg/node_modules/playwright-core/index.mjs";
import { PATIENCE_MS, START } from "./time.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HOST = process.env.CHANGEGATE_HOST ?? join(ROOT, "target/release/changegate-host");
const SITE = process.env.CHANGEGATE_SITE ?? join(ROOT, "target/site");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"];

/** A file of the repository as JSON. */
export async function readJson(path) {
  return JSON.parse(await readFile(join(ROOT, path), "utf8"));
}

/** The rows of a table of the repository in which no cell holds a comma, its head left out; none where there is no such table. */
export async function readRows(path) {
  const text = await readFile(join(ROOT, path), "utf8").catch(() => "");
  const [, ...lines] = text.trim().split("\n");
  return lines.map((line) => line.split(","));
}

/** A path under `target/`, which no commit holds. */
export function underTarget(path) {
  return join(ROOT, "target", path);
}

/** Starts a host in demo mode on a free port, with records and a time of its own. */
export async function startHost(organisation = "defra", { site = SITE, clock = START } = {}) {
  const data = await mkdtemp(join(tmpdir(), "changegate-"));
  const options = ["--data", data, "--site", site];
  const folder = join(ROOT, "tests/organisations", organisation);
  const host = spawn(HOST, ["serve", "--demo", "--clock", clock, "--port", "0", "--organisation", folder, ...options]);
  const address = await addressOf(host);
  return { address, stop: () => stop(host, data) };
}

function addressOf(host) {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    };
    host.stdout.on("data", hear);
    host.stderr.on("data", hear);
    host.on("error", reject);
    host.on("exit", (code) => reject(new Error(`the host ended with ${code}: ${said}`)));
  });
}

async function stop(host, data) {
  const ended = new Promise((resolve) => host.once("exit", resolve));
  host.kill("SIGTERM");
  await ended;
  await rm(data, { recursive: true, force: true });
}

/** Starts the browser. */
export function startBrowser() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, timeout: PATIENCE_MS });
}

/** A page that fails the test with everything that went wrong in it. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on(
    "console",
    (message) => message.type() === "error" && faults.push(`${message.text()} ${message.location().url}`),
  );
  return { page, faults, close: () => context.close() };
}

/** Nothing sticks out of the page to the side. */
export async function fits(page) {
  const [across, over] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth - innerWidth]);
  const { width } = page.viewportSize();
  assert.equal(across, width, `${page.url()} is laid out ${across} pixels wide on a screen of ${width}`);
  assert.equal(over, 0, `${page.url()} is ${over} pixels too wide at ${width}`);
}

const AXE = await readFile(join(ROOT, "pkg/node_modules/axe-core/axe.min.js"), "utf8");

/** Nothing keeps anybody from reading the page, or one element of it, as far as axe can tell. */
export async function isReadable(page, within) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (element) => {
    const found = await globalThis.axe.run(element ?? document);
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join("; ")}`);
  }, within);
  assert.deepEqual(violations, []);
}

/** Draws the page at both widths, light and dark, into a folder under `target/`. */
export async function shoot(page, folder, name) {
  const { width, height } = page.viewportSize();
  for (const size of [1280, 320]) {
    await page.setViewportSize({ width: size, height });
    await fits(page);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const path = underTarget(join("screenshots", folder, `${name}-${size}-${colorScheme}.png`));
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize({ width, height });
}

/** Signs somebody in by the demo's own picker. */
export async function signIn(page, person) {
  const picker = page.locator("#demo-person");
  if ((await picker.inputValue()) === person) return;
  await openBar(page);
  await picker.selectOption(person);
  const name = (await picker.locator("option:checked").textContent()).split(",")[0];
  await page.locator("#me", { hasText: name }).waitFor();
}

/** The bar of the demo is folded away on small screens. */
async function openBar(page) {
  const bar = page.locator("#demo");
  if ((await bar.getAttribute("open")) === null) await bar.locator("summary").click();
}

/** Puts the demo's clock forward by one of the bar's buttons. */
export async function jump(page, name) {
  await openBar(page);
  const shown = page.locator("#demo-bar .clock strong");
  const before = await shown.textContent();
  await page.locator(`#demo-${name}`).click();
  await page.waitForFunction(
    ([text]) => document.querySelector("#demo-bar .clock strong")?.textContent !== text,
    [before],
  );
}
