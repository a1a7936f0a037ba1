/** Notes of a store with their codes and the evidence for them. */
import { dataError } from '../../src/core/errors.js';
import { openStore, queryRows, sqlString, storedFragments, withDuckDB } from '../../src/records/store.js';
import type { Annotation, CodedMention, Note } from './note.js';

interface VisitRow { visit_id: string; patient_id: string; source_split: string | null; text: string }
interface CodeRow { visit_id: string; kind: string; code: string }
interface EvidenceRow extends CodeRow { fragments: string }

export interface StoredNote extends Note {
  /** The source's own: `train`, `dev`, `test`, `background`; null where it has none. */
  split: string | null;
}

export interface StoredNotes {
  notes: StoredNote[];
  /** Kind → code system, the most frequent. */
  systems: Record<string, string>;
}

/** @param splits undefined: all @throws data error when no note is left */
export async function readStore(dir: string, splits?: readonly string[]): Promise<StoredNotes> {
  const { files } = openStore(dir);
  const of = (table: keyof typeof files): string => `read_parquet(${sqlString(files[table])})`;
  const { visits, codes, evidence, systems } = await withDuckDB({}, async (connection) => ({
    visits: await queryRows<VisitRow>(connection, `select visit_id, patient_id, source_split, text from ${of('visits')} v join ${of('notes')} n using (visit_id) order by visit_id`),
    codes: await queryRows<CodeRow>(connection, `select visit_id, kind, code from ${of('codes')} order by visit_id, kind, position`),
    evidence: await queryRows<EvidenceRow>(connection, `select visit_id, kind, code, fragments from ${of('evidence')} order by visit_id, "start", "end", code`),
    systems: await queryRows<{ kind: string; system: string }>(connection, `select kind, mode(system) as system from ${of('codes')} group by kind`),
  }));
  const chosen = visits.filter(({ source_split }) => !splits || splits.includes(source_split ?? ''));
  if (!chosen.length) {
    const there = [...new Set(visits.map(({ source_split }) => source_split ?? 'none'))].join(', ');
    throw dataError(`${dir}: no note of the split ${splits?.join(', ') ?? ''}; the store's splits: ${there || 'no note at all'}`);
  }
  const annotations = annotationsOf(codes, evidence);
  const notes = chosen.map(({ visit_id, patient_id, source_split, text }) => ({ id: visit_id, group: patient_id, split: source_split, text, annotations: annotations.get(visit_id) ?? {} }));
  return { notes, systems: Object.fromEntries(systems.map(({ kind, system }) => [kind, system])) };
}

function annotationsOf(codes: readonly CodeRow[], evidence: readonly EvidenceRow[]): Map<string, Record<string, Annotation>> {
  const all = new Map<string, Record<string, { codes: string[]; mentions: CodedMention[] }>>();
  const at = ({ visit_id, kind }: CodeRow): { codes: string[]; mentions: CodedMention[] } => {
    const ofVisit = all.get(visit_id) ?? {};
    all.set(visit_id, ofVisit);
    return (ofVisit[kind] ??= { codes: [], mentions: [] });
  };
  for (const row of codes) if (!at(row).codes.includes(row.code)) at(row).codes.push(row.code);
  for (const row of evidence) at(row).mentions.push({ code: row.code, fragments: storedFragments(row.fragments) });
  return all;
}
