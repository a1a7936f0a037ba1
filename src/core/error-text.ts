/** What may be said of an error: parsers quote what they could not read, and that may be a patient's text. */
import { MedweaveError } from './errors.js';

interface ParserError extends Error {
  code?: string;
  /** csv-parse: lines read so far. */
  lines?: number;
  /** zod. */
  issues?: { path: PropertyKey[]; code: string }[];
}

/** DuckDB's errors about values; those about SQL and files quote nothing that was read. */
const DUCKDB_VALUES = /^(?:Conversion|Invalid Input|Invalid|Out of Range|Constraint|CSV|Parameter|Mismatch Type) Error\b/;

/** @returns what a parser objects to, without what it read; undefined for an error whose message quotes nothing */
function withoutQuotes(error: ParserError): string | undefined {
  if (error instanceof MedweaveError) return undefined;
  const { message } = error;
  if (error instanceof SyntaxError && message.includes('JSON')) return `not valid JSON${/ at position \d+/.exec(message)?.[0] ?? ''}`;
  if (error.constructor.name === 'CsvError') return `${(error.code ?? 'not valid CSV').replace(/^CSV_/, '').toLowerCase().replaceAll('_', ' ')}${error.lines === undefined ? '' : ` on line ${error.lines}`}`;
  if (error.issues && /ZodError$/.test(error.name)) return `wrong fields: ${error.issues.map(({ path, code }) => `${path.join('.')} (${code})`).join(', ')}`;
  return DUCKDB_VALUES.exec(message)?.[0];
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? (withoutQuotes(error) ?? error.message) : String(error);
  return message.replace(/\s*\n\s*/g, ' ').trim();
}

/** Message and calls, for whoever looks for the fault. */
export function stackOf(error: Error): string {
  const said = withoutQuotes(error);
  if (said === undefined) return error.stack ?? '';
  const calls = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${said} (what it read is not shown)`, ...calls].join('\n');
}

/** Longer than any code. */
const LONGEST_CELL = 24;

/** A cell that should have been a code or a name of ours, for a message: in quotes where it is short, else only how long it is. */
export const quotedCell = (cell: string | undefined): string =>
  cell === undefined || (cell.length <= LONGEST_CELL && !/[\r\n]/.test(cell)) ? JSON.stringify(cell) : `a text of ${cell.length} characters`;
