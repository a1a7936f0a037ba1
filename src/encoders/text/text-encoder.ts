/** The parameters of a text encoder of any kind: word embeddings, layers, a pooler, at the places where Hugging Face has BERT's. */
import type { Rng } from '../../core/rng.js';
import type { Tensor } from '../../engine/index.js';
import type { ParameterInit } from '../../nn/parameters.js';
import type { TextConfig } from '../config.js';
import { initBert, type Bert, type BertEmbeddings, type BertLayer } from './bert.js';
import { initConvolutionLayer, type ConvolutionLayer } from './convolution.js';
import { initRecurrentLayer, type RecurrentLayer } from './recurrence.js';

export type TextLayer<Leaf = Tensor> = BertLayer<Leaf> | ConvolutionLayer<Leaf> | RecurrentLayer<Leaf>;

/** Only attention needs to be told where a token stands. */
export type TextEmbeddings<Leaf = Tensor> = Pick<BertEmbeddings<Leaf>, 'word_embeddings' | 'LayerNorm'> & Partial<BertEmbeddings<Leaf>>;

/** What is absent from a model is computed elsewhere (the frozen prefix), or not at all (no layers). */
export type TextEncoder<Leaf = Tensor> = {
  embeddings?: TextEmbeddings<Leaf>;
  /** Number of the layer, from 0 → layer. */
  encoder?: { layer: Record<string, TextLayer<Leaf>> };
  pooler: Bert<Leaf>['pooler'];
};

/** What hidden states are computed from. */
export type TextLayers<Leaf = Tensor> = Pick<TextEncoder<Leaf>, 'embeddings' | 'encoder'>;

/** A convolutional or recurrent encoder has the embeddings and the pooler of the Transformer of the same seed, and other layers. */
export function initTextEncoder(rng: Rng, config: TextConfig, vocabularySize: number): TextEncoder<ParameterInit> {
  const { embeddings, ...bert } = initBert(rng, config, vocabularySize);
  if (config.encoder === 'transformer') return { embeddings, ...bert };
  const initLayer = { cnn: initConvolutionLayer, rnn: initRecurrentLayer }[config.encoder];
  const { word_embeddings, LayerNorm } = embeddings;
  return {
    ...bert,
    embeddings: { word_embeddings, LayerNorm },
    encoder: { layer: Object.fromEntries(Array.from({ length: config.layers }, (_, i) => [i, initLayer(rng.split('layer', i), config)])) },
  };
}
