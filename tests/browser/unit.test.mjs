// The parts of the element that need no page: bundled, and run in this node.

import { readdir } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { build } from "../../pkg/node_modules/esbuild/lib/main.js";
import { underTarget } from "./demo.mjs";

const folder = new URL("../unit/", import.meta.url);
const files = (await readdir(folder)).filter((file) => file.endsWith(".test.ts"));
const outdir = underTarget("unit");

await build({
  entryPoints: files.map((file) => new URL(file, folder).pathname),
  bundle: true,
  format: "esm",
  platform: "node",
  outdir,
  outExtension: { ".js": ".mjs" },
});
for (const file of files) await import(pathToFileURL(`${outdir}/${file.replace(/ts$/, "mjs")}`).href);
