/** One logistic regression for each label, on shared features. */
import { shapeError } from '../../src/core/errors.js';
import { columnBlocks, type ColumnBlock } from './column-block.js';
import type { Csr } from './csr.js';
import { LANES } from './lanes.js';
import { fitLogistic, logisticDefaults, type LogisticModels, type LogisticOptions, type LogisticRequest, sigmoid } from './logistic.js';
import { openBlockKernel } from './simd/block-kernel.js';
import type { Threads } from './threads.js';

/** Linear models of L labels; a label that no training row had has the intercept −∞, one that all had +∞. */
export interface LinearModels {
  L: number;
  columns: number;
  /** [L * columns] */
  weights: Float32Array;
  /** [L] */
  intercepts: Float32Array;
  /** Labels whose fit did not reach the tolerance. */
  unconverged: number;
  /** Of loss and gradient, of eight labels at a time. */
  evaluations: number;
}

export interface LabelledRows {
  columns: number;
  blocks: readonly ColumnBlock[];
  /** Label indices (below L) of each row. */
  labels: readonly ArrayLike<number>[];
  L: number;
}

/** Weights in all: 1 GiB. */
const MAX_WEIGHTS = 2 ** 28;
/** Jobs that threads take one after the other; each sets up its own memory. */
const MAX_JOBS = 32;

/** A label with the rows that carry it. */
interface Target {
  label: number;
  rows: Uint8Array;
  positives: number;
}

/**
 * Fits each label that has both positives and negatives.
 * @throws shape error when labels and rows do not fit together, or the models would need too much memory
 */
export function fitOneVsRest(X: Csr, labels: readonly ArrayLike<number>[], L: number, options: Partial<LogisticOptions> = {}): LinearModels {
  const data = { columns: X.columns, blocks: columnBlocks(X), labels, L };
  const targets = checkedTargets(data);
  return gather(data, targets, requestsOf(data, targets, options).map(fitLogistic));
}

/** The same, by threads; the same to the last bit whatever their number. */
export async function fitOneVsRestByThreads(data: LabelledRows, options: Partial<LogisticOptions>, { threads, onDone }: { threads: Threads; onDone?: (labels: number) => void }): Promise<LinearModels> {
  const targets = checkedTargets(data);
  const requests = requestsOf(data, targets, options);
  const perJob = requests[0]?.targets.length ?? 0;
  return gather(data, targets, await threads.all('fit', requests, (done) => onDone?.(Math.min(done * perJob, data.L))));
}

function checkedTargets({ columns, blocks, labels, L }: LabelledRows): Target[] {
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  if (labels.length !== rows) throw shapeError(`one-vs-rest: expected the labels of ${rows} rows, got ${labels.length}`);
  if (L * columns > MAX_WEIGHTS) throw shapeError(`one-vs-rest: ${L} labels × ${columns} features need too much memory; lower max_features or the number of labels`);
  return targetsByLabel(labels, L);
}

function targetsByLabel(labels: readonly ArrayLike<number>[], L: number): Target[] {
  const targets = new Map<number, Uint8Array>();
  labels.forEach((row, i) => {
    for (const label of Array.from(row)) {
      if (!(label >= 0 && label < L)) throw shapeError(`one-vs-rest: row ${i} has label ${label}, outside the L = ${L} labels`);
      const target = targets.get(label) ?? new Uint8Array(new SharedArrayBuffer(labels.length));
      target[i] = 1;
      targets.set(label, target);
    }
  });
  return Array.from(targets, ([label, rows]) => ({ label, rows, positives: rows.reduce((sum, value) => sum + value, 0) }));
}

/** Those that have negatives too, by falling frequency: labels fitted in lock-step then take a similar number of iterations. */
const fittable = (targets: readonly Target[], rows: number): Target[] => targets.filter(({ positives }) => positives < rows).sort((a, b) => b.positives - a.positives || a.label - b.label);

function requestsOf({ columns, blocks, labels }: LabelledRows, targets: readonly Target[], options: Partial<LogisticOptions>): LogisticRequest[] {
  const sorted = fittable(targets, labels.length).map(({ rows }) => rows);
  const perJob = LANES * Math.ceil(sorted.length / LANES / MAX_JOBS);
  return Array.from({ length: Math.ceil(sorted.length / Math.max(1, perJob)) }, (_, job) => ({ columns, blocks, targets: sorted.slice(job * perJob, (job + 1) * perJob), options: { ...logisticDefaults, ...options } }));
}

/** Puts the models of the jobs in the order of the labels. */
function gather({ columns, labels, L }: LabelledRows, targets: readonly Target[], fitted: readonly LogisticModels[]): LinearModels {
  const models = { L, columns, weights: new Float32Array(L * columns), intercepts: new Float32Array(L).fill(-Infinity), unconverged: 0, evaluations: 0 };
  const sorted = fittable(targets, labels.length).map(({ label }) => label);
  let next = 0;
  for (const { weights, intercepts, converged, evaluations } of fitted) {
    converged.forEach((done, i) => {
      const label = sorted[next++]!;
      models.weights.set(weights.subarray(i * columns, (i + 1) * columns), label * columns);
      models.intercepts[label] = intercepts[i]!;
      models.unconverged += Number(!done);
    });
    models.evaluations += evaluations;
  }
  for (const { label, positives } of targets) if (positives === labels.length) models.intercepts[label] = Infinity;
  return models;
}

/** Probability of each label, [V * L]; the rows of `X` are the visits. */
export function scoreLabels(X: Csr, { L, columns, weights, intercepts }: LinearModels): Float32Array {
  const blocks = columnBlocks(X);
  const kernel = openBlockKernel(columns, blocks);
  const scores = new Float32Array(X.rows * L);
  for (let first = 0; first < L; first += LANES) {
    const lanes = Math.min(LANES, L - first);
    for (let lane = 0; lane < lanes; lane++) for (let j = 0; j < columns; j++) kernel.weights[j * LANES + lane] = weights[(first + lane) * columns + j]!;
    let visit = 0;
    for (const block of blocks) {
      kernel.rows.fill(0, 0, block.rows * LANES);
      kernel.load(block);
      kernel.multiply();
      for (let i = 0; i < block.rows; i++, visit++) {
        for (let lane = 0; lane < lanes; lane++) scores[visit * L + first + lane] = sigmoid(kernel.rows[i * LANES + lane]! + intercepts[first + lane]!);
      }
    }
  }
  return scores;
}
