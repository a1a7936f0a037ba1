/** Layer normalisation over the last axis (Ba et al. 2016). */
import { layerNorm, type Tensor } from '../engine/index.js';
import { constantInit, type ParameterInit } from './parameters.js';

export type LayerNorm<Leaf = Tensor> = { weight: Leaf; bias: Leaf };

export const initLayerNorm = (width: number): LayerNorm<ParameterInit> => ({
  weight: constantInit([width], 1),
  bias: constantInit([width], 0),
});

export const applyLayerNorm = (p: LayerNorm, x: Tensor, epsilon = 1e-12): Tensor => layerNorm(x, p.weight, p.bias, epsilon);
