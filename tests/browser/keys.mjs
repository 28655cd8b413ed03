// A person on the keyboard: what cannot be reached by Tab cannot be used.

const MOST_STOPS = 300;

/** Goes on by Tab until what has the focus is what is wanted. */
export async function tabTo(page, selector) {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press("Tab");
    if (await hasFocus(page, selector)) return;
  }
  throw new Error(`no Tab leads to ${selector}`);
}

/** Whether the innermost element that has the focus is the one. */
function hasFocus(page, selector) {
  return page.evaluate(isFocused, selector);
}

function isFocused(wanted) {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found?.matches(wanted) ?? false;
}

/** Waits until the page has put the focus there. */
export async function comesToFocus(page, selector) {
  await page.waitForFunction(isFocused, selector);
}

/** Goes to a button and presses it. */
export async function pressOn(page, selector) {
  await tabTo(page, selector);
  await page.keyboard.press("Enter");
}

/** Goes to a text and writes it. */
export async function writeInto(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.type(text);
}

/** Goes to the answers of a question and chooses one, counted from 0. */
export async function choose(page, selector, at) {
  await tabTo(page, `${selector} input[type=radio]`);
  await page.keyboard.press("Space");
  for (let step = 0; step < at; step += 1) await page.keyboard.press("ArrowDown");
}
