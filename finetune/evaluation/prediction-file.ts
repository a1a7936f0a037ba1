/** Predictions as a file, its format by its ending: CodiEsp's ranked codes (.tsv), one JSON object a visit (.jsonl), rows (.csv), or a table (.parquet). */
import fs from 'node:fs/promises';
import path from 'node:path';
import { Field, Float32, Int32, Schema, Table, Utf8, vectorFromArray, type DataType } from 'apache-arrow';
import { writeWholeBy } from '../../src/core/output-file.js';
import { writeParquet } from '../../src/dataset/index.js';

export interface RankedCode {
  system: string;
  code: string;
  probability: number;
}

export interface PredictedVisit {
  visit: string;
  /** Best first. */
  codes: readonly RankedCode[];
}

/** A visit's codes as a line of a .jsonl file. */
export function predictionLine({ visit, codes }: PredictedVisit): string {
  return `${JSON.stringify({ visit_id: visit, codes: codes.map(({ system, code, probability }) => ({ system, code, probability })) })}\n`;
}

type TextFormat = (visit: PredictedVisit) => string;

/** As the csv format asks (RFC 4180). */
const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

const textFormats: Record<string, TextFormat> = {
  '.tsv': ({ visit, codes }) => codes.map(({ code }) => `${visit}\t${code.toLowerCase()}\n`).join(''),
  '.jsonl': predictionLine,
  '.csv': ({ visit, codes }) => codes.map(({ system, code, probability }) => `${quoted(visit)},${system},${quoted(code)},${probability.toFixed(6)}\n`).join(''),
};
const headers: Record<string, string> = { '.csv': 'visit_id,system,code,probability\n' };

const PARQUET = '.parquet';
export const predictionEndings = [...Object.keys(textFormats), PARQUET];

/** @param file ends in one of {@link predictionEndings} @param visits are written as they come */
export function writePredictionFile(file: string, visits: Iterable<PredictedVisit> | AsyncIterable<PredictedVisit>): Promise<void> {
  const ending = path.extname(file);
  return writeWholeBy(file, (temporary) => (ending === PARQUET ? writeParquet(temporary, tablesOf(visits)) : writeText(temporary, visits, ending)));
}

async function writeText(file: string, visits: Iterable<PredictedVisit> | AsyncIterable<PredictedVisit>, ending: string): Promise<void> {
  const out = await fs.open(file, 'w');
  try {
    await out.write(headers[ending] ?? '');
    for await (const visit of visits) await out.write(textFormats[ending]!(visit));
  } finally {
    await out.close();
  }
}

const columns = { visit_id: new Utf8(), rank: new Int32(), system: new Utf8(), code: new Utf8(), probability: new Float32() } satisfies Record<string, DataType>;
const schema = new Schema(Object.entries(columns).map(([name, type]) => new Field(name, type, false)));

const ROWS_AT_ONCE = 10_000;

/** One row a code; `rank` from 1 within the visit. */
async function* tablesOf(visits: Iterable<PredictedVisit> | AsyncIterable<PredictedVisit>): AsyncGenerator<Table> {
  let rows: PredictionRow[] = [];
  for await (const { visit, codes } of visits) {
    rows.push(...codes.map(({ system, code, probability }, i) => ({ visit_id: visit, rank: i + 1, system, code, probability })));
    if (rows.length < ROWS_AT_ONCE) continue;
    yield tableOf(rows);
    rows = [];
  }
  yield tableOf(rows);
}

type PredictionRow = Record<keyof typeof columns, string | number>;

function tableOf(rows: readonly PredictionRow[]): Table {
  const vectors = Object.entries(columns).map(([name, type]) => [name, vectorFromArray(rows.map((row) => row[name as keyof typeof columns]), type)] as const);
  return new Table(schema, Object.fromEntries(vectors));
}
