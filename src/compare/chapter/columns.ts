/** The tables of the experiment on a chapter, as headings and cells, for Markdown and for the page alike. */
import { percentSpread, pValue, signed } from '../format.js';
import type { DecisionFigure } from './decision-figures.js';
import { readAsTnr, type PublishedRow } from './published.js';
import { scoreFigures, type ChapterDifference, type ChapterResults, type ChapterRow, type RuleName } from './results.js';

export interface ChapterColumn<Row> {
  heading: string;
  text: (row: Row) => string;
}

export interface ChapterTable<Row> {
  /** Anchor in the page. */
  id: string;
  title: string;
  caption: string;
  columns: readonly ChapterColumn<Row>[];
  rows: readonly Row[];
}

/** A table whatever its rows are: cells as text, the first column heading the rows. */
export interface TextTable {
  id: string;
  title: string;
  caption: string;
  head: string[];
  cells: string[][];
}

const decisionHeadings: Record<DecisionFigure, string> = {
  micro_tpr: 'TPR micro', micro_fnr: 'FNR micro', micro_tnr: 'TNR micro',
  macro_tpr: 'TPR macro', macro_fnr: 'FNR macro', macro_tnr: 'TNR macro',
  support_tpr: 'TPR support', support_fnr: 'FNR support', support_tnr: 'TNR support',
  auc_of_decisions: 'AUC of decisions',
};

/** By support, TPR and FNR are the micro ones. */
const shownFigures: readonly DecisionFigure[] = ['micro_tpr', 'micro_fnr', 'micro_tnr', 'macro_tpr', 'macro_fnr', 'macro_tnr', 'support_tnr', 'auc_of_decisions'];

const model: ChapterColumn<ChapterRow> = { heading: 'Model', text: ({ name, failed }) => (failed ? `${name} (${failed} failed)` : name) };

const scoreTable = (rows: readonly ChapterRow[]): ChapterTable<ChapterRow> => ({
  id: 'scores',
  title: 'Scores, whatever the threshold',
  caption: 'In per cent; the dialect whose definition it is in brackets (docs/metrics.md). F1 at the threshold that dev gave.',
  columns: [model, ...Object.entries(scoreFigures).map(([figure, heading]) => ({ heading: `${heading} (${figure.split('.')[0]})`, text: (row: ChapterRow) => percentSpread(row.scores[figure]) }))],
  rows,
});

const ruleTitles: Record<RuleName, string> = { tuned: 'Decisions at the threshold from dev', half: 'Decisions at the threshold 0.5' };
const ruleCaptions: Record<RuleName, string> = { tuned: 'In per cent. Threshold: where micro-F1 is highest on dev; a label is predicted when its probability is above.', half: 'In per cent.' };

const ruleTable = (rule: RuleName, rows: readonly ChapterRow[]): ChapterTable<ChapterRow> => ({
  id: `at-${rule}`,
  title: ruleTitles[rule],
  caption: ruleCaptions[rule],
  columns: [
    model,
    { heading: 'Threshold', text: ({ rules }) => percentSpread(rules?.[rule].threshold) },
    ...shownFigures.map((figure) => ({ heading: decisionHeadings[figure], text: ({ rules }: ChapterRow) => percentSpread(rules?.[rule].figures[figure]) })),
  ],
  rows,
});

const figureNames: Record<string, string> = { 'caml.micro_auc': 'AUC micro', 'edin.map': 'MAP' };

const differenceTable = (rows: readonly ChapterDifference[]): ChapterTable<ChapterDifference> => ({
  id: 'differences',
  title: 'Differences from the baseline',
  caption: 'In percentage points, means over seeds; paired bootstrap over the visits of the split.',
  columns: [
    { heading: 'Difference', text: (row) => `${row.model} − ${row.against}` },
    { heading: 'Figure', text: ({ figure }) => figureNames[figure] ?? figure },
    { heading: 'Estimate', text: ({ difference }) => signed(difference.estimate) },
    { heading: '95 % interval', text: ({ difference }) => `${signed(difference.low)} to ${signed(difference.high)}` },
    { heading: 'p', text: ({ difference }) => pValue(difference.pValue) },
  ],
  rows,
});

const points = (share: number): string => (100 * share).toFixed(2);

const publishedTable = (rows: readonly PublishedRow[]): ChapterTable<PublishedRow> => ({
  id: 'published',
  title: 'What the paper reports',
  caption: 'In per cent, under its own headings: 157 labels of chapter K, multilingual BERT, hospital records that are not public. The last two columns are ours.',
  columns: [
    { heading: 'Language, model', text: (row) => `${row.language}, ${row.model}` },
    { heading: 'AUC micro', text: (row) => points(row.auc_micro) },
    { heading: 'TPR', text: (row) => points(row.tpr) },
    { heading: '“FNR”', text: (row) => points(row.fnr) },
    { heading: 'TPR + “FNR”', text: (row) => points(row.tpr + row.fnr) },
    { heading: 'AUC of decisions, were it TNR', text: (row) => points(readAsTnr(row)) },
  ],
  rows,
});

function asText<Row>({ id, title, caption, columns, rows }: ChapterTable<Row>): TextTable {
  return { id, title, caption, head: columns.map(({ heading }) => heading), cells: rows.map((row) => columns.map(({ text }) => text(row))) };
}

/** In the order of the page. */
export const chapterTables = ({ rows, differences, published }: ChapterResults): TextTable[] => [
  asText(scoreTable(rows)),
  asText(ruleTable('tuned', rows)),
  asText(ruleTable('half', rows)),
  ...(differences.length ? [asText(differenceTable(differences))] : []),
  asText(publishedTable(published)),
];

/** What a reader must know, one sentence or two each. */
export function notesOfChapter({ counts, split, visits, nodes, seeds }: ChapterResults): string[] {
  const { visits: total, visits_with_label: withLabel, labels, labels_present: present } = counts;
  return [
    `${total} visits of the ${split} split, ${withLabel} of them with a label; ${labels} labels within ${nodes.join(', ')}, ${present} of which some visit of the split carries.`,
    visits === 'all' ? 'Visits with none of the labels are there, as negatives, in training too (--visits with-label leaves them out).' : 'Visits with none of the labels are left out, in training too: the split knows already that a code of the chapter is there.',
    'micro: the cells (visit, label) of all labels counted together. macro: each label\'s confusion matrix with its rows divided by their sums, averaged over the labels that some visit of the split carries. support: the same, weighted by the visits that carry the label; its TPR is the micro TPR. FNR = 1 − TPR.',
    'AUC micro is the area under the ROC curve of the scores of all cells; AUC of decisions that of the 0/1 predictions, (TPR + TNR) / 2, micro. They are not comparable.',
    seeds.length > 1 ? `Mean (standard deviation) over ${seeds.length} seeds; the intervals are over visits, not over seeds.` : 'One seed.',
  ];
}
