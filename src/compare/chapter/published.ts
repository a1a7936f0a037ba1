/** What the paper on per-ICD attention reports for ICD-10 chapter K, and what its columns can be (FIDELITY §2). */

export interface PublishedRow {
  language: string;
  model: 'baseline' | 'per-ICD';
  /** In [0, 1], under the headings of the paper. */
  auc_micro: number;
  tpr: number;
  fnr: number;
}

/** 157 labels, multilingual BERT; hospital records that are not public. */
export const published: readonly PublishedRow[] = [
  { language: 'Spanish', model: 'baseline', auc_micro: 0.5816, tpr: 0.177, fnr: 0.9921 },
  { language: 'Spanish', model: 'per-ICD', auc_micro: 0.6732, tpr: 0.3492, fnr: 0.9938 },
  { language: 'Swedish', model: 'baseline', auc_micro: 0.5492, tpr: 0.1549, fnr: 0.9224 },
  { language: 'Swedish', model: 'per-ICD', auc_micro: 0.5596, tpr: 0.2791, fnr: 0.8245 },
];

/**
 * What the AUC would be if it were that of decisions (one corner, {@link areaOfDecisions}) and the column headed FNR held the TNR: within 1.1 points of the AUC
 * in all four rows, which no reading of the column as an FNR explains.
 */
export const readAsTnr = ({ tpr, fnr }: PublishedRow): number => (tpr + fnr) / 2;

/** One sentence each, for the page and the table. */
export const readingsOfPublished: readonly string[] = [
  'TPR and FNR of one average add up to 100, whichever average it is (over cells, over labels, by support). The paper\'s add up to 107 to 134, so its third column is not the FNR of the average that its second column is the TPR of.',
  'Read as TNR (specificity: how much of what is not gold is left out), the third column fits: half of TPR + TNR, the area under the ROC curve of thresholded decisions, is within 1.1 points of the AUC printed, in all four rows. The likeliest reading is hence TPR and TNR averaged over labels, and an AUC of decisions pooled over labels, not of scores.',
  'The table alone cannot prove it: which threshold, whether the average over labels is arithmetic or by support, and what labels without a gold visit count, is not told by these numbers.',
];
