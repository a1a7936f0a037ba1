/** The frozen prefix with its cache, opened for a data set. */
import type { Logger } from '../core/log.js';
import { CHUNK_SPECIALS, chunksOf, vocabularyHash, type Dataset } from '../dataset/index.js';
import type { ModelConfig } from '../encoders/config.js';
import type { Device } from '../engine/index.js';
import { cacheBytes, cacheDirectory, checkSpace, openPrefixCache, tensorsHash, type CacheConfig, type PrefixCache } from '../prefix-cache/index.js';
import type { FlatParameters } from './checkpoint.js';
import { bakedWeights } from './forward.js';
import { createFrozenPrefix, type FrozenPrefix } from './frozen-prefix.js';

export interface CachedPrefixOptions {
  device: Device;
  dataset: Dataset;
  model: ModelConfig;
  frozen: FlatParameters;
  freeze: number | null;
  cache: CacheConfig;
  quantize?: 'int8';
  log: Logger;
}

export function openCachedPrefix(options: CachedPrefixOptions): FrozenPrefix {
  const { device, model, frozen, quantize } = options;
  const cache = options.cache.enabled ? openCache(options) : undefined;
  const prefix = createFrozenPrefix({ device, config: model.text, frozen, cache, quantize });
  return {
    encode: (text) => prefix.encode(text),
    dispose() {
      prefix.dispose();
      cache?.close();
    },
  };
}

/** What decides the output of the frozen layers is the key; where they came from is for people. */
function openCache({ cache: { directory, precision }, model: { text }, dataset, frozen, freeze, quantize, log }: CachedPrefixOptions): PrefixCache {
  const { heads, activation, norm_epsilon, position_offset } = text;
  const weights = tensorsHash(bakedWeights([frozen]));
  const key = { weights, freeze, heads, activation, norm_epsilon, position_offset, tokenizer: vocabularyHash(dataset.tokenizer), ...(quantize ? { quantize } : {}) };
  const opened = openPrefixCache({ directory: cacheDirectory(directory), key, width: text.width, precision, log, label: text.checkpoint });
  const { entries, bytes } = opened.counts();
  const whole = bytesOf(dataset, text, precision);
  log.info(`frozen layers: ${entries} chunks in the cache ${opened.folder}; the notes need ${(whole / 2 ** 30).toFixed(2)} GiB in all`);
  checkSpace({ directory: opened.folder, bytesNeeded: whole - bytes });
  return opened;
}

/** What the notes of a data set need in the cache. */
function bytesOf({ tokens: notes }: Dataset, { window, overlap, max_tokens, width }: ModelConfig['text'], precision: CacheConfig['precision']): number {
  let [chunks, tokens] = [0, 0];
  for (let row = 0; row < notes.size; row++) {
    for (const { start, end } of chunksOf(notes.lengthOf(row), { window, overlap, maxTokens: max_tokens })) {
      chunks++;
      tokens += end - start + CHUNK_SPECIALS;
    }
  }
  return cacheBytes({ chunks, tokens, width, precision });
}
