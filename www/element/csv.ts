/**
 * Tables as spreadsheets save them.
 */

import { Fault } from "./host.js";

/** One row, by the names of its columns; an empty cell is left out. */
export type Row = Readonly<Record<string, string>>;

const CELL = /(,|\r?\n|^)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/gy;

/**
 * The rows of a CSV text whose first line names the columns.
 *
 * @source RFC 4180; the mark that spreadsheets put first is passed over
 * @throws {Fault} `organisation-broken` with the file and the line
 */
export function parseCsv(text: string, file: string): readonly Row[] {
  const [header = [], ...rows] = cellsOf(text.replace(/^\uFEFF/, "").trimEnd(), file);
  return rows
    .filter((cells) => cells.some((cell) => cell !== ""))
    .map((cells, index) => rowOf(header, cells, `${file}, row ${index + 2}`));
}

function cellsOf(text: string, file: string): string[][] {
  const lines: string[][] = [[]];
  let read = 0;
  for (const [whole, before = "", quoted, plain = ""] of text.matchAll(CELL)) {
    read += whole.length;
    if (before.endsWith("\n")) lines.push([]);
    lines.at(-1)?.push((quoted?.replaceAll('""', '"') ?? plain).trim());
  }
  if (read < text.length)
    throw broken(`${file}, row ${lines.length}`, "has a quote inside a cell, double it and put the cell in quotes");
  return lines;
}

function rowOf(header: readonly string[], cells: readonly string[], place: string): Row {
  if (cells.length !== header.length) {
    throw broken(
      place,
      `has ${cells.length} cells where the first has ${header.length}, put text with a comma in quotes`,
    );
  }
  const filled = header.map((name, column) => [name, cells[column] ?? ""] as const).filter(([, cell]) => cell !== "");
  return Object.fromEntries(filled);
}

function broken(place: string, what: string): Fault {
  return new Fault("organisation-broken", `${place}: ${what}`);
}

/** The parts of a cell, separated by semicolons. */
export function parts(cell: string | undefined): string[] {
  return (cell ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
