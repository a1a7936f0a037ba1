/** Opens a data directory: every column in memory as flat arrays, since Parquet is not for reading row by row. */
import path from 'node:path';
import type { Table, Vector } from 'apache-arrow';
import { expectArtifact, type Manifest } from '../core/artifact.js';
import { dataError } from '../core/errors.js';
import { codeKinds, type CodeKind, type SplitName } from './config.js';
import { readGold, type GoldCode } from './gold.js';
import { readRowGroups } from './parquet/read.js';
import { createRagged, type Ragged } from './ragged.js';
import { readTokenizer } from './text/read.js';
import type { TextTokenizer } from './text/tokenizer.js';
import type { VisitTotals } from './visits-table.js';
import { readVocabulary, type Vocabulary } from './vocabulary.js';

/** Visits in table order: by patient, then by time. Everything is indexed by the visit's row. */
export interface Dataset {
  dir: string;
  manifest: Manifest;
  /** Number of visits. */
  size: number;
  vocabulary: Vocabulary;
  tokenizer: TextTokenizer;
  visitIds: string[];
  patientIds: string[];
  splits: SplitName[];
  /** 0: the visit serves pre-training only. */
  labelled: Uint8Array;
  /** 0, 1, … within the patient. */
  sequence: Int32Array;
  /** Milliseconds since 1970; NaN when unknown. */
  admittedAt: Float64Array;
  dischargedAt: Float64Array;
  /** 1 died in hospital, 0 did not, −1 unknown. */
  died: Int8Array;
  admissionTypes: (string | null)[];
  /** The patient's next admission in the store, in the cohort or not; milliseconds since 1970, NaN when there is none or this visit has no time. */
  nextAdmittedAt: Float64Array;
  nextAdmissionTypes: (string | null)[];
  /** When the note was charted, milliseconds since 1970; NaN without a note or a time. */
  noteChartedAt: Float64Array;
  /** The tokenizer's ids without [CLS] and [SEP]. */
  tokens: Ragged;
  /** Vocabulary ids in the order of the source. */
  codes: Record<CodeKind, Ragged>;
  /** Rows of a split in table order; `labelled: true` leaves out the visits that serve pre-training only. */
  rowsOf(split: SplitName, options?: { labelled?: boolean }): Int32Array;
  /** Visit id → all its codes at the configured granularity, those outside the vocabulary too. */
  gold(): Promise<Map<string, GoldCode[]>>;
}

/** All that batches are made of; visits in memory (`in-memory.ts`) have no more. */
export type VisitColumns = Pick<Dataset, 'vocabulary' | 'tokenizer' | 'tokens' | 'codes'>;

const listColumns = ['tokens', ...codeKinds] as const;
type ListColumn = (typeof listColumns)[number];

interface GrowingRagged {
  values: Int32Array;
  offsets: Float64Array;
  rows: number;
}

/** Appends the lists of a column; a null list is an empty one. @throws RangeError when they are more than was allocated */
function appendLists(target: GrowingRagged, column: Vector): void {
  for (const data of column.data) {
    const offsets = data.valueOffsets as Int32Array;
    const values = data.children[0]!.values as Int32Array;
    const first = target.offsets[target.rows]!;
    target.values.set(values.subarray(offsets[0], offsets[data.length]), first);
    for (let i = 1; i <= data.length; i++) target.offsets[target.rows + i] = first + offsets[i]! - offsets[0]!;
    target.rows += data.length;
  }
}

const timeOf = (value: unknown): number => (value === null ? NaN : Number(value));
const columnsRead = [
  ...['visit_id', 'patient_id', 'split', 'labelled', 'sequence', 'admitted_at', 'discharged_at', 'died_in_hospital', 'admission_type'],
  ...['next_admitted_at', 'next_admission_type', 'note_charted_at', ...listColumns],
];

type PlainColumns = Pick<
  Dataset,
  'visitIds' | 'patientIds' | 'splits' | 'labelled' | 'sequence' | 'admittedAt' | 'dischargedAt' | 'died' | 'admissionTypes' | 'nextAdmittedAt' | 'nextAdmissionTypes' | 'noteChartedAt'
