/** One logistic regression for each label, on shared features. */
import { shapeError } from '../../src/core/errors.js';
import type { Csr } from './csr.js';
import { denseDesign, type Design, sparseDesign } from './design.js';
import { fitLogistic, type LogisticOptions, sigmoid } from './logistic.js';
import { fitSpanBasis } from './span-basis.js';

export interface OneVsRest {
  /** Probability of each label, [V * L]; the rows of `X` are the visits. */
  scores(X: Csr): Float32Array;
  /** Labels whose fit did not reach the tolerance. */
  unconverged: number;
}

/** Up to here a dense square matrix of the texts is cheap (32 MB) and its products beat the sparse ones. */
const MAX_DENSE_ROWS = 2048;
/** Weights in all: 2 GB. */
const MAX_WEIGHTS = 2 ** 28;

/** A function from features to the design matrix in which the labels are fitted; both give the same models. */
function chooseRepresentation(X: Csr): (matrix: Csr) => Design {
  if (X.rows > MAX_DENSE_ROWS || X.rows >= X.columns) return sparseDesign;
  const basis = fitSpanBasis(X);
  return (matrix) => denseDesign(basis.coordinates(matrix), matrix.rows, basis.rank);
}

function targetsByLabel(labels: readonly ArrayLike<number>[], L: number): Map<number, Uint8Array> {
  const targets = new Map<number, Uint8Array>();
  labels.forEach((row, i) => {
    for (const label of Array.from(row)) {
      if (!(label >= 0 && label < L)) throw shapeError(`one-vs-rest: row ${i} has label ${label}, outside the L = ${L} labels`);
      const target = targets.get(label) ?? new Uint8Array(labels.length);
      target[i] = 1;
      targets.set(label, target);
    }
  });
  return targets;
}

/**
 * Fits each label that has both positives and negatives; a label without positives scores 0, one without negatives 1.
 * @param labels label indices (below L) of each row of `X`
 * @param onLabel called after each fitted label with the number fitted so far and in all
 */
export function fitOneVsRest(
  X: Csr,
  labels: readonly ArrayLike<number>[],
  L: number,
  { C = 1, tolerance = 1e-5, onLabel }: Partial<LogisticOptions> & { onLabel?: (done: number, total: number) => void } = {},
): OneVsRest {
  if (labels.length !== X.rows) throw shapeError(`one-vs-rest: expected the labels of ${X.rows} rows, got ${labels.length}`);
  const represent = chooseRepresentation(X);
  const design = represent(X);
  const targets = targetsByLabel(labels, L);
  if (targets.size * design.columns > MAX_WEIGHTS) {
    throw shapeError(`one-vs-rest: ${targets.size} labels × ${design.columns} features need too much memory; lower maxFeatures or the number of labels`);
  }
  const constant = [...targets].filter(([, target]) => !target.includes(0)).map(([label]) => label);
  const models = [...targets]
    .filter(([, target]) => target.includes(0))
    .map(([label, target], i, { length }) => {
      const model = { label, ...fitLogistic(design, target, { C, tolerance }) };
      onLabel?.(i + 1, length);
      return model;
    });
  return { scores: (matrix) => scoreLabels(represent(matrix), { models, constant, L }), unconverged: models.filter(({ converged }) => !converged).length };
}

interface Fitted {
  models: readonly { label: number; weights: Float64Array; intercept: number }[];
  /** Labels that every training row has. */
  constant: readonly number[];
  L: number;
}

function scoreLabels(design: Design, { models, constant, L }: Fitted): Float32Array {
  const scores = new Float32Array(design.rows * L);
  const margins = new Float64Array(design.rows);
  for (const { label, weights, intercept } of models) {
    design.multiply(weights, margins);
    for (let v = 0; v < design.rows; v++) scores[v * L + label] = sigmoid(margins[v]! + intercept);
  }
  for (const label of constant) for (let v = 0; v < design.rows; v++) scores[v * L + label] = 1;
  return scores;
}
