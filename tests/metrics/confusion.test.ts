/** Confusion matrices averaged over labels: by hand, against scikit-learn (tests/fixtures/metrics/make_confusion.py), and what always holds. */
import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaOfDecisions, averageRates, confusionByLabel, pooledRates, presentLabels, type ConfusionRates, type LabelConfusion } from '../../src/metrics/confusion.js';

const counts = (of: Record<keyof LabelConfusion, number[]>): LabelConfusion => ({
  truePositives: Int32Array.from(of.truePositives),
  falseNegatives: Int32Array.from(of.falseNegatives),
  falsePositives: Int32Array.from(of.falsePositives),
  trueNegatives: Int32Array.from(of.trueNegatives),
});

/** Ten visits; nobody carries the last label. */
const byHand = counts({ truePositives: [3, 1, 0], falseNegatives: [1, 0, 0], falsePositives: [2, 0, 5], trueNegatives: [4, 9, 5] });

const expectRates = (actual: ConfusionRates, tpr: number, tnr: number): void => {
  for (const [name, value] of Object.entries({ tpr, fnr: 1 - tpr, tnr, fpr: 1 - tnr })) expect(actual[name as keyof ConfusionRates], name).toBeCloseTo(value, 12);
};

describe('by hand', () => {
  it('pools the cells of all labels', () => expectRates(pooledRates(byHand), 4 / 5, 18 / 25));

  it('averages over the labels that some visit carries', () => {
    expect(presentLabels(byHand)).toBe(2);
    expectRates(averageRates(byHand, 'arithmetic'), (3 / 4 + 1) / 2, (4 / 6 + 1) / 2);
    expectRates(averageRates(byHand, 'support'), 4 / 5, (4 * (4 / 6) + 1) / 5);
  });

  it('leaves a label without negatives out of the second row only', () => {
    const always = counts({ truePositives: [3, 2], falseNegatives: [0, 1], falsePositives: [0, 1], trueNegatives: [0, 1] });
    expectRates(averageRates(always, 'arithmetic'), 5 / 6, 0.5);
  });

  it('is undefined where nothing is gold', () => {
    const empty = counts({ truePositives: [0], falseNegatives: [0], falsePositives: [1], trueNegatives: [1] });
    expect([averageRates(empty, 'support').tpr, averageRates(empty, 'arithmetic').tnr, pooledRates(empty).fnr]).toEqual([NaN, NaN, NaN]);
    expect(pooledRates(empty).tnr).toBe(0.5);
  });

  it('counts a score at the threshold as negative', () => {
    const matrix = { scores: Float64Array.of(0.5, 0.6, 0.5), labels: Uint8Array.of(1, 1, 0), V: 3, L: 1 };
    expect(confusionByLabel(matrix, { threshold: 0.5 })).toEqual(counts({ truePositives: [1], falseNegatives: [1], falsePositives: [0], trueNegatives: [1] }));
  });
});

describe('against scikit-learn', () => {
  const golden = JSON.parse(fs.readFileSync(new URL('../fixtures/metrics/confusion.json', import.meta.url), 'utf8'));
  const matrix = { scores: Float64Array.from(golden.scores), labels: Uint8Array.from(golden.labels), V: golden.V, L: golden.L };
  const confusion = confusionByLabel(matrix, { threshold: golden.threshold });

  it('the confusion of each label', () => {
    const { truePositives, falseNegatives, falsePositives, trueNegatives } = confusion;
    const ours = Array.from(truePositives, (_, l) => [[trueNegatives[l], falsePositives[l]], [falseNegatives[l], truePositives[l]]]);
    expect(ours).toEqual(golden.confusion);
  });

  it('its averages', () => {
    expect(presentLabels(confusion)).toBe(golden.present);
    expectRates(pooledRates(confusion), golden.micro_tpr, golden.micro_tnr);
    expectRates(averageRates(confusion, 'arithmetic'), golden.macro_tpr, golden.macro_tnr);
    expectRates(averageRates(confusion, 'support'), golden.support_tpr, golden.support_tnr);
    expect(areaOfDecisions(pooledRates(confusion))).toBeCloseTo(golden.area_of_decisions, 12);
  });
});

const dimensions = fc.record({ V: fc.integer({ min: 1, max: 13 }), L: fc.integer({ min: 1, max: 7 }) });
const matrices = dimensions.chain(({ V, L }) =>
  fc.record({
    scores: fc.array(fc.integer({ min: 0, max: 10 }), { minLength: V * L, maxLength: V * L }).map((all) => Float64Array.from(all, (tenths) => tenths / 10)),
    labels: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: V * L, maxLength: V * L }).map((all) => Uint8Array.from(all)),
    V: fc.constant(V),
    L: fc.constant(L),
  }),
);

describe('always', () => {
  it('rows sum to one; the support-weighted TPR is the micro TPR', () => {
    fc.assert(
      fc.property(matrices, fc.double({ min: 0, max: 1, noNaN: true }), (matrix, threshold) => {
        const confusion = confusionByLabel(matrix, { threshold });
        const [pooled, weighted, plain] = [pooledRates(confusion), averageRates(confusion, 'support'), averageRates(confusion, 'arithmetic')];
        for (const { tpr, fnr, tnr, fpr } of [pooled, weighted, plain]) {
          for (const total of [tpr + fnr, tnr + fpr]) if (!Number.isNaN(total)) expect(total).toBeCloseTo(1, 12);
        }
        if (presentLabels(confusion)) expect(weighted.tpr).toBeCloseTo(pooled.tpr, 12);
      }),
    );
  });
});
