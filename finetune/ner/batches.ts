/** Batches of all splits of a corpus, in the same few shapes. */
import type { SplitName, TextTokenizer } from '../../src/dataset/index.js';
import type { TextConfig } from '../../src/encoders/config.js';
import type { NamedTensor } from '../../src/encoders/visit-batch.js';
import { chunkingOf, type VisitSource } from '../../src/training/visit-source.js';
import type { TaggedSplits } from './notes.js';
import { chooseSequenceShapes, planSequences, sequenceBatch, sequencesOf, sequenceText, type SequencePlan } from './sequences.js';

export interface SequenceSource {
  /** Shuffled by (seed, epoch), or in order. */
  plan(split: SplitName, shuffle?: { seed: number; epoch: number }): SequencePlan[];
  load(plan: SequencePlan): Promise<NamedTensor[]>;
}

export interface SequenceSourceOptions {
  tokenizer: TextTokenizer;
  text: TextConfig;
  /** Sequences in a batch. */
  batchSize: number;
  encodeText: VisitSource['encodeText'];
}

export function createSequenceSource(splits: TaggedSplits, { tokenizer, text, batchSize, encodeText }: SequenceSourceOptions): SequenceSource {
  const chunking = chunkingOf(text);
  const inSplit = (split: SplitName) => splits[split].notes.flatMap((note) => sequencesOf(note, chunking));
  const sequences = { train: inSplit('train'), dev: inSplit('dev'), test: inSplit('test') };
  const shapes = chooseSequenceShapes(Object.values(sequences).flat(), Math.min(text.window, text.max_tokens));
  return {
    plan: (split, shuffle) => planSequences(sequences[split], { shapes, batchSize, shuffle }),
    load: async (plan) => sequenceBatch(plan, await encodeText(sequenceText(plan, tokenizer))),
  };
}
