/** Configuration of pre-training: the slice under the key `pretrain` of a run's YAML file. */
import { z } from 'zod';
import { freezeSchema } from '../src/training/freeze.js';
import { trainingSchema } from '../src/training/loop.js';
import { optimizerSchema } from '../src/training/optimizer.js';

const probability = z.number().min(0).max(1);

const weight = z.number().positive().default(1);

export const maskingSchema = z.strictObject({
  /** Share of a visit's codes of a kind that are masked: at least one, at most `max`. */
  rate: probability.default(0.15),
  /** Masked codes of a kind in a visit, at most. */
  max: z.int().positive().default(20),
  /** Of the masked codes, the share left as it is; what is neither kept nor replaced becomes [MASK]. */
  keep: probability.default(0.1),
  /** Of the masked codes, the share replaced by a random code. */
  random: probability.default(0.1),
  /** Where the random code is from. `other-system`: another kind's vocabulary, so that a diagnosis becomes a medication, as in G-BERT's code. */
  random_from: z.enum(['same-system', 'other-system']).default('same-system'),
  /** `dynamic`: drawn anew each epoch; `static`: once and for all, as the released code does. */
  draw: z.enum(['dynamic', 'static']).default('dynamic'),
});

export const pretrainSchema = z.strictObject({
  /** What is read and predicted: `text` and kinds of codes; by default everything there is. */
  inputs: z.array(z.enum(['text', 'dx', 'rx', 'px'])).min(1).optional(),
  /**
   * `masked-ce`: cross-entropy of the masked codes (the paper's equations 8–10); `visit-bce`: binary cross-entropy over all codes of the
   * visit (the released code, and G-BERT).
   */
  loss: z.enum(['masked-ce', 'visit-bce']).default('masked-ce'),
  /** Predict masked codes from the note. */
  text_to_code: z.boolean().default(true),
  /** Predict masked codes of a kind from the other kinds. */
  code_to_code: z.boolean().default(true),
  /**
   * Ours, beside the paper's two: kinds of codes to read the visit for — all codes of a kind from the tokens of the note and of the other kinds, each code reading for itself
   * by label attention. It trains what ICD coding uses (docs/decisions/0051).
   */
  reading: z.array(z.enum(['dx', 'rx', 'px'])).default(['dx', 'rx', 'px']),
  /** Weights of the objectives in the loss. */
  weights: z
    .strictObject({
      /** Of `text_to_code`. */
      text_to_code: weight,
      /** Of `code_to_code`. */
      code_to_code: weight,
      /** Of `reading`. */
      reading: weight,
    })
    .prefault({}),
  /** Which codes are masked, and what the model sees in their place. */
  masking: maskingSchema.prefault({}),
  /** Chance that a visit's text, or each kind of its codes, is withheld, so that the model serves visits that lack it. */
  modality_dropout: z
    .strictObject({
      /** Of the text. */
      text: probability.default(0.1),
      /** Of each kind of codes. */
      codes: probability.default(0.2),
    })
    .prefault({}),
  /** Hidden width of the prediction heads. */
  head_width: z.int().positive().default(128),
  freeze: freezeSchema,
  training: trainingSchema.extend({ epochs: z.int().positive().default(20), patience: z.int().min(0).default(5) }).prefault({}),
  optimizer: optimizerSchema.prefault({}),
}).refine((config) => config.text_to_code || config.code_to_code || config.reading.length > 0, { message: 'text_to_code and code_to_code are off and reading is empty: nothing to learn', path: ['text_to_code'] });

export type PretrainConfig = z.output<typeof pretrainSchema>;
export type MaskingConfig = z.output<typeof maskingSchema>;
