/** The part `benchmark:` of a configuration in configs/benchmarks: what a published benchmark is, and the figures published on it. */
import { z } from 'zod';

/** Dialect → figure → value in percent. */
const figures = z.record(z.string(), z.record(z.string(), z.number().min(0).max(100)));

const publishedSchema = z.strictObject({
  /** As the table shows it. */
  model: z.string(),
  /** Where the figures stand. */
  source: z.string(),
  /** Dialect → figure → per cent. */
  figures,
});

const splitsSchema = z.strictObject({
  /** The published split, in words. */
  what: z.string(),
  /** Where the lists are. */
  from: z.string(),
  /** Field of `prepare.split.lists` → name of the file in the folder that `--splits` names. */
  files: z.partialRecord(z.enum(['train', 'dev', 'test', 'file']), z.string()),
  /** Without the lists: stop, or divide by iterative stratification, which is not the published split. */
  without: z.enum(['stop', 'stratified']).default('stop'),
});

export const benchmarkSchema = z.strictObject({
  /** As a heading. */
  title: z.string(),
  /** What --raw must name. */
  raw: z.string(),
  /** Which codes are the labels, in words. */
  labels: z.string(),
  /** What to cite. */
  cite: z.string(),
  /** The lists of the published split, where it has any. */
  splits: splitsSchema.optional(),
  /** The split that is scored. */
  evaluate_on: z.enum(['dev', 'test']).default('test'),
  /** The dialects that the papers' figures are in. */
  dialects: z.array(z.string()).min(1),
  /** Stages before fine-tuning. */
  stages: z.array(z.enum(['mlm', 'pretrain'])).default(['pretrain']),
  /** CodiEsp-X: evidence is written and scored. */
  evidence: z.boolean().default(false),
  /** Figures that papers report on it. */
  published: z.array(publishedSchema).default([]),
  /** Where this chain is not what the papers did. */
  differs: z.array(z.string()).default([]),
});

export type Benchmark = z.output<typeof benchmarkSchema>;
export type PublishedResult = z.output<typeof publishedSchema>;
