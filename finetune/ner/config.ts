/** Configuration of the NER probe: the slice under the key `ner` of a run's YAML file. */
import { z } from 'zod';
import { freezeSchema } from '../../src/training/freeze.js';
import { trainingSchema } from '../../src/training/loop.js';
import { optimizerSchema } from '../../src/training/optimizer.js';

export const nerSchema = z.strictObject({
  /** What tags the words. */
  head: z
    .strictObject({
      /** `crf`: a linear-chain conditional random field; `softmax`: each word by itself, tags that cannot follow each other ruled out when decoding. */
      decoder: z.enum(['crf', 'softmax']).default('crf'),
      /** Width of each direction of an LSTM over the words, under the decoder (the paper's BiLSTM-CRF); null: none. */
      lstm: z.int().positive().nullable().default(null),
      /** Share of the head's inputs set to 0 in training. */
      dropout: z.number().min(0).lt(1).default(0.2),
    })
    .prefault({}),
  /** Mentions in several pieces: not predicted, or taken as one span from the first start to the last end. */
  discontinuous: z.enum(['leave-out', 'first-to-last']).default('leave-out'),
  /** Share of the training documents that become dev where the source has none (i2b2). */
  dev_share: z.number().gt(0).lt(1).default(0.1),
  freeze: freezeSchema,
  training: trainingSchema
    .extend({
      /** Chunks of notes in a micro-batch. */
      batch_size: z.int().positive().default(16),
      epochs: z.int().positive().default(20),
      patience: z.int().min(0).default(5),
    })
    .prefault({}),
  optimizer: optimizerSchema.prefault({}),
});

export type NerConfig = z.output<typeof nerSchema>;
export type TagHeadConfig = NerConfig['head'];
