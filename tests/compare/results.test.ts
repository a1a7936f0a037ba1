/** From the evaluations of cells to tables and verdicts, by hand-computed cases. */
import { describe, expect, it } from 'vitest';
import { judgeClaims, withVerdicts, type Differ, type Effect } from '../../src/compare/effects.js';
import type { Evaluation } from '../../src/compare/evaluation.js';
import { renderMarkdown } from '../../src/compare/markdown.js';
import { measurementsOf, spreadOf, type Measurement } from '../../src/compare/measurements.js';
import { planGrid, type Cell } from '../../src/compare/plan.js';
import { comparisonOf, type Comparison, type FailedJob } from '../../src/compare/results.js';
import { shareKey } from '../../src/compare/share.js';
import { renderComparisonReport } from '../../src/report/comparison-report.js';
import { gridOf, OPTIONS } from './grid-fixture.js';

const grid = gridOf();
const { cells } = planGrid(grid, OPTIONS);

/** MAP and AUC by model and share; the second seed is 0.02 better. */
const LEVELS: Record<string, Record<string, number>> = { Text: { 1: 0.5 }, Scratch: { 1: 0.6, 0.1: 0.3 }, 'Full model': { 1: 0.7, 0.1: 0.5 } };

function evaluationOf({ model, share, seed, references, evaluation }: Cell): Evaluation {
  const level = LEVELS[model.name]![shareKey(share)]! + (seed === 12 ? 0.02 : 0);
  const row = (name: string, value: number) => ({ name, threshold: 0.4, figures: { 'edin.map': value, 'caml.micro_f1': value, 'rare.macro_auc': value, 'gbert-readmission.auc': value } });
  return { dir: evaluation, visits: 40, labels: 7, inputs: [], rows: [row('model', level), ...(references ? [row('logistic regression', 0.55), row('ceiling (text + codes)', 0.8)] : [])] };
}

const measured = (evaluate: (cell: Cell) => Evaluation | undefined = evaluationOf): Measurement[] => measurementsOf(grid, cells, evaluate);

/** The difference of the means, taken for certain. */
const differ: Differ = (plus, minus, { figure }) => {
  const total = (terms: readonly Measurement[]): number => terms.reduce((sum, term) => sum + spreadOf(term, figure)!.mean, 0);
  const estimate = total(plus) - total(minus);
  return { estimate, low: estimate - 0.01, high: estimate + 0.01, pValue: 0.004 };
};

function comparison(evaluate?: (cell: Cell) => Evaluation | undefined, failed: FailedJob[] = []): Comparison {
  const measurements = measured(evaluate);
  return comparisonOf(grid, { measurements, effects: judgeClaims(grid, measurements, differ), failed, evaluationOf: (task) => evaluationOf(cells.find((cell) => cell.task === task)!) });
}

describe('measurements', () => {
  it('gather the seeds of a model, references and the ceiling, in the order of the table', () => {
    const whole = measured().filter(({ task, share }) => task === 'icd-coding' && shareKey(share) === '1');
    expect(whole.map(({ name, kind, runs }) => [name, kind, runs.length])).toEqual([
      ['LR', 'reference', 1], ['Text', 'model', 2], ['Scratch', 'model', 2], ['Full model', 'model', 2], ['Ceiling', 'ceiling', 1],
    ]);
  });

  it('have the mean and the standard deviation of the sample', () => {
    const spread = spreadOf(measured().find(({ name }) => name === 'Text')!, 'edin.map')!;
    expect(spread.mean).toBeCloseTo(0.51, 12);
    expect(spread.std).toBeCloseTo(0.02 / Math.SQRT2, 12);
  });
});

