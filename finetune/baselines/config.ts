/** Configuration of the TF-IDF baseline: the section `baseline` of a YAML file; the defaults are the mimic-icd-coder's. */
import { z } from 'zod';
import type { LogisticOptions } from './logistic.js';
import type { TfidfOptions } from './tfidf.js';

const length = z.union([z.literal(1), z.literal(2)]);

const tfidfSchema = z.strictObject({
  /** Shortest and longest term, in words. */
  ngrams: z.tuple([length, length]).refine(([shortest, longest]) => shortest <= longest, 'the shortest comes first').default([1, 2]),
  /** Notes that must have a term before it becomes a column. */
  min_df: z.int().positive().default(5),
  /** Only the terms most frequent over all notes. */
  max_features: z.int().positive().default(200_000),
  /** 1 + ln(count) in place of the count. */
  sublinear: z.boolean().default(true),
  /** `año` becomes `ano`. */
  strip_accents: z.boolean().default(true),
});

const regressionSchema = z.strictObject({
  /** scikit-learn's: the larger, the weaker the penalty. */
  C: z.number().positive().default(1),
  /** `balanced`: the positives of a label weigh as much as its negatives, however few they are. */
  class_weight: z.enum(['none', 'balanced']).default('balanced'),
  /** `penalised`, as liblinear; `free`, as scikit-learn's other solvers. */
  intercept: z.enum(['free', 'penalised']).default('penalised'),
  /** A label is done when its gradient is this small relative to that at the start; figures have settled by then (docs/baselines.md). */
  tolerance: z.number().positive().lt(1).default(0.1),
});

const thresholdsSchema = z.strictObject({
  /** Dev visits that must carry a label before its threshold is tuned. */
  min_support: z.int().positive().default(5),
  /** Threshold of the other labels. */
  fallback: z.number().min(0).max(1).default(0.5),
});

export const baselineSchema = z.strictObject({
  /** Terms of the notes and their weights. */
  tfidf: tfidfSchema.prefault({}),
  /** One logistic regression a label. */
  regression: regressionSchema.prefault({}),
  /** Above which a label is predicted: one each, tuned on dev. */
  thresholds: thresholdsSchema.prefault({}),
});

export type BaselineConfig = z.output<typeof baselineSchema>;

export const tfidfOptions = ({ tfidf: { ngrams, min_df, max_features, sublinear, strip_accents } }: BaselineConfig): TfidfOptions => ({
  ngrams,
  minDf: min_df,
  maxFeatures: max_features,
  sublinear,
  stripAccents: strip_accents,
});

export const logisticOptions = ({ regression: { C, class_weight, intercept, tolerance } }: BaselineConfig): LogisticOptions => ({ C, classWeight: class_weight, intercept, tolerance });
