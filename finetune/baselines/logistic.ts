/** Binary logistic regression with an L2 penalty: the objective of scikit-learn's LogisticRegression; eight labels at a time. */
import type { ColumnBlock } from './column-block.js';
import { LANES, type LaneValues, laneValues } from './lanes.js';
import { minimise, type Objective } from './lbfgs.js';
import { sharedFloat32 } from './shared.js';
import { openBlockKernel, type BlockKernel } from './simd/block-kernel.js';

export interface LogisticOptions {
  /** Weight of the likelihood against the penalty: larger fits closer. */
  C: number;
  /** `balanced`: positives and negatives weigh the same in all (scikit-learn's `class_weight='balanced'`). */
  classWeight: 'none' | 'balanced';
  /** `penalised`: the intercept is a weight like the others, as in liblinear. */
  intercept: 'free' | 'penalised';
  /** Relative size of the gradient at which to stop. */
  tolerance: number;
}

export const logisticDefaults: LogisticOptions = { C: 1, classWeight: 'none', intercept: 'free', tolerance: 1e-5 };

export interface LogisticRequest {
  columns: number;
  /** The rows of the matrix, in order. */
  blocks: readonly ColumnBlock[];
  /** Each [rows] of 0 or 1 with both values present; fitted {@link LANES} at a time, in this order. */
  targets: readonly Uint8Array[];
  options: LogisticOptions;
}

export interface LogisticModels {
  /** [targets * columns], a target after the other. */
  weights: Float32Array;
  /** [targets] */
  intercepts: Float32Array;
  converged: boolean[];
  /** Of loss and gradient of eight labels. */
  evaluations: number;
}

const MAX_ITERATIONS = 1000;
/** Past steps kept: more need fewer evaluations, and 100 MB each for 200,000 terms on two threads. */
const MEMORY = 6;

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Minimises ½‖w‖² + C Σᵢ cᵢ ln(1 + exp(−yᵢ (xᵢᵀw + b))), y = ±1, for each target; cᵢ is the weight of the row's class. */
export function fitLogistic({ columns, blocks, targets, options }: LogisticRequest): LogisticModels {
  const kernel = openBlockKernel(columns, blocks);
  const squares = columnSquares(blocks, columns);
  const models: LogisticModels = { weights: sharedFloat32(targets.length * columns), intercepts: sharedFloat32(targets.length), converged: [], evaluations: 0 };
  for (let first = 0; first < targets.length; first += LANES) {
    const lanes = targets.slice(first, first + LANES).map((target) => laneOf(target, options));
    const { x, converged, evaluations } = minimise(penalisedLoss({ kernel, columns, blocks, lanes, options }), startOf(lanes, columns), {
      tolerance: options.tolerance,
      maxIterations: MAX_ITERATIONS,
      memory: MEMORY,
      inverseDiagonal: inverseDiagonal(lanes, squares, options),
    });
    lanes.forEach((_, lane) => {
      for (let j = 0; j < columns; j++) models.weights[(first + lane) * columns + j] = x[j * LANES + lane]!;
      models.intercepts[first + lane] = x[columns * LANES + lane]!;
    });
    models.converged.push(...converged.slice(0, lanes.length));
    models.evaluations += evaluations;
  }
  return models;
}

/** Σᵢ xᵢⱼ², [columns] */
function columnSquares(blocks: readonly ColumnBlock[], columns: number): Float64Array {
  const squares = new Float64Array(columns);
  for (const { columns: present, counts, values } of blocks) {
    let k = 0;
    present.forEach((column, at) => {
      for (const end = k + counts[at]!; k < end; k++) squares[column]! += values[k]! ** 2;
    });
  }
  return squares;
}

interface Lane {
  target: Uint8Array;
  /** C times the weight of the class. */
  positive: number;
  negative: number;
  /** Of the positives in the weight of all rows, and that weight: what the best intercept makes of w = 0. */
  share: number;
  total: number;
}

function laneOf(target: Uint8Array, { C, classWeight }: LogisticOptions): Lane {
  const positives = target.reduce((sum, value) => sum + value, 0);
  const weightOf = (members: number): number => (classWeight === 'balanced' ? (C * target.length) / (2 * members) : C);
  const [positive, negative] = [weightOf(positives), weightOf(target.length - positives)];
  const total = positive * positives + negative * (target.length - positives);
  return { target, positive, negative, share: (positive * positives) / total, total };
}

