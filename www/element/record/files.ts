// Files of evidence: named by the hash of their bytes.

/** A file that was chosen, by what names it. */
export interface ChosenFile {
  readonly sha256: string;
  readonly bytes: number;
}

/** Hashes a file. */
export async function chosenFile(file: Blob): Promise<ChosenFile> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { sha256, bytes: file.size };
}
