/** Binary logistic regression with an L2 penalty: the objective of scikit-learn's LogisticRegression. */
import type { Design } from './design.js';
import { minimise } from './lbfgs.js';

export interface LogisticOptions {
  /** Weight of the likelihood against the penalty: larger fits closer. */
  C: number;
  /** Relative size of the gradient at which to stop. */
  tolerance: number;
}

export interface LogisticModel {
  /** [columns] */
  weights: Float64Array;
  intercept: number;
  converged: boolean;
}

const MAX_ITERATIONS = 1000;
const MEMORY = 10;

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** ln(1 + eˣ) without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * Minimises ½‖w‖² + C Σᵢ ln(1 + exp(−yᵢ (xᵢᵀw + b))), y = ±1; the intercept b is not penalised.
 * Starts from w = 0 and the log-odds of the positives.
 * @param targets [rows], 0 or 1, with both values present
 */
export function fitLogistic(design: Design, targets: Uint8Array, { C, tolerance }: LogisticOptions): LogisticModel {
  const { rows, columns } = design;
  const positives = targets.reduce((sum, target) => sum + target, 0);
  const start = new Float64Array(columns + 1);
  start[columns] = Math.log(positives / (rows - positives));
  const margins = new Float64Array(rows);
  const residuals = new Float64Array(rows);
  const objective = (parameters: Float64Array, gradient: Float64Array): number => {
    const weights = parameters.subarray(0, columns);
    design.multiply(weights, margins);
    let loss = 0;
    let residualSum = 0;
    for (let i = 0; i < rows; i++) {
      const margin = margins[i]! + parameters[columns]!;
      loss += softplus(margin) - targets[i]! * margin;
      residuals[i] = C * (sigmoid(margin) - targets[i]!);
      residualSum += residuals[i]!;
    }
    design.multiplyTransposed(residuals, gradient.subarray(0, columns));
    gradient[columns] = residualSum;
    let penalty = 0;
    for (let j = 0; j < columns; j++) {
      gradient[j]! += weights[j]!;
      penalty += weights[j]! ** 2;
    }
    return penalty / 2 + C * loss;
  };
  const { x, converged } = minimise(objective, start, { tolerance, maxIterations: MAX_ITERATIONS, memory: MEMORY });
  return { weights: x.subarray(0, columns), intercept: x[columns]!, converged };
}
