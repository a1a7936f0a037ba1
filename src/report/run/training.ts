/** Training curves: a panel a metric, a line a run; training and dev beside each other where both were measured. */
import { figureOf } from '../figure.js';
import { figure, isFiniteNumber } from '../format.js';
import { html, type Html } from '../html.js';
import { keptValue, lineChart, type Series } from '../line-chart.js';
import type { Section } from '../page.js';
import type { Curve, RunReport } from './data.js';
import { keyOf, type KeyEntry } from './key.js';
import { lineOf } from './run-style.js';

interface NamedCurve extends Curve {
  name: string;
  place: number;
}

const PANEL = { width: 310, height: 220, labelled: false };

/** Curves of fine-tuning, and of the runs that these began from. */
export function trainingSections({ runs }: RunReport): Section[] {
  const finetuned = runs.map(({ name, training }, place) => ({ name, place, ...training })).filter(({ history }) => history.length);
  const pretrained = runs.flatMap(({ pretrainedFrom, pretraining }) => (pretrainedFrom !== undefined && pretraining ? [{ name: pretrainedFrom, ...pretraining }] : []));
  const distinct = pretrained.filter(({ name }, i) => pretrained.findIndex((other) => other.name === name) === i).map((curve, place) => ({ ...curve, place }));
  return [
    ...(finetuned.length ? [sectionOf('training', 'Training', finetuned, 'epoch')] : []),
    ...(distinct.length ? [sectionOf('pre-training', `Pre-training${distinct.length === 1 ? ` (${distinct[0]!.name})` : ''}`, distinct, 'step')] : []),
  ];
}

type XAxis = 'epoch' | 'step';

function sectionOf(id: string, heading: string, curves: readonly NamedCurve[], x: XAxis): Section {
  const metrics = [...new Set(curves.flatMap(({ history }) => history.flatMap(({ metrics: all }) => Object.keys(all).map((name) => name.replace(/^(train|dev)_/, '')))))];
  const panels = metrics.map((metric) => panelOf(metric, curves, { id, x })).filter((panel) => panel !== undefined);
  const entries = curves.length > 1
    ? curves.map(({ name, place }): KeyEntry => ({ name, ...lineOf(place) }))
    : [{ name: 'dev', ...lineOf(curves[0]!.place) }, { name: 'training', ...TRAINING }];
  const caption = `One point an evaluation; losses in nats. Ring, and the figure in the heading: the ${x} whose weights were kept.${curves.length > 1 ? ' Dashed where both are drawn: on training visits.' : ''}`;
  return { id, heading, body: figureOf([html`<div class="panels four">${panels}</div>`, keyOf(entries)], caption) };
}

const TRAINING = { colour: 'var(--reference)' };

function panelOf(metric: string, curves: readonly NamedCurve[], { id, x }: { id: string; x: XAxis }): Html | undefined {
  const series = curves.flatMap((curve) => seriesOf(curve, metric, { x, alone: curves.length === 1 }));
  if (!series.length) return undefined;
  const words = metric.replaceAll('_', ' ').replace('micro ', 'micro-').replace('macro ', 'macro-').replace(/\b(f1|auc|map|auprc)\b/g, (word) => word.toUpperCase());
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const kept = series.find(({ marked }) => marked !== undefined);
  const description = `${series.map(({ name, points }) => `${name} from ${figure(points[0]!.y)} to ${figure(points.at(-1)!.y)}`).join('; ')}.`;
  const chart = lineChart({ ...PANEL, id: `${id}-${metric.replaceAll('_', '-')}`, title: `${title} by ${x}`, description, xLabel: x, yLabel: '', series });
  return html`<div><h3>${title}${curves.length === 1 && kept && html` <span class="kept">${figure(keptValue(kept))}</span>`}</h3>${chart}</div>`;
}

/** Of dev where it was measured there, of training, or of both. */
function seriesOf({ name, place, history, best }: NamedCurve, metric: string, { x, alone }: { x: XAxis; alone: boolean }): Series[] {
  const pointsOf = (key: string) => history.flatMap((entry) => (isFiniteNumber(entry.metrics[key]) ? [{ x: entry[x], y: entry.metrics[key] }] : []));
  const marked = history.find(({ step }) => step === best)?.[x];
  const [training, dev] = [pointsOf(`train_${metric}`), pointsOf(`dev_${metric}`)];
  const line = lineOf(place);
  const trainingLine = alone ? TRAINING : { ...line, dash: dev.length ? '3 3' : line.dash };
  return [
    { name: alone ? 'training' : `${name}, training`, points: training, ...trainingLine },
    { name: alone ? 'dev' : name, points: dev, ...line, marked },
  ].filter(({ points }) => points.length);
}
