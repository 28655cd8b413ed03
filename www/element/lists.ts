/**
 * Importing this registers `<change-list>`, `<change-board>` and `<change-notice>`. The classes are exported too, for pages
 * that choose their own tags.
 *
 * @packageDocumentation
 */

import { ChangeBoard } from "./lists/change-board.js";
import { ChangeList } from "./lists/change-list.js";
import { ChangeNotice } from "./lists/change-notice.js";

export { ChangeBoard, ChangeList, ChangeNotice };

const TAGS: Readonly<Record<string, CustomElementConstructor>> = {
  "change-list": ChangeList,
  "change-board": ChangeBoard,
  "change-notice": ChangeNotice,
};

for (const [tag, element] of Object.entries(TAGS)) if (!customElements.get(tag)) customElements.define(tag, element);

declare global {
  interface HTMLElementTagNameMap {
    "change-list": ChangeList;
    "change-board": ChangeBoard;
    "change-notice": ChangeNotice;
  }
}
