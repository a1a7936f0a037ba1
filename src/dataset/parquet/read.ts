/** Reads Parquet row group by row group (parquet-wasm), each as an Arrow table copied out of WebAssembly memory (arrow-js-ffi). */
import fs from 'node:fs';
import type { Table } from 'apache-arrow';
import { parseTable } from 'arrow-js-ffi';
import * as parquet from 'parquet-wasm';
import { dataError } from '../../core/errors.js';

async function openFile(file: string): Promise<parquet.ParquetFile> {
  try {
    return await parquet.ParquetFile.fromFile(await fs.openAsBlob(file));
  } catch (cause) {
    throw dataError(`${file}: cannot be read as Parquet; the file is missing or damaged, write it again`, cause);
  }
}

function readError(path: string, cause: unknown): unknown {
  const missing = /Column (\S+) not found/.exec(String(cause))?.[1];
  return missing ? dataError(`${path}: has no column ${missing}; was it written by an earlier version? Write the directory again with \`medweave prepare --force\``, cause) : cause;
}

async function readGroup(file: parquet.ParquetFile, group: number, columns: string[]): Promise<Table> {
  const table = (await file.read({ rowGroups: [group], columns })).intoFFI();
  try {
    const [arrays, schema] = [table.arrayAddrs(), table.schemaAddr()];
    // The buffer is asked for anew each time, and last: whenever WebAssembly memory grows, the old one has length 0.
    // Copied, because a view of freed memory gives wrong values without an error.
    return parseTable(parquet.wasmMemory().buffer, arrays, schema, true);
  } finally {
    table.drop();
  }
}

/**
 * Yields one table a row group: never more than one group is in WebAssembly memory, whose limit is 4 GiB.
 * @throws data error when the file is missing, damaged, or lacks a column
 */
export async function* readRowGroups(path: string, columns: string[]): AsyncGenerator<Table> {
  const file = await openFile(path);
  try {
    const groups = file.metadata().numRowGroups();
    for (let group = 0; group < groups; group++) yield await readGroup(file, group, columns);
  } catch (cause) {
    throw readError(path, cause);
  } finally {
    file.free();
  }
}
