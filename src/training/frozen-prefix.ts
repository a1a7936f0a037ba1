/**
 * The frozen first layers of the text encoder as an inference program. What they make of a chunk of a note never changes, so it is
 * computed once and kept in the prefix cache; a training step reads it instead of computing it.
 */
import { unflattenTree } from '../core/tree.js';
import type { TextConfig } from '../encoders/config.js';
import { hiddenStates } from '../encoders/text/encode.js';
import type { TextLayers } from '../encoders/text/text-encoder.js';
import type { ChunkedRows } from '../encoders/visit-batch.js';
import type { Call, Device, Program } from '../engine/index.js';
import { noDropout } from '../nn/dropout.js';
import { chunkId, type PrefixCache } from '../prefix-cache/index.js';
import type { FlatParameters } from './checkpoint.js';
import { bakedWeights } from './forward.js';

export interface FrozenPrefix {
  /** Adds `hidden` to the text of a batch; 0 on padding. */
  encode(text: ChunkedRows): Promise<ChunkedRows>;
  dispose(): void;
}

export interface FrozenPrefixOptions {
  device: Device;
  config: TextConfig;
  frozen: FlatParameters;
  cache?: PrefixCache;
  quantize?: 'int8';
}

/** Tokens in one run of the program: few enough that activations stay in the processor's caches. */
const TOKENS_A_RUN = 1024;

interface PrefixProgram {
  program: Program;
  call: Call;
  chunks: number;
}

/** One chunk of a batch: where it lies, and how many of its tokens are there. */
interface PlacedChunk {
  /** Offset of its first token in the batch. */
  at: number;
  tokens: number;
}

export function createFrozenPrefix({ device, config, frozen, cache, quantize }: FrozenPrefixOptions): FrozenPrefix {
  const depth = config.width;
  const programs = new Map<number, Promise<PrefixProgram>>();
  const programFor = (width: number): Promise<PrefixProgram> => {
    if (!programs.has(width)) programs.set(width, compilePrefix(device, { config, frozen, quantize, width }));
    return programs.get(width)!;
  };
  // Programs write into buffers of their own: one run at a time.
  let turn: Promise<unknown> = Promise.resolve();

  /** What was just computed is read back, so that training sees the same (rounded) values now and when it finds them in the cache. */
  const keep = (tokens: Int32Array, values: Float32Array, target: Float32Array): void => {
    const id = chunkId(tokens);
    if (!cache?.write(id, values) || !cache.read(id, target)) target.set(values);
  };

  async function compute({ ids, mask, width }: ChunkedRows, missing: readonly PlacedChunk[], hidden: Float32Array): Promise<void> {
    const { call, chunks } = await programFor(width);
    for (let first = 0; first < missing.length; first += chunks) {
      const group = missing.slice(first, first + chunks);
      group.forEach(({ at }, i) => {
        (call.inputs['ids'] as Int32Array).set(ids.subarray(at, at + width), i * width);
        // Embeddings alone do not look at the mask.
        (call.inputs['mask'] as Uint8Array | undefined)?.set(mask.subarray(at, at + width), i * width);
      });
      await call.run();
      const output = call.outputs['hidden'] as Float32Array;
      group.forEach(({ at, tokens }, i) => keep(ids.subarray(at, at + tokens), output.subarray(i * width * depth, (i * width + tokens) * depth), hidden.subarray(at * depth, (at + tokens) * depth)));
    }
  }

  return {
    async encode(text) {
      const hidden = new Float32Array(text.mask.length * depth);
      const missing = chunksIn(text).filter(({ at, tokens }) => !cache?.read(chunkId(text.ids.subarray(at, at + tokens)), hidden.subarray(at * depth, (at + tokens) * depth)));
      if (missing.length) await (turn = turn.then(() => compute(text, missing, hidden)));
      return { ...text, hidden };
    },
    dispose() {
      for (const entry of programs.values()) void entry.then(({ program }) => program.dispose(), () => undefined);
      programs.clear();
    },
  };
}

/** Chunks of a batch that hold something; tokens come before padding. */
function chunksIn({ mask, width }: ChunkedRows): PlacedChunk[] {
  const chunks: PlacedChunk[] = [];
  for (let at = 0; at < mask.length; at += width) {
    const padding = mask.subarray(at, at + width).indexOf(0);
    const tokens = padding < 0 ? width : padding;
    if (tokens > 0) chunks.push({ at, tokens });
  }
  return chunks;
}

/**
 * Only the program for whole windows, where nearly all chunks of long notes go, has its weights baked in and packed ahead of time: that takes as
 * much memory again as the weights. The others read the weights where they lie.
 */
async function compilePrefix(device: Device, { config, frozen, quantize, width }: Pick<FrozenPrefixOptions, 'config' | 'frozen' | 'quantize'> & { width: number }): Promise<PrefixProgram> {
  const chunks = Math.max(1, Math.floor(TOKENS_A_RUN / width));
  const baked = quantize !== undefined || width === config.window;
  const { specs } = frozen.layout;
  const program = await device.compile(
    (inputs) => {
      const { bert } = unflattenTree(specs.map(({ name }) => [name, inputs[name]!] as const)) as { bert: TextLayers };
      return { hidden: hiddenStates(bert, { ids: inputs['ids'], mask: inputs['mask']! }, config, noDropout).at(-1)! };
    },
    [{ name: 'ids', shape: [chunks, 1, width], dtype: 'int32' }, { name: 'mask', shape: [chunks, 1, width], dtype: 'bool' }, ...(baked ? [] : specs)],
    { name: 'frozen layers', ...(baked ? { weights: bakedWeights([frozen]), quantize } : {}) },
  );
  return { program, call: program.bind(baked ? {} : frozen.layout.view(frozen.values)), chunks };
}
