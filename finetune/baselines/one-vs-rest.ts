/** One logistic regression for each label, on shared features. */
import { shapeError } from '../../src/core/errors.js';
import type { Csr } from './csr.js';
import { multiplyLanes, sparseDesign } from './design.js';
import { LANES } from './lanes.js';
import { fitLogistic, type LogisticModels, type LogisticOptions, sigmoid } from './logistic.js';

export interface OneVsRest {
  /** Probability of each label, [V * L]; the rows of `X` are the visits. */
  scores(X: Csr): Float32Array;
  /** Labels whose fit did not reach the tolerance. */
  unconverged: number;
}

/** Weights in all: 2 GB. */
const MAX_WEIGHTS = 2 ** 28;

/** A label with the rows that carry it. */
interface Target {
  label: number;
  rows: Uint8Array;
  positives: number;
}

function targetsByLabel(labels: readonly ArrayLike<number>[], L: number): Target[] {
  const targets = new Map<number, Uint8Array>();
  labels.forEach((row, i) => {
    for (const label of Array.from(row)) {
      if (!(label >= 0 && label < L)) throw shapeError(`one-vs-rest: row ${i} has label ${label}, outside the L = ${L} labels`);
      const target = targets.get(label) ?? new Uint8Array(labels.length);
      target[i] = 1;
      targets.set(label, target);
    }
  });
  return Array.from(targets, ([label, rows]) => ({ label, rows, positives: rows.reduce((sum, value) => sum + value, 0) }));
}

/** Labels that are fitted in lock-step: of similar frequency, since they take a similar number of iterations. */
function blocksOf(targets: readonly Target[]): Target[][] {
  const sorted = [...targets].sort((a, b) => b.positives - a.positives);
  return Array.from({ length: Math.ceil(sorted.length / LANES) }, (_, block) => sorted.slice(block * LANES, (block + 1) * LANES));
}

/**
 * Fits each label that has both positives and negatives; a label without positives scores 0, one without negatives 1.
 * @param labels label indices (below L) of each row of `X`
 */
export function fitOneVsRest(X: Csr, labels: readonly ArrayLike<number>[], L: number, { C = 1, tolerance = 1e-5 }: Partial<LogisticOptions> = {}): OneVsRest {
  if (labels.length !== X.rows) throw shapeError(`one-vs-rest: expected the labels of ${X.rows} rows, got ${labels.length}`);
  const design = sparseDesign(X);
  const targets = targetsByLabel(labels, L);
  if (targets.length * design.columns > MAX_WEIGHTS) {
    throw shapeError(`one-vs-rest: ${targets.length} labels × ${design.columns} features need too much memory; lower maxFeatures or the number of labels`);
  }
  const constant = targets.filter(({ positives }) => positives === X.rows).map(({ label }) => label);
  const blocks = blocksOf(targets.filter(({ positives }) => positives < X.rows)).map((block) => ({
    labels: block.map(({ label }) => label),
    ...fitLogistic(design, block.map(({ rows }) => rows), { C, tolerance }),
  }));
  return {
    scores: (matrix) => scoreLabels(matrix, { blocks, constant, L }),
    unconverged: blocks.flatMap(({ converged }) => converged).filter((done) => !done).length,
  };
}

interface Fitted {
  blocks: readonly (LogisticModels & { labels: readonly number[] })[];
  /** Labels that every training row has. */
  constant: readonly number[];
  L: number;
}

function scoreLabels(X: Csr, { blocks, constant, L }: Fitted): Float32Array {
  const scores = new Float32Array(X.rows * L);
  const margins = new Float64Array(X.rows * LANES);
  for (const { labels, weights, intercepts } of blocks) {
    multiplyLanes(X, weights, margins);
    for (let v = 0; v < X.rows; v++) {
      labels.forEach((label, lane) => (scores[v * L + label] = sigmoid(margins[v * LANES + lane]! + intercepts[lane]!)));
    }
  }
  for (const label of constant) for (let v = 0; v < X.rows; v++) scores[v * L + label] = 1;
  return scores;
}
