/** A two-layer perceptron with GELU between. */
import type { Rng } from '../core/rng.js';
import { gelu, type Tensor } from '../engine/index.js';
import { applyLinear, initLinear, type Linear } from './linear.js';
import type { ParameterInit } from './parameters.js';

export type Mlp<Leaf = Tensor> = { hidden: Linear<Leaf>; output: Linear<Leaf> };

export const initMlp = (rng: Rng, { inputs, hidden, outputs }: { inputs: number; hidden: number; outputs: number }): Mlp<ParameterInit> => ({
  hidden: initLinear(rng.split('hidden'), { inputs, outputs: hidden, init: 'glorot' }),
  output: initLinear(rng.split('output'), { inputs: hidden, outputs, init: 'glorot' }),
});

/** x [..., in] → [..., out] */
export const applyMlp = (p: Mlp, x: Tensor): Tensor => applyLinear(p.output, gelu(applyLinear(p.hidden, x)));
