/** Notes and annotated mentions of a store. */
import { dataError } from '../core/errors.js';
import type { CodeKind } from '../dataset/index.js';
import { openStore, queryRows, sqlString, storedFragments, withDuckDB, type DuckDBConnection, type Store } from '../records/store.js';
import type { Mention } from './mention.js';
import { sentenceAround } from './sentences.js';

export const sourceSplits = ['train', 'dev', 'test', 'background'] as const;
export type SourceSplit = (typeof sourceSplits)[number];

/** Visit → the raw text of its note, in order of visits. */
export type Notes = ReadonlyMap<string, string>;

interface EvidenceRow {
  visit_id: string;
  kind: CodeKind;
  system: string;
  code: string;
  fragments: string;
}

export interface StoreText {
  notes: Notes;
  /** In order of note, start and end. */
  mentions: Mention[];
  /** Code system of each kind that mentions have. */
  systems: ReadonlyMap<CodeKind, string>;
}

/** @throws data error when the store has no note of these splits */
export async function readStore(dir: string, splits: readonly SourceSplit[]): Promise<StoreText> {
  const store = openStore(dir);
  const { notes, evidence } = await withDuckDB({}, async (connection) => ({
    notes: await queryNotes(connection, store, splits),
    evidence: await queryRows<EvidenceRow>(connection, `
      select visit_id, e.kind, e.system, code, fragments from ${table(store, 'evidence')} e join ${table(store, 'visits')} using (visit_id)
      where source_split in (${list(splits)}) order by visit_id, "start", "end", e.kind, code, fragments`),
  }));
  if (!notes.size) throw dataError(`${store.files.notes}: no notes of the split ${splits.join(', ')}; the store's visits name their split in the column source_split`);
  const points = new Map([...notes].map(([id, text]) => [id, Array.from(text)]));
  return {
    notes,
    mentions: evidence.map(({ visit_id, fragments, kind, code }) => mentionAt(visit_id, storedFragments(fragments), { note: points.get(visit_id)!, kind, code })),
    systems: new Map(evidence.map(({ kind, system }) => [kind, system])),
  };
}

/** Code → title, of one system; empty where the store has none. */
export async function readStoreTitles(dir: string, system: string): Promise<Map<string, string>> {
  const store = openStore(dir);
  const rows = await withDuckDB({}, (connection) => queryRows<{ code: string; title: string }>(connection, `select code, title from ${table(store, 'titles')} where system = ${sqlString(system)} order by code`));
  return new Map(rows.map(({ code, title }) => [code, title]));
}

async function queryNotes(connection: DuckDBConnection, store: Store, splits: readonly SourceSplit[]): Promise<Map<string, string>> {
  const rows = await queryRows<{ visit_id: string; text: string }>(connection, `
    select visit_id, n.text from ${table(store, 'notes')} n join ${table(store, 'visits')} using (visit_id) where source_split in (${list(splits)}) order by visit_id`);
  return new Map(rows.map(({ visit_id, text }) => [visit_id, text]));
}

const table = ({ files }: Store, name: 'notes' | 'visits' | 'evidence' | 'titles'): string => `read_parquet(${sqlString(files[name])})`;

const list = (values: readonly string[]): string => values.map(sqlString).join(', ');

/** `12 20;31 40`; undefined when it is anything else. */
export function parseSpan(text: string): [number, number][] | undefined {
  const fragments = text.split(';').map((part) => part.trim().split(/\s+/).map(Number));
  return fragments.every((pair) => pair.length === 2 && pair.every(Number.isSafeInteger) && 0 <= pair[0]! && pair[0]! <= pair[1]!) ? (fragments as [number, number][]) : undefined;
}

/** @param note code points */
export function mentionAt(noteId: string, fragments: Mention['fragments'], { note, kind, code }: { note: readonly string[]; kind: CodeKind; code?: string }): Mention {
  const text = fragments.map(([start, end]) => note.slice(start, end).join('')).join(' ').trim();
  return { noteId, fragments, text, sentence: sentenceAround(note, fragments), kind, code };
}
