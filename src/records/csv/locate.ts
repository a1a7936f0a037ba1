/** Finds the files of a table: `.csv` or `.csv.gz`, names in any case, in the folder itself or in its modules' folders. */
import fs from 'node:fs';
import path from 'node:path';
import { dataError } from '../../core/errors.js';

const children = (dir: string): string[] => {
  const stat = fs.statSync(dir, { throwIfNoEntry: false });
  if (!stat) throw dataError(`${dir}: no such directory; --raw must name the directory of the raw tables`);
  if (!stat.isDirectory()) throw dataError(`${dir}: not a directory; --raw must name the directory of the raw tables`);
  return fs.readdirSync(dir).sort();
};

/** The folders in which tables may lie: each raw directory and those of its children that bear one of the module names. */
export function tableFolders(rawDirs: readonly string[], modules: readonly string[]): string[] {
  return rawDirs.flatMap((raw) => [
    raw,
    ...children(raw).filter((name) => modules.includes(name.toLowerCase())).map((name) => path.join(raw, name)).filter((dir) => fs.statSync(dir).isDirectory()),
  ]);
}

/**
 * The file of one table, or undefined when there is none.
 * @throws data error when two files would do
 */
export function locateTable(folders: readonly string[], table: string): string | undefined {
  const wanted = [`${table}.csv`, `${table}.csv.gz`];
  const found = folders.flatMap((dir) => children(dir).filter((name) => wanted.includes(name.toLowerCase())).map((name) => path.join(dir, name)));
  if (found.length > 1) throw dataError(`${found[0]} and ${found[1]}: two files for the table ${table}; keep one of them`);
  return found[0];
}

/** @throws data error that names the missing table and where it was looked for */
export function expectTable(folders: readonly string[], table: string): string {
  const file = locateTable(folders, table);
  if (file === undefined) throw dataError(`${folders.join(', ')}: no ${table}.csv or ${table}.csv.gz (in any case); check --raw`);
  return file;
}
