// Numbers out of repeated runs.

/** The value that a share of all lies below. */
export function quantile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** The value in the middle. */
export function median(values) {
  return quantile(values, 0.5);
}

/** A number as it is worth writing down. */
export function rounded(value) {
  return Number(value.toPrecision(4));
}

/**
 * How often a second each of several things can be done: in turn, in many short rounds, so that what else the machine does
 * meets all of them; the median of the rounds. The first rounds only warm up.
 */
export function ratesOf(things, { rounds = 25, warmUp = 5, roundMs = 40 } = {}) {
  const rates = Object.fromEntries(Object.keys(things).map((name) => [name, []]));
  for (let round = 0; round < rounds + warmUp; round += 1)
    for (const [name, thing] of Object.entries(things)) {
      const rate = rateOf(thing, roundMs);
      if (round >= warmUp) rates[name].push(rate);
    }
  return Object.fromEntries(Object.entries(rates).map(([name, found]) => [name, Math.round(median(found))]));
}

function rateOf(thing, forMs) {
  const start = performance.now();
  let done = 0;
  let elapsed = 0;
  while (elapsed < forMs) {
    for (let turn = 0; turn < 16; turn += 1) done += thing(done) ?? 1;
    elapsed = performance.now() - start;
  }
  return (done / elapsed) * 1000;
}
