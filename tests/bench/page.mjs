// The form page in headless Chromium, from the host that serves the demo: what it loads, when its first field can be used, and how
// long a key takes; beside the same form written by hand, from the same server in the same run.
//
// Prints JSON.

import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { openPage, startBrowser, startHost, underTarget } from "../browser/demo.mjs";
import { pageByHand } from "./by-hand.mjs";
import { fullDraft, PERSON, policy, ROOT } from "./case.mjs";
import { keysOf } from "./keys.mjs";
import { median, quantile, rounded } from "./measure.mjs";
import { watchForField } from "./usable.mjs";

const SITE = underTarget("bench/site");
const DAY_MS = 86_400_000;
const EMBED = "/embed.html";
const BY_HAND = "/by-hand/index.html";

/** How fast machine and network are. */
const PACES = [
  { name: "as it is", runs: 15 },
  { name: "CPU 4x slower, 10 Mbit/s", runs: 11, cpu: 4, bytesPerSecond: 10_000_000 / 8, latencyMs: 0 },
  { name: "CPU 4x slower, 10 Mbit/s, 40 ms away", runs: 7, cpu: 4, bytesPerSecond: 10_000_000 / 8, latencyMs: 40 },
];

await layOut();
const [host, browser] = await Promise.all([startHost("defra", { site: SITE }), startBrowser()]);
try {
  const token = await signIn(host.address);
  await addFilledPages(host.address, token);
  const results = {
    loads: { embed: await loadsOf(EMBED, token), portal: await loadsOf("/#/raise", token) },
    firstField: await firstFields(token),
    key: await keys(token),
  };
  process.stdout.write(JSON.stringify(results));
} finally {
  await browser.close();
  await host.stop();
}

/** The demo's site, and our pages beside it. */
async function layOut() {
  await rm(SITE, { recursive: true, force: true });
  await cp(underTarget("site"), SITE, { recursive: true });
  await cp(join(ROOT, "tests/bench/element"), join(SITE, "filled"), { recursive: true });
}

async function signIn(address) {
  const body = JSON.stringify({ person: PERSON });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${address}/api/demo/session`, { method: "POST", headers, body });
  return (await answer.json()).token;
}

/** The pages by hand, empty and filled, and the draft that fills the element. */
async function addFilledPages(address, token) {
  const loaded = await fetch(`${address}/api/load`, { headers: { Authorization: `Bearer ${token}` } });
  const { world, now } = await loaded.json();
  const today = Math.floor(Date.parse(now) / DAY_MS) * DAY_MS;
  const draft = fullDraft(noonAhead(world, today + 24 * DAY_MS + DAY_MS / 2));
  await add("by-hand", await pageByHand(policy, world));
  await add("by-hand-filled", await pageByHand(policy, world, draft.fields));
  await add("filled", { "draft.json": JSON.stringify(draft) });
}

/** That noon, or the first after it that no closed period covers: the level is to hang on the answers alone. */
function noonAhead(world, noon) {
  const hours = (count) => count * 3_600_000;
  const isClosed = ({ from, to }) => Date.parse(from) < noon + hours(2) && noon - hours(2) < Date.parse(to);
  return (world.calendar?.freezes ?? []).some(isClosed) ? noonAhead(world, noon + DAY_MS) : noon;
}

/** Writes files of the site, compressed beside as all others are. */
async function add(folder, files) {
  await mkdir(join(SITE, folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(SITE, folder, name), text);
    await writeFile(join(SITE, folder, `${name}.br`), brotli(Buffer.from(text)));
    await writeFile(join(SITE, folder, `${name}.gz`), gzipSync(text, { level: 9 }));
  }
}

function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
  });
}

/** A page of nobody's past: signed in, nothing cached. */
async function freshPage(token, path) {
  const opened = await openPage(browser);
  await opened.page.addInitScript((kept) => sessionStorage.setItem("changegate-demo-token", kept), token);
  await opened.page.addInitScript((kept) => localStorage.setItem("changegate-demo-token", kept), token);
  return { ...opened, url: host.address + path };
}

/** Every file that the page asks for until its form is there and a second longer, with its sizes. */
async function loadsOf(path, token) {
  const { page, close, url } = await freshPage(token, path);
  const asked = [];
  page.on("requestfinished", (request) => asked.push(request));
  await page.goto(url);
  await page.locator("change-request #cg-title").waitFor();
  await page.waitForTimeout(1000);
  const rows = await Promise.all(asked.map(rowOf));
  await close();
  return rows.sort((one, other) => other.brotli - one.brotli);
}

async function rowOf(request) {
  const { pathname } = new URL(request.url());
  const [body, sizes] = await Promise.all([(await request.response()).body(), request.sizes()]);
  const bytes = Buffer.from(body);
  return {
    file: pathname,
    of: ownerOf(pathname),
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotli(bytes).length,
    sent: sizes.responseBodySize,
  };
}

function ownerOf(pathname) {
  if (pathname.startsWith("/pkg/")) return "element";
  return pathname.startsWith("/api/") ? "data" : "page";
}

/** From navigation to the first field that takes input, in milliseconds. */
async function firstFields(token) {
  const paces = [];
  for (const pace of PACES) {
    const [element, byHand] = [[], []];
    for (let run = -1; run < pace.runs; run += 1) {
      const [ours, theirs] = [await firstField(token, EMBED, pace), await firstField(token, BY_HAND, pace)];
      if (run < 0) continue;
      element.push(ours);
      byHand.push(theirs);
    }
    const medians = { element: rounded(median(element)), byHand: rounded(median(byHand)) };
    const ratio = rounded(median(element.map((time, run) => time / byHand[run])));
    paces.push({ pace: pace.name, runs: pace.runs, ...medians, ratio });
  }
  return paces;
}

async function firstField(token, path, pace) {
  const { page, close, url } = await freshPage(token, path);
  await page.addInitScript(watchForField);
  if (pace.cpu) await slow(page, pace);
  await page.goto(url, { waitUntil: "commit" });
  const late = page.waitForTimeout(60_000).then(() => Promise.reject(new Error(`${path}: no field within a minute`)));
  late.catch(() => undefined);
  const time = await Promise.race([page.evaluate(() => globalThis.firstField), late]);
  await close();
  return time;
}

async function slow(page, { cpu, bytesPerSecond, latencyMs }) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  const speed = { downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond };
  await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: latencyMs, ...speed });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: cpu });
}

/** Keys in both filled pages, in turn. */
async function keys(token) {
  const element = await openFilled(token, "/filled/index.html", "change-request #cg-riskClass");
  const byHand = await openFilled(token, "/by-hand-filled/index.html", "form[data-ready]");
  const fields = await element.page.locator("change-request .field").count();
  const found = await keysOf({ element: element.page, byHand: byHand.page });
  await Promise.all([element.close(), byHand.close()]);
  const told = found.map(({ name, times }) => ({
    key: name,
    ...Object.fromEntries(
      Object.entries(times).map(([page, list]) => [
        page,
        { median: rounded(median(list)), p90: rounded(quantile(list, 0.9)), keys: list.length },
      ]),
    ),
  }));
  return { fields, keys: told };
}

async function openFilled(token, path, ready) {
  const opened = await freshPage(token, path);
  await opened.page.goto(opened.url);
  await opened.page.locator(ready).waitFor({ state: "attached" });
  return opened;
}
