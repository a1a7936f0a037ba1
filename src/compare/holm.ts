/** Holm's correction: p-values of several tests such that the chance of a single false finding among them stays at the level named. */

/** @returns adjusted p-values, in the order given; NaN (not tested) stays NaN and counts for nothing */
export function holm(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].filter((i) => !Number.isNaN(pValues[i]!)).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length).fill(NaN);
  let highest = 0;
  order.forEach((i, rank) => {
    highest = Math.max(highest, Math.min(1, (order.length - rank) * pValues[i]!));
    adjusted[i] = highest;
  });
  return adjusted;
}
