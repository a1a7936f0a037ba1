/** The results of a benchmark: ours beside the published ones, in one dialect a table. */
import type { Benchmark } from './schema.js';

/** Our figures as `evaluate` has them: fractions, by dialect. */
export interface OurRow {
  name: string;
  figures: Record<string, Record<string, number | null>>;
}

export interface BenchmarkResults {
  benchmark: string;
  title: string;
  evaluated_on: string;
  visits: number;
  labels: number;
  rows: ResultRow[];
  differs: string[];
  cite: string;
}

export interface ResultRow {
  model: string;
  /** `ours`, or where a published result stands. */
  source: string;
  /** Dialect → figure → percent; null where it is not defined. */
  figures: Record<string, Record<string, number | null>>;
}

export interface ResultsInput {
  name: string;
  benchmark: Benchmark;
  evaluated: { split: string; visits: number; labels: number; rows: readonly OurRow[] };
  /** What this very run did otherwise than the benchmark says. */
  differs?: readonly string[];
}

export function benchmarkResults({ name, benchmark, evaluated, differs = [] }: ResultsInput): BenchmarkResults {
  const { title, published, cite, dialects } = benchmark;
  const ours = evaluated.rows.map((row) => ({ model: row.name, source: 'ours', figures: Object.fromEntries(dialects.flatMap((dialect) => (row.figures[dialect] ? [[dialect, percent(row.figures[dialect])]] : []))) }));
  return { benchmark: name, title, evaluated_on: evaluated.split, visits: evaluated.visits, labels: evaluated.labels, rows: [...ours, ...published], differs: [...benchmark.differs, ...differs], cite };
}

const percent = (figures: Record<string, number | null>): Record<string, number | null> =>
  Object.fromEntries(Object.entries(figures).map(([figure, value]) => [figure, value === null || Number.isNaN(value) ? null : 100 * value]));

/** A dialect's columns: the figures that are published in it; of a dialect without any, all of ours. */
function figuresOf({ rows }: BenchmarkResults, dialect: string): string[] {
  const named = (own: readonly ResultRow[]): string[] => [...new Set(own.flatMap(({ figures }) => Object.keys(figures[dialect] ?? {})))];
  const published = named(rows.filter(({ source }) => source !== 'ours'));
  return published.length ? published : named(rows);
}

/** Markdown: a table a dialect, then what differs and whom to cite. Figures are percentages. */
export function resultsMarkdown(results: BenchmarkResults): string {
  const dialects = [...new Set(results.rows.flatMap(({ figures }) => Object.keys(figures)))];
  return [
    `# ${results.title}`, '',
    `${results.evaluated_on}: ${results.visits} visits, ${results.labels} labels. Percentages; figures of two dialects are never in one table (docs/metrics.md).`, '',
    ...dialects.flatMap((dialect) => [...dialectTable(results, dialect), '']),
    ...(results.differs.length ? ['## Where ours is not what the papers did', '', ...results.differs.map((text) => `- ${text}`), ''] : []),
    `Cite: ${results.cite}`, '',
  ].join('\n');
}

function dialectTable(results: BenchmarkResults, dialect: string): string[] {
  const figures = figuresOf(results, dialect);
  const cell = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : value.toFixed(1));
  const rows = results.rows.filter((row) => row.figures[dialect]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `## ${dialect}`, '',
    line(['model', ...figures, 'source']),
    line(['---', ...figures.map(() => '---:'), '---']),
    ...rows.map((row) => line([row.model, ...figures.map((figure) => cell(row.figures[dialect]![figure])), row.source])),
  ];
}
