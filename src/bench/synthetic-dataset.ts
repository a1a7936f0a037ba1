/** A data set in memory, of visits with notes of given lengths and random words and codes: what the speed of training depends on. */
import { packageVersion } from '../core/paths.js';
import { createRng, type Rng } from '../core/rng.js';
import { codeSpecials, raggedFrom, type Dataset, type Ragged, type VocabularyCode } from '../dataset/index.js';
import { createTokenizer } from '../dataset/text/read.js';
import { specialTokens, tokenizerJson } from '../dataset/text/write.js';
import { diagnoses, medications } from './vocabulary.js';

export interface SyntheticVisits {
  /** Tokens of each visit's note, [CLS] and [SEP] not included; 0: no note. */
  lengths: readonly number[];
  /** Word pieces. */
  vocabulary: number;
  /** Codes in the vocabularies; 0 leaves the kind out. */
  codes: number;
  medications: number;
  /** Codes of each kind in a visit, as many as there are in a small vocabulary. */
  codesInVisit: number;
  seed: number;
}

export function syntheticDataset({ lengths, vocabulary, seed, ...sizes }: SyntheticVisits): Dataset {
  const rng = createRng(seed, 'synthetic visits');
  const size = lengths.length;
  const kinds = { dx: diagnoses(sizes.codes), rx: medications(sizes.medications), px: [] };
  const codesOf = (kind: keyof typeof kinds): Ragged => raggedFrom(lengths.map((_, row) => randomCodes(rng.split(kind, row), kinds[kind], sizes.codesInVisit)));
  const words = Array.from({ length: vocabulary - specialTokens.length }, (_, i) => `w${i}`);
  const numbers = Array.from({ length: size }, (_, row) => String(row));
  return {
    dir: 'synthetic visits',
    manifest: { command: 'bench', version: packageVersion(), created_at: new Date().toISOString(), config: sizes, inputs: {}, seed },
    size,
    vocabulary: { special: [...codeSpecials], kinds },
    tokenizer: createTokenizer(tokenizerJson([...specialTokens, ...words], { lowercase: true, strip_accents: true }), 'synthetic words'),
    visitIds: numbers,
    patientIds: numbers,
    splits: numbers.map(() => 'train'),
    labelled: new Uint8Array(size).fill(1),
    sequence: new Int32Array(size),
    admittedAt: new Float64Array(size).fill(NaN),
    dischargedAt: new Float64Array(size).fill(NaN),
    died: new Int8Array(size).fill(-1),
    admissionTypes: numbers.map(() => null),
    nextAdmittedAt: new Float64Array(size).fill(NaN),
    nextAdmissionTypes: numbers.map(() => null),
    noteChartedAt: new Float64Array(size).fill(NaN),
    tokens: raggedFrom(lengths.map((length, row) => randomWords(rng.split('words', row), length, vocabulary))),
    codes: { dx: codesOf('dx'), rx: codesOf('rx'), px: codesOf('px') },
    rowsOf: (split) => (split === 'train' ? Int32Array.from({ length: size }, (_, row) => row) : new Int32Array(0)),
    gold: () => Promise.resolve(new Map()),
  };
}

const randomWords = (rng: Rng, length: number, vocabulary: number): Int32Array =>
  Int32Array.from({ length }, () => specialTokens.length + rng.integer(vocabulary - specialTokens.length));

/** Distinct ids. */
const randomCodes = (rng: Rng, codes: readonly VocabularyCode[], count: number): number[] =>
  rng.sample(Array.from(codes.keys(), (row) => codeSpecials.length + row), Math.min(count, codes.length));
