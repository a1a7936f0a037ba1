/** Figure 3: each task's figure against how much training data there was, a line a model with a band of one standard deviation. */
import * as Plot from '@observablehq/plot';
import type { Comparison, ResultTable, TaskResult } from '../../compare/results.js';
import { figureTitle } from '../../compare/tasks.js';
import { figureOf } from '../figure.js';
import { html, type Html } from '../html.js';
import type { Section } from '../page.js';
import { CEILING_COLOUR, REFERENCE_COLOUR } from '../run-style.js';
import { renderPlot } from '../svg.js';

export interface ComparisonFigureOptions {
  /** At least two, of one kind of share. */
  tables: readonly ResultTable[];
  id: string;
  heading: string;
  xLabel: string;
}

interface Line {
  name: string;
  colour: string;
  dash?: string;
  /** In per cent; by size. */
  points: { x: number; y: number; low: number; high: number }[];
}

const HUES = 4;
const DASHES = [undefined, '6 4', '2 3'] as const;
const PANEL = { width: 330, height: 300 };

export function comparisonFigure({ tasks }: Comparison, { tables, id, heading, xLabel }: ComparisonFigureOptions): Section {
  const panels = tasks.map((task) => ({ task, lines: linesOf(task, tables) })).filter(({ lines }) => lines.some(({ points }) => points.length > 1));
  const content = html`
<div class="panels">${panels.map(({ task, lines }) => html`<div><h3>${task.title}</h3>${panelOf(task, lines, { id: `${id}-${task.task}`, xLabel, sizes: tables.map(({ size }) => size) })}</div>`)}</div>
<ul class="key">${keyOf(panels.flatMap(({ lines }) => lines))}</ul>`;
  return { id, heading, body: figureOf(content, 'Mean over seeds in per cent, with a band of one standard deviation; logarithmic axis. Dotted: the ceiling.') };
}

/** A model has the same line in every panel: its place in the table decides. */
function linesOf({ task, primary }: TaskResult, tables: readonly ResultTable[]): Line[] {
  const models = [...new Set(tables.flatMap(({ rows }) => rows.filter(({ kind }) => kind === 'model').map(({ name }) => name)))];
  const names = new Map(tables.flatMap(({ rows }) => rows.map((row) => [row.name, row.kind])));
  return [...names].map(([name, kind]) => ({ name, ...styleOf(kind, models.indexOf(name)), points: pointsOf(name) })).filter(({ points }) => points.length);

  function pointsOf(name: string): Line['points'] {
    const points = tables.flatMap(({ size, rows }) => {
      const spread = rows.find((row) => row.name === name)?.tasks[task]?.figures[primary];
      if (!spread || Number.isNaN(spread.mean)) return [];
      const std = Number.isNaN(spread.std) ? 0 : spread.std;
      return [{ x: size, y: 100 * spread.mean, low: 100 * (spread.mean - std), high: 100 * (spread.mean + std) }];
    });
    return points.sort((a, b) => a.x - b.x);
  }
}

function styleOf(kind: string, place: number): Pick<Line, 'colour' | 'dash'> {
  if (kind === 'ceiling') return { colour: CEILING_COLOUR, dash: '2 3' };
  if (kind === 'reference') return { colour: REFERENCE_COLOUR };
  return { colour: `var(--hue-${(place % HUES) + 1})`, dash: DASHES[Math.floor(place / HUES) % DASHES.length] };
}

function panelOf({ title, primary }: TaskResult, lines: readonly Line[], { id, xLabel, sizes }: { id: string; xLabel: string; sizes: readonly number[] }): Html {
  const description = lines.map(({ name, points }) => `${name} ${points.map(({ x, y }) => `${y.toFixed(1)} at ${x}`).join(', ')}`).join('; ');
  return renderPlot({ id, title: `${title}: ${figureTitle(primary)}`, description: `${description}.` }, {
    ...PANEL,
    marginLeft: 42,
    style: { fontSize: '12px' },
    x: { type: 'log', label: xLabel, labelArrow: 'none', labelAnchor: 'center', ticks: [...sizes], tickFormat: String, tickSize: 0 },
    y: { label: `${figureTitle(primary)}, %`, labelArrow: 'none', nice: true, ticks: 5, tickSize: 0 },
    marks: [Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 5 }), ...lines.flatMap(marksOf)],
  });
}

const marksOf = ({ colour, dash, points }: Line): Plot.Markish[] => [
  Plot.areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.14 }),
  Plot.line(points, { x: 'x', y: 'y', stroke: colour, strokeWidth: 2, strokeDasharray: dash }),
  Plot.dot(points, { x: 'x', y: 'y', r: 2.5, fill: colour }),
];

function keyOf(lines: readonly Line[]): Html[] {
  const byName = new Map(lines.map((line) => [line.name, line]));
  return [...byName.values()].map(({ name, colour, dash }) => html`<li><span class="swatch" style="border-top: 3px ${dash ? 'dashed' : 'solid'} ${colour}"></span>${name}</li>`);
}
