/** The shape of a model. Defaults are a small model that trains on a laptop; `configs/medm-plm.yaml` holds the paper's. */
import { z } from 'zod';

const textSchema = z.strictObject({
  width: z.int().positive().default(128),
  layers: z.int().min(0).default(2),
  heads: z.int().positive().default(4),
  feed_forward: z.int().positive().default(512),
  /** Tokens of a note that are read; longer than `window`: in chunks. */
  max_tokens: z.int().positive().default(256),
  /** Tokens that attend to each other; also the number of position embeddings. */
  window: z.int().positive().default(256),
  dropout: z.number().min(0).lt(1).default(0.1),
  /** The text's visit vector: the first token (as BERT), or the mean over tokens (learns faster from scratch). */
  pooling: z.enum(['cls', 'mean']).default('mean'),
});

const codesSchema = z.strictObject({
  width: z.int().positive().default(96),
  layers: z.int().min(0).default(2),
  heads: z.int().positive().default(2),
  feed_forward: z.int().positive().default(96),
  dropout: z.number().min(0).lt(1).default(0.1),
  /** Codes of one kind in a visit that are read, by position. */
  max_codes: z.int().positive().default(61),
  /** Code embeddings: graph attention over the hierarchy, or a plain table. */
  embedding: z.enum(['ontology', 'table']).default('ontology'),
  /** Heads of the graph attention; their widths add up to `width`. */
  ontology_heads: z.int().positive().default(4),
});

/** Reading text for codes by label attention. */
const readerSchema = z.strictObject({
  /** In which tokens and codes are matched. */
  width: z.int().positive().default(128),
  /** `variance`: what a code read has the same variance however even its attention; `mean`: LAAT to the letter, slower to learn. */
  scaling: z.enum(['variance', 'mean']).default('variance'),
});

export const modelSchema = z
  .strictObject({
    text: textSchema.prefault({}),
    codes: codesSchema.prefault({}),
    reader: readerSchema.prefault({}),
    /** How modalities meet before a head: cross-attention in both directions, or not at all (heads see their concatenation). */
    fusion: z.enum(['cross-attention', 'concatenation']).default('cross-attention'),
  })
  .superRefine(({ text, codes }, context) => {
    const divides = (whole: number, part: number, path: string[], what: string): void => {
      if (whole % part) context.addIssue({ code: 'custom', path, message: `${what} (${part}) must divide ${whole}` });
    };
    divides(text.width, text.heads, ['text', 'heads'], 'heads');
    divides(codes.width, codes.heads, ['codes', 'heads'], 'heads');
    divides(codes.width, codes.ontology_heads, ['codes', 'ontology_heads'], 'ontology heads');
    if (text.max_tokens > text.window) divides(text.max_tokens, text.window, ['text', 'window'], 'window');
  });

export type ModelConfig = z.output<typeof modelSchema>;
export type TextConfig = ModelConfig['text'];
export type CodesConfig = ModelConfig['codes'];
