// The lists as tests need them: one element on a page that holds nothing else, for somebody who is signed in.

import assert from "node:assert/strict";
import { openPage } from "./demo.mjs";
import { goBlank } from "./record.mjs";

/** Touch on a screen of 320 pixels. */
export const SMALL = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

/** Puts a list on the page. */
export async function put(page, { token }, tag, attributes = {}) {
  await page.evaluate(
    async ([token, tag, attributes]) => {
      const [{ httpHost }] = await Promise.all([import("/pkg/index.js"), import("/pkg/lists.js")]);
      const element = document.createElement(tag);
      element.host = httpHost({ endpoint: "/api", token: async () => token });
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.body.replaceChildren(element);
    },
    [token, tag, attributes],
  );
  await page.locator(`${tag} h2`).waitFor();
}

/** Shows a list to somebody on a page of its own, and lets nothing go wrong unheard but answers of no. */
export async function looks(browser, person, tag, work, { options = {}, ...attributes } = {}) {
  const { page, faults, close } = await openPage(browser, options);
  await goBlank(page, person.address);
  await put(page, person, tag, attributes);
  await work(page, page.locator(tag));
  assert.deepEqual(
    faults.filter((fault) => !/status of 4\d\d/.test(fault)),
    [],
  );
  await close();
}
