// Keys pressed in a page, and the time until what they change is in the DOM.

const KEYS = 200;
const WARM_UP = 40;

/** What is pressed, where, and what it must change: the pages are named alike. */
const CASES = [
  {
    name: "an answer: risk level and who decides",
    focus: { element: 'input[name="cg-riskNew"]:checked', byHand: 'input[name="riskNew"]:checked' },
    keys: ["ArrowDown", "ArrowUp"],
    changes: { element: "[part=status] [part=level]", byHand: "#level" },
  },
  {
    name: "a letter: a finding comes and goes",
    focus: { element: "#cg-title", byHand: "#title" },
    first: ["ControlOrMeta+a", "Backspace"],
    keys: ["x", "Backspace"],
    changes: { element: "#cg-title-finding", byHand: "#finding-title" },
  },
];

/** The times of each case in each page, in milliseconds. */
export async function keysOf(pages) {
  for (const page of Object.values(pages)) await page.evaluate(watchKeys);
  const found = [];
  for (const one of CASES) {
    const times = Object.fromEntries(Object.keys(pages).map((name) => [name, []]));
    for (const [name, page] of Object.entries(pages)) {
      await page.bringToFront();
      times[name] = await press(page, one, name);
    }
    found.push({ name: one.name, times });
  }
  return found;
}

async function press(page, { focus, first = [], keys, changes }, name) {
  await page.locator(focus[name]).first().focus();
  for (const key of first) await page.keyboard.press(key);
  const times = [];
  let before = await page.locator(changes[name]).textContent();
  for (let count = 0; count < KEYS + WARM_UP; count += 1) {
    await page.keyboard.press(keys[count % keys.length]);
    const time = await page.evaluate(() => globalThis.lastKey());
    const after = await page.locator(changes[name]).textContent();
    if (after === before) throw new Error(`${name}: key ${count} did not change \`${changes[name]}\`: ${after}`);
    before = after;
    if (count >= WARM_UP) times.push(time);
  }
  return times;
}

/** Runs in the page: times each key until the last change of the DOM that it brings about. */
function watchKeys() {
  let pressed = 0;
  let changed = 0;
  const observer = new MutationObserver(() => {
    changed = performance.now();
  });
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  observer.observe(document, all);
  const watch = (root) => {
    for (const element of root.querySelectorAll("*"))
      if (element.shadowRoot) {
        observer.observe(element.shadowRoot, all);
        watch(element.shadowRoot);
      }
  };
  watch(document);
  const press = () => {
    pressed = performance.now();
    changed = pressed;
  };
  addEventListener("keydown", press, { capture: true });
  /** After the frame that shows it, and a little longer. */
  globalThis.lastKey = () =>
    new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(changed - pressed), 20)));
}
