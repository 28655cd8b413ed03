// The one case that everything is measured on: the department's policy, and a normal change with every field filled.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A file of the repository. */
export function read(path) {
  return readFile(new URL(`../../${path}`, import.meta.url));
}

/** The text of a file of the repository. */
export function readText(path) {
  return readFile(new URL(`../../${path}`, import.meta.url), "utf8");
}

/** The policy, as text. */
export const policyText = await readText("tests/organisations/defra/policy.json");
/** The policy. */
export const policy = JSON.parse(policyText);
/** Who asks. */
export const PERSON = "e1041";

const { fields: release } = JSON.parse(await readText("tests/requests/charging-module-release.json"));

/** What the request leaves open: with it every field that a normal change is asked has an answer. */
const REST = {
  steps: [
    { step: "Run the deployment job", who: ["e1044"], takes: 20 },
    { step: "Check invoices and rebilling by hand", who: ["e1044"], takes: 30 },
    { step: "Tell the service desk" },
  ],
  backoutTakes: 30,
  authors: ["e1043"],
  related: "PRB-2217",
  informed: ["serviceDesk", "webOperations"],
  riskUsers: "more",
};

/** A draft with every field filled, its window an hour from this instant on. */
export function fullDraft(start) {
  const at = (hours) => new Date(start + hours * 3_600_000).toISOString();
  return {
    id: "018f0000-0000-7000-8000-000000000001",
    language: "en",
    fields: { ...release, ...REST, start: at(0), end: at(1) },
  };
}
