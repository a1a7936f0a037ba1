/** Vectors of texts from any text encoder: a Hugging Face checkpoint by folder or name, or the text encoder of a run. */
import fs from 'node:fs';
import path from 'node:path';
import { configurationError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { createRng } from '../core/rng.js';
import { chunksOf, createTokenizer, readTokenizerSource, type TextTokenizer } from '../dataset/index.js';
import { modelSchema, positionRows, type ModelConfig } from '../encoders/config.js';
import { initTextEncoder } from '../encoders/text/text-encoder.js';
import type { Device } from '../engine/index.js';
import type { ChunkedRows } from '../encoders/visit-batch.js';
import { createFrozenPrefix, type FrozenPrefix } from '../training/frozen-prefix.js';
import { splitFrozen } from '../training/stage-parameters.js';
import { findStart, startingValues, storedIn, type Start } from '../training/start.js';

/** A text after the encoder's last layer. */
export interface EncodedTokens {
  /** [CLS] … [SEP] of each chunk, end to end. */
  ids: Int32Array;
  /** [tokens, width] */
  hidden: Float32Array;
}

export interface Embedder {
  width: number;
  /** tanh(W x + b) of the checkpoint's pooler over [CLS]; undefined where it has none. */
  pooler?: { weight: Float32Array; bias: Float32Array };
  encode(texts: readonly string[]): Promise<EncodedTokens[]>;
  dispose(): void;
}

export interface EmbedderOptions {
  /** Folder, hub name, or run directory. */
  encoder: string;
  device: Device;
  /** Longest chunk; longer texts are cut into several. Default: as long as the encoder has positions. */
  window?: number;
  overlap: number;
  /** Most tokens of a text that are read. */
  maxTokens: number;
  log: Logger;
}

/** Widths are multiples of this: few programs for texts of any length. */
const STEP = 32;

export async function openEmbedder({ encoder, device, window, overlap, maxTokens, log }: EmbedderOptions): Promise<Embedder> {
  const start = await startOf(encoder, log);
  const text = chunked(start.model, { window, overlap, maxTokens });
  const tokenizer = tokenizerOf(start);
  const inits = startingValues({ bert: initTextEncoder(createRng(0), text, text.vocabulary_size ?? tokenizer.size) }, start, (name) => name.startsWith('bert.pooler.'));
  const { frozen } = splitFrozen(inits, text.layers);
  const prefix = createFrozenPrefix({ device, config: text, frozen: frozen! });
  return {
    width: text.width,
    pooler: poolerOf(start),
    encode: async (texts) => encodeTexts(await tokenizer.encode(texts, text.max_tokens), { text, tokenizer, prefix }),
    dispose: () => prefix.dispose(),
  };
}

/** A run if the folder holds one, else a checkpoint. */
const startOf = (encoder: string, log: Logger): Promise<Start> =>
  fs.existsSync(path.join(encoder, 'manifest.json')) && !fs.existsSync(path.join(encoder, 'config.json'))
    ? findStart({ model: modelSchema.parse({}), from: encoder, commands: ['mlm', 'pretrain', 'finetune'], log })
    : findStart({ model: modelSchema.parse({ text: { checkpoint: encoder, window: 3, max_tokens: 3 } }), commands: [], log });

function chunked({ text }: ModelConfig, { window, overlap, maxTokens }: Pick<EmbedderOptions, 'window' | 'overlap' | 'maxTokens'>): ModelConfig['text'] {
  const longest = positionRows(text) - text.position_offset;
  const width = window ?? longest;
  if (width > longest || width < 3) throw configurationError(`--window ${width}: this encoder reads chunks of 3 to ${longest} tokens`);
  if (overlap > width - 3) throw configurationError(`--overlap ${overlap}: at most ${width - 3} at a window of ${width}`);
  return { ...text, window: width, overlap, max_tokens: Math.max(1, Math.floor(maxTokens / width)) * width };
}

function tokenizerOf({ run, checkpoint }: Start): TextTokenizer {
  const dir = (run?.dir ?? checkpoint)!;
  return createTokenizer(readTokenizerSource(dir).json, dir);
}

function poolerOf(start: Start): Embedder['pooler'] {
  const source = storedIn(start)!;
  const names = ['weight', 'bias'].map((part) => `bert.pooler.dense.${part}`);
  if (!names.every((name) => source.describe(name))) return undefined;
  const [weight, bias] = names.map((name) => source.read(name).data as Float32Array);
  return { weight: weight!, bias: bias! };
}

interface EncodeOptions {
  text: ModelConfig['text'];
  tokenizer: TextTokenizer;
  prefix: FrozenPrefix;
}

/** A chunk of one of the texts; `at`: offset of its first token in the text's result. */
interface TextChunk {
  text: number;
  at: number;
  ids: Int32Array;
}

/** Chunks of like length together, whatever text they are of. */
async function encodeTexts(tokens: readonly Int32Array[], { text, tokenizer, prefix }: EncodeOptions): Promise<EncodedTokens[]> {
  const chunks = tokens.flatMap((ids, i) => chunksOfText(ids, i, text, tokenizer));
  const lengths = tokens.map((_, i) => chunks.filter((chunk) => chunk.text === i).reduce((sum, { ids }) => sum + ids.length, 0));
  const results = lengths.map((length): EncodedTokens => ({ ids: new Int32Array(length), hidden: new Float32Array(length * text.width) }));
  const widthOf = ({ ids }: TextChunk): number => Math.min(text.window, Math.ceil(ids.length / STEP) * STEP);
  for (const width of new Set(chunks.map(widthOf))) {
    const alike = chunks.filter((chunk) => widthOf(chunk) === width);
    const { hidden } = await prefix.encode(paddedChunks(alike, width, tokenizer.special.pad));
    alike.forEach(({ text: i, at, ids }, row) => {
      results[i]!.ids.set(ids, at);
      results[i]!.hidden.set(hidden!.subarray(row * width * text.width, (row * width + ids.length) * text.width), at * text.width);
    });
  }
  return results;
}

function chunksOfText(tokens: Int32Array, text: number, { window, overlap, max_tokens }: ModelConfig['text'], { special: { cls, sep } }: TextTokenizer): TextChunk[] {
  let at = 0;
  return chunksOf(tokens.length, { window, overlap, maxTokens: max_tokens }).map(({ start, end }) => {
    const ids = Int32Array.of(cls, ...tokens.subarray(start, end), sep);
    const chunk = { text, at, ids };
    at += ids.length;
    return chunk;
  });
}

function paddedChunks(chunks: readonly TextChunk[], width: number, pad: number): ChunkedRows {
  const ids = new Int32Array(chunks.length * width).fill(pad);
  const mask = new Uint8Array(ids.length);
  chunks.forEach((chunk, row) => {
    ids.set(chunk.ids, row * width);
    mask.fill(1, row * width, row * width + chunk.ids.length);
  });
  return { chunks: 1, width, ids, mask, present: new Uint8Array(chunks.length).fill(1) };
}
