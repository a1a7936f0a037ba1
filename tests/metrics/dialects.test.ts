/** Dialects on cases computed by hand, chosen where they disagree with each other. */
import { describe, expect, it } from 'vitest';
import { caml } from '../../src/metrics/dialects/caml.js';
import { codingFigures } from '../../src/metrics/dialects/coding-input.js';
import { edin } from '../../src/metrics/dialects/edin.js';
import { gbertMedication } from '../../src/metrics/dialects/gbert.js';
import { safedrug } from '../../src/metrics/dialects/safedrug.js';
import { type CodingDialect, evaluateCoding } from '../../src/metrics/evaluate-coding.js';

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

// Patient 0 has visits 0 and 1, patient 1 has visit 2.
const medication = {
  scores: Float64Array.from([0.5, 0.4, 0.1, /**/ 0.9, 0.8, 0.7, /**/ 0.2, 0.6, 0.35]),
  labels: Uint8Array.from([1, 1, 0, /**/ 1, 0, 1, /**/ 0, 0, 1]),
  V: 3,
  L: 3,
};

describe('safedrug', () => {
  it('averages within patients first, counts 0.5 as positive and pools interactions', () => {
    const figures = safedrug({ ...medication, patients: [7, 7, 9], interactions: [[2, 0], [0, 1]] });
    expect(figures.jaccard).toBeCloseTo(((1 / 2 + 2 / 3) / 2 + 0) / 2, 12);
    expect(figures.precision).toBeCloseTo(((1 + 2 / 3) / 2 + 0) / 2, 12);
    expect(figures.recall).toBeCloseTo(((1 / 2 + 1) / 2 + 0) / 2, 12);
    expect(figures.f1).toBeCloseTo(((2 / 3 + 4 / 5) / 2 + 0) / 2, 12);
    expect(figures.prauc).toBeCloseTo(((1 + (1 + 2 / 3) / 2) / 2 + 1 / 2) / 2, 12);
    expect(figures.mean_medications).toBeCloseTo(5 / 3, 12);
    expect(figures.ddi_rate).toBeCloseTo(2 / 3, 12);
  });

  it('has no interaction rate without a table of interactions', () => {
    expect(safedrug({ ...medication, patients: [0, 0, 1] })).not.toHaveProperty('ddi_rate');
  });
});

describe('gbert', () => {
  it('scores visits from the second on, at > 0.3, each visit counting the same', () => {
    const figures = gbertMedication({ ...medication, sequence: [0, 1, 4] });
    expect(figures.jaccard).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12);
    expect(figures.f1).toBeCloseTo((4 / 5 + 2 / 3) / 2, 12);
    expect(figures.accuracy).toBeCloseTo(3 / 6, 12); // at > 0.5: visit 1 two of three right, visit 2 one of three
    expect(figures.auc).toBeCloseTo((1 / 2 + 1 / 2) / 2, 12);
  });

  it('refuses data in which no visit has a history', () => {
    expect(() => gbertMedication({ ...medication, sequence: [0, 0, 0] })).toThrow(/from the second on/);
  });
});
