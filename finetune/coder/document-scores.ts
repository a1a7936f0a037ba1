/**
 * What the whole note says for each code: kernel ridge regression on TF-IDF of stems, one or two in a row. For each training note there is an exact
 * answer to what the model would say had the note's group not been there, without fitting anew (the block form of the leave-one-out formula).
 */
import { CholeskyDecomposition, Matrix, solve } from 'ml-matrix';
import { groupBy } from '../../src/core/group-by.js';
import type { Csr } from '../baselines/csr.js';
import { fitTfidf, tfidfDefaults, type Tfidf, type TfidfOptions } from '../baselines/tfidf.js';
import type { ReadNote } from './note.js';

export interface DocumentModel {
  tfidf: Tfidf;
  /** Vectors of the N training notes. */
  training: Csr;
  codes: readonly string[];
  /** Dual weights [N, codes]. */
  dual: Matrix;
}

export type CodeScores = ReadonlyMap<string, number>;

/** λ */
export const PENALTY = 0.3;

export const documentTfidf: TfidfOptions = { ...tfidfDefaults, ngrams: [1, 2], minDf: 2, sublinear: true };

const textOf = ({ words }: Pick<ReadNote, 'words'>): string => words.filter(({ isContent }) => isContent).map(({ stem }) => stem).join(' ');

/** @returns the model, and for each training note what it would score without the note's group */
export function fitDocumentModel(notes: readonly ReadNote[], kind: string): { model: DocumentModel; heldOut: CodeScores[] } {
  const texts = notes.map(textOf);
  const tfidf = fitTfidf(texts, { ...documentTfidf, minDf: Math.min(documentTfidf.minDf, notes.length) });
  const training = tfidf.transform(texts);
  const codes = [...new Set(notes.flatMap((note) => note.annotations[kind]?.codes ?? []))].sort();
  const gold = Matrix.from1DArray(notes.length, codes.length, notes.flatMap((note) => indicators(codes, note.annotations[kind]?.codes ?? [])));
  const { dual, heldOut } = ridge(kernel(training, training), gold, [...groupBy(notes.keys(), (n) => notes[n]!.group).values()]);
  return { model: { tfidf, training, codes, dual }, heldOut: notes.map((_, row) => scoresOf(heldOut, row, codes)) };
}

const indicators = (codes: readonly string[], carried: readonly string[]): number[] => {
  const set = new Set(carried);
  return codes.map((code) => Number(set.has(code)));
};

const scoresOf = (scores: Matrix, row: number, codes: readonly string[]): CodeScores => new Map(codes.map((code, c) => [code, scores.get(row, c)]));

/**
 * Dual weights α = A y with A = (K + λ I)⁻¹, and for the rows I of each group what the others alone predict: y_I − (A_II)⁻¹ α_I.
 * @param kernel K [N, N] @param gold y [N, codes] @param groups rows; together all of them
 */
export function ridge(kernel: Matrix, gold: Matrix, groups: readonly number[][]): { dual: Matrix; heldOut: Matrix } {
  const inverse = new CholeskyDecomposition(Matrix.add(symmetric(kernel), Matrix.eye(kernel.rows).mul(PENALTY))).solve(Matrix.eye(kernel.rows));
  const dual = inverse.mmul(gold);
  const heldOut = gold.clone();
  for (const rows of groups) {
    const residual = solve(inverse.selection(rows, rows), dual.subMatrixRow(rows));
    rows.forEach((row, i) => heldOut.setRow(row, Matrix.sub(gold.subMatrixRow([row]), residual.subMatrixRow([i])).to1DArray()));
  }
  return { dual, heldOut };
}

/** Without the rounding by which sums in another order differ. */
const symmetric = (matrix: Matrix): Matrix => Matrix.add(matrix, matrix.transpose()).mul(0.5);

/** @returns what the model scores each note's codes; not probabilities */
export function scoreDocuments({ tfidf, training, codes, dual }: DocumentModel, notes: readonly ReadNote[]): CodeScores[] {
  if (!notes.length) return [];
  const scores = kernel(tfidf.transform(notes.map(textOf)), training).mmul(dual);
  return notes.map((_, row) => scoresOf(scores, row, codes));
}

/** Inner products of rows [A, B]; of unit rows, cosines. */
function kernel(a: Csr, b: Csr): Matrix {
  const products = Matrix.zeros(a.rows, b.rows);
  const dense = new Float64Array(a.columns);
  for (let row = 0; row < a.rows; row++) {
    for (let k = a.offsets[row]!; k < a.offsets[row + 1]!; k++) dense[a.indices[k]!] = a.values[k]!;
    for (let other = 0; other < b.rows; other++) {
      let sum = 0;
      for (let k = b.offsets[other]!; k < b.offsets[other + 1]!; k++) sum += dense[b.indices[k]!]! * b.values[k]!;
      products.set(row, other, sum);
    }
    dense.fill(0);
  }
  return products;
}
