/** Baselines: cases by hand, and properties that no reference is needed for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { besides, type Csr, csrFromRows, denseRow, takeRows, transpose } from '../../../finetune/baselines/csr.js';
import { sparseDesign } from '../../../finetune/baselines/design.js';
import { fitLabelFrequency } from '../../../finetune/baselines/label-frequency.js';
import { LANES, laneValues } from '../../../finetune/baselines/lanes.js';
import { minimise, type Objective } from '../../../finetune/baselines/lbfgs.js';
import { fitLogistic } from '../../../finetune/baselines/logistic.js';
import { fitOneVsRest } from '../../../finetune/baselines/one-vs-rest.js';
import { choosePenalty } from '../../../finetune/baselines/penalty.js';
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

const laned = (length: number): Float64Array => Float64Array.from({ length: length * LANES }, () => rng.normal());
const laneOf = (values: Float64Array, lane: number): Float64Array => values.filter((_, i) => i % LANES === lane);

describe('sparse matrices', () => {
  const sparse = csrFromRows(randomRows(5, 7, 0.5), 7);
  const dense = (matrix: Csr): Float64Array[] => Array.from({ length: matrix.rows }, (_, row) => denseRow(matrix, row));

  it('transpose', () => {
    const transposed = dense(transpose(sparse));
    dense(sparse).forEach((row, i) => row.forEach((value, j) => expect(transposed[j]![i]).toBe(value)));
    expect(dense(transpose(transpose(sparse)))).toEqual(dense(sparse));
  });

  it('stand beside each other, each times its factor', () => {
    const other = csrFromRows(randomRows(5, 3, 0.5), 3);
    const expected = dense(sparse).map((row, i) => Float64Array.of(...row.map((value) => 2 * value), ...denseRow(other, i).map((value) => -value)));
    expect(dense(besides([{ matrix: sparse, factor: 2 }, { matrix: other, factor: -1 }])).map((row) => row.map((value) => value + 0))).toEqual(expected.map((row) => row.map((value) => value + 0)));
  });

  it('give their rows, repeated ones too', () => {
    expect(dense(takeRows(sparse, [4, 0, 4]))).toEqual([4, 0, 4].map((row) => denseRow(sparse, row)));
  });
});

describe('design', () => {
  it('gives the products of each lane', () => {
    const sparse = csrFromRows(randomRows(5, 7, 0.5), 7);
    const rows = Array.from({ length: 5 }, (_, i) => denseRow(sparse, i));
    const [w, r] = [laned(7), laned(5)];
    const design = sparseDesign(sparse);
    const [forward, back] = [laned(5), laned(7)];
    design.multiply(w, forward);
    design.multiplyTransposed(r, back);
    for (let lane = 0; lane < LANES; lane++) {
      rows.forEach((row, i) => expect(laneOf(forward, lane)[i]).toBeCloseTo(row.reduce((sum, value, j) => sum + value * laneOf(w, lane)[j]!, 0), 12));
      for (let j = 0; j < 7; j++) expect(laneOf(back, lane)[j]).toBeCloseTo(rows.reduce((sum, row, i) => sum + row[j]! * laneOf(r, lane)[i]!, 0), 12);
    }
    design.squares.forEach((square, j) => expect(square).toBeCloseTo(rows.reduce((sum, row) => sum + row[j]! ** 2, 0), 12));
  });
});

describe('L-BFGS', () => {
  /** Lane k has its minimum at x = k·(0, 1, 2, …); the condition number is 4,096. */
  const quadratic: Objective = (x, gradient) => {
    const values = laneValues();
    x.forEach((xi, at) => {
      const [i, lane] = [Math.floor(at / LANES), at % LANES];
      gradient[at] = 2 ** i * (xi - lane * i);
      values[lane]! += (2 ** i * (xi - lane * i) ** 2) / 2;
    });
    return values;
  };

  it.each([[undefined], [Float64Array.from({ length: 13 * LANES }, (_, at) => 2 ** -Math.floor(at / LANES))]])('finds the minimum of each lane of an ill-conditioned quadratic', (inverseDiagonal) => {
    const { x, converged, iterations } = minimise(quadratic, laned(13), { tolerance: 1e-12, maxIterations: 500, memory: 10, inverseDiagonal });
    expect(converged).toEqual(new Array(LANES).fill(true));
    x.forEach((xi, at) => expect(xi).toBeCloseTo((at % LANES) * Math.floor(at / LANES), 5));
    if (inverseDiagonal) expect(iterations).toBeLessThanOrEqual(2); // the exact Hessian: one Newton step
  });

  it('reports lanes that run into the limit', () => {
    const objective: Objective = (x, gradient) => x.map((xi, lane) => ((gradient[lane] = lane ? xi : 4 * xi ** 3), lane ? xi ** 2 / 2 : xi ** 4));
    const { iterations, converged } = minimise(objective, laneValues(5), { tolerance: 1e-12, maxIterations: 9, memory: 3 });
    expect(iterations).toBe(9);
    expect(converged).toEqual([false, ...new Array(LANES - 1).fill(true)]);
  });
});

