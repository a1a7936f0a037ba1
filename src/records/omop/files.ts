/** Where the tables of an OMOP CDM lie: `person.csv`, `person.csv.gz`, `person.parquet`, or a folder `person/` of such parts; names in any case. */
import fs from 'node:fs';
import path from 'node:path';
import { dataError } from '../../core/errors.js';
import type { IngestConfig } from '../config.js';
import { tables, type TableName } from './tables.js';

export interface TableFiles {
  format: 'csv' | 'parquet';
  /** One, or the parts of a folder in the order of their names. */
  files: string[];
}

export type VocabularyTable = 'concept' | 'concept_ancestor' | 'concept_relationship';
export type OmopFiles = Partial<Record<TableName | 'note' | VocabularyTable, TableFiles>>;

const vocabularyTables: readonly VocabularyTable[] = ['concept', 'concept_ancestor', 'concept_relationship'];
/** Folders below --raw in which the vocabulary may lie. */
const VOCABULARY_FOLDERS = ['vocabulary', 'vocabularies', 'vocab', 'voc', 'athena'];
const ENDING = /\.(csv|csv\.gz|parquet)$/i;

const children = (dir: string): string[] => fs.readdirSync(dir).filter((name) => !name.startsWith('.') && !name.startsWith('_')).sort();
const isFolder = (file: string): boolean => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** The files of every table that is there. @throws data error that lists what was found when a required table is missing */
export function omopFiles({ raw, omop }: Pick<IngestConfig, 'raw' | 'omop'>): OmopFiles {
  for (const dir of [...raw, ...(omop.vocabulary ? [omop.vocabulary] : [])]) if (!isFolder(dir)) throw dataError(`${dir}: no such directory; --raw must name the directory of the OMOP tables`);
  const found: OmopFiles = {};
  const wanted = [...Object.keys(tables).filter((name) => isWanted(name as TableName, omop.code_tables)), 'note'] as (TableName | 'note')[];
  for (const name of wanted) found[name] = locate(raw, name);
  const folders = omop.vocabulary ? [omop.vocabulary] : [...raw, ...raw.flatMap((dir) => children(dir).filter((name) => VOCABULARY_FOLDERS.includes(name.toLowerCase())).map((name) => path.join(dir, name)).filter(isFolder))];
  for (const name of vocabularyTables) found[name] = locate(folders, name);
  const missing = wanted.filter((name) => name !== 'note' && tables[name].required && !found[name]);
  if (missing.length) throw dataError(`${raw.join(', ')}: no table ${missing.join(', ')} (${missing[0]}.csv, .csv.gz, .parquet, or a folder ${missing[0]}/ of such files, in any case); ${listing(raw)}`);
  return Object.fromEntries(Object.entries(found).filter(([, files]) => files)) as OmopFiles;
}

const isWanted = (name: TableName, further: readonly string[]): boolean => !['observation', 'measurement', 'device_exposure'].includes(name) || further.includes(name);

function listing(dirs: readonly string[]): string {
  const names = dirs.flatMap(children);
  return `found ${names.length ? `${names.slice(0, 15).join(', ')}${names.length > 15 ? ', …' : ''}` : 'nothing'}; check --raw`;
}

function locate(dirs: readonly string[], table: string): TableFiles | undefined {
  const places = dirs.flatMap((dir) => children(dir).filter((name) => name.toLowerCase().replace(ENDING, '') === table).map((name) => path.join(dir, name)));
  const usable = places.filter((place) => (isFolder(place) ? true : ENDING.test(place)));
  if (usable.length > 1) throw dataError(`${usable[0]} and ${usable[1]}: two places for the table ${table}; keep one of them`);
  if (!usable.length) return undefined;
  const files = isFolder(usable[0]!) ? children(usable[0]!).filter((name) => ENDING.test(name)).map((name) => path.join(usable[0]!, name)) : usable;
  const formats = new Set(files.map((file) => (/\.parquet$/i.test(file) ? 'parquet' as const : 'csv' as const)));
  if (!files.length) throw dataError(`${usable[0]}: no .csv, .csv.gz or .parquet file in the folder of the table ${table}`);
  if (formats.size > 1) throw dataError(`${usable[0]}: both CSV and Parquet files in the folder of the table ${table}; keep one of them`);
  return { format: [...formats][0]!, files };
}

export const inputsOf = (files: OmopFiles): string[] => Object.values(files).flatMap((table) => table.files);
