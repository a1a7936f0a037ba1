/**
 * The vocabulary: of its millions of concepts only those that the tables use. Athena's files are separated by tabs and unquoted; exports of
 * databases are CSV or Parquet.
 */
import { dataError } from '../../core/errors.js';
import { byteChunks } from '../csv/bytes.js';
import { expectColumns, readHeader } from '../csv/header.js';
import { sqlString } from '../duckdb.js';
import { columnSql, parquetColumns, parquetSql } from '../parquet.js';
import type { Ingest } from '../staging.js';
import type { OmopFiles, TableFiles } from './files.js';
import { expectParquetColumns } from './stage.js';
import * as sql from './sql.js';

/** Fills `concepts`, `atc_of` and `icd10cm_of`; without a vocabulary they stay empty. @throws data error for an unreadable file */
export async function loadVocabulary({ connection, config: { omop }, coverage }: Ingest, files: OmopFiles): Promise<void> {
  await connection.run(sql.createVocabulary);
  if (!files.concept) return;
  const scan = async (table: TableFiles, columns: readonly string[]): Promise<string> => scanSql(await readerOf({ connection }, table, columns), columns);
  const concept = await scan(files.concept, ['concept_id', 'concept_name', 'vocabulary_id', 'concept_code']);
  await read(files.concept, () => connection.run(sql.fillConcepts(concept, omop.standard_concepts === 'icd10cm')));
  if (files.concept_ancestor) {
    const ancestor = await scan(files.concept_ancestor, ['ancestor_concept_id', 'descendant_concept_id']);
    await read(files.concept_ancestor, () => connection.run(sql.fillDrugAtc(ancestor)));
  } else {
    coverage.notices.push('concept_ancestor: no such table; drugs are mapped to ATC by their names, NDC and RxNorm concepts only');
  }
  if (omop.standard_concepts !== 'icd10cm') return;
  if (!files.concept_relationship) throw dataError('concept_relationship: no such table; ingest.omop.standard_concepts: icd10cm needs its rows \'Maps to\'');
  const relationship = await scan(files.concept_relationship, ['concept_id_1', 'concept_id_2', 'relationship_id']);
  await read(files.concept_relationship, () => connection.run(sql.fillIcd10CmOf(relationship)));
}

async function read({ files }: TableFiles, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw dataError(`${files[0]}: DuckDB cannot read the vocabulary (${String((cause as Error).message).split(':')[0]}); fetch it again`, cause);
  }
}

interface Reader {
  from: string;
  /** SQL of a column by its lower-case name. */
  column: (name: string) => string;
}

const scanSql = ({ from, column }: Reader, columns: readonly string[]): string =>
  `(select ${columns.map((name) => `${column(name)} as ${name}`).join(', ')} from ${from})`;

const typeOf = (name: string): string => (name.endsWith('_id') && !['vocabulary_id', 'relationship_id'].includes(name) || /_id_\d$/.test(name) ? 'BIGINT' : 'VARCHAR');

async function readerOf({ connection }: Pick<Ingest, 'connection'>, { format, files }: TableFiles, columns: readonly string[]): Promise<Reader> {
  if (format === 'parquet') {
    const there = await parquetColumns(connection, files);
    expectParquetColumns(files[0]!, there, columns);
    return { from: parquetSql(files), column: (name) => columnSql(there.get(name), typeOf(name)) };
  }
  const [header, ...others] = await Promise.all(files.map((file) => headerOf(file)));
  files.forEach((file, at) => expectColumns(file, [header!, ...others][at]!.names, columns));
  const types = header!.names.map((name) => `${sqlString(name)}: '${columns.includes(name) ? typeOf(name) : 'VARCHAR'}'`).join(', ');
  const dialect = header!.tabs ? "delim = '\\t', quote = '', escape = ''" : "delim = ',', quote = '\"', escape = '\"'";
  const list = files.map((file) => sqlString(file.replace(/[[*?]/g, '[$&]'))).join(', ');
  return { from: `read_csv([${list}], auto_detect = false, header = true, ${dialect}, nullstr = '', columns = {${types}})`, column: (name) => `"${name}"` };
}

/** The column names, and whether tabs separate them. */
async function headerOf(file: string): Promise<{ names: string[]; tabs: boolean }> {
  const line = await firstLine(file);
  if (!line.includes('\t')) return { names: await readHeader(file), tabs: false };
  return { names: line.replace(/^\uFEFF/, '').split('\t').map((name) => name.trim().toLowerCase()), tabs: true };
}

async function firstLine(file: string): Promise<string> {
  let start = Buffer.alloc(0);
  for await (const chunk of byteChunks(file)) {
    start = Buffer.concat([start, chunk]);
    if (start.includes(0x0a)) break;
  }
  if (!start.length) throw dataError(`${file}: the file is empty; expected a table of the vocabulary`);
  return start.toString('utf8').split(/\r?\n/, 1)[0]!;
}
