/** From a tagger's scores, chunk by chunk, to the mentions of whole notes. */
import type { Forward } from '../../src/training/forward.js';
import type { NamedTensor } from '../../src/encoders/visit-batch.js';
import type { Mention } from './corpus.js';
import type { TaggedNote } from './notes.js';
import type { SequencePlan } from './sequences.js';
import { mentionsOf, tagCount } from './tags.js';
import { viterbi } from './viterbi.js';

export interface PredictionOptions {
  /** Together they hold every sequence of the notes. */
  plans: readonly SequencePlan[];
  load: (plan: SequencePlan) => Promise<NamedTensor[]>;
  /** Gives `emissions` [N, S, K]. */
  forward: Forward;
  /** Of the CRF [K, K]; absent for softmax. */
  transitions?: Float32Array;
  types: readonly string[];
}

/**
 * Tags are decoded over a note as a whole, so that a mention may lie across two chunks.
 * @returns the mentions of each note, in order of the text
 */
export async function predictMentions(notes: readonly TaggedNote[], { plans, load, forward, transitions, types }: PredictionOptions): Promise<Map<TaggedNote, Mention[]>> {
  const tags = tagCount(types);
  const emissions = new Map(notes.map((note) => [note, new Float32Array(note.words.length * tags)]));
  for (const plan of plans) {
    const { emissions: batch } = await forward.run(await load(plan));
    plan.sequences.forEach((sequence, n) => {
      if (!sequence) return;
      const { note, words } = sequence;
      const at = n * plan.shape.words * tags;
      emissions.get(note)!.set((batch as Float32Array).subarray(at, at + (words.end - words.start) * tags), words.start * tags);
    });
  }
  return new Map([...emissions].map(([note, scores]) => [note, mentionsOf(note.words, viterbi({ emissions: scores, transitions, tags }), types)]));
}
