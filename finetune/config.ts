/** Configuration of fine-tuning: the slice under the key `finetune` of a run's YAML file. */
import { z } from 'zod';
import { freezeSchema } from '../src/training/freeze.js';
import { trainingSchema } from '../src/training/loop.js';
import { optimizerSchema } from '../src/training/optimizer.js';

const kinds = z.enum(['dx', 'rx', 'px']);

export const finetuneSchema = z
  .strictObject({
    /** What the model may read. For ICD coding the label's own kind is refused: it is the answer. */
    inputs: z.array(z.enum(['text', 'dx', 'rx', 'px'])).min(1).default(['text', 'rx']),
    labels: z
      .strictObject({
        kind: kinds.default('dx'),
        /** Training visits that must carry a code before it becomes a label. */
        min_count: z.int().min(1).default(1),
        /** Only the most frequent labels (CAML's top 50). */
        top: z.int().positive().optional(),
      })
      .prefault({}),
    /** Share of the labelled training patients that is used. */
    fraction: z.number().gt(0).max(1).default(1),
    head: z
      .strictObject({
        dropout: z.number().min(0).lt(1).default(0.2),
        /** `codes`: labels start from their code embeddings, hierarchy and pre-training included; `free`: from nothing. */
        label_embeddings: z.enum(['codes', 'free']).default('codes'),
        /**
         * Notes in several chunks. `attend`: each label attends to the tokens of all chunks (PLM-ICD); `max`: each chunk is read by
         * itself and a label gets its highest score (mimic-icd-coder).
         */
        chunks: z.enum(['attend', 'max']).default('attend'),
      })
      .prefault({}),
    /** Measured on dev for early stopping. */
    select_by: z.enum(['map', 'micro_f1', 'micro_auc']).default('map'),
    freeze: freezeSchema,
    training: trainingSchema.prefault({ batch_size: 16, epochs: 20, patience: 4 }),
    optimizer: optimizerSchema.prefault({}),
  })
  .refine(({ inputs, labels }) => !inputs.includes(labels.kind), {
    message: 'the label\'s own kind cannot be an input: it is what the model must predict',
    path: ['inputs'],
  });

export type FinetuneConfig = z.output<typeof finetuneSchema>;
