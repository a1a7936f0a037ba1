/** Benjamini and Hochberg's correction: of what is called drift, on average no more than the named share is chance. */

/** @returns adjusted p-values, in the order given; NaN (not tested) stays NaN and counts for nothing */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].filter((i) => !Number.isNaN(pValues[i]!)).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(pValues.length).fill(NaN);
  let lowest = 1;
  order.forEach((i, fromLast) => {
    lowest = Math.min(lowest, (pValues[i]! * order.length) / (order.length - fromLast));
    adjusted[i] = lowest;
  });
  return adjusted;
}
