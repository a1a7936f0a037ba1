/** The annotation files D (diagnoses) and P (procedures): case and code, no header; codes in lower case. */
import { loadCodes } from '../codes.js';
import { appendRows } from '../duckdb.js';
import { countRejects, type Ingest } from '../staging.js';
import type { SplitFolder } from './files.js';
import { readTsv, type TsvLine } from './lines.js';

export const systemOfKind = { dx: 'icd10cm', px: 'icd10pcs' } as const;

interface CodeFile {
  file: string;
  kind: keyof typeof systemOfKind;
  lines: TsvLine[];
}

/** Fills `codes`; a code that is not ICD-10 at all stays as written, because corpora of the same shape use other systems. */
export async function loadAnnotations({ connection, coverage }: Ingest, folders: readonly SplitFolder[]): Promise<void> {
  const files: CodeFile[] = folders.flatMap(({ annotations: { D, P } }) => [
    ...(D ? [{ file: D, kind: 'dx' as const, lines: readTsv(D) }] : []),
    ...(P ? [{ file: P, kind: 'px' as const, lines: readTsv(P) }] : []),
  ]);
  for (const codeFile of files) await stageCodes({ connection }, codeFile);
  const counts = await loadCodes(connection, { keepUnrecognised: true });
  for (const { file, lines } of files) {
    const { kept, merged } = counts.find((count) => count.file === file) ?? { kept: 0, merged: 0 };
    coverage.files.push({ file, records: lines.length, kept, merged, rejected: await countRejects(connection, file), set_aside: {} });
  }
}

async function stageCodes({ connection }: Pick<Ingest, 'connection'>, { file, kind, lines }: CodeFile): Promise<void> {
  const isWellFormed = ({ fields }: TsvLine): boolean => fields.length === 2 && fields.every(Boolean);
  await appendRows(connection, 'raw_codes', (append) =>
    lines.filter(isWellFormed).forEach(({ line, fields: [visitId, code] }) => append(file, line, visitId!, kind, systemOfKind[kind], code!, line)));
  await appendRows(connection, 'rejects', (append) =>
    lines.filter((line) => !isWellFormed(line)).forEach(({ line }) => append(file, line, 'expected two columns: case, code')));
}
