/** The metrics against scikit-learn (tests/fixtures/metrics/make_golden.py). */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../../src/metrics/average-precision.js';
import { countDecisions, f1Each, microAverage } from '../../src/metrics/decisions.js';
import { codingFigures } from '../../src/metrics/dialects/coding-input.js';
import { edin } from '../../src/metrics/dialects/edin.js';
import { visitFigures } from '../../src/metrics/dialects/visit-sets.js';
import { evaluateTask } from '../../src/metrics/evaluate-task.js';
import { goldInside } from '../../src/metrics/matrix.js';
import { meanDefined } from '../../src/metrics/mean.js';
import { separateVisit } from '../../src/metrics/separation.js';

const golden = JSON.parse(fs.readFileSync(new URL('../fixtures/metrics/golden.json', import.meta.url), 'utf8'));
const { V, L, threshold } = golden as { V: number; L: number; threshold: number };
const matrix = { scores: Float64Array.from(golden.scores), labels: Uint8Array.from(golden.labels), V, L };
const figures = codingFigures(matrix);
const decisions = countDecisions(matrix, { threshold });

function expectClose(actual: ArrayLike<number>, expected: (number | null)[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => (value === null ? expect(actual[i]).toBeNaN() : expect(actual[i]).toBeCloseTo(value, 12)));
}

describe('against scikit-learn', () => {
  it('ROC areas, ties and one-class labels included', () => {
    expect(figures.microAuc).toBeCloseTo(golden.micro_auc, 12);
    expectClose(figures.aucByLabel, golden.auc_by_label);
  });

  it('average precisions', () => {
    expect(figures.microAveragePrecision).toBeCloseTo(golden.micro_ap, 12);
    expectClose(figures.averagePrecisionByLabel, golden.ap_by_label);
    expectClose(Array.from({ length: V }, (_, v) => averagePrecision(separateVisit(matrix, v))), golden.ap_by_visit);
  });

  it('precision, recall and F1', () => {
    const micro = microAverage(decisions.byLabel);
    expectClose([micro.precision, micro.recall, micro.f1], [golden.micro_precision, golden.micro_recall, golden.micro_f1]);
    expect(microAverage(decisions.byVisit)).toEqual(micro);
    expect(meanDefined(f1Each(decisions.byLabel))).toBeCloseTo(golden.macro_f1_present, 12);
  });

  it('figures of each visit and exact matches', () => {
    expectClose(visitFigures({ ...matrix, goldCounts: goldInside(matrix) }, { threshold }).jaccard, golden.jaccard_by_visit);
    expect(edin(figures, threshold).exact_match_ratio).toBeCloseTo(golden.exact_match_ratio, 12);
  });

  const taskOf = (scores: number[], labels: number[], width: number) => ({
    scores: Float64Array.from(scores),
    labels: Uint8Array.from(labels),
    goldCounts: Int32Array.from({ length: V }, (_, v) => labels.slice(v * width, (v + 1) * width).filter(Boolean).length),
    patients: Array.from({ length: V }, (_, v) => `p${v}`),
    V,
    L: width,
    threshold: 0.9,
  });

  it('medication in the gbert dialect', () => {
    const result = evaluateTask('medication', { ...taskOf(golden.scores, golden.labels, L), dialects: ['gbert'] })['gbert']!;
    expect(Object.keys(result).sort()).toEqual(Object.keys(golden.gbert).sort());
    for (const [name, value] of Object.entries(result)) expect(value, name).toBeCloseTo(golden.gbert[name], 12);
  });

  it('readmission in the gbert dialect', () => {
    const first = (values: ArrayLike<number>): number[] => Array.from({ length: V }, (_, v) => values[v * L]!);
    const run = (labels: number[]) => evaluateTask('readmission', { ...taskOf(first(golden.scores), labels, 1), dialects: ['gbert-readmission'] })['gbert-readmission']!;
    const { binary } = golden;
    const result = run(first(golden.labels));
    expectClose([result['macro_f1']!, result['accuracy']!, result['auc']!, result['auprc']!], [binary['macro_f1_at_0.3'], binary['accuracy_at_0.5'], binary.auc, binary.auprc]);
    const without = run(new Array<number>(V).fill(0));
    expect(without['macro_f1']).toBeCloseTo(binary.macro_f1_without_positives, 12);
    expect([without['auc'], without['auprc']]).toEqual([NaN, NaN]);
  });
});
