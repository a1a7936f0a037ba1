/** Confusion matrices averaged over labels: a 2×2 picture a model and a way of averaging, what is true in rows that sum to 100 %. */
import * as Plot from '@observablehq/plot';
import type { DecisionFigure } from '../../compare/chapter/decision-figures.js';
import type { ChapterResults, RuleName } from '../../compare/chapter/results.js';
import { bothWidths, figureOf, NARROW, nothingMeasured, WIDE } from '../figure.js';
import { percent } from '../format.js';
import type { Html } from '../html.js';
import type { Section } from '../page.js';
import { renderPlot } from '../svg.js';

interface Cell {
  model: string;
  average: string;
  gold: string;
  predicted: string;
  rate: number;
}

const GOLD = { not: 'not gold', is: 'gold' } as const;
const PREDICTED = { not: 'not predicted', is: 'predicted' } as const;
const AVERAGES = { 'mean over labels': 'macro', 'weighted by support': 'support' } as const;
/** Above, the cell is dark enough (in the dark scheme: light enough) for text in the colour of the paper. */
const DARK = 0.55;
const MARGIN = { top: 50, bottom: 40, left: 64, right: 8 } as const;
/** Of a 2×2 matrix with what separates it from the next, in CSS pixels. */
const COLUMN = 240;
const ROW = 180;

export function confusionFigure(results: ChapterResults, rule: RuleName): Section {
  const cells = cellsOf(results, rule);
  const content = cells.length ? bothWidths(({ width, suffix }) => drawConfusion(cells, { width, id: `confusion-${rule}-${suffix}` })) : nothingMeasured;
  const heading = `Confusion matrices averaged over labels, ${titles[rule]}`;
  return { id: `confusion-${rule}`, heading, body: figureOf(content, caption(results)) };
}

/** The picture by itself, as wide as it needs. @returns undefined when nothing was measured */
export function confusionPicture(results: ChapterResults, rule: RuleName): Html | undefined {
  const cells = cellsOf(results, rule);
  return cells.length ? drawConfusion(cells, { width: WIDE, id: 'confusion' }) : undefined;
}

const titles: Record<RuleName, string> = { tuned: 'threshold from dev', half: 'threshold 0.5' };

const caption = ({ counts, split, seeds }: ChapterResults): string =>
  `Rows are what is true and sum to 100 %; the ${counts.labels_present} labels that some visit of the ${split} split carries, ${counts.visits} visits${seeds.length > 1 ? `, mean over ${seeds.length} seeds` : ''}. ` +
  'Mean over labels: each label counts the same. Weighted by support: each as many times as visits carry it.';

function cellsOf({ rows }: ChapterResults, rule: RuleName): Cell[] {
  return rows.filter(({ kind }) => kind === 'model').flatMap(({ name, rules }) => Object.entries(AVERAGES).flatMap(([average, prefix]) => {
    const mean = (figure: 'tpr' | 'tnr'): number | undefined => rules?.[rule].figures[`${prefix}_${figure}` satisfies DecisionFigure].mean;
    const [tpr, tnr] = [mean('tpr'), mean('tnr')];
    if (tpr === undefined || tnr === undefined || Number.isNaN(tpr) || Number.isNaN(tnr)) return [];
    const cell = (gold: string, predicted: string, rate: number): Cell => ({ model: name, average, gold, predicted, rate });
    return [cell(GOLD.not, PREDICTED.not, tnr), cell(GOLD.not, PREDICTED.is, 1 - tnr), cell(GOLD.is, PREDICTED.not, 1 - tpr), cell(GOLD.is, PREDICTED.is, tpr)];
  }));
}

/** Models side by side, averages below each other; on narrow screens the other way round. */
function drawConfusion(cells: readonly Cell[], { width, id }: { width: number; id: string }): Html {
  const narrow = width <= NARROW;
  const [fx, fy] = narrow ? (['average', 'model'] as const) : (['model', 'average'] as const);
  const [columns, rows] = [fx, fy].map((facet) => [...new Set(cells.map((cell) => cell[facet]))]) as [string[], string[]];
  const text = { x: 'predicted', y: 'gold', fx, fy, text: ({ rate }: Cell) => percent(rate), fontSize: 13, fontWeight: 600 } as const;
  return renderPlot({ id, title: 'Confusion matrices averaged over labels', description: describe(cells) }, {
    width: Math.min(width, MARGIN.left + MARGIN.right + columns.length * COLUMN),
    height: MARGIN.top + MARGIN.bottom + rows.length * ROW,
    marginTop: MARGIN.top, marginBottom: MARGIN.bottom, marginLeft: MARGIN.left, marginRight: MARGIN.right,
    style: { fontSize: '12px' },
    fx: { axis: null, domain: columns, padding: 0.12 },
    fy: { axis: null, domain: rows, padding: 0.2 },
    x: { label: null, domain: Object.values(PREDICTED), tickSize: 0, padding: 0.02, tickFormat: (tick: string) => (narrow ? tick.replace(' ', '\n') : tick) },
    y: { label: null, domain: Object.values(GOLD), tickSize: 0, padding: 0.02 },
    opacity: { type: 'linear', domain: [0, 1], range: [0, 1] },
    marks: [
      Plot.cell(cells, { x: 'predicted', y: 'gold', fx, fy, fill: 'var(--hue-1)', fillOpacity: 'rate', stroke: 'var(--rule)' }),
      Plot.text(cells.filter(({ rate }) => rate < DARK), { ...text, fill: 'var(--ink)' }),
      Plot.text(cells.filter(({ rate }) => rate >= DARK), { ...text, fill: 'var(--paper)' }),
      facetName(columns, 'fx', fx, { fy: () => rows[0]!, dy: -28 }),
      facetName(rows, 'fy', fy, { fx: () => columns[0]!, dy: -8 }),
    ],
  });
}

/** The names of columns above the first row, those of rows above their first matrix; models stand out. */
function facetName(names: readonly string[], facet: 'fx' | 'fy', what: 'model' | 'average', options: Plot.TextOptions): Plot.Markish {
  const style = what === 'model' ? ({ fill: 'var(--ink)', fontWeight: 600, fontSize: 13 } as const) : ({ fill: 'var(--muted)' } as const);
  return Plot.text(names, { [facet]: String, text: String, frameAnchor: 'top-left', textAnchor: 'start', lineAnchor: 'bottom', ...style, ...options });
}

const describe = (cells: readonly Cell[]): string =>
  cells.filter(({ gold, predicted }) => (gold === GOLD.is) === (predicted === PREDICTED.is))
    .map(({ model, average, gold, rate }) => `${model}, ${average}: ${percent(rate)} of what is ${gold} is ${gold === GOLD.is ? 'predicted' : 'not predicted'}`).join('; ');