/** w = 0 and the log-odds of the positives. */
function startOf(lanes: readonly Lane[], columns: number): Float64Array {
  const start = new Float64Array((columns + 1) * LANES);
  lanes.forEach(({ share }, lane) => (start[columns * LANES + lane] = Math.log(share / (1 - share))));
  return start;
}

interface LossOptions {
  kernel: BlockKernel;
  columns: number;
  blocks: readonly ColumnBlock[];
  lanes: readonly Lane[];
  options: LogisticOptions;
}

function penalisedLoss({ kernel, columns, blocks, lanes, options: { intercept } }: LossOptions): Objective {
  const last = columns * LANES;
  return (x, gradient) => {
    const values = laneValues();
    const residuals = laneValues();
    kernel.weights.set(x.subarray(0, last));
    kernel.gradient.set(kernel.weights); // of the penalty
    let row = 0;
    for (const block of blocks) {
      kernel.rows.fill(0, 0, block.rows * LANES);
      kernel.load(block);
      kernel.multiply();
      lanes.forEach((lane, k) => {
        const sums = toResiduals(kernel.rows, lane, { lane: k, intercept: x[last + k]!, first: row, rows: block.rows });
        values[k]! += sums.loss;
        residuals[k]! += sums.residual;
      });
      kernel.multiplyTransposed();
      row += block.rows;
    }
    gradient.set(kernel.gradient);
    gradient.set(residuals, last);
    addPenalty(x, gradient, values, { end: intercept === 'penalised' ? x.length : last, last });
    return values;
  };
}

/** ½w² for the elements up to `end`; the gradient has those up to `last` already. */
function addPenalty(x: Float64Array, gradient: Float64Array, values: LaneValues, { end, last }: { end: number; last: number }): void {
  for (let i = 0; i < end; i++) values[i % LANES]! += x[i]! ** 2 / 2;
  for (let i = last; i < end; i++) gradient[i]! += x[i]!;
}

interface Segment {
  lane: number;
  intercept: number;
  /** Number of the block's first row in the target, and of its rows. */
  first: number;
  rows: number;
}

/** Replaces the margins xᵢᵀw of one lane by Cᵢ (p − y). @returns the sum of these and of the losses Cᵢ (ln(1 + e^m) − y m), m = xᵢᵀw + b */
function toResiduals(margins: Float64Array, { target, positive, negative }: Lane, { lane, intercept, first, rows }: Segment): { loss: number; residual: number } {
  const losses = [0, 0];
  /** A product of at most BLOCK_ROWS factors between 1 and 2 is below the largest double, so that one logarithm serves them all. */
  const products = [1, 1];
  let residual = 0;
  for (let i = 0, at = lane; i < rows; i++, at += LANES) {
    const y = target[first + i]!;
    const margin = margins[at]! + intercept;
    const small = Math.exp(-Math.abs(margin)); // never overflows
    const probability = (margin > 0 ? 1 : small) / (1 + small);
    losses[y]! += (margin > 0 ? margin : 0) - (y ? margin : 0);
    products[y]! *= 1 + small;
    residual += margins[at] = (y ? positive : negative) * (probability - y);
  }
  return { loss: negative * (losses[0]! + Math.log(products[0]!)) + positive * (losses[1]! + Math.log(products[1]!)), residual };
}

/** Of the Hessian at the start, where every row has the same probability: 1 + Σᵢ Cᵢ p (1 − p) xᵢⱼ², with the mean of Cᵢ. */
function inverseDiagonal(lanes: readonly Lane[], squares: Float64Array, { intercept }: LogisticOptions): Float64Array {
  const columns = squares.length;
  const inverse = new Float64Array((columns + 1) * LANES).fill(1);
  lanes.forEach(({ target, share, total }, lane) => {
    const curvature = total * share * (1 - share);
    for (let j = 0; j < columns; j++) inverse[j * LANES + lane] = 1 / (1 + (curvature / target.length) * squares[j]!);
    inverse[columns * LANES + lane] = 1 / (curvature + Number(intercept === 'penalised'));
  });
  return inverse;
}
