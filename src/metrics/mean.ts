/** Sums and means over typed arrays, where NaN marks an undefined value. */

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** Mean of the defined values. @returns NaN when there is none */
export function meanDefined(values: ArrayLike<number>): number {
  let total = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    total += values[i]!;
    count++;
  }
  return count ? total / count : NaN;
}

/** `numerator / denominator`, 0 when nothing is divided by nothing. */
export const ratio = (numerator: number, denominator: number): number => (denominator === 0 ? 0 : numerator / denominator);
