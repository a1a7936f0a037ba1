/** Dialect `gbert`: medication recommendation and readmission as G-BERT and MedM-PLM score them. */
import { shapeError } from '../../core/errors.js';
import { countDecisions, f1Each } from '../decisions.js';
import { checkMatrix, type LabelMatrix, type Scores } from '../matrix.js';
import { meanDefined } from '../mean.js';
import { areaUnderRoc } from '../roc-auc.js';
import { separateAll, separateVisit } from '../separation.js';
import { visitFigures } from './visit-sets.js';

const SET_THRESHOLD = 0.3;
const ACCURACY_THRESHOLD = 0.5;

export interface GbertMedicationInput extends LabelMatrix {
  /** [V]: number of the visit within its patient, from 0; first visits are not scored, they have no history. */
  sequence: ArrayLike<number>;
}

/** The matrix of the visits at the given indices. */
function takeVisits({ scores, labels, L }: LabelMatrix, visits: readonly number[]): LabelMatrix {
  const V = visits.length;
  const taken = { scores: new Float64Array(V * L), labels: new Uint8Array(V * L), V, L };
  visits.forEach((v, i) => {
    taken.scores.set(scores.subarray(v * L, (v + 1) * L), i * L);
    taken.labels.set(labels.subarray(v * L, (v + 1) * L), i * L);
  });
  return taken;
}

/** Share of cells decided rightly at > 0.5. */
function cellAccuracy({ scores, labels }: LabelMatrix): number {
  let right = 0;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > ACCURACY_THRESHOLD === (labels[i] === 1)) right++;
  return right / scores.length;
}

/** Sets at > 0.3, averaged directly over visits from the second on; accuracy over cells at > 0.5; AUC is the mean of the visits' own. */
export function gbertMedication(input: GbertMedicationInput) {
  checkMatrix(input);
  if (input.sequence.length !== input.V) throw shapeError(`gbert: sequence should hold V = ${input.V} values, got ${input.sequence.length}`);
  const later = Array.from({ length: input.V }, (_, v) => v).filter((v) => input.sequence[v]! > 0);
  if (!later.length) throw shapeError('gbert: no visit has an earlier one; the dialect scores visits from the second on');
  const matrix = takeVisits(input, later);
  const figures = visitFigures(matrix, { threshold: SET_THRESHOLD });
  return {
    jaccard: meanDefined(figures.jaccard),
    prauc: meanDefined(figures.prauc),
    precision: meanDefined(figures.precision),
    recall: meanDefined(figures.recall),
    f1: meanDefined(figures.f1),
    accuracy: cellAccuracy(matrix),
    auc: meanDefined(later.map((_, v) => areaUnderRoc(separateVisit(matrix, v)))),
  };
}

/** F1 of the two classes averaged, at > 0.3; accuracy at > 0.5; AUC over all visits. @param input scores and labels, each [V] */
export function gbertReadmission({ scores, labels }: { scores: Scores; labels: Uint8Array }) {
  const V = labels.length;
  const matrix: LabelMatrix = { scores, labels, V, L: 1 };
  checkMatrix(matrix);
  const classes = { scores: new Float64Array(2 * V), labels: new Uint8Array(2 * V), V, L: 2 };
  for (let v = 0; v < V; v++) {
    const positive = scores[v]! > SET_THRESHOLD ? 1 : 0;
    classes.scores.set([1 - positive, positive], 2 * v);
    classes.labels.set([1 - labels[v]!, labels[v]!], 2 * v);
  }
  return {
    macro_f1: meanDefined(f1Each(countDecisions(classes, { threshold: ACCURACY_THRESHOLD }).byLabel)),
    accuracy: cellAccuracy(matrix),
    auc: areaUnderRoc(separateAll(matrix)),
  };
}
