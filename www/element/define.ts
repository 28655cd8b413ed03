import { ChangeRequest } from "./change-request.js";
import { Picker } from "./controls/picker.js";
import { DraftForm } from "./form/draft-form.js";

function register(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

/** Registers the tags of the element; a tag that is taken stays as it is. */
export function define(): void {
  register("changegate-picker", Picker);
  register("changegate-draft", DraftForm);
  register("change-request", ChangeRequest);
}

declare global {
  interface HTMLElementTagNameMap {
    "change-request": ChangeRequest;
    "changegate-draft": DraftForm;
    "changegate-picker": Picker;
  }
}
