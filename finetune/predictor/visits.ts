/** Records of new patients → visits in memory, cleaned, cut and numbered as `prepare` did with the training data. */
import { chunksOf, cleanNote, visitsInMemory, type Chunking, type VisitColumns, type VisitInMemory } from '../../src/dataset/index.js';
import type { StatedRun } from '../stated-run.js';
import type { Histories } from '../tasks/stated.js';
import { createCodeReader } from './given-codes.js';
import type { ClinicalRecord, GivenCode, VisitRecord } from './predictor.js';

export interface VisitReaderOptions extends Pick<StatedRun, 'vocabulary' | 'tokenizer' | 'prepared'> {
  /** What the model reads: `text` and kinds of codes. */
  inputs: readonly string[];
  chunking: Chunking;
  /** Most past visits that are read; 0: none are. */
  maxHistory: number;
}

export interface RecordVisits {
  visits: VisitColumns;
  histories: Histories;
  /** Row of each record's own visit, after its past visits. */
  rows: Int32Array;
  /** Per record. */
  unknownCodes: GivenCode[][];
  truncated: boolean[];
}

export type ReadVisits = (records: readonly ClinicalRecord[]) => Promise<RecordVisits>;

export function createVisitReader({ vocabulary, tokenizer, prepared, inputs, chunking, maxHistory }: VisitReaderOptions): ReadVisits {
  const readCodes = createCodeReader({ vocabulary, prepared, kinds: inputs });
  const textOf = ({ text = '' }: VisitRecord): string => (inputs.includes('text') ? cleanNote(text, prepared.text) : '');
  const isTruncated = (tokens: Int32Array): boolean => tokens.length > prepared.max_tokens || chunksOf(tokens.length, chunking).at(-1)!.end < tokens.length;
  const visitsOf = (record: ClinicalRecord): VisitRecord[] => [...latest(record.history ?? [], maxHistory), record];

  return async (records) => {
    const ofRecords = records.map(visitsOf);
    const all = ofRecords.flat();
    // One piece more than `prepare` stores tells whether anything was cut off.
    const encoded = await tokenizer.encode(all.map(textOf), prepared.max_tokens + 1);
    const codes = all.map(({ codes: given = [] }) => readCodes(given));
    const visits = all.map((_, row): VisitInMemory => ({ tokens: encoded[row]!.subarray(0, prepared.max_tokens), codes: codes[row]!.ids }));
    const lengths = ofRecords.map(({ length }) => length);
    const ends = cumulative(lengths);
    const perRecord = <Value, Result>(values: readonly Value[], combine: (ofRecord: Value[]) => Result): Result[] => ends.map((end, r) => combine(values.slice(end - lengths[r]!, end)));
    return {
      visits: visitsInMemory(visits, { vocabulary, tokenizer }),
      histories: historiesOf(lengths),
      rows: Int32Array.from(ends, (end) => end - 1),
      unknownCodes: perRecord(codes, (ofRecord) => ofRecord.flatMap(({ unknown }) => unknown)),
      truncated: perRecord(encoded, (ofRecord) => ofRecord.some(isTruncated)),
    };
  };
}

const latest = <Item>(items: readonly Item[], count: number): readonly Item[] => (count ? items.slice(-count) : []);

const cumulative = (lengths: readonly number[]): number[] => lengths.map((_, i) => lengths.slice(0, i + 1).reduce((sum, length) => sum + length, 0));

/** Each record is a patient, whose visits lie one after the other. @param lengths visits of each */
export function historiesOf(lengths: readonly number[]): Histories {
  const placeOf = lengths.flatMap((length) => Array.from({ length }, (_, place) => place));
  return {
    historyOf: (row) => Array.from({ length: placeOf[row]! }, (_, place) => row - placeOf[row]! + place),
    patientIds: lengths.flatMap((length, patient) => new Array<string>(length).fill(String(patient))),
    sequence: Int32Array.from(placeOf),
  };
}
