/**
 * Counter-based noise: a pure function of (seed, step, micro-batch, rank, site, position), equal in a graph and in JavaScript.
 *
 * Element (i, j) of a mask of r rows and c columns is kept when `row[i] · column[j]` (mod 2³², read as signed) exceeds a threshold;
 * `row` and `column` are hashed on the host, rows odd. Multiplying by an odd number permutes the 32-bit words, so that each element is
 * kept with the wanted probability and elements are pairwise independent (multiply-shift hashing, Dietzfelbinger et al. 1997),
 * at the cost of one product and one comparison an element.
 */
import { hash32 } from '../core/rng.js';
import { sizeOf, type Shape } from './shapes.js';
import type { NoiseKey } from './types.js';

/** A mask's extents: columns are the last axis. */
export interface NoiseExtent {
  rows: number;
  columns: number;
}

export interface NoiseFactors {
  row: Int32Array;
  column: Int32Array;
}

export function noiseExtent(shape: Shape): NoiseExtent {
  const columns = shape.at(-1) ?? 1;
  return { rows: columns ? sizeOf(shape) / columns : 0, columns };
}

/** Products above this are kept; the signed 32-bit words are uniform. */
export const keepThreshold = (dropProbability: number): number => Math.round((dropProbability - 0.5) * 2 ** 32) | 0;

/** lowbias32 (Wellons 2018) with a second key word mixed in; neighbouring counters give unrelated words. */
function mix(counter: number, key0: number, key1: number): number {
  let x = (counter + key0) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d) ^ key1;
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** Fills the factors of one site's mask. */
export function fillNoise(factors: NoiseFactors, site: string, { seed, step, micro = 0, rank = 0 }: NoiseKey): void {
  const key = (word: number): number => hash32(seed, step, micro, rank, site, word) | 0;
  const [row0, row1, column0, column1] = [key(0), key(1), key(2), key(3)];
  for (let i = 0; i < factors.row.length; i++) factors.row[i] = mix(i, row0, row1) | 1;
  for (let j = 0; j < factors.column.length; j++) factors.column[j] = mix(j, column0, column1);
}

export const allocateNoise = ({ rows, columns }: NoiseExtent): NoiseFactors => ({ row: new Int32Array(rows), column: new Int32Array(columns) });

/** The mask itself, in JavaScript: 1 where kept. */
export function keepMask({ row, column }: NoiseFactors, dropProbability: number): Uint8Array {
  const threshold = keepThreshold(dropProbability);
  const mask = new Uint8Array(row.length * column.length);
  let at = 0;
  for (const r of row) for (const c of column) mask[at++] = Math.imul(r, c) > threshold ? 1 : 0;
  return mask;
}
