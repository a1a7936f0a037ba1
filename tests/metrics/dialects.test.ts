/** Dialects on cases computed by hand, chosen where they disagree with each other. */
import { describe, expect, it } from 'vitest';
import { caml } from '../../src/metrics/dialects/caml.js';
import { codingFigures } from '../../src/metrics/dialects/coding-input.js';
import { edin } from '../../src/metrics/dialects/edin.js';
import { type CodingDialect, evaluateCoding } from '../../src/metrics/evaluate-coding.js';
import { evaluateTask, figuresByFrequency, taskStatistic } from '../../src/metrics/evaluate-task.js';

// Three visits, five labels. Labels 3 and 4 are never gold; label 4 is predicted once.
const coding = {
  scores: Float64Array.from([0.9, 0.5, 0.1, 0.2, 0.0, /**/ 0.8, 0.7, 0.3, 0.1, 0.6, /**/ 0.4, 0.2, 0.9, 0.1, 0.0]),
  labels: Uint8Array.from([1, 1, 0, 0, 0, /**/ 1, 0, 1, 0, 0, /**/ 0, 0, 1, 0, 0]),
  V: 3,
  L: 5,
};

describe('caml', () => {
  it('takes the mean over all labels, and the harmonic mean of macro-precision and macro-recall', () => {
    const figures = caml(codingFigures(coding));
    // Positive at > 0.5: label 0 twice (2 right), label 1 once (0 right, of 1), label 2 once (1 right, of 2), label 4 once (wrong).
    expect(figures.micro_precision).toBeCloseTo(3 / 5, 9);
    expect(figures.micro_recall).toBeCloseTo(3 / 5, 9);
    expect(figures.micro_accuracy).toBeCloseTo(3 / 7, 9);
    expect(figures.macro_precision).toBeCloseTo((1 + 0 + 1 + 0 + 0) / 5, 9);
    expect(figures.macro_recall).toBeCloseTo((1 + 0 + 1 / 2 + 0 + 0) / 5, 9);
    expect(figures.macro_f1).toBeCloseTo((2 * 0.4 * 0.3) / 0.7, 9);
    expect(figures.macro_accuracy).toBeCloseTo((1 + 0 + 1 / 2) / 5, 9);
  });
});

describe('edin', () => {
  it('takes the mean F1 over the labels present', () => {
    const figures = edin(codingFigures(coding), 0.5);
    expect(figures.macro_f1).toBeCloseTo((1 + 0 + 2 / 3) / 3, 9);
    expect(figures.exact_match_ratio).toBeCloseTo(1 / 3, 9);
    // Average precisions: (1 + 1)/2; gold at ranks 1 and 4: (1 + 2/4)/2; 1.
    expect(figures.map).toBeCloseTo((1 + 0.75 + 1) / 3, 9);
    expect(figures.r_precision).toBeCloseTo((1 + 0.5 + 1) / 3, 9);
    expect(figures.precision_at_5).toBeCloseTo((2 + 2 + 1) / 15, 9);
  });

  it('counts gold codes outside the label space as missed', () => {
    const figures = edin(codingFigures({ ...coding, goldCounts: Int32Array.from([2, 4, 2]) }), 0.5);
    expect(figures.micro_recall).toBeCloseTo(3 / 8, 9);
    expect(figures.map).toBeCloseTo((1 + 1.5 / 4 + 1 / 2) / 3, 9);
    expect(figures.recall_at_10).toBeCloseTo((1 + 2 / 4 + 1 / 2) / 3, 9);
    expect(figures.exact_match_ratio).toBe(0);
    expect(figures.micro_auc).toBe(edin(codingFigures(coding), 0.5).micro_auc);
  });
});

