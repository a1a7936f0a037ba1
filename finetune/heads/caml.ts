/**
 * CAML (Mullenbach et al. 2018): α_c = softmax(H u_c), and each label scores what it read with weights of its own, β_c · (α_c H) + b_c. The
 * paper's convolution is the text encoder `cnn`; this is what stands on it.
 */
import type { Tensor } from '../../src/engine/index.js';
import { labelAttention } from '../../src/nn/label-attention.js';
import type { LabelVectors } from './label-vectors.js';
import { attentionBias, defineReader, scoreContexts } from './reader.js';

type Caml<Leaf = Tensor> = { query: LabelVectors<Leaf>; weight: LabelVectors<Leaf> };

export const caml = defineReader<Caml>({
  attends: true,
  init: ({ spec, vectors }) => ({ query: vectors('query', spec.config.text.width), weight: vectors('weight', spec.config.text.width) }),
  read(p, labels, { tokens_BND, mask_BN }) {
    const { weights_BLN, context_BLD } = labelAttention({ keys_BNP: tokens_BND, values_BND: tokens_BND, queries_LP: labels.wanted(p.query), bias_B1N: attentionBias(mask_BN) });
    return { scores_BL: scoreContexts(context_BLD, labels.wanted(p.weight)), weights_BLN };
  },
});
