/** The shape of a model. Defaults are a small model that trains on a laptop; `configs/medm-plm.yaml` holds the paper's. */
import { z } from 'zod';

const textSchema = z.strictObject({
  /**
   * What reads the note: BERT's Transformer; convolutions (`cnn`, as in CAML); or a bidirectional minimal GRU (`rnn`). All have `layers` layers over word
   * embeddings of `width`; `heads`, `feed_forward` and positions are the Transformer's only.
   */
  encoder: z.enum(['transformer', 'cnn', 'rnn']).default('transformer'),
  /**
   * A Hugging Face BERT or RoBERTa-family checkpoint to start from: a folder, or a name on the hub. The fields from `width` to
   * `vocabulary_size` are then the checkpoint's, whatever is written here.
   */
  checkpoint: z.string().optional(),
  /** Of a token's vector. */
  width: z.int().positive().default(128),
  /** Layers of the encoder. */
  layers: z.int().min(0).default(2),
  /** Attention heads of each layer; they divide `width`. */
  heads: z.int().positive().default(4),
  /** Hidden width of each layer's feed-forward network. */
  feed_forward: z.int().positive().default(512),
  /** The kind of model that Hugging Face's library takes an exported text encoder for. */
  family: z.enum(['bert', 'roberta']).default('bert'),
  /** Of the feed-forward networks; `gelu_tanh` is GELU's approximation by tanh. */
  activation: z.enum(['gelu', 'gelu_tanh', 'relu', 'silu']).default('gelu'),
  /** `cnn`: tokens that a convolution spans. */
  kernel: z.int().positive().default(5),
  /** Added to the variance in layer norm. */
  norm_epsilon: z.number().positive().default(1e-12),
  /** Rows of the position table; by default as many as are used. */
  positions: z.int().positive().optional(),
  /** The row of the first token: RoBERTa leaves out those up to its padding id. */
  position_offset: z.int().min(0).default(0),
  /** Rows of the token type (segment) table; the first is used. */
  token_types: z.int().positive().default(2),
  /** Rows of the word table; by default the size of the data's tokenizer. */
  vocabulary_size: z.int().positive().optional(),
  /** Tokens of a note that are read, [CLS] and [SEP] of each chunk included; more than `window`: in chunks. */
  max_tokens: z.int().min(3).default(256),
  /** Longest chunk: the tokens that attend to each other. */
  window: z.int().min(3).default(256),
  /** Tokens that a chunk shares with the one before. */
  overlap: z.int().min(0).default(0),
  /** Share of hidden values set to 0 in training. */
  dropout: z.number().min(0).lt(1).default(0.1),
  /** The text's visit vector: the first token of each chunk (as BERT), the mean over tokens (learns faster from scratch), or the highest over tokens (Kim 2014). */
  pooling: z.enum(['cls', 'mean', 'max']).default('mean'),
});

/** What an encoder that is no Transformer cannot have. */
function refuseTransformersOnly({ encoder, checkpoint, width, pooling }: TextConfig, refuse: (field: keyof TextConfig, message: string) => void): void {
  if (checkpoint !== undefined) refuse('checkpoint', `a checkpoint is a Transformer's, encoder is ${encoder}; leave out text.checkpoint, or set text.encoder: transformer`);
  if (encoder === 'rnn' && width % 2) refuse('width', `half of it reads forwards, half backwards: expected an even number, got ${width}`);
  if (encoder === 'cnn' && pooling === 'cls') refuse('pooling', 'the first token of a convolution has seen its neighbours only; set text.pooling: mean or max');
}

/** Rows of the position table. */
export const positionRows = ({ positions, position_offset, window, max_tokens }: TextConfig): number => positions ?? position_offset + Math.min(window, max_tokens);

const codesSchema = z.strictObject({
  /** Of a code's vector. */
  width: z.int().positive().default(96),
  /** Transformer layers over the codes of a visit. */
  layers: z.int().min(0).default(2),
  /** Attention heads of each layer; they divide `width`. */
  heads: z.int().positive().default(2),
  /** Hidden width of each layer's feed-forward network. */
  feed_forward: z.int().positive().default(96),
  /** Share of hidden values set to 0 in training. */
  dropout: z.number().min(0).lt(1).default(0.1),
  /** Codes of one kind in a visit that are read, by position. */
  max_codes: z.int().positive().default(61),
  /**
   * Code embeddings. `ontology`: graph attention over the hierarchy; `table`: a plain table; `shuffled-ontology`: the same trees with the codes of
   * each system on random leaves, which shows whether the hierarchy matters; `ontology-without-messages`: every node attends to itself only, as
   * in the released code, whose softmax groups edges by the wrong end.
   */
  embedding: z.enum(['ontology', 'table', 'shuffled-ontology', 'ontology-without-messages']).default('ontology'),
  /** Medications of four characters attend to themselves twice: the released code lists a code's prefix of four among its ancestors. */
  repeat_atc_leaf: z.boolean().default(false),
  /** [CLS] is no key: codes attend to the other codes only, as in the released code. */
  mask_cls: z.boolean().default(false),
  /** Heads of the graph attention; their widths add up to `width`. */
  ontology_heads: z.int().positive().default(4),
  /** Adds a code's own vector to what graph attention makes of it and its ancestors; without, siblings begin almost alike (docs/decisions/0058). */
  ontology_residual: z.boolean().default(true),
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
    /** What reads the note. */
    text: textSchema.prefault({}),
    /** What reads the codes: one Transformer for all kinds. */
    codes: codesSchema.prefault({}),
    reader: readerSchema.prefault({}),
    /** How modalities meet before a head: cross-attention in both directions, or not at all (heads see their concatenation). */
    fusion: z.enum(['cross-attention', 'concatenation']).default('cross-attention'),
    /** Padding in cross-attention. `read`: it is attended to like any token, as in the released code; results then depend on the batch. */
    fusion_padding: z.enum(['masked', 'read']).default('masked'),
  })
  .superRefine(({ text, codes }, context) => {
    const divides = (whole: number, part: number, path: string[], what: string): void => {
      if (whole % part) context.addIssue({ code: 'custom', path, message: `${what} (${part}) must divide ${whole}` });
    };
    if (text.encoder === 'transformer') divides(text.width, text.heads, ['text', 'heads'], 'heads');
    else refuseTransformersOnly(text, (field, message) => context.addIssue({ code: 'custom', path: ['text', field], message }));
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
