/** The raw notes of visits and the evidence that annotators marked in them, from a store. */
import { dataError } from '../../src/core/errors.js';
import { codeAtGranularity, type CodeKind, type Dataset, type PrepareConfig } from '../../src/dataset/index.js';
import { openStore, queryRows, sqlString, storedFragments, withDuckDB } from '../../src/records/store.js';
import type { Span } from '../ner/corpus.js';

/** A code that the source gives a visit, with where its annotators found it. */
export interface GoldEvidence {
  kind: CodeKind;
  system: string;
  /** At the granularity of the data. */
  code: string;
  /** One mention: a span, or the pieces of a discontinuous one. */
  fragments: Span[];
}

export interface AnnotatedVisit {
  text: string;
  evidence: GoldEvidence[];
}

interface EvidenceRow {
  visit_id: string;
  kind: CodeKind;
  system: string;
  code: string;
  fragments: string;
}

/**
 * @param rows of the data set
 * @returns row → its note and evidence (none where the store has none)
 * @throws data error when the store does not hold the notes of the data set
 */
export async function readStoreNotes(dir: string, dataset: Dataset, rows: Int32Array): Promise<Map<number, AnnotatedVisit>> {
  const { files } = openStore(dir);
  const { codes } = dataset.manifest.config as PrepareConfig;
  const wanted = `(${Array.from(rows, (row) => sqlString(dataset.visitIds[row]!)).join(', ')})`;
  const from = (table: 'notes' | 'evidence'): string => `from read_parquet(${sqlString(files[table])}) where visit_id in ${wanted}`;
  const { texts, evidence } = await withDuckDB({}, async (connection) => ({
    texts: await queryRows<{ visit_id: string; text: string }>(connection, `select visit_id, text ${from('notes')}`),
    evidence: await queryRows<EvidenceRow>(connection, `select visit_id, kind, system, code, fragments ${from('evidence')} order by visit_id, "start", "end"`),
  }));
  const visits = new Map(texts.map(({ visit_id, text }): [string, AnnotatedVisit] => [visit_id, { text, evidence: [] }]));
  for (const { visit_id, kind, system, code, fragments } of evidence) {
    visits.get(visit_id)?.evidence.push({ kind, system, code: codeAtGranularity({ kind, system, code }, codes), fragments: storedFragments(fragments).map(([start, end]) => ({ start, end })) });
  }
  return new Map(Array.from(rows, (row) => {
    const visit = visits.get(dataset.visitIds[row]!);
    if (!visit) throw dataError(`${files.notes}: no note of visit ${dataset.visitIds[row]}, which is in ${dataset.dir}; give the store that the data was prepared from`);
    return [row, visit];
  }));
}
