/** The Bayes-optimal coder of a synthetic data set: the generator's own posterior, given the same kinds of input as the model. */
import { configurationError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/dataset/index.js';
import { readCeiling } from '../../src/synth/ceiling.js';
import type { CodingLabels } from '../tasks/icd-coding.js';

/**
 * @param dir what `medweave synth` wrote
 * @param inputs the task's inputs; only text and medications have posteriors
 * @returns from rows of the data set to scores [V, L]
 */
export async function ceilingScores(dir: string, dataset: Dataset, labels: CodingLabels, inputs: readonly string[]): Promise<(rows: Int32Array) => Float32Array> {
  const other = inputs.find((input) => input !== 'text' && input !== 'rx');
  if (labels.kind !== 'dx' || other !== undefined) throw configurationError(`--ceiling: known for diagnoses from text and rx; this run predicts ${labels.kind} from ${inputs.join(' + ')}`);
  const known = inputs.length === 2 ? 'text+codes' : inputs[0] === 'text' ? 'text' : 'codes';
  const scores = await readCeiling(dir, 'icd-coding', known);
  const names = labels.codes.map(({ system, code }) => `${system}:${code}`);
  const L = names.length;
  return (rows) => {
    const matrix = new Float32Array(rows.length * L);
    rows.forEach((row, v) => {
      const visit = scores.get(dataset.visitIds[row]!);
      if (visit) names.forEach((name, label) => (matrix[v * L + label] = visit.get(name) ?? 0));
    });
    return matrix;
  };
}
