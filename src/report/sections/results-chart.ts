/** Key result: MAP of every coder as a line from zero to a dot, with the ceiling of the synthetic data. */
import * as Plot from '@observablehq/plot';
import { bothWidths, figureOf, nothingMeasured } from '../figure.js';
import { count, figure, isFiniteNumber } from '../format.js';
import { html, type Html } from '../html.js';
import type { Section } from '../page.js';
import type { ResultRow, Results } from '../report-data.js';
import { CEILING_COLOUR, REFERENCE_COLOUR, type RunStyle } from '../run-style.js';
import { renderPlot } from '../svg.js';

interface Bar {
  name: string;
  map: number;
  style: RunStyle;
  /** The ceiling for the same inputs, where it is another one than the overall ceiling. */
  ownCeiling?: number;
}

const ROW_HEIGHT = 42;
const MARGIN = { top: 22, bottom: 40, left: 5, right: 14 };

export function resultsChart(results: Results, styles: ReadonlyMap<string, RunStyle>): Section {
  const ceilings = results.rows.filter(({ kind, figures }) => kind === 'ceiling' && isFiniteNumber(figures.map));
  const ceiling = ceilings.length ? Math.max(...ceilings.map(({ figures }) => figures.map)) : undefined;
  const bars = barsOf(results.rows, ceilings, ceiling, styles);
  const content = bars.length ? bothWidths(({ width, suffix }) => draw({ bars, ceiling, width, id: `map-${suffix}` })) : nothingMeasured;
  return { id: 'results', heading: 'Results', body: figureOf(content, caption(results, bars, ceiling)) };
}

/** Best first; coders whose MAP is undefined are only in the table. */
function barsOf(rows: readonly ResultRow[], ceilings: readonly ResultRow[], ceiling: number | undefined, styles: ReadonlyMap<string, RunStyle>): Bar[] {
  const reference: RunStyle = { colour: REFERENCE_COLOUR, hollow: false };
  return rows
    .filter(({ kind, figures }) => kind !== 'ceiling' && isFiniteNumber(figures.map))
    .map(({ name, inputs, figures, kind }) => {
      const own = kind === 'model' ? ceilings.find((row) => row.inputs === inputs)?.figures.map : undefined;
      return { name, map: figures.map, style: styles.get(name) ?? reference, ownCeiling: own === ceiling ? undefined : own };
    })
    .sort((a, b) => b.map - a.map);
}

function draw({ bars, ceiling, width, id }: { bars: readonly Bar[]; ceiling?: number; width: number; id: string }): Html {
  const highest = Math.max(ceiling ?? 0, ...bars.map(({ map, ownCeiling }) => Math.max(map, ownCeiling ?? 0)));
  const description = bars.map(({ name, map }) => `${name} ${figure(map)}`).join('; ');
  return renderPlot(
    { id, title: 'MAP by model', description: `${description}${ceiling === undefined ? '' : `; ceiling ${figure(ceiling)}`}.` },
    {
      width,
      height: MARGIN.top + MARGIN.bottom + bars.length * ROW_HEIGHT,
      marginTop: MARGIN.top,
      marginBottom: MARGIN.bottom,
      marginLeft: MARGIN.left,
      marginRight: MARGIN.right,
      style: { fontSize: '13px' },
      x: { domain: [0, highest || 1], label: 'MAP (mean average precision)', labelArrow: 'none', labelAnchor: 'center', ticks: Math.round(width / 110), tickSize: 0, tickFormat: String },
      y: { domain: [-0.6, bars.length - 0.4], reverse: true, axis: null },
      marks: [
        Plot.ruleX([0], { stroke: 'var(--grid)' }),
        ...(ceiling === undefined ? [] : ceilingMarks(ceiling)),
        ...bars.flatMap(barMarks),
      ],
    },
  );
}

function ceilingMarks(ceiling: number): Plot.Markish[] {
  const label = { frameAnchor: 'top-left', textAnchor: 'end', lineAnchor: 'bottom', dy: -6, dx: 4, fill: CEILING_COLOUR, fontWeight: 600 } as const;
  return [
    Plot.ruleX([ceiling], { stroke: CEILING_COLOUR, strokeWidth: 1.5, strokeDasharray: '2 3' }),
    Plot.text([ceiling], { ...label, x: (value: number) => value, text: (value: number) => `ceiling ${figure(value)}` }),
  ];
}

/** Figure and name stand above their line, so that long names need no margin and nothing collides with the ceilings. */
function barMarks({ name, map, style, ownCeiling }: Bar, row: number): Plot.Markish[] {
  const { colour, hollow } = style;
  const itself = (value: number): number => value;
  const y = (): number => row;
  const label = { x: 0, y, dy: -14, textAnchor: 'start', lineWidth: Infinity, stroke: 'var(--paper)', strokeWidth: 4 } as const;
  return [
    Plot.ruleY([map], { x1: 0, x2: itself, y, stroke: colour, strokeWidth: 2.5, strokeDasharray: hollow ? '5 4' : undefined }),
    Plot.dot([map], { x: itself, y, r: 5.5, fill: hollow ? 'var(--paper)' : colour, stroke: colour, strokeWidth: 2 }),
    ...(ownCeiling === undefined ? [] : [Plot.ruleX([ownCeiling], { x: itself, y1: row - 0.2, y2: row + 0.2, stroke: CEILING_COLOUR, strokeWidth: 2 })]),
    Plot.text([map], { ...label, text: figure, fill: colour, fontWeight: 600 }),
    Plot.text([name], { ...label, text: String, dx: 46, fill: 'currentColor' }),
  ];
}

function caption({ split, visits, labels }: Results, bars: readonly Bar[], ceiling: number | undefined): Html {
  const hollow = bars.some(({ style }) => style.hollow);
  const references = bars.some(({ style }) => style.colour === REFERENCE_COLOUR);
  return html`MAP on the ${split} split (${count(visits)} visits, ${count(labels)} codes); higher is better.
${hollow && 'Filled dot: pre-trained. Hollow dot, broken line: trained from scratch.'} ${references && 'Grey: references.'}
${ceiling !== undefined && 'Dotted line, the ceiling: codes ranked by their true probabilities, known because a program generated the data.'}
${bars.some(({ ownCeiling }) => ownCeiling !== undefined) && 'Upright tick: the same, given only that model’s inputs.'}`;
}
