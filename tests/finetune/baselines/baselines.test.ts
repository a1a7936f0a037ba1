/** Baselines: cases by hand, and properties that no reference is needed for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csrFromRows, denseRow } from '../../../finetune/baselines/csr.js';
import { denseDesign, sparseDesign } from '../../../finetune/baselines/design.js';
import { fitLabelFrequency } from '../../../finetune/baselines/label-frequency.js';
import { minimise } from '../../../finetune/baselines/lbfgs.js';
import { fitLogistic } from '../../../finetune/baselines/logistic.js';
import { fitOneVsRest } from '../../../finetune/baselines/one-vs-rest.js';
import { fitSpanBasis } from '../../../finetune/baselines/span-basis.js';
import { fitTfidf, words } from '../../../finetune/baselines/tfidf.js';
import { createRng } from '../../../src/core/rng.js';

const rng = createRng(11);
const randomRows = (rows: number, columns: number, density: number) =>
  Array.from({ length: rows }, () => new Map(Array.from({ length: columns }, (_, c) => c).filter(() => rng.bernoulli(density)).map((c) => [c, rng.normal()])));

describe('label frequency', () => {
  it('scores every visit by the training share of each label', () => {
    expect([...fitLabelFrequency([[0, 2], [2], [], [2, 2]], 4)(2)]).toEqual([0.25, 0, 0.75, 0, 0.25, 0, 0.75, 0]);
  });
});

describe('words', () => {
  it('are lower-case, of letters, digits and underscores, two or more', () => {
    expect(words('El niño: 38.5 ºC, x_2 a-b ΔT HbA1c')).toEqual(['el', 'niño', '38', 'ºc', 'x_2', 'δt', 'hba1c']);
  });
});

describe('TF-IDF', () => {
  it('says so when no term is frequent enough', () => {
    expect(() => fitTfidf(['one two', 'three'], { minDf: 2 })).toThrow(/at least 2 of 2 texts; lower minDf/);
  });

  it('does not depend on texts that come later', () => {
    const fitted = fitTfidf(['fever and cough', 'fever']);
    const alone = denseRow(fitted.transform(['cough fever']), 0);
    expect(denseRow(fitted.transform(['other', 'cough fever']), 1)).toEqual(alone);
  });
});

describe('span basis', () => {
  it('keeps all inner products, also of rows that repeat or combine others', () => {
    const rows = randomRows(11, 37, 0.3);
    rows.push(rows[2]!, new Map([...rows[3]!].map(([c, value]) => [c, -2 * value])), new Map());
    const X = csrFromRows(rows, 37);
    const basis = fitSpanBasis(X);
    expect(basis.rank).toBe(11);
    const Z = basis.coordinates(X);
    for (let a = 0; a < X.rows; a++) {
      for (let b = 0; b < X.rows; b++) {
        const [x, y] = [denseRow(X, a), denseRow(X, b)];
        const inner = x.reduce((sum, value, c) => sum + value * y[c]!, 0);
        let innerZ = 0;
        for (let k = 0; k < 11; k++) innerZ += Z[a * 11 + k]! * Z[b * 11 + k]!;
        expect(innerZ).toBeCloseTo(inner, 9);
      }
    }
  });

  it('drops what new rows have outside the span', () => {
    const training = csrFromRows([new Map([[0, 3], [1, 4]])], 3);
    const Z = fitSpanBasis(training).coordinates(csrFromRows([new Map([[0, 1]]), new Map([[2, 5]])], 3));
    expect([...Z]).toEqual([3 / 5, 0]);
  });
});

describe('designs', () => {
  it('dense and sparse give the same products', () => {
    const sparse = csrFromRows(randomRows(5, 7, 0.5), 7);
    const dense = denseDesign(Float64Array.from({ length: 35 }, (_, i) => denseRow(sparse, Math.floor(i / 7))[i % 7]!), 5, 7);
    const [w, r] = [Float64Array.from({ length: 7 }, () => rng.normal()), Float64Array.from({ length: 5 }, () => rng.normal())];
    const products = [sparseDesign(sparse), dense].map((design) => {
      const out = { forward: new Float64Array(5).fill(9), back: new Float64Array(7).fill(9) };
      design.multiply(w, out.forward);
      design.multiplyTransposed(r, out.back);
      return [...out.forward, ...out.back];
    });
    products[0]!.forEach((value, i) => expect(value).toBeCloseTo(products[1]![i]!, 12));
  });
});

describe('L-BFGS', () => {
  it('finds the minimum of an ill-conditioned quadratic', () => {
    const scales = Float64Array.from({ length: 13 }, (_, i) => 2 ** i);
    const objective = (x: Float64Array, gradient: Float64Array): number => {
      let value = 0;
      x.forEach((xi, i) => {
        gradient[i] = scales[i]! * (xi - i);
        value += (scales[i]! * (xi - i) ** 2) / 2;
      });
      return value;
    };
    const { x, converged } = minimise(objective, new Float64Array(13), { tolerance: 1e-10, maxIterations: 500, memory: 10 });
    expect(converged).toBe(true);
    x.forEach((xi, i) => expect(xi).toBeCloseTo(i, 5));
  });

  it('reports a limit that it runs into', () => {
    const objective = (x: Float64Array, gradient: Float64Array): number => ((gradient[0] = 4 * x[0]! ** 3), x[0]! ** 4);
    expect(minimise(objective, Float64Array.of(5), { tolerance: 1e-12, maxIterations: 2, memory: 3 })).toMatchObject({ iterations: 2, converged: false });
  });
});

describe('logistic regression', () => {
  it('has a zero gradient at its solution, also where the classes are separable', () =>
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), fc.constantFrom(0.1, 1, 100), (flags, C) => {
        fc.pre(flags.includes(true) && flags.includes(false));
        const X = csrFromRows(randomRows(9, 5, 0.7), 5);
        const targets = Uint8Array.from(flags, Number);
        const { weights, intercept, converged } = fitLogistic(sparseDesign(X), targets, { C, tolerance: 1e-8 });
        const gradient = [...weights, 0];
        targets.forEach((target, i) => {
          const row = denseRow(X, i);
          const margin = intercept + row.reduce((sum, value, c) => sum + value * weights[c]!, 0);
          const residual = C * (1 / (1 + Math.exp(-margin)) - target);
          row.forEach((value, c) => (gradient[c]! += residual * value));
          gradient[5]! += residual;
        });
        expect(converged).toBe(true);
        for (const g of gradient) expect(Math.abs(g)).toBeLessThan(1e-5);
      }),
      { numRuns: 50 },
    ));
});

describe('one-vs-rest', () => {
  const X = csrFromRows(randomRows(13, 29, 0.4), 29);
  const labels = X.offsets.subarray(1).reduce<number[][]>((rows, _, i) => [...rows, [3, ...(i % 3 ? [0] : []), ...(i === 5 ? [1] : [])]], []);

  it('gives 0 to labels never seen and 1 to labels always seen', () => {
    const scores = fitOneVsRest(X, labels, 4, {}).scores(X);
    expect(scores.length).toBe(13 * 4);
    for (let v = 0; v < 13; v++) expect([scores[v * 4 + 2], scores[v * 4 + 3]]).toEqual([0, 1]);
  });

  it('separates the training rows when the penalty is weak, and is deterministic', () => {
    const scores = fitOneVsRest(X, labels, 4, { C: 1000 }).scores(X);
    labels.forEach((row, v) => [0, 1].forEach((label) => expect(scores[v * 4 + label]! > 0.5).toBe(row.includes(label))));
    expect(fitOneVsRest(X, labels, 4, { C: 1000 }).scores(X)).toEqual(scores);
  });

  it('reports its progress over the labels that it fits', () => {
    const calls: [number, number][] = [];
    fitOneVsRest(X, labels, 4, { onLabel: (done, total) => calls.push([done, total]) });
    expect(calls).toEqual([[1, 2], [2, 2]]);
  });

  it('names a label or a number of rows that does not fit', () => {
    expect(() => fitOneVsRest(X, labels.slice(1), 4)).toThrow(/labels of 13 rows, got 12/);
    expect(() => fitOneVsRest(X, labels, 3)).toThrow(/row 0 has label 3, outside the L = 3 labels/);
  });
});
