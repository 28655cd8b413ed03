/**
 * Importing this registers `<change-request>`. The classes are exported too, for pages that choose their own tags.
 *
 * @packageDocumentation
 */

import { define } from "./define.js";

export type { BrowserHost, BrowserHostOptions, Pickable } from "./browser-host.js";
export { ChangeRequest, type DraftStart, type OwnMessages } from "./change-request.js";
export type { ControlState } from "./controls/control.js";
export { Picker } from "./controls/picker.js";
export { type ControlFactory, type OwnControl, registerControl } from "./controls/registry.js";
export type { Cancelable, ChangegateEvents } from "./events.js";
export type { FaultReport, Trouble } from "./fault.js";
export { DraftForm } from "./form/draft-form.js";
export {
  type ChangeSummary,
  type DamagedChange,
  Fault,
  type Host,
  isWhole,
  type ListedChange,
  type Loaded,
  NotSignedIn,
  type Outcome,
  type Problem,
  type Reading,
  Unreachable,
} from "./host.js";
export { type HttpOptions, httpHost } from "./http.js";
export { Lexicon } from "./lexicon.js";
export { type Code, extendMessages, type Messages } from "./messages.js";
export type * from "./wire.js";
export { define };

define();
