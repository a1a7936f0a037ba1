/** A data set of twelve patients in memory: two visits each, with a note, diagnoses and medications. */
import { raggedFrom, type Dataset, type VocabularyCode } from '../../../src/dataset/index.js';

export const PATIENTS = 12;
const words = ['fever', 'cough', 'rash', 'pain'];
const codes = (system: string, names: readonly string[]): VocabularyCode[] => names.map((code) => ({ system, code, count: 1 }));

/** Ids of a vocabulary begin at 4. */
const id = (code: number): number => 4 + code;

/**
 * Visit t of patient p: the note says `fever` where p is even and `rash` where p is a multiple of 3; diagnosis 0 where p is even, 1 otherwise;
 * medication t, and medication 2 where p is even.
 */
export function smallDataset(): Dataset {
  const visits = Array.from({ length: 2 * PATIENTS }, (_, row) => ({ p: Math.floor(row / 2), t: row % 2 }));
  const even = (p: number): boolean => p % 2 === 0;
  return {
    dir: 'small',
    size: visits.length,
    visitIds: visits.map(({ p, t }) => `v${p}-${t}`),
    patientIds: visits.map(({ p }) => `p${p}`),
    sequence: Int32Array.from(visits, ({ t }) => t),
    vocabulary: { special: [], kinds: { dx: codes('icd10cm', ['I10', 'J18.9']), rx: codes('atc', ['A10B', 'B01A', 'C09A']), px: [] } },
    tokenizer: { decode: (ids: Iterable<number>) => Array.from(ids, (word) => words[word]).join(' ') },
    tokens: raggedFrom(visits.map(({ p }) => [1, ...(even(p) ? [0] : []), ...(p % 3 ? [] : [2])])),
    codes: {
      dx: raggedFrom(visits.map(({ p }) => [id(even(p) ? 0 : 1)])),
      rx: raggedFrom(visits.map(({ p, t }) => [id(t), ...(even(p) ? [id(2)] : [])])),
      px: raggedFrom(visits.map(() => [])),
    },
  } as unknown as Dataset;
}

/** [rows × labels] of the codes of a kind. */
export const matrixOfKind = ({ codes: all, vocabulary }: Dataset, kind: 'dx' | 'rx') => (rows: Int32Array): Uint8Array => {
  const L = vocabulary.kinds[kind].length;
  const matrix = new Uint8Array(rows.length * L);
  rows.forEach((row, v) => row >= 0 && all[kind].row(row).forEach((code) => (matrix[v * L + code - 4] = 1)));
  return matrix;
};
