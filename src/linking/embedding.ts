/** Sentence embeddings of titles and descriptions; those of titles are kept on disk, since there are many and they seldom change. */
import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson, fingerprint, sha256 } from '../core/artifact.js';
import type { Logger } from '../core/log.js';
import { createProgress } from '../core/progress.js';
import { openSafetensors, writeSafetensors } from '../core/safetensors.js';
import type { Embedder } from '../embed/embedder.js';
import { pool, type Pooling } from '../embed/pool.js';
import { locateCheckpoint } from '../huggingface/locate.js';

export interface SentenceEncoder {
  embedder: Embedder;
  /** SapBERT's vectors are `cls`. */
  pooling: Pooling;
  /** What tells one encoder from another; see {@link encoderIdentity}. */
  identity: string;
  /** Folder of the vectors of titles. */
  cacheDir: string;
}

export interface EmbeddingOptions {
  log: Logger;
  /** Aborted: no further texts are encoded. */
  signal?: AbortSignal;
}

/** Texts that are encoded together. */
const TOGETHER = 128;

/** By the names, sizes and times of a checkpoint's files, or by a run's manifest. @param encoder folder, name on the hub, or run directory */
export async function encoderIdentity(encoder: string, log: Logger): Promise<string> {
  const isRun = fs.existsSync(path.join(encoder, 'manifest.json'));
  return fingerprint(isRun ? encoder : await locateCheckpoint(encoder, { log }));
}

/** [titles, width]; equal titles are encoded once. Read from the cache where it has them. */
export async function titleVectors(titles: readonly string[], encoder: SentenceEncoder, options: EmbeddingOptions): Promise<Float32Array> {
  const { identity, pooling, embedder, cacheDir } = encoder;
  const file = path.join(cacheDir, `${sha256(canonicalJson({ identity, pooling, titles }))}.safetensors`);
  if (fs.existsSync(file)) {
    options.log.debug({ file }, 'vectors of titles found in the cache');
    return openSafetensors(file).read('vectors').data as Float32Array;
  }
  const vectors = await vectorsOf(titles, encoder, options);
  fs.mkdirSync(cacheDir, { recursive: true });
  const temporary = `${file}.tmp-${process.pid}`;
  writeSafetensors(temporary, { vectors: { shape: [titles.length, embedder.width], data: vectors } });
  fs.renameSync(temporary, file);
  return vectors;
}

/** [texts, width], the short texts encoded with the short. */
export async function vectorsOf(texts: readonly string[], { embedder, pooling }: SentenceEncoder, { log, signal }: EmbeddingOptions): Promise<Float32Array> {
  const { width } = embedder;
  const distinct = [...new Set(texts)].sort((a, b) => a.length - b.length);
  const byText = new Map<string, Float32Array>();
  const progress = createProgress({ label: 'embedding', total: distinct.length, unit: 'texts', log });
  for (let first = 0; first < distinct.length; first += TOGETHER) {
    signal?.throwIfAborted();
    const group = distinct.slice(first, first + TOGETHER);
    const encoded = await embedder.encode(group);
    group.forEach((text, i) => byText.set(text, pool(encoded[i]!, pooling, embedder)));
    progress.update(first + group.length);
  }
  progress.finish();
  const vectors = new Float32Array(texts.length * width);
  texts.forEach((text, row) => vectors.set(byText.get(text)!, row * width));
  return vectors;
}
