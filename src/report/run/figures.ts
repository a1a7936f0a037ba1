/** Figures with their intervals: of one run by dialect, of several beside each other and against the first. */
import * as Plot from '@observablehq/plot';
import type { AssessedFigure } from '../../metrics/assess.js';
import { bothWidths, figureOf } from '../figure.js';
import { ABSENT, count, figure, isFiniteNumber } from '../format.js';
import { html, type Html } from '../html.js';
import type { Section } from '../page.js';
import { renderPlot } from '../svg.js';
import { renderTable, type Column } from '../table.js';
import type { ReportedRun, RunDifference, RunReport } from './data.js';
import { figureNamed } from './header.js';
import { lineOf } from './run-style.js';
import { dialectOf, headlines, isClear, rangeText, shortTitle, signedFigure, signedRange, titleOf } from './words.js';

interface MeasuredRun extends ReportedRun {
  assessment: NonNullable<ReportedRun['assessment']>;
  place: number;
}

export function figureSections(report: RunReport): Section[] {
  const measured = report.runs.map((run, place) => ({ ...run, place })).filter((run): run is MeasuredRun => run.assessment !== undefined);
  if (!measured.length) return [];
  const body = [measured.length > 1 && dotPlot(report, measured), figureTable(report, measured)];
  return [
    { id: 'figures', heading: measured.length > 1 ? 'Runs beside each other' : 'Figures', body: html`${body}` },
    ...(report.differences.length ? [differencesSection(report)] : []),
  ];
}

function captionOf({ split, resampling: { replicates, seed } }: RunReport, { assessment: { visits, patients, labels, figures } }: MeasuredRun): Html {
  const fewer = figures.filter(({ resamples }) => resamples < replicates);
  const moved = figures.filter((one) => one.moved);
  return html`On the ${split} split: ${count(visits)} visits of ${count(patients)} patients, ${count(labels)} ${labels === 1 ? 'label' : 'labels'}. In brackets the 95 % interval: percentiles of ${count(replicates)} samples of
whole patients, drawn with replacement (seed ${seed}).${fewer.length > 0 && ` ${fewer.map((one) => shortTitle(one.figure)).join(', ')}: ${count(fewer[0]!.resamples)} samples.`}${moved.length > 0 && ` Moved by their bias, since samples with repeated patients lose rare labels or tie their visits: ${moved.map((one) => titleOf(one.figure)).join(', ')}.`} A dialect is somebody’s definitions (docs/metrics.md): figures of two dialects do not compare, whatever their names.`;
}

/** Rows are figures, a column a run; the dialects in groups. */
function figureTable(report: RunReport, measured: readonly MeasuredRun[]): Html {
  const names = measured[0]!.assessment.figures.map((one) => one.figure).filter((name) => measured.some(({ assessment }) => isFiniteNumber(figureNamed(assessment.figures, name)?.estimate)));
  const dialects = [...new Set(names.map(dialectOf))];
  const columns: Column<string>[] = [
    { heading: 'Figure', cell: shortTitle },
    { heading: 'Dialect', cell: (name) => html`<code>${dialectOf(name)}</code>` },
    ...measured.map(({ name: run, assessment }) => ({ heading: measured.length > 1 ? run : 'Value [95 % interval]', numeric: true, cell: (name: string) => withRange(figureNamed(assessment.figures, name)) })),
  ];
  const groups = dialects.map((dialect) => ({ rows: names.filter((name) => dialectOf(name) === dialect) }));
  return renderTable({ id: 'figures-table', caption: captionOf(report, measured[0]!), columns, groups, emphasised: (name) => name === headlines[report.task][0] });
}

const withRange = (one: AssessedFigure | undefined): Html | string =>
  one && isFiniteNumber(one.estimate) ? html`${figure(one.estimate)} <span class="range">[${figure(one.low)}, ${figure(one.high)}]</span>` : ABSENT;

const ROW = 40;

