/** What a report measures, against scikit-learn and NumPy (tests/fixtures/report/golden.py): intervals over patients, calibration, curves, labels. */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/paths.js';
import { assess, reportedFigures } from '../../src/metrics/assess.js';
import { meanStatistic } from '../../src/metrics/bootstrap.js';
import { calibrate } from '../../src/metrics/calibration.js';
import { precisionRecallCurve, rocCurve } from '../../src/metrics/curves.js';
import { evaluateTask, taskStatistic } from '../../src/metrics/evaluate-task.js';
import { labelFigures } from '../../src/metrics/label-figures.js';
import { goldInside } from '../../src/metrics/matrix.js';
import { intervalOf, pairedDifference, resample } from '../../src/metrics/resample.js';
import { separateLabel } from '../../src/metrics/separation.js';

interface Golden {
  V: number;
  L: number;
  threshold: number;
  intervals: Record<string, { estimate: number; low: number; high: number; deviation: number }>;
  calibration: GoldenBins;
  calibration_from: GoldenBins;
  brier: number;
  roc: { x: number[]; y: number[] };
  precision_recall: { x: number[]; y: number[] };
  labels: { f1: number[]; auc: number[]; average_precision: number[]; support: number[] };
}

interface GoldenBins {
  share: number[];
  mean: number[];
  cells: number[];
  ece: number;
}

const golden = JSON.parse(fs.readFileSync(packageFile('tests', 'fixtures', 'report', 'golden.json'), 'utf8')) as Golden;
const { V, L, threshold } = golden;

/** The formulas of golden.py. */
function goldenInput() {
  const patientOf = (v: number): number => Math.floor(v / 3) % 53;
  const labels = new Uint8Array(V * L);
  const scores = new Float64Array(V * L);
  for (let v = 0, i = 0; v < V; v++) {
    for (let l = 0; l < L; l++, i++) {
      labels[i] = (v * 7 + l * 13 + ((v * l) % 5)) % (3 + l) === 0 ? 1 : 0;
      const noise = ((v * 7919 + l * 104729 + patientOf(v) * 31) % 1009) / 1009;
      const score = 0.25 * labels[i]! + 0.7 * noise + (0.05 * (patientOf(v) % 4)) / 3;
      scores[i] = Math.round(Math.min(0.999, Math.max(0, score)) * 1e6) / 1e6;
    }
  }
  const matrix = { scores, labels, V, L };
  return { ...matrix, threshold, goldCounts: goldInside(matrix), patients: Array.from({ length: V }, (_, v) => `p${patientOf(v)}`) };
}

const input = goldenInput();
const ofFigures = (figures: readonly string[]) => Object.fromEntries(figures.map((figure) => [figure, taskStatistic('icd-coding', figure, input)]));

