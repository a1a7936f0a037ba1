/** The Bayes-optimal predictor of a synthetic data set: the generator's own posterior, given at least what the model reads. */
import { configurationError, dataError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/dataset/index.js';
import { READMITTED, readCeiling } from '../../src/synth/ceiling.js';
import type { Label, TaskName } from '../tasks/task.js';
import type { Scorer } from './references.js';

export interface CeilingOptions {
  task: TaskName;
  /** The columns of the scores. */
  labels: readonly Pick<Label, 'system' | 'code'>[];
  /** What the model reads of the visit, for medication of its past visits. */
  inputs: readonly string[];
  /** Medication: what the model reads of the visit itself. */
  current: readonly string[];
}

/** Inputs of the posteriors (docs/synthetic-data.md). */
type Known = Parameters<typeof readCeiling>[2];

/**
 * For each task what the model may read and yet stay below the ceiling, and which posterior that is: given the same, or the least that includes it.
 * Procedures and past diagnoses tell nothing beyond diagnoses and prescriptions; of ICD coding, procedures would.
 */
const posteriors: Record<TaskName, { readable: readonly string[]; known: (inputs: readonly string[]) => Known }> = {
  'icd-coding': { readable: ['text', 'rx'], known: (inputs) => (!inputs.includes('text') ? 'codes' : inputs.includes('rx') ? 'text+codes' : 'text') },
  readmission: { readable: ['text', 'dx', 'rx', 'px'], known: (inputs) => (!inputs.includes('text') ? 'codes' : inputs.length > 1 ? 'text+codes' : 'text') },
  medication: { readable: ['text', 'dx', 'rx', 'px'], known: (inputs) => (inputs.includes('text') ? 'text+codes' : 'codes') },
};

/** Of the visit whose medications are chosen: its note is not among what the posterior is given. */
const READABLE_CURRENT = ['dx', 'px'];

const SYSTEMS: Record<TaskName, readonly string[]> = { 'icd-coding': ['icd9cm', 'icd10cm'], readmission: ['task'], medication: ['atc'] };

/**
 * @param dir what `medweave synth` wrote
 * @returns `ceiling (…)`, named by what it is given, from rows of the data set to scores [V, L]
 * @throws configuration error when the model reads what the posterior is not given, so that it is no ceiling; data error when it is of other visits or codes
 */
export async function ceilingScores(dir: string, dataset: Dataset, { task, labels, inputs, current }: CeilingOptions): Promise<Record<string, Scorer>> {
  const { readable, known } = posteriors[task];
  const beyond = [...inputs.filter((input) => !readable.includes(input)), ...(task === 'medication' ? current.filter((input) => !READABLE_CURRENT.includes(input)) : [])];
  if (beyond.length) throw configurationError(`--ceiling: the run reads ${beyond.join(', ')}, which the ceiling of ${task} is not given, so it is no bound; leave --ceiling out`);
  const other = labels.find(({ system }) => !SYSTEMS[task].includes(system));
  if (other) throw configurationError(`--ceiling: known for ${SYSTEMS[task].join(' and ')} labels of ${task}, this run predicts ${other.system}; leave --ceiling out`);
  const scores = await readCeiling(dir, task, known(inputs));
  const names = labels.map(({ system, code }) => (task === 'readmission' ? READMITTED : `${system}:${code}`));
  assertCovers(dir, scores, { dataset, names });
  return { [`ceiling (${known(inputs).replace('+', ' + ')})`]: (rows) => scoreMatrix(rows, dataset, { scores, names }) };
}

type CeilingTable = Awaited<ReturnType<typeof readCeiling>>;

/** Another directory, or codes cut to categories, would otherwise give a ceiling of zeros. */
function assertCovers(dir: string, scores: CeilingTable, { dataset, names }: { dataset: Dataset; names: readonly string[] }): void {
  if (!dataset.visitIds.some((id) => scores.has(id))) throw dataError(`${dir}: its ceiling has none of the visits of ${dataset.dir}; give the directory that the data were ingested from`);
  const scored = new Set<string>();
  for (const visit of scores.values()) for (const name of visit.keys()) scored.add(name);
  const missing = names.filter((name) => !scored.has(name));
  if (2 * missing.length > names.length) throw dataError(`${dir}: its ceiling lacks ${missing.length} of the ${names.length} labels, such as ${missing[0]}; it scores full ICD codes, and ATC codes of levels 3 to 5`);
}

function scoreMatrix(rows: Int32Array, dataset: Dataset, { scores, names }: { scores: CeilingTable; names: readonly string[] }): Float32Array {
  const L = names.length;
  const matrix = new Float32Array(rows.length * L);
  rows.forEach((row, v) => {
    const visit = scores.get(dataset.visitIds[row]!);
    if (visit) names.forEach((name, label) => (matrix[v * L + label] = visit.get(name) ?? 0));
  });
  return matrix;
}
