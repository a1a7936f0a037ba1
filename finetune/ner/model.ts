/** The tagger: the text encoder, and a head on the vector of each word's first piece. */
import { createRng } from '../../src/core/rng.js';
import type { TextConfig } from '../../src/encoders/config.js';
import { hiddenStates } from '../../src/encoders/text/encode.js';
import { initTextEncoder, type TextEncoder, type TextLayers } from '../../src/encoders/text/text-encoder.js';
import { crossEntropy, gatherRows, tf, type Noise, type Tensor, type Tensors } from '../../src/engine/index.js';
import { noDropout, trainingDropout, type Dropout } from '../../src/nn/dropout.js';
import { applyLinear, initLinear, type Linear } from '../../src/nn/linear.js';
import { constantInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { TagHeadConfig } from './config.js';
import { crfLoss } from './crf.js';
import { applyBiLstm, initBiLstm, type BiLstm } from './lstm.js';

export type TagHead<Leaf = Tensor> = {
  lstm?: BiLstm<Leaf>;
  output: Linear<Leaf>;
  /** Of the CRF [K, K]. */
  transitions?: Leaf;
};

/** The encoder is absent where all of it is frozen: its output is then the input. */
export type Tagger<Leaf = Tensor> = { bert?: TextEncoder<Leaf>; head: TagHead<Leaf> };

export const TRANSITIONS = 'head.transitions';

export interface TaggerModel {
  inits: Tagger<ParameterInit>;
  /** Nats a word. @param inputs of `sequenceBatch` */
  loss: (p: Tagger, inputs: Tensors, noise: Noise) => { loss: Tensor };
  /** `emissions` [N, S, K] */
  predict: (p: Tagger, inputs: Tensors) => Tensors;
}

export interface TaggerOptions {
  config: TextConfig;
  head: TagHeadConfig;
  /** Rows of the word table. */
  tokens: number;
  /** K. */
  tags: number;
  seed: number;
}

export function taggerModel({ config, head, tokens, tags, seed }: TaggerOptions): TaggerModel {
  const emissionsOf = (p: Tagger, inputs: Tensors, dropout: { text: Dropout; head: Dropout }): Tensor => {
    const words_NSD = dropout.head(wordVectors(p.bert, inputs, config, dropout.text), 'head.words');
    return applyLinear(p.head.output, p.head.lstm ? dropout.head(applyBiLstm(p.head.lstm, words_NSD, inputs['words.mask']!), 'head.lstm') : words_NSD);
  };
  return {
    inits: {
      bert: initTextEncoder(createRng(seed, 'model').split('bert'), config, config.vocabulary_size ?? tokens),
      head: initTagHead(seed, { head, width: config.width, tags }),
    },
    loss: (p, inputs, noise) => {
      const emissions_NSK = emissionsOf(p, inputs, { text: trainingDropout(noise, config.dropout), head: trainingDropout(noise, head.dropout) });
      const [tags_NS, mask_NS] = [inputs['words.tags']!, inputs['words.mask']!];
      const transitions_KK = p.head.transitions;
      const sum = transitions_KK ? tf.sum(crfLoss({ emissions_NSK, transitions_KK, tags_NS, mask_NS })) : softmaxLoss(emissions_NSK, tags_NS, mask_NS);
      return { loss: tf.div(sum, tf.sum(mask_NS)) };
    },
    predict: (p, inputs) => ({ emissions: emissionsOf(p, inputs, { text: noDropout, head: noDropout }) }),
  };
}

function initTagHead(seed: number, { head, width, tags }: { head: TagHeadConfig; width: number; tags: number }): TagHead<ParameterInit> {
  const rng = createRng(seed, 'head');
  const lstm = head.lstm === null ? {} : { lstm: initBiLstm(rng.split('lstm'), { inputs: width, width: head.lstm }) };
  return {
    ...lstm,
    output: initLinear(rng.split('output'), { inputs: head.lstm === null ? width : 2 * head.lstm, outputs: tags, init: 'glorot' }),
    ...(head.decoder === 'crf' ? { transitions: constantInit([tags, tags], 0) } : {}),
  };
}

/** The vector of each word's first piece [N, S, D]. */
function wordVectors(bert: TextLayers | undefined, inputs: Tensors, config: TextConfig, dropout: Dropout): Tensor {
  const text = { ids: inputs['text.ids'], hidden: inputs['text.hidden'], mask: inputs['text.mask']! };
  const tokens_NWD = hiddenStates(bert ?? {}, text, config, dropout).at(-1)!;
  return gatherRows(tf.reshape(tokens_NWD, [-1, config.width]), inputs['words.first']!);
}

function softmaxLoss(emissions_NSK: Tensor, tags_NS: Tensor, mask_NS: Tensor): Tensor {
  const K = emissions_NSK.shape[2]!;
  return tf.sum(tf.mul(crossEntropy(tf.reshape(emissions_NSK, [-1, K]), tf.reshape(tags_NS, [-1])), tf.reshape(mask_NS, [-1])));
}
