/** `medweave bench encode`: how fast the frozen text layers turn notes into vectors, and what int8 gains and loses. */
import type { Logger } from '../core/log.js';
import { createRng } from '../core/rng.js';
import type { TextConfig } from '../encoders/config.js';
import { initBert } from '../encoders/text/bert.js';
import type { ChunkedRows } from '../encoders/visit-batch.js';
import { openDevice } from '../engine/index.js';
import { createFrozenPrefix, type FrozenPrefix } from '../training/frozen-prefix.js';
import { splitFrozen } from '../training/stage-parameters.js';
import { measureAgainstProducts, type AgainstProducts, type Measurement, type Speed } from './against-products.js';
import type { Timed } from './bare-products.js';
import { layerProducts } from './bert-products.js';
import { differenceOf, type Difference } from './difference.js';

export interface EncodeOptions extends Measurement {
  /** `layers` of it are frozen: all. */
  text: TextConfig;
  vocabulary: number;
  batch: number;
  /** int8: measure dynamically quantized products too, and how far their vectors are from float32's. */
  precision: 'float32' | 'int8';
  /** Name of the device. */
  device: string;
  seed: number;
  log: Logger;
}

export interface EncodeBench extends Speed, Omit<AgainstProducts<string>, 'speeds'> {
  what: 'encode';
  shape: Record<string, number>;
  tokens_per_second: number;
  int8?: Speed & { error: Difference };
}

/** Notes that fill their only chunk. */
export async function benchEncode({ text, vocabulary, batch, precision, device: name, seed, log, repeats, signal }: EncodeOptions): Promise<EncodeBench> {
  const device = await openDevice(name, log);
  const tokens = text.max_tokens;
  const { frozen } = splitFrozen({ bert: initBert(createRng(seed, 'bench'), text, vocabulary) }, text.layers);
  const notes = fullNotes(batch, tokens, vocabulary, seed);
  const open = (quantize?: 'int8') => createFrozenPrefix({ device, config: text, frozen: frozen!, quantize });
  const timed = (prefix: FrozenPrefix): Promise<Timed> => Promise.resolve({ run: async () => void (await prefix.encode(notes)), dispose: () => prefix.dispose() });
  const programs = { float32: () => timed(open()), ...(precision === 'int8' ? { int8: () => timed(open('int8')) } : {}) };
  const work = { device, products: layerProducts({ ...text, batch, tokens }, 'inference'), visits: batch, repeats, signal };
  const { speeds, ...measured } = await measureAgainstProducts<string>(programs, work);
  const { width, layers, heads, feed_forward } = text;
  const float32 = speeds['float32']!;
  return {
    what: 'encode',
    shape: { batch, tokens, width, layers, heads, feed_forward, vocabulary },
    ...float32,
    tokens_per_second: tokens * float32.visits_per_second,
    ...measured,
    ...(speeds['int8'] ? { int8: { ...speeds['int8'], error: differenceOf(await vectors(open('int8'), notes), await vectors(open(), notes), width) } } : {}),
  };
}

async function vectors(prefix: FrozenPrefix, notes: ChunkedRows): Promise<Float32Array> {
  const { hidden } = await prefix.encode(notes);
  prefix.dispose();
  return hidden!;
}

function fullNotes(batch: number, tokens: number, vocabulary: number, seed: number): ChunkedRows {
  const rng = createRng(seed, 'bench notes');
  return {
    chunks: 1,
    width: tokens,
    ids: Int32Array.from({ length: batch * tokens }, () => rng.integer(vocabulary)),
    mask: new Uint8Array(batch * tokens).fill(1),
    present: new Uint8Array(batch).fill(1),
  };
}
