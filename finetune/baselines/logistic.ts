/** Binary logistic regression with an L2 penalty: the objective of scikit-learn's LogisticRegression; up to eight labels at a time. */
import type { Design } from './design.js';
import { LANES, type LaneValues, laneValues } from './lanes.js';
import { minimise } from './lbfgs.js';

export interface LogisticOptions {
  /** Weight of the likelihood against the penalty: larger fits closer. */
  C: number;
  /** Relative size of the gradient at which to stop. */
  tolerance: number;
}

export interface LogisticModels {
  /** Laned: [columns * LANES]; lanes without a target are 0. */
  weights: Float64Array;
  intercepts: LaneValues;
  /** One for each target. */
  converged: boolean[];
}

const MAX_ITERATIONS = 1000;
const MEMORY = 6;
/** A product of so many factors of at most 2 does not overflow; one logarithm then serves them all. */
const FACTORS = 1000;

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Minimises ½‖w‖² + C Σᵢ ln(1 + exp(−yᵢ (xᵢᵀw + b))), y = ±1, for each target; the intercept b is not penalised.
 * Starts from w = 0 and the log-odds of the positives.
 * @param targets up to {@link LANES}, each [rows] of 0 or 1 with both values present
 */
export function fitLogistic(design: Design, targets: readonly Uint8Array[], { C, tolerance }: LogisticOptions): LogisticModels {
  const { rows, columns } = design;
  const shares = targets.map((target) => target.reduce((sum, value) => sum + value, 0) / rows);
  const start = new Float64Array((columns + 1) * LANES);
  shares.forEach((share, lane) => (start[columns * LANES + lane] = Math.log(share / (1 - share))));
  const { x, converged } = minimise(penalisedLoss(design, targets, C), start, {
    tolerance,
    maxIterations: MAX_ITERATIONS,
    memory: MEMORY,
    inverseDiagonal: inverseDiagonal(design, shares, C),
  });
  return { weights: x.subarray(0, columns * LANES), intercepts: x.subarray(columns * LANES), converged: converged.slice(0, targets.length) };
}

function penalisedLoss(design: Design, targets: readonly Uint8Array[], C: number): (x: Float64Array, gradient: Float64Array) => LaneValues {
  const { rows, columns } = design;
  const margins = new Float64Array(rows * LANES);
  const intercepts = columns * LANES;
  return (x, gradient) => {
    const weights = x.subarray(0, intercepts);
    design.multiply(weights, margins);
    const values = laneValues();
    targets.forEach((target, lane) => {
      const { loss, residual } = toResiduals(margins, target, { lane, intercept: x[intercepts + lane]!, C });
      values[lane] = C * loss;
      gradient[intercepts + lane] = residual;
    });
    design.multiplyTransposed(margins, gradient.subarray(0, intercepts));
    for (let i = 0; i < intercepts; i++) {
      gradient[i]! += weights[i]!;
      values[i % LANES]! += weights[i]! ** 2 / 2;
    }
    return values;
  };
}

/** Replaces the margins xᵢᵀw of one lane by C (p − y). @returns the sum of these and the loss Σᵢ ln(1 + e^m) − y m, m = xᵢᵀw + b */
function toResiduals(margins: Float64Array, target: Uint8Array, { lane, intercept, C }: { lane: number; intercept: number; C: number }): { loss: number; residual: number } {
  let loss = 0;
  let residual = 0;
  let product = 1;
  for (let row = 0, at = lane; row < target.length; row++, at += LANES) {
    const margin = margins[at]! + intercept;
    const small = Math.exp(-Math.abs(margin)); // never overflows
    const probability = (margin > 0 ? 1 : small) / (1 + small);
    loss += (margin > 0 ? margin : 0) - (target[row] ? margin : 0);
    product *= 1 + small;
    if (row % FACTORS === FACTORS - 1) {
      loss += Math.log(product);
      product = 1;
    }
    residual += margins[at] = C * (probability - target[row]!);
  }
  return { loss: loss + Math.log(product), residual };
}

/** Of the Hessian at the start, where every row has the same probability: 1 + C p (1 − p) Σᵢ xᵢⱼ². */
function inverseDiagonal({ rows, columns, squares }: Design, shares: readonly number[], C: number): Float64Array {
  const inverse = new Float64Array((columns + 1) * LANES).fill(1);
  shares.forEach((share, lane) => {
    const curvature = C * share * (1 - share);
    for (let j = 0; j < columns; j++) inverse[j * LANES + lane] = 1 / (1 + curvature * squares[j]!);
    inverse[columns * LANES + lane] = 1 / (curvature * rows);
  });
  return inverse;
}