describe('intervals over patients', () => {
  it('agree with NumPy’s within their Monte-Carlo error', () => {
    const figures = Object.keys(golden.intervals);
    const resamples = resample(ofFigures(figures), { patients: input.patients, replicates: 3000, seed: 3 });
    for (const figure of figures) {
      const { estimate, low, high, deviation } = golden.intervals[figure]!;
      const own = intervalOf(resamples[figure]!);
      expect(own.estimate, figure).toBeCloseTo(estimate, 9);
      // The standard error of a 2.5 % quantile is about 2.7 deviations / √replicates.
      for (const [bound, expected] of [[own.low, low], [own.high, high]] as const) expect(Math.abs(bound - expected), figure).toBeLessThan((0.2 * deviation));
    }
  });

  it('draw whole patients: where visits of a patient are alike, they are wider than over visits', () => {
    const patients = Array.from({ length: 200 }, (_, v) => String(v % 20));
    const values = patients.map((patient) => Number(patient));
    const width = (of: readonly string[]): number => {
      const { low, high } = intervalOf(resample({ mean: meanStatistic(values) }, { patients: of, replicates: 400, seed: 1 })['mean']!);
      return high - low;
    };
    const ratio = width(patients) / width(patients.map((_, v) => String(v)));
    expect(ratio).toBeGreaterThan(Math.sqrt(10) * 0.85);
    expect(ratio).toBeLessThan(Math.sqrt(10) * 1.15);
  });

  it('are the same for a figure whatever else is resampled, and for the same seed only', () => {
    const options = { patients: input.patients, replicates: 50, seed: 7 };
    const alone = resample(ofFigures(['edin.map']), options)['edin.map']!;
    expect(resample(ofFigures(['edin.micro_f1', 'edin.map']), options)['edin.map']).toEqual(alone);
    expect(resample(ofFigures(['edin.map']), { ...options, replicates: 20 })['edin.map']!.values).toEqual(alone.values.slice(0, 20));
    expect(resample(ofFigures(['edin.map']), { ...options, seed: 8 })['edin.map']!.values).not.toEqual(alone.values);
  });

  it('are moved onto the estimate where resamples are biased, and only there', () => {
    const biased = intervalOf({ estimate: 0.5, values: Float64Array.from({ length: 101 }, (_, i) => 0.6 + (i - 50) / 1000) });
    expect(biased).toMatchObject({ estimate: 0.5, moved: true });
    expect(biased.low).toBeCloseTo(0.5 - 0.0475, 9);
    expect(biased.high).toBeCloseTo(0.5 + 0.0475, 9);
    const fair = intervalOf({ estimate: 0.601, values: Float64Array.from({ length: 101 }, (_, i) => 0.6 + (i - 50) / 1000) });
    expect(fair.moved).toBe(false);
    expect(fair.low).toBeCloseTo(0.5525, 9);
  });

  it('leave undefined resamples out', () => {
    expect(intervalOf({ estimate: 1, values: Float64Array.of(NaN, 1, 1, NaN) })).toMatchObject({ low: 1, high: 1 });
    expect(intervalOf({ estimate: NaN, values: Float64Array.of(NaN) })).toMatchObject({ low: NaN, high: NaN });
  });

  it('of paired differences see what separate ones hide', () => {
    const a = { estimate: 0.51, values: Float64Array.from({ length: 100 }, (_, i) => 0.46 + i / 1000) };
    const b = { estimate: 0.5, values: a.values.map((value, i) => value - 0.01 + (i % 2 ? 0.001 : -0.001)) };
    const { estimate, low, high } = pairedDifference(a, b);
    expect(estimate).toBeCloseTo(0.01, 12);
    expect(low).toBeCloseTo(0.009, 9);
    expect(high).toBeCloseTo(0.011, 9);
  });
});

describe('calibration', () => {
  it.each([['all cells', 0, 10, golden.calibration], ['cells from a score on', 0.1, 7, golden.calibration_from]] as const)('has scikit-learn’s bins: %s', (_, from, bins, expected) => {
    const { calibration, statistics } = calibrate(input, { bins, from });
    expect(calibration.bins.map(({ cells }) => cells)).toEqual(expected.cells);
    calibration.bins.forEach(({ share, meanScore }, b) => {
      expect(share).toBeCloseTo(expected.share[b]!, 12);
      expect(meanScore).toBeCloseTo(expected.mean[b]!, 12);
    });
    const everyone = Int32Array.from({ length: V }, (_unused, v) => v);
    expect(statistics['ece']!(everyone)).toBeCloseTo(expected.ece, 12);
    expect(statistics['brier']!(everyone)).toBeCloseTo(golden.brier, 12);
  });

  it('counts every cell once in the histogram, scores of 1 too', () => {
    const matrix = { scores: Float32Array.of(0, 0.05, 0.5, 1, 0.9999, 0.049), labels: Uint8Array.of(0, 1, 0, 1, 1, 0), V: 3, L: 2 };
    const { histogram } = calibrate(matrix, { bins: 2, from: 0 }).calibration;
    expect(histogram.filter(({ cells }) => cells).map(({ from, cells, positives }) => [from, cells, positives])).toEqual([[0, 2, 0], [0.05, 1, 1], [0.5, 1, 0], [0.95, 2, 2]]);
  });

  it('has nothing to say where no score is high enough', () => {
    const { calibration, statistics } = calibrate({ scores: new Float32Array(6), labels: new Uint8Array(6), V: 3, L: 2 }, { bins: 5, from: 0.1 });
    expect(calibration.bins).toEqual([]);
    expect(statistics['ece']!(Int32Array.of(0, 1))).toBeNaN();
  });
});

