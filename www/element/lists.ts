/**
 * Importing this registers `<change-list>`, `<change-board>`, `<change-notice>`, `<change-catalogue>` and `<change-policies>`. The
 * classes are exported too, for pages that choose their own tags.
 *
 * @packageDocumentation
 */

import { ChangeBoard } from "./lists/change-board.js";
import { ChangeCatalogue } from "./lists/change-catalogue.js";
import { ChangeList } from "./lists/change-list.js";
import { ChangeNotice } from "./lists/change-notice.js";
import { ChangePolicies } from "./lists/change-policies.js";

export { ChangeBoard, ChangeCatalogue, ChangeList, ChangeNotice, ChangePolicies };

const TAGS: Readonly<Record<string, CustomElementConstructor>> = {
  "change-list": ChangeList,
  "change-board": ChangeBoard,
  "change-notice": ChangeNotice,
  "change-catalogue": ChangeCatalogue,
  "change-policies": ChangePolicies,
};

for (const [tag, element] of Object.entries(TAGS)) if (!customElements.get(tag)) customElements.define(tag, element);

declare global {
  interface HTMLElementTagNameMap {
    "change-list": ChangeList;
    "change-board": ChangeBoard;
    "change-notice": ChangeNotice;
    "change-catalogue": ChangeCatalogue;
    "change-policies": ChangePolicies;
  }
}
