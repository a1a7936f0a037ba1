/** One vector for a text from the vectors of its tokens. */
import { configurationError } from '../core/errors.js';
import type { EncodedTokens, Embedder } from './embedder.js';

export const poolings = ['mean', 'cls', 'pooler'] as const;
/** `mean` of all tokens, special ones included (as sentence-transformers); the first `cls`; BERT's `pooler` over it. */
export type Pooling = (typeof poolings)[number];

/** @returns [width] */
export function pool({ hidden }: EncodedTokens, how: Pooling, { width, pooler }: Pick<Embedder, 'width' | 'pooler'>): Float32Array {
  if (how === 'mean') return mean(hidden, width);
  const first = hidden.slice(0, width);
  if (how === 'cls') return first;
  if (!pooler) throw configurationError('--pooling pooler: this encoder has no pooler; use mean or cls');
  return pooler.bias.map((bias, row) => {
    let sum = bias;
    for (let column = 0; column < width; column++) sum += pooler.weight[row * width + column]! * first[column]!;
    return Math.tanh(sum);
  });
}

function mean(hidden: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  hidden.forEach((value, i) => (sums[i % width]! += value));
  return Float32Array.from(sums, (sum) => sum / (hidden.length / width));
}
