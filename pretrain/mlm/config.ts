/** Configuration of masked-language modelling: the slice under the key `mlm` of a run's YAML file. */
import { z } from 'zod';
import { freezeSchema } from '../../src/training/freeze.js';
import { trainingSchema } from '../../src/training/loop.js';
import { optimizerSchema } from '../../src/training/optimizer.js';

const probability = z.number().min(0).max(1);

const maskingSchema = z
  .strictObject({
    /** Share of a chunk's tokens that are predicted: at least one. */
    rate: z.number().gt(0).max(1).default(0.15),
    /** Of these, the share left as it is; what is neither kept nor replaced becomes [MASK]. */
    keep: probability.default(0.1),
    /** Of these, the share replaced by a random token. */
    random: probability.default(0.1),
  })
  .refine(({ keep, random }) => keep + random <= 1, { message: 'keep and random are shares of the predicted tokens; together at most 1', path: ['random'] });

export const mlmSchema = z.strictObject({
  /** Which tokens are predicted, and what the model sees in their place. */
  masking: maskingSchema.prefault({}),
  /** First layers of the text encoder that are not trained, see `pretrain.freeze`. They run at every step: masks change from epoch to epoch, so that there is nothing to cache. */
  freeze: freezeSchema,
  training: trainingSchema.extend({ patience: z.int().min(0).default(3) }).prefault({}),
  optimizer: optimizerSchema.prefault({ learning_rate: 5e-4 }),
});

export type MlmConfig = z.output<typeof mlmSchema>;
export type TokenMasking = MlmConfig['masking'];
