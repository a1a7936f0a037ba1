/** The notes that the baseline reads, a few at a time: raw from the store, or as far as the data set's tokens still spell them. */
import { fingerprint } from '../../src/core/artifact.js';
import { dataError } from '../../src/core/errors.js';
import { cleanNote, prepareSchema, type Dataset } from '../../src/dataset/index.js';
import { openStore, sqlString, withDuckDB } from '../../src/records/store.js';
import { noteTexts } from '../evaluation/note-text.js';
import { BLOCK_ROWS } from './column-block.js';

/** Rows with their notes; a row without a note has the empty text. */
export interface NoteBatch {
  rows: number[];
  texts: string[];
}

/** @param rows each comes once, in an order that is always the same; all batches but the last have BLOCK_ROWS */
export type ReadNotes = <Result>(rows: Int32Array, use: (notes: AsyncIterable<NoteBatch>) => Promise<Result>) => Promise<Result>;

/** Loses what the tokenizer had no piece for, and what lies beyond `prepare.max_tokens`. */
export function tokenNotes(dataset: Dataset): ReadNotes {
  const textOf = noteTexts(dataset);
  return (rows, use) => use(batched(fromTokens(rows, textOf)));
}

async function* fromTokens(rows: Int32Array, textOf: (row: number) => string): AsyncGenerator<NoteBatch> {
  for (const row of rows) yield { rows: [row], texts: [textOf(row)] };
}

/** Whole notes, cleaned as `prepare` was told to. @throws data error when the data was not prepared from this store */
export function storeNotes(dataset: Dataset, store: string, signal: AbortSignal): ReadNotes {
  const { files } = openStore(store);
  if (!Object.values(dataset.manifest.inputs).includes(fingerprint(store))) throw dataError(`${store}: not the store that ${dataset.dir} was prepared from; give that one, or prepare the data again`);
  const { text } = prepareSchema.parse(dataset.manifest.config);
  const clean = (note: string): string => cleanNote(note, text);
  return (rows, use) => readNotesFile(files.notes, new Map(Array.from(rows, (row) => [dataset.visitIds[row]!, row])), { clean, signal, use });
}

interface FileOptions<Result> {
  clean: (note: string) => string;
  signal: AbortSignal;
  use: (notes: AsyncIterable<NoteBatch>) => Promise<Result>;
}

/** @param wanted visit → row; in the order of the file, then those that have no note */
export function readNotesFile<Result>(file: string, wanted: ReadonlyMap<string, number>, { clean, signal, use }: FileOptions<Result>): Promise<Result> {
  // One thread: the rows then come in the order of the file, and reading takes little of the memory.
  return withDuckDB({ threads: 1, memoryLimit: '1GB', signal }, async (connection) => {
    const result = await connection.stream(`select visit_id, text from read_parquet(${sqlString(file)})`);
    async function* chunks(): AsyncGenerator<NoteBatch> {
      const missing = new Map(wanted);
      for await (const chunk of result) {
        signal.throwIfAborted();
        const [visits, texts] = [chunk.getColumnValues(0) as string[], chunk.getColumnValues(1) as string[]];
        const kept = [...visits.keys()].filter((i) => missing.has(visits[i]!));
        yield { rows: kept.map((i) => missing.get(visits[i]!)!), texts: kept.map((i) => clean(texts[i]!)) };
        for (const i of kept) missing.delete(visits[i]!);
      }
      yield { rows: [...missing.values()], texts: Array.from(missing, () => '') };
    }
    return use(batched(chunks()));
  });
}

async function* batched(parts: AsyncIterable<NoteBatch>): AsyncGenerator<NoteBatch> {
  let [rows, texts]: [number[], string[]] = [[], []];
  for await (const part of parts) {
    rows.push(...part.rows);
    texts.push(...part.texts);
    for (; rows.length >= BLOCK_ROWS; [rows, texts] = [rows.slice(BLOCK_ROWS), texts.slice(BLOCK_ROWS)]) yield { rows: rows.slice(0, BLOCK_ROWS), texts: texts.slice(0, BLOCK_ROWS) };
  }
  if (rows.length) yield { rows, texts };
}
