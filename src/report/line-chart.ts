/** Line charts of training: one line a series, labelled at its end, with a dot at the evaluation that was kept. */
import * as Plot from '@observablehq/plot';
import { figure } from './format.js';
import type { Html } from './html.js';
import { spread } from './spread.js';
import { renderPlot, type PlotDescription } from './svg.js';

export interface Point {
  x: number;
  /** Finite. */
  y: number;
}

export interface Series {
  name: string;
  points: readonly Point[];
  /** A CSS colour. */
  colour: string;
  dash?: string;
  /** The `x` of the point to mark. */
  marked?: number;
}

export interface LineChartOptions extends PlotDescription {
  width: number;
  height: number;
  xLabel: string;
  yLabel: string;
  series: readonly Series[];
  /** Name and figure at the end of each line. */
  labelled: boolean;
}

const MARGIN = { top: 26, bottom: 38, left: 46, right: 12 };
const LABEL_GAP = 15;
const FONT_SIZE = 12;
/** Mean width of a character of a bold label, in pixels. */
const CHARACTER = 7;
const WIDEST_LABEL = 300;
/** Up to so many points each is dotted, so that a history of one evaluation is visible. */
const DOTTED = 40;

/** @param options at least one series with at least one point */
export function lineChart(options: LineChartOptions): Html {
  const { width, height, xLabel, yLabel, labelled } = options;
  const series = options.series.filter(({ points }) => points.length);
  const labelWidth = labelled ? Math.min(WIDEST_LABEL, 10 + CHARACTER * Math.max(...series.map((one) => labelOf(one).length))) : 0;
  const domain = paddedExtent(series.flatMap(({ points }) => points.map(({ y }) => y)));
  return renderPlot(options, {
    width,
    height,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right + labelWidth,
    style: { fontSize: `${FONT_SIZE}px` },
    x: { label: xLabel, labelArrow: 'none', labelAnchor: 'center', ticks: Math.max(3, Math.round((width - labelWidth) / 90)), tickSize: 0, tickFormat: wholeNumber },
    y: { label: yLabel, labelArrow: 'none', domain, ticks: Math.round(height / 50), tickSize: 0 },
    marks: [
      Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: Math.round(height / 50) }),
      ...series.flatMap(seriesMarks),
      ...(labelled ? endLabels(series, domain, { height, labelWidth }) : []),
    ],
  });
}

/** Epochs and steps are whole; a tick between two of them stays blank. */
const wholeNumber = (value: number): string => (Number.isInteger(value) ? value.toLocaleString('en-US') : '');

function paddedExtent(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const padding = 0.06 * (high - low) || 0.05 * Math.abs(high) || 1;
  return [Math.max(low - padding, low >= 0 ? 0 : -Infinity), high + padding];
}

function seriesMarks({ points, colour, dash, marked }: Series): Plot.Markish[] {
  const at = { x: 'x', y: 'y' };
  const kept = points.filter(({ x }) => x === marked);
  return [
    Plot.line(points, { ...at, stroke: colour, strokeWidth: 2, strokeDasharray: dash, strokeLinejoin: 'round' }),
    ...(points.length <= DOTTED ? [Plot.dot(points, { ...at, r: points.length === 1 ? 3.5 : 1.8, fill: colour })] : []),
    Plot.dot(kept, { ...at, r: 4.5, fill: 'var(--paper)', stroke: colour, strokeWidth: 2 }),
  ];
}

/** Kept (else last) value and name of each line, moved apart where lines end close together. */
function endLabels(series: readonly Series[], domain: [number, number], { height, labelWidth }: { height: number; labelWidth: number }): Plot.Markish[] {
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
  const toPixel = (y: number): number => bottom - ((y - domain[0]) / (domain[1] - domain[0])) * (bottom - top);
  const toValue = (pixel: number): number => domain[0] + ((bottom - pixel) / (bottom - top)) * (domain[1] - domain[0]);
  const right = Math.max(...series.flatMap(({ points }) => points.map(({ x }) => x)));
  const placed = spread(series.map(({ points }) => toPixel(points.at(-1)!.y)), LABEL_GAP, [top, bottom]);
  return series.map((one, i) =>
    Plot.text([{ x: right, y: toValue(placed[i]!) }], {
      x: 'x',
      y: 'y',
      text: () => labelOf(one),
      dx: 10,
      textAnchor: 'start',
      fill: one.colour,
      fontWeight: 600,
      lineWidth: labelWidth / FONT_SIZE,
      textOverflow: 'ellipsis',
    }),
  );
}

const labelOf = (series: Series): string => `${figure(keptValue(series))}  ${series.name}`;

/** The value at the marked point, else the last one. */
export const keptValue = ({ points, marked }: Series): number | undefined => (points.find(({ x }) => x === marked) ?? points.at(-1))?.y;
