/** The annotation files D (diagnoses) and P (procedures): case and code; a line with the columns' names may come first. */
import { loadCodes } from '../codes.js';
import { appendRows } from '../duckdb.js';
import { countRejects, type Ingest } from '../staging.js';
import type { SplitFolder } from './split-folder.js';
import { readTsv, type TsvLine } from './lines.js';
import { kindSystem, type CorpusKind, type KindSystem } from './systems.js';

export interface CorpusCodes {
  systems: Record<CorpusKind, KindSystem>;
  /** The kind whose file gives the case this code; undefined when none does. */
  kindOf: (visitId: string, code: string) => CorpusKind | undefined;
}

interface CodeFile {
  file: string;
  kind: CorpusKind;
  lines: TsvLine[];
}

const isWellFormed = ({ fields }: TsvLine): boolean => fields.length === 2 && fields.every(Boolean);

/** Fills `codes`. @returns what evidence needs to know of them */
export async function loadAnnotations(ingest: Ingest, folders: readonly SplitFolder[]): Promise<CorpusCodes> {
  const { connection, coverage } = ingest;
  const files: CodeFile[] = folders.flatMap(({ annotations: { D, P } }) => [
    ...(D ? [{ file: D, kind: 'dx' as const, lines: readTsv(D) }] : []),
    ...(P ? [{ file: P, kind: 'px' as const, lines: readTsv(P) }] : []),
  ]);
  const systems = { dx: systemOf('dx', files, ingest), px: systemOf('px', files, ingest) };
  for (const codeFile of files) await stageCodes(ingest, codeFile, systems[codeFile.kind]);
  const counts = await loadCodes(connection);
  for (const { file, lines } of files) {
    const { kept, merged } = counts.find((count) => count.file === file) ?? { kept: 0, merged: 0 };
    coverage.files.push({ file, records: lines.length, kept, merged, rejected: await countRejects(connection, file), set_aside: {} });
  }
  return { systems, kindOf: kindsByCase(files) };
}

function systemOf(kind: CorpusKind, files: readonly CodeFile[], { config, coverage }: Ingest): KindSystem {
  const codes = files.filter((file) => file.kind === kind).flatMap(({ lines }) => lines.filter(isWellFormed).map(({ fields }) => fields[1]!));
  const system = kindSystem(kind, codes, config);
  if (system.notice !== undefined) coverage.notices.push(system.notice);
  return system;
}

async function stageCodes({ connection }: Pick<Ingest, 'connection'>, { file, kind, lines }: CodeFile, { place }: KindSystem): Promise<void> {
  await appendRows(connection, 'raw_codes', (append) =>
    lines.filter(isWellFormed).forEach(({ line, fields: [visitId, code] }) => append(file, line, visitId!, kind, place(code!).system, code!, line)));
  await appendRows(connection, 'rejects', (append) =>
    lines.filter((line) => !isWellFormed(line)).forEach(({ line }) => append(file, line, 'expected two columns: case, code')));
}

function kindsByCase(files: readonly CodeFile[]): CorpusCodes['kindOf'] {
  const key = (visitId: string, code: string): string => `${visitId}\t${code.toUpperCase()}`;
  const kinds = new Map(files.flatMap(({ kind, lines }) => lines.filter(isWellFormed).map(({ fields }) => [key(fields[0]!, fields[1]!), kind] as const)));
  return (visitId, code) => kinds.get(key(visitId, code));
}
