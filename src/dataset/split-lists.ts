/** Published splits: lists of the ids of visits or patients, as their authors give them. */
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { messageOf, quotedCell } from '../core/error-text.js';
import { dataError } from '../core/errors.js';
import { queryRows, sqlString, withDuckDB } from '../records/store.js';
import { splitNames, type SplitLists, type SplitName } from './config.js';
import { readFeather } from './feather.js';

/** Rows of a file as text, by column name; a file without column names has only the first column, under the name that was asked for. */
type Rows = Record<string, string>[];

const otherNames: Record<string, SplitName> = { val: 'dev', valid: 'dev', validation: 'dev' };

/** The files of the lists that are named. */
export const listFiles = ({ file, ...files }: SplitLists): string[] => [file, ...splitNames.map((split) => files[split])].filter((name) => name !== undefined);

/** @returns id → split. @throws data error (file, line where known) for an unreadable file, a missing column, an unknown split, an id in two splits */
export async function readSplitLists(lists: SplitLists): Promise<Map<string, SplitName>> {
  const splitOf = new Map<string, SplitName>();
  const add = (id: string, split: SplitName, file: string): void => {
    const before = splitOf.get(id);
    if (before !== undefined && before !== split) throw dataError(`${file}: ${lists.unit} ${id} is in ${before} and in ${split}; a list must put it into one of them`);
    splitOf.set(id, split);
  };
  for (const split of splitNames) {
    const file = lists[split];
    if (file !== undefined) for (const row of await readRows(file, [lists.column])) add(idOf(row[lists.column]!), split, file);
  }
  if (lists.file !== undefined) {
    for (const row of await readRows(lists.file, [lists.column, lists.split_column])) add(idOf(row[lists.column]!), splitNamed(row[lists.split_column]!, lists.file), lists.file);
  }
  return splitOf;
}

/** Ids that went through a column of floating-point numbers (`123.0`) are integers. */
const idOf = (text: string): string => text.trim().replace(/^(\d+)\.0$/, '$1');

function splitNamed(text: string, file: string): SplitName {
  const name = text.trim().toLowerCase();
  const split = otherNames[name] ?? splitNames.find((known) => known === name);
  if (!split) throw dataError(`${file}: ${quotedCell(text)} is no split; expected train, dev (or val) or test`);
  return split;
}

async function readRows(file: string, columns: readonly string[]): Promise<Rows> {
  if (!fs.existsSync(file)) throw dataError(`${file}: no such file; prepare.split.lists must name the lists of the split`);
  const plain = file.replace(/\.gz$/, '');
  const rows = /\.parquet$/.test(plain) ? await readParquet(file) : /\.(feather|arrow)$/.test(plain) ? readFeather(file) : readText(file, columns);
  if (!rows.length) throw dataError(`${file}: the list is empty`);
  const missing = columns.find((column) => !(column in rows[0]!));
  if (missing !== undefined) throw dataError(`${file}: no column ${missing}; it has ${Object.keys(rows[0]!).join(', ')} (prepare.split.lists.column and .split_column name them)`);
  return rows;
}

const readParquet = (file: string): Promise<Rows> =>
  withDuckDB({}, (connection) => queryRows(connection, `select columns(*)::VARCHAR from read_parquet(${sqlString(path.resolve(file))})`));

/** A first line of names is one that holds the first wanted column; CAML's files have none. */
function readText(file: string, columns: readonly string[]): Rows {
  const bytes = fs.readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const delimiter = /\.tsv(\.gz)?$/.test(file) ? '\t' : ',';
  let cells: string[][];
  try {
    cells = parse(text, { bom: true, delimiter, skip_empty_lines: true, relax_column_count: true, trim: true });
  } catch (cause) {
    throw dataError(`${file}: not a valid table: ${messageOf(cause)}`, cause);
  }
  const [names = [], ...body] = cells;
  const isUnnamed = columns.length === 1 && names.length === 1 && !names.includes(columns[0]!) && /^\d+(\.0)?$/.test(names[0]!);
  if (isUnnamed) return cells.map(([id]) => ({ [columns[0]!]: id! }));
  return body.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ''])));
}
