/** Writes visits.parquet: one row a visit, with its tokens and code ids as lists. */
import { Bool, Field, Int32, List, makeData, Schema, Table, TimestampMillisecond, Utf8, Vector, vectorFromArray, type DataType } from 'apache-arrow';
import type { DuckDBListValue, DuckDBTimestampValue, DuckDBValue } from '@duckdb/node-api';
import type { DuckDBConnection } from '../records/store.js';
import { codeKinds, type CodeKind } from './config.js';
import { writeParquet } from './parquet/write.js';
import { raggedFrom } from './ragged.js';
import type { TokenSpool } from './text/spool.js';

const listType = new List(new Field('item', new Int32(), false));

const columns = {
  visit_id: new Utf8(),
  patient_id: new Utf8(),
  split: new Utf8(),
  labelled: new Bool(),
  sequence: new Int32(),
  admitted_at: new TimestampMillisecond(),
  discharged_at: new TimestampMillisecond(),
  died_in_hospital: new Bool(),
  admission_type: new Utf8(),
  next_admitted_at: new TimestampMillisecond(),
  next_admission_type: new Utf8(),
  note_charted_at: new TimestampMillisecond(),
  tokens: listType,
  dx: listType,
  rx: listType,
  px: listType,
} satisfies Record<string, DataType>;

const schema = new Schema(Object.entries(columns).map(([name, type]) => new Field(name, type, true)));

const listVector = (rows: readonly ArrayLike<number>[]): Vector<List<Int32>> => {
  const { values, offsets } = raggedFrom(rows);
  const child = makeData({ type: new Int32(), length: values.length, nullCount: 0, data: values });
  return new Vector([makeData({ type: listType, length: rows.length, nullCount: 0, valueOffsets: Int32Array.from(offsets), child })]);
};

const milliseconds = (time: DuckDBValue): number | null => (time === null ? null : Number((time as DuckDBTimestampValue).micros / 1000n));

const plainColumns = ['visit_id', 'patient_id', 'split', 'labelled', 'sequence', 'died_in_hospital', 'admission_type', 'next_admission_type'] as const;
const timeColumns = ['admitted_at', 'discharged_at', 'next_admitted_at', 'note_charted_at'] as const;

/** Rows in table order; each kind's ids in the order of their positions. */
const rowsSql = (): string => {
  const lists = codeKinds.map((kind) => `list(id order by position, system, code) filter (kind = '${kind}') as ${kind}`);
  const times = timeColumns.map((name) => `${name}::TIMESTAMP as ${name}`);
  return `select ordinal, ${plainColumns.join(', ')}, ${times.join(', ')}, ${codeKinds.map((kind) => `lists.${kind}`).join(', ')}
    from placed left join (select ordinal, ${lists.join(', ')} from code_id group by ordinal) lists using (ordinal)
    order by ordinal`;
};

/** What the table holds in all; a reader allocates by it. */
export interface VisitTotals extends Record<CodeKind, number> {
  visits: number;
  tokens: number;
}

function toTable(chunk: Record<string, DuckDBValue[]>, tokens: Int32Array[]): Table {
  const vectors: Record<string, Vector> = {};
  for (const name of plainColumns) vectors[name] = vectorFromArray(chunk[name]!, columns[name]);
  for (const name of timeColumns) vectors[name] = vectorFromArray(chunk[name]!.map(milliseconds), columns[name]);
  vectors.tokens = listVector(tokens);
  for (const kind of codeKinds) vectors[kind] = listVector(chunk[kind]!.map((list) => ((list as DuckDBListValue | null)?.items ?? []) as number[]));
  return new Table(schema, Object.fromEntries(schema.fields.map(({ name }) => [name, vectors[name]!])));
}

/** Needs the tables `placed` and `code_id`. */
export async function writeVisits(connection: DuckDBConnection, tokens: TokenSpool, file: string): Promise<VisitTotals> {
  const totals: VisitTotals = { visits: 0, tokens: 0, dx: 0, rx: 0, px: 0 };
  const result = await connection.stream(rowsSql());
  const names = result.deduplicatedColumnNames();
  async function* batches(): AsyncGenerator<Table> {
    for await (const chunk of result) {
      const values = chunk.getColumnsObject(names);
      const lists = (values.ordinal as number[]).map((row) => tokens.read(row));
      const table = toTable(values, lists);
      totals.visits += table.numRows;
      totals.tokens += lists.reduce((sum, list) => sum + list.length, 0);
      for (const kind of codeKinds) totals[kind] += (values[kind] as (DuckDBListValue | null)[]).reduce((sum, list) => sum + (list?.items.length ?? 0), 0);
      yield table;
    }
  }
  await writeParquet(file, batches());
  return totals;
}
