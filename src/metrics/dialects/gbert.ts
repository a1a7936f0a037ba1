/** Dialects `gbert` and `gbert-readmission`: medication recommendation and readmission as G-BERT and MedM-PLM score them. */
import { meanStatistic, type Statistic } from '../bootstrap.js';
import { countDecisions } from '../decisions.js';
import type { LabelMatrix } from '../matrix.js';
import { meanDefined, ratio } from '../mean.js';
import { macroAreaStatistic } from '../resampled-areas.js';
import { areaUnderRoc } from '../roc-auc.js';
import { separateVisit } from '../separation.js';
import { visitFigures, type VisitSetInput } from './visit-sets.js';

const SET_THRESHOLD = 0.3;
const ACCURACY_THRESHOLD = 0.5;

/** Share of each visit's cells that are decided rightly at > 0.5, [V]. */
function accuracyByVisit({ scores, labels, V, L }: LabelMatrix): Float64Array {
  const right = labels.map((label, i) => (scores[i]! > ACCURACY_THRESHOLD === (label === 1) ? 1 : 0));
  return Float64Array.from({ length: V }, (_, v) => meanDefined(right.subarray(v * L, (v + 1) * L)));
}

/**
 * Means over visits, all of which count the same, whosever they are; the task gives visits from the second on only. Sets at > 0.3; accuracy over cells
 * at > 0.5; AUC is the mean of the visits' own (a visit without gold labels, or with all of them, has none).
 */
export function gbert(input: VisitSetInput): Record<string, Statistic> {
  const areas = Float64Array.from({ length: input.V }, (_, v) => areaUnderRoc(separateVisit(input, v)));
  const byVisit = { ...visitFigures(input, { threshold: SET_THRESHOLD }), accuracy: accuracyByVisit(input), auc: areas };
  return Object.fromEntries(Object.entries(byVisit).map(([name, values]) => [name, meanStatistic(values)]));
}

/** F1 of the two classes averaged, at > 0.3; accuracy at > 0.5; areas over all visits. @param matrix L = 1 */
export const gbertReadmission = (matrix: LabelMatrix): Record<string, Statistic> => ({
  macro_f1: macroF1Statistic(matrix),
  accuracy: meanStatistic(accuracyByVisit(matrix)),
  auc: macroAreaStatistic(matrix, 'roc', [0]),
  auprc: macroAreaStatistic(matrix, 'precision-recall', [0]),
});

/** Of readmitted and not readmitted; a class that is neither gold nor predicted is left out, as in scikit-learn. */
function macroF1Statistic({ scores, labels, V }: LabelMatrix): Statistic {
  const negated = { scores: Float64Array.from(scores, (score) => (score > SET_THRESHOLD ? 0 : 1)), labels: labels.map((label) => 1 - label) };
  const classes = [{ scores, labels }, negated].map((one) => countDecisions({ ...one, V, L: 1 }, { threshold: SET_THRESHOLD }).byVisit);
  return (visits) =>
    meanDefined(classes.map(({ hits, predicted, gold }) => {
      let agreed = 0;
      let marked = 0;
      for (const visit of visits) {
        agreed += hits[visit]!;
        marked += predicted[visit]! + gold[visit]!;
      }
      return marked ? ratio(2 * agreed, marked) : NaN;
    }));
}
