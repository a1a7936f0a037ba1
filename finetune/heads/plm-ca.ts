/**
 * PLM-CA (Edin et al. 2024): labels attend to the tokens as queries of a cross-attention, softmax(Q K) V with linear keys (without bias) and values, unscaled;
 * a layer norm, then one linear output that all labels share, so that only its query tells a label from the others.
 */
import { linear, tf, type Tensor } from '../../src/engine/index.js';
import { labelAttention } from '../../src/nn/label-attention.js';
import { applyLayerNorm, initLayerNorm, type LayerNorm } from '../../src/nn/layer-norm.js';
import { applyLinear, type Linear } from '../../src/nn/linear.js';
import { constantInit, normalInit } from '../../src/nn/parameters.js';
import type { LabelVectors } from './label-vectors.js';
import { attentionBias, defineReader } from './reader.js';

type PlmCa<Leaf = Tensor> = { key: Leaf; value: Linear<Leaf>; query: LabelVectors<Leaf>; norm: LayerNorm<Leaf>; output: Leaf };

/** PyTorch's default. */
const EPSILON = 1e-5;

export const plmCa = defineReader<PlmCa>({
  attends: true,
  sharesBias: true,
  init({ rng, spec, vectors }) {
    const { width } = spec.config.text;
    const drawn = (name: string, outputs: number) => normalInit(rng.split(name), [outputs, width], { std: 0.03 });
    return {
      key: drawn('key', width),
      value: { weight: drawn('value', width), bias: constantInit([width], 0) },
      query: vectors('query', width),
      norm: initLayerNorm(width),
      output: drawn('output', 1),
    };
  },
  read(p, labels, { tokens_BND, mask_BN }) {
    const { weights_BLN, context_BLD } = labelAttention({
      keys_BNP: linear(tokens_BND, p.key),
      values_BND: applyLinear(p.value, tokens_BND),
      queries_LP: labels.wanted(p.query),
      bias_B1N: attentionBias(mask_BN),
    });
    const [batch, count] = context_BLD.shape as [number, number];
    return { scores_BL: tf.reshape(linear(applyLayerNorm(p.norm, context_BLD, EPSILON), p.output), [batch, count]), weights_BLN };
  },
});
