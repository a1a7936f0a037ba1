/** The data behind the page: cohort flow, sizes of the splits, how long and how frequent, what of the source has a code. */
import * as Plot from '@observablehq/plot';
import type { Distribution, SplitName } from '../../dataset/index.js';
import { figureOf } from '../figure.js';
import { capital, count, percent } from '../format.js';
import { html, type Html, type HtmlValue } from '../html.js';
import type { Section } from '../page.js';
import { renderPlot } from '../svg.js';
import { renderTable } from '../table.js';
import type { FlowStep, ReportedData, RunReport, StoreCoverage } from './data.js';

const kinds = ['dx', 'rx', 'px'] as const;
type Kind = (typeof kinds)[number];

export const kindTitles: Record<Kind, string> = { dx: 'diagnoses', rx: 'medications', px: 'procedures' };

const splits: readonly SplitName[] = ['train', 'dev', 'test'];

export function dataSections({ data, runs, split }: RunReport): Section[] {
  if (!data) return [];
  const taskFlow = runs[0]!.flow;
  return [
    { id: 'cohort', heading: 'Cohort', body: html`<div class="panels tables">${[
      data.store && flowTable('store-flow', 'In the store, after each step of the source', data.store.flow),
      flowTable('data-flow', html`In the data, after each step of <code>prepare</code>`, data.flow.steps),
      taskFlow && flowTable('task-flow', `Of the task, in the ${split} split`, taskFlow),
    ]}</div>${splitTable(data)}` },
    { id: 'distributions', heading: 'Notes and codes', body: distributions(data) },
    { id: 'coverage', heading: 'Coverage', body: coverage(data, runs) },
  ];
}

const flowTable = (id: string, caption: HtmlValue, steps: readonly FlowStep[]): Html | false =>
  steps.length > 0 && renderTable({
    id, caption,
    columns: [
      { heading: 'Step', cell: ({ step }) => step },
      { heading: 'Visits', numeric: true, cell: ({ visits }) => count(visits) },
      { heading: 'Patients', numeric: true, cell: ({ patients }) => count(patients) },
    ],
    groups: [{ rows: steps }],
  });

const splitTable = ({ flow, splitId }: ReportedData): Html => renderTable({
  id: 'splits',
  caption: html`Splits${splitId !== undefined && html`, id <code>${splitId}</code>`}. ${flow.overlap.patients > 0 ? `${count(flow.overlap.patients)} patients are in several splits (policy: ${flow.overlap.policy}).` : 'No patient is in two of them.'}`,
  columns: [
    { heading: 'Split', cell: (split) => split },
    { heading: 'Visits', numeric: true, cell: (split) => count(flow.splits[split].visits) },
    { heading: 'Patients', numeric: true, cell: (split) => count(flow.splits[split].patients) },
    { heading: 'Labelled', numeric: true, cell: (split) => count(flow.splits[split].labelled) },
    { heading: 'With a note', numeric: true, cell: (split) => count(flow.splits[split].with_text) },
    ...kinds.map((kind) => ({ heading: `${capital(kindTitles[kind])} (distinct)`, numeric: true, cell: (split: SplitName) => `${count(flow.splits[split].codes[kind].codes)} (${count(flow.splits[split].codes[kind].distinct)})` })),
  ],
  groups: [{ rows: splits }],
});


const PANEL = { width: 310, height: 200 };

function distributions({ description: { tokens, codes, frequencies, visitsPerPatient } }: ReportedData): Html {
  const histograms = [
    histogram('tokens', 'Word pieces a note', tokens),
    ...kinds.map((kind) => histogram(`codes-${kind}`, `${capital(kindTitles[kind])} a visit`, codes[kind])),
    histogram('visits-per-patient', 'Visits a patient', visitsPerPatient),
  ];
  const tails = kinds.map((kind) => longTail(kind, frequencies[kind]));
  return html`${figureOf(html`<div class="panels">${histograms}</div>`, 'All splits together; of visits that have any. Line: the median.')}
<h3 class="group">How often each code occurs</h3>
${figureOf(html`<div class="panels">${tails}</div>`, 'Codes of the vocabulary by rank, and the training visits that carry each; both axes logarithmic. Most codes are rare: a figure averaged over labels is a figure of the tail.')}`;
}

