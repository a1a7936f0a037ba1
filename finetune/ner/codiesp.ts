/** Mentions of CodiEsp's annotation X: a store's evidence and notes, over the split of a data set. */
import type { Dataset, SplitName } from '../../src/dataset/index.js';
import { dataError } from '../../src/core/errors.js';
import { codiespLabels } from '../../src/records/codiesp/labels.js';
import { openStore, queryRows, sqlString, withDuckDB } from '../../src/records/store.js';
import type { AnnotatedCorpus, AnnotatedMention, AnnotatedNote } from './corpus.js';

const labels: Readonly<Record<string, string>> = codiespLabels;

interface EvidenceRow {
  visit_id: string;
  kind: string;
  start: number;
  end: number;
  fragments: string;
}

/**
 * The labelled visits of the data set, with what the store's evidence says of them.
 * @throws data error when the store has no evidence, or not the notes of the data set
 */
export async function readCodiesp(dir: string, dataset: Dataset): Promise<AnnotatedCorpus> {
  const { files } = openStore(dir);
  const table = (name: 'notes' | 'evidence') => `read_parquet(${sqlString(files[name])})`;
  const { texts, evidence } = await withDuckDB({}, async (connection) => ({
    texts: await queryRows<{ visit_id: string; text: string }>(connection, `select visit_id, text from ${table('notes')}`),
    evidence: await queryRows<EvidenceRow>(connection, `select visit_id, kind, "start", "end", fragments from ${table('evidence')} order by visit_id, "start", "end"`),
  }));
  if (!evidence.length) throw dataError(`${files.evidence}: no evidence; the probe needs a store of CodiEsp's Spanish texts with its X files (the English texts have no offsets)`);
  const textOf = new Map(texts.map(({ visit_id, text }) => [visit_id, text]));
  const mentions = new Map<string, AnnotatedMention[]>();
  for (const { visit_id, kind, start, end, fragments } of evidence) {
    const mention = { start, end, type: labels[kind] ?? kind, discontinuous: fragments.includes(';') };
    void (mentions.get(visit_id)?.push(mention) ?? mentions.set(visit_id, [mention]));
  }
  const noteOf = (row: number): AnnotatedNote => {
    const id = dataset.visitIds[row]!;
    const text = textOf.get(id);
    if (text === undefined) throw dataError(`${files.notes}: no note of visit ${id}, which is in ${dataset.dir}; give the store that the data was prepared from`);
    return { id, text, mentions: mentions.get(id) ?? [] };
  };
  const notesOf = (split: SplitName) => Array.from(dataset.rowsOf(split, { labelled: true }), noteOf);
  return { types: Object.values(labels), splits: { train: notesOf('train'), dev: notesOf('dev'), test: notesOf('test') } };
}