/** The figure that decides, a row a run: dot and interval. */
function dotPlot({ task }: RunReport, measured: readonly MeasuredRun[]): Html {
  const primary = headlines[task][0]!;
  const rows = measured.map(({ name, place, assessment }) => ({ name, colour: lineOf(place).colour, ...figureNamed(assessment.figures, primary)! })).sort((a, b) => b.estimate - a.estimate);
  const middle = (Math.min(...rows.map(({ low }) => low)) + Math.max(...rows.map(({ high }) => high))) / 2;
  const draw = (width: number, suffix: string): Html => renderPlot(
    { id: `compared-${suffix}`, title: `${titleOf(primary)} by run`, description: `${rows.map((row) => `${row.name} ${figure(row.estimate)}, ${rangeText(row)}`).join('; ')}.` },
    {
      width, height: 50 + ROW * rows.length, marginLeft: 5, marginRight: 14, marginTop: 22, marginBottom: 38,
      style: { fontSize: '13px' },
      x: { label: titleOf(primary), labelArrow: 'none', labelAnchor: 'center', nice: true, ticks: Math.round(width / 110), tickSize: 0 },
      y: { domain: [-0.6, rows.length - 0.4], reverse: true, axis: null },
      marks: [Plot.gridX({ stroke: 'var(--grid)', strokeOpacity: 1 }), ...rows.flatMap((row, r) => rowMarks(row, r, row.estimate > middle))],
    },
  );
  return figureOf(bothWidths(({ width, suffix }) => draw(width, suffix)), 'Dot: on all visits of the split. Line: 95 % interval. Overlapping intervals do not say that two runs are alike: the paired differences below do.');
}

/** @param onTheRight the label then ends where the interval ends, so that it has room */
function rowMarks({ name, colour, estimate, low, high }: AssessedFigure & { name: string; colour: string }, row: number, onTheRight: boolean): Plot.Markish[] {
  const label = { x: () => (onTheRight ? high : low), y: () => row, dy: -13, textAnchor: onTheRight ? 'end' : 'start', lineWidth: Infinity, stroke: 'var(--paper)', strokeWidth: 4 } as const;
  return [
    Plot.ruleY([row], { x1: () => low, x2: () => high, y: () => row, stroke: colour, strokeWidth: 2.5 }),
    Plot.dot([row], { x: () => estimate, y: () => row, r: 5.5, fill: colour }),
    Plot.text([row], { ...label, text: () => `${figure(estimate)}  ${name}`, fill: colour, fontWeight: 600 }),
  ];
}

function differencesSection({ task, differences, runs, resampling: { replicates } }: RunReport): Section {
  const paired = differences.filter((one): one is Required<RunDifference> => one.figures !== undefined);
  const unpaired = differences.filter(({ figures }) => !figures);
  const shown = headlines[task].filter((name) => paired.some(({ figures }) => figures[name]));
  const columns: Column<string>[] = [
    { heading: 'Figure', cell: titleOf },
    ...paired.map(({ run, figures }) => ({ heading: run, numeric: true, cell: (name: string) => differenceCell(figures[name]!) })),
  ];
  const caption = `Each run minus ${runs[0]!.name}, both on the same ${count(replicates)} samples of patients; 95 % interval. Bold: the interval does not hold 0. Several comparisons are not corrected for.`;
  const table = paired.length > 0 && renderTable({ id: 'differences-table', caption, columns, groups: [{ rows: shown }] });
  const refused = unpaired.length > 0 && html`<p class="absent">${unpaired.map(({ run }) => run).join(', ')}: predicted for other visits than ${runs[0]!.name}, so that no differences can be paired.</p>`;
  return { id: 'differences', heading: `Differences to ${runs[0]!.name}`, body: html`${table}${refused}` };
}

function differenceCell(difference: Required<RunDifference>['figures'][string]): Html {
  const text = html`${signedFigure(difference.estimate)} <span class="range">[${signedRange(difference).replace(' to ', ', ')}]</span>`;
  return isClear(difference) ? html`<strong>${text}</strong>` : text;
}
