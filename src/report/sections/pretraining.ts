/** Pre-training: the loss and its parts on training and dev visits, a panel each. */
import { figureOf, nothingMeasured } from '../figure.js';
import { isFiniteNumber } from '../format.js';
import { html, type Html } from '../html.js';
import { lineChart, type Point, type Series } from '../line-chart.js';
import type { Section } from '../page.js';
import type { RunCurve } from '../report-data.js';

const panels = [
  { metric: 'loss', title: 'Loss' },
  { metric: 'text_to_code', title: 'Text to code' },
  { metric: 'code_to_code', title: 'Code to code' },
  { metric: 'reading', title: 'Reading' },
] as const;

const PANEL = { width: 310, height: 240, labelled: true };

export function pretrainingSection(curve: RunCurve): Section {
  const drawn = panels.map(({ metric, title }) => panel(curve, metric, title)).filter((chart) => chart !== undefined);
  const content = drawn.length ? html`<div class="panels">${drawn}</div>` : nothingMeasured;
  const caption = html`Loss in nats, by training step; lower is better. Text to code: codes are masked and predicted from the note. Code to code: from the visit’s other codes.
Reading: each code looks for itself in the note and in the other kinds of codes. The loss is their weighted sum. ${curve.best !== undefined && 'Ring: the step whose weights were kept, the lowest dev loss.'}`;
  return { id: 'pretraining', heading: 'Pre-training', body: figureOf(content, caption) };
}

function panel({ history, best }: RunCurve, metric: string, title: string): Html | undefined {
  const series: Series[] = [
    { name: 'train', points: pointsOf(history, `train_${metric}`), colour: 'var(--reference)' },
    { name: 'dev', points: pointsOf(history, `dev_${metric}`), colour: 'var(--hue-1)', marked: best },
  ].filter(({ points }) => points.length);
  if (!series.length) return undefined;
  const description = `${title}: ${series.map(({ name, points }) => `${name} from ${points[0]!.y.toFixed(3)} to ${points.at(-1)!.y.toFixed(3)}`).join(', ')}.`;
  const chart = lineChart({ ...PANEL, id: `pretraining-${metric}`, title: `${title} during pre-training`, description, xLabel: 'step', yLabel: 'nats', series });
  return html`<div><h3>${title}</h3>${chart}</div>`;
}

const pointsOf = (history: RunCurve['history'], metric: string): Point[] =>
  history.flatMap(({ step, metrics }) => (isFiniteNumber(metrics[metric]) ? [{ x: step, y: metrics[metric] }] : []));
