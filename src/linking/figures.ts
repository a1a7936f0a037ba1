/** The figures of linking as a table: accuracy in per cent, and mean (standard deviation) where several checkpoints were tried. */
import type { CodeKind } from '../dataset/index.js';
import { mentionGroups, RANKS, type AccuracyByGroup } from './accuracy.js';

/** Of one checkpoint (or of none). */
export type AccuracyByKind = Partial<Record<CodeKind, AccuracyByGroup>>;

/** @param runs at least one; all of the same mentions @returns cells, the first row the names of the columns */
export function figureRows(runs: readonly AccuracyByKind[]): string[][] {
  const kinds = Object.keys(runs[0]!) as CodeKind[];
  const rows = kinds.flatMap((kind) =>
    mentionGroups.map((group) => [`${kind}, ${group}`, String(runs[0]![kind]![group].mentions), ...RANKS.map((rank) => spread(runs.map((run) => 100 * run[kind]![group].at[rank])))]),
  );
  return [['accuracy, %', 'mentions', ...RANKS.map((rank) => `@${rank}`)], ...rows];
}

/** Standard deviation with n − 1. */
function spread(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (Number.isNaN(mean)) return '–';
  if (values.length === 1) return mean.toFixed(2);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toFixed(2)} (${Math.sqrt(variance).toFixed(2)})`;
}
