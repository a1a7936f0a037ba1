/** A fine-tuned run's codes for notes, each with the spans of the raw note that its label attention rests on. */
import path from 'node:path';
import { configurationError, dataError } from '../../src/core/errors.js';
import { cleanNote, createPieceLocator, type Dataset, type PrepareConfig, type SplitName } from '../../src/dataset/index.js';
import { evidenceFigures, type EvidenceFigures, type EvidencePair } from '../../src/metrics/evidence.js';
import type { FittedRun } from '../fitted-run.js';
import { chooseCodes } from './choose-codes.js';
import { explainNote } from './explain-note.js';
import type { ExplainedNote } from './explained-note.js';
import { spanRules } from './from-attention.js';
import { assertSamePieces } from './same-pieces.js';
import { readStoreNotes, type AnnotatedVisit, type GoldEvidence } from './store-notes.js';

export interface ExplainOptions {
  dataset: Dataset;
  /** Directory of the store that the data was prepared from: the raw notes. */
  store: string;
  split: SplitName;
  /** Only these visits of the split. */
  visits?: readonly string[];
  /** Codes a note: the most probable, and all that are predicted. */
  top: number;
  /** Also the codes that annotators marked, as far as they are labels. */
  withGold: boolean;
}

export interface ExplainedRun {
  notes: ExplainedNote[];
  /** Visit → what its annotators marked. */
  gold: Map<string, GoldEvidence[]>;
  /** Over the explained codes that have annotated words; absent where there is none. */
  figures?: EvidenceFigures;
}

/** Notes whose attention is held at once. */
const NOTES_AT_ONCE = 256;

/** @throws configuration error for a head that attends to no text; data error when nothing is left to explain, or the store holds other notes */
export async function explainRun(fitted: FittedRun, options: ExplainOptions): Promise<ExplainedRun> {
  const { dataset, store } = options;
  const explain = await groupExplainer(fitted, options);
  const rows = rowsToExplain(options);
  const explained: ExplainedRun = { notes: [], gold: new Map() };
  const pairs: EvidencePair[] = [];
  for (let from = 0; from < rows.length; from += NOTES_AT_ONCE) {
    const group = rows.subarray(from, from + NOTES_AT_ONCE);
    const visits = await readStoreNotes(store, dataset, group);
    for (const { note, pairs: ofNote } of await explain(group, visits)) {
      explained.notes.push(note);
      pairs.push(...ofNote);
    }
    visits.forEach(({ evidence }, row) => explained.gold.set(dataset.visitIds[row]!, evidence));
  }
  return { ...explained, ...(pairs.length && { figures: evidenceFigures(pairs) }) };
}

type GroupExplainer = (rows: Int32Array, visits: ReadonlyMap<number, AnnotatedVisit>) => Promise<ReturnType<typeof explainNote>[]>;

async function groupExplainer({ attend, ...fitted }: FittedRun, { dataset, store, top, withGold }: ExplainOptions): Promise<GroupExplainer> {
  if (!attend) throw configurationError(`explain: the head of this run (${fitted.config.head.kind}) attends to no text, so that it has no evidence to show; use a run with label attention and with text among its inputs`);
  const locate = await createPieceLocator(path.join(dataset.dir, 'tokenizer.json'));
  const { text: cleaning } = dataset.manifest.config as PrepareConfig;
  const rule = spanRules[fitted.config.evidence.weight > 0 ? 'taught' : 'untaught'];
  return async (rows, visits) => {
    const annotated = (row: number): AnnotatedVisit => visits.get(row)!;
    const located = await locate(Array.from(rows, (row) => cleanNote(annotated(row).text, cleaning)));
    rows.forEach((row, n) => assertSamePieces(dataset, row, { ids: located[n]!.ids, store }));
    const chosen = chooseCodes(await fitted.score(rows), fitted, { annotated, top, withGold });
    const attention = await attend(rows, (row) => chosen.get(row)!.map(({ label }) => label));
    return Array.from(rows, (row, n) => explainNote({ id: dataset.visitIds[row]!, visit: annotated(row), pieces: located[n]!, codes: chosen.get(row)!, attention: attention.get(row)!, rule }));
  };
}

function rowsToExplain({ dataset, split, visits }: ExplainOptions): Int32Array {
  const withText = dataset.rowsOf(split).filter((row) => dataset.tokens.lengthOf(row) > 0);
  if (!withText.length) throw dataError(`${dataset.dir}: no visit with a note in split ${split}: there is nothing to explain`);
  if (!visits) return withText;
  const rowOf = new Map(Array.from(withText, (row) => [dataset.visitIds[row]!, row]));
  const missing = visits.filter((visit) => !rowOf.has(visit));
  if (missing.length) throw dataError(`${dataset.dir}: no visit ${missing.join(', ')} with a note in split ${split}; visits.parquet says which visit is in which split`);
  return Int32Array.from(visits, (visit) => rowOf.get(visit)!);
}
