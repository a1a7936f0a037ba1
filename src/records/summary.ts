/** The table that `ingest` prints. */
import type { Coverage, FileCoverage } from './coverage.js';

const number = (value: number): string => value.toLocaleString('en-US');
/** Rounded down: 100 % means all. */
const percent = (share: number | null): string => (share === null ? '–' : `${(Math.floor(1000 * share) / 10).toFixed(1)} %`);

/** Left-aligned first column, right-aligned others. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => (column ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ').trimEnd());
}

const setAside = ({ set_aside }: FileCoverage): number => Object.values(set_aside).reduce((sum, n) => sum + n, 0);

function fileTable(files: readonly FileCoverage[]): string[] {
  const rows = files.map((file) => [file.file, ...[file.records, file.kept, file.merged, setAside(file), file.rejected].map(number)]);
  return alignColumns([['file', 'records', 'kept', 'merged', 'set aside', 'rejected'], ...rows]);
}

const flowTable = ({ flow }: Coverage): string[] =>
  alignColumns([['cohort', 'visits', 'patients'], ...flow.map(({ step, visits, patients }) => [step, number(visits), number(patients)])]);

const codeTable = ({ codes }: Coverage): string[] =>
  alignColumns([
    ['codes', 'rows', 'distinct', 'unknown'],
    ...codes.map(({ kind, system, rows, distinct, unknown_distinct }) => [`${kind} ${system}`, ...[rows, distinct, unknown_distinct].map(number)]),
  ]);

function drugLines({ drugs }: Coverage): string[] {
  if (!drugs) return [];
  const skipped = Object.entries(drugs.skipped).map(([reason, { rows }]) => `${number(rows)} ${reason}`).join(', ');
  return ['', `medications: ${percent(drugs.mapped_share)} of ${number(drugs.mapped_rows + drugs.unmapped.rows)} rows that name a drug are mapped to ATC${skipped && ` (aside: ${skipped})`}; ` +
    `${number(drugs.unmapped.distinct)} name${drugs.unmapped.distinct === 1 ? '' : 's'} left over, see coverage.json`];
}

const evidenceLines = ({ evidence }: Coverage): string[] =>
  evidence ? ['', `evidence: ${number(evidence.spans)} spans, ${number(evidence.not_matching_text)} of them differ from the text`] : [];

export function ingestSummary(coverage: Coverage, out: string): string {
  const { files, notes } = coverage;
  return [
    `${out} (${coverage.source}, ${number(notes.visits_with_note)} notes)`, '',
    ...flowTable(coverage), '', ...codeTable(coverage), ...drugLines(coverage), ...evidenceLines(coverage), '', ...fileTable(files),
  ].join('\n');
}