describe('logistic regression', () => {
  it('has a zero gradient at its solutions, also where the classes are separable', () =>
    fc.assert(
      fc.property(fc.array(fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), { minLength: 1, maxLength: LANES }), fc.constantFrom(0.1, 1, 100), (flags, C) => {
        fc.pre(flags.every((lane) => lane.includes(true) && lane.includes(false)));
        const X = csrFromRows(randomRows(9, 5, 0.7), 5);
        const targets = flags.map((lane) => Uint8Array.from(lane, Number));
        const { weights, intercepts, converged } = fitLogistic(sparseDesign(X), targets, { C, tolerance: 1e-6 });
        expect(converged).toEqual(targets.map(() => true));
        targets.forEach((target, lane) => {
          const own = laneOf(weights, lane);
          const gradient = [...own, 0];
          target.forEach((value, i) => {
            const row = denseRow(X, i);
            const margin = intercepts[lane]! + row.reduce((sum, x, c) => sum + x * own[c]!, 0);
            const residual = C * (1 / (1 + Math.exp(-margin)) - value);
            row.forEach((x, c) => (gradient[c]! += residual * x));
            gradient[5]! += residual;
          });
          for (const g of gradient) expect(Math.abs(g)).toBeLessThan(1e-4 * C);
        });
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

  it('fits more labels than lie side by side', () => {
    const many = labels.map((_, i) => Array.from({ length: 19 }, (_unused, label) => label).filter((label) => (i + label) % 3 === 0));
    const scores = fitOneVsRest(X, many, 19, { C: 1000 }).scores(X);
    many.forEach((row, v) => Array.from({ length: 19 }, (_, label) => expect(scores[v * 19 + label]! > 0.5).toBe(row.includes(label))));
  });

  it('names a label or a number of rows that does not fit', () => {
    expect(() => fitOneVsRest(X, labels.slice(1), 4)).toThrow(/labels of 13 rows, got 12/);
    expect(() => fitOneVsRest(X, labels, 3)).toThrow(/row 0 has label 3, outside the L = 3 labels/);
  });
});

describe('choice of the penalty', () => {
  /** The label is on one side of a plane through 30 features, flipped in a share of the rows. */
  const data = (flipped: number) => {
    const random = createRng(3);
    const normal = Array.from({ length: 30 }, () => random.normal());
    const rows = Array.from({ length: 150 }, () => normal.map(() => random.normal()));
    const side = rows.map((row) => row.reduce((sum, x, c) => sum + x * normal[c]!, 0) > 0 !== random.bernoulli(flipped));
    const X = csrFromRows(rows.map((row) => new Map(row.map((x, c) => [c, x / Math.sqrt(30)]))), 30);
    return { X, labels: side.map((flag) => (flag ? [1] : [])), L: 2, patients: side.map((_, i) => `p${i}`), tolerance: 0.01 };
  };

  it('is strong where labels are noisy, weak where they are not', () => {
    expect(choosePenalty(data(0))).toBeGreaterThanOrEqual(100);
    expect(choosePenalty(data(0.35))).toBeLessThan(choosePenalty(data(0)));
  });

  it('keeps a patient\'s visits in one fold, so that copies of a row do not tell its label', () => {
    const { X, labels, ...rest } = data(0.35);
    const copies = Array.from({ length: 300 }, (_, i) => i % 150);
    const twice = { ...rest, X: takeRows(X, copies), labels: copies.map((row) => labels[row]!) };
    const apart = choosePenalty({ ...twice, patients: copies.map((_, i) => `q${i}`) });
    expect(choosePenalty({ ...twice, patients: copies.map((row) => `p${row}`) })).toBeLessThan(apart);
  });

  it('has an answer when no label occurs twice', () => {
    expect(choosePenalty({ ...data(0), labels: data(0).labels.map(() => []) })).toBeGreaterThan(0);
  });
});
