/** Feather files (Arrow's IPC file format), plain or compressed by LZ4 as pandas writes them. */
import fs from 'node:fs';
import { compressionRegistry, CompressionType, tableFromIPC, type Table } from 'apache-arrow';
import { dataError } from '../core/errors.js';
import { decompressLz4 } from './lz4.js';

/** All rows as text. @throws data error when the file is no Feather file of version 2 */
export function readFeather(file: string): Record<string, string>[] {
  // Arrow has no other way to be given a codec than its registry; setting the same one again changes nothing.
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decompressLz4 });
  let table: Table;
  try {
    table = tableFromIPC(fs.readFileSync(file));
  } catch (cause) {
    throw dataError(`${file}: cannot be read as Feather (${(cause as Error).message}); save it as CSV or Parquet instead`, cause);
  }
  const names = table.schema.fields.map(({ name }) => name);
  const columns = names.map((name) => [...table.getChild(name)!] as unknown[]);
  return Array.from({ length: table.numRows }, (_, row) => Object.fromEntries(names.map((name, i) => [name, String(columns[i]![row])])));
}
