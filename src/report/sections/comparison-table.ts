/** The paper's Table III: models × the figures of each task, one table for each share of the training data. */
import { bestRow, columnsOf, failedCells, notesOf, type TableColumn } from '../../compare/columns.js';
import type { Comparison, ResultRow, ResultTable } from '../../compare/results.js';
import { html, type Html } from '../html.js';
import type { Section } from '../page.js';

export const comparisonTables = (comparison: Comparison): Section[] =>
  comparison.tables.map((table) => ({ id: `trained-on-${table.share.replaceAll('.', '-')}`, heading: `Trained on ${table.title}`, body: tableOf(comparison, table) }));

export const notesSection = (comparison: Comparison): Section => ({
  id: 'notes',
  heading: 'How to read the tables',
  body: html`<ul class="prose">${notesOf(comparison).map((note) => html`<li>${note}</li>`)}</ul>`,
});

function tableOf({ tasks }: Comparison, table: ResultTable): Html {
  const columns = tasks.map((task) => columnsOf(task, table));
  const best = new Map(columns.flat().map((column) => [column, bestRow(table, column)]));
  const groups = [...new Set(table.rows.map(({ group }) => group))];
  return html`
<div class="scroll" role="region" aria-label="Trained on ${table.title}" tabindex="0">
<table class="comparison">
<thead>
<tr><td></td>${tasks.map(({ title, dialect }, i) => html`<th scope="colgroup" colspan="${columns[i]!.length}">${title} <code>${dialect}</code></th>`)}</tr>
<tr><th scope="col">Model</th>${columns.flat().map(({ heading }) => html`<th scope="col" class="number">${heading}</th>`)}</tr>
</thead>
${groups.map((group) => html`<tbody class="${group === 'ceiling' ? 'ceiling' : 'models'}">${table.rows.filter((row) => row.group === group).map((row) => rowOf(row, columns.flat(), best))}</tbody>`)}
</table>
</div>`;
}

const rowOf = (row: ResultRow, columns: readonly TableColumn[], best: ReadonlyMap<TableColumn, ResultRow | undefined>): Html => html`
<tr><th scope="row">${row.name}${failedMark(row)}</th>${columns.map((column) => html`<td class="number">${best.get(column) === row ? html`<strong>${column.text(row)}</strong>` : column.text(row)}</td>`)}</tr>`;

function failedMark(row: ResultRow): Html | false {
  const failed = failedCells(row);
  return failed > 0 && html` <em>(${failed} cell${failed === 1 ? '' : 's'} failed)</em>`;
}
