/** Dialect `safedrug`: medication recommendation as GAMENet and SafeDrug (Yang et al. 2021) score it. */
import { meanStatistic, ratioStatistic, type Statistic } from '../bootstrap.js';
import type { DrugInteractions } from '../interactions.js';
import type { LabelMatrix } from '../matrix.js';
import { visitFigures, type VisitSetInput } from './visit-sets.js';

const RULE = { threshold: 0.5, inclusive: true };

export interface SafedrugInput extends VisitSetInput {
  /** [V]: whose visit it is. */
  patients: readonly string[];
  /** Without it there is no rate of interactions. */
  interactions?: DrugInteractions;
}

/** Positive at ≥ 0.5; figures of each visit (0 where undefined), averaged over a patient's visits and then over patients; the DDI rate is pooled. */
export function safedrug(input: SafedrugInput): Record<string, Statistic> {
  const predicted = predictedLabels(input);
  const sets = Object.entries(visitFigures(input, RULE)).map(([name, values]) => [name, meanOverPatients(values, input.patients)] as const);
  return {
    ...Object.fromEntries(sets),
    mean_medications: meanStatistic(predicted.map(({ length }) => length)),
    ...(input.interactions && { ddi_rate: ddiRate(predicted, input.interactions) }),
  };
}

function predictedLabels({ scores, V, L }: LabelMatrix): number[][] {
  const labels = Array.from({ length: L }, (_, label) => label);
  return Array.from({ length: V }, (_, v) => labels.filter((label) => scores[v * L + label]! >= RULE.threshold));
}

/** Mean over a patient's visits, then over patients, so that every patient counts the same. */
function meanOverPatients(values: Float64Array, patients: readonly string[]): Statistic {
  const numbers = new Map([...new Set(patients)].map((patient, i) => [patient, i]));
  const patientOf = Int32Array.from(patients, (patient) => numbers.get(patient)!);
  return (visits) => {
    const sums = new Float64Array(numbers.size);
    const counts = new Int32Array(numbers.size);
    for (const visit of visits) {
      sums[patientOf[visit]!]! += values[visit]!;
      counts[patientOf[visit]!]!++;
    }
    const present = [...counts.keys()].filter((patient) => counts[patient]);
    return present.reduce((total, patient) => total + sums[patient]! / counts[patient]!, 0) / present.length;
  };
}

/** Interacting predicted pairs over all predicted pairs, pooled over visits; 0 when no visit has two predictions. */
function ddiRate(predicted: readonly (readonly number[])[], { L, interacts }: DrugInteractions): Statistic {
  const interacting = predicted.map((labels) => labels.reduce((sum, a, i) => sum + labels.slice(i + 1).filter((b) => interacts[a * L + b]).length, 0));
  return ratioStatistic(interacting, predicted.map(({ length }) => (length * (length - 1)) / 2));
}
