/** The strongest check: what is about to be shared against the notes and identifiers of the store that it was made of. */
import { openStore, queryRows, sqlString, withDuckDB, type DuckDBConnection, type Store } from '../../records/store.js';
import { mask, type PhiFinding, type PhiKind } from '../finding.js';
import type { Place, SharedContent } from './shared.js';
import { createRuns, wordsOf } from './words.js';

/** Words that are common to titles and notes come from the code systems. */
async function forgetTitles({ runs, words, length }: SharedContent, connection: DuckDBConnection, store: Store): Promise<void> {
  for (const { title } of await queryRows<{ title: string }>(connection, `select distinct title from read_parquet(${sqlString(store.files.titles)}) where title is not null`)) {
    const next = createRuns(length);
    for (const { text } of wordsOf(title)) {
      words.delete(text);
      const run = next(text);
      if (run !== undefined) runs.delete(run);
    }
  }
}

interface WordUse {
  patient: string;
  patients: number;
  /** Never without a capital, and with one where none was due. */
  looksLikeName: boolean;
  withinSentence: boolean;
}

/** @returns findings in no particular order; `signal` stops it between notes */
export async function compareWithStore(shared: SharedContent, dir: string, signal: AbortSignal): Promise<PhiFinding[]> {
  const store = openStore(dir);
  return withDuckDB({ signal }, async (connection) => {
    await forgetTitles(shared, connection, store);
    const findings = new Map<string, PhiFinding>();
    /** @param what tells two findings of a place apart */
    const report = ({ file, line }: Place, kind: PhiKind, { what = '', masked = mask(what) }: { what?: string; masked?: string }): void => {
      findings.set(`${kind} ${file} ${line} ${what}`, { file, line, kind, masked });
    };
    await identifiersOf(connection, store, (id) => {
      const place = shared.identifiers.get(id);
      if (place) report(place, 'record-number', { what: id });
    });
    const uses = new Map<string, WordUse>();
    await forEachNote(connection, store, (patient, text) => {
      const next = createRuns(shared.length);
      for (const word of wordsOf(text)) {
        const place = shared.runs.get(next(word.text) ?? NaN);
        if (place) report(place, 'note-text', { masked: `${shared.length} words or more of a note` });
        if (shared.words.has(word.text)) countUse(uses, word, patient);
      }
    });
    for (const [word, { patients, looksLikeName, withinSentence }] of uses) {
      if (patients === 1 && looksLikeName && withinSentence) report(shared.words.get(word)!, 'rare-word', { what: word });
    }
    return [...findings.values()];
  });
}

function countUse(uses: Map<string, WordUse>, { text, capitalised, opening }: { text: string; capitalised: boolean; opening: boolean }, patient: string): void {
  const use = uses.get(text);
  if (!use) {
    uses.set(text, { patient, patients: 1, looksLikeName: capitalised, withinSentence: capitalised && !opening });
    return;
  }
  if (use.patient !== patient) use.patients = 2;
  use.looksLikeName &&= capitalised;
  use.withinSentence ||= capitalised && !opening;
}

/** Shorter ones are counts, years and ages as often. */
const SHORTEST_IDENTIFIER = 5;

async function identifiersOf(connection: DuckDBConnection, { files }: Store, visit: (id: string) => void): Promise<void> {
  const result = await connection.stream(`select visit_id from read_parquet(${sqlString(files.visits)}) union select patient_id from read_parquet(${sqlString(files.visits)})`);
  for await (const chunk of result) for (const id of chunk.getColumnValues(0) as string[]) if (id.length >= SHORTEST_IDENTIFIER) visit(id);
}

async function forEachNote(connection: DuckDBConnection, { files }: Store, visit: (patient: string, text: string) => void): Promise<void> {
  const result = await connection.stream(`select patient_id, text from read_parquet(${sqlString(files.notes)}) n join read_parquet(${sqlString(files.visits)}) v using (visit_id)`);
  for await (const chunk of result) {
    const [patients, texts] = [chunk.getColumnValues(0), chunk.getColumnValues(1)] as [string[], string[]];
    texts.forEach((text, i) => visit(patients[i]!, text));
  }
}