describe('evaluateCoding', () => {
  const input = { scores: coding.scores, labels: coding.labels, threshold: 0.5 };

  it('gives CodiEsp means over the run or over the gold documents', () => {
    const labels = coding.labels.slice().fill(0, 10); // the third visit has no gold code
    const goldCounts = Int32Array.from([2, 2, 0]);
    const result = evaluateCoding({ ...input, labels, goldCounts, dialects: ['codiesp-official', 'codiesp-strict', 'edin'] });
    expect(result['codiesp-official']!.map).toBeCloseTo((1 + 0.75) / 3, 9);
    expect(result['codiesp-strict']!.map).toBeCloseTo((1 + 0.75) / 2, 9);
    expect(result['edin']!.map).toBeCloseTo((1 + 0.75) / 2, 9);
    expect(result['codiesp-strict']!.precision).toBeCloseTo(2 / 5, 9);
  });

  it('does not depend on the order or number of visits beside one', () => {
    const goldCounts = Int32Array.from([2, 2, 1]);
    const all = evaluateCoding({ ...input, goldCounts, dialects: ['edin'] })['edin']!;
    const maps = [0, 1, 2].map((v) => {
      const row = { scores: input.scores.slice(v * 5, v * 5 + 5), labels: input.labels.slice(v * 5, v * 5 + 5), goldCounts: goldCounts.slice(v, v + 1) };
      return evaluateCoding({ ...row, threshold: 0.5, dialects: ['edin'] })['edin']!['map']!;
    });
    expect(all['map']).toBeCloseTo((maps[0]! + maps[1]! + maps[2]!) / 3, 12);
  });

  it('names what is wrong with its input', () => {
    const goldCounts = Int32Array.from([2, 2, 1]);
    const run = (change: object): unknown => evaluateCoding({ ...input, goldCounts, dialects: ['edin'], ...change });
    expect(() => run({ dialects: ['macro' as CodingDialect] })).toThrow(/dialect macro: expected one of caml, edin/);
    expect(() => run({ goldCounts: Int32Array.from([2, 1, 1]) })).toThrow(/goldCounts of visit 1 is 1, fewer than its 2/);
    expect(() => run({ scores: input.scores.map((s, i) => (i === 7 ? NaN : s)) })).toThrow(/visit 1, label 2 is NaN/);
    expect(() => run({ labels: input.labels.slice(1) })).toThrow(/labels should hold V × L = 3 × 5/);
    expect(() => run({ goldCounts: new Int32Array(0) })).toThrow(/V = 0/);
  });
});

// One patient has the first two visits, another the third.
const medication = {
  scores: Float64Array.from([0.5, 0.4, 0.1, /**/ 0.9, 0.8, 0.7, /**/ 0.2, 0.6, 0.35]),
  labels: Uint8Array.from([1, 1, 0, /**/ 1, 0, 1, /**/ 0, 0, 1]),
  goldCounts: Int32Array.of(2, 2, 1),
  patients: ['b', 'b', 'a'],
  V: 3,
  L: 3,
  threshold: 0.99,
};
// Labels 0 and 2 interact, 0 and 1 too.
const interactions = { L: 3, interacts: Uint8Array.of(0, 1, 1, 1, 0, 0, 1, 0, 0) };
const score = (dialect: string, change: object = {}) => evaluateTask('medication', { ...medication, ...change, dialects: [dialect] })[dialect]!;

describe('safedrug', () => {
  it('averages within patients first, counts 0.5 as positive and pools interactions', () => {
    const figures = score('safedrug', { interactions });
    expect(figures['jaccard']).toBeCloseTo(((1 / 2 + 2 / 3) / 2 + 0) / 2, 12);
    expect(figures['precision']).toBeCloseTo(((1 + 2 / 3) / 2 + 0) / 2, 12);
    expect(figures['recall']).toBeCloseTo(((1 / 2 + 1) / 2 + 0) / 2, 12);
    expect(figures['f1']).toBeCloseTo(((2 / 3 + 4 / 5) / 2 + 0) / 2, 12);
    expect(figures['prauc']).toBeCloseTo(((1 + (1 + 2 / 3) / 2) / 2 + 1 / 2) / 2, 12);
    expect(figures['mean_medications']).toBeCloseTo(5 / 3, 12);
    // One visit predicts two or more: 0, 1 and 2; of its pairs 0–1 and 0–2 interact, 1–2 does not.
    expect(figures['ddi_rate']).toBeCloseTo(2 / 3, 12);
  });

  it('pools the rate of interactions over visits, and has none without a table', () => {
    const scores = Float64Array.from([0.9, 0.9, 0.1, /**/ 0.9, 0.8, 0.7, /**/ 0.2, 0.6, 0.35]);
    expect(score('safedrug', { scores, interactions })['ddi_rate']).toBeCloseTo((1 + 2) / (1 + 3), 12); // the mean of the visits would be (1 + 2/3) / 2
    expect(score('safedrug')).not.toHaveProperty('ddi_rate');
  });

  it('counts gold medications outside the label space as missed', () => {
    const figures = score('safedrug', { goldCounts: Int32Array.of(2, 4, 1) });
    expect(figures['recall']).toBeCloseTo(((1 / 2 + 2 / 4) / 2 + 0) / 2, 12);
    expect(figures['jaccard']).toBeCloseTo(((1 / 2 + 2 / 5) / 2 + 0) / 2, 12);
    expect(figures['prauc']).toBeCloseTo(((1 + (1 + 2 / 3) / 4) / 2 + 1 / 2) / 2, 12);
  });
});