describe('claims', () => {
  const effects = judgeClaims(grid, measured(), differ);
  const lines = effects.map(({ claim, task, share, against, difference }) => [claim, task, share, against, Number(difference!.estimate.toFixed(6))]);

  it('are held against the best of the groups named', () => {
    expect(lines).toContainEqual(['above the best', 'icd-coding', 'all training patients', 'LR', 0.16]);
  });

  it('are judged at every share that both have, and by the gain with little data', () => {
    expect(lines.filter(([claim, task]) => claim === 'above scratch' && task === 'readmission')).toEqual([
      ['above scratch', 'readmission', 'all training patients', 'Scratch', 0.1],
      ['above scratch', 'readmission', '10 % of the training patients', 'Scratch', 0.2],
      ['above scratch', 'readmission', 'the gain with 10 % of the training patients above that with all training patients', 'Scratch', 0.1],
    ]);
  });

  it('are corrected over the lines of a claim', () => {
    expect(effects.filter(({ claim }) => claim === 'above scratch').map(({ pHolm }) => pHolm)).toEqual(new Array(6).fill(0.024));
  });

  it('that cells are missing for are not measured', () => {
    const broken = measured((cell) => (cell.model.name === 'Scratch' ? undefined : evaluationOf(cell)));
    expect(judgeClaims(grid, broken, differ).filter(({ claim }) => claim === 'above scratch').map(({ verdict }) => verdict)).toEqual(new Array(6).fill('not measured'));
  });

  it('that cannot be paired say so', () => {
    expect(new Set(judgeClaims(grid, measured(), () => undefined).map(({ verdict }) => verdict))).toEqual(new Set(['other visits']));
  });
});

describe('verdicts', () => {
  const judged = (estimate: number, pValue: number): Effect =>
    withVerdicts([{ claim: 'c', task: 'readmission', share: '1', figure: 'gbert-readmission.auc', model: 'A', against: 'B', difference: { estimate, low: -1, high: 1, pValue }, verdict: 'not measured' }])[0]!;

  it.each([[0.02, 0.01, 'there'], [0.02, 0.2, 'not shown'], [-0.02, 0.2, 'not shown'], [-0.02, 0.01, 'opposite'], [NaN, NaN, 'not measured']])('of %d at p = %d: %s', (estimate, p, verdict) => {
    expect(judged(estimate, p).verdict).toBe(verdict);
  });
});

describe('table.md', () => {
  const text = renderMarkdown(comparison());
  const line = (start: string): string => text.split('\n').find((one) => one.startsWith(start))!;

  it('has mean (deviation) in per cent, the best bold, and the share of the ceiling', () => {
    expect(line('| multimodal | Full model')).toContain('| **71.00 (1.41)** | **88.8 %** |');
    expect(line('| single modality | Text')).toContain('| 51.00 (1.41) | 63.7 % |');
    expect(line('| baseline | LR')).toContain('| 55.00 | 68.8 % |');
    expect(line('| ceiling | Ceiling')).toContain('| 80.00 | 100.0 % |');
  });

  it('names the dialect of every figure', () => {
    expect(line('| Group')).toContain('| icd-coding F1 (caml) | icd-coding Accuracy (caml) | icd-coding AUC (caml) | icd-coding MAP (edin) | icd-coding Rare codes (macro-AUC) |');
  });

  it('has one table a share, and says each verdict in words', () => {
    expect(text.match(/^## .*/gm)).toEqual(['## Trained on all training patients', '## Trained on 10 % of the training patients', '## What is claimed, and what is there']);
    expect(line('| above scratch | icd-coding | all')).toBe('| above scratch | icd-coding | all training patients | Full model − Scratch | MAP (edin) | +10.00 | +9.00 to +11.00 | 0.024 | there |');
  });

  it('marks failed cells, and where they say why', () => {
    const evaluate = (cell: Cell): Evaluation | undefined => (cell.model.name === 'Text' && cell.seed === 11 ? undefined : evaluationOf(cell));
    const broken = renderMarkdown(comparison(evaluate, [{ name: 'Text, seed 11', reason: 'loss is NaN\nat step 3', log: 'cells/text/log.txt' }]));
    expect(broken).toContain('| Text (2 cells failed) |');
    expect(broken).toContain('- Text, seed 11: loss is NaN at step 3 (cells/text/log.txt)');
  });
});

describe('report.html', () => {
  const about = { version: '1', synthetic: true };
  const page = renderComparisonReport(comparison(), about);

  it('holds Table III, the verdicts and Figure 3, and nothing from elsewhere', () => {
    for (const id of ['trained-on-1', 'trained-on-0-1', 'effects', 'fractions', 'notes']) expect(page).toContain(`<section id="${id}"`);
    expect(page).toContain('<strong>71.00 (1.41)</strong>');
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).not.toMatch(/<script|(src|href)="http/);
  });

  it('is the same bytes for the same results', () => {
    expect(renderComparisonReport(comparison(), about)).toBe(page);
  });

  it('escapes what users name', () => {
    const named = comparison();
    named.tables[0]!.rows[0]!.name = '<b>LR</b>';
    expect(renderComparisonReport(named, about)).toContain('&lt;b&gt;LR&lt;/b&gt;');
  });
});
