/** DuckDB sessions in bounded memory, and the few ways in which the project asks them questions. */
import { DuckDBInstance, type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';

export type { DuckDBAppender, DuckDBConnection };

export interface DuckDBOptions {
  /** The database file; in memory when absent. */
  file?: string;
  /** E.g. `4GB`; beyond it DuckDB spills to `temporaryDir`. */
  memoryLimit?: string;
  threads?: number;
  /** Where DuckDB may spill; without it an in-memory session cannot. */
  temporaryDir?: string;
  /** Interrupts the query that runs when it is aborted. */
  signal?: AbortSignal;
}

/**
 * Opens a session, hands its connection to `use`, and closes both whatever happens.
 * @throws the signal's reason, whatever `use` made of DuckDB's INTERRUPT error, once the signal is aborted
 */
export async function withDuckDB<Result>(options: DuckDBOptions, use: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
  const settings: Record<string, string> = {};
  if (options.memoryLimit) settings.memory_limit = options.memoryLimit;
  if (options.threads) settings.threads = String(options.threads);
  if (options.temporaryDir) settings.temp_directory = options.temporaryDir;
  const instance = await DuckDBInstance.create(options.file ?? ':memory:', settings);
  try {
    const connection = await instance.connect();
    const interrupt = (): void => connection.interrupt();
    options.signal?.addEventListener('abort', interrupt);
    try {
      return await use(connection);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A name, of a column say, as SQL takes any. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A string as an SQL literal. */
export const sqlString = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

/** All rows of a small result as objects; 64-bit integers come as numbers, so they must stay below 2^53. */
export async function queryRows<Row>(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJS();
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])) as Row);
}

/** The only number of a one-row, one-column result. */
export async function queryNumber(connection: DuckDBConnection, sql: string): Promise<number> {
  const [row] = await queryRows<Record<string, number | null>>(connection, sql);
  return Object.values(row ?? {})[0] ?? 0;
}

/** Appends one row; numbers go to BIGINT columns, strings to VARCHAR ones. */
export function appendRow(appender: DuckDBAppender, values: readonly (string | number | null)[]): void {
  for (const value of values) {
    if (value === null) appender.appendNull();
    else if (typeof value === 'string') appender.appendVarchar(value);
    else appender.appendBigInt(BigInt(value));
  }
  appender.endRow();
}

/** Fills a table row by row: `fill` gets a function that appends one row. */
export async function appendRows(
  connection: DuckDBConnection,
  table: string,
  fill: (append: (...values: (string | number | null)[]) => void) => void | Promise<void>,
): Promise<void> {
  const appender = await connection.createAppender(table);
  try {
    await fill((...values) => appendRow(appender, values));
  } finally {
    appender.closeSync();
  }
}
