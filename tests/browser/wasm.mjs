// Changing a wasm module as a test needs it.

const HEADER = 8;
const MEMORY = 5;

/** The module with so many pages of memory above those that it begins with: soon it has none left, and traps. */
export function withLeastMemory(bytes, pagesAbove) {
  const { start, end, content } = sectionOf(bytes, MEMORY);
  const [least] = number(bytes, content + 2);
  const body = [1, 1, ...leb(least), ...leb(least + pagesAbove)];
  return Buffer.concat([
    bytes.subarray(0, start),
    Buffer.from([MEMORY, ...leb(body.length), ...body]),
    bytes.subarray(end),
  ]);
}

function sectionOf(bytes, wanted) {
  let start = HEADER;
  while (start < bytes.length) {
    const [size, content] = number(bytes, start + 1);
    if (bytes[start] === wanted) return { start, content, end: content + size };
    start = content + size;
  }
  throw new Error(`the module has no section ${wanted}`);
}

/** An unsigned number in LEB128, and where the next byte stands. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value |= (bytes[at] & 0x7f) << shift;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
}

function leb(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
