/** Fine-tuning: dev MAP by epoch, a line for each run. */
import { bothWidths, figureOf, nothingMeasured } from '../figure.js';
import { figure, isFiniteNumber } from '../format.js';
import { html, type Html } from '../html.js';
import { keptValue, lineChart, type Series } from '../line-chart.js';
import type { Section } from '../page.js';
import type { RunCurve } from '../report-data.js';
import { dashOf, type RunStyle } from '../run-style.js';

const METRIC = 'dev_map';

export function finetuningSection(curves: readonly RunCurve[], styles: ReadonlyMap<string, RunStyle>): Section {
  const series = curves.map((curve) => seriesOf(curve, styles)).filter(({ points }) => points.length);
  const content = series.length ? [bothWidths(({ width, suffix }) => draw(series, width, suffix)), key(series)] : nothingMeasured;
  const caption = 'MAP on the dev split after each epoch of fine-tuning; higher is better. Ring and figure: the epoch whose weights were kept.';
  return { id: 'finetuning', heading: 'Fine-tuning', body: figureOf(content, caption) };
}

function seriesOf({ name, history, best }: RunCurve, styles: ReadonlyMap<string, RunStyle>): Series {
  const style = styles.get(name) ?? { colour: 'currentColor', hollow: false };
  const points = history.flatMap(({ epoch, metrics }) => (isFiniteNumber(metrics[METRIC]) ? [{ x: epoch, y: metrics[METRIC] }] : []));
  return { name, points, colour: style.colour, dash: dashOf(style), marked: history.find(({ step }) => step === best)?.epoch };
}

const keptOf = (series: Series): string => figure(keptValue(series));

function draw(series: readonly Series[], width: number, suffix: string): Html {
  const wide = suffix === 'wide';
  return lineChart({
    id: `finetuning-${suffix}`,
    title: 'Dev MAP during fine-tuning',
    description: `${series.map((one) => `${one.name} ${keptOf(one)}`).join('; ')}.`,
    width,
    height: wide ? 360 : 280,
    xLabel: 'epoch',
    yLabel: 'MAP on dev',
    series,
    labelled: wide,
  });
}

/** Names the lines where the screen is too narrow for labels at their ends. */
const key = (series: readonly Series[]): Html => html`
<ul class="key narrow">${series.map(
  (one) => html`
<li><span class="swatch" style="border-top: 3px ${one.dash ? 'dashed' : 'solid'} ${one.colour}"></span><strong class="number">${keptOf(one)}</strong> ${one.name}</li>`,
)}</ul>`;
