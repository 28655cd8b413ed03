// Files of evidence: named by the hash of their bytes.

import type { Host } from "../host.js";
import type { Command, Digest } from "../wire.js";

/** A file that was chosen, by what names it. */
export interface ChosenFile {
  readonly sha256: Digest;
  readonly bytes: number;
}

/** Hashes a file. */
export async function chosenFile(file: Blob): Promise<ChosenFile> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { sha256, bytes: file.size };
}

/** How long a file that was opened stays readable for the browser that saves it. */
const OPEN_MS = 60_000;

/** The files of one record: chosen ones wait here until the report that names them is sent. */
export class Files {
  readonly #chosen = new Map<Digest, Blob>();

  /** Keeps a file; answers how it is named among the answers of a form. */
  async keep(file: Blob): Promise<string> {
    const { sha256, bytes } = await chosenFile(file);
    this.#chosen.set(sha256, file);
    return `${sha256} ${bytes}`;
  }

  /** The file that a command names, where it was chosen here. */
  of(command: Command): Blob | undefined {
    return command.type === "attach" && command.file ? this.#chosen.get(command.file.sha256) : undefined;
  }

  /** Sends the bytes of the file that a command names, before the command. */
  async upload(host: Host, command: Command): Promise<void> {
    const file = this.of(command);
    if (command.type === "attach" && command.file && file) await host.upload?.(file, command.file.sha256);
  }

  /** Saves a file that evidence names. */
  async open(host: Host, sha256: Digest, name: string): Promise<void> {
    const file = await host.file?.(sha256);
    if (!file) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), OPEN_MS);
  }
}
