/**
 * The annotation file X (or brat's files): for each code the words of the text that are its evidence. Rule: every span is kept as annotated, also
 * the few whose words are not what the text holds at their offsets (counted): the annotation is the gold standard of the task. A label that is not
 * CodiEsp's (`MORFOLOGIA_NEOPLASIA`) says nothing of the kind: the code is of the kind whose file gives the case this code, else a diagnosis.
 */
import { appendRows, queryRows } from '../duckdb.js';
import type { Ingest } from '../staging.js';
import type { CorpusCodes } from './annotations.js';
import { readBrat } from './brat.js';
import { codiespLabels } from './labels.js';
import type { SplitFolder } from './split-folder.js';
import { readTsv } from './lines.js';
import type { CorpusKind } from './systems.js';

export interface Evidence {
  visitId: string;
  kind: CorpusKind;
  system: string;
  code: string;
  /** Half-open ranges of Unicode code points. */
  fragments: [start: number, end: number][];
  text: string;
}

const kindOfLabel: Record<string, CorpusKind> = { [codiespLabels.dx]: 'dx', [codiespLabels.px]: 'px' };

/** Parses `307 316;348 361`; null when it is anything else. CodiEsp has four empty fragments (`1446 1446`); they are harmless. */
export function parseFragments(text: string): Evidence['fragments'] | null {
  const fragments = text.split(';').map((part) => /^\s*(\d+)\s+(\d+)\s*$/.exec(part)).map((match) => match && [Number(match[1]), Number(match[2])] as [number, number]);
  return fragments.every((fragment) => fragment !== null && fragment[0] <= fragment[1]) ? (fragments as Evidence['fragments']) : null;
}

interface EvidenceLine {
  file: string;
  line: number;
  fields: string[];
}

interface EvidenceFile {
  /** An X file, or a folder of brat files. */
  file: string;
  lines: EvidenceLine[];
}

/** @returns the span, or why the line is none */
function parseEvidence({ fields }: EvidenceLine, { systems, kindOf }: CorpusCodes): Evidence | string {
  const [visitId, label, raw, text, offsets] = fields;
  if (fields.length !== 5 || !visitId || !raw) return 'expected five columns: case, label, code, text, offsets';
  const fragments = parseFragments(offsets!);
  if (!fragments) return 'offsets are not pairs of integers in order';
  const kind = kindOfLabel[label!] ?? kindOf(visitId, raw) ?? 'dx';
  return { visitId, kind, ...systems[kind].place(raw), fragments, text: text! };
}

/** Whether the fragments, joined by spaces, are the annotated words; any white space counts as one space. */
export function matchesText({ fragments, text }: Pick<Evidence, 'fragments' | 'text'>, note: readonly string[]): boolean {
  const oneSpace = (words: string): string => words.replace(/\s+/g, ' ').trim();
  return oneSpace(fragments.map(([start, end]) => note.slice(start, end).join('')).join(' ')) === oneSpace(text);
}

/** Fills `evidence`. Offsets refer to the Spanish text, so an English store has none. */
export async function loadEvidence(ingest: Ingest, folders: readonly SplitFolder[], codes: CorpusCodes): Promise<void> {
  const { config, coverage } = ingest;
  const files = evidenceFiles(folders);
  if (!files.length) return;
  if (config.language !== 'es') {
    coverage.notices.push('evidence is left out: its offsets refer to the Spanish text');
    for (const { file, lines } of files) {
      coverage.files.push({ file, records: lines.length, kept: 0, merged: 0, rejected: 0, set_aside: { offsets_of_the_spanish_text: lines.length } });
    }
    return;
  }
  const notes = await codePointsOfNotes(ingest, folders);
  coverage.evidence = { spans: 0, not_matching_text: 0 };
  for (const file of files) await loadEvidenceFile(ingest, file, { notes, codes });
}

const evidenceFiles = (folders: readonly SplitFolder[]): EvidenceFile[] =>
  folders.flatMap(({ annotations: { X }, brat }) => {
    if (X) return [{ file: X, lines: readTsv(X).map((line) => ({ file: X, ...line })) }];
    return brat === undefined ? [] : [{ file: brat, lines: readBrat(brat) }];
  });

/** Visit → its text as code points, for the labelled splits. */
async function codePointsOfNotes({ connection }: Ingest, folders: readonly SplitFolder[]): Promise<Map<string, string[]>> {
  const labelled = folders.filter(({ annotations: { X }, brat }) => X ?? brat).map(({ split }) => `'${split}'`);
  const rows = await queryRows<{ visit_id: string; text: string }>(connection, `
    select visit_id, n.text from notes n join visits v using (visit_id) where v.source_split in (${labelled.join(', ')})`);
  return new Map(rows.map(({ visit_id, text }) => [visit_id, Array.from(text)]));
}

async function loadEvidenceFile({ connection, coverage }: Ingest, { file, lines }: EvidenceFile, { notes, codes }: { notes: Map<string, string[]>; codes: CorpusCodes }): Promise<void> {
  const spans = new Map<string, Evidence>();
  const rejects: [file: string, line: number, reason: string][] = [];
  for (const line of lines) {
    const evidence = parseEvidence(line, codes);
    if (typeof evidence === 'string') rejects.push([line.file, line.line, evidence]);
    else if (!notes.has(evidence.visitId)) rejects.push([line.file, line.line, 'no such visit']);
    else spans.set(JSON.stringify(evidence), evidence);
  }
  await appendSpans({ connection }, [...spans.values()]);
  await appendRows(connection, 'rejects', (append) => rejects.forEach((reject) => append(...reject)));
  coverage.evidence!.spans += spans.size;
  coverage.evidence!.not_matching_text += [...spans.values()].filter((span) => !matchesText(span, notes.get(span.visitId)!)).length;
  coverage.files.push({ file, records: lines.length, kept: spans.size, merged: lines.length - rejects.length - spans.size, rejected: rejects.length, set_aside: {} });
}

async function appendSpans({ connection }: Pick<Ingest, 'connection'>, spans: readonly Evidence[]): Promise<void> {
  await connection.run('create or replace temp table spans (visit_id varchar, kind varchar, system varchar, code varchar, "start" bigint, "end" bigint, fragments varchar, text varchar)');
  await appendRows(connection, 'spans', (append) =>
    spans.forEach(({ visitId, kind, system, code, fragments, text }) => append(
      visitId, kind, system, code, Math.min(...fragments.map(([start]) => start)), Math.max(...fragments.map(([, end]) => end)),
      fragments.map(([start, end]) => `${start} ${end}`).join(';'), text)));
  await connection.run('insert into evidence select * from spans');
}
