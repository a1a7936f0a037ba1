/** Pearson's χ² of two samples over categories, with its p-value and Cramér's V. */
import gammainc from '@stdlib/math-base-special-gammainc';

export interface ChiSquare {
  statistic: number;
  degrees: number;
  p: number;
  /** Cramér's V: 0 no difference, 1 no category in common. */
  v: number;
}

/** Upper tail of the χ² distribution: the regularised upper incomplete gamma function. */
export const chiSquareTail = (statistic: number, degrees: number): number => (statistic <= 0 ? 1 : gammainc(statistic / 2, degrees / 2, true, true));

/**
 * @param reference counts by category @param current counts of the same categories; those that are empty on both sides are left out
 * @returns p = 1 where there is nothing to compare: one category, or an empty sample
 */
export function chiSquare(reference: readonly number[], current: readonly number[]): ChiSquare {
  const [n, m] = [sum(reference), sum(current)];
  const present = [...reference.keys()].filter((i) => reference[i]! + current[i]! > 0);
  const degrees = present.length - 1;
  if (degrees < 1 || n === 0 || m === 0) return { statistic: 0, degrees: Math.max(degrees, 0), p: 1, v: 0 };
  const statistic = sum(present.map((i) => {
    const both = reference[i]! + current[i]!;
    const [expected, other] = [(both * n) / (n + m), (both * m) / (n + m)];
    return (reference[i]! - expected) ** 2 / expected + (current[i]! - other) ** 2 / other;
  }));
  return { statistic, degrees, p: chiSquareTail(statistic, degrees), v: Math.sqrt(statistic / (n + m)) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
