/**
 * per-ICD attention (the seed paper): each label attends to the tokens, α_c = softmax(H u_c), and what the labels read, α_c H, is put together by
 * its maximum *over the labels*: one document vector d, which a linear layer scores every label by, W d + b.
 */
import { labelAttention } from '../../src/nn/label-attention.js';
import { linear, tf, type Tensor } from '../../src/engine/index.js';
import type { LabelVectors } from './label-vectors.js';
import { attentionBias, defineReader } from './reader.js';

type PerIcd<Leaf = Tensor> = { query: LabelVectors<Leaf>; weight: LabelVectors<Leaf> };

export const perIcd = defineReader<PerIcd>({
  attends: true,
  init: ({ spec, vectors }) => ({ query: vectors('query', spec.config.text.width), weight: vectors('weight', spec.config.text.width) }),
  read(p, labels, { tokens_BND, mask_BN }) {
    const attend = (queries_LP: Tensor) => labelAttention({ keys_BNP: tokens_BND, values_BND: tokens_BND, queries_LP, bias_B1N: attentionBias(mask_BN) });
    const document_BD = tf.max(attend(labels.learnt(p.query)).context_BLD, 1);
    return { scores_BL: linear(document_BD, labels.wanted(p.weight)), weights_BLN: attend(labels.wanted(p.query)).weights_BLN };
  },
});
