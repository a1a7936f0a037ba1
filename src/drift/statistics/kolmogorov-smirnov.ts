/** The two-sample Kolmogorov–Smirnov test: the largest distance of two cumulative distributions, and how likely chance makes it so large. */

export interface KolmogorovSmirnov {
  /** 0–1. */
  d: number;
  /** By the limit distribution; a little too large for a few dozen values, or where many are equal. */
  p: number;
}

/** @param reference values without NaN @param current the same @returns d = 0, p = 1 where a sample is empty */
export function kolmogorovSmirnov(reference: ArrayLike<number>, current: ArrayLike<number>): KolmogorovSmirnov {
  const [n, m] = [reference.length, current.length];
  if (n === 0 || m === 0) return { d: 0, p: 1 };
  const d = largestDistance(Float64Array.from(reference).sort(), Float64Array.from(current).sort());
  return { d, p: kolmogorovTail(Math.sqrt((n * m) / (n + m)) * d) };
}

/** @param a sorted @param b sorted */
function largestDistance(a: Float64Array, b: Float64Array): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! === value) i++;
    while (j < b.length && b[j]! === value) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}

/** Below it the alternating series needs many terms; there the other form of the same function (Jacobi's identity) needs few. */
const CROSSING = 1.18;
const TERMS = 20;

/** P(K > x) of Kolmogorov's limit distribution. */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  if (x < CROSSING) {
    let below = 0;
    for (let k = 1; k <= TERMS; k++) below += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * below;
  }
  let tail = 0;
  for (let k = 1; k <= TERMS; k++) tail += (k % 2 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, tail));
}
