/** What the tables show of each task: the figures of the paper's Table III, each with its dialect, and the one that decides. */
import type { TaskName } from '../metrics/task-scores.js';

export type { TaskName } from '../metrics/task-scores.js';

/** In the order of the paper's table. */
export const taskNames = ['medication', 'readmission', 'icd-coding'] as const satisfies readonly TaskName[];

export interface FigureColumn {
  heading: string;
  /** `dialect.figure`, as in evaluation.json. */
  figure: string;
}

export interface TaskTable {
  title: string;
  /** Whose definitions the first three columns follow; further columns carry their dialect in the heading. */
  dialect: string;
  columns: readonly FigureColumn[];
  /** The figure by which models are ranked, compared and held against the ceiling. */
  primary: string;
  /** Of labels that few training visits carry: `bin.figure`. */
  rare?: FigureColumn;
}

export const taskTables: Record<TaskName, TaskTable> = {
  medication: {
    title: 'Medication recommendation',
    dialect: 'gbert',
    columns: [{ heading: 'F1', figure: 'gbert.f1' }, { heading: 'Accuracy', figure: 'gbert.accuracy' }, { heading: 'AUC', figure: 'gbert.auc' }],
    primary: 'gbert.f1',
  },
  readmission: {
    title: '30-day readmission',
    dialect: 'gbert-readmission',
    columns: [{ heading: 'F1', figure: 'gbert-readmission.macro_f1' }, { heading: 'Accuracy', figure: 'gbert-readmission.accuracy' }, { heading: 'AUC', figure: 'gbert-readmission.auc' }],
    primary: 'gbert-readmission.auc',
  },
  'icd-coding': {
    title: 'ICD coding',
    dialect: 'caml',
    columns: [{ heading: 'F1', figure: 'caml.micro_f1' }, { heading: 'Accuracy', figure: 'caml.micro_accuracy' }, { heading: 'AUC', figure: 'caml.micro_auc' }, { heading: 'MAP (edin)', figure: 'edin.map' }],
    primary: 'edin.map',
    rare: { heading: 'Rare codes (macro-AUC)', figure: 'rare.macro_auc' },
  },
};

/** `gbert-readmission.auc` → `AUC (gbert-readmission)`. */
export function figureTitle(figure: string): string {
  const [dialect, name] = splitFigure(figure);
  return `${name.replaceAll('_', ' ').replace('micro ', 'micro-').replace('macro ', 'macro-').replace(/\b(f1|auc|map|auprc)\b/g, (word) => word.toUpperCase())} (${dialect})`;
}

/** `caml.micro_f1` → `[caml, micro_f1]`. */
export function splitFigure(figure: string): [dialect: string, name: string] {
  const at = figure.indexOf('.');
  return [figure.slice(0, at), figure.slice(at + 1)];
}