>;

function allocate(visits: number): PlainColumns {
  return {
    visitIds: [],
    patientIds: [],
    splits: [],
    labelled: new Uint8Array(visits),
    sequence: new Int32Array(visits),
    admittedAt: new Float64Array(visits),
    dischargedAt: new Float64Array(visits),
    died: new Int8Array(visits),
    admissionTypes: [],
    nextAdmittedAt: new Float64Array(visits),
    nextAdmissionTypes: [],
    noteChartedAt: new Float64Array(visits),
  };
}

function appendPlain(columns: PlainColumns, table: Table, at: number): void {
  const listOf = <Value>(name: string): Value[] => table.getChild(name)!.toJSON() as Value[];
  columns.visitIds.push(...listOf<string>('visit_id'));
  columns.patientIds.push(...listOf<string>('patient_id'));
  columns.splits.push(...listOf<SplitName>('split'));
  columns.admissionTypes.push(...listOf<string | null>('admission_type'));
  columns.nextAdmissionTypes.push(...listOf<string | null>('next_admission_type'));
  columns.labelled.set(listOf<boolean>('labelled').map(Number), at);
  columns.sequence.set(listOf<number>('sequence'), at);
  columns.admittedAt.set(listOf('admitted_at').map(timeOf), at);
  columns.dischargedAt.set(listOf('discharged_at').map(timeOf), at);
  columns.nextAdmittedAt.set(listOf('next_admitted_at').map(timeOf), at);
  columns.noteChartedAt.set(listOf('note_charted_at').map(timeOf), at);
  columns.died.set(listOf<boolean | null>('died_in_hospital').map((died) => (died === null ? -1 : Number(died))), at);
}

async function readVisits(file: string, totals: VisitTotals): Promise<{ plain: PlainColumns; lists: Record<ListColumn, Ragged> }> {
  const plain = allocate(totals.visits);
  const growing = (values: number): GrowingRagged => ({ values: new Int32Array(values), offsets: new Float64Array(totals.visits + 1), rows: 0 });
  const lists = { tokens: growing(totals.tokens), dx: growing(totals.dx), rx: growing(totals.rx), px: growing(totals.px) };
  let visits = 0;
  for await (const table of readRowGroups(file, columnsRead)) {
    if (visits + table.numRows > totals.visits) throw dataError(`${file}: more rows than the manifest's ${totals.visits}; write the directory again with \`medweave prepare --force\``);
    appendPlain(plain, table, visits);
    for (const name of listColumns) appendLists(lists[name], table.getChild(name)!);
    visits += table.numRows;
  }
  const complete = visits === totals.visits && listColumns.every((name) => lists[name].offsets[visits] === totals[name]);
  if (!complete) throw dataError(`${file}: fewer rows or list items than the manifest says; write the directory again with \`medweave prepare --force\``);
  const ragged = (name: ListColumn): Ragged => createRagged(lists[name].values, lists[name].offsets);
  return { plain, lists: { tokens: ragged('tokens'), dx: ragged('dx'), rx: ragged('rx'), px: ragged('px') } };
}

/** @param dir a directory written by `medweave prepare` */
export async function openDataset(dir: string): Promise<Dataset> {
  const manifest = expectArtifact(dir, 'prepare');
  const totals = manifest.totals as VisitTotals;
  const { plain, lists } = await readVisits(path.join(dir, 'visits.parquet'), totals);
  const { tokens, ...codes } = lists;
  const rowsOf: Dataset['rowsOf'] = (split, { labelled = false } = {}) =>
    Int32Array.from(plain.splits.keys()).filter((i) => plain.splits[i] === split && (!labelled || plain.labelled[i] === 1));
  return {
    dir,
    manifest,
    size: totals.visits,
    vocabulary: readVocabulary(path.join(dir, 'vocab.json')),
    tokenizer: readTokenizer(path.join(dir, 'tokenizer.json')),
    ...plain,
    tokens,
    codes,
    rowsOf,
    gold: () => readGold(path.join(dir, 'gold.parquet')),
  };
}
