/** Distributions of the features that drifted most: a small panel each, the reference as a line, the current population as bars. */
import * as Plot from '@observablehq/plot';
import type { BinShare, DriftRow } from '../../drift/index.js';
import { figureOf } from '../figure.js';
import { percent } from '../format.js';
import { html, type Html } from '../html.js';
import type { Section } from '../page.js';
import { renderPlot } from '../svg.js';

/** Panels; more than a reader looks at is in the table. */
const PANELS = 9;
/** Bins of a panel; of categories the most frequent. */
const BINS = 12;
const PANEL = { width: 300, rowHeight: 20, marginTop: 6, marginBottom: 24, marginLeft: 118, marginRight: 26 } as const;
const LONGEST_NAME = 18;

export function driftFigure(rows: readonly DriftRow[]): Section {
  const shown = rows.filter(({ bins }) => bins.length > 1).slice(0, PANELS);
  const panels = html`<div class="panels">${shown.map((row, i) => html`<div><h3>${row.name}</h3>${draw(row, i)}</div>`)}</div>`;
  return {
    id: 'distributions', heading: 'Distributions',
    body: figureOf(panels, 'Shares of the visits (of the codes, where the feature is codes). Bars: current; upright strokes: reference. Bins hold equal shares of the reference where its values allow; of categories, the most frequent.'),
  };
}

function draw({ name, bins }: DriftRow, index: number): Html {
  const shown = bins.slice(0, BINS).map((bin, order) => ({ ...bin, order }));
  const label = (bin: BinShare): string => (bin.name.length > LONGEST_NAME ? `${bin.name.slice(0, LONGEST_NAME - 1)}…` : bin.name);
  const most = Math.max(...shown.map(({ reference, current }) => Math.max(reference, current)));
  const y = (bin: BinShare & { order: number }): number => bin.order;
  return renderPlot(
    { id: `drift-${index}`, title: name, description: `${shown.map((bin) => `${bin.name}: reference ${percent(bin.reference)}, current ${percent(bin.current)}`).join('; ')}.` },
    {
      width: PANEL.width, height: PANEL.marginTop + PANEL.marginBottom + PANEL.rowHeight * shown.length,
      marginTop: PANEL.marginTop, marginBottom: PANEL.marginBottom, marginLeft: PANEL.marginLeft, marginRight: PANEL.marginRight,
      style: { fontSize: '11px' },
      x: { domain: [0, most || 1], label: null, ticks: 3, tickSize: 0, tickFormat: (share: number) => `${Number((100 * share).toPrecision(3))} %` },
      y: { domain: [-0.5, shown.length - 0.5], reverse: true, axis: null },
      marks: [
        Plot.ruleX([0], { stroke: 'var(--rule)' }),
        Plot.rect(shown, { x1: 0, x2: 'current', y1: (bin) => y(bin) - 0.3, y2: (bin) => y(bin) + 0.3, fill: 'var(--hue-1)' }),
        Plot.ruleX(shown, { x: 'reference', y1: (bin) => y(bin) - 0.45, y2: (bin) => y(bin) + 0.45, stroke: 'var(--hue-2)', strokeWidth: 2.5 }),
        Plot.text(shown, { x: 0, y, text: label, textAnchor: 'end', dx: -6, fill: 'currentColor' }),
      ],
    },
  );
}
