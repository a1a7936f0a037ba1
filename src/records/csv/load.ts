/** Loads one CSV file into a typed DuckDB table and proves that every record of the file became a row or a reject. */
import { dataError } from '../../core/errors.js';
import { queryNumber, sqlString, type DuckDBConnection } from '../duckdb.js';
import { expectColumns, readHeader } from './header.js';
import { scanCsv, type CsvSummary } from './scan.js';

export interface ColumnSpec {
  /** The column's name in the file, lower case. */
  from: string;
  type: 'BIGINT' | 'INTEGER' | 'VARCHAR' | 'TIMESTAMP';
  /** A file without the column gives NULL. */
  optional?: boolean;
}

/** Column of the DuckDB table → column of the file. */
export type ColumnSpecs = Record<string, ColumnSpec>;

export interface LoadRequest {
  file: string;
  /** Name of the DuckDB table to make. */
  table: string;
  columns: ColumnSpecs;
  /** Share of malformed records above which the file counts as damaged. */
  maxRejectShare: number;
  /** Called now and then with the records read so far; may throw to stop. */
  onProgress?: (records: number) => void;
}

export interface LoadedTable {
  /** Data records of the file, the header not counted. */
  records: number;
  /** Records that are in `rejects`. */
  rejected: number;
}

const PROGRESS_EVERY = 4096;

/** Files with fewer malformed records than this are never refused: a share of a tiny table says little. */
const TOLERATED_REJECTS = 20;

/**
 * Reads `file` into `table` (columns as requested, then `line`, the record's line), malformed records into `rejects`. Types are
 * never sniffed and codes stay text. DuckDB neither checks gzip nor notices lines that only look like rows, so a second pass
 * ({@link scanCsv}) checks the bytes and counts the records at the same time.
 * @throws data error for a missing column, a damaged file, or too many malformed records
 */
export async function loadTable(connection: DuckDBConnection, request: LoadRequest): Promise<LoadedTable> {
  const { file, table, columns } = request;
  const header = await readHeader(file);
  expectColumns(file, header, Object.values(columns).filter((column) => !column.optional).map((column) => column.from));
  const [scan, load] = await Promise.allSettled([countRecords(request), connection.run(createTable(request, header))]);
  if (scan.status === 'rejected') throw scan.reason;
  if (load.status === 'rejected') throw unreadable(file, load.reason);
  const records = scan.value.records - 1;
  const rejected = await keepRejects(connection, request);
  const rows = await queryNumber(connection, `select count(*) from ${table}_rows`);
  if (rows + rejected !== records) throw miscounted(file, { records, rows, rejected, summary: scan.value });
  const firstLine = await queryNumber(connection, `select min(line) from ${table}_rejects`);
  expectFewRejects(file, { records, rejected, firstLine }, request.maxRejectShare);
  await connection.run(lineView(table, { rejected, emptyLines: scan.value.emptyLines }));
  return { records, rejected };
}

function countRecords({ file, onProgress = () => undefined }: LoadRequest): Promise<CsvSummary> {
  let records = 0;
  return scanCsv(file, () => {
    if (++records % PROGRESS_EVERY === 0) onProgress(records);
  });
}

/** `read_csv` takes `*`, `?` and `[` in a path for a pattern. */
const literalPath = (file: string): string => file.replace(/[[*?]/g, '[$&]');

/** Column types go by position in `read_csv`, so the list is built from the file's own header. */
function createTable({ file, table, columns }: LoadRequest, header: readonly string[]): string {
  const typeOf = (name: string): string => Object.values(columns).find(({ from }) => from === name)?.type ?? 'VARCHAR';
  const types = header.map((name) => `${sqlString(name)}: '${typeOf(name)}'`).join(', ');
  const selected = Object.entries(columns).map(([name, { from, type }]) =>
    header.includes(from) ? `"${from}" as ${name}` : `null::${type} as ${name}`);
  return `create table ${table}_rows as select ${selected.join(', ')}
    from read_csv(${sqlString(literalPath(file))}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
      columns = {${types}}, store_rejects = true, rejects_scan = '${table}_scans', rejects_table = '${table}_errors')`;
}

/** Moves DuckDB's reject table into ours: line and kind of fault only, never the row's content. */
async function keepRejects(connection: DuckDBConnection, { file, table, columns }: LoadRequest): Promise<number> {
  const types = Object.values(columns).map(({ from, type }) => `when ${sqlString(from)} then ${sqlString(`${from} is not ${type}`)}`);
  await connection.run(`
    create table ${table}_rejects as
    select line, string_agg(distinct case error_type when 'CAST' then case column_name ${types.join(' ')} end
        when 'MISSING COLUMNS' then 'too few columns' when 'TOO MANY COLUMNS' then 'too many columns'
        else lower(error_type::varchar) end, '; ') as reason
    from ${table}_errors group by line`);
  await connection.run(`insert into rejects select ${sqlString(file)}, line, reason from ${table}_rejects order by line`);
  return queryNumber(connection, `select count(*) from ${table}_rejects`);
}

/** Rows keep the file's order, so a row's line follows from its number and the lines before it that gave no row. */
function lineView(table: string, { rejected, emptyLines }: { rejected: number; emptyLines: readonly number[] }): string {
  if (!rejected && !emptyLines.length) return `create view ${table} as select *, rowid + 2 as line from ${table}_rows`;
  const empty = emptyLines.map((line) => `union all select ${line}`).join(' ');
  return `
    create table ${table}_gaps as
    select first_row, max(before) as before
    from (select line - 1 - row_number() over (order by line) as first_row, row_number() over (order by line) as before
      from (select line from ${table}_rejects ${empty}))
    group by first_row;
    create view ${table} as
    select r.*, r.rowid + 2 + coalesce(g.before, 0) as line from ${table}_rows r asof left join ${table}_gaps g on r.rowid >= g.first_row`;
}

const unreadable = (file: string, cause: unknown) =>
  dataError(`${file}: DuckDB cannot read the file (${String((cause as Error).message).split(':')[0]}); check that all lines end alike and that the disk has room`, cause);

function miscounted(file: string, { records, rows, rejected, summary }: { records: number; rows: number; rejected: number; summary: CsvSummary }) {
  const near = summary.firstMultiline ? ` near line ${summary.firstMultiline}, where a quoted field spans lines` : '';
  return dataError(`${file}: ${records} records, but ${rows} rows and ${rejected} rejects were read; the file is damaged or has unbalanced quotes${near}`);
}

/** @throws data error when so many records are malformed that the file, not the records, must be at fault */
export function expectFewRejects(file: string, counts: LoadedTable & { firstLine: number }, maxShare: number): void {
  const { records, rejected, firstLine } = counts;
  if (rejected <= Math.max(TOLERATED_REJECTS, maxShare * records)) return;
  throw dataError(`${file}: ${rejected} of ${records} records are malformed, the first on line ${firstLine}; more than max_reject_share (${maxShare}) allows`);
}
