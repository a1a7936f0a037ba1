/** Parquet files as SQL: several files as one table, columns by name in any case, values as the types that are wanted. */
import { dataError } from '../core/errors.js';
import { queryNumber, queryRows, sqlName, sqlString, type DuckDBConnection } from './duckdb.js';

export interface ParquetColumn {
  /** As the file spells it. */
  name: string;
  /** As DuckDB calls it. */
  type: string;
}

/** Lower-case name → column. */
export type ParquetColumns = ReadonlyMap<string, ParquetColumn>;

/** `read_parquet` takes `*`, `?` and `[` in a path for a pattern. */
const literalPath = (file: string): string => file.replace(/[[*?]/g, '[$&]');

const listOf = (files: readonly string[]): string => `[${files.map((file) => sqlString(literalPath(file))).join(', ')}]`;

/** SQL of the rows of all files, with `filename` and `file_row_number` (from 0) beside the columns. */
export const parquetSql = (files: readonly string[]): string => `read_parquet(${listOf(files)}, filename = true, file_row_number = true, union_by_name = true)`;

/** @throws data error when a file is no Parquet file, or the files' columns do not go together */
export async function parquetColumns(connection: DuckDBConnection, files: readonly string[]): Promise<ParquetColumns> {
  try {
    const rows = await queryRows<{ column_name: string; column_type: string }>(connection, `describe select * from read_parquet(${listOf(files)}, union_by_name = true)`);
    return new Map(rows.map(({ column_name: name, column_type: type }) => [name.toLowerCase(), { name, type }]));
  } catch (cause) {
    throw unreadable(files, cause);
  }
}

export const countParquetRows = (connection: DuckDBConnection, files: readonly string[]): Promise<number> =>
  queryNumber(connection, `select sum(num_rows)::bigint from parquet_file_metadata(${listOf(files)})`);

/** SQL of a column as a type, NULL where a value cannot be one; an absent column is NULL. Zoned times become UTC. */
export function columnSql(column: ParquetColumn | undefined, type: string): string {
  if (!column) return `null::${type}`;
  const name = sqlName(column.name);
  if (type === 'TIMESTAMP' && column.type === 'TIMESTAMP WITH TIME ZONE') return `make_timestamp(epoch_us(${name}))`;
  return column.type === type ? name : `try_cast(${name} as ${type})`;
}

/** SQL that is true where a value is there and cannot be of the type. */
export const miscastSql = (column: ParquetColumn, type: string): string =>
  column.type === type || type === 'VARCHAR' ? 'false' : `${sqlName(column.name)} is not null and ${columnSql(column, type)} is null`;

/** Names the file that DuckDB stumbled over, where it does; never its message, which may quote values. */
export function unreadable(files: readonly string[], cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : '';
  const file = files.find((name) => message.includes(name)) ?? files[0]!;
  const why = /magic bytes|too small|footer/i.test(message) ? 'not a Parquet file, or its end is missing' : /mismatch|same (type|schema)/i.test(message) ? 'its columns do not go with those of the other files' : 'DuckDB cannot read it';
  return dataError(`${file}: ${why}; fetch it again, or write it anew`, cause);
}
