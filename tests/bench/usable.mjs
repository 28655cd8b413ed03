// Runs in the page, before everything else in it.

/**
 * Sets a promise of the time from navigation to the first field that takes input: a control that is there and enabled, and, where
 * the page was written by hand, whose script listens.
 */
export function watchForField() {
  const FIELD = "input:enabled, textarea:enabled, select:enabled";
  const roots = [document];
  const isUsable = () =>
    document.querySelector("form")?.dataset.ready !== undefined ||
    roots.slice(1).some((root) => root.querySelector(FIELD));
  globalThis.firstField = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!isUsable()) return;
      observer.disconnect();
      resolve(performance.now());
    });
    const watch = (root) => observer.observe(root, { subtree: true, childList: true, attributes: true });
    const attachShadow = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (options) {
      const root = attachShadow.call(this, options);
      roots.push(root);
      watch(root);
      return root;
    };
    watch(document);
  });
}
