/** y = x Wᵀ + b, with W [out, in] as in PyTorch. */
import type { Rng } from '../core/rng.js';
import { linear, type Tensor } from '../engine/index.js';
import { constantInit, glorotInit, normalInit, type ParameterInit } from './parameters.js';

export type Linear<Leaf = Tensor> = { weight: Leaf; bias: Leaf };

export interface LinearConfig {
  inputs: number;
  outputs: number;
  /** `normal`: N(0, 0.02²), as BERT; `glorot`: for shallow heads trained from scratch. */
  init?: 'normal' | 'glorot';
}

export function initLinear(rng: Rng, { inputs, outputs, init = 'normal' }: LinearConfig): Linear<ParameterInit> {
  const draw = rng.split('weight');
  return {
    weight: init === 'glorot' ? glorotInit(draw, [outputs, inputs]) : normalInit(draw, [outputs, inputs]),
    bias: constantInit([outputs], 0),
  };
}

/** x [..., in] → [..., out] */
export const applyLinear = (p: Linear, x: Tensor): Tensor => linear(x, p.weight, p.bias);
