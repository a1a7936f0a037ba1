/** Figures of every label, in a table that can be sorted and searched; without its script it is a plain table of all labels. */
import type { LabelFigures } from '../../metrics/label-figures.js';
import { count, figure } from '../format.js';
import { html, type Html } from '../html.js';
import type { Section } from '../page.js';
import type { ReportedLabel, ReportedRun, RunReport } from './data.js';

interface LabelRow extends ReportedLabel, LabelFigures {}

interface LabelColumn {
  heading: string;
  /** What the heading stands for. */
  title?: string;
  cell: (row: LabelRow) => string;
}

const COLUMNS: readonly LabelColumn[] = [
  { heading: 'Train', title: 'training visits that carry the label', cell: (row) => count(row.count) },
  { heading: 'Support', title: 'visits of the split that carry it', cell: ({ support }) => count(support) },
  { heading: 'Predicted', title: 'visits of the split that it is predicted for', cell: ({ predicted }) => count(predicted) },
  { heading: 'Precision', cell: (row) => figure(row.predicted ? row.precision : undefined) },
  { heading: 'Recall', cell: (row) => figure(row.support ? row.recall : undefined) },
  { heading: 'F1', cell: (row) => figure(row.support ? row.f1 : undefined) },
  { heading: 'AUC', title: 'area under the ROC curve', cell: ({ auc }) => figure(auc) },
  { heading: 'AP', title: 'average precision', cell: ({ averagePrecision }) => figure(averagePrecision) },
];

/** Absent for a task of one label, whose figures are those of the task. */
export function labelsSection({ runs, split }: RunReport): Section | undefined {
  const measured = runs.filter(({ assessment, labels }) => assessment && labels.length > 1);
  if (!measured.length) return undefined;
  const tables = measured.map((run, n) => (measured.length === 1 ? tableOf(run, { n, split }) : html`<details${n === 0 && html` open`}><summary>${run.name}</summary>${tableOf(run, { n, split })}</details>`));
  return { id: 'labels', heading: 'Every label by itself', body: html`${tables}` };
}

function tableOf({ labels, assessment, threshold }: ReportedRun, { n, split }: { n: number; split: string }): Html {
  const rows = labels.map((label, l): LabelRow => ({ ...label, ...assessment!.byLabel[l]! })).sort((a, b) => b.count - a.count);
  const id = `labels-${n + 1}`;
  const rule = threshold === undefined ? 'the threshold of each label' : `the threshold ${figure(threshold)}, tuned on dev`;
  const unseen = rows.filter(({ support }) => !support).length;
  return html`
<div class="labels" data-sortable>
<p class="tools" hidden><label for="${id}-search">Search codes and titles</label> <input id="${id}-search" type="search" autocomplete="off" spellcheck="false"> <span class="shown" role="status"></span> <button type="button" class="all">Show all</button></p>
<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">
<table>
<caption id="${id}-caption">${count(rows.length)} labels on the ${split} split, decided by ${rule}. –: nothing to divide by${unseen > 0 && `; ${count(unseen)} labels are on no visit of the split`}. A heading sorts.</caption>
<thead><tr>
<th scope="col" class="text">Code</th><th scope="col" class="text">Title</th>${COLUMNS.map(({ heading, title }) => html`<th scope="col" class="number"${title !== undefined && html` title="${title}"`}${heading === 'Train' && html` aria-sort="descending"`}>${heading}</th>`)}
</tr></thead>
<tbody>${rows.map(rowOf)}</tbody>
</table>
</div>
</div>`;
}

const rowOf = (row: LabelRow): Html =>
  html`<tr><th scope="row" class="text" title="${row.system}">${row.code}</th><td class="text">${row.title ?? ''}</td>${COLUMNS.map(({ cell }) => html`<td class="number">${cell(row)}</td>`)}</tr>
`;
