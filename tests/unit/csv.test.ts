import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCsv, parts } from "../../www/element/csv.ts";

test("cells may be quoted, hold commas, quotes and lines, and end with either line end", () => {
  const text = '\uFEFFid,title,note\r\ne1,"Director, Digital","says ""no""\nand means it"\ne2,,plain\n\n';
  assert.deepEqual(parseCsv(text, "people.csv"), [
    { id: "e1", title: "Director, Digital", note: 'says "no"\nand means it' },
    { id: "e2", note: "plain" },
  ]);
});

test("an empty first or last cell is a cell", () => {
  assert.deepEqual(parseCsv("id,name,manager\n,Ann,\n", "people.csv"), [{ name: "Ann" }]);
});

test("a header alone is a table without rows", () => {
  assert.deepEqual(parseCsv("id,name\n", "people.csv"), []);
  assert.deepEqual(parseCsv("", "people.csv"), []);
});

test("a row with too many cells is named", () => {
  assert.throws(() => parseCsv("id,name\ne1,Ann\ne2,Bo,x\n", "people.csv"), {
    message: "people.csv, row 3: has 3 cells where the first has 2, put text with a comma in quotes",
  });
});

test("a quote inside a cell is named", () => {
  assert.throws(() => parseCsv('id,name\ne1,An"n\n', "people.csv"), /people\.csv, row 2: has a quote inside a cell/);
});

test("parts are separated by semicolons", () => {
  assert.deepEqual(parts("directors; board;"), ["directors", "board"]);
  assert.deepEqual(parts(undefined), []);
});
