/** One note: from the attention of its codes to spans, and to what of them agrees with the annotators' marks. */
import type { LocatedPieces } from '../../src/dataset/index.js';
import type { EvidencePair } from '../../src/metrics/evidence.js';
import { nameOf, type ChosenCode } from './choose-codes.js';
import type { ExplainedNote } from './explained-note.js';
import { spansOf, wordWeights, type SpanRule } from './from-attention.js';
import type { AnnotatedVisit } from './store-notes.js';
import { noteWords, wordsWithin } from './words.js';

export interface NoteToExplain {
  id: string;
  visit: AnnotatedVisit;
  /** Places in the raw text. */
  pieces: Pick<LocatedPieces, 'starts' | 'ends'>;
  codes: readonly ChosenCode[];
  /** Weights over the pieces, code by code. */
  attention: readonly (readonly number[])[];
  rule: SpanRule;
}

/** @returns the note, and a pair for each of its codes that has annotated words */
export function explainNote({ id, visit: { text, evidence }, pieces, codes, attention, rule }: NoteToExplain): { note: ExplainedNote; pairs: EvidencePair[] } {
  const note = noteWords(text);
  const pairs: EvidencePair[] = [];
  const explained = codes.map(({ label: _, ...code }, c) => {
    const weights = wordWeights(note.words, pieces, attention[c]!);
    const spans = spansOf(note, weights, rule);
    const gold = wordsWithin(note.words, evidence.filter((marked) => nameOf(marked) === nameOf(code)).flatMap(({ fragments }) => fragments));
    if (gold.size) pairs.push({ gold, predicted: wordsWithin(note.words, spans), weights });
    return { ...code, spans };
  });
  return { note: { id, text, codes: explained }, pairs };
}