describe('curves', () => {
  const separation = separateLabel(input, 2);

  it('are scikit-learn’s, point by point', () => {
    const { roc, precision_recall } = golden;
    const own = { roc: rocCurve(separation), precisionRecall: precisionRecallCurve(separation) };
    expect(own.roc).toHaveLength(roc.x.length);
    own.roc.forEach(({ x, y }, i) => expect([x, y]).toEqual([expect.closeTo(roc.x[i]!, 12), expect.closeTo(roc.y[i]!, 12)]));
    // scikit-learn stops at full recall.
    precision_recall.x.forEach((x, i) => expect([own.precisionRecall[i]!.x, own.precisionRecall[i]!.y]).toEqual([expect.closeTo(x, 12), expect.closeTo(precision_recall.y[i]!, 12)]));
  });

  it('are thinned where there are very many points, from corner to corner', () => {
    const many = { positives: Float64Array.from({ length: 5000 }, (_, i) => i + 0.5), negatives: Float64Array.from({ length: 5000 }, (_, i) => i) };
    const points = rocCurve(many);
    expect(points.length).toBeLessThan(400);
    expect([points[0], points.at(-1)]).toMatchObject([{ x: 0, y: 0 }, { x: 1, y: 1 }]);
  });

  it('are empty where a class is absent', () => {
    expect(rocCurve({ positives: Float64Array.of(1), negatives: new Float64Array(0) })).toEqual([]);
    expect(precisionRecallCurve({ positives: new Float64Array(0), negatives: Float64Array.of(1) })).toEqual([]);
  });
});

describe('labels by themselves', () => {
  it('have scikit-learn’s figures', () => {
    const figures = labelFigures(input, (_, score) => score > threshold);
    const { f1, auc, average_precision, support } = golden.labels;
    figures.forEach((own, l) => expect([own.f1, own.auc, own.averagePrecision, own.support]).toEqual([f1[l], auc[l], average_precision[l], support[l]].map((value) => expect.closeTo(value!, 9))));
  });

  it('may each have their own threshold', () => {
    const [first, second] = labelFigures({ scores: Float32Array.of(0.5, 0.5, 0.2, 0.9), labels: Uint8Array.of(1, 1, 0, 1), V: 2, L: 2 }, (label, score) => score >= [0.1, 0.6][label]!);
    expect(first).toMatchObject({ support: 1, predicted: 2, hits: 1, precision: 0.5, recall: 1 });
    expect(second).toMatchObject({ support: 2, predicted: 1, hits: 1, precision: 1, recall: 0.5, auc: NaN });
  });
});

describe('an assessment', () => {
  const options = { replicates: 20, seed: 1, decide: (_: number, score: number) => score > threshold, labelCounts: [1, 5, 10, 11, 60, 200, 3] };

  it('has the figures of the evaluation', () => {
    const { assessment } = assess('icd-coding', input, options);
    const evaluated = evaluateTask('icd-coding', { ...input, dialects: ['caml', 'edin'] });
    for (const { figure, estimate, low, high, resamples } of assessment.figures.filter((one) => !one.figure.startsWith('rare'))) {
      const [dialect, name] = figure.split('.') as [string, string];
      expect(estimate, figure).toBeCloseTo(evaluated[dialect]![name]!, 12);
      expect([low <= estimate, estimate <= high, resamples], figure).toEqual([true, true, 20]);
    }
    expect(assessment).toMatchObject({ visits: V, patients: 53, labels: L });
    expect(assessment.calibration.bins.every(({ low, share, high }) => low <= share && share <= high)).toBe(true);
    expect(assessment.binary).toBeUndefined();
  });

  it('of one label has curves and a confusion table that add up', () => {
    const one = { scores: Float64Array.of(0.9, 0.4, 0.6, 0.1, 0.5), labels: Uint8Array.of(1, 1, 0, 0, 0), V: 5, L: 1, threshold: 0.45, goldCounts: Int32Array.of(1, 1, 0, 0, 0), patients: ['a', 'a', 'b', 'c', 'd'] };
    const { assessment } = assess('readmission', one, { ...options, decide: (_, score) => score > 0.45, labelCounts: [4] });
    expect(assessment.binary!.confusion).toEqual({ truePositives: 1, falsePositives: 2, falseNegatives: 1, trueNegatives: 1 });
    expect(assessment.figures.map(({ figure }) => figure)).toEqual(reportedFigures.readmission);
    expect(assessment.figures[0]!.estimate).toBeCloseTo(4 / 6, 12);
  });

  it('names figures that exist for every task', () => {
    const { assessment } = assess('medication', input, options);
    expect(assessment.figures.map(({ figure }) => figure)).toEqual(reportedFigures.medication);
    expect(assessment.figures.every(({ estimate }) => Number.isFinite(estimate))).toBe(true);
  });
});