describe('gbert', () => {
  it('decides at > 0.3, each visit counting the same, cells at > 0.5', () => {
    const figures = score('gbert');
    expect(figures['jaccard']).toBeCloseTo((1 + 2 / 3 + 1 / 2) / 3, 12);
    expect(figures['f1']).toBeCloseTo((1 + 4 / 5 + 2 / 3) / 3, 12);
    expect(figures['accuracy']).toBeCloseTo((1 + 2 + 1) / 9, 12); // 0.5 itself is negative
    expect(figures['auc']).toBeCloseTo((1 + 1 / 2 + 1 / 2) / 3, 12);
  });
});

describe('figures by frequency', () => {
  it('splits labels at 10 and 100 training visits; labels never trained on are rare', () => {
    const bins = figuresByFrequency({ ...coding, labelCounts: [101, 100, 11, 10, 0], threshold: 0.5 });
    expect(Object.values(bins).map(({ labels }) => labels)).toEqual([2, 2, 1]);
    expect(bins.rare).toEqual({ labels: 2, present: 0, macro_auc: NaN, macro_auprc: NaN, macro_f1: NaN, micro_f1: NaN });
    // Label 1 scores its visit second of three, label 2 its two visits first and second; at > 0.5 label 1 hits 0 of 1 with 1, label 2 hits 1 of 2 with 1.
    expect(bins.middle['macro_auc']).toBeCloseTo((1 / 2 + 1) / 2, 12);
    expect(bins.middle['macro_auprc']).toBeCloseTo((1 / 2 + 1) / 2, 12);
    expect(bins.middle['macro_f1']).toBeCloseTo((0 + 2 / 3) / 2, 12);
    expect(bins.middle['micro_f1']).toBeCloseTo(2 / 5, 12);
    expect(bins.frequent).toEqual({ labels: 1, present: 1, macro_auc: 1, macro_auprc: 1, macro_f1: 1, micro_f1: 1 });
  });

  it('wants a count for each label', () => {
    expect(() => figuresByFrequency({ ...coding, labelCounts: [1], threshold: 0.5 })).toThrow(/labelCounts should hold L = 5 values, got 1/);
  });
});

describe('evaluateTask', () => {
  it('names a dialect of another task and what does not fit together', () => {
    expect(() => score('caml')).toThrow(/dialect caml: expected one of gbert, safedrug for medication/);
    expect(() => score('gbert', { patients: ['a'] })).toThrow(/patients should hold V = 3 values, got 1/);
    expect(() => score('gbert', { goldCounts: Int32Array.of(2, 1, 1) })).toThrow(/goldCounts of visit 1 is 1, fewer than its 2/);
    expect(() => score('safedrug', { interactions: { ...interactions, L: 2 } })).toThrow(/interactions are of 2 labels, the scores of L = 3/);
    expect(() => taskStatistic('readmission', 'gbert.f1', { ...medication })).toThrow(/figure gbert\.f1 of readmission: expected one of gbert-readmission\.macro_f1/);
  });
});
