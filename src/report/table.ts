/** Tables: a caption, a heading for each column and each row, figures aligned; scrollable sideways on narrow screens. */
import { html, type Html, type HtmlValue } from './html.js';

export interface Column<Row> {
  heading: string;
  cell: (row: Row) => HtmlValue;
  /** Right-aligned. */
  numeric?: boolean;
}

export interface TableGroup<Row> {
  /** CSS class of the group, e.g. `ceiling`. */
  name?: string;
  rows: readonly Row[];
}

export interface TableOptions<Row> {
  /** Unique in the page. */
  id: string;
  caption: HtmlValue;
  /** The first one heads the rows. */
  columns: readonly Column<Row>[];
  /** Separated by a rule; empty ones are left out. */
  groups: readonly TableGroup<Row>[];
  /** Printed bold. */
  emphasised?: (row: Row) => boolean;
}

const align = (numeric = false): string => (numeric ? 'number' : 'text');

const renderRow = <Row>(row: Row, columns: readonly Column<Row>[], emphasised: boolean): Html => html`
<tr${emphasised && html` class="emphasised"`}>${columns.map(({ cell, numeric }, i) =>
    i === 0 ? html`<th scope="row" class="${align(numeric)}">${cell(row)}</th>` : html`<td class="${align(numeric)}">${cell(row)}</td>`,
  )}</tr>`;

export function renderTable<Row>({ id, caption, columns, groups, emphasised = () => false }: TableOptions<Row>): Html {
  const bodies = groups.filter(({ rows }) => rows.length);
  return html`
<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">
<table>
<caption id="${id}-caption">${caption}</caption>
<thead><tr>${columns.map(({ heading, numeric }) => html`<th scope="col" class="${align(numeric)}">${heading}</th>`)}</tr></thead>
${bodies.map(({ name, rows }) => html`<tbody${name !== undefined && html` class="${name}"`}>${rows.map((row) => renderRow(row, columns, emphasised(row)))}</tbody>`)}
</table>
</div>`;
}
