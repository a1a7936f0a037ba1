/** The population stability index (PSI) and the Jensen–Shannon distance of two samples over categories, and the bins that make categories of numbers. */

/** Added to every category's count, so that one that a sample lacks does not make the index infinite. */
const SMOOTHING = 0.5;

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count + SMOOTHING, 0);
  return counts.map((count) => (count + SMOOTHING) / total);
}

/** Σ (q − p) ln(q / p) over shares p of the reference and q of the current sample. By convention 0.1 is moderate, 0.25 major. */
export function stabilityIndex(reference: readonly number[], current: readonly number[]): number {
  const [p, q] = [shares(reference), shares(current)];
  return p.reduce((sum, share, i) => sum + (q[i]! - share) * Math.log(q[i]! / share), 0);
}

/** The square root of the Jensen–Shannon divergence with logarithms to base 2: 0 equal, 1 nothing in common. */
export function jensenShannon(reference: readonly number[], current: readonly number[]): number {
  const [p, q] = [reference, current].map((counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (total ? count / total : 0));
  }) as [number[], number[]];
  const towards = (a: number, mean: number): number => (a > 0 ? a * Math.log2(a / mean) : 0);
  return Math.sqrt(Math.max(0, p.reduce((sum, share, i) => sum + (towards(share, (share + q[i]!) / 2) + towards(q[i]!, (share + q[i]!) / 2)) / 2, 0)));
}

/** Bins: each ends at its edge, included; the last has none. Equal shares of the reference, fewer bins where values repeat. */
export function quantileEdges(reference: ArrayLike<number>, bins = 10): number[] {
  const sorted = Float64Array.from(reference).filter((value) => !Number.isNaN(value)).sort();
  if (!sorted.length) return [];
  const edges = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / bins) - 1]!);
  return [...new Set(edges)].filter((edge) => edge < sorted.at(-1)!);
}

/** @returns counts by bin, what is missing (NaN) after the last */
export function countBins(values: ArrayLike<number>, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 2).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    counts[Number.isNaN(value) ? edges.length + 1 : binOf(value, edges)]!++;
  }
  return counts;
}

function binOf(value: number, edges: readonly number[]): number {
  const found = edges.findIndex((edge) => value <= edge);
  return found < 0 ? edges.length : found;
}
