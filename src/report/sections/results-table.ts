/** All figures of all coders; models, references and ceilings in groups, the best model bold. */
import { ABSENT, count, figure, isFiniteNumber, percent } from '../format.js';
import { html } from '../html.js';
import type { Section } from '../page.js';
import type { CodingResult, ResultRow, Results } from '../report-data.js';
import { renderTable, type Column } from '../table.js';

const headings: Record<keyof CodingResult, string> = {
  map: 'MAP',
  micro_f1: 'micro-F1',
  macro_f1: 'macro-F1',
  micro_auc: 'micro-AUC',
  precision_at_5: 'P@5',
  precision_at_8: 'P@8',
  precision_at_15: 'P@15',
};

export function resultsTable({ dialect, split, visits, labels, rows }: Results): Section {
  const best = bestModel(rows);
  const groups = (['model', 'reference', 'ceiling'] as const).map((kind) => ({ name: kind, rows: rows.filter((row) => row.kind === kind) }));
  const caption = html`ICD coding on the ${split} split: ${count(visits)} visits, ${count(labels)} codes. Metric dialect <code>${dialect}</code>. Bold: the best model by MAP.`;
  const body = renderTable({ id: 'results-table', caption, columns: columnsFor(rows), groups, emphasised: (row) => row === best });
  return { id: 'figures', heading: 'All figures', body };
}

const bestModel = (rows: readonly ResultRow[]): ResultRow | undefined =>
  rows.filter(({ kind, figures }) => kind === 'model' && isFiniteNumber(figures.map)).sort((a, b) => b.figures.map - a.figures.map)[0];

/** A figure that no row has, e.g. P@15 where there are few codes, gets no column. */
function columnsFor(rows: readonly ResultRow[]): Column<ResultRow>[] {
  const names = (Object.keys(headings) as (keyof CodingResult)[]).filter((name) => rows.some(({ figures }) => figures[name] !== undefined));
  const shares = rows.some(({ share_of_ceiling }) => share_of_ceiling !== undefined);
  return [
    { heading: 'Coder', cell: ({ name }) => name },
    { heading: 'Inputs', cell: ({ inputs }) => inputs },
    { heading: 'Pre-trained', cell: ({ pretrained }) => (pretrained === null ? ABSENT : pretrained ? 'yes' : 'no') },
    figureColumn('map'),
    ...(shares ? [{ heading: 'Of ceiling', numeric: true, cell: ({ share_of_ceiling }: ResultRow) => percent(share_of_ceiling) }] : []),
    ...names.filter((name) => name !== 'map').map(figureColumn),
  ];
}

const figureColumn = (name: keyof CodingResult): Column<ResultRow> => ({ heading: headings[name], numeric: true, cell: ({ figures }) => figure(figures[name]) });
