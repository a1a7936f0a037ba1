/** Of a task with one label: ROC and precision–recall curves, and what the threshold decides. */
import * as Plot from '@observablehq/plot';
import type { Assessment } from '../../metrics/assess.js';
import type { CurvePoint } from '../../metrics/curves.js';
import { figureOf } from '../figure.js';
import { count, figure, percent } from '../format.js';
import { html, type Html } from '../html.js';
import type { Section } from '../page.js';
import { renderPlot } from '../svg.js';
import { renderTable } from '../table.js';
import type { ReportedRun, RunReport } from './data.js';
import { keyOf } from './key.js';
import { lineOf, type RunLine } from './run-style.js';

interface BinaryRun extends RunLine {
  name: string;
  threshold?: number;
  visits: number;
  binary: NonNullable<Assessment['binary']>;
}

const PANEL = { width: 460, height: 400 };

export function discriminationSection({ runs, split }: RunReport): Section | undefined {
  const binary = runs.flatMap(binaryRun);
  const [first] = binary;
  if (!first) return undefined;
  const { truePositives, falseNegatives } = first.binary.confusion;
  const rate = (truePositives + falseNegatives) / first.visits;
  const panels = html`
<div class="panels two">
<div><h3>ROC</h3>${curvePanel(binary, { id: 'roc', title: 'ROC curve', curve: 'roc', x: 'false positive rate', y: 'true positive rate', chance: [{ x: 0, y: 0 }, { x: 1, y: 1 }] })}</div>
<div><h3>Precision–recall</h3>${curvePanel(binary, { id: 'precision-recall', title: 'Precision–recall curve', curve: 'precisionRecall', x: 'recall', y: 'precision', chance: [{ x: 0, y: rate }, { x: 1, y: rate }] })}</div>
</div>`;
  const caption = `On the ${split} split. Dotted: what chance gives; ${percent(rate)} of the visits are positive. Dot: the threshold that was tuned on dev.`;
  return { id: 'curves', heading: 'Curves and decisions', body: html`${figureOf([panels, keyOf(binary)], caption)}${confusionTable(binary)}` };
}

const binaryRun = ({ name, threshold, assessment }: ReportedRun, place: number): BinaryRun[] =>
  (assessment?.binary ? [{ name, threshold, visits: assessment.visits, binary: assessment.binary, ...lineOf(place) }] : []);

interface CurvePanel {
  id: string;
  title: string;
  curve: 'roc' | 'precisionRecall';
  x: string;
  y: string;
  chance: { x: number; y: number }[];
}

function curvePanel(runs: readonly BinaryRun[], { id, title, curve, x, y, chance }: CurvePanel): Html {
  const description = runs.map(({ name, binary }) => `${name}: ${binary[curve].length} points`).join('; ');
  return renderPlot({ id, title, description: `${description}.` }, {
    ...PANEL, marginLeft: 44, marginBottom: 40,
    style: { fontSize: '12px' },
    x: { domain: [0, 1], label: x, labelArrow: 'none', labelAnchor: 'center', ticks: 5, tickSize: 0 },
    y: { domain: [0, 1], label: y, labelArrow: 'none', ticks: 5, tickSize: 0 },
    marks: [
      Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 5 }),
      Plot.line(chance, { x: 'x', y: 'y', stroke: 'var(--reference)', strokeDasharray: '2 3' }),
      ...runs.flatMap(({ binary, colour, dash, threshold }) => [
        Plot.line(binary[curve], { x: 'x', y: 'y', stroke: colour, strokeWidth: 2, strokeDasharray: dash, curve: curve === 'precisionRecall' ? 'step-before' : 'linear' }),
        Plot.dot(operatingPoint(binary[curve], threshold), { x: 'x', y: 'y', r: 4.5, fill: 'var(--paper)', stroke: colour, strokeWidth: 2 }),
      ]),
    ],
  });
}

/** The last point that the threshold still lets through. */
const operatingPoint = (points: readonly CurvePoint[], threshold: number | undefined): CurvePoint[] =>
  (threshold === undefined ? [] : points.filter((point) => point.threshold > threshold).slice(-1));

const confusionTable = (runs: readonly BinaryRun[]): Html => renderTable({
  id: 'confusion-table',
  caption: 'What each run decides with the threshold that was tuned on its dev split.',
  columns: [
    { heading: 'Run', cell: ({ name }) => name },
    { heading: 'Threshold', numeric: true, cell: ({ threshold }) => figure(threshold) },
    { heading: 'True positives', numeric: true, cell: ({ binary }) => count(binary.confusion.truePositives) },
    { heading: 'False positives', numeric: true, cell: ({ binary }) => count(binary.confusion.falsePositives) },
    { heading: 'False negatives', numeric: true, cell: ({ binary }) => count(binary.confusion.falseNegatives) },
    { heading: 'True negatives', numeric: true, cell: ({ binary }) => count(binary.confusion.trueNegatives) },
    { heading: 'Sensitivity', numeric: true, cell: ({ binary: { confusion: { truePositives: tp, falseNegatives: fn } } }) => figure(tp / (tp + fn)) },
    { heading: 'Specificity', numeric: true, cell: ({ binary: { confusion: { trueNegatives: tn, falsePositives: fp } } }) => figure(tn / (tn + fp)) },
  ],
  groups: [{ rows: runs }],
});
