/** The shape of a model. Defaults are a small model that trains on a laptop; `configs/medm-plm.yaml` holds the paper's. */
import { z } from 'zod';

const textSchema = z.strictObject({
  /**
   * A Hugging Face BERT or RoBERTa-family checkpoint to start from: a folder, or a name on the hub. The fields from `width` to
   * `vocabulary_size` are then the checkpoint's, whatever is written here.
   */
  checkpoint: z.string().optional(),
  width: z.int().positive().default(128),
  layers: z.int().min(0).default(2),
  heads: z.int().positive().default(4),
  feed_forward: z.int().positive().default(512),
  family: z.enum(['bert', 'roberta']).default('bert'),
  activation: z.enum(['gelu', 'gelu_tanh', 'relu', 'silu']).default('gelu'),
  norm_epsilon: z.number().positive().default(1e-12),
  /** Rows of the position table; by default as many as are used. */
  positions: z.int().positive().optional(),
  /** The row of the first token: RoBERTa leaves out those up to its padding id. */
  position_offset: z.int().min(0).default(0),
  token_types: z.int().positive().default(2),
  /** Rows of the word table; by default the size of the data's tokenizer. */
  vocabulary_size: z.int().positive().optional(),
  /** Tokens of a note that are read, [CLS] and [SEP] of each chunk included; more than `window`: in chunks. */
  max_tokens: z.int().min(3).default(256),
  /** Longest chunk: the tokens that attend to each other. */
  window: z.int().min(3).default(256),
  /** Tokens that a chunk shares with the one before. */
  overlap: z.int().min(0).default(0),
  dropout: z.number().min(0).lt(1).default(0.1),
  /** The text's visit vector: the first token of each chunk (as BERT), or the mean over tokens (learns faster from scratch). */
  pooling: z.enum(['cls', 'mean']).default('mean'),
});

/** Rows of the position table. */
export const positionRows = ({ positions, position_offset, window, max_tokens }: TextConfig): number => positions ?? position_offset + Math.min(window, max_tokens);

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
    const longest = Math.min(text.window, text.max_tokens);
    const places = positionRows(text) - text.position_offset;
    if (longest > places) context.addIssue({ code: 'custom', path: ['text', 'window'], message: `the model has positions for ${places} tokens, not for ${longest}; set text.window (and max_tokens, in multiples of it)` });
    if (text.overlap > longest - 3) context.addIssue({ code: 'custom', path: ['text', 'overlap'], message: `at most ${longest - 3}: a chunk needs a token of its own beside [CLS] and [SEP]` });
  });

export type ModelConfig = z.output<typeof modelSchema>;
export type TextConfig = ModelConfig['text'];
export type CodesConfig = ModelConfig['codes'];
