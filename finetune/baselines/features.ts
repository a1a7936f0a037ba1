/** Features of linear references: what the task's model may read, as bags of codes and of words. */
import { codeKinds, codeSpecials, type CodeKind, type Dataset } from '../../src/dataset/index.js';
import { noteTexts } from '../evaluation/note-text.js';
import { besides, csrFromRows, type Csr } from './csr.js';
import { fitTfidf } from './tfidf.js';

/** Rows of the data set → features. */
export type Features = (rows: Int32Array) => Csr;

/** A modality together with the visits that it is taken from. */
interface Source {
  modality: string;
  visitsOf: (row: number) => readonly number[];
}

export interface FeatureOptions {
  task: string;
  dataset: Dataset;
  /** `text` and kinds of codes: of the visit, for medication of its past. */
  inputs: readonly string[];
  /** Medication: what is read of the visit itself. */
  current: readonly string[];
  historyOf: (row: number) => readonly number[];
}

/** Words in fewer notes are left out, where there are notes enough to afford it. */
const MIN_NOTES = 3;
const FEW_ROWS = 100;
const MAX_WORDS = 200_000;

const isKind = (modality: string): modality is CodeKind => (codeKinds as readonly string[]).includes(modality);

/**
 * Fits the features of each family that the task has: `codes` (ln(1 + visits that carry the code): for one visit 0 or ln 2) and `text` (TF-IDF of
 * all notes joined). Each source is scaled so that a training row's mean squared length is 1; a penalty then means the same for all of them.
 */
export function fitFeatures(options: FeatureOptions, trainRows: Int32Array): Record<string, Features> {
  const { dataset } = options;
  const sources = sourcesOf(options);
  const codes = sources.flatMap(({ modality, visitsOf }) => (isKind(modality) ? [codeFeatures(dataset, modality, visitsOf)] : []));
  const texts = sources.filter(({ modality }) => modality === 'text').flatMap(({ visitsOf }) => textFeatures(dataset, visitsOf, trainRows) ?? []);
  const families = { codes, text: texts, 'text + codes': codes.length && texts.length ? [...texts, ...codes] : [] };
  return Object.fromEntries(Object.entries(families).flatMap(([name, blocks]) => (blocks.length ? [[name, scaled(blocks, trainRows)]] : [])));
}

function sourcesOf({ task, inputs, current, historyOf }: FeatureOptions): Source[] {
  const own = (row: number): number[] => [row];
  if (task !== 'medication') return inputs.map((modality) => ({ modality, visitsOf: own }));
  return [...inputs.map((modality) => ({ modality, visitsOf: historyOf })), ...current.map((modality) => ({ modality, visitsOf: own }))];
}

function codeFeatures({ codes, vocabulary }: Dataset, kind: CodeKind, visitsOf: Source['visitsOf']): Features {
  const special = codeSpecials.length;
  return (rows) => csrFromRows(Array.from(rows, (row) => {
    const counts = new Map<number, number>();
    for (const visit of visitsOf(row)) {
      for (const id of new Set(codes[kind].row(visit))) if (id >= special) counts.set(id - special, (counts.get(id - special) ?? 0) + 1);
    }
    return new Map([...counts].map(([code, count]) => [code, Math.log1p(count)]));
  }), vocabulary.kinds[kind].length);
}

/** @returns undefined when no training row has a note */
function textFeatures(dataset: Dataset, visitsOf: Source['visitsOf'], trainRows: Int32Array): Features | undefined {
  const textOf = noteTexts(dataset);
  const texts = (rows: Int32Array): string[] => Array.from(rows, (row) => visitsOf(row).map(textOf).join(' '));
  if (!trainRows.some((row) => visitsOf(row).some((visit) => dataset.tokens.lengthOf(visit) > 0))) return undefined;
  const minDf = trainRows.length < FEW_ROWS ? 1 : MIN_NOTES;
  const tfidf = fitTfidf(texts(trainRows), { minDf, sublinear: true, maxFeatures: MAX_WORDS });
  return (rows) => tfidf.transform(texts(rows));
}

function scaled(blocks: readonly Features[], trainRows: Int32Array): Features {
  const factors = blocks.map((features) => {
    const { values } = features(trainRows);
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    return squares ? Math.sqrt(trainRows.length / squares) : 1;
  });
  return (rows) => besides(blocks.map((features, i) => ({ matrix: features(rows), factor: factors[i]! })));
}
