/** How figures with intervals, and tasks, are put into words; for the page and for the cards. */
import { figureTitle, splitFigure } from '../../compare/tasks.js';
import type { Interval } from '../../metrics/bootstrap.js';
import type { TaskName } from '../../metrics/task-scores.js';
import { ABSENT, figure, isFiniteNumber } from '../format.js';

export const taskTitles: Record<TaskName, string> = { 'icd-coding': 'ICD coding', readmission: 'Readmission', medication: 'Medication recommendation' };

/** What each task's verdict gives, the first one the figure that decides. */
export const headlines: Record<TaskName, readonly string[]> = {
  'icd-coding': ['edin.map', 'edin.micro_f1', 'edin.macro_f1', 'edin.micro_auc', 'edin.precision_at_8', 'caml.micro_f1'],
  readmission: ['gbert-readmission.auc', 'gbert-readmission.auprc', 'gbert-readmission.macro_f1', 'gbert-readmission.accuracy'],
  medication: ['gbert.f1', 'gbert.jaccard', 'gbert.prauc', 'gbert.auc', 'safedrug.f1', 'safedrug.jaccard'],
};

export const dialectOf = (name: string): string => splitFigure(name)[0];

/** `edin.precision_at_8` → `P@8 (edin)`; areas and the like keep their usual names. */
export const titleOf = (name: string): string =>
  figureTitle(name).replace(' (rare)', ' (labels on at most 10 training visits)').replace(/precision at (\d+)/, 'P@$1').replace(/recall at (\d+)/, 'R@$1').replace('prauc', 'PR-AUC').replace(/^r precision/, 'R-precision').replace(/^f1/, 'F1').replace(/^([a-z])/, (letter) => letter.toUpperCase());

/** `edin.micro_f1` → `micro-F1`, where a heading already says whose. */
export const shortTitle = (name: string): string => titleOf(name).replace(` (${dialectOf(name)})`, '');

/** `0.546 to 0.579`. */
export const rangeText = ({ low, high }: Pick<Interval, 'low' | 'high'>): string => (isFiniteNumber(low) && isFiniteNumber(high) ? `${figure(low)} to ${figure(high)}` : ABSENT);

/** `+0.119`, with a minus sign that lines up. */
export const signedFigure = (value: number): string => (isFiniteNumber(value) ? `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}` : ABSENT);

export const signedRange = ({ low, high }: Interval): string => `${signedFigure(low)} to ${signedFigure(high)}`;

/** The interval lies on one side of 0. */
export const isClear = ({ low, high }: Interval): boolean => low > 0 || high < 0;