function histogram(id: string, title: string, { visits, without, mean, median, p95, max, histogram: bins }: Distribution): Html | false {
  if (!visits) return false;
  // Whole numbers stand under the middle of their bar; empty bins below the shortest are left out.
  const width = bins[0]!.to - bins[0]!.from;
  const shift = width === 1 ? 0.5 : 0;
  const shown = bins.slice(bins.findIndex((bin) => bin.visits > 0)).map((bin) => ({ ...bin, from: bin.from - shift, to: bin.to - shift }));
  const described = `mean ${mean.toFixed(1)}, median ${count(median)}, 95th percentile ${count(p95)}, most ${count(max)}`;
  const chart = renderPlot({ id: `histogram-${id}`, title, description: `${described}.` }, {
    ...PANEL, marginLeft: 48, marginBottom: 24, marginTop: 10,
    style: { fontSize: '12px' },
    x: { label: null, ticks: 4, tickSize: 0 },
    y: { label: null, ticks: 3, tickSize: 0, tickFormat: (value: number) => count(value) },
    marks: [
      Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 3 }),
      Plot.rect(shown, { x1: 'from', x2: 'to', y1: 0, y2: 'visits', fill: 'var(--hue-1)', fillOpacity: 0.75, insetLeft: 0.5, insetRight: 0.5 }),
      Plot.ruleX([median], { stroke: 'var(--ink)', strokeWidth: 1.5 }),
    ],
  });
  return html`<div><h3>${title}</h3>${chart}<p class="described">${capital(described)}${without > 0 && `; ${count(without)} without`}.</p></div>`;
}

const RARE = 10;

function longTail(kind: Kind, frequencies: readonly number[]): Html | false {
  const points = frequencies.map((visits, i) => ({ rank: i + 1, visits })).filter(({ visits }) => visits > 0);
  if (points.length < 2) return false;
  const rare = points.filter(({ visits }) => visits <= RARE).length;
  const described = `${count(points.length)} ${kindTitles[kind]}, of which ${count(rare)} (${percent(rare / points.length)}) on at most ${RARE} training visits`;
  const powersUpTo = (most: number): number[] => Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, power) => 10 ** power);
  const [ranks, levels] = [powersUpTo(points.length), powersUpTo(points[0]!.visits)];
  const chart = renderPlot({ id: `tail-${kind}`, title: `Frequency of ${kindTitles[kind]}`, description: `${described}.` }, {
    ...PANEL, marginLeft: 48, marginBottom: 38, marginTop: 10,
    style: { fontSize: '12px' },
    x: { type: 'log', domain: [1, points.length], label: 'rank', labelArrow: 'none', labelAnchor: 'center', ticks: ranks, tickFormat: count, tickSize: 0 },
    y: { type: 'log', domain: [0.8, points[0]!.visits * 1.2], label: null, ticks: levels, tickFormat: count, tickSize: 0 },
    marks: [
      Plot.gridY(levels, { stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.areaY(points, { x: 'rank', y1: 0.8, y2: 'visits', fill: 'var(--hue-1)', fillOpacity: 0.14 }),
      Plot.line(points, { x: 'rank', y: 'visits', stroke: 'var(--hue-1)', strokeWidth: 2 }),
    ],
  });
  return html`<div><h3>${capital(kindTitles[kind])}</h3>${chart}<p class="described">${described}.</p></div>`;
}

function coverage({ flow, store }: ReportedData, runs: RunReport['runs']): Html {
  const inVocabulary = renderTable({
    id: 'vocabulary-coverage',
    caption: 'Codes of each split that the vocabulary, fitted on training visits, has; the others are read as unknown, and cannot be predicted.',
    columns: [
      { heading: 'Split', cell: (split) => split },
      ...kinds.map((kind) => ({ heading: capital(kindTitles[kind]), numeric: true, cell: (split: SplitName) => { const { codes, unknown } = flow.splits[split].codes[kind]; return codes ? percent(1 - unknown / codes) : '–'; } })),
    ],
    groups: [{ rows: splits }],
  });
  const labels = runs.filter(({ assessment }) => assessment && assessment.gold.all > 0 && assessment.labels > 1).map(({ name, assessment }) =>
    html`<li>${name}: ${percent(assessment!.gold.inside / assessment!.gold.all)} of the split’s ${count(assessment!.gold.all)} gold codes are among its ${count(assessment!.labels)} labels.</li>`);
  return html`${inVocabulary}${labels.length > 0 && html`<ul class="prose after">${labels}</ul>`}${store?.drugs && drugCoverage(store.drugs)}`;
}

const drugCoverage = ({ named_rows, mapped_rows, skipped_rows, unmapped }: NonNullable<StoreCoverage['drugs']>): Html => html`
<p class="prose after">Of ${count(named_rows)} prescriptions with a name, ${count(mapped_rows)} were mapped to ATC, ${count(skipped_rows)} are diluents and containers, and ${count(unmapped.rows)} (${percent(unmapped.rows / named_rows)}; ${count(unmapped.distinct)} names) have no code.</p>
${unmapped.most_frequent.length > 0 && renderTable({
  id: 'unmapped', caption: 'Most frequent names without a code.',
  columns: [{ heading: 'Name', cell: ({ name }) => name }, { heading: 'Prescriptions', numeric: true, cell: ({ rows }) => count(rows) }],
  groups: [{ rows: unmapped.most_frequent.slice(0, 10) }],
})}`;
