/** One OMOP table, in CSV or Parquet, whole or in parts → a DuckDB table with typed columns, `file` and `line`; what does not fit goes to `rejects`. */
import { dataError } from '../../core/errors.js';
import { createProgress } from '../../core/progress.js';
import { expectFewRejects, loadTable, type ColumnSpecs } from '../csv/load.js';
import { queryNumber, sqlString } from '../duckdb.js';
import { columnSql, countParquetRows, miscastSql, parquetColumns, parquetSql, type ParquetColumns } from '../parquet.js';
import type { Ingest } from '../staging.js';
import type { TableFiles } from './files.js';

/** Records of one file. */
export interface StagedFile {
  file: string;
  records: number;
}

/** Makes `table` of all files. @throws data error for a damaged file or missing columns, which lists those that are there */
export const stageTable = (ingest: Ingest, table: string, { files, columns }: { files: TableFiles; columns: ColumnSpecs }): Promise<StagedFile[]> =>
  files.format === 'csv' ? stageCsv(ingest, { table, files: files.files, columns }) : stageParquet(ingest, { table, files: files.files, columns });

interface StageRequest {
  table: string;
  files: readonly string[];
  columns: ColumnSpecs;
}

async function stageCsv({ connection, config, log, signal }: Ingest, { table, files, columns }: StageRequest): Promise<StagedFile[]> {
  const staged: StagedFile[] = [];
  for (const [part, file] of files.entries()) {
    const progress = createProgress({ label: table, unit: 'records', log });
    const onProgress = (done: number): void => {
      signal.throwIfAborted();
      progress.update(done);
    };
    const { records } = await loadTable(connection, { file, table: `${table}_part_${part}`, columns, maxRejectShare: config.max_reject_share, onProgress });
    progress.update(records);
    progress.finish();
    staged.push({ file, records });
  }
  const parts = files.map((file, part) => `select *, ${sqlString(file)} as file from ${table}_part_${part}`);
  await connection.run(`create view ${table} as ${parts.join(' union all ')}`);
  return staged;
}

async function stageParquet({ connection, config }: Ingest, { table, files, columns }: StageRequest): Promise<StagedFile[]> {
  const there = await parquetColumns(connection, files);
  expectParquetColumns(files[0]!, there, Object.values(columns).filter(({ optional }) => !optional).map(({ from }) => from));
  const specs = Object.entries(columns);
  const faults = specs.flatMap(([, { from, type }]) => {
    const column = there.get(from);
    return column ? [{ fault: `${from} is not ${type}`, where: miscastSql(column, type) }] : [];
  }).filter(({ where }) => where !== 'false');
  const isSound = faults.length ? `not (${faults.map(({ where }) => where).join(' or ')})` : 'true';
  await connection.run(`
    create table ${table} as
    select ${specs.map(([name, { from, type }]) => `${columnSql(there.get(from), type)} as ${name}`).join(', ')}, filename as file, file_row_number + 1 as line
    from ${parquetSql(files)} where ${isSound}`);
  if (faults.length) {
    const reason = faults.map(({ fault, where }) => `when ${where} then ${sqlString(fault)}`).join(' ');
    await connection.run(`insert into rejects select filename, file_row_number + 1, case ${reason} end from ${parquetSql(files)} where not (${isSound}) order by 1, 2`);
  }
  return Promise.all(files.map(async (file) => {
    const records = await countParquetRows(connection, [file]);
    const rejected = records - await queryNumber(connection, `select count(*) from ${table} where file = ${sqlString(file)}`);
    const firstLine = await queryNumber(connection, `select min(line) from rejects where file = ${sqlString(file)}`);
    expectFewRejects(file, { records, rejected, firstLine }, config.max_reject_share);
    return { file, records };
  }));
}

export function expectParquetColumns(file: string, there: ParquetColumns, required: readonly string[]): void {
  const missing = required.filter((name) => !there.has(name));
  if (missing.length) throw dataError(`${file}: missing column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; the file has ${[...there.keys()].join(', ')}`);
}
