/** Notes in chunks: every word is tagged once, by the chunk that holds its first piece, and lies where the batch says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaggedNote } from '../../../finetune/ner/notes.js';
import { chooseSequenceShapes, planSequences, sequenceBatch, sequencesOf, sequenceText } from '../../../finetune/ner/sequences.js';

const special = { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 };

/** A note of words of so many pieces each; piece i has the id 10 + i. */
function noteOf(lengths: readonly number[]): TaggedNote {
  const first = lengths.map((_, w) => lengths.slice(0, w).reduce((sum, length) => sum + length, 0));
  return {
    id: 'n', mentions: [],
    pieces: Int32Array.from({ length: lengths.reduce((sum, length) => sum + length, 0) }, (_, i) => 10 + i),
    words: lengths.map((_, w) => ({ start: 2 * w, end: 2 * w + 1 })),
    first: Int32Array.from(first),
    tags: Uint8Array.from(lengths, (_, w) => w % 5),
  };
}

const notes = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 40 }).map(noteOf), { minLength: 1, maxLength: 4 });
const chunkings = fc.tuple(fc.integer({ min: 8, max: 24 }), fc.integer({ min: 0, max: 5 })).map(([window, overlap]) => ({ window, overlap, maxTokens: 2 * window }));

describe('sequencesOf', () => {
  it('holds each word once, in order, also beyond the tokens that other stages read', () => {
    fc.assert(fc.property(notes, chunkings, (all, chunking) => {
      for (const note of all) {
        const sequences = sequencesOf(note, chunking);
        expect(sequences.flatMap(({ words }) => Array.from({ length: words.end - words.start }, (_, i) => words.start + i))).toEqual([...note.words.keys()]);
        for (const { pieces, words } of sequences) {
          expect(pieces.end - pieces.start).toBeLessThanOrEqual(chunking.window - 2);
          for (let w = words.start; w < words.end; w++) expect(note.first[w]! >= pieces.start && note.first[w]! < pieces.end).toBe(true);
        }
      }
    }));
  });
});

describe('a batch', () => {
  it('points at the first piece of each word, and holds every sequence once in some order', () => {
    fc.assert(fc.property(notes, chunkings, fc.option(fc.constant({ seed: 3, epoch: 1 })), (all, chunking, shuffle) => {
      const sequences = all.flatMap((note) => sequencesOf(note, chunking));
      const shapes = chooseSequenceShapes(sequences, chunking.window);
      const plans = planSequences(sequences, { shapes, batchSize: 3, shuffle: shuffle ?? undefined });
      const planned = plans.flatMap((plan) => plan.sequences).filter((sequence) => sequence !== undefined);
      expect(new Set(planned)).toEqual(new Set(sequences));
      expect(planned).toHaveLength(sequences.length);
      for (const plan of plans) {
        const text = sequenceText(plan, { special });
        const tensors = Object.fromEntries(sequenceBatch(plan, text).map(({ name, data }) => [name, data]));
        const S = plan.shape.words;
        plan.sequences.forEach((sequence, n) => {
          const words = sequence ? Array.from({ length: sequence.words.end - sequence.words.start }, (_, i) => sequence.words.start + i) : [];
          expect(Array.from(tensors['words.mask']!.subarray(n * S, (n + 1) * S)).reduce((sum, flag) => sum + flag, 0)).toBe(words.length);
          words.forEach((word, i) => {
            const { note } = sequence!;
            expect(text.ids[tensors['words.first']![n * S + i]!]).toBe(note.pieces[note.first[word]!]);
            expect(tensors['words.tags']![n * S + i]).toBe(note.tags[word]);
          });
          expect(text.ids[n * plan.shape.width]).toBe(special.cls);
        });
      }
    }));
  });
});
