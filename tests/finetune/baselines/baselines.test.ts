/** Baselines: cases by hand, and properties that no reference is needed for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_ROWS, columnBlock, columnBlocks } from '../../../finetune/baselines/column-block.js';
import { besides, type Csr, csrFromRows, denseRow, takeRows } from '../../../finetune/baselines/csr.js';
import { fitLabelFrequency } from '../../../finetune/baselines/label-frequency.js';
import { LANES, laneValues } from '../../../finetune/baselines/lanes.js';
import { minimise, type Objective } from '../../../finetune/baselines/lbfgs.js';
import { fitLogistic, type LogisticOptions } from '../../../finetune/baselines/logistic.js';
import { fitOneVsRest, scoreLabels } from '../../../finetune/baselines/one-vs-rest.js';
import { choosePenalty } from '../../../finetune/baselines/penalty.js';
import { countPairs, hashPair, type PairCounts } from '../../../finetune/baselines/pairs.js';
import { openBlockKernel } from '../../../finetune/baselines/simd/block-kernel.js';
import { fitTfidf, fitTransform, tfidfDefaults } from '../../../finetune/baselines/tfidf.js';
import { openThreads } from '../../../finetune/baselines/threads.js';
import { words } from '../../../finetune/baselines/words.js';
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
    expect(() => fitTfidf(['one two', 'three'], { minDf: 2 })).toThrow(/at least 2 of 2 texts; lower min_df/);
  });

  it('does not depend on texts that come later', () => {
    const fitted = fitTfidf(['fever and cough', 'fever']);
    const alone = denseRow(fitted.transform(['cough fever']), 0);
    expect(denseRow(fitted.transform(['other', 'cough fever']), 1)).toEqual(alone);
  });

  it('counts pairs of neighbours, not across words that are too rare or too short', () => {
    const fitted = fitTfidf(['chest pain', 'chest x pain', 'chest rare pain'], { ngrams: [2, 2] });
    expect(fitted.terms).toEqual(['chest pain', 'chest rare', 'rare pain']);
    expect([...fitted.documents]).toEqual([2, 1, 1]);
  });

  const texts = Array.from({ length: BLOCK_ROWS + 7 }, () => Array.from({ length: rng.integer(9) }, () => `w${rng.integer(30)}`).join(' '));
  const batches = async function* () {
    for (let i = 0; i < texts.length; i += BLOCK_ROWS) yield texts.slice(i, i + BLOCK_ROWS);
  };

  it('is the same from a stream of batches as from all texts at once', async () => {
    const options = { ...tfidfDefaults, ngrams: [1, 2] as const, minDf: 3, maxFeatures: 101, sublinear: true };
    const threads = openThreads(1, new AbortController().signal);
    const { tfidf, blocks } = await fitTransform(batches(), options, threads);
    const fitted = fitTfidf(texts, options);
    expect(tfidf.terms).toEqual(fitted.terms);
    expect(tfidf.idf).toEqual(fitted.idf);
    expect(blocks).toEqual(columnBlocks(fitted.transform(texts)));
  });
});

describe('pairs of words', () => {
  const ids = Int32Array.from({ length: 997 }, () => rng.integer(23));
  const texts = { ids, offsets: Int32Array.of(0, 100, 100, 613, 997), wordOf: Int32Array.from({ length: 23 }, (_, id) => (id % 7 ? id + 100 : -1)) };

  /** In plain maps. */
  function counted(): Map<string, { total: number; documents: Set<number> }> {
    const counts = new Map<string, { total: number; documents: Set<number> }>();
    texts.offsets.slice(1).forEach((end, text) => {
      for (let i = texts.offsets[text]! + 1; i < end; i++) {
        const [a, b] = [texts.wordOf[ids[i - 1]!]!, texts.wordOf[ids[i]!]!];
        if (a < 0 || b < 0) continue;
        const entry = counts.get(`${a} ${b}`) ?? { total: 0, documents: new Set() };
        counts.set(`${a} ${b}`, { total: entry.total + 1, documents: entry.documents.add(text) });
      }
    });
    return counts;
  }

  const rowsOf = (counts: PairCounts): string[] => Array.from(counts.first, (a, i) => `${a} ${counts.second[i]!}: ${counts.totals[i]!} in ${counts.documents[i]!}`);

  it('are counted as by a map, in one share or in several', () => {
    const expected = [...counted()].filter(([, { documents }]) => documents.size >= 2).map(([pair, { total, documents }]) => `${pair}: ${total} in ${documents.size}`).sort();
    for (const shares of [1, 3]) {
      const found = Array.from({ length: shares }, (_, share) => countPairs({ batches: [texts], share, shares, minDf: 2, most: Infinity }));
      expect(found.flatMap(rowsOf).sort()).toEqual(expected);
      expect(found.every(({ first }) => first.length > 0)).toBe(true);
    }
  });

  it('of which few are wanted keep the most frequent, with their equals', () => {
    const totals = [...counted().values()].map(({ total }) => total).sort((a, b) => b - a);
    const found = countPairs({ batches: [texts], share: 0, shares: 1, minDf: 1, most: 5 });
    expect([...found.totals].sort((a, b) => b - a)).toEqual(totals.filter((total) => total >= totals[4]!));
  });

  it('have hashes that fill all shares alike', () => {
    const filled = new Int32Array(16);
    for (let a = 0; a < 64; a++) for (let b = 0; b < 64; b++) filled[hashPair(a, b) >>> 28]!++;
    for (const count of filled) expect(Math.abs(count - 256)).toBeLessThan(80);
  });
});

