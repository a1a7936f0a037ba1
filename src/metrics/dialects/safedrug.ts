/** Dialect `safedrug`: medication recommendation as GAMENet and SafeDrug (Yang et al. 2021) score it. */
import { shapeError } from '../../core/errors.js';
import { meanDefined, ratio, sum } from '../mean.js';
import { checkMatrix, type LabelMatrix } from '../matrix.js';
import { visitFigures } from './visit-sets.js';

const RULE = { threshold: 0.5, inclusive: true };

export interface SafedrugInput extends LabelMatrix {
  /** [V]: an index for each visit's patient, any numbering. */
  patients: ArrayLike<number>;
  /** Interacting pairs of labels, in either order; without them there is no DDI rate. */
  interactions?: Iterable<readonly [number, number]>;
}

/** Mean over a patient's visits, then over patients, so that every patient counts the same. */
function meanOverPatients(values: Float64Array, patients: ArrayLike<number>): number {
  const byPatient = new Map<number, number[]>();
  values.forEach((value, v) => {
    const visits = byPatient.get(patients[v]!);
    if (visits) visits.push(value);
    else byPatient.set(patients[v]!, [value]);
  });
  return meanDefined([...byPatient.values()].map(meanDefined));
}

/** Interacting predicted pairs over all predicted pairs, pooled over visits; 0 when no visit has two predictions. */
function ddiRate({ scores, V, L }: LabelMatrix, interactions: Iterable<readonly [number, number]>): number {
  const interacts = new Set<number>();
  for (const [a, b] of interactions) interacts.add(Math.min(a, b) * L + Math.max(a, b));
  let pairs = 0;
  let interacting = 0;
  for (let v = 0; v < V; v++) {
    const predicted: number[] = [];
    for (let l = 0; l < L; l++) if (scores[v * L + l]! >= RULE.threshold) predicted.push(l);
    predicted.forEach((a, i) => {
      for (const b of predicted.slice(i + 1)) interacting += interacts.has(a * L + b) ? 1 : 0;
      pairs += predicted.length - 1 - i;
    });
  }
  return ratio(interacting, pairs);
}

/** Positive at ≥ 0.5; figures of each visit (0 where undefined), averaged over a patient's visits and then over patients; the DDI rate is pooled. */
export function safedrug(input: SafedrugInput) {
  checkMatrix(input);
  if (input.patients.length !== input.V) throw shapeError(`safedrug: patients should hold V = ${input.V} values, got ${input.patients.length}`);
  const figures = visitFigures(input, RULE);
  const mean = (values: Float64Array): number => meanOverPatients(values, input.patients);
  return {
    jaccard: mean(figures.jaccard),
    prauc: mean(figures.prauc),
    precision: mean(figures.precision),
    recall: mean(figures.recall),
    f1: mean(figures.f1),
    mean_medications: sum(figures.predicted) / input.V,
    ...(input.interactions && { ddi_rate: ddiRate(input, input.interactions) }),
  };
}
