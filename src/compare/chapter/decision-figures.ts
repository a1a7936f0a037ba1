/** The figures of one scored model at one threshold: rates pooled and averaged over labels, each under a name that says which. */
import { areaOfDecisions, averageRates, confusionByLabel, pooledRates, presentLabels } from '../../metrics/confusion.js';
import type { LabelMatrix } from '../../metrics/matrix.js';

/**
 * `micro`: cells of all labels counted together; `macro`: the arithmetic mean over labels; `support`: their mean weighted by gold visits, whose TPR is the
 * micro TPR. Of each the FNR is 1 − TPR, the false positive rate 1 − TNR.
 */
export const decisionFigureNames = ['micro_tpr', 'micro_fnr', 'micro_tnr', 'macro_tpr', 'macro_fnr', 'macro_tnr', 'support_tpr', 'support_fnr', 'support_tnr', 'auc_of_decisions'] as const;
export type DecisionFigure = (typeof decisionFigureNames)[number];

export interface Decided {
  figures: Record<DecisionFigure, number>;
  /** Labels that some visit carries: what macro and support are means over. */
  presentLabels: number;
}

/** @param threshold a label is predicted when its score is strictly above */
export function decide(matrix: LabelMatrix, threshold: number): Decided {
  const confusion = confusionByLabel(matrix, { threshold });
  const [micro, macro, support] = [pooledRates(confusion), averageRates(confusion, 'arithmetic'), averageRates(confusion, 'support')];
  return {
    figures: {
      micro_tpr: micro.tpr, micro_fnr: micro.fnr, micro_tnr: micro.tnr,
      macro_tpr: macro.tpr, macro_fnr: macro.fnr, macro_tnr: macro.tnr,
      support_tpr: support.tpr, support_fnr: support.fnr, support_tnr: support.tnr,
      auc_of_decisions: areaOfDecisions(micro),
    },
    presentLabels: presentLabels(confusion),
  };
}
