/** `medweave bench encode`: how fast the frozen text layers turn notes into vectors. */
import type { Logger } from '../core/log.js';
import { createRng } from '../core/rng.js';
import type { TextConfig } from '../encoders/config.js';
import { initBert } from '../encoders/text/bert.js';
import type { ChunkedRows } from '../encoders/visit-batch.js';
import { openDevice } from '../engine/index.js';
import { createFrozenPrefix } from '../training/frozen-prefix.js';
import { splitFrozen } from '../training/stage-parameters.js';
import { measureAgainstProducts, type AgainstProducts, type Measurement, type Speed } from './against-products.js';
import { layerProducts } from './bert-products.js';

export interface EncodeOptions extends Measurement {
  /** `layers` of it are frozen: all. */
  text: TextConfig;
  vocabulary: number;
  batch: number;
  /** Name of the device. */
  device: string;
  seed: number;
  log: Logger;
}

export interface EncodeBench extends Speed, Omit<AgainstProducts<string>, 'speeds'> {
  what: 'encode';
  shape: Record<string, number>;
  tokens_per_second: number;
}

/** Notes that fill their only chunk. */
export async function benchEncode({ text, vocabulary, batch, device: name, seed, log, repeats, signal }: EncodeOptions): Promise<EncodeBench> {
  const device = await openDevice(name, log);
  const tokens = text.max_tokens;
  const { frozen } = splitFrozen({ bert: initBert(createRng(seed, 'bench'), text, vocabulary) }, text.layers);
  const notes = fullNotes(batch, tokens, vocabulary, seed);
  const program = () => {
    const prefix = createFrozenPrefix({ device, config: text, frozen: frozen! });
    return Promise.resolve({ run: async () => void (await prefix.encode(notes)), dispose: () => prefix.dispose() });
  };
  const products = layerProducts({ ...text, batch, tokens }, 'inference');
  const { speeds, ...measured } = await measureAgainstProducts({ float32: program }, { device, products, visits: batch, repeats, signal });
  const { width, layers, heads, feed_forward } = text;
  const shape = { batch, tokens, width, layers, heads, feed_forward, vocabulary };
  return { what: 'encode', shape, ...speeds.float32, tokens_per_second: tokens * speeds.float32.visits_per_second, ...measured };
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
