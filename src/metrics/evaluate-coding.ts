/** Evaluation of ICD coding in one or more metric dialects. */
import { configurationError, shapeError } from '../core/errors.js';
import { codiespOfficialRanking, codiespStrictRanking } from './codiesp/from-scores.js';
import { caml } from './dialects/caml.js';
import { codingFigures, type CodingFigures } from './dialects/coding-input.js';
import { edin } from './dialects/edin.js';
import type { Scores } from './matrix.js';

const dialectTable = {
  caml,
  edin,
  'codiesp-official': codiespOfficialRanking,
  'codiesp-strict': codiespStrictRanking,
} satisfies Record<string, (figures: CodingFigures, threshold: number) => Record<string, number>>;

export type CodingDialect = keyof typeof dialectTable;
export const codingDialects = Object.keys(dialectTable) as CodingDialect[];

export interface EvaluateCodingInput {
  /** [V * L] */
  scores: Scores;
  /** [V * L] */
  labels: Uint8Array;
  /** [V]: gold codes of each visit, including those outside the label space. */
  goldCounts: Int32Array;
  /** Tuned on development data; `caml` always uses 0.5. */
  threshold: number;
  dialects: readonly CodingDialect[];
}

/**
 * Figures by dialect and name; an undefined figure (e.g. the AUC of a split with a single class) is NaN, `null` in JSON.
 * A new column for each dialect: figures of one must never stand beside those of another under the same heading.
 */
export function evaluateCoding(input: EvaluateCodingInput): Record<string, Record<string, number>> {
  const unknown = input.dialects.find((name) => !(name in dialectTable));
  if (unknown !== undefined) throw configurationError(`metric dialect ${unknown as string}: expected one of ${codingDialects.join(', ')}`);
  const V = input.goldCounts.length;
  if (!V || input.scores.length % V) throw shapeError(`metrics: ${input.scores.length} scores are not a whole number of labels for each of V = ${V} visits`);
  const { scores, labels, goldCounts } = input;
  const figures = codingFigures({ scores, labels, goldCounts, V, L: scores.length / V });
  return Object.fromEntries(input.dialects.map((name) => [name, dialectTable[name](figures, input.threshold)]));
}
