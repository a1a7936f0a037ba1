/**
 * LAAT (Vu et al. 2020): A = softmax(U tanh(W H)) over the tokens, and each label scores what it read with weights of its own. PLM-ICD (Huang et
 * al. 2022) is the same over the tokens of all chunks of a pre-trained Transformer, with W as wide as the Transformer.
 */
import { linear, tf, type Tensor } from '../../src/engine/index.js';
import { labelAttention } from '../../src/nn/label-attention.js';
import { normalInit } from '../../src/nn/parameters.js';
import type { LabelVectors } from './label-vectors.js';
import { attentionBias, defineReader, scoreContexts } from './reader.js';
import type { TokenReader, TokenReaderInit } from './text-head.js';

/** `key`: the paper's W, `query`: its U. */
type Laat<Leaf = Tensor> = { key: Leaf; query: LabelVectors<Leaf>; weight: LabelVectors<Leaf> };

const withWidth = (keyWidth: (options: TokenReaderInit) => number): TokenReader =>
  defineReader<Laat>({
    attends: true,
    init(options) {
      const { rng, spec, vectors } = options;
      const { width } = spec.config.text;
      return { key: normalInit(rng.split('key'), [keyWidth(options), width], { std: 0.03 }), query: vectors('query', keyWidth(options)), weight: vectors('weight', width) };
    },
    read(p, labels, { tokens_BND, mask_BN }) {
      const { weights_BLN, context_BLD } = labelAttention({
        keys_BNP: tf.tanh(linear(tokens_BND, p.key)),
        values_BND: tokens_BND,
        queries_LP: labels.wanted(p.query),
        bias_B1N: attentionBias(mask_BN),
      });
      return { scores_BL: scoreContexts(context_BLD, labels.wanted(p.weight)), weights_BLN };
    },
  });

export const laat = withWidth(({ config, spec }) => config.attention_width ?? spec.config.reader.width);

export const plmIcd = withWidth(({ spec }) => spec.config.text.width);
