/** The data behind the page: facts, and the cohort after each step. */
import { count } from '../format.js';
import { html } from '../html.js';
import type { Section } from '../page.js';
import type { DemoReport } from '../report-data.js';
import { renderTable } from '../table.js';

export function dataSection({ facts, flow }: DemoReport): Section {
  const list = html`<dl class="facts">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
  const table = renderTable({
    id: 'cohort',
    caption: 'Cohort flow: what is left after each step.',
    columns: [
      { heading: 'Step', cell: ({ step }) => step },
      { heading: 'Visits', numeric: true, cell: ({ visits }) => count(visits) },
      { heading: 'Patients', numeric: true, cell: ({ patients }) => count(patients) },
    ],
    groups: [{ rows: flow }],
  });
  return { id: 'data', heading: 'Data', body: html`${facts.length > 0 && list}${flow.length > 0 && table}` };
}