const laned = (length: number): Float64Array => Float64Array.from({ length: length * LANES }, () => rng.normal());
const laneOf = (values: Float64Array, lane: number): Float64Array => values.filter((_, i) => i % LANES === lane);

describe('sparse matrices', () => {
  const sparse = csrFromRows(randomRows(5, 7, 0.5), 7);
  const dense = (matrix: Csr): Float64Array[] => Array.from({ length: matrix.rows }, (_, row) => denseRow(matrix, row));

  it('stand beside each other, each times its factor', () => {
    const other = csrFromRows(randomRows(5, 3, 0.5), 3);
    const expected = dense(sparse).map((row, i) => Float64Array.of(...row.map((value) => 2 * value), ...denseRow(other, i).map((value) => -value)));
    expect(dense(besides([{ matrix: sparse, factor: 2 }, { matrix: other, factor: -1 }])).map((row) => row.map((value) => value + 0))).toEqual(expected.map((row) => row.map((value) => value + 0)));
  });

  it('give their rows, repeated ones too', () => {
    expect(dense(takeRows(sparse, [4, 0, 4]))).toEqual([4, 0, 4].map((row) => denseRow(sparse, row)));
  });
});

describe('blocks of rows', () => {
  const sparse = csrFromRows(randomRows(13, 7, 0.5), 7);
  const rows = Array.from({ length: 13 }, (_, i) => denseRow(sparse, i));

  it('hold the entries of their rows, column by column', () => {
    const { columns, counts, entryRows, values, ...block } = columnBlock(sparse, 2, 11);
    const seen = rows.slice(2, 11).map(() => new Float64Array(7));
    let k = 0;
    columns.forEach((column, at) => {
      for (const end = k + counts[at]!; k < end; k++) seen[entryRows[k]!]![column] = values[k]!;
    });
    expect(block.rows).toBe(9);
    expect(k).toBe(values.length);
    expect(seen).toEqual(rows.slice(2, 11));
  });

  it('give the products of each lane, as plain sums do to the last bit', () => {
    const block = columnBlock(sparse);
    const kernel = openBlockKernel(7, [block]);
    const [w, r, g] = [laned(7), laned(13), laned(7)];
    kernel.load(block);
    kernel.weights.set(w);
    kernel.multiply();
    const forward = kernel.rows.slice(0, 13 * LANES);
    kernel.rows.set(r);
    kernel.gradient.set(g);
    kernel.multiplyTransposed();
    for (let lane = 0; lane < LANES; lane++) {
      rows.forEach((row, i) => expect(laneOf(forward, lane)[i]).toBe(row.reduce((sum, value, j) => sum + value * laneOf(w, lane)[j]!, 0)));
      for (let j = 0; j < 7; j++) expect(laneOf(kernel.gradient, lane)[j]).toBe(rows.reduce((sum, row, i) => sum + row[j]! * laneOf(r, lane)[i]!, laneOf(g, lane)[j]!));
    }
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
  const settings: Partial<LogisticOptions>[] = [{}, { classWeight: 'balanced' }, { intercept: 'penalised' }];

  it.each(settings)('has a zero gradient at its solutions, also where the classes are separable: %o', (setting) =>
    fc.assert(
      fc.property(fc.array(fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), { minLength: 1, maxLength: LANES + 3 }), fc.constantFrom(0.1, 1, 100), (flags, C) => {
        fc.pre(flags.every((lane) => lane.includes(true) && lane.includes(false)));
        const X = csrFromRows(randomRows(9, 5, 0.7), 5);
        const targets = flags.map((lane) => Uint8Array.from(lane, Number));
        const options: LogisticOptions = { C, classWeight: 'none', intercept: 'free', tolerance: 1e-6, ...setting };
        const { weights, intercepts, converged } = fitLogistic({ columns: 5, blocks: columnBlocks(X), targets, options });
        expect(converged).toEqual(targets.map(() => true));
        targets.forEach((target, k) => {
          const own = weights.subarray(k * 5, (k + 1) * 5);
          const gradient = [...own, options.intercept === 'penalised' ? intercepts[k]! : 0];
          target.forEach((value, i) => {
            const row = denseRow(X, i);
            const margin = intercepts[k]! + row.reduce((sum, x, c) => sum + x * own[c]!, 0);
            const members = target.filter((other) => other === value).length;
            const weight = options.classWeight === 'balanced' ? (C * 9) / (2 * members) : C;
            const residual = weight * (1 / (1 + Math.exp(-margin)) - value);
            row.forEach((x, c) => (gradient[c]! += residual * x));
            gradient[5]! += residual;
          });
          for (const g of gradient) expect(Math.abs(g)).toBeLessThan(1e-3 * Math.max(1, C));
        });
      }),
      { numRuns: 30 },
    ));

  it('is the same over several blocks of rows as over one: three thousand rows that are ten', () => {
    const ten = randomRows(10, 5, 0.7);
    const flags = Uint8Array.from(ten, (_, i) => Number(i % 3 === 0));
    const times = (n: number) => ({ X: csrFromRows(Array.from({ length: 10 * n }, (_, i) => ten[i % 10]!), 5), target: Uint8Array.from({ length: 10 * n }, (_, i) => flags[i % 10]!) });
    const fit = ({ X, target }: ReturnType<typeof times>, C: number) =>
      fitLogistic({ columns: 5, blocks: columnBlocks(X), targets: [target], options: { C, classWeight: 'none', intercept: 'free', tolerance: 1e-9 } });
    const [few, many] = [fit(times(1), 300), fit(times(300), 1)];
    many.weights.forEach((weight, j) => expect(weight).toBeCloseTo(few.weights[j]!, 3));
  });
});

describe('one-vs-rest', () => {
  const X = csrFromRows(randomRows(13, 29, 0.4), 29);
  const labels = X.offsets.subarray(1).reduce<number[][]>((rows, _, i) => [...rows, [3, ...(i % 3 ? [0] : []), ...(i === 5 ? [1] : [])]], []);

  it('gives 0 to labels never seen and 1 to labels always seen', () => {
    const scores = scoreLabels(X, fitOneVsRest(X, labels, 4, {}));
    expect(scores.length).toBe(13 * 4);
    for (let v = 0; v < 13; v++) expect([scores[v * 4 + 2], scores[v * 4 + 3]]).toEqual([0, 1]);
  });

  it('separates the training rows when the penalty is weak, and is deterministic', () => {
    const scores = scoreLabels(X, fitOneVsRest(X, labels, 4, { C: 1000 }));
    labels.forEach((row, v) => [0, 1].forEach((label) => expect(scores[v * 4 + label]! > 0.5).toBe(row.includes(label))));
    expect(scoreLabels(X, fitOneVsRest(X, labels, 4, { C: 1000 }))).toEqual(scores);
  });

  it('fits more labels than lie side by side', () => {
    const many = labels.map((_, i) => Array.from({ length: 19 }, (_unused, label) => label).filter((label) => (i + label) % 3 === 0));
    const scores = scoreLabels(X, fitOneVsRest(X, many, 19, { C: 1000 }));
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
