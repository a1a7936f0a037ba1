/** Calibration: the reliability diagram with its intervals, the errors, and how scores are spread. */
import * as Plot from '@observablehq/plot';
import type { AssessedCalibration } from '../../metrics/assess.js';
import { figureOf } from '../figure.js';
import { count, figure, percent } from '../format.js';
import { html, type Html } from '../html.js';
import type { Section } from '../page.js';
import { renderPlot } from '../svg.js';
import { renderTable } from '../table.js';
import type { RunReport } from './data.js';
import { keyOf } from './key.js';
import { lineOf, type RunLine } from './run-style.js';
import { rangeText } from './words.js';

interface Calibrated extends AssessedCalibration, RunLine {
  name: string;
}

const PANEL = { width: 460, height: 400 };

export function calibrationSection({ runs }: RunReport): Section | undefined {
  const calibrated = runs.flatMap(({ name, assessment }, place) => (assessment ? [{ name, ...assessment.calibration, ...lineOf(place) }] : []));
  const [first] = calibrated;
  if (!first) return undefined;
  const content = [html`<div class="panels two"><div><h3>Reliability</h3>${reliability(calibrated)}</div><div><h3>Scores${calibrated.length > 1 && ` of ${first.name}`}</h3>${spread(first)}</div></div>`, keyOf(calibrated)];
  return { id: 'calibration', heading: 'Calibration', body: html`${figureOf(content, captionOf(first, calibrated.length))}${table(calibrated)}` };
}

function captionOf({ cells, from, bins }: Calibrated, runs: number): string {
  const binned = bins.reduce((sum, bin) => sum + bin.cells, 0);
  const which = from > 0 ? `the ${count(binned)} of ${count(cells)} pairs of visit and label (${percent(binned / cells)}) with a score of at least ${from}; below lie the labels that the model as good as rules out` : `all ${count(cells)} visits`;
  return `Left: mean score against the share that is really so, in ${bins.length === 1 ? 'one bin' : `${bins.length} bins of equal counts`}, with 95 % intervals over patients; on the diagonal, scores are probabilities. ${runs > 1 ? 'Of the first run: ' : 'Of '}${which}. Right: how many pairs have which score; filled: those that are gold.`;
}

const DIAGONAL = [{ x: 0, y: 0 }, { x: 1, y: 1 }];

function reliability(runs: readonly Calibrated[]): Html {
  const description = runs.map(({ name, bins }) => `${name}: ${bins.map(({ meanScore, share }) => `${figure(share)} at ${figure(meanScore)}`).join(', ')}`).join('; ');
  return renderPlot({ id: 'reliability', title: 'Reliability diagram', description: `${description}.` }, {
    ...PANEL, marginLeft: 44, marginBottom: 40,
    style: { fontSize: '12px' },
    x: { domain: [0, 1], label: 'mean score', labelArrow: 'none', labelAnchor: 'center', ticks: 5, tickSize: 0 },
    y: { domain: [0, 1], label: 'share that is gold', labelArrow: 'none', ticks: 5, tickSize: 0 },
    marks: [
      Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 5 }),
      Plot.line(DIAGONAL, { x: 'x', y: 'y', stroke: 'var(--reference)', strokeDasharray: '2 3' }),
      ...runs.flatMap(({ bins, colour, dash }) => [
        Plot.ruleX(bins, { x: 'meanScore', y1: 'low', y2: 'high', stroke: colour, strokeWidth: 1.5, strokeOpacity: 0.55 }),
        Plot.line(bins, { x: 'meanScore', y: 'share', stroke: colour, strokeWidth: 2, strokeDasharray: dash }),
        Plot.dot(bins, { x: 'meanScore', y: 'share', r: 3.5, fill: colour }),
      ]),
    ],
  });
}

/** Logarithmic: of many labels nearly all scores are near 0. */
function spread({ histogram, colour }: Calibrated): Html {
  const bars = histogram.filter(({ cells }) => cells > 0);
  const top = Math.max(10, ...bars.map(({ cells }) => cells));
  const description = bars.map(({ from, to, cells, positives }) => `${from.toFixed(2)} to ${to.toFixed(2)}: ${count(cells)}, of which ${count(positives)} gold`).join('; ');
  const powers = Array.from({ length: Math.floor(Math.log10(top)) + 1 }, (_, power) => 10 ** power);
  const bar = { x1: 'from', x2: 'to', y1: 0.7, inset: 0.5 } as const;
  return renderPlot({ id: 'scores', title: 'Histogram of scores', description: `${description}.` }, {
    ...PANEL, marginLeft: 64, marginBottom: 40,
    style: { fontSize: '12px' },
    x: { domain: [0, 1], label: 'score', labelArrow: 'none', labelAnchor: 'center', ticks: 5, tickSize: 0 },
    y: { type: 'log', domain: [0.7, 1.6 * top], label: 'pairs (logarithmic)', labelArrow: 'none', ticks: powers, tickFormat: count, tickSize: 0 },
    marks: [
      Plot.gridY(powers, { stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.rect(bars, { ...bar, y2: 'cells', fill: colour, fillOpacity: 0.28 }),
      Plot.rect(bars.filter(({ positives }) => positives > 0), { ...bar, y2: 'positives', fill: colour }),
    ],
  });
}

const table = (runs: readonly Calibrated[]): Html => renderTable({
  id: 'calibration-table',
  caption: 'Brier score: mean squared distance of score and truth over all pairs. Expected calibration error (ECE): mean distance of score and share in the bins. Lower is better for both; 95 % intervals.',
  columns: [
    { heading: 'Run', cell: ({ name }) => name },
    { heading: 'Pairs', numeric: true, cell: ({ cells }) => count(cells) },
    { heading: 'Gold', numeric: true, cell: ({ cells, positives }) => percent(positives / cells) },
    { heading: 'Brier score', numeric: true, cell: ({ brier }) => html`${brier.estimate.toFixed(4)} <span class="range">[${brier.low.toFixed(4)}, ${brier.high.toFixed(4)}]</span>` },
    { heading: 'ECE', numeric: true, cell: ({ ece }) => html`${figure(ece.estimate)} <span class="range">[${rangeText(ece).replace(' to ', ', ')}]</span>` },
  ],
  groups: [{ rows: runs }],
});
