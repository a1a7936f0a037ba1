/** What the experiment on a chapter found, as data: chapter.json, from which the table, the picture and the page are made. */
import { createRng } from '../../core/rng.js';
import type { DifferenceInterval } from '../../metrics/bootstrap.js';
import { goldInside } from '../../metrics/matrix.js';
import type { differenceOf } from '../difference.js';
import { spreadOf, spreadOver, type Measurement, type Run, type Spread } from '../measurements.js';
import type { FailedJob } from '../results.js';
import { readScores, type CellScores } from '../scores.js';
import { decide, decisionFigureNames, type DecisionFigure } from './decision-figures.js';
import { published, type PublishedRow } from './published.js';

/** `tuned`: where micro-F1 is highest on dev; `half`: 0.5. */
export const ruleNames = ['tuned', 'half'] as const;
export type RuleName = (typeof ruleNames)[number];

export interface RuleResult {
  threshold: Spread;
  figures: Record<DecisionFigure, Spread>;
}

export interface ChapterRow {
  name: string;
  kind: 'model' | 'reference';
  seeds: number[];
  /** Cells that failed. */
  failed: number;
  /** Figures of scores, whatever the threshold: `caml.micro_auc`, `edin.map`, …; those that were measured. */
  scores: Record<string, Spread>;
  /** Absent when every seed failed. */
  rules?: Record<RuleName, RuleResult>;
}

export interface ChapterDifference {
  figure: string;
  model: string;
  against: string;
  difference: DifferenceInterval;
}

export interface ChapterSetting {
  title: string;
  nodes: readonly string[];
  /** Whether visits without any of the labels are there, as negatives. */
  visits: 'all' | 'with-label';
  config: string;
  data: string;
  split: string;
  seeds: readonly number[];
}

export interface ChapterResults extends ChapterSetting {
  /** Of the split. */
  counts: { visits: number; visits_with_label: number; labels: number; labels_present: number };
  rows: ChapterRow[];
  differences: ChapterDifference[];
  published: readonly PublishedRow[];
  failed: FailedJob[];
}

/** Figures of scores that the table shows. */
export const scoreFigures = { 'caml.micro_auc': 'AUC micro', 'caml.macro_auc': 'AUC macro', 'edin.micro_f1': 'F1 micro', 'edin.map': 'MAP' } as const;

export interface ChapterFindings {
  measurements: readonly Measurement[];
  failed: FailedJob[];
  /** The paired bootstrap: {@link differenceOf}. */
  differ: typeof differenceOf;
}

/** @returns undefined counts are 0 when no cell was scored */
export function chapterOf(setting: ChapterSetting, { measurements, failed, differ }: ChapterFindings): ChapterResults {
  const first = measurements.flatMap(({ runs }) => runs)[0];
  return {
    ...setting,
    counts: countsOf(first && scoresOf(first)),
    rows: measurements.map(rowOf),
    differences: differencesOf(measurements.filter(({ kind }) => kind === 'model'), differ),
    published,
    failed,
  };
}

const scoresOf = ({ evaluation, row }: Run): CellScores => readScores(evaluation, row.name);

function countsOf(scores: CellScores | undefined): ChapterResults['counts'] {
  if (!scores) return { visits: 0, visits_with_label: 0, labels: 0, labels_present: 0 };
  const { V, L } = scores;
  return { visits: V, visits_with_label: goldInside(scores).filter((count) => count > 0).length, labels: L, labels_present: decide(scores, 0.5).presentLabels };
}

function rowOf(measurement: Measurement): ChapterRow {
  const { name, kind, runs, failed } = measurement;
  const figures = Object.keys(scoreFigures).flatMap((figure) => {
    const spread = spreadOf(measurement, figure);
    return spread ? [[figure, spread] as const] : [];
  });
  return { name, kind: kind === 'model' ? kind : 'reference', seeds: runs.map(({ seed }) => seed), failed, scores: Object.fromEntries(figures), ...(runs.length ? { rules: rulesOf(runs) } : {}) };
}

function rulesOf(runs: readonly Run[]): Record<RuleName, RuleResult> {
  const scored = runs.map((run) => ({ scores: scoresOf(run), tuned: run.row.threshold }));
  const at = (thresholdOf: (tuned: number) => number): RuleResult => {
    const decided = scored.map(({ scores, tuned }) => decide(scores, thresholdOf(tuned)).figures);
    const figures = decisionFigureNames.map((name) => [name, spreadOver(decided.map((of) => of[name]))]);
    return { threshold: spreadOver(scored.map(({ tuned }) => thresholdOf(tuned))), figures: Object.fromEntries(figures) as RuleResult['figures'] };
  };
  return { tuned: at((tuned) => tuned), half: at(() => 0.5) };
}

/** The first model is the baseline that the others are held against. */
function differencesOf([baseline, ...others]: readonly Measurement[], differ: typeof differenceOf): ChapterDifference[] {
  if (!baseline?.runs.length) return [];
  return others.filter(({ runs }) => runs.length).flatMap((model) =>
    ['caml.micro_auc', 'edin.map'].flatMap((figure) => {
      const difference = differ([model], [baseline], { figure, rng: createRng(0, 'bootstrap', 'chapter', model.name, figure) });
      return difference ? [{ figure, model: model.name, against: baseline.name, difference }] : [];
    }));
}
